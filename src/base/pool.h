/*
 * The pool: threads that run pure jobs, and hand them back to the loop.
 *
 * 1. run(job) touches only the job; done(job) runs on the loop's thread.
 * 2. Every job submitted is done exactly once, in any order.
 * 3. Three queues: what a reader waits for goes before what a reader will
 *    want soon, and that before the rest.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <ev.h>

#include "base/defs.h"

enum pool_urgency {
	POOL_NOW,	/* somebody waits: a request, a file just saved */
	POOL_SOON,	/* a feed to be rendered */
	POOL_LATER,	/* a scan, a first build */
	POOL_QUEUES,
};

struct job {
	void (*run)(struct job *);	/* on a pool thread */
	void (*done)(struct job *);	/* on the loop */
	struct job *next;		/* the pool's own */
};

struct pool;

/* Start that many threads (at least 1); jobs come back on the loop. */
struct pool *pool_new(struct ev_loop *loop, unsigned threads);

/*
 * The same with threads that yield to all others (nice(2)), where the system
 * lets them: for work that takes long.
 */
struct pool *pool_new_patient(struct ev_loop *loop, unsigned threads);

/* Hand a job over; it belongs to the pool until done(). Loop thread only. */
void pool_submit(struct pool *p, struct job *j, enum pool_urgency u);

/* Jobs not yet done. */
size_t pool_pending(const struct pool *p);

/* Run what is queued, call every done(), end the threads, free. */
void pool_free(struct pool *p);

#endif
