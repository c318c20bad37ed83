/*
 * Checkpoints: moving SQLite's log into the database, beside the writer.
 */
#ifndef STORE_CHECKPOINT_H
#define STORE_CHECKPOINT_H

#include <pthread.h>

#include "store/sqlite.h"

struct checkpoint {
	struct db db;		/* its own connection; no rows are written */
	pthread_t id;
	pthread_mutex_t lock;
	pthread_cond_t more;
	bool wanted, stop;	/* under the lock */
};

/* Open the connection and start the thread. */
int checkpoint_start(struct checkpoint *c, const char *path, struct err *e)
	MUST_USE;

/* Have one made soon.  Any thread; one that is under way counts. */
void checkpoint_ask(struct checkpoint *c);

/* End the one under way, and the thread. */
void checkpoint_stop(struct checkpoint *c);

#endif
