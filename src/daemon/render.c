/*
 * Pool jobs that make documents: load from the store, compose, and put them
 * into the tree; or read them back from there.
 *
 * Equal bytes are not published again: no write, no new mtime, no ping.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/compress.h"
#include "daemon/compose.h"
#include "daemon/render.h"
#include "feed/max_age.h"
#include "model/address.h"

/* ---- rendering ---- */

static int
load_feed(struct render_job *r, const struct maker *m)
{
	const struct store_ops *ops = r->press->ops;
	struct feed *f = &r->feed;
	struct feed_page page;

	if (ops->feed(m->reader, r->feed_id, &r->arena, f, &r->failed) < 0)
		return -1;
	f->content = feed_content(r->config, f);
	if (r->page == 0)
		return ops->feed_entries(m->reader, f, feed_limit(r->config,
			f), &r->arena, &r->failed);
	if (ops->feed_page(m->reader, r->feed_id, r->page, &page,
		&r->failed) < 0)
		return -1;
	f->wanted = page.wanted;
	return ops->page_entries(m->reader, f, &page, &r->arena, &r->failed);
}

static void
make_documents(struct render_job *r, const struct maker *m)
{
	CLEANUP(bodies_done) struct bodies entries;
	const struct changes_of what = { r->feed_id, r->page, clock_now() };
	int age;

	bodies_init(&entries);
	if (compose_entries(m, &r->feed, &entries) < 0)
		return;
	/* What was never published has no past to look at. */
	age = r->feed.published == 0 ? MAX_AGE_UNKNOWN :
		compose_max_age(m->press, m->reader, &what, m->arena);
	for (int k = 0; renderers[k]; k++) {
		r->docs[k] = compose_document(m, &r->feed,
			renderers[k], buf_slice(&entries.list[k]));
		if (!r->docs[k])
			err_set(&r->failed, ERR_LIMIT, "the feed is too big");
		else
			r->docs[k]->max_age = age;
	}
}

bool
render_is_done(const struct render_job *r)
{
	return r->failed.kind == ERR_NONE && r->docs[0];
}

/* Give the documents their dates, and say what will have been published. */
static void
prepare(struct render_job *r)
{
	struct publication *p = &r->publication;
	int64_t now = clock_now();

	*p = (struct publication){
		.feed_id = r->feed_id,
		.page = r->page,
		.version = r->feed.wanted,
		.look = r->config->look,
		.is_private = r->docs[0]->is_private,
	};
	for (int k = 0; renderers[k]; k++) {
		struct document *d = r->docs[k];
		const struct copy *old = &r->old[k];
		bool equal = strcmp(d->etag, old->etag) == 0;

		d->mtime = equal ? old->mtime : MAX(now, old->mtime + 1);
		p->copies[k].mtime = d->mtime;
		memcpy(p->copies[k].etag, d->etag, sizeof(d->etag));
		p->changed = p->changed || !equal;
	}
}

static bool
is_news(const struct render_job *r, int format)
{
	return r->force || strcmp(r->publication.copies[format].etag,
		r->old[format].etag) != 0;
}

bool
render_is_news(const struct render_job *r)
{
	return render_is_done(r) && (r->publication.changed || r->force);
}

static void
publish(struct render_job *r)
{
	struct press *p = r->press;
	struct publisher *tree = press_tree(p, r->config, &r->feed);

	for (int k = 0; renderers[k]; k++)
		if (is_news(r, k) && p->publish->put(tree,
			address_feed_file(&r->feed, renderers[k]->ending,
			&r->arena), r->docs[k], &r->failed) < 0) {
			r->failed.kind = MAX(r->failed.kind, ERR_IO);
			return;
		}
}

void
render_run(struct job *j)
{
	struct render_job *first = CONTAINER_OF(j, struct render_job, job), *r;
	const struct press *p = first->press;
	struct store_reader *reader = p->ops->reader_take(p->store);

	for (r = first; r; r = r->next) {
		const struct maker m = { r->press, r->config, r->epoch,
			reader, &r->arena, &r->failed, ALL_FORMATS };

		if (load_feed(r, &m) == 0)
			make_documents(r, &m);
		if (render_is_done(r))
			prepare(r);
	}
	p->ops->reader_give(p->store, reader);
	for (r = first; r && !r->hot; r = r->next)
		if (render_is_news(r))
			publish(r);
}

void
publish_run(struct job *j)
{
	publish(CONTAINER_OF(j, struct render_job, job));
}

void
render_free(struct render_job *r)
{
	for (int k = 0; k < FEED_FORMATS_MAX; k++)
		document_unref(r->docs[k]);
	config_unref(r->config);
	arena_done(&r->arena);
	free(r);
}

/* ---- reading back ---- */

/* Is every body that should be there what was published? */
static bool
is_whole(const struct document *d, const char *etag)
{
	struct slice plain = d->body[CODING_IDENTITY];
	char hash[HASH_HEX + 1];

	hash128_hex(plain, hash);
	return strcmp(hash, etag) == 0 &&
		gzip_matches(d->body[CODING_GZIP], plain) &&
		(!d->body[CODING_BROTLI].ptr ||
		brotli_matches(d->body[CODING_BROTLI], plain));
}

static int
past_age(struct load_job *l)
{
	const struct store_ops *ops = l->press->ops;
	const struct changes_of what = { l->feed_id, l->page, l->copy.mtime };
	struct store_reader *reader = ops->reader_take(l->press->store);
	int age = compose_max_age(l->press, reader, &what, &l->arena);

	ops->reader_give(l->press->store, reader);
	return age;
}

void
load_run(struct job *j)
{
	struct load_job *l = CONTAINER_OF(j, struct load_job, job);
	const struct press *p = l->press;
	struct document *d = document_new();
	struct err e;

	if (p->publish->get(press_tree(p, l->config, &l->feed),
		address_feed_file(&l->feed, l->kind->ending, &l->arena), d,
		&e) < 0 ||
		!is_whole(d, l->copy.etag)) {
		document_unref(d);
		return;
	}
	memcpy(d->etag, l->copy.etag, sizeof(d->etag));
	d->type = l->kind->type;
	d->mtime = l->copy.mtime;
	d->max_age = past_age(l);
	compose_dress(d, l->config, &l->feed, l->kind, &l->arena);
	l->doc = d;
}
