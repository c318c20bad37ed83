/*
 * An errand: one step of one delivery, on its way.
 *
 *	PREPARE --nothing to send--------------------------------.
 *	(pool)                                                    |
 *	   '--> BEGIN --> SEND --> JUDGE --------------------> SETTLE --> end
 *	       (store)  (client)   (pool)                     (store)
 *	           '--not any more--> end
 *
 * 1. Between BEGIN and SETTLE the row is `sending`: an errand that ends there
 *    without settling is found so by the next courier.
 * 2. A verdict is not lost because courier.db cannot be written: it is tried
 *    again, and nothing else is sent to that target meanwhile.
 * 3. The errand holds the configuration that it began with.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/crash.h"
#include "push/backfill.h"
#include "push/engine_parts.h"

enum { SETTLE_AGAIN_S = 1, REST_MS = 1000 };

struct errand {
	struct engine *engine;
	struct lane *lane;
	struct config *config;
	const struct target *target;
	int64_t id;
	unsigned slot;			/* in the lane */
	bool counts;			/* for the guards, when it begins */
	bool is_gone;			/* the row does not wait any more */
	bool has_begun;
	struct arena arena;
	struct job job;
	struct store_job store_job;
	ev_timer again;
	struct err failed;		/* a database */
	struct prepared p;
	int64_t now;			/* of the attempt */
	char hash[SHA256_HEX + 1];
	struct call call;
	struct response response;
	bool is_judged;
	struct verdict verdict;
	struct err why;
	struct outcome outcome;
};

static void errand_settle(struct errand *r);

/* ---- the end ---- */

static void
begun(struct errand *r)
{
	if (r->counts)
		r->lane->unbegun--;
	r->counts = false;
}

static void
errand_end(struct errand *r)
{
	struct engine *e = r->engine;
	struct lane *l = r->lane;

	begun(r);
	l->errands[r->slot] = 0;
	l->n_errands--;
	l->is_dirty = true;
	e->n_errands--;
	prepared_done(&r->p);
	config_unref(r->config);
	arena_done(&r->arena);
	free(r);
	engine_pick(e);
}

/* A database could not be read or written before anything was sent. */
static void
errand_fail(struct errand *r, const struct err *why)
{
	engine_failed(r->engine, why);
	r->lane->rest_until = clock_now_ms() + REST_MS;
	errand_end(r);
}

/* ---- what happened, for people ---- */

static struct slice
what_of(const struct errand *r)
{
	const struct delivery *d = &r->p.delivery;

	return d->entry ? d->entry->path : d->subject == DELIVER_FEED &&
		d->feed ? d->feed->slug : r->p.row.plan.subject;
}

static enum courier_news
news_of(const struct errand *r)
{
	switch (r->outcome.settled.state) {
	case OUTBOX_DONE:
		return COURIER_DELIVERED;
	case OUTBOX_REJECTED:
		return COURIER_REJECTED;
	case OUTBOX_SKIPPED:
		return COURIER_SKIPPED;
	case OUTBOX_UNKNOWN:
		return COURIER_UNKNOWN;
	case OUTBOX_PLANNED:
	case OUTBOX_READY:
	case OUTBOX_SENDING:
	case OUTBOX_HELD:
	case OUTBOX_STATES:
		break;
	}
	return COURIER_RETRYING;
}

static void
tell(struct errand *r)
{
	struct courier *c = r->engine->c;
	struct slice of = slice_str(r->lane->name);

	if (r->outcome.settled.hold.len > 0) {
		r->lane->is_told = true;
		courier_tell(c, COURIER_TARGET_HELD, of, what_of(r), 1,
			&r->why);
	} else if (r->why.kind != ERR_NONE ||
		r->outcome.settled.state == OUTBOX_DONE) {
		courier_tell(c, news_of(r), of, what_of(r),
			r->p.row.sent + 1, r->why.kind ? &r->why : NULL);
	}
}

/* ---- settling ---- */

/* The next attempt gets a new token first. */
static int
drop_refused(struct errand *r, struct store_tx *tx, struct err *e)
{
	const struct token *t = r->p.delivery.token;

	return t && r->outcome.is_refused ? token_sqlite.drop(tx,
		r->target->name, t->serial, e) : 0;
}

static void
settle_run(struct store_job *j, struct store_tx *tx)
{
	struct errand *r = CONTAINER_OF(j, struct errand, store_job);

	if (r->engine->outbox->settle(tx, &r->outcome.settled,
		&j->failed) < 0 || drop_refused(r, tx, &j->failed) < 0)
		j->failed.kind = MAX(j->failed.kind, ERR_IO);
	else
		CRASH_POINT(settle_commit);
}

static void
on_again(struct ev_loop *loop, ev_timer *w, int events)
{
	struct errand *r = w->data;

	(void)loop;
	(void)events;
	engine_job_ended(r->engine);
	errand_settle(r);
}

