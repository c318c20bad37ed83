/*
 * Checkpoints: moving SQLite's log into the database, beside the writer.
 */
#ifndef STORE_CHECKPOINT_H
#define STORE_CHECKPOINT_H

#include <pthread.h>

#include "store/sqlite.h"

struct checkpoint {
	char *path;
	struct db db;		/* its own connection; no rows are written */
	bool started;		/* the asker's */
	pthread_t id;
	pthread_mutex_t lock;
	pthread_cond_t more;
	bool wanted, stop;	/* under the lock */
};

/* Make ready.  The thread begins when it is asked for the first time. */
void checkpoint_init(struct checkpoint *c, const char *path);

/* Have one made soon; one that is under way counts.  One thread asks. */
void checkpoint_ask(struct checkpoint *c);

/* End the one under way, and the thread.  What was never made ready is fine. */
void checkpoint_done(struct checkpoint *c);

#endif
