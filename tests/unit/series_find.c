/*
 * Marks from more than the title: metadata, the configuration's rules, and
 * the evidence of all of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "assert_slice.h"
#include "base/buf.h"
#include "model/series_name.h"
#include "series/explain.h"
#include "series/series.h"

static struct arena arena;
static struct config config;

static int
reset(void **state)
{
	(void)state;
	arena_done(&arena);
	config = (struct config){ 0 };
	return 0;
}

static struct article
mark(const char *title, struct fields fields)
{
	struct article art = { .title = slice_str(title), .date = -1,
		.lang = S("en"), .fields = fields };

	series_mark_article(&config, S("a.txt"), &art, &arena);
	return art;
}

struct expect {
	const char *title;
	struct fields fields;
	const char *key;	/* NULL: no series */
	int number, total;
	const char *shown;
};

static void
check(const struct expect *x)
{
	struct article art = mark(x->title, x->fields), again;

	assert_slice(art.entry_title, x->shown);
	assert_int_equal(art.mark.strength, x->key ? MARK_STRONG : MARK_NONE);
	if (!x->key)
		return;
	assert_slice(art.mark.key, x->key);
	assert_int_equal(art.mark.number, x->number);
	assert_int_equal(art.mark.total, x->total);
	/* Who copies the title that is shown says the same. */
	again = mark(arena_copy(&arena, art.entry_title).ptr, x->fields);
	assert_slice(again.mark.key, x->key);
	assert_int_equal(again.mark.number, x->number);
}

#define TIDES .series = S_INIT("Tide tables")

