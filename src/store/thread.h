/*
 * The store's thread: runs jobs in transactions, and hands them back.
 */
#ifndef STORE_THREAD_H
#define STORE_THREAD_H

#include <pthread.h>

#include "store/checkpoint.h"
#include "store/reader.h"
#include "store/tx.h"

struct jobs {
	struct store_job *head, **tail;
};

struct thread {
	struct store_tx *tx;
	struct checkpoint *checkpoint;
	struct readers *readers;
	struct ev_loop *loop;
	struct ev_async wake;
	pthread_t id;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct jobs todo, finished;	/* under the lock */
	bool stop;			/* under the lock */
	size_t pending;			/* the loop's, */
	uint64_t commits;		/* and this */

	/* The thread's own: pages in SQLite's log, and how many of them the
	 * last checkpoint was asked to see. */
	int log_pages, log_seen;
};

/*
 * Start it; tx belongs to it until thread_stop(), c is asked by it, and r is
 * told when there is something to read.
 */
void thread_start(struct thread *t, struct store_tx *tx,
	struct checkpoint *c, struct readers *r, struct ev_loop *loop);

/* Queue a job.  Loop thread only. */
void thread_submit(struct thread *t, struct store_job *j);

/* Run what is queued, call every done(), end the thread. */
void thread_stop(struct thread *t);

#endif
