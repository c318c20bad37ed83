/*
 * Pool jobs that make documents: load from the store, render, compress; and
 * put them into the tree.
 *
 * 1. Entries are looked up by (id, revision) in the fragment cache; only what
 *    is not there is loaded whole and rendered.
 * 2. A document stays under FEED_BYTES_MAX: what does not fit loses whole
 *    oldest entries, and is not called complete.
 * 3. Equal bytes are not published again: no write, no new mtime, no ping.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/compress.h"
#include "daemon/render.h"
#include "feed/address.h"
#include "feed/render.h"
#include "feed/syndicate.h"
#include "model/access.h"

enum {
	ENTRY_BYTES_MAX = FEED_BYTES_MAX / 2,
	PAGE_BYTES_MAX = 16 * 1024 * 1024,
	GZIP_LEAST = 200,	/* bytes; below, gzip makes it longer */
	FEED_MAX_AGE = 300,
};

/* The coded bodies, their hash, and nothing of the outside world. */
struct document *
render_document(const char *type, struct buf *body)
{
	CLEANUP(buf_done) struct buf gzip = BUF_INIT(2 * PAGE_BYTES_MAX);
	struct document *d;
	char *bytes;
	size_t len;

	if (!buf_ok(body))
		return NULL;
	d = document_new();
	d->type = type;
	hash128_hex(buf_slice(body), d->etag);
	if (body->len >= GZIP_LEAST)
		gzip_put(&gzip, buf_slice(body));
	bytes = buf_steal(body, &len);
	document_set_body(d, CODING_IDENTITY, bytes, len);
	if (gzip.len > 0 && buf_ok(&gzip)) {
		bytes = buf_steal(&gzip, &len);
		document_set_body(d, CODING_GZIP, bytes, len);
	}
	return d;
}

/* The Link header's value: hubs and self (WebSub section 4). */
static void
set_links(struct document *d, const struct config *c, struct slice address,
	struct arena *a)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(4096);

	for (size_t i = 0; i < c->site.n_hubs; i++)
		buf_printf(&b, "<%.*s>; rel=\"hub\", ",
			ARG(c->site.hubs[i]));
	buf_printf(&b, "<%.*s>; rel=\"self\"",
		ARG(site_address(&c->site, address, a)));
	if (buf_ok(&b))
		document_set_links(d, buf_slice(&b));
}

/* An entry that no feed can hold: its summary, and where the whole is. */
static void
abridge(struct entry *e, const struct config *c, struct arena *a)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(64 * 1024);

	buf_put_str(&b, "<p>");
	buf_put_xml(&b, e->summary);
	buf_put_str(&b, "</p>\n<p><a href=\"");
	buf_put_xml(&b, address_entry(c, e, a));
	buf_put_str(&b, "\">");
	buf_put_xml(&b, e->title);
	buf_put_str(&b, "</a></p>");
	e->html = arena_copy(a, buf_slice(&b));
	e->n_related = 0;
}

static int
put_fragment(struct render_job *r, struct store_reader *reader,
	const struct renderer *kind, const struct entry *listed,
	struct buf *b)
{
	CLEANUP(buf_done) struct buf piece = BUF_INIT(PAGE_BYTES_MAX);
	struct press *p = r->press;
	/* In the second byte: how much of it this feed shows. */
	struct fragment_key key = { listed->article_id, listed->revision,
		r->epoch, syndicate_variant(r->config, &r->feed) << 8 };
	struct entry e;

	if (fragments_get(p->fragments, &key, b))
		return 0;
	if (p->ops->entry(reader, listed, &r->arena, &e, &r->failed) < 0)
		return -1;
	syndicate_entry(r->config, &r->feed, &e, &r->arena);
	kind->entry(&piece, r->config, &e, CONTENT_FULL,
		&r->arena);
	if (piece.len > ENTRY_BYTES_MAX || !buf_ok(&piece)) {
		abridge(&e, r->config, &r->arena);
		buf_reset(&piece);
		kind->entry(&piece, r->config, &e, CONTENT_FULL,
			&r->arena);
	}
	fragments_put(p->fragments, &key, buf_slice(&piece));
	buf_put(b, buf_slice(&piece));
	return 0;
}

