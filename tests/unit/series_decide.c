/*
 * Deciding: what was found and what was known, row by row.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "series/series.h"

enum { NOW = 1000000000, DAY = 24 * 3600 };

#define WAS(file, article, is, first, last, said, shown) { \
	.file_id = (file), .article_id = (article), .state = (is), \
	.published = (first), .updated = (last), .digest = (said), \
	.form = (shown) }

static struct config config;

static struct config
make_config(void)
{
	struct config c = { .n_roots = 3 };

	c.site.name = S("Example News");
	c.roots[1].on_delete = ON_DELETE_WITHDRAW;
	c.roots[2].on_delete = ON_DELETE_KEEP;
	return c;
}

static void
decide(struct item *items, size_t n)
{
	struct batch b = { .items = items, .n = n, .now = NOW };

	config = make_config();
	series_decide(&config, &b);
	arena_done(&b.arena);
}

struct expect {
	const char *about;
	int64_t date, mtime;
	enum article_change change;
	int64_t published, updated;
	struct prior prior;
};

/* The article of every case has digest 1 and form 1. */
static void
a_file_was_read(void **state)
{
	static const struct expect cases[] = {
		{ "new, by mtime", -1, 500, CHANGE_NEW, 500, 500, { 0 } },
		{ "new, by its date", 400, 500, CHANGE_NEW, 400, 400, { 0 } },
		{ "new, mtime in the future", -1, NOW + 9, CHANGE_NEW, NOW,
			NOW, { 0 } },
		{ "new, set aside before", -1, 500, CHANGE_NEW, 500, 500,
			{ .file_id = 1 } },
		{ "same", -1, 900, CHANGE_NONE, 500, 600, WAS(1, 1, STATE_LIVE,
			500, 600, 1, 1) },
		{ "same, but was kept", -1, 900, CHANGE_NONE, 500, 600, WAS(0,
			1, STATE_KEPT, 500, 600, 1, 1) },
		{ "other words", -1, 900, CHANGE_UPDATE, 500, 900, WAS(1, 1,
			STATE_LIVE, 500, 600, 2, 2) },
		{ "other words, older mtime", -1, 100, CHANGE_UPDATE, 500, 601,
			WAS(1, 1, STATE_LIVE, 500, 600, 2, 2) },
		{ "other words, future mtime", -1, NOW + 9, CHANGE_UPDATE, 500,
			NOW, WAS(1, 1, STATE_LIVE, 500, 600, 2, 1) },
		{ "other words, other date", 700, 900, CHANGE_UPDATE, 500, 900,
			WAS(1, 1, STATE_LIVE, 500, 600, 2, 2) },
		{ "other form", -1, 900, CHANGE_MINOR, 500, 600, WAS(1, 1,
			STATE_LIVE, 500, 600, 1, 2) },
		{ "back again", -1, 900, CHANGE_RESTORE, 500, 600, WAS(0, 1,
			STATE_WITHDRAWN, 500, 600, 1, 1) },
		{ "back again, changed", -1, 900, CHANGE_RESTORE, 500, 900,
			WAS(0, 1, STATE_WITHDRAWN, 500, 600, 2, 2) },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct expect *x = &cases[i];
		struct article art = { .date = x->date, .digest = 1,
			.form = 1 };
		struct item item = { .fate = ITEM_READ, .article = &art,
			.prior = x->prior };

		item.stamp.mtime_ns = x->mtime * 1000000000 + 5;
		decide(&item, 1);
		if (item.plan.change != x->change ||
			item.plan.published != x->published ||
			item.plan.updated != x->updated)
			fail_msg("%s: %d %lld %lld", x->about,
				(int)item.plan.change,
				(long long)item.plan.published,
				(long long)item.plan.updated);
	}
}

static void
a_file_is_gone(void **state)
{
	static const struct {
		const char *about;
		size_t root;
		struct prior prior;
		enum article_change change;
	} cases[] = {
		{ "never known", 0, { 0 }, CHANGE_NONE },
		{ "was set aside", 0, { .file_id = 1 }, CHANGE_NONE },
		{ "young", 0, WAS(1, 1, STATE_LIVE, NOW - 29 * DAY, NOW, 1, 1),
			CHANGE_WITHDRAW },
		{ "old", 0, WAS(1, 1, STATE_LIVE, NOW - 31 * DAY, NOW, 1, 1),
			CHANGE_KEEP },
		{ "old, on-delete: withdraw", 1, WAS(1, 1, STATE_LIVE, 5, NOW,
			1, 1), CHANGE_WITHDRAW },
		{ "young, on-delete: keep", 2, WAS(1, 1, STATE_LIVE, NOW, NOW,
			1, 1), CHANGE_KEEP },
		{ "withdrawn already", 1, WAS(1, 1, STATE_WITHDRAWN, 5, NOW, 1,
			1), CHANGE_NONE },
		{ "kept already", 1, WAS(0, 1, STATE_KEPT, 5, NOW, 1, 1),
			CHANGE_NONE },
		{ "kept, and the file was back", 1, WAS(1, 1, STATE_KEPT, 5,
			NOW, 1, 1), CHANGE_WITHDRAW },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct item item = { .fate = ITEM_GONE,
			.root = cases[i].root, .prior = cases[i].prior };

		decide(&item, 1);
		if (item.plan.change != cases[i].change)
			fail_msg("%s: %d", cases[i].about,
				(int)item.plan.change);
		assert_int_equal(item.plan.updated, cases[i].prior.updated);
		assert_int_equal(item.plan.n_channels, 0);
	}
}

