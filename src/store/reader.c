/*
 * Readers: a list of spare connections under a mutex.  As many are opened as
 * were ever needed at once, which is as many as the pool has threads.
 */
#include <stdlib.h>

#include "store/reader.h"
#include "store/schema.h"

void
readers_init(struct readers *r, const char *path, bool nothing)
{
	*r = (struct readers){ .path = x_strdup(path), .nothing = nothing };
	pthread_mutex_init(&r->lock, NULL);
}

static void
reader_free(struct store_reader *reader)
{
	db_close(&reader->db);
	free(reader);
}

static void
free_all(struct store_reader *list)
{
	struct store_reader *reader;

	while ((reader = list)) {
		list = reader->next;
		reader_free(reader);
	}
}

void
readers_done(struct readers *r)
{
	if (!r->path)
		return;
	free_all(TAKE(r->spare));
	pthread_mutex_destroy(&r->lock);
	free(TAKE(r->path));
}

/* Take away what nobody uses; what is used is not kept when it comes back. */
static struct store_reader *
retire(struct readers *r, bool nothing)
{
	r->nothing = nothing;
	r->generation++;
	return TAKE(r->spare);
}

void
readers_begin(struct readers *r)
{
	struct store_reader *old;

	pthread_mutex_lock(&r->lock);
	old = retire(r, false);
	pthread_mutex_unlock(&r->lock);
	free_all(old);
}

void
readers_follow(struct readers *r, dev_t dev, ino_t ino)
{
	struct store_reader *old = NULL;

	pthread_mutex_lock(&r->lock);
	r->follows = true;
	if (dev != r->dev || ino != r->ino)
		old = retire(r, ino == 0);
	r->dev = dev;
	r->ino = ino;
	pthread_mutex_unlock(&r->lock);
	free_all(old);
}

/* It counts nothing, so its numbers have no name. */
static int
open_empty(struct db *db, const char *path, struct err *e)
{
	bool made;

	if (db_open(db, path, DB_EMPTY, e) < 0 ||
		schema_migrate(db, &made, e) < 0)
		return -1;
	return db_exec(db, "DELETE FROM meta WHERE key = 'stream'", e);
}

static int
open_file(struct db *db, const char *path, bool follows, struct err *e)
{
	if (db_open(db, path, DB_READ, e) < 0 || !follows)
		return db->handle ? 0 : -1;
	if (schema_must_match(db, e) == 0)
		return 0;
	db_close(db);
	db->broken = *e;
	return -1;
}

/* What went wrong is kept in the db, for whoever asks it something. */
static struct store_reader *
reader_new(const char *path, bool nothing, bool follows)
{
	struct store_reader *reader = x_calloc(1, sizeof(*reader));
	struct err e;
	int ret = nothing ? open_empty(&reader->db, path, &e) :
		open_file(&reader->db, path, follows, &e);

	(void)ret;
	return reader;
}

struct store_reader *
readers_take(struct readers *r)
{
	struct store_reader *reader;
	bool nothing, follows;
	unsigned generation;
	struct err e;

	pthread_mutex_lock(&r->lock);
	nothing = r->nothing;
	follows = r->follows;
	generation = r->generation;
	reader = r->spare;
	if (reader)
		r->spare = reader->next;
	pthread_mutex_unlock(&r->lock);
	if (!reader)
		reader = reader_new(r->path, nothing, follows);
	reader->generation = generation;
	/* The first thing it is asked fails in the same way, and says so. */
	if (db_exec(&reader->db, "BEGIN", &e) < 0)
		return reader;
	return reader;
}

void
readers_give(struct readers *r, struct store_reader *reader)
{
	struct err e;
	bool keep;

	/* One that cannot even end its reading is not used again. */
	keep = reader->db.handle && db_exec(&reader->db, "COMMIT", &e) == 0;
	pthread_mutex_lock(&r->lock);
	keep = keep && reader->generation == r->generation;
	if (keep) {
		reader->next = r->spare;
		r->spare = reader;
	}
	pthread_mutex_unlock(&r->lock);
	if (!keep)
		reader_free(reader);
}
