/*
 * The guards over real databases: what is old, too much, restored, copied or
 * of another time is told to nobody, until somebody says that it is right.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "push_engine_kit.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND };

static struct target *
app(void)
{
	return desk_target("app", &desk_repeat);
}

static void
start(void)
{
	desk_open();
	desk_settle();
}

static struct engine_order
order(enum engine_verb verb)
{
	return (struct engine_order){ .verb = verb, .target = S("app") };
}

static void
adopt(void)
{
	desk_order(order(ENGINE_ADOPT));
	assert_null(engine_is_held(desk.courier.engine));
}

static void
must_be_held(const char *why)
{
	const struct err *e = engine_is_held(desk.courier.engine);

	assert_non_null(e);
	assert_string_equal(e->text, why);
	assert_true(desk.told[COURIER_ALL_HELD] > 0);
}

/* ---- watermarks ---- */

static void
what_was_there_is_no_news(void **state)
{
	(void)state;
	NEWS({ .path = "a.txt", .title = "A" });
	app();
	start();
	assert_string_equal(desk_rows(), "");
	NEWS({ .path = "b.txt", .title = "B" });
	assert_string_equal(desk_rows(), "1 app a2 done");
}

/* It was announced while the courier was not there: that is news for those
 * who were told of before, and not for the new one. */
static void
a_new_target_begins_now(void **state)
{
	(void)state;
	app();
	start();
	desk_close();
	NEWS({ .path = "a.txt", .title = "A" });
	clock_set_ms(clock_now_ms() + 2 * SECOND);
	desk_target("new", &desk_repeat);
	start();
	assert_string_equal(desk_rows(), "1 app a1 done");
	NEWS({ .path = "b.txt", .title = "B" });
	assert_int_equal(desk_sql("SELECT count(*) FROM delivery"), 3);
}

static void
a_first_press_is_waited_for(void **state)
{
	(void)state;
	kit_close(&kit);
	kit_remove(&kit, "press.db");
	kit_remove(&kit, "press.db-wal");
	kit_remove(&kit, "press.db-shm");
	app();
	start();
	kit_open(&kit);
	kit_number(&kit);
	NEWS({ .path = "a.txt", .title = "A" });
	assert_string_equal(desk_rows(), "1 app a1 done");
}

/* ---- age, fuse, cap ---- */