/* All entries that fit; the feed's list is cut to those. */
static int
put_entries(struct render_job *r, struct store_reader *reader,
	const struct renderer *kind, struct buf *b)
{
	struct feed *f = &r->feed;

	for (size_t i = 0; i < f->n; i++) {
		size_t before = b->len;

		if (put_fragment(r, reader, kind, &f->list[i], b) < 0)
			return -1;
		if (i > 0 && b->len > FEED_BYTES_MAX) {
			b->len = before;
			f->n = i;
			f->complete = false;
		}
	}
	return 0;
}

static int
load_feed(struct render_job *r, struct store_reader *reader)
{
	const struct store_ops *ops = r->press->ops;

	if (ops->feed(reader, r->feed_id, &r->arena, &r->feed,
		&r->failed) < 0)
		return -1;
	if (ops->feed_entries(reader, &r->feed, &r->arena, &r->failed) < 0)
		return -1;
	syndicate_list(r->config, &r->feed);
	return 0;
}

/* The document of a loaded feed, in one format. */
static struct document *
make_document(struct render_job *r, struct store_reader *reader,
	const struct renderer *kind)
{
	CLEANUP(buf_done) struct buf body = BUF_INIT(PAGE_BYTES_MAX);
	CLEANUP(buf_done) struct buf entries = BUF_INIT(PAGE_BYTES_MAX);
	struct config own;
	const struct config *c = syndicate_config(r->config, &r->feed, &own);
	struct document *d;

	if (put_entries(r, reader, kind, &entries) < 0)
		return NULL;
	kind->head(&body, c, &r->feed, &r->arena);
	buf_put(&body, buf_slice(&entries));
	kind->tail(&body);
	d = render_document(kind->type, &body);
	if (!d) {
		err_set(&r->failed, ERR_LIMIT, "the feed is too big");
		return NULL;
	}
	d->max_age = FEED_MAX_AGE;
	d->is_private = channel_is_private(r->config, &r->feed);
	r->address = address_feed(&r->feed, kind->ending, &r->arena);
	set_links(d, c, r->address, &r->arena);
	return d;
}

/* Give the document its date, and say what will have been published. */
static void
prepare(struct render_job *r)
{
	struct document *d = r->doc;
	bool equal = strcmp(d->etag, r->old_etag) == 0;

	d->mtime = equal ? r->old_mtime :
		MAX(clock_now(), r->old_mtime + 1);
	r->publication = (struct publication){
		.feed_id = r->feed_id,
		.version = r->feed.wanted,
		.mtime = d->mtime,
		.look = config_look(r->config),
		.changed = !equal,
		.is_private = d->is_private,
	};
	memcpy(r->publication.etag, d->etag, sizeof(d->etag));
}

bool
render_is_news(const struct render_job *r)
{
	return r->doc && (r->publication.changed || r->force);
}

static void
publish(struct render_job *r)
{
	struct press *p = r->press;

	if (p->publish->put(press_tree(p, r->config, &r->feed),
		address_feed_file(&r->feed,
		renderers[0]->ending, &r->arena), r->doc, &r->failed) < 0)
		r->failed.kind = MAX(r->failed.kind, ERR_IO);
}

void
render_run(struct job *j)
{
	struct render_job *first = CONTAINER_OF(j, struct render_job, job), *r;
	const struct press *p = first->press;
	struct store_reader *reader = p->ops->reader_take(p->store);

	for (r = first; r; r = r->next) {
		if (load_feed(r, reader) == 0)
			r->doc = make_document(r, reader, renderers[0]);
		if (r->doc)
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

/* Is every body that should be there what was published? */
static bool
is_whole(const struct document *d, const char *etag)
{
	char hash[HASH_HEX + 1];

	hash128_hex(d->body[CODING_IDENTITY], hash);
	return strcmp(hash, etag) == 0 && gzip_matches(
		d->body[CODING_GZIP], d->body[CODING_IDENTITY]);
}

void
load_run(struct job *j)
{
	struct load_job *l = CONTAINER_OF(j, struct load_job, job);
	struct document *d = document_new();
	struct config own;
	const struct config *c = syndicate_config(l->config, &l->feed, &own);
	struct err e;

	if (l->press->publish->get(press_tree(l->press, l->config, &l->feed),
		l->file, d, &e) < 0 ||
		!is_whole(d, l->etag)) {
		document_unref(d);
		return;
	}
	memcpy(d->etag, l->etag, sizeof(d->etag));
	d->type = renderers[0]->type;
	d->mtime = l->mtime;
	d->max_age = FEED_MAX_AGE;
	d->is_private = channel_is_private(l->config, &l->feed);
	set_links(d, c, l->address, &l->arena);
	l->doc = d;
}
