/*
 * The outbox from planning to the last answer: nothing twice, nothing lost,
 * nothing out of order, whenever the courier ends.
 */
#include "assert_slice.h"
#include "outbox_kit.h"

/* ---- planning ---- */

static const struct outbox_cursor nowhere = { 0 };
static const struct outbox_cursor at_7 = { true, 7, S_INIT("s1"),
	S_INIT("m7") };
static const struct outbox_cursor at_9 = { true, 9, S_INIT("s1"),
	S_INIT("m9") };

static void
the_cursor_moves_with_what_is_planned(void **state)
{
	struct err e;

	(void)state;
	assert_false(box_cursor().known);
	assert_int_equal(box_plan(&nowhere, &at_7, ARTICLE(1), &e), 0);
	box_reopen();
	assert_true(box_cursor().known);
	assert_int_equal(box_cursor().seq, 7);
	assert_slice(box_cursor().stream, "s1");
	assert_slice(box_cursor().mark, "m7");
	assert_string_equal(box_rows(), "1 a1 ready");
}

/* What was planned from an old view of things leaves no trace. */
static void
an_old_plan_is_rolled_back(void **state)
{
	const struct outbox_cursor other = { true, 7, S_INIT("s2"),
		S_INIT("m7") };
	struct err e;

	(void)state;
	assert_int_equal(box_plan(&nowhere, &at_7, NULL, &e), 0);
	assert_int_equal(box_plan(&nowhere, &at_9, ARTICLE(1), &e), -1);
	assert_int_equal(e.kind, ERR_BUSY);
	assert_int_equal(box_plan(&at_9, &at_9, ARTICLE(1), &e), -1);
	assert_int_equal(box_plan(&other, &at_9, ARTICLE(1), &e), -1);
	assert_int_equal(e.kind, ERR_BUSY);
	assert_string_equal(box_rows(), "");
	assert_int_equal(box_cursor().seq, 7);
	assert_int_equal(box_plan(&at_7, &at_9, ARTICLE(1), &e), 0);
	assert_string_equal(box_rows(), "1 a1 ready");
}

static void
nothing_is_owed_twice(void **state)
{
	(void)state;
	assert_true(box_add(ARTICLE(1)));
	assert_false(box_add(ARTICLE(1)));
	assert_true(box_add(ARTICLE(1, .action = S("corrected"))));
	assert_true(box_add(ARTICLE(1, .revision = 2)));
	assert_true(box_add(ARTICLE(1, .target_id = BOX_HUB)));
	box_finish(1, "");
	assert_false(box_add(ARTICLE(1)));
	box_prune(INT64_MAX, 100);
	assert_false(box_add(ARTICLE(1)));
}

/* Unless somebody asks for it. */
static void
again_is_again(void **state)
{
	(void)state;
	box_add(ARTICLE(1));
	box_finish(1, "post-1");
	assert_true(box_add(ARTICLE(1, .again = true, .asked = true)));
	assert_true(box_add(ARTICLE(1, .again = true, .asked = true)));
	assert_int_equal(box_row(1).nth, 0);
	assert_int_equal(box_row(3).nth, 2);
	assert_true(box_row(3).plan.asked);
	assert_true(box_row(3).was_told);
	assert_slice(box_row(3).told, "post-1");
}

static void
all_of_a_plan_is_kept(void **state)
{
	struct outbox_planned p;

	(void)state;
	box_add(ARTICLE_IN(OUTBOX_SKIPPED, 4, .feed_id = 3, .line = 9,
		.seq = 12, .at = 99, .uid = S("evt_x"), .due = 5,
		.why = S("it is too old")));
	p = box_row(1).plan;
	assert_int_equal(p.target_id, BOX_WEB);
	assert_slice(p.subject, "a4");
	assert_slice(p.action, "published");
	assert_int_equal(p.revision, 1);
	assert_int_equal(p.article_id, 4);
	assert_int_equal(p.feed_id, 3);
	assert_int_equal(p.line, 9);
	assert_int_equal(p.seq, 12);
	assert_int_equal(p.at, 99);
	assert_slice(p.uid, "evt_x");
	assert_int_equal(p.state, OUTBOX_SKIPPED);
	assert_slice(box_row(1).target, "web");
	assert_slice(box_row(1).why, "it is too old");
	assert_int_equal(box_row(1).created, BOX_NOW);
	assert_int_equal(box_row(1).settled, BOX_NOW);
	assert_false(box_row(1).was_told);
}

