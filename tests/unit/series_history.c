/*
 * What articles say of their own history, and deletions that may be a mistake:
 * decided row by row.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/hash.h"
#include "series/guard.h"
#include "series/series.h"

enum { NOW = 1000000000, SOON = NOW + 60 };

#define KNOWN .file_id = 1, .article_id = 1, .published = 500, .updated = 600
#define LIVE .prior = { KNOWN, .digest = 2, .form = 2 }
#define SAID .prior = { KNOWN, .digest = 1, .form = 1 }
#define GONE .prior = { KNOWN, .state = STATE_WITHDRAWN, .digest = 1, \
	.form = 1 }

/* The article has digest 1 and form 1, and its file is of 900. */
struct expect {
	const char *about;
	struct fields fields;
	struct prior prior;
	int64_t date;		/* 0: none */
	int64_t ahead;
	enum article_change change;
	int64_t published, updated, release;
};

static const struct expect cases[] = {
	/* Edits. */
	{ "minor", { .minor = SAID_YES }, LIVE, .change = CHANGE_AMEND,
		.published = 500, .updated = 600 },
	{ "minor, taken back", { .minor = SAID_NO }, LIVE,
		.change = CHANGE_UPDATE, .published = 500, .updated = 900 },
	{ "minor, and nothing said", { .minor = SAID_YES }, SAID,
		.change = CHANGE_NONE, .published = 500, .updated = 600 },
	{ "corrected", { .correction = S_INIT("x") }, LIVE,
		.change = CHANGE_CORRECT, .published = 500, .updated = 900 },
	{ "corrected, and minor", { .correction = S_INIT("x"),
		.minor = SAID_YES }, LIVE, .change = CHANGE_CORRECT,
		.published = 500, .updated = 900 },
	{ "twice in a second", .prior = { .file_id = 1, .article_id = 1,
		.published = 500, .updated = NOW, .digest = 2 },
		.change = CHANGE_UPDATE, .published = 500, .updated = NOW },
	{ "its own date", { .updated = 700 }, LIVE, .change = CHANGE_UPDATE,
		.published = 500, .updated = 700 },
	{ "its own date, the same", { .updated = 600 }, LIVE,
		.change = CHANGE_UPDATE, .published = 500, .updated = 600 },
	{ "its own date, too early", { .updated = 599 }, LIVE,
		.change = CHANGE_UPDATE, .published = 500, .updated = 900 },
	{ "its own date, in the future", { .updated = SOON }, LIVE,
		.change = CHANGE_UPDATE, .published = 500, .updated = 900 },
	{ "its own date, nothing said", { .updated = 700 }, SAID,
		.change = CHANGE_NONE, .published = 500, .updated = 600 },
	{ "new, with its own date", { .updated = 950 },
		.change = CHANGE_NEW, .published = 900, .updated = 950 },

	/* Drafts. */
	{ "new draft", { .draft = SAID_YES }, .change = CHANGE_NONE,
		.release = RELEASE_NEVER },
	{ "draft again", { .draft = SAID_YES }, LIVE,
		.change = CHANGE_WITHDRAW, .published = 500, .updated = 600,
		.release = RELEASE_NEVER },
	{ "draft still", { .draft = SAID_YES }, GONE, .change = CHANGE_NONE,
		.published = 500, .updated = 600, .release = RELEASE_NEVER },
	{ "draft no more", { .draft = SAID_NO }, GONE,
		.change = CHANGE_RESTORE, .published = 500, .updated = 600 },
	{ "a draft that was kept", { .draft = SAID_YES },
		.prior = { KNOWN, .state = STATE_KEPT },
		.change = CHANGE_WITHDRAW, .published = 500, .updated = 600,
		.release = RELEASE_NEVER },

	/* Embargoes. */
	{ "embargoed", { .embargo = SOON }, .change = CHANGE_NONE,
		.release = SOON },
	{ "embargoed until now", { .embargo = NOW }, .change = CHANGE_NEW,
		.published = NOW, .updated = NOW },
	{ "embargoed long ago", { .embargo = 800 }, .change = CHANGE_NEW,
		.published = 900, .updated = 900 },
	{ "date in the future", .date = SOON, .change = CHANGE_NONE,
		.release = SOON },
	{ "the later of both", { .embargo = SOON }, .date = SOON + 9,
		.change = CHANGE_NONE, .release = SOON + 9 },
	{ "published, then embargoed", { .embargo = SOON }, SAID,
		.change = CHANGE_WITHDRAW, .published = 500, .updated = 600,
		.release = SOON },
	{ "published, then another date", .date = SOON, SAID,
		.change = CHANGE_NONE, .published = 500, .updated = 600 },
	{ "a draft waits for longer", { .draft = SAID_YES, .embargo = SOON },
		.change = CHANGE_NONE, .release = RELEASE_NEVER },
	{ "the clock may be wrong", { .embargo = NOW - 5 }, .ahead = 10,
		.change = CHANGE_NONE, .release = NOW - 5 },
	{ "so wrong it is not", { .embargo = NOW - 10 }, .ahead = 10,
		.change = CHANGE_NEW, .published = NOW - 10,
		.updated = NOW - 10 },

	/* Withdrawals. */
	{ "withdrawn at first sight", { .withdrawn = SAID_YES },
		.change = CHANGE_NONE },
	{ "withdrawn", { .withdrawn = SAID_YES }, LIVE,
		.change = CHANGE_WITHDRAW, .published = 500, .updated = 600 },
	{ "withdrawn still", { .withdrawn = SAID_YES }, GONE,
		.change = CHANGE_NONE, .published = 500, .updated = 600 },
	{ "withdrawn no more", { .withdrawn = SAID_NO }, GONE,
		.change = CHANGE_RESTORE, .published = 500, .updated = 600 },
	{ "barred", .prior = { KNOWN, .state = STATE_WITHDRAWN,
		.barred = true }, .change = CHANGE_NONE, .published = 500,
		.updated = 600 },
};

