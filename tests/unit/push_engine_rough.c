/*
 * The engine where its surroundings are rough: databases that go and come
 * back, clocks that were wrong, guards that are full.
 */
#include <stdio.h>

#include "base/clock.h"
#include "push_engine_kit.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND };

#define YEAR (INT64_C(365) * 24 * 60 * MINUTE)

static void
start(void)
{
	desk_open();
	desk_settle();
}

static struct engine_order
order(enum engine_verb verb)
{
	return (struct engine_order){ .verb = verb, .target = S("app"),
		.path = S("a.txt"), .why = S("for a test") };
}

static void
save_some(char first, char last)
{
	char path[] = "a.txt", title[] = "A";

	for (char c = first; c <= last; c++) {
		path[0] = c;
		title[0] = c;
		SAVE(&kit, { .path = path, .title = title });
	}
	desk_publish();
}

/* ---- press.db ---- */

static void
rename_press(const char *from, const char *to)
{
	char a[200];

	snprintf(a, sizeof(a), "%s", kit_path(&kit, from));
	assert_int_equal(rename(a, kit_path(&kit, to)), 0);
}

/* What is owed is not given up because the press is being mended. */
static void
no_press_db_is_waited_for(void **state)
{
	(void)state;
	desk_target("app", &desk_repeat);
	start();
	desk_order(order(ENGINE_PAUSE));
	save_some('a', 'a');
	kit_close(&kit);
	rename_press("press.db", "aside");
	desk_order(order(ENGINE_RESUME));
	assert_string_equal(desk_rows(), "1 app a1 ready");
	assert_int_equal(desk.told[COURIER_STORE_FAILED], 1);
	rename_press("aside", "press.db");
	kit_open(&kit);
	desk_later(2 * SECOND);
	assert_string_equal(desk_rows(), "1 app a1 done");
}

static void
another_press_db(void)
{
	kit_close(&kit);
	kit_remove(&kit, "press.db");
	kit_remove(&kit, "press.db-wal");
	kit_remove(&kit, "press.db-shm");
	kit_remove(&kit, "identity.log");
	kit_open(&kit);
	kit_number(&kit);
	SAVE(&kit, { .path = "x.txt", .title = "X" });
	kit_publish_all(&kit);
}

/* Its article 1 is not ours, even before the fence has seen it. */
static void
another_press_db_sends_nothing(void **state)
{
	(void)state;
	desk_will(verdict_retry(0));
	desk_target("app", &desk_repeat);
	start();
	save_some('a', 'a');
	another_press_db();
	clock_set_ms(clock_now_ms() + 4 * SECOND);
	lanes_touch(desk.courier.engine);
	engine_pick(desk.courier.engine);
	desk_settle();
	assert_int_equal(peer.requests, 1);
}

/* Nor is it after it was adopted. */
static void
what_was_held_is_not_of_another_press_db(void **state)
{
	(void)state;
	desk_target("app", &desk_repeat);
	start();
	desk_order(order(ENGINE_PAUSE));
	save_some('a', 'a');
	another_press_db();
	engine_wake(desk.courier.engine);
	desk_settle();
	assert_int_equal(desk_order(order(ENGINE_ADOPT)), 1);
	desk_order(order(ENGINE_RESUME));
	desk_order((struct engine_order){ .verb = ENGINE_ACT, .id = 1,
		.act = OUTBOX_RELEASE });
	assert_int_equal(peer.requests, 0);
	assert_int_equal(desk_sql("SELECT state FROM delivery"),
		OUTBOX_SKIPPED);
}

/* What nobody knows is skipped, and in nobody's way. */
static void
an_article_that_is_not_there(void **state)
{
	(void)state;
	desk_target("app", &desk_repeat);
	start();
	desk_order(order(ENGINE_PAUSE));
	save_some('a', 'a');
	desk_sql("UPDATE delivery SET article_id = 99");
	desk_order(order(ENGINE_RESUME));
	assert_string_equal(desk_rows(), "1 app a1 skipped");
	save_some('b', 'b');
	assert_string_equal(desk_rows(), "1 app a1 skipped / 2 app a2 done");
}

/* ---- what waits ---- */

/* While nothing can go, nobody asks the clock a thousand times a second. */
static void
what_is_due_and_cannot_go_costs_nothing(void **state)
{
	unsigned turns;
	int64_t end;

	(void)state;
	desk_will(verdict_retry(0));
	desk_target("app", &desk_repeat);
	start();
	save_some('a', 'a');
	desk.path = "/silent";
	SAVE(&kit, { .path = "b.txt", .title = "B" });
	kit_publish_all(&kit);
	engine_wake(desk.courier.engine);
	desk_wait_sent(2);
	while (peer.requests < 2)
		ev_run(kit.loop, EVRUN_ONCE);
	clock_set_ms(clock_now_ms() + 5 * SECOND);
	engine_expect(desk.courier.engine);
	turns = ev_iteration(kit.loop);
	end = clock_mono_ms() + 300;
	while (clock_mono_ms() < end)
		ev_run(kit.loop, EVRUN_ONCE);
	assert_in_range(ev_iteration(kit.loop) - turns, 0, 30);
}

