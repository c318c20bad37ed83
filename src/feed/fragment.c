/*
 * Fragments: a cache of rendered entries, least recently used out first.
 *
 * One mutex: what is done under it is a look-up and a memcpy of a few
 * kilobytes, and there are as many threads as cores.
 */
#include <pthread.h>
#include <stdlib.h>

#include "base/table.h"
#include "feed/fragment.h"

struct fragment {
	struct fragment_key key;	/* the table borrows it */
	struct fragment *newer, *older;
	size_t len;
	char bytes[];
};

struct fragments {
	pthread_mutex_t lock;
	struct table table;
	struct fragment *newest, *oldest;
	size_t size;
	size_t limit;
	uint64_t made;
};

static struct slice
key_slice(const struct fragment_key *key)
{
	return slice((const char *)key, sizeof(*key));
}

static void
list_remove(struct fragments *f, struct fragment *g)
{
	*(g->newer ? &g->newer->older : &f->newest) = g->older;
	*(g->older ? &g->older->newer : &f->oldest) = g->newer;
}

static void
list_add(struct fragments *f, struct fragment *g)
{
	g->newer = NULL;
	g->older = f->newest;
	*(f->newest ? &f->newest->newer : &f->oldest) = g;
	f->newest = g;
}

static void
drop(struct fragments *f, struct fragment *g)
{
	list_remove(f, g);
	table_remove(&f->table, key_slice(&g->key));
	f->size -= sizeof(*g) + g->len;
	free(g);
}

struct fragments *
fragments_new(size_t limit)
{
	struct fragments *f = x_calloc(1, sizeof(*f));

	pthread_mutex_init(&f->lock, NULL);
	f->limit = limit;
	return f;
}

void
fragments_free(struct fragments *f)
{
	if (!f)
		return;
	while (f->oldest)
		drop(f, f->oldest);
	table_done(&f->table);
	pthread_mutex_destroy(&f->lock);
	free(f);
}

bool
fragments_get(struct fragments *f, const struct fragment_key *key,
	struct buf *b)
{
	struct fragment *g;

	pthread_mutex_lock(&f->lock);
	g = table_get(&f->table, key_slice(key));
	if (g) {
		list_remove(f, g);
		list_add(f, g);
		buf_put(b, slice(g->bytes, g->len));
	}
	pthread_mutex_unlock(&f->lock);
	return g != NULL;
}

void
fragments_forget(struct fragments *f, int64_t article_id)
{
	struct fragment *g, *older;

	pthread_mutex_lock(&f->lock);
	for (g = f->newest; g; g = older) {
		older = g->older;
		if (g->key.article_id == article_id)
			drop(f, g);
	}
	pthread_mutex_unlock(&f->lock);
}

void
fragments_put(struct fragments *f, const struct fragment_key *key,
	struct slice bytes)
{
	struct fragment *g;

	pthread_mutex_lock(&f->lock);
	f->made++;
	if (bytes.len <= f->limit / 8 &&
		!table_get(&f->table, key_slice(key))) {
		g = x_malloc(sizeof(*g) + bytes.len);
		g->key = *key;
		g->len = bytes.len;
		memcpy(g->bytes, bytes.ptr, bytes.len);
		table_set(&f->table, key_slice(&g->key), g);
		list_add(f, g);
		f->size += sizeof(*g) + g->len;
	}
	while (f->size > f->limit && f->oldest)
		drop(f, f->oldest);
	pthread_mutex_unlock(&f->lock);
}

uint64_t
fragments_made(struct fragments *f)
{
	uint64_t made;

	pthread_mutex_lock(&f->lock);
	made = f->made;
	pthread_mutex_unlock(&f->lock);
	return made;
}
