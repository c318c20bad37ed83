/*
 * The inside of watch: what its parts share.
 *
 *	kernel --inotify.c--> queue.c --watch_take()--> batch --> pool, store
 *	disk ----scan.c-----> digest.c --^       ^-- watch_settle() --'
 *
 * companion.c knows which files an article is read with, and has it read again
 * when they change.  root.c opens the content directories and sees them
 * vanish; poll.c looks through those that the kernel does not watch.
 * 1. All of it is the loop's; pool jobs touch only their struct.
 * 2. Every callback files what happened and ends in watch_step(), or, when
 *    flow called us, asks for one with watch_kick(): so watch_ops are never
 *    called from inside a call of flow's.
 */
#ifndef WATCH_INTERNAL_H
#define WATCH_INTERNAL_H

#include <sys/inotify.h>

#include "watch/queue.h"
#include "watch/watch.h"

enum {
	WATCH_DEPTH_MAX = 64,		/* directories inside one another */
	WATCH_SCANS_MAX = 8,		/* listings on their way at once */
	WATCH_SLICE = 1000,		/* entries digested in one callback */
	WATCH_EARLY_MAX = 64,
	WATCH_RENAMES_MAX = 64,
	WATCH_PAIR_MS = 50,		/* between the two ends of a rename */
	WATCH_ROOT_CHECK_MS = 1000,
	WATCH_BACKOFF_MS = 1000,	/* after overflows, doubled up to ... */
	WATCH_BACKOFF_MAX_MS = 60000,
};

struct root {
	struct watch *watch;
	size_t index;
	char *dir;
	int64_t poll_ms;
	int fd;			/* -1 until it was opened once; the number
				 * stays the same when the root is replaced */
	uint64_t dev, ino;
	bool gone;
	bool checking;		/* a root_check is in the pool */
	bool checked;		/* ... and one was done */
	struct dir *top;
	size_t n_polled;	/* directories */
	size_t n_limited;	/* ... of these, for lack of kernel watches */
	size_t told_limited;
	struct ev_timer check;
	struct ev_timer poll;
};

/* The end of a rename that was seen first. */
struct rename {
	uint32_t cookie;
	int64_t at_ms;
	char *path;
};

/* Kernel watches that spoke before their scan was digested (scan.c). */
struct early {
	int wd[WATCH_EARLY_MAX];
	size_t n;
	bool all;	/* too many to name */
};

TAILQ_HEAD(dir_list, dir);
TAILQ_HEAD(scan_list, scan);

struct watch {
	struct ev_loop *loop;
	struct pool *pool;
	const struct watch_ops *ops;
	void *ctx;
	struct root roots[CONFIG_ROOTS_MAX];
	size_t n_roots;
	size_t n_unchecked;	/* roots that may not be open yet */
	struct tree tree;
	struct queue queue;
	struct ev_timer tick;
	unsigned rules;		/* how often they changed */
	bool started;
	bool told;		/* ops->dirty was called, nothing taken yet */
	bool fresh;		/* nothing was remembered: the first scan */

	/* The kernel. */
	int inotify_fd;		/* -1: it gives us none */
	int inotify_errno;	/* ... for this reason */
	int limit_errno;	/* of the last watch that it refused */
	struct ev_io io;
	struct table by_wd;	/* directories */
	struct early early;
	struct rename renames[WATCH_RENAMES_MAX];
	size_t next_rename;
	/* For tests: as if every directory were on this file system, as if the
	 * kernel refused every new watch for this reason. */
	const char *pretend_system;
	int pretend_errno;

	/* Scans. */
	struct dir_list to_scan[2];	/* ordinary, urgent */
	struct scan_list digesting;
	size_t n_scans;		/* directories queued, listed, digested */
	size_t n_jobs;		/* ... of these, in the pool */
	size_t n_listed;	/* files, since the full scan began */
	uint32_t serial;	/* of listings */
	bool full;		/* a full scan is under way */
	bool scanning;		/* any scan was, at the last step */
	bool want_full;
	int64_t full_at_ms;
	int64_t backoff_ms;
	uint64_t overflows;
	uint64_t passed_over;
};

/* ---- watch.c ---- */

/* One step of everything: move due paths, scan, digest, tell flow. */
void watch_step(struct watch *w);

/* Is any listing on its way, or any file that one found settling? */
bool watch_is_scanning(const struct watch *w);

/* Have watch_step() called by the loop. */
void watch_kick(struct watch *w);

/* Begin a full scan now, or when the one under way is done. */
void watch_want_full(struct watch *w, int64_t pause_ms);

/* The root that a store path belongs to, or NULL. */
struct root *watch_root_of(struct watch *w, struct slice path);

/* A directory's full path for people, in the arena. */
struct slice watch_shown(const struct watch *w, const struct dir *d,
	struct arena *a);

