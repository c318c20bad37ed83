/*
 * The hub's rows: what press.db keeps of requests, and what courier.db makes
 * of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "assert_slice.h"
#include "base/clock.h"
#include "model/subscription.h"
#include "store_kit.h"

#define A "https://a.example/1"
#define B "https://b.example/2"
#define TOPIC "https://n.example/feeds/all.atom"
#define OTHER "https://n.example/feeds/all.rss"

enum { NOW = 1800000000, LEASE = 86400 };

static const struct subscription_ops *const ops = &subscription_sqlite;
static struct hub_limits limits;
static struct store *courier;
static struct arena arena;
static int64_t seq;

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

/* Do it in a job of its own; the error, if any. */
static struct err
work(struct store *s, int (*what)(struct store_tx *, void *, struct err *),
	void *arg)
{
	struct work w = { .job = { .run = run, .done = done }, .what = what,
		.arg = arg };

	store_sqlite.submit(s, &w.job);
	while (!w.done)
		ev_run(kit.loop, EVRUN_ONCE);
	return w.job.failed;
}

static void
must(struct err e)
{
	if (e.kind != ERR_NONE)
		fail_msg("%s", e.text);
}

/* The first number that SQL gives in courier.db. */
static int64_t
sql(const char *text)
{
	sqlite3_stmt *st;
	sqlite3 *db;
	int64_t ret;

	assert_int_equal(sqlite3_open(kit_path(&kit, "courier.db"), &db),
		SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	if (sqlite3_prepare_v2(db, text, -1, &st, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(db));
	ret = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : -1;
	assert_int_equal(sqlite3_finalize(st), SQLITE_OK);
	sqlite3_close(db);
	return ret;
}

/* ---- requests in press.db ---- */

static int
put_request(struct store_tx *tx, void *arg, struct err *e)
{
	return store_sqlite.put_hub_request(tx, arg, e);
}

static struct hub_request
request(enum hub_mode mode, const char *url, const char *callback)
{
	return (struct hub_request){ .mode = mode, .at = clock_now(),
		.topic = slice_str(url), .url = slice_str(url), .feed_id = 7,
		.callback = slice_str(callback), .lease_s = -1,
		.token = S("") };
}

static void
keep(int64_t at, const char *callback)
{
	struct hub_request r = request(HUB_SUBSCRIBE, TOPIC, callback);

	r.at = at;
	must(work(kit.store, put_request, &r));
}

static size_t
read_requests(int64_t after, struct hub_request **ret, int64_t *ret_last)
{
	struct store_reader *r = store_sqlite.reader_take(kit.store);
	struct err e = { 0 };
	size_t n;

	if (store_sqlite.hub_requests(r, after, 100, &arena, ret, &n,
		ret_last, &e) < 0)
		fail_msg("%s", e.text);
	store_sqlite.reader_give(kit.store, r);
	return n;
}

static void
a_request_is_kept_as_it_is(void **state)
{
	struct hub_request r = request(HUB_UNSUBSCRIBE, TOPIC, A), *list;
	int64_t last;

	(void)state;
	r.topic = S("https://n.example/feeds/%61ll.atom");
	r.secret = slice("a\0b", 3);
	r.lease_s = 3600;
	r.token = S("t");
	must(work(kit.store, put_request, &r));
	assert_int_equal(read_requests(0, &list, &last), 1);
	assert_int_equal(last, 1);
	assert_int_equal(list[0].seq, 1);
	assert_int_equal(list[0].at, r.at);
	assert_int_equal(list[0].mode, HUB_UNSUBSCRIBE);
	assert_slice(list[0].topic, "https://n.example/feeds/%61ll.atom");
	assert_slice(list[0].url, TOPIC);
	assert_int_equal(list[0].feed_id, 7);
	assert_slice(list[0].callback, A);
	assert_true(slice_eq(list[0].secret, r.secret));
	assert_int_equal(list[0].lease_s, 3600);
	assert_slice(list[0].token, "t");
	assert_int_equal(read_requests(1, &list, &last), 0);
	assert_int_equal(last, 1);
}

/* What is old goes, and the numbers go on. */
static void
requests_are_pruned_after_an_hour(void **state)
{
	struct hub_request *list;
	int64_t last;

	(void)state;
	for (int i = 0; i < 15; i++)
		keep(NOW, A);
	keep(NOW + 3600, B);
	assert_int_equal(read_requests(0, &list, &last), 16);
	keep(NOW + 3601, B);
	assert_int_equal(read_requests(0, &list, &last), 7);
	keep(NOW + 3601, B);
	assert_int_equal(read_requests(0, &list, &last), 3);
	keep(NOW + 90000, A);
	assert_int_equal(read_requests(0, &list, &last), 1);
	assert_int_equal(last, 19);
}

/* Somebody sends more than anybody reads. */
static void
requests_have_a_limit(void **state)
{
	struct hub_request r = request(HUB_SUBSCRIBE, TOPIC, A);

	(void)state;
	keep(clock_now(), A);
	kit_change(&kit, "INSERT INTO hub_request (seq, at, mode, topic, url,"
		" feed_id, callback, lease, token) SELECT 100001, at, mode,"
		" topic, url, feed_id, callback, lease, token"
		" FROM hub_request");
	assert_int_equal(work(kit.store, put_request, &r).kind, ERR_BUSY);
}

/* ---- what the courier makes of them ---- */

struct accepted {
	const struct hub_request *list;
	size_t n, ignored;
};

static int
do_accept(struct store_tx *tx, void *arg, struct err *e)
{
	struct hub_cursor c = { S("here"), seq };
	struct accepted *a = arg;

	return ops->accept(tx, a->list, a->n, &c, &limits, &a->ignored, e);
}

static size_t
accept_all(const struct hub_request *list, size_t n)
{
	struct accepted a = { list, n, 0 };

	seq += (int64_t)n;
	must(work(courier, do_accept, &a));
	return a.ignored;
}

/* One request more; false: it is ignored. */
static bool
ask(enum hub_mode mode, const char *url, const char *callback,
	const char *secret)
{
	struct hub_request r = request(mode, url, callback);

	r.secret = slice_str(secret);
	return accept_all(&r, 1) == 0;
}

struct taken {
	size_t max, n;
	struct pending *list;
	int64_t next;
};

static int
do_take(struct store_tx *tx, void *arg, struct err *e)
{
	struct taken *t = arg;

	return ops->take(tx, clock_now_ms(), t->max, &arena, &t->list, &t->n,
		&t->next, e);
}

static struct taken
take(size_t max)
{
	struct taken t = { .max = max };

	must(work(courier, do_take, &t));
	return t;
}

/* The only one that is due. */
static struct pending
take_one(void)
{
	struct taken t = take(10);

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

static bool
settle(int64_t id, enum pending_end end)
{
	struct settled s = { { .id = id, .end = end,
		.expires = clock_now() + LEASE,
		.due = clock_now_ms() + 5000, .why = "why" }, false };

	must(work(courier, do_settle, &s));
	return s.done;
}

static void
subscribe(const char *url, const char *callback, const char *secret)
{
	assert_true(ask(HUB_SUBSCRIBE, url, callback, secret));
	assert_true(settle(take_one().id, PENDING_VERIFIED));
}

static struct subscription_counts
counts(void)
{
	struct store_reader *r = store_sqlite.reader_take(courier);
	struct subscription_counts c;
	struct err e;

	if (ops->counts(r, &c, &e) < 0)
		fail_msg("%s", e.text);
	store_sqlite.reader_give(courier, r);
	return c;
}

static size_t
list_some(struct subscription_filter f, int64_t after, size_t max,
	struct subscription **ret)
{
	struct store_reader *r = store_sqlite.reader_take(courier);
	struct err e = { 0 };
	size_t n;

	if (ops->list(r, &f, after, max, &arena, ret, &n, &e) < 0)
		fail_msg("%s", e.text);
	store_sqlite.reader_give(courier, r);
	return n;
}

static size_t
list_all(struct subscription **ret)
{
	return list_some((struct subscription_filter){ 0 }, 0, 100, ret);
}

static void
a_request_waits_until_it_is_verified(void **state)
{
	struct subscription *list;
	struct pending p;

	(void)state;
	assert_true(ask(HUB_SUBSCRIBE, TOPIC, A, "s"));
	assert_int_equal(counts().pending, 1);
	assert_int_equal(counts().subscriptions, 0);
	p = take_one();
	assert_int_equal(p.mode, HUB_SUBSCRIBE);
	assert_slice(p.topic, TOPIC);
	assert_slice(p.url, TOPIC);
	assert_slice(p.callback, A);
	assert_slice(p.host, "a.example");
	assert_int_equal(p.lease_s, -1);
	assert_int_equal(p.tries, 0);
	/* Who took it has it. */
	assert_int_equal(take(10).n, 0);
	assert_true(settle(p.id, PENDING_VERIFIED));
	assert_int_equal(counts().pending, 0);
	assert_int_equal(list_all(&list), 1);
	assert_slice(list[0].topic, TOPIC);
	assert_slice(list[0].callback, A);
	assert_true(list[0].has_secret);
	assert_int_equal(list[0].expires, clock_now() + LEASE);
	assert_int_equal(list[0].since, clock_now());
}

static void
what_is_not_verified_changes_nothing(void **state)
{
	struct subscription *list;
	struct pending p;

	(void)state;
	subscribe(TOPIC, A, "old");
	clock_set_ms((NOW + 60) * INT64_C(1000));
	ask(HUB_SUBSCRIBE, TOPIC, A, NULL);
	p = take_one();
	assert_int_equal(list_all(&list), 1);
	assert_true(list[0].has_secret);
	assert_true(settle(p.id, PENDING_DROPPED));
	assert_int_equal(list_all(&list), 1);
	assert_true(list[0].has_secret);
	assert_int_equal(list[0].expires, NOW + LEASE);
	assert_int_equal(counts().pending, 0);
}

static void
a_renewal_has_the_same_id(void **state)
{
	struct subscription *list;
	int64_t id;

	(void)state;
	subscribe(TOPIC, A, "old");
	assert_int_equal(list_all(&list), 1);
	id = list[0].id;
	clock_set_ms((NOW + 60) * INT64_C(1000));
	subscribe(TOPIC, A, NULL);
	assert_int_equal(list_all(&list), 1);
	assert_int_equal(list[0].id, id);
	assert_false(list[0].has_secret);
	assert_int_equal(list[0].expires, NOW + 60 + LEASE);
	assert_int_equal(list[0].since, NOW);
}

static void
the_latest_request_wins(void **state)
{
	struct pending old, new;

	(void)state;
	ask(HUB_SUBSCRIBE, TOPIC, A, "s");
	old = take_one();
	ask(HUB_UNSUBSCRIBE, TOPIC, A, NULL);
	new = take_one();
	assert_int_not_equal(old.id, new.id);
	assert_int_equal(new.mode, HUB_UNSUBSCRIBE);
	assert_false(settle(old.id, PENDING_VERIFIED));
	assert_int_equal(counts().subscriptions, 0);
	assert_true(settle(new.id, PENDING_VERIFIED));
	assert_int_equal(counts().pending, 0);
}

static void
unsubscribing_ends_it(void **state)
{
	struct subscription *list;

	(void)state;
	subscribe(TOPIC, A, NULL);
	subscribe(OTHER, A, NULL);
	subscribe(TOPIC, B, NULL);
	assert_true(ask(HUB_UNSUBSCRIBE, TOPIC, A, NULL));
	assert_int_equal(counts().subscriptions, 3);
	assert_true(settle(take_one().id, PENDING_VERIFIED));
	assert_int_equal(list_all(&list), 2);
	assert_slice(list[0].topic, OTHER);
	assert_slice(list[1].callback, B);
	/* What one never had is not asked for. */
	assert_false(ask(HUB_UNSUBSCRIBE, TOPIC, A, NULL));
	assert_int_equal(counts().pending, 0);
}

/* An id is not given twice, or what is on its way would end another's. */
static void
ids_are_never_given_twice(void **state)
{
	struct subscription *list;
	int64_t id;

	(void)state;
	subscribe(TOPIC, A, NULL);
	assert_int_equal(list_all(&list), 1);
	id = list[0].id;
	ask(HUB_UNSUBSCRIBE, TOPIC, A, NULL);
	settle(take_one().id, PENDING_VERIFIED);
	subscribe(TOPIC, B, NULL);
	assert_int_equal(list_all(&list), 1);
	assert_true(list[0].id > id);
}

/* ---- time ---- */

static void
what_failed_is_due_later(void **state)
{
	struct taken t;
	struct pending p;

	(void)state;
	ask(HUB_SUBSCRIBE, TOPIC, A, NULL);
	assert_true(settle(take_one().id, PENDING_RETRY));
	t = take(10);
	assert_int_equal(t.n, 0);
	assert_int_equal(t.next, clock_now_ms() + 5000);
	clock_set_ms((NOW + 5) * INT64_C(1000));
	p = take_one();
	assert_int_equal(p.tries, 1);
	assert_true(settle(p.id, PENDING_LATER));
	clock_set_ms((NOW + 10) * INT64_C(1000));
	assert_int_equal(take_one().tries, 1);
	assert_int_equal(sql("SELECT last_error = 'why' FROM hub_pending"), 1);
}

static int
do_postpone(struct store_tx *tx, void *arg, struct err *e)
{
	return ops->postpone(tx, slice_str(arg), clock_now_ms() + 1000, e);
}

static void
a_host_can_wait(void **state)
{
	char host[] = "a.example";
	struct taken t;

	(void)state;
	ask(HUB_SUBSCRIBE, OTHER, A, NULL);
	t = take(10);
	ask(HUB_SUBSCRIBE, TOPIC, A, NULL);
	ask(HUB_SUBSCRIBE, TOPIC, B, NULL);
	must(work(courier, do_postpone, host));
	assert_slice(take_one().callback, B);
	/* What was taken stays taken. */
	clock_set_ms((NOW + 1) * INT64_C(1000));
	assert_int_not_equal(take_one().id, t.list[0].id);
}

static void
no_more_is_taken_than_there_is_room_for(void **state)
{
	struct taken t;

	(void)state;
	ask(HUB_SUBSCRIBE, TOPIC, A, NULL);
	ask(HUB_SUBSCRIBE, TOPIC, B, NULL);
	t = take(1);
	assert_int_equal(t.n, 1);
	assert_slice(t.list[0].callback, A);
	assert_int_equal(t.next, 1);
	t = take(1);
	assert_slice(t.list[0].callback, B);
	assert_int_equal(t.next, 0);
}

static int
do_expire(struct store_tx *tx, void *arg, struct err *e)
{
	return ops->expire(tx, clock_now(), 2, arg, e);
}

static void
leases_end(void **state)
{
	const char *urls[] = { TOPIC, OTHER, TOPIC "1" };
	struct subscription *list;
	size_t n;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(urls); i++)
		subscribe(urls[i], A, NULL);
	clock_set_ms((NOW + LEASE - 1) * INT64_C(1000));
	must(work(courier, do_expire, &n));
	assert_int_equal(n, 0);
	subscribe(TOPIC, B, NULL);
	clock_set_ms((NOW + LEASE) * INT64_C(1000));
	/* They are not shown, nor counted, before they are gone. */
	assert_int_equal(list_all(&list), 1);
	assert_int_equal(counts().subscriptions, 1);
	must(work(courier, do_expire, &n));
	assert_int_equal(n, 2);
	must(work(courier, do_expire, &n));
	assert_int_equal(n, 1);
	assert_int_equal(sql("SELECT count(*) FROM hub_sub"), 1);
}

/* ---- a courier that begins again ---- */

static int
do_begin(struct store_tx *tx, void *arg, struct err *e)
{
	return ops->begin(tx, &arena, arg, e);
}

static void
what_was_being_verified_is_verified_anew(void **state)
{
	struct hub_cursor c;
	int64_t id;

	(void)state;
	must(work(courier, do_begin, &c));
	assert_int_equal(c.seq, 0);
	assert_int_equal(c.stream.len, 0);
	ask(HUB_SUBSCRIBE, TOPIC, A, NULL);
	id = take_one().id;
	must(work(courier, do_begin, &c));
	assert_int_equal(c.seq, seq);
	assert_slice(c.stream, "here");
	assert_int_equal(take_one().id, id);
}

/* ---- limits ---- */

static void
beyond_the_limit_is_denied(void **state)
{
	struct taken t;

	(void)state;
	limits.subscriptions = 2;
	subscribe(TOPIC, A, NULL);
	ask(HUB_SUBSCRIBE, OTHER, A, NULL);
	ask(HUB_SUBSCRIBE, TOPIC, B, "s");
	t = take(10);
	assert_int_equal(t.n, 2);
	assert_int_equal(t.list[0].mode, HUB_SUBSCRIBE);
	assert_int_equal(t.list[1].mode, HUB_DENIED);
	assert_non_null(strstr(t.list[1].reason.ptr, "as many"));
	/* To be told is all: nothing else comes of it. */
	assert_true(settle(t.list[1].id, PENDING_VERIFIED));
	assert_int_equal(counts().subscriptions, 1);
	/* A renewal is none more. */
	ask(HUB_SUBSCRIBE, TOPIC, A, NULL);
	assert_int_equal(take_one().mode, HUB_SUBSCRIBE);
}

static void
a_crowd_is_counted_too(void **state)
{
	struct hub_request crowd[4];
	char callbacks[4][40];
	struct taken t;

	(void)state;
	limits.subscriptions = 2;
	for (size_t i = 0; i < COUNT_OF(crowd); i++) {
		snprintf(callbacks[i], sizeof(callbacks[i]),
			"https://h%zu.example/", i);
		crowd[i] = request(HUB_SUBSCRIBE, TOPIC, callbacks[i]);
	}
	assert_int_equal(accept_all(crowd, COUNT_OF(crowd)), 0);
	t = take(10);
	assert_int_equal(t.n, 4);
	for (size_t i = 0; i < t.n; i++)
		assert_int_equal(t.list[i].mode, i < 2 ? HUB_SUBSCRIBE :
			HUB_DENIED);
}

static void
a_host_has_a_limit(void **state)
{
	(void)state;
	limits.per_host = 2;
	subscribe(TOPIC, A, NULL);
	subscribe(OTHER, A, NULL);
	ask(HUB_SUBSCRIBE, TOPIC "1", A, NULL);
	assert_int_equal(take_one().mode, HUB_DENIED);
	ask(HUB_SUBSCRIBE, TOPIC "2", A, NULL);
	assert_int_equal(take_one().mode, HUB_DENIED);
	/* And when so many wait, there is no denial, either. */
	assert_false(ask(HUB_SUBSCRIBE, TOPIC "3", A, NULL));
	assert_true(ask(HUB_SUBSCRIBE, TOPIC, B, NULL));
}

/* ---- topics ---- */

static int
do_end_topic(struct store_tx *tx, void *arg, struct err *e)
{
	return ops->end_topic(tx, 1, S("over"), 2, arg, e);
}

static void
a_topic_that_ends_is_told(void **state)
{
	struct subscription *list;
	struct taken t;
	size_t n;

	(void)state;
	subscribe(TOPIC, A, "s");
	subscribe(TOPIC, B, NULL);
	subscribe(TOPIC, "https://c.example/", NULL);
	subscribe(OTHER, A, NULL);
	ask(HUB_SUBSCRIBE, TOPIC, "https://d.example/", "s");
	must(work(courier, do_end_topic, &n));
	assert_int_equal(n, 2);
	must(work(courier, do_end_topic, &n));
	assert_int_equal(n, 1);
	assert_int_equal(list_all(&list), 1);
	assert_slice(list[0].topic, OTHER);
	t = take(10);
	assert_int_equal(t.n, 4);
	for (size_t i = 0; i < t.n; i++) {
		assert_int_equal(t.list[i].mode, HUB_DENIED);
		assert_slice(t.list[i].reason, "over");
		assert_slice(t.list[i].topic, TOPIC);
	}
	assert_int_equal(sql("SELECT count(*) FROM hub_pending"
		" WHERE secret IS NOT NULL"), 0);
}

static int
do_move_topic(struct store_tx *tx, void *arg, struct err *e)
{
	(void)arg;
	return ops->move_topic(tx, 1, 9, e);
}

static void
topics_are_listed(void **state)
{
	struct store_reader *r;
	struct hub_topic *list;
	struct err e;
	size_t n;

	(void)state;
	subscribe(TOPIC, A, NULL);
	subscribe(TOPIC, B, NULL);
	ask(HUB_SUBSCRIBE, OTHER, A, NULL);
	must(work(courier, do_move_topic, NULL));
	sql("INSERT INTO hub_retry VALUES (1, 1, 5, 'it answered 500', 3)");
	r = store_sqlite.reader_take(courier);
	assert_int_equal(ops->topics(r, 0, 10, &arena, &list, &n, &e), 0);
	assert_int_equal(n, 2);
	assert_slice(list[0].url, TOPIC);
	assert_int_equal(list[0].feed_id, 9);
	assert_int_equal(list[0].subscriptions, 2);
	assert_int_equal(list[0].retrying, 1);
	assert_false(list[0].is_under_way);
	assert_int_equal(list[1].subscriptions, 0);
	assert_int_equal(ops->topics(r, list[1].id, 10, &arena, &list, &n,
		&e), 0);
	assert_int_equal(n, 0);
	store_sqlite.reader_give(courier, r);
}

static void
subscriptions_are_listed(void **state)
{
	struct subscription *list;
	struct subscription_filter f = { .topic = S(OTHER) };

	(void)state;
	subscribe(TOPIC, A, NULL);
	subscribe(OTHER, A, NULL);
	subscribe(TOPIC, B, NULL);
	sql("INSERT INTO hub_retry VALUES (1, 2, 5, 'it answered 500', 3)");
	assert_int_equal(list_all(&list), 3);
	assert_int_equal(list[0].tries, 2);
	assert_int_equal(list[0].due, 5);
	assert_slice(list[0].why, "it answered 500");
	assert_int_equal(list[2].tries, 0);
	assert_int_equal(list_some(f, 0, 10, &list), 1);
	assert_slice(list[0].topic, OTHER);
	f = (struct subscription_filter){ .feed_id = 7 };
	assert_int_equal(list_some(f, 0, 2, &list), 2);
	assert_int_equal(list_some(f, list[1].id, 2, &list), 1);
	f.feed_id = 8;
	assert_int_equal(list_some(f, 0, 10, &list), 0);
	assert_int_equal(counts().topics, 2);
	assert_int_equal(counts().retrying, 1);
}

/* ---- life ---- */

static int
begin(void **state)
{
	struct store_open o = { 0 };
	struct err e;

	kit_begin(state);
	clock_set_ms(NOW * INT64_C(1000));
	limits = (struct hub_limits){ 1000, 1000 };
	seq = 0;
	o.state_dir = kit.dir;
	o.loop = kit.loop;
	if (store_sqlite.open_courier(&o, &courier, &e) < 0)
		fail_msg("%s", e.text);
	return 0;
}

static int
end(void **state)
{
	store_sqlite.close(TAKE(courier));
	arena_done(&arena);
	clock_set_ms(-1);
	return kit_end(state);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_request_is_kept_as_it_is),
		TEST(requests_are_pruned_after_an_hour),
		TEST(requests_have_a_limit),
		TEST(a_request_waits_until_it_is_verified),
		TEST(what_is_not_verified_changes_nothing),
		TEST(a_renewal_has_the_same_id),
		TEST(the_latest_request_wins),
		TEST(unsubscribing_ends_it),
		TEST(ids_are_never_given_twice),
		TEST(what_failed_is_due_later),
		TEST(a_host_can_wait),
		TEST(no_more_is_taken_than_there_is_room_for),
		TEST(leases_end),
		TEST(what_was_being_verified_is_verified_anew),
		TEST(beyond_the_limit_is_denied),
		TEST(a_crowd_is_counted_too),
		TEST(a_host_has_a_limit),
		TEST(a_topic_that_ends_is_told),
		TEST(topics_are_listed),
		TEST(subscriptions_are_listed),
	};

	return cmocka_run_group_tests_name("store_hub", tests, NULL, NULL);
}
