/*
 * Checkpoints: moving SQLite's log into the database, beside the writer.
 *
 * A checkpoint of a long log writes megabytes and syncs them: on the writer's
 * thread that held a saved article up for 700 ms.  A PASSIVE checkpoint on a
 * connection of its own waits for nobody, and the writer goes on appending.
 *
 * 1. There is still one writer: this connection only copies committed pages.
 * 2. What a checkpoint leaves over, the next one takes.
 */
#include <stdlib.h>

#include "base/worker.h"
#include "store/checkpoint.h"

static void *
work(void *arg)
{
	struct checkpoint *c = arg;
	struct err e;

	/* Without a connection the log only grows; the writer says why. */
	if (db_open(&c->db, c->path, DB_WRITE, &e) < 0)
		return NULL;
	pthread_mutex_lock(&c->lock);
	while (!c->stop) {
		if (!c->wanted) {
			pthread_cond_wait(&c->more, &c->lock);
			continue;
		}
		c->wanted = false;
		pthread_mutex_unlock(&c->lock);
		sqlite3_wal_checkpoint_v2(c->db.handle, NULL,
			SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
		pthread_mutex_lock(&c->lock);
	}
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

void
checkpoint_init(struct checkpoint *c, const char *path)
{
	*c = (struct checkpoint){ .path = x_strdup(path) };
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->more, NULL);
}

void
checkpoint_ask(struct checkpoint *c)
{
	pthread_mutex_lock(&c->lock);
	c->wanted = true;
	pthread_cond_signal(&c->more);
	pthread_mutex_unlock(&c->lock);
	if (c->started)
		return;
	c->started = true;
	c->id = worker_start("gazetted-check", work, c);
}

static void
stop(struct checkpoint *c)
{
	pthread_mutex_lock(&c->lock);
	c->stop = true;
	pthread_cond_signal(&c->more);
	pthread_mutex_unlock(&c->lock);
	pthread_join(c->id, NULL);
	db_close(&c->db);
}

void
checkpoint_done(struct checkpoint *c)
{
	if (!c->path)
		return;
	if (c->started)
		stop(c);
	pthread_cond_destroy(&c->more);
	pthread_mutex_destroy(&c->lock);
	free(TAKE(c->path));
}