/* ---- the newest version of a document ---- */

static void
the_newest_version_is_sent(void **state)
{
	(void)state;
	box_add(DOCUMENT(1));
	box_add(DOCUMENT(2, .subject = S("other")));
	box_add(DOCUMENT(2));
	assert_string_equal(box_rows(), "2 other ready / 3 doc ready");
	assert_int_equal(box_row(3).plan.revision, 2);
	assert_false(box_add(DOCUMENT(2)));
	assert_string_equal(box_rows(), "2 other ready / 3 doc ready");
}

/* Who is not reached is not asked sooner because there is more to tell. */
static void
a_newer_version_waits_as_long(void **state)
{
	(void)state;
	box_add(DOCUMENT(1));
	assert_true(box_start(1, true));
	box_settle(&(struct outbox_settled){ .id = 1, .now = BOX_NOW,
		.state = OUTBOX_READY, .due = BOX_NOW + 60000, .tries = 3 });
	box_add(DOCUMENT(2));
	assert_string_equal(box_rows(), "2 doc ready");
	assert_int_equal(box_row(2).plan.due, BOX_NOW + 60000);
	assert_int_equal(box_row(2).tries, 3);
}

static void
one_that_is_on_its_way_gives_way_when_it_fails(void **state)
{
	(void)state;
	box_add(DOCUMENT(1));
	assert_true(box_start(1, true));
	box_add(DOCUMENT(2));
	assert_string_equal(box_rows(), "1 doc sending / 2 doc ready");
	assert_string_equal(DUE(BOX_HUB), "");
	box_settle(&(struct outbox_settled){ .id = 1, .now = BOX_NOW,
		.state = OUTBOX_READY, .due = BOX_NOW + 60000, .tries = 1 });
	assert_string_equal(box_rows(), "2 doc ready");
	assert_int_equal(box_row(2).plan.due, BOX_NOW + 60000);
	assert_int_equal(box_row(2).tries, 1);
	assert_string_equal(DUE(BOX_HUB), "");
	assert_string_equal(DUE(BOX_HUB, .now = BOX_NOW + 60000), "2");
}

/* Articles are not documents: each of their versions is sent. */
static void
articles_are_not_replaced(void **state)
{
	(void)state;
	box_add(ARTICLE(1));
	box_add(ARTICLE(1, .revision = 2, .action = S("updated")));
	assert_string_equal(box_rows(), "1 a1 ready / 2 a1 ready");
}

/* ---- sending ---- */

static void
a_delivery_goes_its_way(void **state)
{
	struct outbox_row row;

	(void)state;
	box_add(ARTICLE(1));
	assert_true(box_start(1, true));
	row = box_row(1);
	assert_int_equal(row.plan.state, OUTBOX_SENDING);
	assert_true(row.repeatable);
	assert_slice(row.hash, "hash");
	assert_int_equal(row.started, BOX_NOW);
	assert_int_equal(row.tries, 1);
	assert_false(box_start(1, true));
	box_settle(&(struct outbox_settled){ .id = 1, .now = BOX_NOW,
		.state = OUTBOX_READY, .due = BOX_NOW + 1, .step = 1,
		.memo = S("upload-9"), .status = 201 });
	row = box_row(1);
	assert_int_equal(row.step, 1);
	assert_int_equal(row.tries, 0);
	assert_slice(row.memo, "upload-9");
	assert_true(box_start(1, false));
	box_settle(&(struct outbox_settled){ .id = 1, .now = BOX_NOW + 2,
		.state = OUTBOX_REJECTED, .keeps_memo = true, .step = 1,
		.status = 422, .why = S("too long") });
	row = box_row(1);
	assert_int_equal(row.plan.state, OUTBOX_REJECTED);
	assert_slice(row.memo, "upload-9");
	assert_int_equal(row.settled, BOX_NOW + 2);
	assert_int_equal(row.sent, 2);
	assert_int_equal(row.status, 422);
	assert_slice(row.why, "too long");
	assert_int_equal(row.started, BOX_NOW);
	assert_false(box_start(1, true));
}

static void
the_start_finds_what_was_interrupted(void **state)
{
	(void)state;
	for (int i = 1; i <= 4; i++)
		box_add(ARTICLE(i));
	assert_true(box_start(1, true));
	assert_true(box_start(2, false));
	box_finish(3, "");
	box_reopen();
	assert_string_equal(box_recover(BOX_NOW + 5), "1 ready, 1 unknown");
	assert_string_equal(box_rows(),
		"1 a1 ready / 2 a2 unknown / 3 a3 done / 4 a4 ready");
	assert_int_equal(box_row(2).plan.due, BOX_NOW + 5);
	assert_string_equal(box_recover(BOX_NOW + 6), "0 ready, 0 unknown");
}

