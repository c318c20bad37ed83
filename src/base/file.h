/*
 * Files: opening beneath a directory, reading whole, replacing atomically.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <sys/stat.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* Close *fd unless it is -1, and keep errno; fit for CLEANUP. */
void fd_close(int *fd);

/*
 * Open path for reading beneath dir.  Neither a symbolic link in it nor ".."
 * can lead outside: both are refused (openat2(2), RESOLVE_BENEATH and
 * RESOLVE_NO_SYMLINKS).  A fifo does not block.  Returns the descriptor; -1
 * sets errno.
 */
int file_open_beneath(int dir, const char *path, int flags);

/*
 * Read the whole regular file at path, relative to dir (AT_FDCWD for the
 * current one), of at most limit bytes; larger is an error, never a cut.
 * On success *ret borrows memory from a.
 */
int file_read(int dir, const char *path, size_t limit, struct arena *a,
	struct slice *ret, struct err *e) MUST_USE;

/*
 * The same of a path beneath a directory: nothing in it leads outside (see
 * file_open_beneath).  ERR_MISSING: one of the two is not there.
 */
int file_read_beneath(const char *dir, const char *path, size_t limit,
	struct arena *a, struct slice *ret, struct err *e) MUST_USE;

/* Read size bytes (or up to the end) from fd; *ret borrows from a. */
int fd_slurp(int fd, size_t size, struct arena *a, struct slice *ret,
	struct err *e) MUST_USE;

/* Write all of s. */
int fd_write(int fd, struct slice s, struct err *e) MUST_USE;

/*
 * Put s at path, relative to dir, so that a reader finds the old file or the
 * new one and never a part: a temporary file beside it, then rename(2).
 * Missing folders are made.  mtime in seconds, or -1 to leave it.  Not
 * fsynced: for what can be made again.  A path has one writer at a time, so
 * the temporary name is always the same, and none outlives the next writer.
 */
int file_replace(int dir, const char *path, struct slice s, int64_t mtime,
	struct err *e) MUST_USE;

/* The same; nobody else may read the file (0640) and its folders (0750). */
int file_replace_private(int dir, const char *path, struct slice s,
	int64_t mtime, struct err *e) MUST_USE;

/* Make the folder and its parents, mode 0755 less the umask. */
int dir_make(int dir, const char *path, struct err *e) MUST_USE;

/* The same, mode 0750. */
int dir_make_private(int dir, const char *path, struct err *e) MUST_USE;

#endif