static void
nothing_else_changes_anything(void **state)
{
	static const enum item_fate fates[] = { ITEM_UNREAD, ITEM_SAME,
		ITEM_TOUCHED, ITEM_ASIDE, ITEM_BUSY };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(fates); i++) {
		struct item item = { .fate = fates[i], .prior = WAS(1, 1,
			STATE_LIVE, 5, 5, 1, 1) };

		item.plan.change = CHANGE_NEW;
		decide(&item, 1);
		assert_int_equal(item.plan.change, CHANGE_NONE);
	}
}

struct part {
	const char *key;
	int number;
	int64_t date;
	int64_t want;
};

static void
check_parts(const struct part *parts, size_t n)
{
	struct article art[8] = { 0 };
	struct item items[8] = { 0 };

	for (size_t i = 0; i < n; i++) {
		art[i].date = parts[i].date;
		art[i].mark.key = slice_str(parts[i].key);
		art[i].mark.number = parts[i].number;
		if (*parts[i].key)
			art[i].mark.strength = MARK_STRONG;
		items[i].fate = ITEM_READ;
		items[i].article = &art[i];
		items[i].path = slice(&"abcdefgh"[i], 1);
	}
	decide(items, n);
	for (size_t i = 0; i < n; i++) {
		if (items[i].plan.published != parts[i].want)
			fail_msg("%zu: %lld", i,
				(long long)items[i].plan.published);
		assert_true(items[i].plan.updated == parts[i].want);
	}
}

static void
parts_that_come_together_are_a_second_apart(void **state)
{
	static const struct part past[] = {
		{ "s", 3, 500, 502 }, { "s", 1, 500, 500 }, { "", 0, 500, 500 },
		{ "t", 1, 500, 500 }, { "s", 2, 500, 501 },
		{ "s", 9, 700, 700 },
		{ "s", 3, 500, 503 },
	};
	static const struct part present[] = {
		{ "s", 3, NOW, NOW }, { "s", 1, NOW, NOW - 2 },
		{ "s", 2, NOW, NOW - 1 },
	};

	(void)state;
	check_parts(past, COUNT_OF(past));
	check_parts(present, COUNT_OF(present));
}

static void
assert_channel(const struct channel_ref *c, enum channel_kind kind,
	const char *key, const char *title)
{
	assert_int_equal(c->kind, kind);
	assert_true(slice_eq(c->key, slice_str(key)));
	if (!slice_eq(c->title, slice_str(title)))
		fail_msg("\"%.*s\" is not \"%s\"", ARG(c->title), title);
}

static void
channels(void **state)
{
	struct channel defined[] = {
		{ .kind = CHANNEL_ALL, .title = S_INIT("Everything") },
		{ .kind = CHANNEL_TOPIC, .name = S_INIT("b"),
			.key = S_INIT("b"), .title = S_INIT("Boats") },
		{ .kind = CHANNEL_SERIES, .name = S_INIT("Tide Tables"),
			.key = S_INIT("tide-tables") },
	};
	struct slice topics[] = { S("b"), S("t") };
	struct article art = { .date = -1, .topics = topics, .n_topics = 2,
		.mark = { .strength = MARK_STRONG, .number = 2,
			.name = S_INIT("Tide tables"),
			.key = S_INIT("tide-tables") } };
	struct item item = { .fate = ITEM_READ, .article = &art };
	struct batch b = { .items = &item, .n = 1, .now = NOW };
	struct config c = make_config();

	(void)state;
	series_decide(&c, &b);
	assert_int_equal(item.plan.n_channels, 4);
	assert_channel(&item.plan.channels[0], CHANNEL_ALL, "all",
		"Example News");
	assert_channel(&item.plan.channels[1], CHANNEL_SERIES, "tide-tables",
		"Tide tables");
	assert_channel(&item.plan.channels[3], CHANNEL_TOPIC, "t", "t");

	/* Weak: not by itself, but where the operator knows the series. */
	art.mark.strength = MARK_WEAK;
	series_decide(&c, &b);
	assert_int_equal(item.plan.n_channels, 3);
	c.channels = defined;
	c.n_channels = COUNT_OF(defined);
	series_decide(&c, &b);
	assert_int_equal(item.plan.n_channels, 4);
	assert_channel(&item.plan.channels[0], CHANNEL_ALL, "all",
		"Everything");
	assert_channel(&item.plan.channels[1], CHANNEL_SERIES, "tide-tables",
		"Tide Tables");
	assert_channel(&item.plan.channels[2], CHANNEL_TOPIC, "b", "Boats");
	art.mark.number = 0;
	series_decide(&c, &b);
	assert_int_equal(item.plan.n_channels, 3);
	arena_done(&b.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_was_read),
		cmocka_unit_test(a_file_is_gone),
		cmocka_unit_test(nothing_else_changes_anything),
		cmocka_unit_test(parts_that_come_together_are_a_second_apart),
		cmocka_unit_test(channels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
