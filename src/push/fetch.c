/*
 * Fetching a token: one request, for all deliveries of a target that wait.
 *
 *	PREPARE --there is one by now-------------------------------> end
 *	(pool)  --it cannot be asked for--------------------> hold --> end
 *	   '--> BEGIN --> SEND --> JUDGE --> KEEP ------------------> end
 *	       (store)  (client)   (pool)  (store)
 *	          ^                            '-- refresh token refused:
 *	          '--- PREPARE, without it <------ forgotten
 *
 * 1. While it goes on the lane has no room, so there is one of a target.
 * 2. KEEP is committed before the lane goes on: no delivery has a token that
 *    the next courier would not find.  That courier.db cannot be written does
 *    not lose it: it is tried again, for what it was got by may be spent.
 * 3. While databases are not believed nothing is asked for: another copy may
 *    live, and a refresh would take its token away.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/crash.h"
#include "push/engine_parts.h"
#include "push/schedule.h"

enum { KEEP_AGAIN_S = 1 };

struct fetch {
	struct engine *engine;
	struct lane *lane;
	struct config *config;
	const struct target *target;
	enum fetch_why what_for;
	struct engine_login *order;	/* NULL: nobody logs in */
	struct arena arena;
	struct job job;
	struct store_job store_job;
	ev_timer again;
	struct err failed;		/* a database */
	struct delivery delivery;
	struct keys keys;
	struct request request;
	bool is_there;			/* a good one is */
	struct call call;
	struct response response;
	struct verdict verdict;
	struct token token;		/* that came */
	struct err why;
	struct err refused;		/* of a refresh token that was */
};

static void fetch_prepare(struct fetch *f);

/* ---- the end ---- */

/* What one attempt had. */
static void
forget_attempt(struct fetch *f)
{
	keys_done(&f->keys);
	request_done(&f->request);
	arena_reset(&f->arena);
	f->why = f->failed = (struct err){ 0 };
}

static void
answer_order(struct engine_login *o, const struct err *why)
{
	if (why->kind != ERR_NONE)
		o->failed = *why;
	config_unref(TAKE(o->config));
	o->done(o);
}

/* `why` is for who logs in, if it did not go well. */
static void
fetch_end(struct fetch *f, const struct err *why)
{
	struct engine *e = f->engine;
	struct engine_login *order = f->order;
	struct err said = *why;

	f->lane->is_fetching = false;
	f->lane->is_dirty = true;
	e->n_errands--;
	forget_attempt(f);
	arena_done(&f->arena);
	config_unref(f->config);
	free(f);
	if (order)
		answer_order(order, &said);
	engine_pick(e);
}

/* A database could not be read or written before anything was sent. */
static void
fetch_fail(struct fetch *f)
{
	engine_failed(f->engine, &f->failed);
	f->lane->fetch_at = clock_now_ms() + ENGINE_POLL_MS;
	fetch_end(f, &f->failed);
}

/* It is held, or ends: not a byte was sent. */
static void
end_unsent(struct fetch *f)
{
	err_set(&f->why, ERR_BUSY, "nothing is sent now");
	fetch_end(f, &f->why);
}

/* ---- what came of it ---- */

/* What somebody has to do, and what made it so. */
static void
explain(struct fetch *f)
{
	struct err last = f->why;

	if (f->refused.kind != ERR_NONE) {
		f->why = f->refused;
		if (last.hint[0])
			err_hint(&f->why, "%s", last.hint);
	}
	err_in(&f->why, "the token");
}

static void
hold(struct fetch *f)
{
	explain(f);
	/* A good one is still there, or he knows it. */
	if (f->what_for == FETCH_NEEDED)
		lane_hold(f->engine, f->lane, &f->why);
	else if (f->what_for == FETCH_EARLY)
		courier_tell(f->engine->c, COURIER_TOKEN_ENDS,
			f->target->name, S(""), 0, &f->why);
	fetch_end(f, &f->why);
}

static void
try_later(struct fetch *f)
{
	struct lane *l = f->lane;
	int64_t pause = schedule_pause(++l->fetch_fails, f->verdict.wait_ms);

	if (pause < 0) {
		hold(f);
		return;
	}
	/* While one is good, nobody waits for the next. */
	if (f->what_for == FETCH_NEEDED)
		l->fetch_at = clock_now_ms() + pause;
	explain(f);
	courier_tell(f->engine->c, COURIER_RETRYING, f->target->name, S(""),
		l->fetch_fails, &f->why);
	fetch_end(f, &f->why);
}

