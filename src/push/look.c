/*
 * A look at press.db: what was announced since the last one, planned.
 *
 *	pool	read both databases; do they fit (the fence)?  What does each
 *		announcement mean for each target?
 *	store	in one transaction: move the cursor, insert the deliveries,
 *		start the fan-out of feeds; make new targets known
 *	loop	again, if there was more
 *
 * What is read may be old by the time it is written: then the cursor is not
 * where it was, and the look is repeated.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/crash.h"
#include "push/engine_parts.h"
#include "push/fence.h"
#include "push/ring.h"
#include "push/route.h"

struct look {
	struct job job;
	struct store_job store_job;
	struct engine *engine;
	struct config *config;
	struct arena arena;
	int64_t now;
	/* Found by the pool: */
	struct err failed;
	struct err held;
	struct fence fence;
	struct outbox_target *known;
	size_t n_known;
	bool has_new_target;
	struct outbox_cursor to;
	struct announcement *news;
	size_t n_news;
	struct outbox_planned *list;
	size_t n;
	bool is_moved;		/* there is a cursor to be written */
};

/* ---- on a pool thread ---- */

static int
read_targets(struct look *l, struct store_reader *r, struct err *e)
{
	if (l->engine->outbox->targets(r, &l->arena, &l->known, &l->n_known,
		e) < 0)
		return err_in(e, "reading courier.db");
	for (size_t i = 0; i < l->config->n_targets; i++)
		if (!route_known(l->known, l->n_known,
			l->config->targets[i].name))
			l->has_new_target = true;
	return 0;
}

static int
route_all(struct look *l, struct store_reader *press, struct err *e)
{
	CLEANUP(route_done) struct route r = {
		.config = l->config,
		.ops = l->engine->c->ops,
		.press = press,
		.known = l->known,
		.n_known = l->n_known,
		.stream = l->fence.stream,
		.now_ms = l->now,
		.arena = &l->arena,
	};

	for (size_t i = 0; i < l->n_news; i++)
		if (route_announcement(&r, &l->news[i], e) < 0)
			return err_in(e, "reading press.db");
	l->list = r.list;
	l->n = r.n;
	return 0;
}

static int
read_news(struct look *l, struct store_reader *press, struct err *e)
{
	const struct fence *f = &l->fence;

	if (f->stream.len == 0 || l->has_new_target)
		return 0;	/* the new one is made known first */
	if (l->engine->c->ops->announcements(press, f->cursor.seq,
		OUTBOX_PLAN_MAX, &l->arena, &l->news, &l->n_news, e) < 0)
		return err_in(e, "reading press.db");
	if (l->n_news == 0)
		return 0;
	CRASH_POINT(plan_read);
	l->is_moved = true;
	l->to = (struct outbox_cursor){ .known = true,
		.seq = l->news[l->n_news - 1].seq, .stream = f->stream,
		.mark = fence_mark(&l->news[l->n_news - 1], &l->arena) };
	return route_all(l, press, e);
}

static int
read_all(struct look *l, const struct fence_source *from, struct err *e)
{
	if (fence_read(from, &l->arena, &l->fence, e) < 0 ||
		read_targets(l, from->courier, e) < 0)
		return -1;
	if (fence_check(&l->fence, &l->held) < 0)
		return 0;
	/* What it said of a courier.db that is lost says nothing of this. */
	if (fence_write_witness(from->conf->state_dir, &l->fence, e) < 0)
		return -1;
	if (l->fence.cursor.known)
		return read_news(l, from->press, e);
	/*
	 * The first look of all: what is announced is old.  Where there is no
	 * press.db yet, all that it will announce is new.
	 */
	l->is_moved = true;
	return fence_end(from, &l->fence, &l->arena, &l->to, e);
}

static void
look_run(struct job *j)
{
	struct look *l = CONTAINER_OF(j, struct look, job);
	const struct courier *c = l->engine->c;
	const struct fence_source from = {
		.ops = c->ops,
		.outbox = l->engine->outbox,
		.conf = &l->config->courier,
		.courier = c->ops->reader_take(c->store),
		.press = c->ops->reader_take(c->press),
	};
	int ret = read_all(l, &from, &l->failed);

	CHECK(ret == 0 || l->failed.kind != ERR_NONE);
	c->ops->reader_give(c->press, from.press);
	c->ops->reader_give(c->store, from.courier);
}

/* ---- on the store's thread ---- */

static int
fan_out(const struct look *l, struct store_tx *tx, struct err *e)
{
	for (size_t i = 0; i < l->n_news; i++)
		if (l->news[i].kind == ANNOUNCED_FEED && ring_announce(tx,
			l->news[i].feed_id, l->news[i].version, e) < 0)
			return -1;
	return 0;
}

