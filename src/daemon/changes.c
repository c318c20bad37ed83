/*
 * The change streams, made on request in the pool: a page is one read of a
 * hundred rows, and who reads them is few.
 */
#include <stdlib.h>

#include "base/uri.h"
#include "daemon/changes.h"
#include "daemon/compose.h"
#include "daemon/site.h"
#include "feed/changes.h"
#include "model/access.h"
#include "model/address.h"

enum { BYTES_MAX = 4 * 1024 * 1024, CURSOR_MAX = 100 };

static const char type[] = "application/json; charset=utf-8";

struct changes_job {
	struct job job;
	struct press *press;
	struct config *config;		/* a reference */
	struct serve_request *request;
	struct arena arena;
	struct feed feed;		/* kind and slug; then all of it */
	struct slice after;		/* the cursor; empty: none */
	struct document *doc;		/* NULL: there is no such channel */
};

/* 410: what the cursor counted is not there any more. */
static void
make_document(struct changes_job *c, struct store_reader *reader)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(BYTES_MAX);
	const struct store_ops *ops = c->press->ops;
	struct changes page;
	int64_t after = -1;
	struct err e;

	/* An empty page tells whose numbers these are. */
	if (ops->changes(reader, c->feed.id, INT64_MAX - 1, 0, &c->arena,
		&page, &e) < 0)
		return;
	after = changes_cursor(c->after, page.stream);
	if (after >= 0 && ops->changes(reader, c->feed.id, after,
		CHANGES_PAGE_MAX, &c->arena, &page, &e) < 0)
		return;
	if (after >= 0)
		changes_put(&b, c->config, &c->feed, &page, after, &c->arena);
	else
		changes_put_lost(&b, c->config, &c->feed, &c->arena);
	c->doc = render_document(type, &b);
	if (!c->doc)
		return;
	c->doc->status = after >= 0 ? 200 : 410;
	c->doc->is_private = channel_is_private(c->config, &c->feed);
}

static void
changes_run(struct job *j)
{
	struct changes_job *c = CONTAINER_OF(j, struct changes_job, job);
	const struct store_ops *ops = c->press->ops;
	struct store_reader *reader = ops->reader_take(c->press->store);
	struct err e;

	if (ops->feed_named(reader, c->feed.kind, c->feed.slug, &c->arena,
		&c->feed, &e) == 0)
		make_document(c, reader);
	ops->reader_give(c->press->store, reader);
}

static void
changes_done(struct job *j)
{
	struct changes_job *c = CONTAINER_OF(j, struct changes_job, job);

	if (c->doc)
		serve_answer(c->request, c->doc);
	else
		site_answer_nothing(c->press, c->request);
	config_unref(c->config);
	arena_done(&c->arena);
	free(c);
}

/* The cursor, decoded; one that cannot be any is left as it was sent. */
static struct slice
cursor_of(const struct serve_request *r, struct arena *a)
{
	struct slice raw = serve_argument(r, S("after"));
	struct slice plain;

	if (!raw.ptr)
		return S("");
	raw = slice_sub(raw, 0, CURSOR_MAX);
	plain = uri_decode(raw, a);
	return plain.ptr ? plain : arena_copy(a, raw);
}

bool
changes_serve(struct press *p, struct slice path, struct serve_request *r)
{
	struct changes_job *c;
	struct slice rest;

	if (!slice_ends(path, S("/changes.json")))
		return false;
	c = x_calloc(1, sizeof(*c));
	if (!address_parse_feed(path, &c->arena, &c->feed, &rest) ||
		!slice_eq(rest, S("/changes.json"))) {
		arena_done(&c->arena);
		free(c);
		return false;
	}
	c->job.run = changes_run;
	c->job.done = changes_done;
	c->press = p;
	c->config = config_ref(p->config);
	c->request = r;
	c->after = cursor_of(r, &c->arena);
	pool_submit(p->pool, &c->job, POOL_NOW);
	return true;
}
