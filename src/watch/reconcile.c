/*
 * Reconciling: what became of one path, found out on a pool thread.
 *
 * 1. What is looked at is what is read: opened beneath the root, looked at
 *    before and after; a file that changed meanwhile is busy, not read.
 * 2. Only a deletion that was seen and waited for is believed, and none while
 *    the root itself is removed.
 * 3. Of a picture only the head is read here, to see whether it is one: its
 *    bytes are read with the articles that show it, if any does.
 * 4. What is not a file is never opened for reading: that would wake a fifo's
 *    writer, or worse.
 */
#include <errno.h>
#include <fcntl.h>

#include "base/file.h"
#include "base/hash.h"
#include "watch/internal.h"

enum {
	RACY_MS = 2000,		/* a stamp this fresh may hide a second write */
	QUIET_MS = 1000,	/* what nobody closed is read after this */
	OPEN_MS = 10000,	/* ... and what surely is open, after this */
	EMPTY_MS = 2000,	/* an empty file is being written, if younger */
	SHOWN_MAX = 200,
};

/* The end of the path, for messages. */
static struct slice
shown(const struct item *i)
{
	return slice_from(i->path, i->path.len > SHOWN_MAX ?
		i->path.len - SHOWN_MAX : 0);
}

static void
set_aside_special(struct item *i, mode_t mode)
{
	const char *what = S_ISFIFO(mode) ? "a fifo" : S_ISSOCK(mode) ?
		"a socket" : S_ISDIR(mode) ? "a directory" : S_ISLNK(mode) ?
		"a symbolic link" : "a device";

	i->fate = ITEM_ASIDE;
	err_set(&i->why, ERR_SYNTAX, "\"%.*s\" is %s, not a file",
		ARG(shown(i)), what);
	err_hint(&i->why, S_ISDIR(mode) ? "The files in it are read. Rename "
		"it if it is only a directory." : S_ISLNK(mode) ?
		"Links are not followed. Put the file itself there." :
		"Put a regular file there, or remove it.");
}

static void
set_aside_big(struct item *i, size_t max_size)
{
	i->fate = ITEM_ASIDE;
	err_set(&i->why, ERR_LIMIT, "\"%.*s\" is too big: %llu bytes, at most "
		"%zu", ARG(shown(i)), (unsigned long long)i->stamp.size,
		max_size);
	err_hint(&i->why, i->kind == FILE_ARTICLE ?
		"Is it an article? If so, split it into several." :
		i->kind == FILE_PICTURE ? "Scale the picture down, or "
		"compress it more." : "It is meant for a few lines of "
		"metadata: the text belongs into the article.");
}

/* The root was removed (its descriptor is open still), or cannot be asked. */
static bool
root_is_lost(const struct item *i)
{
	struct look look;

	return look_at(i->root_fd, "", &look) < 0 || look.links == 0;
}

static void
set_missing(struct item *i)
{
	if (root_is_lost(i)) {
		i->fate = ITEM_BUSY;
		return;
	}
	i->missing = i->known && !i->held;
	i->fate = i->missing ? ITEM_BUSY : ITEM_GONE;
	if (i->known || i->held)
		return;
	err_set(&i->why, ERR_MISSING, "\"%.*s\" vanished before it was read",
		ARG(shown(i)));
	err_hint(&i->why, "Write to a temporary name, then rename it.");
}

/* It cannot be opened, because of errno. */
static void
set_by_errno(struct item *i)
{
	switch (errno) {
	case ENOENT:
	case ENOTDIR:
	case ELOOP:
	case ENAMETOOLONG:
		set_missing(i);
		return;
	case EAGAIN:
	case EINTR:
	case EMFILE:
	case ENFILE:
	case ENOMEM:
	case ESTALE:
		i->fate = ITEM_BUSY;
		return;
	default:
		break;
	}
	i->fate = ITEM_ASIDE;
	err_set(&i->why, ERR_IO, "cannot read \"%.*s\": %m", ARG(shown(i)));
	if (errno == EACCES || errno == EPERM)
		err_hint(&i->why, "Let the daemon's user read it: chmod a+r, "
			"then \"gazettectl rescan\".");
	else
		err_hint(&i->why, "Look after the disk, then \"gazettectl "
			"rescan\".");
}

/*
 * May somebody still be writing it?  A file that was only seen being made has
 * a writer until it is closed, unless it is a second link to one.  An empty
 * file that is young was emptied to be written anew: to take it as it is would
 * cost a file that was just renamed its article.
 */
static bool
is_being_written(const struct item *i, const struct look *look)
{
	int64_t age = stamp_age_ms(&look->stamp);

	if (look->stamp.size == 0 && age < EMPTY_MS)
		return true;
	if (i->made)
		return look->links < 2 && age < OPEN_MS;
	return !i->hot && age < QUIET_MS;
}

/* Read it; false when the fate is set. */
static bool
read_whole(struct item *i, const struct look *before, struct arena *a)
{
	CLEANUP(fd_close) int fd = file_open_beneath(i->root_fd, i->rel,
		O_RDONLY | O_NOFOLLOW);
	struct look look;
	size_t size;

	if (fd < 0 || look_at(fd, "", &look) < 0) {
		set_by_errno(i);
		return false;
	}
	i->fate = ITEM_BUSY;
	if (!stamp_same(&look.stamp, &before->stamp))
		return false;
	size = (size_t)look.stamp.size;
	if (i->kind == FILE_PICTURE)
		size = MIN(size, (size_t)PICTURE_HEAD_MAX);
	if (fd_slurp(fd, size, a, &i->bytes, &i->why) < 0) {
		set_by_errno(i);
		return false;
	}
	if (look_at(fd, "", &look) < 0 ||
		!stamp_same(&look.stamp, &before->stamp) ||
		i->bytes.len != size)
		return false;
	return true;
}

static void
compare(struct item *i)
{
	i->hash = hash64(i->bytes);
	if (i->kind == FILE_PICTURE)
		i->hash += stamp_sum(i->path, &i->stamp);
	if (!i->known || i->hash != i->known_hash)
		i->fate = ITEM_READ;
	else if (stamp_same(&i->stamp, &i->known_stamp))
		i->fate = ITEM_SAME;
	else
		i->fate = ITEM_TOUCHED;
}

static size_t
limit_of(const struct item *i, size_t max_size)
{
	return i->kind == FILE_ARTICLE ? max_size :
		i->kind == FILE_PICTURE ? PICTURE_FILE_MAX : FIELDS_FILE_MAX;
}

void
watch_reconcile(struct item *i, size_t max_size, struct arena *a)
{
	CLEANUP(fd_close) int fd = file_open_beneath(i->root_fd, i->rel,
		O_PATH | O_NOFOLLOW);
	uint64_t with_sum = i->with_sum;
	struct look look;

	companion_look(i);
	if (fd < 0 || look_at(fd, "", &look) < 0) {
		set_by_errno(i);
		return;
	}
	max_size = limit_of(i, max_size);
	i->stamp = look.stamp;
	if (i->known && stamp_same(&look.stamp, &i->known_stamp) &&
		stamp_age_ms(&look.stamp) >= RACY_MS)
		i->fate = ITEM_SAME;
	else if (!S_ISREG(look.mode))
		set_aside_special(i, look.mode);
	else if (look.stamp.size > max_size)
		set_aside_big(i, max_size);
	else if (is_being_written(i, &look))
		i->fate = ITEM_BUSY;
	else if (read_whole(i, &look, a))
		compare(i);
	/* It is not read now, so it is as it was read then. */
	if (i->fate == ITEM_TOUCHED)
		i->with_sum = with_sum;
}
