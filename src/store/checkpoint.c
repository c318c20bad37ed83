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
#include "base/worker.h"
#include "store/checkpoint.h"

static void *
work(void *arg)
{
	struct checkpoint *c = arg;

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

int
checkpoint_start(struct checkpoint *c, const char *path, struct err *e)
{
	*c = (struct checkpoint){ .wanted = false };
	if (db_open(&c->db, path, DB_WRITE, e) < 0)
		return -1;
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->more, NULL);
	c->id = worker_start("gazetted-check", work, c);
	return 0;
}

void
checkpoint_ask(struct checkpoint *c)
{
	pthread_mutex_lock(&c->lock);
	c->wanted = true;
	pthread_cond_signal(&c->more);
	pthread_mutex_unlock(&c->lock);
}

void
checkpoint_stop(struct checkpoint *c)
{
	pthread_mutex_lock(&c->lock);
	c->stop = true;
	pthread_cond_signal(&c->more);
	pthread_mutex_unlock(&c->lock);
	pthread_join(c->id, NULL);
	db_close(&c->db);
	pthread_cond_destroy(&c->more);
	pthread_mutex_destroy(&c->lock);
}
