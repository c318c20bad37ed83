/*
 * Second tries: who has a row in hub_retry and is due.
 *
 * Rows are looked at in the order of their times, a page at a time, as long as
 * there is room for flights.  Who cannot go now (under way, or its host has
 * enough) is left out, and the next look comes soon.  What is sent is the
 * document that is published now: the latest wins.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "push/ring_parts.h"

enum {
	ROWS_MAX = 200,
	ACTIVE_MAX = 128,	/* flights because of rows */
	SLOW_MAX = 64,		/* of them in the slow lane: the dead */
	HOST_MAX = 64,		/* of them to a host that answers */
	SOON_MS = 1000,
	PAUSE_MS = 50,		/* after one of them has ended */
	LATEST_MS = 600 * 1000,	/* a clock may be set */
};

struct due_job {
	struct job job;
	struct ring *ring;
	int64_t now, after_due, after_id;
	struct arena arena;
	struct subscriber *list;
	size_t n;
	int64_t next;
	struct err failed;
};

static void
run(struct job *j)
{
	struct due_job *d = CONTAINER_OF(j, struct due_job, job);
	struct courier *c = d->ring->c;
	struct store_reader *reader = c->ops->reader_take(c->store);

	d->failed = (struct err){ 0 };
	if (d->ring->ops->due(reader, d->now, d->after_due, d->after_id,
		ROWS_MAX, &d->arena, &d->list, &d->n, &d->next,
		&d->failed) < 0)
		d->n = 0;
	c->ops->reader_give(c->store, reader);
}

static void
job_free(struct due_job *d)
{
	for (size_t i = 0; i < d->n; i++)
		explicit_bzero((char *)(uintptr_t)d->list[i].secret.ptr,
			d->list[i].secret.len);
	arena_done(&d->arena);
	free(d);
}

/* Nothing is left to be sent: the row goes. */
static void
give_up(struct ring *r, const struct subscriber *s)
{
	acks_put(r, &(struct settlement){ .what = SETTLED_DONE,
		.sub_id = s->id, .version = s->version });
}

/* Has the host enough? */
static bool
is_full(const struct ring *r, const struct receiver *h)
{
	return receiver_is_slow(h) ? !receiver_is_free(&r->receivers, h) ||
		r->second.slow >= SLOW_MAX :
		h->active + h->waiting >= HOST_MAX;
}

/* False: it cannot go now. */
static bool
send_one(struct ring *r, const struct subscriber *s)
{
	struct receiver *host;
	struct issue *issue;
	struct flight *f;
	bool gone;

	/*
	 * There can be any number of the dead, and they are due before who has
	 * only missed one.
	 */
	if (flight_find(r, s->id) ||
		(s->failed && r->second.slow >= SLOW_MAX))
		return false;
	issue = shelf_get(r, s->topic_id, s->url, false, &gone);
	if (gone)
		give_up(r, s);
	if (!issue)
		return gone;
	host = receiver_get(&r->receivers, s->host);
	if (is_full(r, host))
		return false;
	f = flight_begin(r, s, host, issue, s->version);
	f->is_second = true;
	r->second.active++;
	r->second.slow += f->call.lane == CALL_SLOW;
	return true;
}

/* False: there is no room for more. */
static bool
send_all(struct ring *r, const struct due_job *d)
{
	struct second *n = &r->second;

	for (size_t i = 0; i < d->n; i++) {
		if (n->active >= ACTIVE_MAX || r->is_draining ||
			r->c->is_fenced) {
			n->is_hungry = true;
			return false;
		}
		if (!send_one(r, &d->list[i]))
			n->is_hungry = true;
		n->after_due = d->list[i].due;
		n->after_id = d->list[i].id;
	}
	return true;
}

/* In so many ms at the latest. */
static void
look_at(struct ring *r, int64_t ms)
{
	ev_timer *t = &r->second.timer;

	if (ev_is_active(t) &&
		ev_timer_remaining(r->c->loop, t) <= (double)ms / 1e3)
		return;
	ev_timer_stop(r->c->loop, t);
	ev_timer_set(t, (double)MIN(MAX(ms, 1), (int64_t)LATEST_MS) / 1e3, 0);
	ev_timer_start(r->c->loop, t);
}

/* The end of a look at all that is due. */
static void
rest(struct ring *r, const struct due_job *d)
{
	struct second *n = &r->second;

	n->after_due = n->after_id = 0;
	if (n->is_hungry)
		look_at(r, SOON_MS);
	else if (d->next > 0)
		look_at(r, d->next - clock_now_ms());
}

static void
done(struct job *j)
{
	struct due_job *d = CONTAINER_OF(j, struct due_job, job);
	struct ring *r = d->ring;
	struct second *n = &r->second;
	bool went;

	if (!ring_job_ended(r)) {
		job_free(d);
		return;
	}
	n->is_reading = false;
	if (d->failed.kind != ERR_NONE)
		courier_tell(r->c, COURIER_STORE_FAILED, S(""), S(""), 0,
			&d->failed);
	n->is_hungry |= d->failed.kind != ERR_NONE;
	went = send_all(r, d);
	if (went && d->n == ROWS_MAX)
		n->again = true;
	else if (went)
		rest(r, d);
	else if (n->active == 0)
		look_at(r, SOON_MS);
	job_free(d);
	if (n->again)
		second_look(r);
}

void
second_look(struct ring *r)
{
	struct second *n = &r->second;
	struct due_job *d;

	n->again = n->is_reading;
	/* Then the next one that ends makes room, and looks. */
	n->is_hungry |= n->active >= ACTIVE_MAX;
	if (n->is_reading || r->is_draining || n->active >= ACTIVE_MAX)
		return;
	d = x_calloc(1, sizeof(*d));
	d->job.run = run;
	d->job.done = done;
	d->ring = r;
	d->now = clock_now_ms();
	d->after_due = n->after_due;
	d->after_id = n->after_id;
	if (n->after_due == 0)
		n->is_hungry = false;
	n->is_reading = true;
	ring_job_begins(r);
	pool_submit(r->c->pool, &d->job, POOL_SOON);
}

void
second_expect(struct ring *r, int64_t due)
{
	int64_t ms = due - clock_now_ms();

	if (ms > 0)
		look_at(r, ms);
	else
		second_look(r);
}

void
second_ended(struct ring *r, enum call_lane lane)
{
	struct second *n = &r->second;

	n->active--;
	n->slow -= lane == CALL_SLOW;
	/*
	 * Not for each one that ends: a look reads many rows, and all of them
	 * while the slow lane has enough.
	 */
	if (n->is_hungry)
		look_at(r, n->slow > SLOW_MAX / 2 ? SOON_MS : PAUSE_MS);
}

static void
on_time(struct ev_loop *loop, ev_timer *w, int events)
{
	(void)loop;
	(void)events;
	second_look(w->data);
}

void
second_init(struct ring *r)
{
	ev_timer_init(&r->second.timer, on_time, 0, 0);
	r->second.timer.data = r;
}
