/*
 * What the tests of the hub's rows share (see the header).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "store_hub_kit.h"

static const struct subscription_ops *const ops = &subscription_sqlite;

struct hub_limits hub_limits;
struct store *hub_courier;
struct arena hub_arena;
int64_t hub_seq;

/* ---- jobs ---- */

struct work {
	struct store_job job;
	int (*what)(struct store_tx *, void *, struct err *);
	void *arg;
	bool done;
};

static void
run(struct store_job *j, struct store_tx *tx)
{
	struct work *w = CONTAINER_OF(j, struct work, job);

	CHECK((w->what(tx, w->arg, &j->failed) < 0) ==
		(j->failed.kind != ERR_NONE));
}

static void
done(struct store_job *j)
{
	CONTAINER_OF(j, struct work, job)->done = true;
}

struct err
hub_work(struct store *s, int (*what)(struct store_tx *, void *, struct err *),
	void *arg)
{
	struct work w = { .job = { .run = run, .done = done }, .what = what,
		.arg = arg };

	store_sqlite.submit(s, &w.job);
	while (!w.done)
		ev_run(kit.loop, EVRUN_ONCE);
	return w.job.failed;
}

void
hub_must(struct err e)
{
	if (e.kind != ERR_NONE)
		fail_msg("%s", e.text);
}

struct hub_request
hub_request_of(enum hub_mode mode, const char *url, const char *callback)
{
	return (struct hub_request){ .mode = mode, .at = clock_now(),
		.topic = slice_str(url), .url = slice_str(url), .feed_id = 7,
		.callback = slice_str(callback), .lease_s = -1,
		.token = S("") };
}

/* ---- what the courier makes of them ---- */

struct accepted {
	const struct hub_request *list;
	size_t n, ignored;
};

static int
do_accept(struct store_tx *tx, void *arg, struct err *e)
{
	struct hub_cursor c = { S("here"), hub_seq };
	struct accepted *a = arg;

	return ops->accept(tx, a->list, a->n, &c, &hub_limits, &a->ignored, e);
}

size_t
hub_accept(const struct hub_request *list, size_t n)
{
	struct accepted a = { list, n, 0 };

	hub_seq += (int64_t)n;
	hub_must(hub_work(hub_courier, do_accept, &a));
	return a.ignored;
}

bool
hub_ask(enum hub_mode mode, const char *url, const char *callback,
	const char *secret)
{
	struct hub_request r = hub_request_of(mode, url, callback);

	r.secret = slice_str(secret);
	return hub_accept(&r, 1) == 0;
}

static int
do_take(struct store_tx *tx, void *arg, struct err *e)
{
	struct taken *t = arg;

	return ops->take(tx, clock_now_ms(), t->max, &hub_arena, &t->list,
		&t->n, &t->next, e);
}

struct taken
hub_take(size_t max)
{
	struct taken t = { .max = max };

	hub_must(hub_work(hub_courier, do_take, &t));
	return t;
}

struct pending
hub_take_one(void)
{
	struct taken t = hub_take(10);

	assert_int_equal(t.n, 1);
	return t.list[0];
}

struct settled {
	struct pending_settled s;
	bool done;
};

static int
do_settle(struct store_tx *tx, void *arg, struct err *e)
{
	struct settled *s = arg;

	return ops->settle(tx, &s->s, &s->done, e);
}

bool
hub_settle(int64_t id, enum pending_end end)
{
	struct settled s = { { .id = id, .end = end,
		.expires = clock_now() + HUB_LEASE,
		.due = clock_now_ms() + 5000, .why = "why" }, false };

	hub_must(hub_work(hub_courier, do_settle, &s));
	return s.done;
}

void
hub_subscribe(const char *url, const char *callback, const char *secret)
{
	assert_true(hub_ask(HUB_SUBSCRIBE, url, callback, secret));
	assert_true(hub_settle(hub_take_one().id, PENDING_VERIFIED));
}

struct subscription_counts
hub_counts(void)
{
	struct store_reader *r = store_sqlite.reader_take(hub_courier);
	struct subscription_counts c;
	struct err e;

	if (ops->counts(r, &c, &e) < 0)
		fail_msg("%s", e.text);
	store_sqlite.reader_give(hub_courier, r);
	return c;
}

size_t
hub_list(struct subscription_filter f, int64_t after, size_t max,
	struct subscription **ret)
{
	struct store_reader *r = store_sqlite.reader_take(hub_courier);
	struct err e = { 0 };
	size_t n;

	if (ops->list(r, &f, after, max, &hub_arena, ret, &n, &e) < 0)
		fail_msg("%s", e.text);
	store_sqlite.reader_give(hub_courier, r);
	return n;
}

size_t
hub_list_all(struct subscription **ret)
{
	return hub_list((struct subscription_filter){ 0 }, 0, 100, ret);
}

/* ---- life ---- */

int64_t
hub_sql(const char *text)
{
	const char *got = kit_sql_of(&kit, "courier.db", text);

	return got ? atoll(got) : -1;
}

int
hub_begin(void **state)
{
	struct store_open o = { 0 };
	struct err e;

	kit_begin(state);
	clock_set_ms(HUB_NOW * INT64_C(1000));
	hub_limits = (struct hub_limits){ 1000, 1000 };
	hub_seq = 0;
	o.state_dir = kit.dir;
	o.loop = kit.loop;
	if (store_sqlite.open_courier(&o, &hub_courier, &e) < 0)
		fail_msg("%s", e.text);
	return 0;
}

int
hub_end(void **state)
{
	store_sqlite.close(TAKE(hub_courier));
	arena_done(&hub_arena);
	clock_set_ms(-1);
	return kit_end(state);
}
