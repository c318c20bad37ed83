/*
 * The engine over real databases: what is announced is sent, once, whatever
 * the peer says and whenever the courier ends.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "push/schedule.h"
#include "push_engine_kit.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND };

static void
app(const struct target_ops *ops)
{
	desk_target("app", ops);
	desk_open();
	desk_settle();
}

static struct engine_order
order(enum engine_verb verb)
{
	return (struct engine_order){ .verb = verb, .target = S("app"),
		.path = S("a.txt"), .why = S("for a test") };
}

/* ---- once ---- */

static void
news_is_sent_once(void **state)
{
	(void)state;
	app(&desk_repeat);
	NEWS({ .path = "a.txt", .title = "A" });
	assert_string_equal(desk_rows(), "1 app a1 done");
	assert_int_equal(desk.n_sent, 1);
	assert_int_equal(peer.requests, 1);
	assert_string_equal(desk.sent[0].title, "A");
	assert_string_equal(desk.sent[0].action, "published");
	assert_int_equal(desk.told[COURIER_DELIVERED], 1);
	desk_close();
	desk_open();
	desk_settle();
	desk_later(MINUTE);
	assert_int_equal(peer.requests, 1);
}

static void
an_edit_is_told_and_a_withdrawal(void **state)
{
	(void)state;
	app(&desk_repeat);
	NEWS({ .path = "a.txt", .title = "A" });
	NEWS({ .path = "a.txt", .title = "A2", .change = CHANGE_UPDATE });
	NEWS({ .path = "a.txt", .fate = ITEM_GONE,
		.change = CHANGE_WITHDRAW });
	assert_string_equal(desk_rows(),
		"1 app a1 done / 2 app a1 done / 3 app a1 done");
	assert_string_equal(desk.sent[1].action, "updated");
	assert_string_equal(desk.sent[1].title, "A2");
	assert_string_equal(desk.sent[2].action, "withdrawn");
	assert_string_not_equal(desk.sent[0].id, desk.sent[1].id);
}

static void
nothing_may_be_sent_at_all(void **state)
{
	(void)state;
	desk.path = NULL;
	app(&desk_blind);
	NEWS({ .path = "a.txt", .title = "A" });
	assert_string_equal(desk_rows(), "1 app a1 done");
	assert_int_equal(peer.requests, 0);
}

/* ---- failures ---- */

static void
a_retry_waits_and_keeps_the_id(void **state)
{
	(void)state;
	desk_will(verdict_retry(0));
	app(&desk_blind);
	NEWS({ .path = "a.txt", .title = "A" });
	assert_string_equal(desk_rows(), "1 app a1 ready");
	assert_int_equal(desk.told[COURIER_RETRYING], 1);
	desk_later(0);
	assert_int_equal(desk.n_sent, 1);
	desk_later(3 * SECOND);
	assert_string_equal(desk_rows(), "1 app a1 done");
	assert_string_equal(desk.sent[0].id, desk.sent[1].id);
	assert_int_equal(desk.sent[1].attempt, 2);
}

/* More often than it may fail. */
static void
a_wait_is_no_failure(void **state)
{
	(void)state;
	for (int i = 0; i < SCHEDULE_TRIES; i++)
		desk_will(verdict_wait(SECOND, S("")));
	desk_will(verdict_retry(0));
	app(&desk_blind);
	NEWS({ .path = "a.txt", .title = "A" });
	for (int i = 0; i < SCHEDULE_TRIES; i++)
		desk_later(SECOND);
	assert_int_equal(desk.n_sent, SCHEDULE_TRIES + 1);
	assert_string_equal(desk_rows(), "1 app a1 ready");
	desk_later(3 * SECOND);
	assert_string_equal(desk_rows(), "1 app a1 done");
}

static void
a_broken_connection_is_doubt(void **state)
{
	(void)state;
	desk.path = "/reset";
	app(&desk_blind);
	NEWS({ .path = "a.txt", .title = "A" });
	assert_string_equal(desk_rows(), "1 app a1 unknown");
	assert_int_equal(desk.told[COURIER_UNKNOWN], 1);
	desk_later(5 * MINUTE);
	assert_int_equal(desk.n_sent, 1);
	/* Somebody looked: it was not there. */
	desk.path = "/ok";
	desk_order((struct engine_order){ .verb = ENGINE_ACT, .id = 1,
		.act = OUTBOX_RESOLVE_FAILED });
	assert_string_equal(desk_rows(), "1 app a1 done");
}