static bool
had_refresh(const struct fetch *f)
{
	return f->delivery.token && f->delivery.token->refresh.len > 0;
}

/* The one that it was asked with is gone: is there another way? */
static void
try_without(struct fetch *f)
{
	f->refused = f->why;
	if (f->delivery.token->asked > 0)
		err_in(&f->refused, "the answer to an earlier request was "
			"lost");
	forget_attempt(f);
	fetch_prepare(f);
}

static void
fetch_settle(struct fetch *f)
{
	if (f->verdict.kind == VERDICT_DONE) {
		CRASH_POINT(token_kept);
		f->lane->fetch_fails = 0;
		f->lane->fetch_at = 0;
		if (f->order)
			f->lane->login = (struct login){ 0 };
		fetch_end(f, &(struct err){ 0 });
		return;
	}
	switch (f->order ? VERDICT_HOLD : f->verdict.kind) {
	case VERDICT_RETRY:
	case VERDICT_UNKNOWN:
	case VERDICT_WAIT:
	case VERDICT_NEXT:
		try_later(f);
		return;
	case VERDICT_AUTH:
		if (had_refresh(f)) {
			try_without(f);
			return;
		}
		break;
	case VERDICT_DONE:
	case VERDICT_REJECT:
	case VERDICT_HOLD:
	case VERDICT_COUNT:
		break;
	}
	hold(f);
}

/* ---- keeping ---- */

static void
fetch_submit(struct fetch *f,
	void (*run)(struct store_job *, struct store_tx *),
	void (*done)(struct store_job *))
{
	f->store_job = (struct store_job){ .run = run, .done = done };
	engine_job_begins(f->engine);
	f->engine->c->ops->submit(f->engine->c->store, &f->store_job);
}

static int
keep(struct fetch *f, struct store_tx *tx, struct err *e)
{
	struct slice name = f->target->name;

	if (f->verdict.kind == VERDICT_DONE)
		return token_sqlite.keep(tx, name, &f->token,
			&f->token.serial, e);
	/* Without an answer it may be spent, and that is remembered. */
	if (f->response.status == 0)
		return 0;
	if (f->verdict.kind == VERDICT_AUTH && !f->order && had_refresh(f))
		return token_sqlite.forget(tx, name, e);
	return token_sqlite.begin(tx, name, 0, e);
}

static void
keep_run(struct store_job *j, struct store_tx *tx)
{
	struct fetch *f = CONTAINER_OF(j, struct fetch, store_job);

	if (keep(f, tx, &j->failed) < 0)
		j->failed.kind = MAX(j->failed.kind, ERR_IO);
	else
		CRASH_POINT(token_commit);
}

static void
on_again(struct ev_loop *loop, ev_timer *w, int events)
{
	struct fetch *f = w->data;

	(void)loop;
	(void)events;
	engine_job_ended(f->engine);
	fetch_submit(f, f->store_job.run, f->store_job.done);
}

static void
keep_done(struct store_job *j)
{
	struct fetch *f = CONTAINER_OF(j, struct fetch, store_job);
	struct engine *e = f->engine;

	engine_job_ended(e);
	if (j->failed.kind == ERR_NONE) {
		engine_works(e);
		fetch_settle(f);
		return;
	}
	engine_failed(e, &j->failed);
	if (e->is_draining) {
		fetch_end(f, &j->failed);
		return;
	}
	engine_job_begins(e);
	ev_timer_init(&f->again, on_again, KEEP_AGAIN_S, 0);
	f->again.data = f;
	ev_timer_start(e->c->loop, &f->again);
}

static void
fetch_keep(struct fetch *f)
{
	fetch_submit(f, keep_run, keep_done);
}

/* ---- judging ---- */

static void
judge_run(struct job *j)
{
	struct fetch *f = CONTAINER_OF(j, struct fetch, job);

	f->verdict = push_fetched(&f->delivery, &f->request, &f->response,
		&f->token, &f->why);
	f->token.made_with = slice_str(f->keys.made_with);
}

static void
judge_done(struct job *j)
{
	struct fetch *f = CONTAINER_OF(j, struct fetch, job);

	engine_job_ended(f->engine);
	fetch_keep(f);
}

static void
fetch_judge(struct fetch *f)
{
	f->response.a = &f->arena;
	f->job = (struct job){ .run = judge_run, .done = judge_done };
	engine_job_begins(f->engine);
	pool_submit(f->engine->c->pool, &f->job, POOL_NOW);
}

