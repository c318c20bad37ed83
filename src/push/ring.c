/*
 * The ring: fan-out of new versions to the subscribers of our own hub.
 *
 * What is to be done is in the database, and read by a job of the store's own
 * thread: so it is never older than what was committed before.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "push/ring_parts.h"

/* ---- jobs ---- */

void
ring_job_begins(struct ring *r)
{
	r->jobs++;
}

bool
ring_job_ended(struct ring *r)
{
	r->jobs--;
	if (!r->is_dead)
		return true;
	if (r->jobs == 0)
		free(r);
	return false;
}

/* ---- rounds that begin ---- */

struct load_job {
	struct store_job job;
	struct ring *ring;
	struct arena arena;
	struct fanout *list;
	size_t n;
};

static void
load_run(struct store_job *j, struct store_tx *tx)
{
	struct load_job *l = CONTAINER_OF(j, struct load_job, job);

	if (l->ring->ops->open(tx, RING_ROUNDS_MAX, &l->arena, &l->list,
		&l->n, &j->failed) < 0)
		j->failed.kind = MAX(j->failed.kind, ERR_STORE);
}

static void
begin_all(struct ring *r, const struct load_job *l)
{
	for (size_t i = 0; i < l->n && !r->is_draining; i++)
		round_begin(r, &l->list[i]);
}

static void
load_done(struct store_job *j)
{
	struct load_job *l = CONTAINER_OF(j, struct load_job, job);
	struct ring *r = l->ring;

	if (ring_job_ended(r)) {
		r->is_loading = false;
		if (j->failed.kind == ERR_NONE)
			begin_all(r, l);
		else {
			/* The tick looks again. */
			courier_tell(r->c, COURIER_STORE_FAILED, S(""), S(""),
				0, &j->failed);
			r->load_again = true;
			ring_work(r);
		}
		if (r->load_again && j->failed.kind == ERR_NONE)
			ring_wake(r);
	}
	arena_done(&l->arena);
	free(l);
}

void
ring_wake(struct ring *r)
{
	struct load_job *l;

	r->load_again = r->is_loading;
	if (r->is_loading || r->is_draining)
		return;
	l = x_calloc(1, sizeof(*l));
	l->job.run = load_run;
	l->job.done = load_done;
	l->ring = r;
	r->is_loading = true;
	ring_job_begins(r);
	r->c->ops->submit(r->c->store, &l->job);
}

int
ring_announce(struct store_tx *tx, int64_t feed_id, int64_t version,
	struct err *e)
{
	return fanout_sqlite.announce(tx, feed_id, version, e);
}

/* ---- sending ---- */

bool
ring_has_room(const struct ring *r)
{
	return !r->is_draining && !r->c->is_fenced &&
		r->n_sent < r->sent_max &&
		r->n_flights < RING_FLIGHTS_MAX &&
		r->acks.results < ACKS_BACKLOG;
}

static bool
turn_is_over(const struct ring *r)
{
	return r->begun >= RING_TURN || r->bytes >= RING_TURN_BYTES;
}

/* The rounds in turn, one delivery each; false: none can go on. */
static bool
feed_one(struct ring *r)
{
	for (size_t i = 0; i < r->n_rounds; i++) {
		struct round *o = r->turn && r->turn->next ? r->turn->next :
			r->rounds;

		r->turn = o;
		if (round_feed(o))
			return true;
	}
	return false;
}

void
ring_feed(struct ring *r)
{
	while (ring_has_room(r) && !turn_is_over(r))
		if (!feed_one(r))
			return;
	if (turn_is_over(r) && !ev_is_active(&r->more)) {
		ev_timer_set(&r->more, 0, 0);
		ev_timer_start(r->c->loop, &r->more);
	}
}

static void
on_more(struct ev_loop *loop, ev_timer *w, int events)
{
	struct ring *r = w->data;

	(void)loop;
	(void)events;
	r->begun = 0;
	r->bytes = 0;
	ring_feed(r);
}

void
ring_put_later(struct ring *r, int64_t sub_id, int64_t version)
{
	acks_put(r, &(struct settlement){ .what = SETTLED_RETRY,
		.sub_id = sub_id, .version = version,
		.due = clock_now_ms() });
}

/* ---- time ---- */

static bool
is_idle(const struct ring *r)
{
	return !r->rounds && r->n_flights == 0 && !r->shelf && !r->load_again;
}

static void
on_tick(struct ev_loop *loop, ev_timer *w, int events)
{
	struct ring *r = w->data;
	int64_t now = clock_mono_ms();

	(void)events;
	if (is_idle(r)) {
		ev_timer_stop(loop, w);
		return;
	}
	for (struct round *o = r->rounds; o; o = o->next)
		round_look(o, now);
	shelf_look(r, now);
	if (r->load_again)
		ring_wake(r);
	ring_feed(r);
}

void
ring_work(struct ring *r)
{
	if (!ev_is_active(&r->tick))
		ev_timer_again(r->c->loop, &r->tick);
}

/* ---- life ---- */

static void
take_config(struct ring *r)
{
	const struct hub_conf *h = &r->c->config->hub;

	config_unref(r->config);
	r->config = config_ref(r->c->config);
	/* The client has the next ones ready when some end. */
	r->sent_max = 2 * (unsigned)h->concurrency;
	r->receivers.share = (unsigned)h->host_concurrency;
}

int
ring_new(struct courier *c, struct ring **ret, struct err *e)
{
	struct ring *r = x_calloc(1, sizeof(*r));

	(void)e;
	r->c = c;
	r->ops = &fanout_sqlite;
	take_config(r);
	acks_init(r);
	second_init(r);
	ev_init(&r->more, on_more);
	ev_init(&r->tick, on_tick);
	r->tick.repeat = RING_TICK_MS / 1e3;
	r->more.data = r->tick.data = r;
	ring_wake(r);
	second_look(r);
	*ret = r;
	return 0;
}

void
ring_swap_config(struct ring *r)
{
	take_config(r);
}

void
ring_drain(struct ring *r)
{
	r->is_draining = true;
}

bool
ring_is_drained(const struct ring *r)
{
	return r->n_sent == 0 && r->jobs == 0 && acks_are_empty(r);
}

bool
ring_has_jobs(const struct ring *r)
{
	return r->jobs > 0;
}

void
ring_free(struct ring *r)
{
	if (!r)
		return;
	CHECK(r->n_sent == 0);
	ev_timer_stop(r->c->loop, &r->tick);
	ev_timer_stop(r->c->loop, &r->more);
	ev_timer_stop(r->c->loop, &r->second.timer);
	while (r->rounds)
		round_free(r->rounds);
	flights_done(r);
	shelf_done(r);
	acks_done(r);
	receivers_done(&r->receivers);
	signers_done(&r->signers);
	config_unref(r->config);
	r->is_dead = true;
	if (r->jobs == 0)
		free(r);
}
