/*
 * Deltas (RFC 3229, "A-IM: feed"): what changed of a feed since the version
 * that a reader has.
 *
 * 1. A delta leads to exactly the document that other readers get at that
 *    moment, under the same tag.
 * 2. Where it cannot say all that changed, or is not shorter than the whole,
 *    there is none: the reader gets the whole.
 */
#include <stdio.h>
#include <stdlib.h>

#include "daemon/compose.h"
#include "daemon/unit.h"
#include "model/address.h"
#include "serve/negotiate.h"

enum { TAGS_MAX = 8 };	/* of a request, that are looked at */

struct delta_job {
	struct job job;
	struct press *press;
	struct config *config;	/* a reference */
	uint64_t epoch;
	struct shown *shown;	/* the loop's */
	int64_t feed_id;
	int format;
	struct copy copy;	/* what it has to lead to, */
	size_t whole;		/* and how long that is */
	struct slice tags[TAGS_MAX];	/* what the reader has */
	size_t n_tags;
	struct serve_request *request;
	struct arena arena;
	struct document *doc;	/* NULL: there is none */
};

/* ---- pool ---- */

/* nginx's tag: the date and the length in hex, of what it serves itself. */
static bool
is_of(const struct copy *c, struct slice tag)
{
	char date[24];
	int len = snprintf(date, sizeof(date), "%jx-", (intmax_t)c->mtime);

	return c->etag[0] && (slice_eq(tag, slice_str(c->etag)) ||
		slice_starts(tag, slice(date, (size_t)len)));
}

/* The newest version that the reader has; NULL: none that we know. */
static const struct feed_version *
find_base(const struct delta_job *d, const struct feed_version *list,
	size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < d->n_tags; k++)
			if (is_of(&list[i].copies[d->format], d->tags[k]))
				return &list[i];
	return NULL;
}

/* Leave in the feed what changed since; false: that cannot be said. */
static bool
reduce(struct feed *f, const struct renderer *kind, int64_t since)
{
	size_t kept = 0, gone = 0;

	f->updated = feed_updated(f);
	for (size_t i = 0; i < f->n; i++)
		if (f->list[i].changed > since)
			f->list[kept++] = f->list[i];
	for (size_t i = 0; i < f->n_gone; i++)
		if (f->gone[i].changed > since)
			f->gone[gone++] = f->gone[i];
	f->n = kept;
	f->n_gone = gone;
	f->delta = true;
	return f->left <= since && (gone == 0 || kind->has_tombstones);
}

static struct document *
make_delta(struct delta_job *d, const struct maker *m, struct feed *f,
	const struct feed_version *base)
{
	const struct renderer *kind = renderers[d->format];
	CLEANUP(bodies_done) struct bodies entries;
	struct document *doc;

	bodies_init(&entries);
	f->content = feed_content(d->config, f);
	if (m->press->ops->feed_entries(m->reader, f, feed_limit(d->config,
		f), m->arena, m->failed) < 0 ||
		!reduce(f, kind, base->version) ||
		compose_entries(m, f, &entries) < 0)
		return NULL;
	doc = compose_document(m, f, kind,
		buf_slice(&entries.list[d->format]));
	if (!doc)
		return NULL;
	doc->status = 226;
	doc->mtime = d->copy.mtime;
	memcpy(doc->etag, d->copy.etag, sizeof(doc->etag));
	memcpy(doc->delta_base, base->copies[d->format].etag,
		sizeof(doc->delta_base));
	return doc;
}

static void
delta_run(struct job *j)
{
	struct delta_job *d = CONTAINER_OF(j, struct delta_job, job);
	const struct store_ops *ops = d->press->ops;
	struct store_reader *reader = ops->reader_take(d->press->store);
	struct err e = { 0 };
	const struct maker m = { d->press, d->config, d->epoch, reader,
		&d->arena, &e, d->format };
	const struct feed_version *base;
	struct feed_version *list;
	struct feed f;
	size_t n;

	/* It must lead to exactly what readers without a delta get now. */
	if (ops->feed(reader, d->feed_id, &d->arena, &f, &e) == 0 &&
		strcmp(f.copies[d->format].etag, d->copy.etag) == 0 &&
		f.published == f.wanted && ops->versions(reader, d->feed_id,
		&d->arena, &list, &n, &e) == 0 &&
		(base = find_base(d, list, n)))
		d->doc = make_delta(d, &m, &f, base);
	/* The whole is as long as what is in memory says. */
	if (d->doc && document_size(d->doc) >= d->whole) {
		document_unref(d->doc);
		d->doc = NULL;
	}
	ops->reader_give(d->press->store, reader);
}