static void
doubt_is_sent_again_where_that_is_fine(void **state)
{
	(void)state;
	desk.path = "/reset";
	app(&desk_repeat);
	NEWS({ .path = "a.txt", .title = "A" });
	assert_string_equal(desk_rows(), "1 app a1 ready");
	desk.path = "/ok";
	desk_later(3 * SECOND);
	assert_string_equal(desk_rows(), "1 app a1 done");
	assert_string_equal(desk.sent[0].id, desk.sent[1].id);
}

static void
doubt_is_asked_about_where_that_can_be(void **state)
{
	(void)state;
	desk.path = "/reset";
	app(&desk_back);
	NEWS({ .path = "a.txt", .title = "A" });
	assert_string_equal(desk_rows(), "1 app a1 unknown");
	desk.path = "/ok";
	desk_later(6 * SECOND);
	assert_string_equal(desk_rows(), "1 app a1 done");
	assert_int_equal(desk.n_sent, 2);
	assert_true(desk.sent[1].asked);
}

static void
what_was_not_applied_is_sent(void **state)
{
	(void)state;
	desk_will(verdict_unknown());
	desk_will(verdict_retry(0));
	app(&desk_back);
	NEWS({ .path = "a.txt", .title = "A" });
	desk_later(6 * SECOND);
	assert_string_equal(desk_rows(), "1 app a1 ready");
	desk_later(3 * SECOND);
	assert_string_equal(desk_rows(), "1 app a1 done");
	assert_int_equal(desk.n_sent, 3);
	assert_true(desk.sent[1].asked && !desk.sent[2].asked);
	assert_int_equal(desk.sent[2].attempt, 2);
}

static void
steps_hand_their_memo_on(void **state)
{
	(void)state;
	desk_will(verdict_next(S("token")));
	desk_will(verdict_retry(3 * SECOND));
	desk_will(verdict_done_as(S("post 7")));
	app(&desk_blind);
	NEWS({ .path = "a.txt", .title = "A" });
	assert_int_equal(desk.n_sent, 2);
	desk_close();
	/* A restart goes on at that step. */
	desk_open();
	desk_later(4 * SECOND);
	assert_string_equal(desk_rows(), "1 app a1 done");
	assert_int_equal(desk.sent[2].step, 1);
	assert_string_equal(desk.sent[2].memo, "token");
	/* What it is called there is known to whatever comes after it. */
	NEWS({ .path = "a.txt", .title = "A2", .change = CHANGE_UPDATE });
	assert_string_equal(desk.sent[3].memo, "post 7");
}

static void
a_rejected_one_is_over(void **state)
{
	(void)state;
	desk_will(verdict_reject());
	app(&desk_blind);
	NEWS({ .path = "a.txt", .title = "A" });
	NEWS({ .path = "b.txt", .title = "B" });
	assert_string_equal(desk_rows(), "1 app a1 rejected / 2 app a2 done");
	desk_order((struct engine_order){ .verb = ENGINE_ACT, .id = 1,
		.act = OUTBOX_RETRY });
	assert_string_equal(desk_rows(), "1 app a1 done / 2 app a2 done");
}

static void
a_held_target_keeps_its_rows(void **state)
{
	(void)state;
	desk_will(verdict_hold());
	app(&desk_blind);
	NEWS({ .path = "a.txt", .title = "A" });
	NEWS({ .path = "b.txt", .title = "B" });
	assert_string_equal(desk_rows(), "1 app a1 ready / 2 app a2 ready");
	assert_int_equal(desk.told[COURIER_TARGET_HELD], 1);
	assert_string_equal(desk.why.text, "scripted");
	desk_order(order(ENGINE_RESUME));
	assert_string_equal(desk_rows(), "1 app a1 done / 2 app a2 done");
	assert_int_equal(desk.told[COURIER_TARGET_BACK], 1);
}

static void
credentials_are_tried_twice(void **state)
{
	(void)state;
	desk_will(verdict_auth());
	desk_will(verdict_auth());
	app(&desk_blind);
	NEWS({ .path = "a.txt", .title = "A" });
	assert_string_equal(desk_rows(), "1 app a1 ready");
	assert_int_equal(desk.n_sent, 2);
	assert_int_equal(desk.told[COURIER_TARGET_HELD], 1);
}