static void
what_articles_say(void **state)
{
	struct config config = { .n_roots = 1 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct expect *x = &cases[i];
		struct article art = { .date = x->date ? x->date : -1,
			.digest = 1, .form = 1, .fields = x->fields };
		struct item item = { .fate = ITEM_READ, .article = &art,
			.prior = x->prior, .stamp.mtime_ns = 900000000000 };
		struct batch b = { .items = &item, .n = 1, .now = NOW,
			.ahead = x->ahead };

		series_decide(&config, &b);
		arena_done(&b.arena);
		if (item.plan.change != x->change ||
			item.plan.published != x->published ||
			item.plan.updated != x->updated ||
			item.plan.release != x->release)
			fail_msg("%s: %d %jd %jd %jd", x->about,
				(int)item.plan.change,
				(intmax_t)item.plan.published,
				(intmax_t)item.plan.updated,
				(intmax_t)item.plan.release);
	}
}

static void
a_correction_is_one_only_once(void **state)
{
	struct config config = { .n_roots = 1 };
	struct article art = { .date = -1, .digest = 1, .form = 1,
		.fields.correction = S_INIT("x") };
	struct item item = { .fate = ITEM_READ, .article = &art, LIVE };
	struct batch b = { .items = &item, .n = 1, .now = NOW };

	(void)state;
	item.prior.correction = hash64(S("x"));
	series_decide(&config, &b);
	assert_int_equal(item.plan.change, CHANGE_UPDATE);
	item.prior.correction = hash64(S("y"));
	series_decide(&config, &b);
	assert_int_equal(item.plan.change, CHANGE_CORRECT);
	assert_true(item.plan.correction == hash64(S("x")));
	arena_done(&b.arena);
}

static void
what_waits_goes_on_waiting_when_it_is_touched(void **state)
{
	struct config config = { .n_roots = 1 };
	struct item item = { .fate = ITEM_TOUCHED, .prior = { .file_id = 1,
		.release = SOON } };
	struct batch b = { .items = &item, .n = 1, .now = NOW };

	(void)state;
	series_decide(&config, &b);
	assert_int_equal(item.plan.release, SOON);
	assert_int_equal(item.plan.change, CHANGE_NONE);
	arena_done(&b.arena);
}

/* ---- deletions ---- */