static void
resuming_closes_the_breaker(void **state)
{
	(void)state;
	for (int i = 0; i < BREAKER_FAILS; i++)
		desk_will(verdict_retry(0));
	desk_target("app", &desk_repeat);
	start();
	save_some('a', 'f');
	assert_int_equal(desk.n_sent, BREAKER_FAILS);
	desk_order(order(ENGINE_RESUME));
	assert_int_equal(desk.n_sent, BREAKER_FAILS + 1);
}

/* Whoever wants a series is not told of everything else, either. */
static void
a_backfill_is_of_the_channels_that_are_wanted(void **state)
{
	static struct want series = { .kind = CHANNEL_SERIES };
	struct engine_order o = order(ENGINE_BACKFILL);
	struct target *t = desk_target("app", &desk_repeat);

	(void)state;
	t->wants = &series;
	t->n_wants = 1;
	NEWS({ .path = "1.txt", .title = "One", .series = "s", .part = 1 },
		{ .path = "x.txt", .title = "Alone" });
	start();
	o.to = INT64_MAX;
	assert_int_equal(desk_order(o), 1);
	assert_string_equal(desk.sent[0].title, "s 1 | One");
}

/* ---- clocks ---- */

/* What is due by a clock that jumped is not sent before anybody saw it. */
static void
a_clock_that_jumps_releases_nothing(void **state)
{
	(void)state;
	desk_will(verdict_retry(0));
	desk_target("app", &desk_repeat);
	start();
	save_some('a', 'a');
	clock_set_ms(clock_now_ms() + 60 * MINUTE);
	lanes_touch(desk.courier.engine);
	engine_pick(desk.courier.engine);
	desk_settle();
	assert_int_equal(desk.n_sent, 1);
	assert_non_null(engine_is_held(desk.courier.engine));
}

/* What was sent in a year to come says nothing of today. */
static void
guards_of_a_clock_that_was_wrong(void **state)
{
	struct target *t = desk_target("app", &desk_repeat);

	(void)state;
	t->cap = (struct quota){ 3, 5 * MINUTE };
	clock_set_ms(clock_now_ms() + YEAR);
	start();
	save_some('a', 'c');
	assert_int_equal(desk.n_sent, 3);
	desk_close();
	clock_set_ms(-1);
	start();
	desk_sql("UPDATE target SET since_at = 0");
	save_some('d', 'd');
	assert_int_equal(desk.n_sent, 4);
}

static void
a_fuse_that_was_mended_in_the_future(void **state)
{
	struct target *t = desk_target("app", &desk_repeat);

	(void)state;
	t->fuse = (struct quota){ 2, MINUTE };
	clock_set_ms(clock_now_ms() + YEAR);
	start();
	desk_order(order(ENGINE_RESUME));
	desk_close();
	clock_set_ms(-1);
	start();
	desk_sql("UPDATE target SET since_at = 0");
	save_some('a', 'b');
	save_some('c', 'd');
	assert_int_equal(desk.n_sent, 2);
	assert_int_equal(desk.told[COURIER_TARGET_HELD], 1);
}

/* Where nothing but the clock was in doubt, nothing is given up for it. */
static void
believing_the_clock_loses_nothing(void **state)
{
	(void)state;
	desk_target("app", &desk_repeat);
	start();
	desk_order(order(ENGINE_PAUSE));
	save_some('a', 'a');
	clock_set_ms(clock_now_ms() + 60 * MINUTE);
	save_some('b', 'b');
	assert_non_null(engine_is_held(desk.courier.engine));
	assert_int_equal(desk_order(order(ENGINE_ADOPT)), 0);
	assert_null(engine_is_held(desk.courier.engine));
	desk_order(order(ENGINE_RESUME));
	assert_string_equal(desk_rows(), "1 app a1 done / 2 app a2 done");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(no_press_db_is_waited_for),
		DESK_TEST(another_press_db_sends_nothing),
		DESK_TEST(what_was_held_is_not_of_another_press_db),
		DESK_TEST(an_article_that_is_not_there),
		DESK_TEST(what_is_due_and_cannot_go_costs_nothing),
		DESK_TEST(resuming_closes_the_breaker),
		DESK_TEST(a_backfill_is_of_the_channels_that_are_wanted),
		DESK_TEST(a_clock_that_jumps_releases_nothing),
		DESK_TEST(guards_of_a_clock_that_was_wrong),
		DESK_TEST(a_fuse_that_was_mended_in_the_future),
		DESK_TEST(believing_the_clock_loses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
