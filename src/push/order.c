/*
 * Orders: what the operator wants of the outbox.
 *
 * What has to be read first is read by a pool job; then all of an order is one
 * job of the store, so it is done or it is not.
 */
#include "base/clock.h"
#include "push/engine_parts.h"
#include "push/fence.h"
#include "push/route.h"

enum { BACKFILL_PAGE = 200, BACKFILL_MAX = 100000 };

/* ---- on a pool thread: adoption ---- */

static int
read_adoption(struct engine_order *o, struct store_reader *r,
	struct store_reader *press, struct err *e)
{
	const struct fence_source from = {
		.ops = o->engine->c->ops,
		.outbox = o->engine->outbox,
		.conf = &o->config->courier,
		.courier = r,
		.press = press,
	};
	struct fence f = { 0 };
	struct err ignored;

	if (fence_read(&from, &o->arena, &f, e) < 0 ||
		fence_end(&from, &f, &o->arena, &o->cursor, e) < 0)
		return -1;
	/* Only the clock was not believed: no other copy has sent anything. */
	o->fits = fence_check(&f, &ignored) == 0;
	if (o->fits)
		return 0;
	o->self = f.self;
	o->is_anew = fence_is_anew(&f);
	/* Now, or it would accuse the database that is adopted. */
	f.cursor = o->cursor;
	return fence_write_witness(from.conf->state_dir, &f, e);
}

/* ---- on a pool thread: what is to be owed ---- */

static int
find_target(struct engine_order *o, struct route *r,
	struct store_reader *store, const struct outbox_target **ret,
	struct err *e)
{
	struct outbox_target *list;
	size_t n;

	if (o->engine->outbox->targets(store, &o->arena, &list, &n, e) < 0)
		return -1;
	*ret = route_known(list, n, o->target);
	if (*ret && config_target(r->config, o->target))
		return 0;
	err_set(e, ERR_MISSING, "there is no target \"%.*s\"",
		ARG(o->target));
	return err_hint(e, "\"gazettectl targets\" lists them.");
}

static int
must_take_articles(const struct engine_order *o, struct err *e)
{
	const struct target *t = config_target(o->config, o->target);

	if (t->ops->can & CAN_ARTICLES)
		return 0;
	return err_set(e, ERR_REFUSED, "the target \"%.*s\" is told of feeds, "
		"not of articles", ARG(o->target));
}

static int
read_again(struct engine_order *o, struct route *r,
	const struct outbox_target *known, struct err *e)
{
	struct entry entry;

	if (must_take_articles(o, e) < 0 || r->ops->entry_by_path(r->press,
		o->path, r->arena, &entry, e) < 0)
		return -1;
	if (entry.state == STATE_WITHDRAWN)
		return err_set(e, ERR_REFUSED, "\"%.*s\" is withdrawn",
			ARG(o->path));
	route_asked(r, known, &entry, r->now_ms, true);
	return 0;
}

/* Was it ever owed to the target, whatever became of it? */
static int
was_owed(struct engine_order *o, struct store_reader *store,
	int64_t article_id, bool *ret, struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	const struct outbox_filter f = { .target = o->target,
		.subject = route_article_subject(article_id, &a), .max = 1 };
	struct outbox_row *rows;
	size_t n;

	if (o->engine->outbox->list(store, &f, &a, &rows, &n, e) < 0)
		return -1;
	*ret = n > 0;
	return 0;
}

static int
read_page(struct engine_order *o, struct route *r, struct store_reader *store,
	const struct outbox_target *known, const struct entry *page,
	size_t n, struct err *e)
{
	const struct target *t = config_target(o->config, o->target);
	bool owed, wanted;

	for (size_t i = 0; i < n; i++) {
		if (route_is_wanted(r, t, &page[i], &wanted, e) < 0 ||
			was_owed(o, store, page[i].article_id, &owed, e) < 0)
			return -1;
		if (wanted && !owed)
			route_asked(r, known, &page[i], r->now_ms +
				(int64_t)r->n * o->every_ms, false);
	}
	if (r->n <= BACKFILL_MAX)
		return 0;
	err_set(e, ERR_LIMIT, "more than %d articles at once", BACKFILL_MAX);
	return err_hint(e, "Do it in parts, by \"--from\" and \"--to\".");
}

static int
read_backfill(struct engine_order *o, struct route *r,
	struct store_reader *store, const struct outbox_target *known,
	struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	const struct entry *behind = NULL;
	struct entry *page, last;
	size_t n = BACKFILL_PAGE;

	if (must_take_articles(o, e) < 0)
		return -1;
	while (n == BACKFILL_PAGE) {
		arena_reset(&a);
		if (r->ops->articles(r->press, o->from, o->to, behind,
			BACKFILL_PAGE, &a, &page, &n, e) < 0 ||
			read_page(o, r, store, known, page, n, e) < 0)
			return -1;
		if (n == 0)
			break;
		/* Its place is in its numbers; its texts go. */
		last = page[n - 1];
		behind = &last;
	}
	return 0;
}

