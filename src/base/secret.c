/*
 * A secret: what a file in the credentials directory says.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/secret.h"

enum { NAME_LEN_MAX = 255 };

struct secret {
	size_t size;	/* of bytes[] */
	struct slice values[SECRET_VALUES_MAX];
	size_t n;
	struct slice text;
	char bytes[];
};

static struct secret *
secret_alloc(size_t size)
{
	struct secret *s = x_calloc(1, sizeof(*s) + size + 1);

	s->size = size;
	return s;
}

/* Find the values in the bytes; false: there is none, or too many. */
static bool
take_values(struct secret *s)
{
	struct slice rest = slice(s->bytes, s->size), line;

	s->text = slice_trim(rest);
	while (slice_next_line(&rest, &line)) {
		line = slice_trim(line);
		if (line.len == 0)
			continue;
		if (s->n == SECRET_VALUES_MAX)
			return slice_starts(s->text, S("-----BEGIN"));
		s->values[s->n++] = line;
	}
	return s->n > 0;
}

/* What systemd gives us is as it should be, though its group may read it. */
static bool
is_of_systemd(const char *dir)
{
	const char *own = getenv("CREDENTIALS_DIRECTORY");

	return own && !strcmp(own, dir);
}

static int
check_stat(const struct stat *st, const char *dir, struct err *e)
{
	mode_t forbidden = is_of_systemd(dir) ? S_IRWXO : S_IRWXO | S_IRWXG;

	if (!S_ISREG(st->st_mode))
		return err_set(e, ERR_REFUSED, "it is not a regular file");
	if (st->st_uid != 0 && st->st_uid != geteuid()) {
		err_set(e, ERR_REFUSED, "it belongs to somebody else (uid "
			"%ju)", (uintmax_t)st->st_uid);
		return err_hint(e, "Use chown(1): root, or the user that the "
			"program runs as.");
	}
	if (st->st_mode & forbidden) {
		err_set(e, ERR_REFUSED, "others may read it (mode %04o)",
			(unsigned)st->st_mode & 07777);
		return err_hint(e, "Use chmod(1): 0400 or 0600.");
	}
	if ((uintmax_t)st->st_size > SECRET_MAX)
		return err_set(e, ERR_LIMIT, "it has %jd bytes, at most %d",
			(intmax_t)st->st_size, SECRET_MAX);
	return 0;
}

static int
slurp(int fd, struct secret *s, struct err *e)
{
	size_t len = 0;
	ssize_t n;

	while (len < s->size &&
		(n = read(fd, s->bytes + len, s->size - len)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(e, ERR_IO, "cannot read: %m");
		len += (size_t)n;
	}
	if (memchr(s->bytes, '\0', len))
		return err_set(e, ERR_SYNTAX, "it has a NUL byte in it");
	if (len < s->size || !take_values(s))
		return err_set(e, ERR_SYNTAX, "it holds no secret, or more "
			"than %d", SECRET_VALUES_MAX);
	return 0;
}

static int
read_at(const char *dir, int at, const char *name, struct secret **ret,
	struct err *e)
{
	CLEANUP(fd_close) int fd = openat(at, name,
		O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct secret *s;
	struct stat st;

	if (fd < 0 && errno == ELOOP)
		return err_set(e, ERR_REFUSED, "it is a symbolic link");
	if (fd < 0 || fstat(fd, &st) < 0)
		return err_set(e, errno == ENOENT ? ERR_MISSING : ERR_IO,
			"cannot open: %m");
	if (check_stat(&st, dir, e) < 0)
		return -1;
	s = secret_alloc((size_t)st.st_size);
	if (slurp(fd, s, e) < 0) {
		secret_free(s);
		return -1;
	}
	*ret = s;
	return 0;
}

bool
secret_is_name(struct slice name)
{
	return name.len > 0 && name.len <= NAME_LEN_MAX &&
		name.ptr[0] != '.' && slice_find_byte(name, '/') < 0 &&
		slice_find_byte(name, '\0') < 0;
}

int
secret_read(const char *dir, struct slice name, struct secret **ret,
	struct err *e)
{
	CLEANUP(fd_close) int at = open(dir,
		O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char copy[NAME_LEN_MAX + 1];

	if (!secret_is_name(name)) {
		err_set(e, ERR_CONFIG, "\"%.*s\" is no name of a credential",
			(int)MIN(name.len, (size_t)NAME_LEN_MAX), name.ptr);
		return err_hint(e, "Name a file in the credentials directory, "
			"without a path.");
	}
	memcpy(copy, name.ptr, name.len);
	copy[name.len] = '\0';
	if (at < 0)
		return err_set(e, errno == ENOENT ? ERR_MISSING : ERR_IO,
			"cannot open the credentials directory \"%s\": %m",
			dir);
	if (read_at(dir, at, copy, ret, e) < 0)
		return err_in(e, "the credential \"%s/%s\"", dir, copy);
	return 0;
}

struct secret *
secret_of(struct slice bytes)
{
	struct secret *s = secret_alloc(bytes.len);

	memcpy(s->bytes, bytes.ptr, bytes.len);
	CHECK(take_values(s));
	return s;
}

size_t
secret_count(const struct secret *s)
{
	return s->n;
}

struct slice
secret_value(const struct secret *s, size_t i)
{
	CHECK(i < s->n);
	return s->values[i];
}

struct slice
secret_text(const struct secret *s)
{
	return s->text;
}

void
secret_free(struct secret *s)
{
	if (!s)
		return;
	explicit_bzero(s, sizeof(*s) + s->size);
	free(s);
}