static void
write_key(const char *text)
{
	struct err e;

	if (file_replace_private(AT_FDCWD, kit_path(&kit, "key"),
		slice_str(text), -1, &e) < 0)
		fail_msg("%s", e.text);
	assert_int_equal(chmod(kit_path(&kit, "key"), 0600), 0);
}

static void
a_missing_credential_holds(void **state)
{
	(void)state;
	desk.needs_secret = true;
	app(&desk_blind);
	NEWS({ .path = "a.txt", .title = "A" });
	assert_string_equal(desk_rows(), "1 app a1 ready");
	assert_int_equal(peer.requests, 0);
	assert_int_equal(desk.told[COURIER_TARGET_HELD], 1);
	write_key("sesame");
	desk_order(order(ENGINE_RESUME));
	assert_string_equal(desk_rows(), "1 app a1 done");
}

static void
a_dead_target_is_left_alone(void **state)
{
	(void)state;
	for (int i = 0; i < 6; i++)
		desk_will(verdict_retry(0));
	app(&desk_blind);
	for (int i = 0; i < 6; i++) {
		char path[] = "a.txt", title[] = "A";

		path[0] = (char)(path[0] + i);
		title[0] = (char)(title[0] + i);
		NEWS({ .path = path, .title = title });
	}
	/* The breaker opened with the fifth. */
	assert_int_equal(desk.n_sent, 5);
	desk_later(13 * SECOND);
	/* One is tried, which fails too. */
	assert_int_equal(desk.n_sent, 6);
	desk_later(25 * SECOND);
	assert_int_equal(desk_sql("SELECT count(*) FROM delivery"
		" WHERE state = 3"), 6);
}

/* ---- the courier ends ---- */

static void
interrupt(const char *repeatable)
{
	desk_close();
	desk_sql(repeatable);
	desk.n_sent = 0;
	desk_open();
	desk_settle();
}

#define INTERRUPTED "UPDATE delivery SET state = 2, settled = 0, repeatable = "

static void
an_interrupted_one_is_in_doubt(void **state)
{
	(void)state;
	app(&desk_blind);
	NEWS({ .path = "a.txt", .title = "A" });
	interrupt(INTERRUPTED "0");
	assert_string_equal(desk_rows(), "1 app a1 unknown");
	assert_int_equal(desk.told[COURIER_UNKNOWN], 1);
	assert_int_equal(desk.n_sent, 0);
}

static void
an_interrupted_one_goes_on(void **state)
{
	char id[DELIVERY_ID_MAX + 1];

	(void)state;
	app(&desk_repeat);
	NEWS({ .path = "a.txt", .title = "A" });
	memcpy(id, desk.sent[0].id, sizeof(id));
	interrupt(INTERRUPTED "1");
	assert_string_equal(desk_rows(), "1 app a1 done");
	assert_int_equal(desk.n_sent, 1);
	assert_string_equal(desk.sent[0].id, id);
}

static void
an_interrupted_one_is_asked_about(void **state)
{
	(void)state;
	app(&desk_back);
	NEWS({ .path = "a.txt", .title = "A" });
	interrupt(INTERRUPTED "0");
	assert_string_equal(desk_rows(), "1 app a1 done");
	assert_int_equal(desk.n_sent, 1);
	assert_true(desk.sent[0].asked);
}

static void
ending_while_it_is_sent(void **state)
{
	(void)state;
	desk.path = "/silent";
	app(&desk_blind);
	SAVE(&kit, { .path = "a.txt", .title = "A" });
	kit_publish_all(&kit);
	engine_wake(desk.courier.engine);
	while (peer.requests == 0)
		ev_run(kit.loop, EVRUN_ONCE);
	desk_close();
	assert_int_equal(desk_sql("SELECT state FROM delivery"),
		OUTBOX_SENDING);
	desk_open();
	desk_settle();
	assert_string_equal(desk_rows(), "1 app a1 unknown");
}

static void
ending_before_it_is_sent(void **state)
{
	(void)state;
	app(&desk_blind);
	SAVE(&kit, { .path = "a.txt", .title = "A" });
	kit_publish_all(&kit);
	engine_wake(desk.courier.engine);
	desk_wait_sent(1);
	desk_close();
	desk.n_sent = 0;
	desk_open();
	desk_settle();
	assert_string_equal(desk_rows(), "1 app a1 done");
	assert_int_equal(peer.requests, 1);
}

