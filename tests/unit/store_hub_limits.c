/*
 * The hub's rows: what press.db keeps of requests and for how long, how many
 * courier.db takes, and what it lists.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "assert_slice.h"
#include "base/clock.h"
#include "store_hub_kit.h"

static const struct subscription_ops *const ops = &subscription_sqlite;

/* ---- requests in press.db ---- */

static int
put_request(struct store_tx *tx, void *arg, struct err *e)
{
	return store_sqlite.put_hub_request(tx, arg, e);
}

static void
keep(int64_t at, const char *callback)
{
	struct hub_request r = hub_request_of(HUB_SUBSCRIBE, TOPIC, callback);

	r.at = at;
	hub_must(hub_work(kit.store, put_request, &r));
}

static size_t
read_requests(int64_t after, struct hub_request **ret, int64_t *ret_last)
{
	struct store_reader *r = store_sqlite.reader_take(kit.store);
	struct err e = { 0 };
	size_t n;

	if (store_sqlite.hub_requests(r, after, 100, &hub_arena, ret, &n,
		ret_last, &e) < 0)
		fail_msg("%s", e.text);
	store_sqlite.reader_give(kit.store, r);
	return n;
}

static void
a_request_is_kept_as_it_is(void **state)
{
	struct hub_request r = hub_request_of(HUB_UNSUBSCRIBE, TOPIC, A), *list;
	int64_t last;

	(void)state;
	r.topic = S("https://n.example/feeds/%61ll.atom");
	r.secret = slice("a\0b", 3);
	r.lease_s = 3600;
	r.token = S("t");
	hub_must(hub_work(kit.store, put_request, &r));
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
		keep(HUB_NOW, A);
	keep(HUB_NOW + 3600, B);
	assert_int_equal(read_requests(0, &list, &last), 16);
	keep(HUB_NOW + 3601, B);
	assert_int_equal(read_requests(0, &list, &last), 7);
	keep(HUB_NOW + 3601, B);
	assert_int_equal(read_requests(0, &list, &last), 3);
	keep(HUB_NOW + 90000, A);
	assert_int_equal(read_requests(0, &list, &last), 1);
	assert_int_equal(last, 19);
}

/* Somebody sends more than anybody reads. */
static void
requests_have_a_limit(void **state)
{
	struct hub_request r = hub_request_of(HUB_SUBSCRIBE, TOPIC, A);

	(void)state;
	keep(clock_now(), A);
	kit_change(&kit, "INSERT INTO hub_request (seq, at, mode, topic, url,"
		" feed_id, callback, lease, token) SELECT 100001, at, mode,"
		" topic, url, feed_id, callback, lease, token"
		" FROM hub_request");
	assert_int_equal(hub_work(kit.store, put_request, &r).kind, ERR_BUSY);
}

/* ---- limits ---- */

static void
beyond_the_limit_is_denied(void **state)
{
	struct taken t;

	(void)state;
	hub_limits.subscriptions = 2;
	hub_subscribe(TOPIC, A, NULL);
	hub_ask(HUB_SUBSCRIBE, OTHER, A, NULL);
	hub_ask(HUB_SUBSCRIBE, TOPIC, B, "s");
	t = hub_take(10);
	assert_int_equal(t.n, 2);
	assert_int_equal(t.list[0].mode, HUB_SUBSCRIBE);
	assert_int_equal(t.list[1].mode, HUB_DENIED);
	assert_non_null(strstr(t.list[1].reason.ptr, "as many"));
	/* To be told is all: nothing else comes of it. */
	assert_true(hub_settle(t.list[1].id, PENDING_VERIFIED));
	assert_int_equal(hub_counts().subscriptions, 1);
	/* A renewal is none more. */
	hub_ask(HUB_SUBSCRIBE, TOPIC, A, NULL);
	assert_int_equal(hub_take_one().mode, HUB_SUBSCRIBE);
}

/* Who is denied is told, but not without end. */
static void
denials_have_a_limit(void **state)
{
	(void)state;
	hub_limits.subscriptions = 1;
	hub_subscribe(TOPIC, A, NULL);
	assert_true(hub_ask(HUB_SUBSCRIBE, TOPIC, B, NULL));
	hub_sql("WITH RECURSIVE n (i) AS (VALUES (2) UNION ALL SELECT i + 1"
		" FROM n WHERE i < 10000) INSERT INTO hub_pending (topic_id,"
		" callback, host, mode, topic, lease, token, reason, since,"
		" tries, due, last_error) SELECT topic_id, 'https://h' || i,"
		" 'h' || i, mode, topic, lease, token, reason, since, tries,"
		" due, last_error FROM n, hub_pending");
	assert_int_equal(hub_sql("SELECT count(*) FROM hub_pending"), 10000);
	assert_false(hub_ask(HUB_SUBSCRIBE, OTHER, B, NULL));
	/* Who has a subscription may renew it, and leave. */
	assert_true(hub_ask(HUB_SUBSCRIBE, TOPIC, A, NULL));
	assert_true(hub_ask(HUB_UNSUBSCRIBE, TOPIC, A, NULL));
}

static void
a_crowd_is_counted_too(void **state)
{
	struct hub_request crowd[4];
	char callbacks[4][40];
	struct taken t;

	(void)state;
	hub_limits.subscriptions = 2;
	for (size_t i = 0; i < COUNT_OF(crowd); i++) {
		snprintf(callbacks[i], sizeof(callbacks[i]),
			"https://h%zu.example/", i);
		crowd[i] = hub_request_of(HUB_SUBSCRIBE, TOPIC, callbacks[i]);
	}
	assert_int_equal(hub_accept(crowd, COUNT_OF(crowd)), 0);
	t = hub_take(10);
	assert_int_equal(t.n, 4);
	for (size_t i = 0; i < t.n; i++)
		assert_int_equal(t.list[i].mode, i < 2 ? HUB_SUBSCRIBE :
			HUB_DENIED);
}

