/*
 * watch: knows which files of the content directories changed.
 *
 * An inotify event, a scan, a timer and gazettectl all do the same thing: mark
 * a path dirty.  What became of a path is found out by one function,
 * watch_reconcile(), on a pool thread, which compares the disk with what is
 * remembered.
 *
 * What an article is read with (its sidecar, defaults, pictures) is watched as
 * articles are, and makes articles dirty (companion.c).
 *
 * 1. Watch first, then list: no file falls between.
 * 2. No path is ever dropped: on overflow everything is compared again.
 * 3. The loop never touches the disk: listing and reading are pool jobs.
 */
#ifndef WATCH_WATCH_H
#define WATCH_WATCH_H

#include <ev.h>

#include "base/pool.h"
#include "model/batch.h"
#include "model/config.h"

struct watch;

/*
 * What watch has to say.  All are called on the loop, and never from inside
 * one of the functions below.
 */
struct watch_ops {
	/*
	 * Paths are ready to be taken (called again only after a take), or the
	 * last listing of a part has been digested and there are none.
	 */
	void (*dirty)(void *ctx);
	/*
	 * A scan of all roots has been digested, and what it found is ready:
	 * files younger than 2 s have settled.  It may have been taken already.
	 */
	void (*scanned)(void *ctx);
	/* The kernel's queue ran over: a full scan begins. */
	void (*overflow)(void *ctx);
	/*
	 * This directory (its full path) and what is in it is polled, because
	 * of `why`.  Where the kernel's watches do not suffice, it is the
	 * root's, and `why` says how many directories lack one.
	 */
	void (*polled)(void *ctx, struct slice dir, const struct err *why);
	/* This directory (its full path) cannot be listed. */
	void (*failed)(void *ctx, struct slice dir, const struct err *why);
	/* A root vanished (nothing in it counts as deleted), or came back. */
	void (*root_gone)(void *ctx, const char *dir, bool gone);
};

struct watch_status {
	size_t roots_gone;
	size_t dirs;		/* watched by the kernel */
	size_t dirs_polled;
	size_t files;		/* known */
	size_t dirty;		/* waiting to be taken */
	size_t gone;		/* ... of these, deletions */
	size_t scanned;		/* files listed by the full scan under way */
	bool scanning;
	uint64_t overflows;
	uint64_t passed_over;	/* files with a foreign ending */
};

/* Make one for the roots of the configuration; nothing is watched yet. */
struct watch *watch_new(struct ev_loop *loop, struct pool *pool,
	const struct config *c, const struct watch_ops *ops, void *ctx);

/*
 * What the store remembers of a path: call for each before watch_start().
 * The path is copied.  with: the item's with_sum when it was stored.
 */
void watch_remember(struct watch *w, struct slice path,
	const struct file_stamp *stamp, uint64_t hash, uint64_t with);

/* Open the roots, watch, and scan everything. */
void watch_start(struct watch *w);

/*
 * Look through a path again (a file, a directory; "" is everything): what the
 * timer does for polled directories, and gazettectl rescan.
 */
void watch_rescan(struct watch *w, struct slice path);

/*
 * The rules by which articles are read have changed: a full scan begins, and
 * has every file read again that was read before.
 */
void watch_distrust(struct watch *w);

/*
 * Have a known file read, though it is the same: what it says is to be judged
 * by another time.  Again, while it is on its way: does nothing.
 */
void watch_reread(struct watch *w, struct slice path);

/*
 * Take ready paths into the batch: hot ones first, up to BATCH_PATHS_MAX.
 * Fills the first part of each item (copied into the batch's arena).  A path
 * is in at most one open batch: it cannot be taken again before
 * watch_settle().  Returns how many.
 */
size_t watch_take(struct watch *w, struct batch *b);

/*
 * Describe a file for somebody who only wants to look at it: watch_reconcile()
 * reads it whole, and nothing is to be settled.  False: there is no such file.
 * The item must not outlive the watch.
 */
bool watch_describe(struct watch *w, struct slice path, struct item *ret,
	struct arena *a);

/*
 * For a pool thread: find out what became of the item's path, and which of an
 * article's companions are there.  max_size is for articles; companions have
 * limits of their own.
 */
void watch_reconcile(struct item *i, size_t max_size, struct arena *a);

/*
 * On the loop, after reconcile: for every unknown file that was read, name the
 * known files that it may have been (paired move event; same device, inode and
 * birth time; same hash and >= 512 bytes).  True if there is any.
 */
bool watch_guess_moves(struct watch *w, struct batch *b);

/*
 * On a pool thread: which of the candidates are really gone; sets moved_from
 * where exactly one is.
 */
void watch_verify_moves(struct batch *b);

/*
 * A held deletion (CHANGE_HOLD) stays known, so that the file is recognised
 * when it comes back, or was only moved.
 *
 * The batch is committed (or failed: b->failed; then its paths are dirty again
 * after a pause): remember the new stamps, forget what is gone or moved away,
 * requeue ITEM_BUSY and ITEM_UNREAD.  Every item taken must come back, once.
 */
void watch_settle(struct watch *w, const struct batch *b);

/* Is this a file that could be an article, by its name alone? */
bool watch_is_article_name(struct slice name);

/* How it is now; cheap. */
void watch_get_status(const struct watch *w, struct watch_status *ret);

/* Start nothing new: no scan, no timer, no callback. */
void watch_stop(struct watch *w);

/* Stop watching and free.  Pool jobs must have been done (pool_free). */
void watch_free(struct watch *w);

#endif