static void
metadata(void **state)
{
	static const struct expect cases[] = {
		{ "Spring", { TIDES, .part = 2 }, "tide-tables", 2, 0,
			"Tide tables ② | Spring" },
		{ "Spring", { TIDES, .part = 36, .total = 40 }, "tide-tables",
			36, 40, "Tide tables ㊱ | Spring" },
		{ "Spring", { TIDES, .part = 51 }, "tide-tables", 51, 0,
			"Tide tables Part 51 | Spring" },
		{ "春", { .series = S_INIT("潮汐系列报道"),
			.part = 51 }, "潮汐",
			51, 0, "潮汐系列报道 第51期 | 春" },
		{ "Spring", { TIDES }, "tide-tables", 0, 0,
			"Tide tables | Spring" },
		{ "Tide Tables ② |Spring", { TIDES }, "tide-tables", 2, 0,
			"Tide Tables ② | Spring" },
		{ "Tide tables, Part 2: Spring", { TIDES, .part = 2 },
			"tide-tables", 2, 0, "Tide tables, Part 2: Spring" },
		{ "Tide tables, Part 2: Spring", { TIDES, .part = 3 },
			"tide-tables", 3, 0, "Tide tables ③ | Spring" },
		{ "Tide tables 2 | Spring", { TIDES }, "tide-tables", 2, 0,
			"Tide tables 2 | Spring" },
		{ "Tide tables | Spring", { TIDES, .part = 4 }, "tide-tables",
			4, 0, "Tide tables ④ | Spring" },
		{ "Tide tables", { TIDES, .part = 4 }, "tide-tables", 4, 0,
			"Tide tables ④" },
		{ "Episode 12: Spring", { TIDES }, "tide-tables", 12, 0,
			"Tide tables Episode 12 | Spring" },
		{ "Part 1 of 5: Spring", { TIDES }, "tide-tables", 1, 5,
			"Tide tables Part 1 of 5 | Spring" },
		{ "② Spring", { TIDES }, "tide-tables", 2, 0,
			"Tide tables ② | Spring" },
		{ "Moon ② | Spring", { TIDES, .part = 7 }, "tide-tables", 7,
			0, "Tide tables ⑦ | Moon ② | Spring" },
		{ "Tide tables ② | Spring", { .is_part = SAID_NO }, NULL, 0,
			0, "Tide tables ② | Spring" },
		{ "Tide tables ② | Spring", { .total = 5 }, "tide-tables", 2,
			5, "Tide tables ② | Spring" },
		{ "Tide tables ② | Spring", { .headline = S_INIT("Ebb") },
			"tide-tables", 2, 0, "Tide tables ② | Ebb" },
		{ "Tide tables | Spring", { .part = 3 }, "tide-tables", 3, 0,
			"Tide tables ③ | Spring" },
		{ "Spring", { .part = 3, .total = 5 }, NULL, 0, 0, "Spring" },
		{ "Spring", { .series = S_INIT("..."), .part = 2 }, NULL, 0, 0,
			"Spring" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		check(&cases[i]);
}

static struct patterns
patterns(const char *text)
{
	struct patterns p = { ARENA_NEW(&arena, const struct pattern *), 1 };
	struct err e = { 0 };
	size_t at;

	assert_int_equal(pattern_compile(slice_str(text), &arena, &p.list[0],
		&at, &e), 0);
	return p;
}

/* A series with every word that it can have. */
static struct channel *
configure(void)
{
	struct channel *ch = ARENA_NEW(&arena, struct channel);

	*ch = (struct channel){ .kind = CHANNEL_SERIES,
		.name = S("Tide tables"), .key = S("tide-tables"),
		.file = S("x.yaml"), .line = 3, .total = 5,
		.aliases = ARENA_NEW(&arena, struct slice), .n_aliases = 1,
		.parts = patterns("^Water level no\\. (\\w+)"),
		.never = patterns("(?i)quiz") };
	ch->aliases[0] = series_key(S("Sea Tables"), &arena);
	config.channels = ch;
	config.n_channels = 1;
	config.no_series = patterns("^Corrected");
	return ch;
}

static void
rules(void **state)
{
	static const struct expect cases[] = {
		{ "Water level no. 3 – Spring", { .part = 0 }, "tide-tables", 3,
			5,
			"Water level no. 3 – Spring" },
		{ "Water level no. XII", { .part = 0 }, "tide-tables", 12, 0,
			"Water level no. XII" },
		{ "Water level no. three: Spring", { .part = 0 }, "tide-tables",
			3, 5,
			"Water level no. three: Spring" },
		{ "Sea Tables ② | Spring", { .part = 0 }, "tide-tables", 2, 5,
			"Sea Tables ② | Spring" },
		{ "Spring", { .series = S_INIT("Sea tables"), .part = 2 },
			"tide-tables", 2, 5, "Sea tables ② | Spring" },
		{ "Tide tables ② | Quiz", { .part = 0 }, NULL, 0, 0,
			"Tide tables ② | Quiz" },
		{ "Tide tables ② | Quiz", { TIDES }, "tide-tables", 2, 5,
			"Tide tables ② | Quiz" },
		{ "Moon ② | Quiz", { .part = 0 }, "moon", 2, 0,
			"Moon ② | Quiz" },
		{ "Corrected: Moon ② | Spring", { .part = 0 }, NULL, 0, 0,
			"Corrected: Moon ② | Spring" },
	};
	struct article art;

	(void)state;
	configure();
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		check(&cases[i]);
	art = mark("Water level no. 3 – Spring", (struct fields){ 0 });
	assert_slice(art.mark.headline, "Spring");
	assert_slice(art.mark.label, "3");
}

/* A new rule moves an article; readers are not told that it changed. */
static void
rules_make_no_news(void **state)
{
	static const char *const titles[] = { "Tide tables ② |Quiz",
		"Corrected: Moon ② |Spring", "Sea tables ② |Spring",
		"Water level no. 3 ② |Spring" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(titles); i++) {
		struct article was, now;

		was = mark(titles[i], (struct fields){ 0 });
		configure();
		now = mark(titles[i], (struct fields){ 0 });
		config.n_channels = 0;
		config.no_series.n = 0;
		assert_true(was.digest == now.digest);
		assert_true(was.form != now.form);
	}
}

static void
rules_are_for_related_titles_too(void **state)
{
	struct related related = { .title = S("Sea tables ④ |Ebb") };
	struct article art = { .title = S("Spring"), .related = &related,
		.n_related = 1 };

	(void)state;
	configure();
	series_mark_article(&config, S("a.txt"), &art, &arena);
	assert_slice(related.mark.key, "tide-tables");
	assert_slice(related.title, "Sea tables ④ | Ebb");
	assert_int_equal(related.mark.number, 4);
}

/* An article whose words did not change joins when its series is written. */
static void
a_weak_mark_joins_a_configured_series(void **state)
{
	struct article was = mark("Tide tables 2 | Spring",
		(struct fields){ 0 }), now;

	(void)state;
	configure()->total = 0;
	now = mark("Tide tables 2 | Spring", (struct fields){ 0 });
	assert_true(was.digest == now.digest && was.form != now.form);
}

static void
tags_make_topics(void **state)
{
	struct slice aliases[] = { S("greater-bay-area") };
	struct slice tags[] = { S("no such"), S("Greater  Bay Area") };
	struct channel channels[] = {
		{ .kind = CHANNEL_TOPIC, .key = S_INIT("gba"),
			.aliases = aliases, .n_aliases = 1 },
		{ .kind = CHANNEL_TOPIC, .key = S_INIT("tides") },
		{ .kind = CHANNEL_SERIES, .key = S_INIT("no-such") },
	};
	struct article art;

	(void)state;
	config.channels = channels;
	config.n_channels = COUNT_OF(channels);
	art = mark("Spring", (struct fields){ .tags = tags, .n_tags = 2 });
	assert_int_equal(art.n_topics, 1);
	assert_slice(art.topics[0], "gba");
}

/* "word: text" lines. */
static void
assert_evidence(const char *title, struct fields f, const char *want)
{
	struct article art = { .title = slice_str(title), .fields = f,
		.text = S("About tides.") };
	struct buf b = BUF_INIT(4096);
	struct evidence e;

	series_explain(&config, S("a.txt"), &art, &arena, &e);
	assert_int_equal(art.n_topics, 0);
	for (size_t i = 0; i < e.n; i++)
		buf_printf(&b, "%s: %.*s\n", e.lines[i].word,
			ARG(e.lines[i].text));
	assert_slice(buf_slice(&b), want);
	buf_done(&b);
}

static void
evidence(void **state)
{
	struct slice tides = S("tides");
	struct rule rule = { .kind = RULE_BODY, .texts = &tides,
		.n_texts = 1 };

	(void)state;
	configure();
	assert_evidence("Moon ② | Spring", (struct fields){ 0 },
		"marker: enclosed number \"②\"\n");
	assert_evidence("Moon 2 | Spring", (struct fields){ 0 },
		"marker: bare number \"2\" (weak: not enough by itself)\n");
	assert_evidence("Tide tables 2 | Spring", (struct fields){ 0 },
		"marker: bare number \"2\" (weak: not enough by itself)\n"
		"rule: x.yaml:3: the series is written down\n");
	assert_evidence("Sea tables ② | Spring", (struct fields){ 0 },
		"marker: enclosed number \"②\"\n"
		"alias: x.yaml:3: \"sea-tables\" is \"tide-tables\"\n");
	assert_evidence("Water level no. 3", (struct fields){ 0 },
		"rule: x.yaml:3: match \"^Water level no\\. (\\w+)\"\n");
	assert_evidence("Tide tables ② | Quiz", (struct fields){ 0 },
		"marker: enclosed number \"②\"\n"
		"rejected: never \"(?i)quiz\"\n");
	assert_evidence("Spring", (struct fields){ TIDES, .part = 2 },
		"metadata: series: \"Tide tables\"\nmetadata: part: 2\n");
	assert_evidence("Moon ②", (struct fields){ .is_part = SAID_NO },
		"metadata: series: no\n");
	assert_evidence("Moon 2024: Spring", (struct fields){ 0 },
		"rejected: a year is not a part\n");
	assert_evidence("Episode 2: Spring", (struct fields){ 0 },
		"rejected: a part without the name of a series before it\n");
	assert_evidence("① and ②", (struct fields){ 0 },
		"rejected: two or more enclosed numbers are a list\n");
	config.channels->kind = CHANNEL_TOPIC;
	config.channels->match = &rule;
	assert_evidence("Moon ②", (struct fields){ 0 },
		"marker: enclosed number \"②\"\n"
		"topic: tide-tables: x.yaml:3: body has \"tides\"\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(metadata, reset),
		cmocka_unit_test_teardown(rules, reset),
		cmocka_unit_test_teardown(rules_make_no_news, reset),
		cmocka_unit_test_teardown(rules_are_for_related_titles_too,
			reset),
		cmocka_unit_test_teardown(
			a_weak_mark_joins_a_configured_series, reset),
		cmocka_unit_test_teardown(tags_make_topics, reset),
		cmocka_unit_test_teardown(evidence, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
