/*
 * Acks: results, committed many at a time.
 *
 * A commit costs a sync; shared by 200 results, or by those of 50 ms, it costs
 * each one next to nothing.  Results that went well are not even counted one
 * by one in the database: the cursors of their rounds have moved.
 *
 * One job is on its way at a time, so what is later is never overtaken.  A job
 * that failed is submitted again as it is, until the store takes it.
 */
#include <stdlib.h>

#include "push/ring_parts.h"

enum { AGAIN_MS = 1000 };

struct ack_job {
	struct store_job job;
	struct ring *ring;
	struct settlement *list;
	size_t n;
	struct fanout_move moves[RING_ROUNDS_MAX];
	size_t n_moves;
	int64_t due;
};

/* ---- the job ---- */

static int
write_all(struct ack_job *a, struct store_tx *tx, struct err *e)
{
	const struct fanout_ops *ops = a->ring->ops;

	/* First who has a row, then the cursor that passes them. */
	for (size_t i = 0; i < a->n; i++)
		if (ops->settle(tx, &a->list[i], e) < 0)
			return -1;
	for (size_t i = 0; i < a->n_moves; i++)
		if (ops->move(tx, &a->moves[i], e) < 0)
			return -1;
	return 0;
}

static void
run(struct store_job *j, struct store_tx *tx)
{
	struct ack_job *a = CONTAINER_OF(j, struct ack_job, job);

	if (write_all(a, tx, &j->failed) < 0)
		j->failed.kind = MAX(j->failed.kind, ERR_STORE);
}

static void
submit(struct ring *r)
{
	ring_job_begins(r);
	r->c->ops->submit(r->c->store, &r->acks.job->job);
}

static void
job_free(struct ack_job *a)
{
	if (!a)
		return;
	free(a->list);
	free(a);
}

/* A round whose row is gone is over. */
static void
end_round(struct ring *r, const struct fanout_move *m)
{
	struct round *o = r->rounds;

	while (o && o->topic_id != m->topic_id)
		o = o->next;
	if (!o || !o->is_ending || o->walk.version != m->version)
		return;
	courier_tell(r->c, COURIER_FANNED_OUT, slice_str(o->url), S(""),
		o->n_done, NULL);
	round_free(o);
	/* Another one may have waited for its place. */
	if (r->n_rounds == RING_ROUNDS_MAX - 1)
		ring_wake(r);
}

static void flush(struct ring *r);

static void
done(struct store_job *j)
{
	struct ack_job *a = CONTAINER_OF(j, struct ack_job, job);
	struct ring *r = a->ring;
	bool failed = j->failed.kind != ERR_NONE;

	if (!ring_job_ended(r)) {
		job_free(a);
		return;
	}
	if (failed) {
		courier_tell(r->c, COURIER_STORE_FAILED, S(""), S(""), 0,
			&j->failed);
		ev_timer_set(&r->acks.again, AGAIN_MS / 1e3, 0);
		ev_timer_start(r->c->loop, &r->acks.again);
		return;
	}
	r->acks.job = NULL;
	for (size_t i = 0; i < a->n_moves; i++)
		if (a->moves[i].over)
			end_round(r, &a->moves[i]);
	if (a->due)
		second_expect(r, a->due);
	job_free(a);
	if (r->acks.results >= ACKS_MAX)
		flush(r);
	ring_feed(r);
}

static void
flush(struct ring *r)
{
	struct acks *acks = &r->acks;
	struct ack_job *a;

	if (acks->job)
		return;
	a = x_calloc(1, sizeof(*a));
	for (struct round *o = r->rounds; o; o = o->next)
		if (a->n_moves < RING_ROUNDS_MAX &&
			round_move(o, &a->moves[a->n_moves]))
			a->n_moves++;
	a->job.run = run;
	a->job.done = done;
	a->ring = r;
	a->list = TAKE(acks->list);
	a->n = acks->n;
	a->due = acks->due;
	acks->n = acks->room = 0;
	acks->results = 0;
	acks->due = 0;
	acks->job = a;
	ev_timer_stop(r->c->loop, &acks->timer);
	submit(r);
}

/* ---- timers ---- */

static void
on_time(struct ev_loop *loop, ev_timer *w, int events)
{
	struct ring *r = w->data;

	(void)loop;
	(void)events;
	/* While a job is on its way, its end decides. */
	if (r->acks.job)
		ev_timer_start(loop, w);
	else
		flush(r);
}

static void
on_again(struct ev_loop *loop, ev_timer *w, int events)
{
	(void)loop;
	(void)events;
	submit(w->data);
}

void
acks_init(struct ring *r)
{
	ev_timer_init(&r->acks.timer, on_time, ACKS_MS / 1e3, 0);
	ev_timer_init(&r->acks.again, on_again, AGAIN_MS / 1e3, 0);
	r->acks.timer.data = r->acks.again.data = r;
}

void
acks_touch(struct ring *r)
{
	struct ev_timer *t = &r->acks.timer;

	if (ev_is_active(t))
		return;
	ev_timer_set(t, ACKS_MS / 1e3, 0);
	ev_timer_start(r->c->loop, t);
}

void
acks_count(struct ring *r)
{
	acks_touch(r);
	if (++r->acks.results >= ACKS_MAX)
		flush(r);
}

void
acks_put(struct ring *r, const struct settlement *s)
{
	struct acks *acks = &r->acks;

	if (acks->n == acks->room) {
		acks->room = MAX(acks->room * 2, (size_t)16);
		acks->list = x_realloc(acks->list,
			acks->room * sizeof(*acks->list));
	}
	acks->list[acks->n++] = *s;
	if (s->what == SETTLED_RETRY)
		acks->due = acks->due ? MIN(acks->due, s->due) : s->due;
	acks_count(r);
}

bool
acks_are_empty(const struct ring *r)
{
	return !r->acks.job && r->acks.results == 0;
}

void
acks_done(struct ring *r)
{
	/* A job that is on its way frees itself. */
	if (ev_is_active(&r->acks.again))
		job_free(TAKE(r->acks.job));
	ev_timer_stop(r->c->loop, &r->acks.timer);
	ev_timer_stop(r->c->loop, &r->acks.again);
	free(TAKE(r->acks.list));
}
