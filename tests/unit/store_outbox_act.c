/*
 * The outbox in the operator's hands: what may be done in which state, lists,
 * and what is forgotten.
 */
#include "base/clock.h"
#include "assert_slice.h"
#include "outbox_kit.h"

#define LIST(...) box_list(&(struct outbox_filter){ __VA_ARGS__ })

/* ---- one delivery ---- */

/* One delivery in each state, with the id state + 1. */
static void
make_one_of_each(void)
{
	static const struct slice names[OUTBOX_STATES] = { S_INIT("planned"),
		S_INIT("ready"), S_INIT("sending"), S_INIT("done"),
		S_INIT("unknown"), S_INIT("rejected"), S_INIT("skipped"),
		S_INIT("held") };

	for (int s = 0; s < OUTBOX_STATES; s++) {
		box_add(ARTICLE_IN(s == OUTBOX_PLANNED ? OUTBOX_PLANNED :
			OUTBOX_READY, 1, .subject = names[s]));
		if (s <= OUTBOX_READY)
			continue;
		assert_true(box_start(s + 1, false));
		if (s == OUTBOX_SENDING)
			continue;
		box_settle(&(struct outbox_settled){ .id = s + 1,
			.now = BOX_NOW, .state = (enum outbox_state)s,
			.due = s == OUTBOX_UNKNOWN ? BOX_NOW + 50 : 0,
			.tries = 2 });
	}
}

/* What the verb makes of each state; "": it is refused. */
static void
assert_acts(enum outbox_verb verb, const char *const want[OUTBOX_STATES])
{
	struct err e;

	make_one_of_each();
	for (int s = 0; s < OUTBOX_STATES; s++) {
		bool may = want[s][0];
		int rc = box_act(verb, s + 1, &e);
		struct outbox_row row = box_row(s + 1);

		assert_int_equal(rc, may ? 0 : -1);
		assert_slice(outbox_state_name(row.plan.state), may ? want[s] :
			outbox_state_name((enum outbox_state)s).ptr);
		if (!may) {
			assert_int_equal(e.kind, ERR_REFUSED);
			continue;
		}
		assert_int_equal(row.plan.due, BOX_NOW);
		assert_int_equal(row.tries, 0);
		assert_int_equal(row.plan.asked, s != OUTBOX_READY);
		assert_int_equal(row.settled, row.plan.state == OUTBOX_DONE ||
			row.plan.state == OUTBOX_SKIPPED ? BOX_NOW : 0);
	}
}

static void
retry(void **state)
{
	static const char *const want[] = { "", "ready", "", "", "unknown",
		"ready", "ready", "" };

	(void)state;
	assert_acts(OUTBOX_RETRY, want);
}

static void
release(void **state)
{
	static const char *const want[] = { "", "", "", "", "", "", "",
		"ready" };

	(void)state;
	assert_acts(OUTBOX_RELEASE, want);
}

static void
discard(void **state)
{
	static const char *const want[] = { "skipped", "skipped", "", "",
		"skipped", "", "", "skipped" };

	(void)state;
	assert_acts(OUTBOX_DISCARD, want);
}

static void
resolve_as_done(void **state)
{
	static const char *const want[] = { "", "", "", "", "done", "", "",
		"" };

	(void)state;
	assert_acts(OUTBOX_RESOLVE_DONE, want);
}

static void
resolve_as_failed(void **state)
{
	static const char *const want[] = { "", "", "", "", "ready", "", "",
		"" };

	(void)state;
	assert_acts(OUTBOX_RESOLVE_FAILED, want);
}

static void
approve(void **state)
{
	static const char *const want[] = { "ready", "", "", "", "", "", "",
		"" };

	(void)state;
	assert_acts(OUTBOX_APPROVE, want);
}

/* Nobody is there to be asked: only a person can say. */
static void
a_doubt_that_cannot_be_asked_about_is_not_retried(void **state)
{
	struct err e;

	(void)state;
	box_add(ARTICLE(1));
	assert_true(box_start(1, false));
	box_settle(&(struct outbox_settled){ .id = 1, .now = BOX_NOW,
		.state = OUTBOX_UNKNOWN });
	assert_int_equal(box_act(OUTBOX_RETRY, 1, &e), -1);
	assert_int_equal(e.kind, ERR_REFUSED);
	assert_non_null(strstr(e.hint, "resolve 1 done"));
}

static void
what_is_not_there_is_named(void **state)
{
	struct outbox_row row;
	struct err e;

	(void)state;
	assert_int_equal(box_act(OUTBOX_RETRY, 77, &e), -1);
	assert_int_equal(e.kind, ERR_MISSING);
	assert_string_equal(e.text, "there is no delivery 77");
	assert_int_equal(box_show(77, &row, &e), -1);
	assert_int_equal(e.kind, ERR_MISSING);
	assert_int_equal(box_set_target("nobody", TARGET_PAUSED, "", &e), -1);
	assert_int_equal(e.kind, ERR_MISSING);
}

