/*
 * Files: opening beneath a directory, reading whole, replacing atomically.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"

void
fd_close(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = saved;
}

int
file_open_beneath(int dir, const char *path, int flags)
{
	/* openat2(2) refuses what means nothing with O_PATH. */
	int more = flags & O_PATH ? O_CLOEXEC :
		O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	struct open_how how = {
		.flags = (uint64_t)(flags | more),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
			RESOLVE_NO_MAGICLINKS,
	};

	return (int)syscall(SYS_openat2, dir, path, &how, sizeof(how));
}

int
fd_slurp(int fd, size_t size, struct arena *a, struct slice *ret,
	struct err *e)
{
	char *p = arena_text(a, size);
	size_t len = 0;
	ssize_t n;

	while (len < size && (n = read(fd, p + len, size - len)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(e, ERR_IO, "cannot read: %m");
		len += (size_t)n;
	}
	p[len] = '\0';
	*ret = slice(p, len);
	return 0;
}

/* fd -1: it could not be opened, and errno says why. */
static int
read_whole(int fd, const char *path, size_t limit, struct arena *a,
	struct slice *ret, struct err *e)
{
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_set(e, errno == ENOENT ? ERR_MISSING : ERR_IO,
			"cannot open \"%s\": %m", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_IO, "\"%s\" is not a regular file",
			path);
	if ((uintmax_t)st.st_size > limit)
		return err_set(e, ERR_LIMIT, "\"%s\" is too big: %jd bytes, "
			"at most %zu", path, (intmax_t)st.st_size, limit);
	if (fd_slurp(fd, (size_t)st.st_size, a, ret, e) < 0)
		return err_in(e, "\"%s\"", path);
	return 0;
}

int
file_read(int dir, const char *path, size_t limit, struct arena *a,
	struct slice *ret, struct err *e)
{
	CLEANUP(fd_close) int fd = openat(dir, path,
		O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	return read_whole(fd, path, limit, a, ret, e);
}

int
file_read_beneath(const char *dir, const char *path, size_t limit,
	struct arena *a, struct slice *ret, struct err *e)
{
	CLEANUP(fd_close) int at = open(dir,
		O_PATH | O_DIRECTORY | O_CLOEXEC);
	CLEANUP(fd_close) int fd = -1;

	if (at >= 0)
		fd = file_open_beneath(at, path, O_RDONLY);
	return read_whole(fd, path, limit, a, ret, e) < 0 ?
		err_in(e, "\"%s\"", dir) : 0;
}

int
fd_write(int fd, struct slice s, struct err *e)
{
	while (s.len > 0) {
		ssize_t n = write(fd, s.ptr, s.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(e, ERR_IO, "cannot write: %m");
		s = slice_from(s, (size_t)n);
	}
	return 0;
}

static int
make_folders(int dir, const char *path, mode_t mode, struct err *e)
{
	char part[PATH_MAX];
	size_t len = strlen(path);

	if (len >= sizeof(part))
		return err_set(e, ERR_LIMIT, "the path is too long: \"%.80s\"",
			path);
	for (size_t i = 1; i <= len; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdirat(dir, part, mode) < 0 && errno != EEXIST)
			return err_set(e, ERR_IO,
				"cannot make the directory \"%s\": %m", part);
	}
	return 0;
}

int
dir_make(int dir, const char *path, struct err *e)
{
	return make_folders(dir, path, 0755, e);
}

int
dir_make_private(int dir, const char *path, struct err *e)
{
	return make_folders(dir, path, 0750, e);
}

/* The folder that path is in, made if it is missing. */
static int
make_parent(int dir, const char *path, mode_t mode, struct err *e)
{
	const char *end = strrchr(path, '/');
	char parent[PATH_MAX];

	if (!end || end == path)
		return 0;
	if ((size_t)(end - path) >= sizeof(parent))
		return err_set(e, ERR_LIMIT, "the path is too long: \"%.80s\"",
			path);
	memcpy(parent, path, (size_t)(end - path));
	parent[end - path] = '\0';
	return make_folders(dir, parent, mode, e);
}

/* ".name.new" beside path: what a dead writer left there is used up. */
static int
temp_name(const char *path, char *ret, size_t size, struct err *e)
{
	const char *base = strrchr(path, '/');
	int len = base ? (int)(base + 1 - path) : 0;
	int n = snprintf(ret, size, "%.*s.%s.new", len, path, path + len);

	if (n < 0 || (size_t)n >= size)
		return err_set(e, ERR_LIMIT, "the path is too long: \"%.80s\"",
			path);
	return 0;
}

/*
 * Make the file, and the folder that it is in if that is missing: whoever may
 * read the file may enter that.
 */
static int
create_temp(int dir, const char *temp, mode_t mode, struct err *e)
{
	int flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(dir, temp, flags, mode);

	if (fd < 0 && errno == ENOENT) {
		if (make_parent(dir, temp, mode | (mode & 0444) >> 2, e) < 0)
			return -1;
		fd = openat(dir, temp, flags, mode);
	}
	return fd >= 0 ? fd : err_set(e, ERR_IO, "cannot create \"%s\": %m",
		temp);
}

static int
write_temp(int dir, const char *temp, struct slice s, int64_t mtime,
	mode_t mode, struct err *e)
{
	CLEANUP(fd_close) int fd = create_temp(dir, temp, mode, e);
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT },
		{ .tv_sec = (time_t)mtime } };

	if (fd < 0)
		return -1;
	if (fd_write(fd, s, e) < 0)
		return err_in(e, "\"%s\"", temp);
	if (mtime >= 0 && futimens(fd, times) < 0)
		return err_set(e, ERR_IO, "cannot date \"%s\": %m", temp);
	return 0;
}

static int
replace(int dir, const char *path, struct slice s, int64_t mtime, mode_t mode,
	struct err *e)
{
	char temp[PATH_MAX];

	if (temp_name(path, temp, sizeof(temp), e) < 0)
		return -1;
	if (write_temp(dir, temp, s, mtime, mode, e) < 0)
		return unlinkat(dir, temp, 0), -1;
	if (renameat(dir, temp, dir, path) < 0) {
		err_set(e, ERR_IO, "cannot rename to \"%s\": %m", path);
		return unlinkat(dir, temp, 0), -1;
	}
	return 0;
}

int
file_replace(int dir, const char *path, struct slice s, int64_t mtime,
	struct err *e)
{
	return replace(dir, path, s, mtime, 0644, e);
}

int
file_replace_private(int dir, const char *path, struct slice s, int64_t mtime,
	struct err *e)
{
	return replace(dir, path, s, mtime, 0640, e);
}
