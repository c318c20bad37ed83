/*
 * Releases: what waits for its time goes out at its second.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/event.h"
#include "base/steady.h"
#include "daemon/releases.h"

enum {
	DUE_MAX = 1000,		/* files that are marked in one callback */
	LOOK_MS = 10000,	/* at the clock, at least so often */
	AGAIN_MS = 1000,	/* what is due, and was marked */
};

struct releases {
	struct press *press;
	struct ev_timer timer;
	struct steady steady;
	int64_t next;		/* the first, seconds; 0: none waits */
	bool noted, asking;

	/* The job under way. */
	struct job job;
	struct arena arena;
	int64_t now;
	struct file_waits waits;
	struct slice *due;
	size_t n_due;
	struct err failed;
};

/* ---- the clock ---- */

static int64_t
look(struct releases *r)
{
	int64_t was = r->steady.ahead_ms;
	int64_t ahead = steady_look(&r->steady, clock_now_ms(),
		clock_running_ms());

	if (was == 0 && ahead > 0)
		event(EV_CLOCK_JUMPED, F_NUM("seconds", ahead / 1000));
	else if (was > 0 && ahead == 0)
		event(EV_CLOCK_STEADY);
	return ahead;
}

int64_t
releases_ahead(struct releases *r)
{
	return (look(r) + 999) / 1000;
}

/* ---- what is due ---- */

static void
arm(struct releases *r)
{
	int64_t wait = LOOK_MS;

	if (r->noted)
		wait = 0;
	else if (r->next > 0)
		wait = r->next * 1000 - (clock_now_ms() - look(r));
	/* Its time has come, and it was marked. */
	if (r->next > 0 && !r->noted && wait <= 0)
		wait = AGAIN_MS;
	ev_timer_stop(r->press->loop, &r->timer);
	ev_timer_set(&r->timer, (double)MIN(wait, LOOK_MS) / 1e3, 0.);
	ev_timer_start(r->press->loop, &r->timer);
}

static void
ask_run(struct job *j)
{
	struct releases *r = CONTAINER_OF(j, struct releases, job);
	const struct press *p = r->press;
	struct store_reader *reader = p->ops->reader_take(p->store);

	if (p->ops->waits(reader, &r->waits, &r->failed) < 0 ||
		p->ops->due(reader, r->now, DUE_MAX, &r->arena, &r->due,
		&r->n_due, &r->failed) < 0)
		r->failed.kind = MAX(r->failed.kind, ERR_IO);
	p->ops->reader_give(p->store, reader);
}

static void
ask_done(struct job *j)
{
	struct releases *r = CONTAINER_OF(j, struct releases, job);

	r->asking = false;
	if (r->failed.kind != ERR_NONE) {
		event_err(EV_STORE_FAILED, "while", S("looking for what is "
			"due"), &r->failed);
		r->next = r->now;	/* again, in a while */
	} else {
		r->next = r->waits.next;
		for (size_t i = 0; i < r->n_due; i++)
			watch_reread(r->press->watch, r->due[i]);
	}
	arena_reset(&r->arena);
	if (!r->press->stopping)
		arm(r);
}

static void
ask(struct releases *r, int64_t now)
{
	r->asking = true;
	r->noted = false;
	r->now = now;
	r->n_due = 0;
	r->failed = (struct err){ 0 };
	r->job = (struct job){ .run = ask_run, .done = ask_done };
	pool_submit(r->press->pool, &r->job, POOL_NOW);
}

static void
on_timer(struct ev_loop *loop, struct ev_timer *t, int events)
{
	struct releases *r = t->data;
	int64_t now = (clock_now_ms() - look(r)) / 1000;

	(void)loop;
	(void)events;
	if (r->asking || r->press->stopping)
		return;
	if (r->noted || (r->next > 0 && r->next <= now))
		ask(r, now);
	else
		arm(r);
}

void
releases_note(struct releases *r)
{
	r->noted = true;
	if (!r->asking)
		arm(r);
}

void
releases_believe(struct releases *r)
{
	steady_believe(&r->steady);
	releases_note(r);
}

/* ---- life ---- */

struct releases *
releases_new(struct press *p)
{
	struct releases *r = x_calloc(1, sizeof(*r));

	r->press = p;
	ev_timer_init(&r->timer, on_timer, 0., 0.);
	r->timer.data = r;
	return r;
}

void
releases_free(struct releases *r)
{
	if (!r)
		return;
	ev_timer_stop(r->press->loop, &r->timer);
	arena_done(&r->arena);
	free(r);
}