static int
write_all(const struct look *l, struct store_tx *tx, struct err *e)
{
	const struct outbox_ops *o = l->engine->outbox;
	const struct fence *f = &l->fence;

	if (l->is_moved && (o->plan(tx, &f->cursor, &l->to, l->list, l->n,
		l->now, e) < 0 || fan_out(l, tx, e) < 0))
		return -1;
	if (f->instance.len == 0 && o->set_instance(tx, f->self, e) < 0)
		return -1;
	/* Behind the cursor: a new target begins there. */
	return o->sync(tx, l->config->targets, l->config->n_targets, l->now,
		e);
}

static void
write_run(struct store_job *j, struct store_tx *tx)
{
	struct look *l = CONTAINER_OF(j, struct look, store_job);

	if (write_all(l, tx, &j->failed) < 0)
		j->failed.kind = MAX(j->failed.kind, ERR_IO);
	else
		CRASH_POINT(plan_commit);
}

/* ---- on the loop ---- */

static void
look_free(struct look *l)
{
	config_unref(l->config);
	arena_done(&l->arena);
	free(l);
}

/* The end of a look: is there to be another one? */
static void
look_end(struct engine *e, bool again)
{
	e->is_looking = false;
	if ((e->look_again || again) && engine_believes_clock(e))
		engine_look(e);
}

/* One line for a target, however many they are. */
static void
tell_skipped_of(struct look *l, const struct outbox_target *t)
{
	const struct outbox_planned *first = NULL;
	struct err why;
	int64_t n = 0;

	for (size_t i = 0; i < l->n; i++) {
		const struct outbox_planned *p = &l->list[i];

		if (p->target_id != t->id || p->state != OUTBOX_SKIPPED)
			continue;
		first = first ? first : p;
		n++;
	}
	if (n == 0)
		return;
	err_set(&why, ERR_REFUSED, "%.*s", ARG(first->why));
	courier_tell(l->engine->c, COURIER_SKIPPED, t->name, n == 1 ?
		first->subject : S(""), n, &why);
}

static void
tell_skipped(struct look *l)
{
	for (size_t i = 0; i < l->n_known && l->n > 0; i++)
		tell_skipped_of(l, &l->known[i]);
}

static void
look_written(struct look *l)
{
	struct engine *e = l->engine;

	CRASH_POINT(planned);
	engine_works(e);
	tell_skipped(l);
	if (l->n_news > 0 && e->c->ring)
		ring_wake(e->c->ring);
	lanes_touch(e);
	engine_pick(e);
}

static void
write_done(struct store_job *j)
{
	struct look *l = CONTAINER_OF(j, struct look, store_job);
	struct engine *e = l->engine;
	/* The look after this one tells the witness. */
	bool again = l->is_moved || l->has_new_target;

	engine_job_ended(e);
	if (j->failed.kind == ERR_NONE)
		look_written(l);
	else if (j->failed.kind == ERR_BUSY)
		again = true;
	else {
		/* The poll looks again. */
		again = false;
		engine_failed(e, &j->failed);
	}
	look_end(e, again && !e->is_draining);
	look_free(l);
}

static bool
has_something(const struct look *l)
{
	return l->is_moved || l->has_new_target || l->fence.instance.len == 0;
}

static void
look_done(struct job *j)
{
	struct look *l = CONTAINER_OF(j, struct look, job);
	struct engine *e = l->engine;
	bool goes_on = l->failed.kind == ERR_NONE;

	if (goes_on && e->steady.ahead_ms == 0)
		engine_set_held(e, &l->held);
	else if (!goes_on)
		engine_failed(e, &l->failed);
	if (goes_on && engine_may_send(e) && has_something(l)) {
		e->c->ops->submit(e->c->store, &l->store_job);
		return;
	}
	engine_job_ended(e);
	look_end(e, false);
	look_free(l);
}

void
engine_tell_witness(struct engine *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct store_reader *r = e->c->ops->reader_take(e->c->store);
	struct fence f = { 0 };
	struct err ignored;

	/* Without it an older courier.db is known a second less well. */
	if (e->outbox->cursor(r, &a, &f.cursor, &f.instance, &ignored) == 0 &&
		f.cursor.known && e->outbox->begun(r, &f.begun, &ignored) == 0
		&& fence_write_witness(e->config->courier.state_dir, &f,
		&ignored) < 0)
		engine_failed(e, &ignored);
	e->c->ops->reader_give(e->c->store, r);
}

static struct look *
look_new(struct engine *e)
{
	struct look *l = x_calloc(1, sizeof(*l));

	l->job.run = look_run;
	l->job.done = look_done;
	l->store_job.run = write_run;
	l->store_job.done = write_done;
	l->engine = e;
	l->config = config_ref(e->config);
	l->now = clock_now_ms();
	e->is_looking = true;
	e->look_again = false;
	engine_job_begins(e);
	return l;
}

void
engine_look_now(struct engine *e)
{
	struct look *l = look_new(e);

	look_run(&l->job);
	look_done(&l->job);
}

void
engine_look(struct engine *e)
{
	if (e->is_looking || e->is_draining) {
		e->look_again = e->is_looking;
		return;
	}
	pool_submit(e->c->pool, &look_new(e)->job, POOL_NOW);
}
