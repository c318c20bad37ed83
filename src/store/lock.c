/*
 * The lock on the state directory.
 *
 * An open file description lock: it ends with the process however that ends,
 * and nothing that the process opens and closes meanwhile can lose it, as
 * with the older kind.  The file says who holds it, for the message only.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "store/lock.h"

static int
make_state_dir(const char *dir, struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };

	if (mkdir(dir, 0750) == 0 || errno == EEXIST)
		return 0;
	if (errno == ENOENT && dir_make(AT_FDCWD, arena_copy(&a,
		path_parent(slice_str(dir))).ptr, e) < 0)
		return -1;
	if (mkdir(dir, 0750) == 0 || errno == EEXIST)
		return 0;
	err_set(e, ERR_IO, "cannot make the directory \"%s\": %m", dir);
	return err_hint(e, "Make it, or choose another place with "
		"\"state:\".");
}

static int
refuse(int fd, const char *dir, struct err *e)
{
	char text[32] = "";
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	int64_t pid = n > 0 ? slice_number(slice_trim(slice(text,
		(size_t)n)), INT32_MAX) : -1;

	if (pid > 0)
		err_set(e, ERR_STORE, "the state directory \"%s\" is in use "
			"by process %d", dir, (int)pid);
	else
		err_set(e, ERR_STORE, "the state directory \"%s\" is in use "
			"by another process", dir);
	return err_hint(e, "Stop the other gazetted, or give this one a "
		"directory of its own with \"state:\".");
}

static int
say_who(int fd, struct err *e)
{
	char text[32];
	int len = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

	if (ftruncate(fd, 0) < 0)
		return err_set(e, ERR_IO, "cannot write: %m");
	return fd_write(fd, slice(text, (size_t)len), e);
}

int
lock_take(const char *state_dir, const char *name, struct err *e)
{
	struct flock all = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	CLEANUP(arena_done) struct arena a = { 0 };
	CLEANUP(fd_close) int fd = -1;
	const char *path = arena_printf(&a, "%s/%s", state_dir,
		name).ptr;
	int ret;

	if (make_state_dir(state_dir, e) < 0)
		return -1;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (fd < 0) {
		err_set(e, ERR_IO, "cannot open \"%s\": %m", path);
		return err_hint(e, "The state directory must be writable.");
	}
	if (fcntl(fd, F_OFD_SETLK, &all) < 0) {
		if (errno == EAGAIN || errno == EACCES)
			return refuse(fd, state_dir, e);
		return err_set(e, ERR_IO, "cannot lock \"%s\": %m", path);
	}
	if (say_who(fd, e) < 0)
		return err_in(e, "\"%s\"", path);
	ret = fd;
	fd = -1;
	return ret;
}
