/*
 * The hub's rows in courier.db: from a request to a subscription, and its end.
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

static void
a_request_waits_until_it_is_verified(void **state)
{
	struct subscription *list;
	struct pending p;

	(void)state;
	assert_true(hub_ask(HUB_SUBSCRIBE, TOPIC, A, "s"));
	assert_int_equal(hub_counts().pending, 1);
	assert_int_equal(hub_counts().subscriptions, 0);
	p = hub_take_one();
	assert_int_equal(p.mode, HUB_SUBSCRIBE);
	assert_slice(p.topic, TOPIC);
	assert_slice(p.url, TOPIC);
	assert_slice(p.callback, A);
	assert_slice(p.host, "a.example");
	assert_int_equal(p.lease_s, -1);
	assert_int_equal(p.tries, 0);
	/* Who took it has it. */
	assert_int_equal(hub_take(10).n, 0);
	assert_true(hub_settle(p.id, PENDING_VERIFIED));
	assert_int_equal(hub_counts().pending, 0);
	assert_int_equal(hub_list_all(&list), 1);
	assert_slice(list[0].topic, TOPIC);
	assert_slice(list[0].callback, A);
	assert_true(list[0].has_secret);
	assert_int_equal(list[0].expires, clock_now() + HUB_LEASE);
	assert_int_equal(list[0].since, clock_now());
}

static void
what_is_not_verified_changes_nothing(void **state)
{
	struct subscription *list;
	struct pending p;

	(void)state;
	hub_subscribe(TOPIC, A, "old");
	clock_set_ms((HUB_NOW + 60) * INT64_C(1000));
	hub_ask(HUB_SUBSCRIBE, TOPIC, A, NULL);
	p = hub_take_one();
	assert_int_equal(hub_list_all(&list), 1);
	assert_true(list[0].has_secret);
	assert_true(hub_settle(p.id, PENDING_DROPPED));
	assert_int_equal(hub_list_all(&list), 1);
	assert_true(list[0].has_secret);
	assert_int_equal(list[0].expires, HUB_NOW + HUB_LEASE);
	assert_int_equal(hub_counts().pending, 0);
}

static void
a_renewal_has_the_same_id(void **state)
{
	struct subscription *list;
	int64_t id;

	(void)state;
	hub_subscribe(TOPIC, A, "old");
	assert_int_equal(hub_list_all(&list), 1);
	id = list[0].id;
	clock_set_ms((HUB_NOW + 60) * INT64_C(1000));
	hub_subscribe(TOPIC, A, NULL);
	assert_int_equal(hub_list_all(&list), 1);
	assert_int_equal(list[0].id, id);
	assert_false(list[0].has_secret);
	assert_int_equal(list[0].expires, HUB_NOW + 60 + HUB_LEASE);
	assert_int_equal(list[0].since, HUB_NOW);
}

static void
the_latest_request_wins(void **state)
{
	struct pending old, new;

	(void)state;
	hub_ask(HUB_SUBSCRIBE, TOPIC, A, "s");
	old = hub_take_one();
	hub_ask(HUB_UNSUBSCRIBE, TOPIC, A, NULL);
	new = hub_take_one();
	assert_int_not_equal(old.id, new.id);
	assert_int_equal(new.mode, HUB_UNSUBSCRIBE);
	assert_false(hub_settle(old.id, PENDING_VERIFIED));
	assert_int_equal(hub_counts().subscriptions, 0);
	assert_true(hub_settle(new.id, PENDING_VERIFIED));
	assert_int_equal(hub_counts().pending, 0);
}

static void
unsubscribing_ends_it(void **state)
{
	struct subscription *list;

	(void)state;
	hub_subscribe(TOPIC, A, NULL);
	hub_subscribe(OTHER, A, NULL);
	hub_subscribe(TOPIC, B, NULL);
	assert_true(hub_ask(HUB_UNSUBSCRIBE, TOPIC, A, NULL));
	assert_int_equal(hub_counts().subscriptions, 3);
	assert_true(hub_settle(hub_take_one().id, PENDING_VERIFIED));
	assert_int_equal(hub_list_all(&list), 2);
	assert_slice(list[0].topic, OTHER);
	assert_slice(list[1].callback, B);
	/* What one never had is not asked for. */
	assert_false(hub_ask(HUB_UNSUBSCRIBE, TOPIC, A, NULL));
	assert_int_equal(hub_counts().pending, 0);
}