/* It is asked about; what was sent stays what was sent. */
static void
a_doubt_is_only_asked_about(void **state)
{
	(void)state;
	box_add(ARTICLE(1));
	box_add(ARTICLE(1, .revision = 2));
	assert_true(box_start(1, true));
	box_settle(&(struct outbox_settled){ .id = 1, .now = BOX_NOW,
		.state = OUTBOX_UNKNOWN, .due = BOX_NOW + 10,
		.why = S("it ended within the answer") });
	assert_string_equal(DUE(BOX_WEB, .now = BOX_NOW + 10), "");
	assert_string_equal(DUE(BOX_WEB, .asks = true), "");
	assert_string_equal(DUE(BOX_WEB, .now = BOX_NOW + 10, .asks = true),
		"1");
	assert_true(box_start(1, false));
	assert_int_equal(box_row(1).plan.state, OUTBOX_UNKNOWN);
	assert_int_equal(box_row(1).tries, 1);
	assert_string_equal(box_recover(BOX_NOW + 11), "0 ready, 0 unknown");
	box_settle(&(struct outbox_settled){ .id = 1, .now = BOX_NOW,
		.state = OUTBOX_DONE, .memo = S("post-1") });
	assert_string_equal(box_rows(), "1 a1 done / 2 a1 ready");
	assert_slice(box_row(2).told, "post-1");
}

/* What is over stays over, whatever a late answer says. */
static void
a_late_answer_changes_nothing(void **state)
{
	struct err e;

	(void)state;
	box_add(ARTICLE(1));
	assert_true(box_start(1, false));
	box_settle(&(struct outbox_settled){ .id = 1, .now = BOX_NOW,
		.state = OUTBOX_UNKNOWN, .due = BOX_NOW });
	assert_true(box_start(1, false));
	assert_int_equal(box_act(OUTBOX_RESOLVE_DONE, 1, &e), 0);
	box_settle(&(struct outbox_settled){ .id = 1, .now = BOX_NOW,
		.state = OUTBOX_READY, .due = BOX_NOW });
	assert_string_equal(box_rows(), "1 a1 done");
}

/* ---- what may be sent ---- */

static void
subjects_and_lines_keep_their_order(void **state)
{
	(void)state;
	box_add(ARTICLE(1, .line = 3));
	box_add(ARTICLE(2, .line = 3));
	box_add(ARTICLE(1, .line = 3, .revision = 2));
	box_add(ARTICLE(3, .line = 4));
	box_add(ARTICLE(4));
	box_add(ARTICLE(5, .target_id = BOX_HUB, .line = 3));
	assert_string_equal(DUE(BOX_WEB), "1 4 5");
	assert_string_equal(DUE(BOX_WEB, .max = 2), "1 4");
	assert_string_equal(DUE(BOX_HUB), "6");
	assert_true(box_start(1, false));
	assert_string_equal(DUE(BOX_WEB), "4 5");
	/* In doubt: its line goes on, what is of its subject does not. */
	box_settle(&(struct outbox_settled){ .id = 1, .now = BOX_NOW,
		.state = OUTBOX_UNKNOWN });
	assert_string_equal(DUE(BOX_WEB), "2 4 5");
	box_finish(2, "");
	assert_string_equal(DUE(BOX_WEB), "4 5");
	box_settle(&(struct outbox_settled){ .id = 1, .now = BOX_NOW,
		.state = OUTBOX_DONE });
	assert_string_equal(DUE(BOX_WEB), "3 4 5");
}

static void
what_waits_for_a_word_or_a_time_waits(void **state)
{
	(void)state;
	box_add(ARTICLE_IN(OUTBOX_PLANNED, 1));
	box_add(ARTICLE_IN(OUTBOX_PLANNED, 2, .due = BOX_NOW + 300));
	box_add(ARTICLE(3, .due = BOX_NOW + 200));
	assert_string_equal(DUE(BOX_WEB), "");
	assert_int_equal(box_next_due(BOX_NOW), BOX_NOW + 200);
	assert_int_equal(box_next_due(BOX_NOW + 200), BOX_NOW + 300);
	assert_int_equal(box_next_due(BOX_NOW + 300), 0);
	assert_string_equal(DUE(BOX_WEB, .now = BOX_NOW + 300), "2 3");
	assert_false(box_start(1, false));
	assert_true(box_start(2, false));
}