/* ---- inotify.c ---- */

/* Open the kernel's queue. */
void inotify_start(struct watch *w);
void inotify_stop(struct watch *w);

/* What one event means; tests call it too. */
void inotify_handle(struct watch *w, const struct inotify_event *e);

/* Set the kernel's watch of a directory (-1: none); the old one is ended. */
void inotify_set(struct watch *w, struct dir *d, int wd);

/* The directory that a kernel's watch is on, or NULL. */
struct dir *inotify_find(const struct watch *w, int wd);

/* Has this watch spoken before anybody knew its directory? */
bool inotify_was_early(const struct watch *w, int wd);

/* ---- scan.c ---- */

/*
 * A listing of one directory.
 *
 *	        scan_request     scan_pump        done          all digested
 *	NONE --------------> QUEUED ----> LISTING ----> DIGESTING --------> NONE
 *	                       ^                                       |
 *	                       +--- requested meanwhile: `again` ------+
 */
struct scan_entry {
	struct slice name;
	struct file_stamp stamp;
	bool is_dir;		/* a directory; else a possible file of ours */
};

struct scan {
	struct job job;
	TAILQ_ENTRY(scan) link;
	struct watch *watch;
	struct dir *dir;
	uint32_t serial;
	bool deep, urgent;

	/* For the pool. */
	struct arena arena;
	int root_fd;
	const char *rel;	/* "." for a top */
	size_t path_len;	/* of the store's path */
	int inotify_fd;		/* -1: poll it */
	int wd;			/* -1: the kernel does not watch it, */
	int wd_errno;		/* ... for this reason, */
	const char *system;	/* ... or because of this file system */
	int error;		/* errno: the listing is not whole */
	struct scan_entry *entries;
	size_t n;
	size_t n_companions;	/* of the entries: the first */
	size_t files;
	size_t passed_over;

	/* For digest.c. */
	bool begun;
	size_t at;		/* the next entry */
	size_t left;		/* files of the directory still to check */
};

/* Have a directory looked through, `deep`: with all that are in it. */
void scan_request(struct watch *w, struct dir *d, bool deep, bool urgent);

/*
 * The directory is not there any more (or is another one): stop watching it
 * and all in it, and look what became of the files.
 */
void scan_drop(struct watch *w, struct dir *d);

/* Hand queued directories to the pool. */
void scan_pump(struct watch *w);

/* The directory's scan is over: rest, or begin again. */
void scan_finish(struct watch *w, struct scan *s);

/* Free what has not been begun or finished. */
void scan_stop(struct watch *w);

/* ---- digest.c ---- */

/* Compare listings with the tree, WATCH_SLICE entries of them. */
void digest_some(struct watch *w);

/* ---- companion.c ---- */

/* Name the files that an article is to be read with; of others, nothing. */
void companion_fill(struct watch *w, const struct file *f, struct item *i,
	struct arena *a);

/* Was it read with other files, or other states of them, than are known? */
bool companion_is_stale(const struct watch *w, const struct file *f);

/*
 * An item is settled.  A companion has the articles read again that were read
 * with another state of it.  An article that was has its companions looked
 * at; they tell which of the two is right.
 */
void companion_settled(struct watch *w, const struct item *i);

/* The articles that name a picture of the batch, as the store found them. */
void companion_doubt_named(struct watch *w, const struct batch *b);

/* For a pool thread: look for the item's companions, and sum them up. */
void companion_look(struct item *i);

/* ---- poll.c ---- */

/* Note what the listing said about the kernel's watch of its directory. */
void poll_note(struct watch *w, struct scan *s);

/* Set why a directory is polled, or that it is not. */
void poll_set(struct watch *w, struct dir *d, enum dir_poll why);

/* A scan is over: say how many directories lack a kernel watch. */
void poll_tell_limits(struct watch *w);

/* The timer of a root whose directories are polled. */
void poll_on_timer(struct ev_loop *loop, struct ev_timer *t, int events);

/* ---- root.c ---- */

/* Begin to open a root, and to check that it is there, each second. */
void root_start(struct root *r);
void root_stop(struct root *r);

/* The kernel says that it went away. */
void root_lost(struct root *r);

/* ---- moves.c ---- */

/* Both ends of a rename event; `f` may be NULL, or unknown. */
void moves_from(struct watch *w, uint32_t cookie, const struct file *f);
void moves_to(struct watch *w, uint32_t cookie, struct file *f);

/* Is it a known file that now has this stamp and another name? */
bool moves_is_known(const struct watch *w, const struct file_stamp *stamp);

/* The batch is settled: its candidates can be claimed again. */
void moves_release(struct watch *w, const struct batch *b);

/* Forget the renames of which only one end was seen. */
void moves_stop(struct watch *w);

#endif
