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

void
readers_done(struct readers *r)
{
	struct store_reader *reader;

	if (!r->path)
		return;
	while ((reader = r->spare)) {
		r->spare = reader->next;
		reader_free(reader);
	}
	pthread_mutex_destroy(&r->lock);
	free(TAKE(r->path));
}

void
readers_begin(struct readers *r)
{
	struct store_reader *reader, *old;

	pthread_mutex_lock(&r->lock);
	r->nothing = false;
	old = TAKE(r->spare);
	pthread_mutex_unlock(&r->lock);
	while ((reader = old)) {
		old = reader->next;
		reader_free(reader);
	}
}

/* What went wrong is kept in the db, for whoever asks it something. */
static struct store_reader *
reader_new(const char *path, bool of_nothing)
{
	struct store_reader *reader = x_calloc(1, sizeof(*reader));
	bool made;
	struct err e;

	reader->of_nothing = of_nothing;
	if (db_open(&reader->db, path, of_nothing ? DB_EMPTY : DB_READ,
		&e) < 0 || !of_nothing)
		return reader;
	if (schema_migrate(&reader->db, &made, &e) < 0)
		return reader;
	return reader;
}

struct store_reader *
readers_take(struct readers *r)
{
	struct store_reader *reader;
	bool nothing;
	struct err e;

	pthread_mutex_lock(&r->lock);
	nothing = r->nothing;
	reader = r->spare;
	if (reader)
		r->spare = reader->next;
	pthread_mutex_unlock(&r->lock);
	if (!reader)
		reader = reader_new(r->path, nothing);
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
	keep = keep && reader->of_nothing == r->nothing;
	if (keep) {
		reader->next = r->spare;
		r->spare = reader;
	}
	pthread_mutex_unlock(&r->lock);
	if (!keep)
		reader_free(reader);
}