static void
a_target_that_stands_still_begins_nothing(void **state)
{
	struct err e;

	(void)state;
	box_add(ARTICLE(1));
	assert_int_equal(box_set_target("web", TARGET_PAUSED, "", &e), 0);
	assert_false(box_start(1, false));
	assert_string_equal(box_rows(), "1 a1 ready");
	assert_int_equal(box_set_target("web", TARGET_ACTIVE, "", &e), 0);
	assert_true(box_start(1, false));
}

/* ---- targets ---- */

static void
a_target_begins_behind_what_was_planned(void **state)
{
	struct outbox_target t;
	struct err e;

	(void)state;
	assert_int_equal(box_plan(&nowhere, &at_9, NULL, &e), 0);
	box_sync("late", "null", 5000);
	t = box_target("late");
	assert_int_equal(t.since_seq, 9);
	assert_int_equal(t.since_at, 5000);
	assert_slice(t.type, "null");
	assert_int_equal(t.state, TARGET_ACTIVE);
	box_sync("late", "webhook", 6000);
	t = box_target("late");
	assert_int_equal(t.since_at, 5000);
	assert_slice(t.type, "webhook");
	assert_int_equal(box_target("web").since_seq, 0);
}

static void
an_answer_may_stop_its_target(void **state)
{
	struct outbox_target t;

	(void)state;
	box_add(ARTICLE(1));
	assert_true(box_start(1, false));
	box_settle(&(struct outbox_settled){ .id = 1, .now = BOX_NOW + 1,
		.state = OUTBOX_READY, .due = BOX_NOW, .fails = 4,
		.open_until = BOX_NOW + 900, .hold = S("the token is over") });
	t = box_target("web");
	assert_int_equal(t.state, TARGET_HELD);
	assert_slice(t.why, "the token is over");
	assert_int_equal(t.state_at, BOX_NOW + 1);
	assert_int_equal(t.fails, 4);
	assert_int_equal(t.open_until, BOX_NOW + 900);
	assert_int_equal(box_target("hub").state, TARGET_ACTIVE);
	assert_false(box_start(1, false));
}

static void
first_sendings_of_articles_are_counted(void **state)
{
	struct outbox_starts s;

	(void)state;
	box_add(ARTICLE(1));
	box_add(ARTICLE(2, .asked = true));
	box_add(ARTICLE(0, .feed_id = 5));
	box_add(ARTICLE(4));
	for (int i = 1; i <= 3; i++)
		assert_true(box_start(i, false));
	s = box_starts(BOX_WEB, BOX_NOW - 1);
	assert_int_equal(s.n, 1);
	assert_int_equal(s.first, BOX_NOW);
	assert_int_equal(box_starts(BOX_WEB, BOX_NOW).n, 0);
	assert_int_equal(box_starts(BOX_HUB, 0).n, 0);
	assert_int_equal(box_starts(BOX_HUB, 0).first, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST(the_cursor_moves_with_what_is_planned),
		BOX_TEST(an_old_plan_is_rolled_back),
		BOX_TEST(nothing_is_owed_twice),
		BOX_TEST(again_is_again),
		BOX_TEST(all_of_a_plan_is_kept),
		BOX_TEST(the_newest_version_is_sent),
		BOX_TEST(a_newer_version_waits_as_long),
		BOX_TEST(one_that_is_on_its_way_gives_way_when_it_fails),
		BOX_TEST(articles_are_not_replaced),
		BOX_TEST(a_delivery_goes_its_way),
		BOX_TEST(the_start_finds_what_was_interrupted),
		BOX_TEST(a_doubt_is_only_asked_about),
		BOX_TEST(a_late_answer_changes_nothing),
		BOX_TEST(subjects_and_lines_keep_their_order),
		BOX_TEST(what_waits_for_a_word_or_a_time_waits),
		BOX_TEST(a_target_that_stands_still_begins_nothing),
		BOX_TEST(a_target_begins_behind_what_was_planned),
		BOX_TEST(an_answer_may_stop_its_target),
		BOX_TEST(first_sendings_of_articles_are_counted),
	};

	return cmocka_run_group_tests_name("store_outbox", tests, NULL, NULL);
}
