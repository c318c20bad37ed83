/*
 * The media desk: answers requests for pictures and other files (media.h).
 *
 * 1. A picture's name is the hash of the bytes: it is the ETag, and what the
 *    tree gives back is checked against it.  So it may be kept by whoever has
 *    it.
 * 2. Another file is kept under its path and its etag: of a new version the
 *    old one is not given.
 * 3. In memory are at most half as many bytes as of documents (cache_bytes),
 *    and what is being sent.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "base/compress.h"
#include "base/table.h"
#include "daemon/media.h"
#include "daemon/shelf.h"
#include "read/image.h"

enum { A_YEAR_S = 365 * 24 * 3600 };

struct waiting {
	struct waiting *next;
	struct serve_request *request;
};

enum { KEY_MAX = TREE_PATH_MAX + HASH_HEX + 2 };

/* A file that is being read, or in memory. */
struct held {
	struct job job;
	struct media_desk *desk;
	TAILQ_ENTRY(held) link;		/* in memory: newest first */
	struct document *doc;		/* NULL while it is being read */
	struct document *loaded;
	struct waiting *waiting;
	const char *type;
	int max_age;
	bool is_media;			/* its name is its hash */
	size_t path_len;
	char key[KEY_MAX];	/* the path in the tree; perhaps " " etag */
};

TAILQ_HEAD(held_list, held);

struct media_desk {
	struct press *press;
	struct table by_key;
	struct held_list list;
	size_t bytes;
};

static struct slice
key_of(const struct held *h)
{
	return slice_str(h->key);
}

static struct slice
path_of(const struct held *h)
{
	return slice(h->key, h->path_len);
}

static void
put_key(const struct tree_file *f, char ret[static KEY_MAX])
{
	int len = f->etag.len ? snprintf(ret, KEY_MAX, "%.*s %.*s",
		ARG(f->path), ARG(f->etag)) :
		snprintf(ret, KEY_MAX, "%.*s", ARG(f->path));

	CHECK(len > 0 && len < KEY_MAX);
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
	table_remove(&m->by_key, key_of(h));
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

/* Is a picture what its name says? */
static bool
is_named_so(const struct held *h, const struct document *d)
{
	struct slice name = slice_from(path_of(h), strlen("media/"));

	return slice_starts(name, slice_str(d->etag));
}

static void
load_run(struct job *j)
{
	struct held *h = CONTAINER_OF(j, struct held, job);
	const struct press *p = h->desk->press;
	struct document *d = document_new();
	struct err e;

	if (p->publish->get(p->publisher, path_of(h), d, &e) == 0)
		hash128_hex(d->body[CODING_IDENTITY], d->etag);
	if (!d->etag[0] || (h->is_media && !is_named_so(h, d))) {
		document_unref(d);
		return;
	}
	/* Read between the renames of the two, perhaps. */
	if (d->body[CODING_GZIP].ptr && !gzip_matches(d->body[CODING_GZIP],
		d->body[CODING_IDENTITY]))
		document_set_body(d, CODING_GZIP, NULL, 0);
	d->type = h->type;
	d->max_age = h->max_age;
	d->immutable = h->is_media;
	d->mtime = h->is_media ? 0 : MIN(d->mtime, clock_now());
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
load(struct media_desk *m, const struct tree_file *f, bool is_media)
{
	struct held *h = x_calloc(1, sizeof(*h));

	h->desk = m;
	h->type = f->type;
	h->max_age = f->max_age;
	h->is_media = is_media;
	h->path_len = f->path.len;
	h->job.run = load_run;
	h->job.done = load_done;
	put_key(f, h->key);
	table_set(&m->by_key, key_of(h), h);
	pool_submit(m->press->pool, &h->job, POOL_NOW);
	return h;
}

static void
serve_file(struct media_desk *m, const struct tree_file *f, bool is_media,
	struct serve_request *r)
{
	char key[KEY_MAX];
	struct held *h;
	struct waiting *w;

	put_key(f, key);
	h = table_get(&m->by_key, slice_str(key));
	if (h && h->doc) {
		TAILQ_REMOVE(&m->list, h, link);
		TAILQ_INSERT_HEAD(&m->list, h, link);
		serve_answer(r, document_ref(h->doc));
		return;
	}
	h = h ? h : load(m, f, is_media);
	w = x_calloc(1, sizeof(*w));
	*w = (struct waiting){ h->waiting, r };
	h->waiting = w;
}

void
media_desk_serve_file(struct media_desk *m, const struct tree_file *f,
	struct serve_request *r)
{
	serve_file(m, f, false, r);
}

/* "media/NAME" */
static struct slice
media_path(struct slice name, char ret[static TREE_PATH_MAX + 1])
{
	int len = snprintf(ret, TREE_PATH_MAX + 1, "media/%.*s", ARG(name));

	CHECK(len > 0 && len <= TREE_PATH_MAX);
	return slice(ret, (size_t)len);
}

bool
media_desk_serve(struct media_desk *m, struct slice name,
	struct serve_request *r)
{
	char path[TREE_PATH_MAX + 1];
	struct tree_file f = { .max_age = A_YEAR_S };

	if (!shelf_is_name(name))
		return false;
	f.path = media_path(name, path);
	f.type = image_type_of(slice_from(name, HASH_HEX + 1));
	serve_file(m, &f, true, r);
	return true;
}

void
media_desk_forget(struct media_desk *m, struct slice name)
{
	char path[TREE_PATH_MAX + 1];
	struct held *h;

	if (!shelf_is_name(name))
		return;
	h = table_get(&m->by_key, media_path(name, path));
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
	table_done(&m->by_key);
	free(m);
}