static void
settle_done(struct store_job *j)
{
	struct errand *r = CONTAINER_OF(j, struct errand, store_job);
	struct engine *e = r->engine;

	engine_job_ended(e);
	if (j->failed.kind == ERR_NONE) {
		CRASH_POINT(settled);
		engine_works(e);
		tell(r);
		errand_end(r);
		return;
	}
	engine_failed(e, &j->failed);
	if (e->is_draining) {
		errand_end(r);
		return;
	}
	engine_job_begins(e);
	ev_timer_init(&r->again, on_again, SETTLE_AGAIN_S, 0);
	r->again.data = r;
	ev_timer_start(e->c->loop, &r->again);
}

static void
errand_settle(struct errand *r)
{
	r->store_job = (struct store_job){ .run = settle_run,
		.done = settle_done };
	engine_job_begins(r->engine);
	r->engine->c->ops->submit(r->engine->c->store, &r->store_job);
}

static void
settle_outcome(struct errand *r)
{
	struct lane *l = r->lane;
	int64_t now = r->outcome.settled.now;

	if (r->outcome.health == OUTCOME_WORKED && r->has_begun)
		breaker_worked(&l->breaker);
	else if (r->outcome.health == OUTCOME_FAILED && r->has_begun)
		breaker_failed(&l->breaker, now);
	l->limit_until = MAX(l->limit_until, r->outcome.limit_until);
	r->outcome.settled.fails = l->breaker.fails;
	r->outcome.settled.open_until = l->breaker.open_until;
	errand_settle(r);
}

/*
 * How often the target refused what it was shown, before this.  What others
 * were refused with is no second time.
 */
static unsigned
auths_before(const struct errand *r)
{
	const struct token *t = r->p.delivery.token;

	return t && t->serial <= r->lane->refused_serial ? 0 : r->lane->auths;
}

static void
note_auths(struct errand *r)
{
	const struct token *t = r->p.delivery.token;
	struct lane *l = r->lane;

	if (!r->outcome.is_refused) {
		l->auths = 0;
		return;
	}
	if (t && t->serial <= l->refused_serial)
		return;
	l->auths++;
	l->refused_serial = t ? t->serial : 0;
}

/* The verdict becomes an outcome. */
static void
settle_verdict(struct errand *r)
{
	struct happened h = {
		.row = &r->p.row,
		.can = r->target->ops->can,
		.asked = r->p.asks,
		.repeatable = r->p.request.repeatable,
		.auths = auths_before(r),
		.now_ms = clock_now_ms(),
		.judged = r->is_judged,
		.status = r->response.status,
		.verdict = r->verdict,
		.why = &r->why,
	};

	if (r->verdict.kind == VERDICT_DONE || r->verdict.kind == VERDICT_NEXT)
		r->why = (struct err){ 0 };
	r->outcome = outcome_of(&h);
	note_auths(r);
	settle_outcome(r);
}

/* Nothing was sent: it is over, or as it was before. */
static void
settle_unsent(struct errand *r, enum outbox_state state)
{
	const struct outbox_row *row = &r->p.row;
	int64_t now = clock_now_ms();

	r->outcome = (struct outcome){ .health = OUTCOME_NEITHER, .settled = {
		.id = r->id, .now = now, .state = state, .due = now,
		.step = row->step, .tries = row->tries, .waits = row->waits,
		.keeps_memo = true,
		.status = row->status, .why = slice_str(r->why.text) } };
	settle_outcome(r);
}

/* ---- judging ---- */

static void
judge_run(struct job *j)
{
	struct errand *r = CONTAINER_OF(j, struct errand, job);

	r->verdict = (r->p.asks ? push_answer : push_judge)(&r->p.delivery,
		&r->p.request, &r->response, &r->why);
	CRASH_POINT(judged);
}

static void
judge_done(struct job *j)
{
	struct errand *r = CONTAINER_OF(j, struct errand, job);

	engine_job_ended(r->engine);
	r->is_judged = true;
	settle_verdict(r);
}

static void
errand_judge(struct errand *r)
{
	r->response.a = &r->arena;
	r->job = (struct job){ .run = judge_run, .done = judge_done };
	engine_job_begins(r->engine);
	pool_submit(r->engine->c->pool, &r->job, POOL_NOW);
}

/* ---- sending ---- */

static void
on_answer(struct call *call)
{
	struct errand *r = CONTAINER_OF(call, struct errand, call);

	CRASH_POINT(answered);
	if (call->failed.kind == ERR_BUSY) {
		/* The courier ends: it stays `sending` for the next one. */
		engine_drain(r->engine);
		errand_end(r);
		return;
	}
	if (call->failed.kind != ERR_NONE) {
		r->why = call->failed;
		r->verdict = outcome_of_failure(&call->failed, call->sent);
		settle_verdict(r);
		return;
	}
	r->response = carry_answer(call, &r->arena);
	errand_judge(r);
}