/* ---- order ---- */

static void
a_series_keeps_its_order(void **state)
{
	(void)state;
	desk_will(verdict_retry(MINUTE));
	app(&desk_repeat);
	NEWS({ .path = "1.txt", .title = "One", .series = "s", .part = 1 });
	NEWS({ .path = "2.txt", .title = "Two", .series = "s", .part = 2 });
	NEWS({ .path = "x.txt", .title = "Alone" });
	assert_string_equal(desk_rows(),
		"1 app a1 ready / 2 app a2 ready / 3 app a3 done");
	desk_later(MINUTE + SECOND);
	assert_string_equal(desk_rows(),
		"1 app a1 done / 2 app a2 done / 3 app a3 done");
	assert_string_equal(desk.sent[2].title, "s 1 | One");
	assert_string_equal(desk.sent[3].title, "s 2 | Two");
}

static void
a_rate_is_kept(void **state)
{
	(void)state;
	desk_target("app", &desk_repeat)->rate = (struct quota){ 1,
		MINUTE };
	desk_open();
	/* Time stands still but for desk_later(). */
	desk_later(0);
	NEWS({ .path = "a.txt", .title = "A" }, { .path = "b.txt",
		.title = "B" });
	assert_int_equal(desk.n_sent, 1);
	desk_later(MINUTE - SECOND);
	assert_int_equal(desk.n_sent, 1);
	desk_later(2 * SECOND);
	assert_int_equal(desk.n_sent, 2);
}

/* Of three versions that nobody was told of only the last one is told. */
static void
the_latest_version_wins(void **state)
{
	(void)state;
	app(&desk_topics);
	NEWS({ .path = "a.txt", .title = "A" });
	assert_int_equal(desk.n_sent, 3);
	desk_order(order(ENGINE_PAUSE));
	NEWS({ .path = "b.txt", .title = "B" });
	NEWS({ .path = "c.txt", .title = "C" });
	NEWS({ .path = "d.txt", .title = "D" });
	assert_int_equal(desk_sql("SELECT count(*) FROM delivery"
		" WHERE state = 1"), 3);
	desk_order(order(ENGINE_RESUME));
	assert_int_equal(desk.n_sent, 6);
	assert_int_equal(desk_sql("SELECT count(*) FROM delivery"
		" WHERE state <> 3"), 0);
}

static void
what_happened_meanwhile_is_seen(void **state)
{
	(void)state;
	app(&desk_blind);
	desk_order(order(ENGINE_PAUSE));
	NEWS({ .path = "a.txt", .title = "A" });
	NEWS({ .path = "b.txt", .title = "B" });
	NEWS({ .path = "b.txt", .title = "B2", .change = CHANGE_UPDATE });
	NEWS({ .path = "a.txt", .fate = ITEM_GONE,
		.change = CHANGE_WITHDRAW });
	desk_order(order(ENGINE_RESUME));
	assert_string_equal(desk_rows(), "1 app a1 skipped / 2 app a2 done / "
		"3 app a2 done / 4 app a1 done");
	assert_string_equal(desk.sent[0].title, "B2");
}

/* ---- what the operator wants ---- */

static void
somebody_asks_for_it_again(void **state)
{
	(void)state;
	app(&desk_repeat);
	NEWS({ .path = "a.txt", .title = "A" });
	assert_int_equal(desk_order(order(ENGINE_AGAIN)), 1);
	assert_string_equal(desk_rows(), "1 app a1 done / 2 app a1 done");
	assert_string_not_equal(desk.sent[0].id, desk.sent[1].id);
	assert_string_equal(desk_refused((struct engine_order){
		.verb = ENGINE_AGAIN, .target = S("nobody"),
		.path = S("a.txt") }), "there is no target \"nobody\"");
	desk_refused((struct engine_order){ .verb = ENGINE_AGAIN,
		.target = S("app"), .path = S("none.txt") });
}