/* ---- sending ---- */

static void
on_answer(struct call *call)
{
	struct fetch *f = CONTAINER_OF(call, struct fetch, call);

	CRASH_POINT(token_answered);
	if (call->failed.kind == ERR_BUSY) {
		/* The courier ends: the next one asks again. */
		engine_drain(f->engine);
		fetch_end(f, &call->failed);
		return;
	}
	if (call->failed.kind != ERR_NONE) {
		f->response = (struct response){ 0 };
		f->why = call->failed;
		f->verdict = outcome_of_failure(&call->failed, call->sent);
		fetch_keep(f);
		return;
	}
	f->response = carry_answer(call, &f->arena);
	fetch_judge(f);
}

static void
fetch_send(struct fetch *f)
{
	const struct request *q = &f->request;

	if (!q->method) {
		f->response = (struct response){ 0 };
		fetch_judge(f);
		return;
	}
	f->call = carry_request(q, f->config);
	f->call.done = on_answer;
	client_send(f->engine->c->targets, &f->call);
}

static void
begin_run(struct store_job *j, struct store_tx *tx)
{
	struct fetch *f = CONTAINER_OF(j, struct fetch, store_job);

	if (token_sqlite.begin(tx, f->target->name, f->delivery.now_ms,
		&j->failed) < 0)
		j->failed.kind = MAX(j->failed.kind, ERR_IO);
}

static void
begin_done(struct store_job *j)
{
	struct fetch *f = CONTAINER_OF(j, struct fetch, store_job);

	engine_job_ended(f->engine);
	f->failed = j->failed;
	if (f->failed.kind != ERR_NONE) {
		fetch_fail(f);
	} else if (!engine_may_send(f->engine)) {
		end_unsent(f);
	} else {
		CRASH_POINT(token_begun);
		fetch_send(f);
	}
}

static void
fetch_commit(struct fetch *f)
{
	fetch_submit(f, begin_run, begin_done);
}

/* ---- preparing ---- */

static void
fill(struct fetch *f)
{
	uint64_t chance = rand_u64();

	f->delivery = (struct delivery){
		.config = f->config,
		.target = f->target,
		.subject = DELIVER_PING,
		.id = arena_printf(&f->arena, "token-%016jx",
			(uintmax_t)chance),
		.attempt = 1,
		.now_ms = clock_now_ms(),
		.chance = chance,
	};
}

static void
prepare_run(struct job *j)
{
	struct fetch *f = CONTAINER_OF(j, struct fetch, job);
	struct delivery *d = &f->delivery;

	fill(f);
	if (keys_read(f->engine->c, f->config->courier.credentials, d,
		&f->keys, &f->arena, &f->failed) < 0)
		return;
	f->is_there = f->what_for == FETCH_NEEDED &&
		keys_are_good(&f->keys, d->now_ms);
	d->token = f->order ? NULL : keys_before(&f->keys);
	if (!f->is_there && push_fetch(d, f->order ? &f->order->login : NULL,
		&f->arena, &f->request, &f->why) < 0)
		f->verdict = verdict_hold();
}

static void
prepare_done(struct job *j)
{
	struct fetch *f = CONTAINER_OF(j, struct fetch, job);

	engine_job_ended(f->engine);
	if (f->failed.kind != ERR_NONE)
		fetch_fail(f);
	else if (!engine_may_send(f->engine))
		end_unsent(f);
	else if (f->is_there)
		fetch_end(f, &(struct err){ 0 });
	else if (f->why.kind != ERR_NONE)
		hold(f);
	else
		fetch_commit(f);
}

static void
fetch_prepare(struct fetch *f)
{
	f->job = (struct job){ .run = prepare_run, .done = prepare_done };
	engine_job_begins(f->engine);
	pool_submit(f->engine->c->pool, &f->job, POOL_NOW);
}

void
fetch_begin(struct engine *e, struct lane *l, enum fetch_why why,
	struct engine_login *order)
{
	struct fetch *f;

	/* An errand may have been under way when the last one failed. */
	if (l->is_fetching || (why == FETCH_NEEDED &&
		l->fetch_at > clock_now_ms()))
		return;
	l->is_fetching = true;
	f = x_calloc(1, sizeof(*f));
	f->engine = e;
	f->lane = l;
	f->config = config_ref(e->config);
	f->target = l->target;
	f->what_for = why;
	f->order = order;
	e->n_errands++;
	fetch_prepare(f);
}
