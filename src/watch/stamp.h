/*
 * Stamps: what statx(2) says of a file, and when two of them are one state.
 */
#ifndef WATCH_STAMP_H
#define WATCH_STAMP_H

#include <sys/stat.h>

#include "model/batch.h"

/* What was found at a name. */
struct look {
	struct file_stamp stamp;
	mode_t mode;
	unsigned links;
};

/*
 * Look at a name in dir (never through a symbolic link), or with "" at dir
 * itself.  What is not a regular file gets a stamp of device, inode and birth
 * only: the times of a directory change with each file in it.  0, or -1 and
 * errno.
 */
int look_at(int dir, const char *name, struct look *ret) MUST_USE;

/* Unchanged: equal size, times and inode (devices are renumbered at boot). */
bool stamp_same(const struct file_stamp *a, const struct file_stamp *b);

/*
 * The same file under whatever name: device, inode and birth time; where there
 * is no birth time, size and mtime must do, for inode numbers are reused.
 */
bool stamp_same_file(const struct file_stamp *a, const struct file_stamp *b);

/*
 * What one companion of an article adds to the sum of all; the sum is of no
 * order, and 0 without companions.
 */
uint64_t stamp_sum(struct slice name, const struct file_stamp *s);

/*
 * How long ago it was written, in ms of the wall clock; a time in the future
 * counts as that far away.
 */
int64_t stamp_age_ms(const struct file_stamp *s);

#endif