static void
somebody_tries_a_target(void **state)
{
	(void)state;
	app(&desk_topics);
	assert_int_equal(desk_order(order(ENGINE_TEST)), 1);
	assert_int_equal(desk_order(order(ENGINE_TEST)), 1);
	assert_string_equal(desk_rows(),
		"1 app ping done / 2 app ping done");
	assert_string_equal(desk_refused(order(ENGINE_AGAIN)), "the target "
		"\"app\" is told of feeds, not of articles");
}

static void
a_backfill_goes_at_its_pace(void **state)
{
	struct engine_order o = order(ENGINE_BACKFILL);

	(void)state;
	NEWS({ .path = "a.txt", .title = "A" }, { .path = "b.txt",
		.title = "B" }, { .path = "c.txt", .title = "C" });
	app(&desk_repeat);
	desk_later(0);
	o.to = INT64_MAX;
	o.every_ms = MINUTE;
	o.dry = true;
	assert_int_equal(desk_order(o), 3);
	assert_string_equal(desk_rows(), "");
	o.dry = false;
	assert_int_equal(desk_order(o), 3);
	assert_int_equal(desk.n_sent, 1);
	desk_later(MINUTE + SECOND);
	assert_int_equal(desk.n_sent, 2);
	desk_later(MINUTE);
	assert_int_equal(desk.n_sent, 3);
	/* What was owed once is not owed again. */
	assert_int_equal(desk_order(o), 0);
}

/* ---- previews ---- */

static void
a_preview_is_what_was_sent(void **state)
{
	struct engine_preview p;

	(void)state;
	desk.needs_secret = true;
	write_key("sesame");
	app(&desk_repeat);
	NEWS({ .path = "a.txt", .title = "A" });
	p = desk_preview(1, NULL);
	assert_int_equal(p.n, 1);
	assert_int_equal(desk_sql(arena_printf(&p.arena, "SELECT count(*) FROM"
		" delivery WHERE hash = '%s'", p.list[0].hash).ptr), 1);
	assert_true(slice_find(p.list[0].request, S("\"key\":\"***\""),
		0) > 0);
	assert_int_equal(peer.requests, 1);
	engine_preview_done(&p);
}

static void
a_preview_of_what_is_not_owed(void **state)
{
	struct engine_preview p;

	(void)state;
	NEWS({ .path = "a.txt", .title = "A" });
	desk_target("two", &desk_blind);
	desk_target("hub", &desk_topics);
	app(&desk_repeat);
	desk_settle();
	p = desk_preview(0, "a.txt");
	assert_int_equal(p.n, 2);
	assert_int_equal(p.list[0].id, 0);
	assert_true(slice_starts(p.list[0].request, S("POST http://")));
	assert_string_equal(desk_rows(), "");
	assert_int_equal(peer.requests, 0);
	engine_preview_done(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(news_is_sent_once),
		DESK_TEST(an_edit_is_told_and_a_withdrawal),
		DESK_TEST(nothing_may_be_sent_at_all),
		DESK_TEST(a_retry_waits_and_keeps_the_id),
		DESK_TEST(a_wait_is_no_failure),
		DESK_TEST(a_broken_connection_is_doubt),
		DESK_TEST(doubt_is_sent_again_where_that_is_fine),
		DESK_TEST(doubt_is_asked_about_where_that_can_be),
		DESK_TEST(what_was_not_applied_is_sent),
		DESK_TEST(steps_hand_their_memo_on),
		DESK_TEST(a_rejected_one_is_over),
		DESK_TEST(a_held_target_keeps_its_rows),
		DESK_TEST(credentials_are_tried_twice),
		DESK_TEST(a_missing_credential_holds),
		DESK_TEST(a_dead_target_is_left_alone),
		DESK_TEST(an_interrupted_one_is_in_doubt),
		DESK_TEST(an_interrupted_one_goes_on),
		DESK_TEST(an_interrupted_one_is_asked_about),
		DESK_TEST(ending_while_it_is_sent),
		DESK_TEST(ending_before_it_is_sent),
		DESK_TEST(a_series_keeps_its_order),
		DESK_TEST(a_rate_is_kept),
		DESK_TEST(the_latest_version_wins),
		DESK_TEST(what_happened_meanwhile_is_seen),
		DESK_TEST(somebody_asks_for_it_again),
		DESK_TEST(somebody_tries_a_target),
		DESK_TEST(a_backfill_goes_at_its_pace),
		DESK_TEST(a_preview_is_what_was_sent),
		DESK_TEST(a_preview_of_what_is_not_owed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
