/*
 * The queue: the dirty paths, and when each is ready to be looked at.
 *
 *	          saved, found          due             taken
 *	(clean) --------------> WAITING -----> READY ---------> TAKEN
 *	   ^                       ^                              |
 *	   |                       +---- again, busy, failed -----+
 *	   +----------------------------- settled ---------------+
 *
 * 1. A path is in the queue at most once; what happens to it while it is
 *    TAKEN makes it come back after it was settled.
 * 2. Hot paths go first: somebody just saved them.  Gone ones go last, when
 *    nothing new is on its way, because what is new may be what moved.  In
 *    each lane what articles are read with goes before articles.
 * 3. Times are monotonic milliseconds; the caller says what time it is.
 */
#ifndef WATCH_QUEUE_H
#define WATCH_QUEUE_H

#include "watch/tree.h"

enum {
	QUEUE_HOLD_MS = 250,	/* a deletion: editors delete and create */
	QUEUE_YOUNG_MS = 2000,	/* a file found by a scan settles first */
	QUEUE_UNCLEAR_MS = 5000,	/* so long a deletion waits for those */
	QUEUE_BUSY_MS = 100,	/* doubled with each try, up to ... */
	QUEUE_BUSY_MAX_MS = 2000,
	QUEUE_FAILED_MS = 1000,
	QUEUE_FAILED_MAX_MS = 30000,
};

enum lane { LANE_HOT, LANE_COLD, LANE_GONE, LANE_COUNT };

enum dirty_state { DIRTY_NEW, DIRTY_WAITING, DIRTY_READY, DIRTY_TAKEN };

/* What an event says of a file. */
enum happening {
	HAPPENED_SAVED,	/* its writer has closed it, or moved it here */
	HAPPENED_MADE,	/* it is there, but may still be written to */
	HAPPENED_GONE,	/* deleted, or moved away */
};

struct dirty {
	struct file *file;
	TAILQ_ENTRY(dirty) link;	/* READY, TAKEN */
	size_t at;			/* WAITING: in the heap */
	int64_t seen_ms;
	int64_t due_ms;
	uint64_t size;			/* as listed; 0: not known */
	char *from;			/* paired move event: its path before */
	enum dirty_state state;
	enum lane lane;
	unsigned tries;
	bool made;		/* HAPPENED_MADE was the last to be heard */
	bool settling;		/* counted in queue.n_settling */
	bool fresh;		/* counted in queue.n_fresh */
	bool unclear;		/* counted in queue.n_unclear */
	bool gone;		/* counted in queue.n_gone */
	bool again;		/* TAKEN, and then ... */
	enum happening next;	/* ... this happened */
};

TAILQ_HEAD(dirty_list, dirty);

struct queue {
	struct dirty_list ready[LANE_COUNT];
	struct dirty_list taken;
	struct dirty **waiting;		/* a heap by due_ms */
	size_t n_waiting, room;
	size_t n;		/* all */
	size_t n_taken;
	size_t n_settling;	/* WAITING, because a scan found them young */
	size_t n_fresh;		/* unknown files, READY or TAKEN */
	size_t n_unclear;	/* unknown files, WAITING: being written, or
				 * somebody else's claim is not settled */
	size_t n_gone;		/* in LANE_GONE, not TAKEN */
	/*
	 * How long a round of polling takes, 0 where nothing is polled.  What
	 * is gone may have moved to where the next round finds it, so it is
	 * held so much longer.
	 */
	int64_t poll_ms;
};

/* An empty queue. */
void queue_init(struct queue *q);

/* Forget every dirty path, and free. */
void queue_done(struct queue *q);

/* An event: it knows better than anything heard before. */
void queue_event(struct queue *q, struct file *f, enum happening h,
	int64_t now);

/*
 * A scan found the file in another state than it is known in.  What is young
 * settles first, unless it is a known file that was only moved.
 */
void queue_found(struct queue *q, struct file *f,
	const struct file_stamp *stamp, bool moved, int64_t now);

/* A scan did not find the file. */
void queue_missing(struct queue *q, struct file *f, int64_t now);

/*
 * A known file is to be looked at although nobody says that it changed; what
 * is taken looks after itself when it is settled.
 */
void queue_doubt(struct queue *q, struct file *f, bool hot, int64_t due,
	int64_t now);

/* Move what is due to READY, at most `max` paths. */
void queue_advance(struct queue *q, int64_t now, size_t max);

/* When the next path is due; -1: none waits. */
int64_t queue_next_due(const struct queue *q);

/* The path to take next, or NULL; `scanning`: what is gone must wait. */
struct dirty *queue_peek(const struct queue *q, bool scanning, int64_t now);

/* It is in a batch now. */
void queue_take(struct queue *q, struct dirty *d);

/* A taken path is settled; it comes back if something happened meanwhile. */
void queue_settle(struct queue *q, struct dirty *d, int64_t now);

/* A taken path could not be settled: once more, after a growing pause. */
void queue_retry_busy(struct queue *q, struct dirty *d, int64_t now);
void queue_retry_failed(struct queue *q, struct dirty *d, int64_t now);
/* ... because it is not there, which nobody had said: it is held as gone. */
void queue_retry_gone(struct queue *q, struct dirty *d, int64_t now);

/* Nothing to be looked at any more (not for a taken one). */
void queue_cancel(struct queue *q, struct dirty *d);

#endif
