/*
 * The engine: what wakes it, and how it stops.
 *
 * Three things go round by themselves: a look at press.db (at a hint, and every
 * second), a pick of what is due (after a look, after an errand, and when the
 * timer says so), and errands, one for each step of a delivery.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "push/engine_parts.h"

enum { EXPECT_MAX_MS = 30 * 1000 };

/* ---- jobs ---- */

void
engine_job_begins(struct engine *e)
{
	e->jobs++;
}

void
engine_job_ended(struct engine *e)
{
	e->jobs--;
}

bool
engine_has_jobs(const struct engine *e)
{
	return e->jobs > 0;
}

/* ---- what goes wrong ---- */

void
engine_failed(struct engine *e, const struct err *why)
{
	if (!e->has_failed)
		courier_tell(e->c, COURIER_STORE_FAILED, S(""), S(""), 0, why);
	e->has_failed = true;
}

void
engine_works(struct engine *e)
{
	e->has_failed = false;
}

void
engine_set_held(struct engine *e, const struct err *why)
{
	bool is_news = why->kind != ERR_NONE && e->held.kind == ERR_NONE;

	e->held = *why;
	e->c->is_fenced = why->kind != ERR_NONE;
	if (is_news)
		courier_tell(e->c, COURIER_ALL_HELD, S(""), S(""), 0, why);
}

const struct err *
engine_is_held(const struct engine *e)
{
	return e->held.kind == ERR_NONE ? NULL : &e->held;
}

bool
engine_believes_clock(struct engine *e)
{
	struct err why;

	if (steady_look(&e->steady, clock_now_ms(), clock_running_ms()) == 0)
		return true;
	err_set(&why, ERR_REFUSED, "the clock jumped ahead by %jd s",
		(intmax_t)e->steady.ahead_ms / 1000);
	err_hint(&why, "Set it, or say \"gazettectl adopt\" if it is right.");
	engine_set_held(e, &why);
	return false;
}

bool
engine_may_send(const struct engine *e)
{
	return !e->is_draining && e->held.kind == ERR_NONE;
}

/* ---- time ---- */

static int64_t
sooner(int64_t a, int64_t b)
{
	return a == 0 || (b > 0 && b < a) ? b : a;
}

void
engine_expect(struct engine *e)
{
	int64_t now = clock_now_ms(), at = e->next_due, wait;

	for (const struct lane *l = e->lanes; l; l = l->next) {
		at = sooner(at, l->wait_until);
		if (l->is_dirty && lane_room(l, now, &wait) == 0)
			at = sooner(at, wait);
	}
	ev_timer_stop(e->c->loop, &e->due);
	if (at == 0 || e->is_draining)
		return;
	at = MIN(MAX(at - now, 1), EXPECT_MAX_MS);
	ev_timer_set(&e->due, (double)at / 1e3, 0);
	ev_timer_start(e->c->loop, &e->due);
}

static void
on_due(struct ev_loop *loop, ev_timer *w, int events)
{
	struct engine *e = w->data;

	(void)loop;
	(void)events;
	/* It is over, though no lane may have room: all are touched. */
	e->next_due = 0;
	lanes_touch(e);
	engine_pick(e);
}

static void
on_poll(struct ev_loop *loop, ev_timer *w, int events)
{
	struct engine *e = w->data;

	(void)loop;
	(void)events;
	if (e->is_draining)
		return;
	if (!e->is_recovered)
		engine_recover(e);
	else if (engine_believes_clock(e))
		engine_look(e);
	engine_prune(e);
	engine_watch_tokens(e);
	/* What a failed database left behind. */
	engine_pick(e);
}

void
engine_wake(struct engine *e)
{
	if (!e->is_draining && e->is_recovered && engine_believes_clock(e))
		engine_look(e);
}

/* ---- life ---- */

static void
take_config(struct engine *e)
{
	struct config *old = e->config;

	e->config = config_ref(e->c->config);
	lanes_follow(e);
	config_unref(old);
}

int
engine_new(struct courier *c, struct engine **ret, struct err *e)
{
	struct engine *n = x_calloc(1, sizeof(*n));

	(void)e;
	n->c = c;
	n->outbox = &outbox_sqlite;
	take_config(n);
	ev_timer_init(&n->poll, on_poll, ENGINE_POLL_MS / 1e3,
		ENGINE_POLL_MS / 1e3);
	ev_init(&n->due, on_due);
	n->poll.data = n->due.data = n;
	ev_timer_start(c->loop, &n->poll);
	steady_look(&n->steady, clock_now_ms(), clock_running_ms());
	engine_recover(n);
	engine_look_now(n);
	*ret = n;
	return 0;
}

void
engine_swap_config(struct engine *e)
{
	take_config(e);
	engine_wake(e);
}

void
engine_drain(struct engine *e)
{
	e->is_draining = true;
	ev_timer_stop(e->c->loop, &e->poll);
	ev_timer_stop(e->c->loop, &e->due);
}

bool
engine_is_drained(const struct engine *e)
{
	return e->n_errands == 0 && e->jobs == 0;
}

void
engine_free(struct engine *e)
{
	if (!e)
		return;
	CHECK(e->jobs == 0 && e->n_errands == 0);
	ev_timer_stop(e->c->loop, &e->poll);
	ev_timer_stop(e->c->loop, &e->due);
	if (!engine_is_held(e))
		engine_tell_witness(e);
	lanes_done(e);
	config_unref(e->config);
	free(e);
}
