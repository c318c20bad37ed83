/*
 * The media desk: answers requests for pictures (media.h).
 *
 * 1. A name is the hash of the bytes: it is the ETag, and what the tree gives
 *    back is checked against it.  So a picture may be kept by whoever has it.
 * 2. In memory are at most half as many bytes as of documents (cache_bytes),
 *    and what is being sent.
 */
#include <stdlib.h>
#include <sys/queue.h>

#include "base/table.h"
#include "daemon/media.h"
#include "daemon/shelf.h"
#include "read/image.h"

enum { A_YEAR_S = 365 * 24 * 3600 };

struct waiting {
	struct waiting *next;
	struct serve_request *request;
};

/* A picture that is being read, or in memory. */
struct held {
	struct job job;
	struct media_desk *desk;
	TAILQ_ENTRY(held) link;		/* in memory: newest first */
	struct document *doc;		/* NULL while it is being read */
	struct document *loaded;
	struct waiting *waiting;
	char path[64];			/* in the tree: "media/" and the name */
};

TAILQ_HEAD(held_list, held);

struct media_desk {
	struct press *press;
	struct table by_name;
	struct held_list list;
	size_t bytes;
};

static struct slice
name_of(const struct held *h)
{
	return slice_from(slice_str(h->path), strlen("media/"));
}

static void
answer_all(struct held *h, struct document *d)
{
	struct waiting *w = TAKE(h->waiting), *next;

	for (; w; w = next) {
		next = w->next;
		serve_answer(w->request, d ? document_ref(d) : NULL);
		free(w);
	}
}

static void
drop(struct media_desk *m, struct held *h)
{
	table_remove(&m->by_name, name_of(h));
	if (h->doc) {
		TAILQ_REMOVE(&m->list, h, link);
		m->bytes -= document_size(h->doc);
		document_unref(h->doc);
	}
	free(h);
}

static void
keep(struct media_desk *m, struct held *h)
{
	size_t most = m->press->config->serve.cache_bytes / 2;

	h->doc = h->loaded;
	TAILQ_INSERT_HEAD(&m->list, h, link);
	m->bytes += document_size(h->doc);
	while (m->bytes > most)
		drop(m, TAILQ_LAST(&m->list, held_list));
}

/* ---- reading ---- */

static void
load_run(struct job *j)
{
	struct held *h = CONTAINER_OF(j, struct held, job);
	const struct press *p = h->desk->press;
	struct document *d = document_new();
	struct slice name = name_of(h);
	char hash[HASH_HEX + 1];
	struct err e;

	if (p->publish->get(p->publisher, slice_str(h->path), d, &e) < 0) {
		document_unref(d);
		return;
	}
	hash128_hex(d->body[CODING_IDENTITY], hash);
	if (!slice_starts(name, slice_str(hash))) {
		document_unref(d);
		return;
	}
	memcpy(d->etag, hash, sizeof(d->etag));
	d->type = image_type_of(slice_from(name, HASH_HEX + 1));
	d->max_age = A_YEAR_S;
	d->immutable = true;
	h->loaded = d;
}

static void
load_done(struct job *j)
{
	struct held *h = CONTAINER_OF(j, struct held, job);

	answer_all(h, h->loaded);
	if (h->loaded)
		keep(h->desk, h);
	else
		drop(h->desk, h);
}

static struct held *
load(struct media_desk *m, struct slice name)
{
	struct held *h = x_calloc(1, sizeof(*h));

	h->desk = m;
	memcpy(h->path, "media/", 6);
	memcpy(h->path + 6, name.ptr, name.len);
	h->job.run = load_run;
	h->job.done = load_done;
	table_set(&m->by_name, name_of(h), h);
	pool_submit(m->press->pool, &h->job, POOL_NOW);
	return h;
}

bool
media_desk_serve(struct media_desk *m, struct slice name,
	struct serve_request *r)
{
	struct held *h;
	struct waiting *w;

	if (!shelf_is_name(name))
		return false;
	h = table_get(&m->by_name, name);
	if (h && h->doc) {
		TAILQ_REMOVE(&m->list, h, link);
		TAILQ_INSERT_HEAD(&m->list, h, link);
		serve_answer(r, document_ref(h->doc));
		return true;
	}
	h = h ? h : load(m, name);
	w = x_calloc(1, sizeof(*w));
	*w = (struct waiting){ h->waiting, r };
	h->waiting = w;
	return true;
}

void
media_desk_forget(struct media_desk *m, struct slice name)
{
	struct held *h = table_get(&m->by_name, name);

	if (h && h->doc)
		drop(m, h);
}

/* ---- life ---- */

struct media_desk *
media_desk_new(struct press *p)
{
	struct media_desk *m = x_calloc(1, sizeof(*m));

	m->press = p;
	TAILQ_INIT(&m->list);
	return m;
}

void
media_desk_free(struct media_desk *m)
{
	struct held *h;

	if (!m)
		return;
	while ((h = TAILQ_FIRST(&m->list)))
		drop(m, h);
	table_done(&m->by_name);
	free(m);
}