static int
read_owed(struct engine_order *o, struct store_reader *store,
	struct store_reader *press, struct err *e)
{
	CLEANUP(route_done) struct route r = {
		.config = o->config,
		.ops = o->engine->c->ops,
		.press = press,
		.now_ms = clock_now_ms(),
		.arena = &o->arena,
	};
	const struct outbox_target *known = NULL;
	int ret = find_target(o, &r, store, &known, e);

	if (ret == 0 && o->verb == ENGINE_TEST)
		route_ping(&r, known);
	else if (ret == 0 && o->verb == ENGINE_AGAIN)
		ret = read_again(o, &r, known, e);
	else if (ret == 0)
		ret = read_backfill(o, &r, store, known, e);
	o->list = r.list;
	o->n_list = r.n;
	o->n = (int64_t)r.n;
	return ret;
}

static void
order_read(struct job *j)
{
	struct engine_order *o = CONTAINER_OF(j, struct engine_order, job);
	const struct courier *c = o->engine->c;
	struct store_reader *r = c->ops->reader_take(c->store);
	struct store_reader *press = c->ops->reader_take(c->press);
	int ret;

	if (o->verb == ENGINE_ADOPT)
		ret = read_adoption(o, r, press, &o->failed);
	else
		ret = read_owed(o, r, press, &o->failed);
	if (ret < 0 && o->failed.kind == ERR_NONE)
		o->failed.kind = ERR_IO;
	c->ops->reader_give(c->press, press);
	c->ops->reader_give(c->store, r);
}

/* ---- on the store's thread ---- */

static int
adopt(struct engine_order *o, struct store_tx *tx, int64_t now, struct err *e)
{
	const struct outbox_ops *b = o->engine->outbox;

	if (o->fits)
		return 0;
	if (o->is_anew && b->retire(tx, now, e) < 0)
		return -1;
	return b->adopt(tx, &o->cursor, o->self, now, &o->n, e);
}

static int
write_order(struct engine_order *o, struct store_tx *tx, struct err *e)
{
	const struct outbox_ops *b = o->engine->outbox;
	int64_t now = clock_now_ms();
	size_t added;

	switch (o->verb) {
	case ENGINE_ADOPT:
		return adopt(o, tx, now, e);
	case ENGINE_PAUSE:
		return b->set_target(tx, o->target, TARGET_PAUSED, o->why,
			now, e);
	case ENGINE_HOLD:
		return b->set_target(tx, o->target, TARGET_HELD, o->why, now,
			e);
	case ENGINE_RESUME:
		return b->set_target(tx, o->target, TARGET_ACTIVE, S(""), now,
			e);
	case ENGINE_ACT:
		return b->act(tx, o->act, o->id, now, e);
	case ENGINE_TEST:
	case ENGINE_AGAIN:
	case ENGINE_BACKFILL:
		break;
	}
	if (b->add(tx, o->list, o->n_list, now, &added, e) < 0)
		return -1;
	o->n = (int64_t)added;
	return 0;
}

static void
order_write(struct store_job *j, struct store_tx *tx)
{
	struct engine_order *o = CONTAINER_OF(j, struct engine_order,
		store_job);

	if (write_order(o, tx, &j->failed) < 0)
		j->failed.kind = MAX(j->failed.kind, ERR_IO);
}

/* ---- on the loop ---- */

static void
order_end(struct engine_order *o)
{
	struct engine *e = o->engine;
	bool is_done = o->failed.kind == ERR_NONE;

	if (is_done && o->verb == ENGINE_ADOPT) {
		steady_believe(&e->steady);
		engine_set_held(e, &(struct err){ 0 });
	}
	if (is_done && o->verb == ENGINE_RESUME)
		lane_mend(e, o->target);
	engine_job_ended(e);
	config_unref(o->config);
	arena_done(&o->arena);
	if (is_done) {
		lanes_touch(e);
		engine_wake(e);
		engine_pick(e);
	}
	o->done(o);
}

static void
order_written(struct store_job *j)
{
	struct engine_order *o = CONTAINER_OF(j, struct engine_order,
		store_job);

	o->failed = j->failed;
	order_end(o);
}

static void
order_submit(struct engine_order *o)
{
	o->store_job = (struct store_job){ .run = order_write,
		.done = order_written };
	o->engine->c->ops->submit(o->engine->c->store, &o->store_job);
}

static void
order_was_read(struct job *j)
{
	struct engine_order *o = CONTAINER_OF(j, struct engine_order, job);

	if (o->failed.kind != ERR_NONE || (o->dry &&
		o->verb == ENGINE_BACKFILL))
		order_end(o);
	else
		order_submit(o);
}

static bool
reads_first(enum engine_verb verb)
{
	return verb == ENGINE_ADOPT || verb >= ENGINE_TEST;
}

void
engine_order(struct engine *e, struct engine_order *o)
{
	o->engine = e;
	o->config = config_ref(e->config);
	o->failed = (struct err){ 0 };
	o->n = 0;
	engine_job_begins(e);
	if (!reads_first(o->verb)) {
		order_submit(o);
		return;
	}
	o->job = (struct job){ .run = order_read, .done = order_was_read };
	pool_submit(e->c->pool, &o->job, POOL_NOW);
}