static void
a_host_has_a_limit(void **state)
{
	(void)state;
	hub_limits.per_host = 2;
	hub_subscribe(TOPIC, A, NULL);
	hub_subscribe(OTHER, A, NULL);
	hub_ask(HUB_SUBSCRIBE, TOPIC "1", A, NULL);
	assert_int_equal(hub_take_one().mode, HUB_DENIED);
	hub_ask(HUB_SUBSCRIBE, TOPIC "2", A, NULL);
	assert_int_equal(hub_take_one().mode, HUB_DENIED);
	/* And when so many wait, there is no denial, either. */
	assert_false(hub_ask(HUB_SUBSCRIBE, TOPIC "3", A, NULL));
	assert_true(hub_ask(HUB_SUBSCRIBE, TOPIC, B, NULL));
}

static void
what_is_no_callback_is_passed_over(void **state)
{
	struct hub_request list[] = {
		hub_request_of(HUB_SUBSCRIBE, TOPIC, "nonsense"),
		hub_request_of(HUB_SUBSCRIBE, TOPIC, A),
	};

	(void)state;
	assert_int_equal(hub_accept(list, COUNT_OF(list)), 1);
	assert_slice(hub_take_one().callback, A);
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
	hub_subscribe(TOPIC, A, "s");
	hub_subscribe(TOPIC, B, NULL);
	hub_subscribe(TOPIC, "https://c.example/", NULL);
	hub_subscribe(OTHER, A, NULL);
	hub_ask(HUB_SUBSCRIBE, TOPIC, "https://d.example/", "s");
	hub_must(hub_work(hub_courier, do_end_topic, &n));
	assert_int_equal(n, 2);
	hub_must(hub_work(hub_courier, do_end_topic, &n));
	assert_int_equal(n, 1);
	assert_int_equal(hub_list_all(&list), 1);
	assert_slice(list[0].topic, OTHER);
	t = hub_take(10);
	assert_int_equal(t.n, 4);
	for (size_t i = 0; i < t.n; i++) {
		assert_int_equal(t.list[i].mode, HUB_DENIED);
		assert_slice(t.list[i].reason, "over");
		assert_slice(t.list[i].topic, TOPIC);
	}
	assert_int_equal(hub_sql("SELECT count(*) FROM hub_pending"
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
	hub_subscribe(TOPIC, A, NULL);
	hub_subscribe(TOPIC, B, NULL);
	hub_ask(HUB_SUBSCRIBE, OTHER, A, NULL);
	hub_must(hub_work(hub_courier, do_move_topic, NULL));
	hub_sql("INSERT INTO hub_retry VALUES (1, 1, 5, 'it answered 500', 3)");
	r = store_sqlite.reader_take(hub_courier);
	assert_int_equal(ops->topics(r, 0, 10, &hub_arena, &list, &n, &e), 0);
	assert_int_equal(n, 2);
	assert_slice(list[0].url, TOPIC);
	assert_int_equal(list[0].feed_id, 9);
	assert_int_equal(list[0].subscriptions, 2);
	assert_int_equal(list[0].retrying, 1);
	assert_false(list[0].is_under_way);
	assert_int_equal(list[1].subscriptions, 0);
	assert_int_equal(ops->topics(r, list[1].id, 10, &hub_arena, &list, &n,
		&e), 0);
	assert_int_equal(n, 0);
	store_sqlite.reader_give(hub_courier, r);
}

static void
subscriptions_are_listed(void **state)
{
	struct subscription *list;
	struct subscription_filter f = { .topic = S(OTHER) };

	(void)state;
	hub_subscribe(TOPIC, A, NULL);
	hub_subscribe(OTHER, A, NULL);
	hub_subscribe(TOPIC, B, NULL);
	hub_sql("INSERT INTO hub_retry VALUES (1, 2, 5, 'it answered 500', 3)");
	assert_int_equal(hub_list_all(&list), 3);
	assert_int_equal(list[0].tries, 2);
	assert_int_equal(list[0].due, 5);
	assert_slice(list[0].why, "it answered 500");
	assert_int_equal(list[2].tries, 0);
	assert_int_equal(hub_list(f, 0, 10, &list), 1);
	assert_slice(list[0].topic, OTHER);
	f = (struct subscription_filter){ .feed_id = 7 };
	assert_int_equal(hub_list(f, 0, 2, &list), 2);
	assert_int_equal(hub_list(f, list[1].id, 2, &list), 1);
	f.feed_id = 8;
	assert_int_equal(hub_list(f, 0, 10, &list), 0);
	assert_int_equal(hub_counts().topics, 2);
	assert_int_equal(hub_counts().retrying, 1);
}

#define TEST(test) \
	cmocka_unit_test_setup_teardown(test, hub_begin, hub_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_request_is_kept_as_it_is),
		TEST(requests_are_pruned_after_an_hour),
		TEST(requests_have_a_limit),
		TEST(beyond_the_limit_is_denied),
		TEST(denials_have_a_limit),
		TEST(a_crowd_is_counted_too),
		TEST(a_host_has_a_limit),
		TEST(what_is_no_callback_is_passed_over),
		TEST(a_topic_that_ends_is_told),
		TEST(topics_are_listed),
		TEST(subscriptions_are_listed),
	};

	return cmocka_run_group_tests_name("store_hub_limits", tests, NULL,
		NULL);
}
