/*
 * Publishing into a directory tree.
 *
 * 1. Each file is replaced by rename(2): a reader finds old or new, whole.
 * 2. Variants come before the original, with the same mtime: a web server
 *    that prefers X.gz never serves an older one beside a newer X.
 * 3. A variant that the new document has not is removed before that: a variant
 *    beside an original is always of the same document, or of a newer one.
 * 4. Nothing is fsynced: the store knows the hash of what should be here, and
 *    what a power cut takes is rendered again.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "publish/publish.h"

enum { DOCUMENT_MAX = 64 * 1024 * 1024 };

struct publisher {
	int fd;
	int (*replace)(int dir, const char *path, struct slice s,
		int64_t mtime, struct err *e);
};

/* Whatever somebody made the directory for, from here on it is private. */
static int
shut(int fd, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && ((st.st_mode & 027) == 0 ||
		fchmod(fd, st.st_mode & 07750) == 0))
		return 0;
	return err_set(e, ERR_IO, "cannot shut it for others: %m");
}

static int
dir_open(const char *where, bool is_private, struct publisher **ret,
	struct err *e)
{
	CLEANUP(fd_close) int fd = -1;

	if ((is_private ? dir_make_private : dir_make)(AT_FDCWD, where, e) < 0)
		return err_hint(e, "Choose a directory that gazetted may "
			"write to, with %s.", is_private ?
			"private: { dir: ... }" : "publish: [ { dir: ... } ]");
	fd = open(where, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_set(e, ERR_IO, "cannot open \"%s\": %m", where);
	if (is_private && shut(fd, e) < 0)
		return err_in(e, "\"%s\"", where);
	*ret = x_calloc(1, sizeof(**ret));
	(*ret)->fd = fd;
	(*ret)->replace = is_private ? file_replace_private : file_replace;
	fd = -1;
	return 0;
}

/* The file of one coding; false when the path is too long for the system. */
static bool
file_name(struct slice path, int coding, char ret[static PATH_MAX])
{
	int len = snprintf(ret, PATH_MAX, "%.*s%s", ARG(path),
		coding_endings[coding]);

	return len > 0 && len < PATH_MAX;
}

static int
remove_file(struct publisher *p, const char *name, struct err *e)
{
	if (unlinkat(p->fd, name, 0) < 0 && errno != ENOENT)
		return err_set(e, ERR_IO, "cannot remove \"%s\": %m", name);
	return 0;
}

/* Remove the file of each coding for which `kept` has no bytes. */
static int
remove_codings(struct publisher *p, struct slice path,
	const struct slice kept[CODING_COUNT], struct err *e)
{
	char name[PATH_MAX];

	for (int c = CODING_COUNT - 1; c >= 0; c--)
		if (!kept[c].ptr && file_name(path, c, name) &&
			remove_file(p, name, e) < 0)
			return -1;
	return 0;
}

static int
dir_put(struct publisher *p, struct slice path, const struct document *d,
	struct err *e)
{
	char name[PATH_MAX];

	if (remove_codings(p, path, d->body, e) < 0)
		return err_in(e, "publishing");
	for (int c = CODING_COUNT - 1; c >= 0; c--) {
		if (!d->body[c].ptr)
			continue;
		if (!file_name(path, c, name))
			return err_set(e, ERR_LIMIT,
				"the path is too long: \"%.*s\"",
				(int)MIN(path.len, (size_t)80), path.ptr);
		if (p->replace(p->fd, name, d->body[c], d->mtime, e) < 0)
			return err_in(e, "publishing");
	}
	return 0;
}

static int
dir_add(struct publisher *p, struct slice path, const struct document *d,
	enum coding c, struct err *e)
{
	char name[PATH_MAX];

	if (!file_name(path, c, name))
		return err_set(e, ERR_LIMIT, "the path is too long");
	return p->replace(p->fd, name, d->body[c], d->mtime, e);
}

static int
get_coding(struct publisher *p, const char *name, struct arena *a,
	struct document *d, enum coding c, struct err *e)
{
	struct slice bytes;
	char *copy;

	if (file_read(p->fd, name, DOCUMENT_MAX, a, &bytes, e) < 0)
		return -1;
	copy = x_malloc(bytes.len + 1);
	memcpy(copy, bytes.ptr, bytes.len);
	document_set_body(d, c, copy, bytes.len);
	return 0;
}

static int
dir_get(struct publisher *p, struct slice path, struct document *d,
	struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	char name[PATH_MAX];
	struct stat st;

	for (int c = CODING_COUNT - 1; c >= 0; c--) {
		if (!file_name(path, c, name))
			return err_set(e, ERR_LIMIT, "the path is too long");
		if (fstatat(p->fd, name, &st, 0) == 0)
			d->mtime = st.st_mtime;
		if (get_coding(p, name, &a, d, (enum coding)c, e) < 0 &&
			(c == CODING_IDENTITY || e->kind != ERR_MISSING))
			return -1;
		arena_reset(&a);
	}
	return 0;
}

static bool
dir_has(struct publisher *p, struct slice path)
{
	char name[PATH_MAX];

	return file_name(path, CODING_IDENTITY, name) &&
		faccessat(p->fd, name, R_OK, 0) == 0;
}

static int64_t
dir_size(struct publisher *p, struct slice path, enum coding c)
{
	char name[PATH_MAX];
	struct stat st;

	return file_name(path, c, name) && fstatat(p->fd, name, &st,
		AT_SYMLINK_NOFOLLOW) == 0 ? st.st_size : -1;
}

static void
close_folder(DIR **d)
{
	if (*d)
		closedir(*d);
}

static int
dir_list(struct publisher *p, struct slice folder,
	bool (*found)(void *ctx, struct slice name), void *ctx, struct err *e)
{
	char name[PATH_MAX];
	int fd = file_name(folder, CODING_IDENTITY, name) ? openat(p->fd,
		name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	CLEANUP(close_folder) DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *de;

	if (!d)
		return errno == ENOENT ? 0 : err_set(e, ERR_IO,
			"cannot list \"%s\": %m", name);
	while ((de = readdir(d)))
		if (de->d_name[0] != '.' &&
			!found(ctx, slice_str(de->d_name)))
			break;
	return 0;
}

static int
dir_remove(struct publisher *p, struct slice path, struct err *e)
{
	const struct slice none[CODING_COUNT] = { 0 };

	return remove_codings(p, path, none, e);
}

static void
dir_close(struct publisher *p)
{
	if (!p)
		return;
	close(p->fd);
	free(p);
}

const struct publisher_ops publisher_dir = {
	.name = "dir",
	.open = dir_open,
	.put = dir_put,
	.add = dir_add,
	.get = dir_get,
	.has = dir_has,
	.size = dir_size,
	.list = dir_list,
	.remove = dir_remove,
	.close = dir_close,
};