/* An id is not given twice, or what is on its way would end another's. */
static void
ids_are_never_given_twice(void **state)
{
	struct subscription *list;
	int64_t id;

	(void)state;
	hub_subscribe(TOPIC, A, NULL);
	assert_int_equal(hub_list_all(&list), 1);
	id = list[0].id;
	hub_ask(HUB_UNSUBSCRIBE, TOPIC, A, NULL);
	hub_settle(hub_take_one().id, PENDING_VERIFIED);
	hub_subscribe(TOPIC, B, NULL);
	assert_int_equal(hub_list_all(&list), 1);
	assert_true(list[0].id > id);
}

/* ---- time ---- */

static void
what_failed_is_due_later(void **state)
{
	struct taken t;
	struct pending p;

	(void)state;
	hub_ask(HUB_SUBSCRIBE, TOPIC, A, NULL);
	assert_true(hub_settle(hub_take_one().id, PENDING_RETRY));
	t = hub_take(10);
	assert_int_equal(t.n, 0);
	assert_int_equal(t.next, clock_now_ms() + 5000);
	clock_set_ms((HUB_NOW + 5) * INT64_C(1000));
	p = hub_take_one();
	assert_int_equal(p.tries, 1);
	assert_true(hub_settle(p.id, PENDING_LATER));
	clock_set_ms((HUB_NOW + 10) * INT64_C(1000));
	assert_int_equal(hub_take_one().tries, 1);
	assert_int_equal(hub_sql("SELECT last_error = 'why'"
		" FROM hub_pending"), 1);
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
	hub_ask(HUB_SUBSCRIBE, OTHER, A, NULL);
	t = hub_take(10);
	hub_ask(HUB_SUBSCRIBE, TOPIC, A, NULL);
	hub_ask(HUB_SUBSCRIBE, TOPIC, B, NULL);
	hub_must(hub_work(hub_courier, do_postpone, host));
	assert_slice(hub_take_one().callback, B);
	/* What was taken stays taken. */
	clock_set_ms((HUB_NOW + 1) * INT64_C(1000));
	assert_int_not_equal(hub_take_one().id, t.list[0].id);
}

static void
no_more_is_taken_than_there_is_room_for(void **state)
{
	struct taken t;

	(void)state;
	hub_ask(HUB_SUBSCRIBE, TOPIC, A, NULL);
	hub_ask(HUB_SUBSCRIBE, TOPIC, B, NULL);
	t = hub_take(1);
	assert_int_equal(t.n, 1);
	assert_slice(t.list[0].callback, A);
	assert_int_equal(t.next, 1);
	t = hub_take(1);
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
		hub_subscribe(urls[i], A, NULL);
	clock_set_ms((HUB_NOW + HUB_LEASE - 1) * INT64_C(1000));
	hub_must(hub_work(hub_courier, do_expire, &n));
	assert_int_equal(n, 0);
	hub_subscribe(TOPIC, B, NULL);
	clock_set_ms((HUB_NOW + HUB_LEASE) * INT64_C(1000));
	/* They are not shown, nor counted, before they are gone. */
	assert_int_equal(hub_list_all(&list), 1);
	assert_int_equal(hub_counts().subscriptions, 1);
	hub_must(hub_work(hub_courier, do_expire, &n));
	assert_int_equal(n, 2);
	hub_must(hub_work(hub_courier, do_expire, &n));
	assert_int_equal(n, 1);
	assert_int_equal(hub_sql("SELECT count(*) FROM hub_sub"), 1);
}

/* ---- a courier that begins again ---- */

static int
do_begin(struct store_tx *tx, void *arg, struct err *e)
{
	return ops->begin(tx, &hub_arena, arg, e);
}

static void
what_was_being_verified_is_verified_anew(void **state)
{
	struct hub_cursor c;
	int64_t id;

	(void)state;
	hub_must(hub_work(hub_courier, do_begin, &c));
	assert_int_equal(c.seq, 0);
	assert_int_equal(c.stream.len, 0);
	hub_ask(HUB_SUBSCRIBE, TOPIC, A, NULL);
	id = hub_take_one().id;
	hub_must(hub_work(hub_courier, do_begin, &c));
	assert_int_equal(c.seq, hub_seq);
	assert_slice(c.stream, "here");
	assert_int_equal(hub_take_one().id, id);
}

#define TEST(test) \
	cmocka_unit_test_setup_teardown(test, hub_begin, hub_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
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
	};

	return cmocka_run_group_tests_name("store_hub", tests, NULL, NULL);
}