/* ---- loop ---- */

void
delta_forget(struct shown *s)
{
	while (s->n_deltas > 0)
		document_unref(s->deltas[--s->n_deltas]);
}

/* Keep it for the next reader who has the same version. */
static void
keep(struct shown *s, struct document *d)
{
	if (s->n_deltas == DELTAS_MAX)
		document_unref(s->deltas[--s->n_deltas]);
	memmove(&s->deltas[1], &s->deltas[0],
		s->n_deltas * sizeof(s->deltas[0]));
	s->deltas[0] = document_ref(d);
	s->n_deltas++;
}

static void
delta_free(struct delta_job *d)
{
	config_unref(d->config);
	arena_done(&d->arena);
	free(d);
}

static void
delta_done(struct job *j)
{
	struct delta_job *d = CONTAINER_OF(j, struct delta_job, job);
	struct shown *s = d->shown;

	if (d->doc && strcmp(s->copy.etag, d->copy.etag) == 0 &&
		d->epoch == d->press->epoch)
		keep(s, d->doc);
	if (d->doc)
		serve_answer(d->request, document_ref(d->doc));
	else
		copies_serve(d->press->feeds, s, d->request);
	document_unref(d->doc);
	delta_free(d);
}

/* The tags that a request lists, without what says their coding. */
static size_t
list_tags(const struct head *h, struct arena *a,
	struct slice ret[static TAGS_MAX])
{
	struct slice list, tag;
	size_t n = 0;

	for (size_t i = 0; i < h->if_none_match.n; i++) {
		list = h->if_none_match.line[i];
		while (n < TAGS_MAX && negotiate_next_tag(&list, &tag))
			ret[n++] = arena_copy(a, negotiate_plain_tag(tag));
	}
	return n;
}

static struct document *
find_kept(const struct shown *s, const struct delta_job *d)
{
	for (size_t i = 0; i < s->n_deltas; i++)
		for (size_t k = 0; k < d->n_tags; k++)
			if (slice_eq(d->tags[k],
				slice_str(s->deltas[i]->delta_base)))
				return s->deltas[i];
	return NULL;
}

static bool
has_present(const struct delta_job *d)
{
	for (size_t k = 0; k < d->n_tags; k++)
		if (is_of(&d->copy, d->tags[k]))
			return true;
	return false;
}

static struct delta_job *
delta_new(struct feeds *f, struct shown *s, struct serve_request *r)
{
	struct delta_job *d = x_calloc(1, sizeof(*d));

	d->job.run = delta_run;
	d->job.done = delta_done;
	d->press = f->press;
	d->config = config_ref(f->press->config);
	d->epoch = f->press->epoch;
	d->shown = s;
	d->feed_id = s->unit->key.feed_id;
	d->format = (int)(s - s->unit->shown);
	d->copy = s->copy;
	d->whole = s->doc ? document_size(s->doc) : FEED_BYTES_MAX;
	d->request = r;
	d->n_tags = list_tags(serve_head(r), &d->arena, d->tags);
	return d;
}

bool
delta_serve(struct feeds *f, struct shown *s, struct serve_request *r)
{
	const struct head *h = serve_head(r);
	struct document *kept;
	struct delta_job *d;

	/* A page of an archive changes by a withdrawal only. */
	if (!h || s->unit->key.page > 0 || s->unit->gone ||
		!s->copy.etag[0] || !negotiate_wants_feed(&h->a_im))
		return false;
	d = delta_new(f, s, r);
	kept = find_kept(s, d);
	if (!kept && d->n_tags > 0 && !has_present(d)) {
		pool_submit(f->press->pool, &d->job, POOL_NOW);
		return true;
	}
	if (kept)
		serve_answer(r, document_ref(kept));
	delta_free(d);
	return kept != NULL;
}