/* ---- targets ---- */

static void
a_target_is_paused_and_goes_on(void **state)
{
	struct outbox_target t;
	struct err e;

	(void)state;
	box_add(ARTICLE(1));
	assert_true(box_start(1, false));
	box_settle(&(struct outbox_settled){ .id = 1, .now = BOX_NOW,
		.state = OUTBOX_READY, .due = BOX_NOW, .fails = 9,
		.open_until = BOX_NOW + 900 });
	assert_int_equal(box_set_target("web", TARGET_PAUSED, "a holiday",
		&e), 0);
	t = box_target("web");
	assert_int_equal(t.state, TARGET_PAUSED);
	assert_slice(t.why, "a holiday");
	assert_int_equal(t.fails, 9);
	/* What comes back while it is paused does not hold it. */
	box_settle(&(struct outbox_settled){ .id = 1, .now = BOX_NOW,
		.state = OUTBOX_READY, .due = BOX_NOW, .fails = 9,
		.hold = S("no") });
	assert_int_equal(box_target("web").state, TARGET_PAUSED);
	assert_int_equal(box_set_target("web", TARGET_ACTIVE, "", &e), 0);
	t = box_target("web");
	assert_int_equal(t.state, TARGET_ACTIVE);
	assert_slice(t.why, "");
	assert_int_equal(t.fails, 0);
	assert_int_equal(t.open_until, 0);
	assert_int_equal(t.fuse_from, BOX_NOW);
}

static void
adoption_holds_what_waits(void **state)
{
	const struct outbox_cursor to = { true, 40, S_INIT("s9"),
		S_INIT("m40") };

	(void)state;
	make_one_of_each();
	assert_string_equal(box_instance(), "");
	assert_int_equal(box_adopt(&to, "second"), 2);
	assert_string_equal(box_rows(), "1 planned held / 2 ready held / "
		"3 sending sending / 4 done done / 5 unknown unknown / "
		"6 rejected rejected / 7 skipped skipped / 8 held held");
	assert_string_equal(box_instance(), "second");
	assert_int_equal(box_cursor().seq, 40);
	assert_slice(box_cursor().stream, "s9");
	assert_string_equal(DUE(BOX_WEB), "");
	/* The answer of what was on its way is still believed. */
	box_settle(&(struct outbox_settled){ .id = 3, .now = BOX_NOW,
		.state = OUTBOX_DONE });
	assert_slice(outbox_state_name(box_row(3).plan.state), "done");
}

/* ---- forgetting ---- */

static void
old_articles_are_thinned_and_old_documents_go(void **state)
{
	(void)state;
	box_add(ARTICLE(1));
	box_add(ARTICLE(2));
	box_add(DOCUMENT(3));
	box_add(ARTICLE(4));
	box_finish(1, "post-1");
	assert_true(box_start(2, false));
	box_settle(&(struct outbox_settled){ .id = 2, .now = BOX_NOW,
		.state = OUTBOX_REJECTED, .memo = S("upload"),
		.why = S("no") });
	box_finish(3, "");
	assert_int_equal(box_prune(BOX_NOW, 100), 0);
	assert_int_equal(box_prune(BOX_NOW + 1, 2), 2);
	assert_int_equal(box_prune(BOX_NOW + 1, 2), 1);
	assert_int_equal(box_prune(BOX_NOW + 1, 2), 0);
	assert_string_equal(box_rows(),
		"1 a1 done / 2 a2 rejected / 4 a4 ready");
	assert_slice(box_row(1).memo, "post-1");
	assert_slice(box_row(1).hash, "");
	assert_slice(box_row(2).memo, "");
	assert_slice(box_row(2).why, "");
	assert_slice(box_row(4).hash, "");
}

/* What is taken up again will be over again. */
static void
what_was_thinned_may_be_thinned_again(void **state)
{
	struct err e;

	(void)state;
	box_add(ARTICLE_IN(OUTBOX_SKIPPED, 1));
	assert_int_equal(box_prune(BOX_NOW + 1, 9), 1);
	assert_int_equal(box_act(OUTBOX_RETRY, 1, &e), 0);
	assert_int_equal(box_prune(BOX_NOW + 1, 9), 0);
	box_finish(1, "post-1");
	assert_int_equal(box_prune(BOX_NOW + 1, 9), 1);
}

/* ---- lists ---- */