static void
deletions(void **state)
{
	static const struct {
		const char *about;
		size_t here, waiting, recent;
		enum on_delete policy;
		enum hold before, after;
		enum article_change change;
	} rows[] = {
		{ "one", 1, 0, 0, ON_DELETE_WITHDRAW, HOLD_NOT, HOLD_NOT,
			CHANGE_WITHDRAW },
		{ "nine", 9, 0, 0, ON_DELETE_WITHDRAW, HOLD_NOT, HOLD_NOT,
			CHANGE_WITHDRAW },
		{ "ten", 10, 0, 0, ON_DELETE_WITHDRAW, HOLD_NOT, HOLD_COUNTED,
			CHANGE_HOLD },
		{ "ten with those to come", 1, 9, 0, ON_DELETE_WITHDRAW,
			HOLD_NOT, HOLD_COUNTED, CHANGE_HOLD },
		{ "ten with those before", 2, 3, 5, ON_DELETE_WITHDRAW,
			HOLD_NOT, HOLD_COUNTED, CHANGE_HOLD },
		{ "ten are kept", 10, 0, 0, ON_DELETE_KEEP, HOLD_NOT,
			HOLD_NOT, CHANGE_KEEP },
		{ "held still", 1, 0, 0, ON_DELETE_WITHDRAW, HOLD_GUARD,
			HOLD_GUARD, CHANGE_HOLD },
		{ "counted still", 1, 0, 0, ON_DELETE_WITHDRAW, HOLD_COUNTED,
			HOLD_COUNTED, CHANGE_HOLD },
		{ "passed", 20, 0, 0, ON_DELETE_WITHDRAW, HOLD_PASSED,
			HOLD_NOT, CHANGE_WITHDRAW },
		{ "confirmed", 20, 0, 0, ON_DELETE_WITHDRAW, HOLD_CONFIRMED,
			HOLD_NOT, CHANGE_WITHDRAW },
		{ "asked", 1, 0, 0, ON_DELETE_ASK, HOLD_NOT, HOLD_ASK,
			CHANGE_HOLD },
		{ "asked, of many", 20, 0, 0, ON_DELETE_ASK, HOLD_NOT,
			HOLD_ASK, CHANGE_HOLD },
		{ "asked and confirmed", 1, 0, 0, ON_DELETE_ASK,
			HOLD_CONFIRMED, HOLD_NOT, CHANGE_WITHDRAW },
		{ "asked no more", 1, 0, 0, ON_DELETE_WITHDRAW, HOLD_ASK,
			HOLD_NOT, CHANGE_WITHDRAW },
	};
	struct item items[20];

	(void)state;
	for (size_t r = 0; r < COUNT_OF(rows); r++) {
		struct config config = { .n_roots = 1 };
		struct batch b = { .items = items, .n = rows[r].here,
			.now = NOW, .gone_waiting = rows[r].waiting,
			.gone_recent = rows[r].recent };

		config.roots[0].on_delete = rows[r].policy;
		for (size_t i = 0; i < b.n; i++)
			items[i] = (struct item){ .fate = ITEM_GONE,
				.kind = FILE_ARTICLE, SAID };
		items[0].prior.held = rows[r].before;
		series_decide(&config, &b);
		if (items[0].plan.held != rows[r].after ||
			items[0].plan.change != rows[r].change)
			fail_msg("%s: %d %d", rows[r].about,
				(int)items[0].plan.held,
				(int)items[0].plan.change);
		arena_done(&b.arena);
	}
}

static void
what_is_too_many(void **state)
{
	static const struct {
		struct hold_counts n;
		bool trips;
	} rows[] = {
		{ { .counted = 9, .live = 9 }, false },
		{ { .counted = 10, .live = 10 }, true },
		{ { .counted = 10, .live = 49 }, true },
		{ { .counted = 10, .live = 50 }, false },
		{ { .counted = 11, .live = 50 }, true },
		{ { .counted = 1, .recent = 9, .live = 41 }, false },
		{ { .counted = 1, .recent = 9, .live = 40 }, true },
		{ { .counted = 1000, .live = 100000 }, false },
		{ { .counted = 20001, .live = 100000 }, true },
		/* What is held stays held, and more with it. */
		{ { .counted = 1, .guarded = 1, .live = 1000 }, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (guard_trips(&rows[i].n) != rows[i].trips)
			fail_msg("row %zu", i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_articles_say),
		cmocka_unit_test(a_correction_is_one_only_once),
		cmocka_unit_test(what_waits_goes_on_waiting_when_it_is_touched),
		cmocka_unit_test(deletions),
		cmocka_unit_test(what_is_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