static void
what_is_dated_long_ago_is_skipped(void **state)
{
	(void)state;
	app()->max_age_ms = 24 * 60 * MINUTE;
	start();
	NEWS({ .path = "a.txt", .title = "A", .date = 1000 });
	NEWS({ .path = "b.txt", .title = "B", .date = clock_now() });
	assert_string_equal(desk_rows(), "1 app a1 skipped / 2 app a2 done");
	assert_int_equal(desk.told[COURIER_SKIPPED], 1);
	/* An edit of it is news. */
	NEWS({ .path = "a.txt", .title = "A2", .date = 1000,
		.change = CHANGE_UPDATE });
	assert_int_equal(desk.n_sent, 2);
	assert_string_equal(desk.sent[1].action, "updated");
	/* Somebody wants it all the same. */
	desk_order((struct engine_order){ .verb = ENGINE_ACT, .id = 1,
		.act = OUTBOX_RETRY });
	assert_int_equal(desk.n_sent, 3);
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

static void
the_fuse_blows(void **state)
{
	(void)state;
	app()->fuse = (struct quota){ 3, MINUTE };
	start();
	save_some('a', 'c');
	assert_int_equal(desk.n_sent, 3);
	assert_int_equal(desk.told[COURIER_TARGET_HELD], 0);
	save_some('d', 'e');
	assert_int_equal(desk.n_sent, 3);
	assert_int_equal(desk.told[COURIER_TARGET_HELD], 1);
	desk_close();
	desk_open();
	desk_later(2 * MINUTE);
	assert_int_equal(desk.n_sent, 3);
	desk_order(order(ENGINE_RESUME));
	assert_int_equal(desk.n_sent, 5);
}

/* What somebody asks for passes, and does not count. */
static void
the_fuse_is_not_for_what_was_asked_for(void **state)
{
	struct engine_order again = order(ENGINE_AGAIN);

	(void)state;
	app()->fuse = (struct quota){ 1, MINUTE };
	start();
	save_some('a', 'a');
	again.path = S("a.txt");
	for (int i = 0; i < 3; i++)
		desk_order(again);
	assert_int_equal(desk.n_sent, 4);
	assert_int_equal(desk.told[COURIER_TARGET_HELD], 0);
}

/* A text that is taken back is not kept by a cap. */
static void
no_guard_stops_a_withdrawal(void **state)
{
	(void)state;
	app()->cap = (struct quota){ 1, 5 * MINUTE };
	desk.targets[0].fuse = (struct quota){ 1, 5 * MINUTE };
	start();
	save_some('a', 'a');
	NEWS({ .path = "a.txt", .fate = ITEM_GONE,
		.change = CHANGE_WITHDRAW });
	assert_string_equal(desk_rows(), "1 app a1 done / 2 app a1 done");
	assert_int_equal(desk.told[COURIER_TARGET_HELD], 0);
}

static void
the_cap_makes_the_rest_wait(void **state)
{
	(void)state;
	*app() = (struct target){ .ops = &desk_repeat, .name = S("app"),
		.type = S("repeat"), .conf = desk.targets[0].conf,
		.cap = { 2, 5 * MINUTE }, .fuse = { 2, MINUTE } };
	start();
	desk_later(0);
	save_some('a', 'c');
	assert_int_equal(desk.n_sent, 2);
	/* And blows no fuse. */
	assert_int_equal(desk.told[COURIER_TARGET_HELD], 0);
	desk_later(5 * MINUTE - SECOND);
	assert_int_equal(desk.n_sent, 2);
	desk_later(2 * SECOND);
	assert_int_equal(desk.n_sent, 3);
}

/* Not by one delivery: by all that go to that target. */
static void
a_limit_is_of_the_whole_target(void **state)
{
	(void)state;
	app();
	start();
	desk_later(0);
	desk_will(verdict_limit(5 * MINUTE));
	save_some('a', 'c');
	assert_int_equal(desk.n_sent, 1);
	desk_later(5 * MINUTE - SECOND);
	assert_int_equal(desk.n_sent, 1);
	desk_later(SECOND);
	assert_int_equal(desk.n_sent, 4);
	assert_string_equal(desk_rows(),
		"1 app a1 done / 2 app a2 done / 3 app a3 done");
}

/* An edition of many at once is no accident. */
static void
the_pace_makes_the_rest_wait(void **state)
{
	(void)state;
	app()->pace = (struct quota){ 1, MINUTE };
	desk.targets[0].fuse = (struct quota){ 2, 5 * MINUTE };
	start();
	desk_later(0);
	save_some('a', 'c');
	assert_int_equal(desk.n_sent, 1);
	desk_later(MINUTE - SECOND);
	assert_int_equal(desk.n_sent, 1);
	desk_later(2 * SECOND);
	assert_int_equal(desk.n_sent, 2);
	assert_int_equal(desk.told[COURIER_TARGET_HELD], 0);
	/* No text is kept by it that is taken back. */
	NEWS({ .path = "a.txt", .fate = ITEM_GONE,
		.change = CHANGE_WITHDRAW });
	assert_int_equal(desk.n_sent, 3);
	assert_string_equal(desk.sent[2].action, "withdrawn");
}

/* Though more waits before it than is read at a time. */
static void
the_cap_is_not_for_what_was_asked_for(void **state)
{
	struct engine_order again = order(ENGINE_AGAIN);

	(void)state;
	app()->cap = (struct quota){ 1, 5 * MINUTE };
	start();
	save_some('a', 'l');
	assert_int_equal(desk.n_sent, 1);
	again.path = S("a.txt");
	desk_order(again);
	assert_int_equal(desk.n_sent, 2);
}

/* ---- who is told of what, and when ---- */

static void
a_target_has_its_languages_and_sections(void **state)
{
	static struct slice zh = S_INIT("zh"), arts = S_INIT("fine-arts");

	(void)state;
	app()->languages = &zh;
	desk.targets[0].n_languages = 1;
	*desk_target("arts", &desk_repeat) = (struct target){
		.ops = &desk_repeat, .name = S("arts"), .type = S("repeat"),
		.conf = desk.targets[0].conf, .sections = &arts,
		.n_sections = 1 };
	start();
	NEWS({ .path = "a.txt", .title = "A" });
	assert_string_equal(desk_rows(), "");
	NEWS({ .path = "b.txt", .title = "B", .lang = "zh-Hant" });
	NEWS({ .path = "c.txt", .title = "C",
		.fields.section = S_INIT("Fine Arts") });
	assert_string_equal(desk_rows(), "1 app a2 done / 2 arts a3 done");
}

static void
an_article_says_whom_it_is_for(void **state)
{
	static struct slice zh = S_INIT("zh");
	static struct push_word no = { .target = S_INIT("app"),
		.send = SAID_NO };
	static struct push_word yes = { .target = S_INIT("all"),
		.send = SAID_YES };

	(void)state;
	app()->languages = &zh;
	desk.targets[0].n_languages = 1;
	start();
	NEWS({ .path = "a.txt", .title = "A", .lang = "zh",
		.fields = { .pushes = &no, .n_pushes = 1 } });
	assert_string_equal(desk_rows(), "");
	NEWS({ .path = "b.txt", .title = "B",
		.fields = { .pushes = &yes, .n_pushes = 1 } });
	assert_string_equal(desk_rows(), "1 app a2 done");
	/* It may have been told of before it said no. */
	NEWS({ .path = "a.txt", .fate = ITEM_GONE,
		.change = CHANGE_WITHDRAW });
	assert_int_equal(desk.n_sent, 2);
	assert_string_equal(desk.sent[1].action, "withdrawn");
}

/* Quiet hours that began a minute ago, for three. */
static void
be_quiet(struct target *t)
{
	int minute = (int)(clock_now() / 60 % 1440);

	t->quiet = (struct quiet){ (minute + 1439) % 1440,
		(minute + 2) % 1440 };
}

static void
nobody_is_told_in_quiet_hours(void **state)
{
	(void)state;
	be_quiet(app());
	start();
	desk_later(0);
	NEWS({ .path = "a.txt", .title = "A" });
	assert_string_equal(desk_rows(), "1 app a1 ready");
	NEWS({ .path = "b.txt", .title = "B",
		.fields.urgent = SAID_YES });
	assert_string_equal(desk_rows(), "1 app a1 ready / 2 app a2 done");
	desk_later(2 * MINUTE);
	assert_string_equal(desk_rows(), "1 app a1 done / 2 app a2 done");
}

static void
quiet_hours_may_drop(void **state)
{
	(void)state;
	be_quiet(app());
	desk.targets[0].quiet_drops = true;
	start();
	NEWS({ .path = "a.txt", .title = "A" });
	assert_string_equal(desk_rows(), "1 app a1 skipped");
	NEWS({ .path = "a.txt", .fate = ITEM_GONE,
		.change = CHANGE_WITHDRAW });
	assert_string_equal(desk_rows(), "1 app a1 skipped / 2 app a1 done");
}

/* A text that is taken back is taken back, however late. */
static void
no_withdrawal_is_too_old(void **state)
{
	(void)state;
	app()->max_age_ms = MINUTE;
	start();
	desk_order(order(ENGINE_PAUSE));
	NEWS({ .path = "a.txt", .title = "A", .date = clock_now() });
	NEWS({ .path = "b.txt", .title = "B", .date = clock_now() });
	NEWS({ .path = "a.txt", .fate = ITEM_GONE,
		.change = CHANGE_WITHDRAW });
	desk_later(5 * MINUTE);
	desk_order(order(ENGINE_RESUME));
	assert_string_equal(desk_rows(),
		"1 app a1 skipped / 2 app a2 skipped / 3 app a1 done");
}

static void
somebody_has_to_approve(void **state)
{
	(void)state;
	app()->approval = APPROVAL_MANUAL;
	desk_target("slow", &desk_repeat)->approval = APPROVAL_DELAY;
	desk.targets[1].delay_ms = MINUTE;
	start();
	desk_later(0);
	save_some('a', 'a');
	assert_string_equal(desk_rows(),
		"1 app a1 planned / 2 slow a1 planned");
	desk_later(MINUTE + SECOND);
	assert_string_equal(desk_rows(),
		"1 app a1 planned / 2 slow a1 done");
	desk_order((struct engine_order){ .verb = ENGINE_ACT, .id = 1,
		.act = OUTBOX_APPROVE });
	assert_string_equal(desk_rows(), "1 app a1 done / 2 slow a1 done");
}

/* ---- the fence ---- */

static void
a_copy_is_held_until_it_is_adopted(void **state)
{
	(void)state;
	app();
	start();
	save_some('a', 'a');
	desk_close();
	desk.instance = "elsewhere";
	start();
	save_some('b', 'b');
	must_be_held("courier.db belongs to another installation, which may "
		"be telling the same");
	assert_int_equal(desk.n_sent, 1);
	desk_close();
	start();
	assert_non_null(engine_is_held(desk.courier.engine));
	adopt();
	save_some('c', 'c');
	assert_string_equal(desk_rows(), "1 app a1 done / 2 app a3 done");
}

/* What was ready when the copy was made may have been sent by the other. */
static void
an_adopted_one_holds_what_was_ready(void **state)
{
	(void)state;
	app();
	start();
	desk_order(order(ENGINE_PAUSE));
	save_some('a', 'a');
	desk_close();
	desk.instance = "elsewhere";
	start();
	assert_int_equal(desk_order(order(ENGINE_ADOPT)), 1);
	desk_order(order(ENGINE_RESUME));
	assert_string_equal(desk_rows(), "1 app a1 held");
	desk_order((struct engine_order){ .verb = ENGINE_ACT, .id = 1,
		.act = OUTBOX_RELEASE });
	assert_string_equal(desk_rows(), "1 app a1 done");
}

static void
copy(const char *from, const char *to)
{
	char command[300];

	snprintf(command, sizeof(command), "cd %s && rm -f %s && cp %s %s",
		kit.dir, to, from, to);
	assert_int_equal(system(command), 0);
}

static void
an_older_courier_db_is_held(void **state)
{
	(void)state;
	app();
	start();
	save_some('a', 'a');
	desk_close();
	copy("courier.db", "old.db");
	start();
	save_some('b', 'b');
	desk_close();
	copy("old.db", "courier.db");
	kit_remove(&kit, "courier.db-wal");
	kit_remove(&kit, "courier.db-shm");
	start();
	must_be_held("courier.db is an older one: what was sent since it was "
		"saved is not in it");
	assert_int_equal(desk.n_sent, 2);
	adopt();
	save_some('c', 'c');
	assert_int_equal(desk.n_sent, 3);
	desk_close();
	start();
	assert_null(engine_is_held(desk.courier.engine));
}

/* Only sending went on, nothing was announced. */
static void
an_older_courier_db_is_known_by_what_was_sent(void **state)
{
	(void)state;
	app();
	start();
	desk_order(order(ENGINE_PAUSE));
	save_some('a', 'a');
	desk_close();
	copy("courier.db", "old.db");
	start();
	desk_order(order(ENGINE_RESUME));
	assert_int_equal(desk.n_sent, 1);
	engine_wake(desk.courier.engine);
	desk_settle();
	desk_close();
	copy("old.db", "courier.db");
	kit_remove(&kit, "courier.db-wal");
	kit_remove(&kit, "courier.db-shm");
	start();
	assert_non_null(engine_is_held(desk.courier.engine));
}

static void
a_lost_courier_db_begins_anew(void **state)
{
	(void)state;
	app();
	start();
	save_some('a', 'a');
	desk_close();
	kit_remove(&kit, "courier.db");
	kit_remove(&kit, "courier.db-wal");
	kit_remove(&kit, "courier.db-shm");
	start();
	assert_string_equal(desk_rows(), "");
	assert_null(engine_is_held(desk.courier.engine));
	save_some('b', 'b');
	assert_string_equal(desk_rows(), "1 app a2 done");
}

/* It counts its articles anew: their old rows are in nobody's way. */
static void
another_press_db_is_held(void **state)
{
	(void)state;
	app();
	start();
	save_some('a', 'a');
	kit_close(&kit);
	kit_remove(&kit, "press.db");
	kit_remove(&kit, "press.db-wal");
	kit_remove(&kit, "press.db-shm");
	kit_remove(&kit, "identity.log");
	kit_open(&kit);
	kit_number(&kit);
	save_some('x', 'x');
	must_be_held("press.db is another one: it announces anew");
	assert_int_equal(desk.n_sent, 1);
	adopt();
	save_some('y', 'y');
	assert_int_equal(desk.n_sent, 2);
	assert_string_equal(desk.sent[1].title, "y");
}

static void
an_older_press_db_is_held(void **state)
{
	(void)state;
	app();
	start();
	save_some('a', 'a');
	kit_close(&kit);
	copy("press.db", "old.db");
	kit_open(&kit);
	save_some('b', 'c');
	assert_int_equal(desk.n_sent, 3);
	kit_close(&kit);
	copy("old.db", "press.db");
	kit_remove(&kit, "press.db-wal");
	kit_remove(&kit, "press.db-shm");
	kit_open(&kit);
	/* The same files again, and one more: numbers are caught up with. */
	clock_set_ms(clock_now_ms() + 2 * SECOND);
	save_some('b', 'd');
	must_be_held("press.db is an older one: what it announces was sent "
		"before");
	assert_int_equal(desk.n_sent, 3);
	adopt();
	save_some('e', 'e');
	assert_int_equal(desk.n_sent, 4);
}

/* ---- the clock ---- */

static void
a_clock_that_jumps_holds(void **state)
{
	(void)state;
	app();
	start();
	clock_set_ms(clock_now_ms() + 60 * MINUTE);
	save_some('a', 'a');
	assert_int_equal(desk.n_sent, 0);
	assert_non_null(engine_is_held(desk.courier.engine));
	/* It was right. */
	adopt();
	save_some('b', 'b');
	assert_int_equal(desk.n_sent, 2);
}

static void
a_clock_that_comes_back_lets_go(void **state)
{
	(void)state;
	app();
	start();
	clock_set_ms(clock_now_ms() + 60 * MINUTE);
	save_some('a', 'a');
	assert_non_null(engine_is_held(desk.courier.engine));
	clock_set_ms(-1);
	save_some('b', 'b');
	assert_null(engine_is_held(desk.courier.engine));
	assert_int_equal(desk.n_sent, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(what_was_there_is_no_news),
		DESK_TEST(a_new_target_begins_now),
		DESK_TEST(a_first_press_is_waited_for),
		DESK_TEST(what_is_dated_long_ago_is_skipped),
		DESK_TEST(the_fuse_blows),
		DESK_TEST(the_fuse_is_not_for_what_was_asked_for),
		DESK_TEST(no_guard_stops_a_withdrawal),
		DESK_TEST(the_cap_makes_the_rest_wait),
		DESK_TEST(a_limit_is_of_the_whole_target),
		DESK_TEST(the_pace_makes_the_rest_wait),
		DESK_TEST(a_target_has_its_languages_and_sections),
		DESK_TEST(an_article_says_whom_it_is_for),
		DESK_TEST(nobody_is_told_in_quiet_hours),
		DESK_TEST(quiet_hours_may_drop),
		DESK_TEST(the_cap_is_not_for_what_was_asked_for),
		DESK_TEST(no_withdrawal_is_too_old),
		DESK_TEST(somebody_has_to_approve),
		DESK_TEST(a_copy_is_held_until_it_is_adopted),
		DESK_TEST(an_adopted_one_holds_what_was_ready),
		DESK_TEST(an_older_courier_db_is_held),
		DESK_TEST(an_older_courier_db_is_known_by_what_was_sent),
		DESK_TEST(a_lost_courier_db_begins_anew),
		DESK_TEST(another_press_db_is_held),
		DESK_TEST(an_older_press_db_is_held),
		DESK_TEST(a_clock_that_jumps_holds),
		DESK_TEST(a_clock_that_comes_back_lets_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