static void
lists_have_filters_and_pages(void **state)
{
	(void)state;
	box_add(ARTICLE(1));
	box_add(DOCUMENT(1));
	box_add(ARTICLE(2));
	box_add(ARTICLE(1, .revision = 2));
	box_finish(1, "");
	assert_string_equal(LIST(.max = 0), "4 3 2 1");
	assert_string_equal(LIST(.target = S("web")), "4 3 1");
	assert_string_equal(LIST(.target = S("nobody")), "");
	assert_string_equal(LIST(.by_state = true, .state = OUTBOX_DONE), "1");
	assert_string_equal(LIST(.by_state = true, .state = OUTBOX_READY,
		.target = S("web")), "4 3");
	assert_string_equal(LIST(.by_state = true), "");
	assert_string_equal(LIST(.is_news = true), "4 3 2");
	assert_string_equal(LIST(.is_news = true, .target = S("hub")), "2");
	assert_string_equal(LIST(.subject = S("a1")), "4 1");
	assert_string_equal(LIST(.max = 2), "4 3");
	assert_string_equal(LIST(.max = 2, .before = 3), "2 1");
}

static void
news_is_what_waits_or_was_rejected_lately(void **state)
{
	(void)state;
	make_one_of_each();
	assert_string_equal(LIST(.is_news = true), "8 6 5 3 2 1");
	box_prune(BOX_NOW + 1, 100);
	assert_string_equal(LIST(.is_news = true), "8 5 3 2 1");
}

static void
counts_say_what_waits_since_when(void **state)
{
	struct outbox_count c;

	(void)state;
	make_one_of_each();
	c = box_count("web");
	for (int s = 0; s < OUTBOX_STATES; s++)
		assert_int_equal(c.by_state[s], 1);
	assert_int_equal(c.oldest, BOX_NOW);
	box_add(DOCUMENT(1));
	box_finish(9, "");
	c = box_count("hub");
	assert_int_equal(c.by_state[OUTBOX_DONE], 1);
	assert_int_equal(c.by_state[OUTBOX_READY], 0);
	assert_int_equal(c.oldest, 0);
}

/* Years of work behind it do not make it slow: every read has its index. */
static void
much_that_is_over_is_no_burden(void **state)
{
	int64_t began;

	(void)state;
	box_sql("WITH RECURSIVE i (n) AS (VALUES (1) UNION ALL SELECT n + 1"
		" FROM i WHERE n < 30000) INSERT INTO delivery (target_id,"
		" subject, action, revision, article_id, feed_id, line, seq,"
		" at, uid, latest, asked, state, due, created, started,"
		" settled) SELECT 1 + n % 2, iif(n % 2, 'doc', 'a' || n), 'x',"
		" n, 1, 1, n % 9, 0, 0, 'u' || n, n % 2, 0, 3, 0, 1, 1, 1"
		" FROM i");
	for (int i = 1; i <= 200; i++)
		box_add(ARTICLE(i));
	box_add(DOCUMENT(40000));
	box_add(DOCUMENT(40001));
	began = clock_mono_ms();
	assert_int_equal(strlen(DUE(BOX_WEB)), 100 * 6 - 1);
	assert_int_equal(strlen(LIST(.max = 0)), 1000 * 6 - 1);
	assert_int_equal(box_count("hub").by_state[OUTBOX_DONE], 15000);
	assert_true(clock_mono_ms() - began < 2000);
}

static void
states_have_names(void **state)
{
	enum outbox_state s;

	(void)state;
	for (int i = 0; i < OUTBOX_STATES; i++) {
		assert_true(outbox_state_parse(outbox_state_name(
			(enum outbox_state)i), &s));
		assert_int_equal(s, i);
	}
	assert_false(outbox_state_parse(S("Ready"), &s));
	assert_false(outbox_state_parse(S(""), &s));
	assert_slice(outbox_target_state_name(TARGET_HELD), "held");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST(retry),
		BOX_TEST(release),
		BOX_TEST(discard),
		BOX_TEST(resolve_as_done),
		BOX_TEST(resolve_as_failed),
		BOX_TEST(approve),
		BOX_TEST(a_doubt_that_cannot_be_asked_about_is_not_retried),
		BOX_TEST(what_is_not_there_is_named),
		BOX_TEST(a_target_is_paused_and_goes_on),
		BOX_TEST(adoption_holds_what_waits),
		BOX_TEST(old_articles_are_thinned_and_old_documents_go),
		BOX_TEST(what_was_thinned_may_be_thinned_again),
		BOX_TEST(lists_have_filters_and_pages),
		BOX_TEST(news_is_what_waits_or_was_rejected_lately),
		BOX_TEST(counts_say_what_waits_since_when),
		BOX_TEST(much_that_is_over_is_no_burden),
		cmocka_unit_test(states_have_names),
	};

	return cmocka_run_group_tests_name("store_outbox_act", tests, NULL,
		NULL);
}