static void
errand_send(struct errand *r)
{
	const struct request *q = &r->p.request;

	rate_take(&r->lane->rate, &r->target->rate, clock_now_ms());
	if (!q->method) {
		errand_judge(r);
		return;
	}
	r->call = carry_request(q, r->config);
	r->call.lane = breaker_is_half_open(&r->lane->breaker) ? CALL_SLOW :
		CALL_NORMAL;
	r->call.done = on_answer;
	client_send(r->engine->c->targets, &r->call);
	CRASH_POINT(sent);
}

static void
begin_run(struct store_job *j, struct store_tx *tx)
{
	struct errand *r = CONTAINER_OF(j, struct errand, store_job);
	const struct outbox_begin b = {
		.id = r->id,
		.now = r->now,
		.repeatable = r->p.request.repeatable ||
			(r->target->ops->can & CAN_REPEAT),
		.hash = r->hash,
	};

	if (r->engine->outbox->begin(tx, &b, &r->has_begun, &j->failed) < 0)
		j->failed.kind = MAX(j->failed.kind, ERR_IO);
	else
		CRASH_POINT(begin_commit);
}

static void
begin_done(struct store_job *j)
{
	struct errand *r = CONTAINER_OF(j, struct errand, store_job);
	struct engine *e = r->engine;

	engine_job_ended(e);
	if (j->failed.kind != ERR_NONE) {
		errand_fail(r, &j->failed);
	} else if (!r->has_begun) {
		errand_end(r);
	} else if (!engine_may_send(e)) {
		begun(r);
		settle_unsent(r, r->p.asks ? OUTBOX_UNKNOWN : OUTBOX_READY);
	} else {
		CRASH_POINT(begun);
		begun(r);
		errand_send(r);
	}
}

static void
errand_commit(struct errand *r)
{
	r->store_job = (struct store_job){ .run = begin_run,
		.done = begin_done };
	engine_job_begins(r->engine);
	r->engine->c->ops->submit(r->engine->c->store, &r->store_job);
}

/* ---- preparing ---- */

static bool
may_go(const struct errand *r)
{
	enum outbox_state state = r->p.row.plan.state;

	return state == OUTBOX_PLANNED || state == OUTBOX_READY ||
		state == OUTBOX_UNKNOWN;
}

static void
prepare_run(struct job *j)
{
	struct errand *r = CONTAINER_OF(j, struct errand, job);
	const struct courier *c = r->engine->c;
	const struct prepare how = { .courier = c, .config = r->config,
		.target = r->target, .now_ms = r->now };
	struct store_reader *reader = c->ops->reader_take(c->store);
	struct sha256 h;

	if (r->engine->outbox->show(reader, r->id, &r->arena, &r->p.row,
		&r->failed) < 0)
		r->is_gone = r->failed.kind == ERR_MISSING;
	c->ops->reader_give(c->store, reader);
	if (r->failed.kind != ERR_NONE || !may_go(r)) {
		r->is_gone = r->is_gone || r->failed.kind == ERR_NONE;
		return;
	}
	if (prepare_delivery(&how, &r->p, &r->arena, &r->failed) < 0 ||
		r->p.is_settled || r->p.needs_token)
		return;
	h = request_hash(&r->p.request);
	sha256_hex(&h, r->hash);
	CRASH_POINT(composed);
}

static void
prepare_done(struct job *j)
{
	struct errand *r = CONTAINER_OF(j, struct errand, job);
	struct engine *e = r->engine;

	engine_job_ended(e);
	if (r->is_gone || !engine_may_send(e)) {
		errand_end(r);
	} else if (r->failed.kind != ERR_NONE) {
		errand_fail(r, &r->failed);
	} else if (r->p.needs_token) {
		fetch_begin(e, r->lane, FETCH_NEEDED, NULL);
		errand_end(r);
	} else if (r->p.is_settled) {
		r->why = r->p.why;
		r->verdict = r->p.verdict;
		if (r->p.is_skipped)
			settle_unsent(r, OUTBOX_SKIPPED);
		else
			settle_verdict(r);
	} else {
		errand_commit(r);
	}
}

static unsigned
free_slot(const struct lane *l)
{
	unsigned slot = 0;

	while (l->errands[slot])
		slot++;
	return slot;
}

void
errand_begin(struct engine *e, struct lane *l, const struct outbox_row *row)
{
	struct errand *r = x_calloc(1, sizeof(*r));

	r->engine = e;
	r->lane = l;
	r->config = config_ref(e->config);
	r->target = l->target;
	r->id = row->id;
	r->now = clock_now_ms();
	r->slot = free_slot(l);
	r->counts = backfill_counts(row);
	l->errands[r->slot] = row->id;
	l->n_errands++;
	l->unbegun += r->counts;
	e->n_errands++;
	r->job.run = prepare_run;
	r->job.done = prepare_done;
	engine_job_begins(e);
	pool_submit(e->c->pool, &r->job, POOL_NOW);
}
