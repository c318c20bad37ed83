/*
 * Metadata: every word, who wins over whom, and what is said of mistakes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "read/fields.h"

static struct arena arena;

static int
reset(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

static const struct read_env env = { .path = { "a.md", 4 },
	.language = { "en", 2 }, .zone_minutes = 480 };

static int
try_read(const char *yaml, enum fields_how how, struct article *art,
	struct err *e)
{
	*e = (struct err){ 0 };
	return fields_read(&env, slice_str(yaml), "front matter", 2, how,
		&arena, art, e);
}

/* The fields of a text that has no fault. */
static struct article
read_all(const char *yaml)
{
	struct article art = { .date = -1 };
	struct err e;

	if (try_read(yaml, FIELDS_SAY, &art, &e) < 0)
		fail_msg("%s", e.text);
	return art;
}

#define assert_text(s, want) \
	assert_string_equal(arena_copy(&arena, (s)).ptr, (want))

static void
every_word_has_its_place(void **state)
{
	struct article art = read_all(
		"title:  The  bridge \n"
		"headline: It stands\n"
		"Short Title: Bridge\n"
		"series: Small Wonders\n"
		"part: 2\n"
		"total: 5\n"
		"summary: |\n  Two\n  lines.\n"
		"lang: zh_Hant\n"
		"date: 2024-05-14\n"
		"updated: 2024-05-14T08:00:00.5+00:00\n"
		"embargo: 2030年1月2日 08:00\n"
		"draft: no\nwithdrawn: false\nurgent: yes\nminor: on\n"
		"correction: It was Tuesday.\n"
		"section: Culture\nsource: Xinhua\ncopyright: (c) 2024 N\n"
		"license: https://example.org/by\n"
		"syndication: text-only\n"
		"translation_of: zh/bridge.md\n"
		"canonical: https://example.org/bridge\n"
		"cover: bridge.jpg\n"
		"layout: post\nweight: 3\naliases: [a, b]\npush: { x: no }\n");

	(void)state;
	assert_text(art.title, "The bridge");
	assert_text(art.fields.headline, "It stands");
	assert_text(art.fields.short_title, "Bridge");
	assert_text(art.fields.series, "Small Wonders");
	assert_int_equal(art.fields.is_part, SAID_YES);
	assert_int_equal(art.fields.part, 2);
	assert_int_equal(art.fields.total, 5);
	assert_text(art.summary, "Two lines.");
	assert_text(art.lang, "zh-Hant");
	assert_int_equal(art.date, 1715616000);	/* Asia/Shanghai */
	assert_int_equal(art.fields.updated, 1715673600);
	assert_int_equal(art.fields.embargo, 1893542400);
	assert_int_equal(art.fields.draft, SAID_NO);
	assert_int_equal(art.fields.withdrawn, SAID_NO);
	assert_int_equal(art.fields.urgent, SAID_YES);
	assert_int_equal(art.fields.minor, SAID_YES);
	assert_text(art.fields.correction, "It was Tuesday.");
	assert_text(art.fields.section, "Culture");
	assert_text(art.fields.source, "Xinhua");
	assert_text(art.fields.copyright, "(c) 2024 N");
	assert_text(art.fields.licence, "https://example.org/by");
	assert_int_equal(art.fields.syndication, SYNDICATION_TEXT_ONLY);
	assert_text(art.fields.translation_of, "zh/bridge.md");
	assert_text(art.fields.url, "https://example.org/bridge");
	assert_text(art.fields.cover, "bridge.jpg");
}

static void
lists_are_written_in_many_ways(void **state)
{
	struct article art = read_all(
		"authors: Ada Finch and Bo Li\n"
		"editor: [ Nan, James ]\n"
		"contributors:\n"
		"  - { name: Lu, role: translator }\n"
		"  - Mo\n"
		"tags: \"gba, Science and Art\"\n"
		"categories: [ trade, GBA ]\n"
		"related:\n  - First\n  - { title: Second }\n"
		"pictures:\n"
		"  - a.jpg\n"
		"  - { src: img/b.png, alt: A bridge, credit: Lu,"
		" syndication: none }\n"
		"video: https://www.youtube.com/watch?v=x\n");

	(void)state;
	assert_int_equal(art.n_people, 6);
	assert_text(art.people[1].name, "Bo Li");
	assert_int_equal(art.people[1].role, ROLE_AUTHOR);
	assert_text(art.people[3].name, "James");
	assert_int_equal(art.people[4].role, ROLE_TRANSLATOR);
	assert_int_equal(art.people[5].role, ROLE_CONTRIBUTOR);
	assert_int_equal(art.fields.n_tags, 3);
	assert_text(art.fields.tags[1], "Science and Art");
	assert_text(art.fields.tags[2], "trade");
	assert_int_equal(art.n_related, 2);
	assert_text(art.related[1].title, "Second");
	assert_int_equal(art.n_media, 3);
	assert_text(art.media[0].path, "a.jpg");
	assert_text(art.media[1].alt, "A bridge");
	assert_int_equal(art.media[1].syndication, SYNDICATION_NONE);
	assert_int_equal(art.media[2].kind, MEDIA_VIDEO);
	assert_text(art.media[2].url, "https://www.youtube.com/watch?v=x");
}

static void
push_is_for_targets(void **state)
{
	struct article art = read_all("push:\n  wechat: no\n  all: yes\n"
		"  x: 'no'\n  fb: |\n    It is  open:\n\n    {url}\n");

	(void)state;
	assert_int_equal(art.fields.n_pushes, 4);
	assert_text(art.fields.pushes[0].target, "wechat");
	assert_int_equal(art.fields.pushes[0].send, SAID_NO);
	assert_int_equal(art.fields.pushes[1].send, SAID_YES);
	assert_int_equal(art.fields.pushes[2].send, SAID_NOTHING);
	assert_text(art.fields.pushes[2].text, "no");
	assert_text(art.fields.pushes[3].text, "It is open:\n\n{url}");
	art = read_all("push: no\n");
	assert_int_equal(art.fields.n_pushes, 1);
	assert_text(art.fields.pushes[0].target, "all");
	assert_int_equal(art.fields.pushes[0].send, SAID_NO);
	art = read_all("push: [ x, fb ]\n");
	assert_int_equal(art.fields.n_pushes, 3);
	assert_int_equal(fields_push(&art.fields, S("fb"))->send, SAID_YES);
	assert_int_equal(fields_push(&art.fields, S("wx"))->send, SAID_NO);
}

static void
the_nearest_word_counts(void **state)
{
	struct article art = read_all("title: Own\nauthor: Ada\n"
		"tags: [ a ]\ndraft: no\n");
	struct err e;

	(void)state;
	assert_int_equal(try_read("title: Default\nauthor: Zed\nlang: zh\n"
		"draft: yes\ntags: [ b ]\nsection: S\n", FIELDS_FILL, &art,
		&e), 0);
	assert_text(art.title, "Own");
	assert_int_equal(art.n_people, 1);
	assert_text(art.people[0].name, "Ada");
	assert_text(art.lang, "zh");
	assert_int_equal(art.fields.draft, SAID_NO);
	assert_text(art.fields.tags[0], "a");
	assert_text(art.fields.section, "S");
	assert_int_equal(try_read("title: Sidecar\nauthor: Bo\ntags: c\n",
		FIELDS_SAY, &art, &e), 0);
	assert_text(art.title, "Sidecar");
	assert_int_equal(art.n_people, 1);
	assert_text(art.people[0].name, "Bo");
	assert_int_equal(art.fields.n_tags, 1);
	assert_text(art.fields.tags[0], "c");
}

static void
a_series_can_be_refused(void **state)
{
	struct article art = read_all("series: no\n");

	(void)state;
	assert_int_equal(art.fields.is_part, SAID_NO);
	assert_int_equal(art.fields.series.len, 0);
	/* In quotes it is a name. */
	art = read_all("series: \"No\"\n");
	assert_int_equal(art.fields.is_part, SAID_YES);
	assert_text(art.fields.series, "No");
}

static void
empty_values_say_nothing(void **state)
{
	struct article art = read_all("title:\nauthor: ~\ndate: \"\"\n");

	(void)state;
	assert_int_equal(art.title.len, 0);
	assert_int_equal(art.n_people, 0);
	assert_int_equal(art.date, -1);
	art = read_all("");
	assert_int_equal(art.title.len, 0);
}

static void
mistakes_are_named_with_line_and_column(void **state)
{
	static const struct {
		const char *yaml;
		const char *text;
	} cases[] = {
		{ "title: a\npart: two\n", "front matter:3:7: \"part\" must "
			"be a number from 1 on, not \"two\"" },
		{ "date: 2024-13-01\n", "front matter:2:7: \"date\" must be a "
			"date, not \"2024-13-01\"" },
		{ "syndication: maybe\n", "front matter:2:14: \"syndication\" "
			"must be \"full\", \"text-only\" or \"none\", not "
			"\"maybe\"" },
		{ "draft: perhaps\n", "front matter:2:8: \"draft\" must be "
			"\"yes\" or \"no\", not \"perhaps\"" },
		{ "url: bridge\n", "front matter:2:6: \"url\" must be a web "
			"address, not \"bridge\"" },
		{ "lang: english please\n", "front matter:2:7: \"lang\" must "
			"be a language tag, not \"english please\"" },
		{ "title: [ a ]\n", "front matter:2:8: \"title\" must be a "
			"text, not a list" },
		{ "author: \"Who is it?\"\n", "front matter:2:9: \"author\" "
			"must be a name, or a list of names, not "
			"\"Who is it?\"" },
		{ "push: soon\n", "front matter:2:7: \"push\" must be "
			"\"no\", a list of targets, or a map of them, not "
			"\"soon\"" },
		{ "push: { x: [ a ] }\n", "front matter:2:12: \"push\" "
			"must be \"yes\", \"no\" or what is to be said, "
			"not a list" },
		{ "- a\n- b\n", "front matter:2:1: a list of words was "
			"expected, as \"title: ...\"" },
	};
	struct article art;
	struct err e;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		art = (struct article){ .date = -1 };
		assert_int_equal(try_read(cases[i].yaml, FIELDS_SAY, &art,
			&e), -1);
		assert_string_equal(e.text, cases[i].text);
		assert_true(strlen(e.hint) > 10);
	}
	art = (struct article){ .date = -1 };
	assert_int_equal(try_read("title: \"a\nb: [\n", FIELDS_SAY, &art,
		&e), -1);
	assert_non_null(strstr(e.text, "not YAML"));
}

static void
one_word_can_be_set_alone(void **state)
{
	struct article art = { .date = -1 };

	(void)state;
	assert_true(fields_set(&env, S("author"), S("Ada"), FIELDS_SAY,
		&arena, &art));
	assert_true(fields_set(&env, S("author"), S("Bo"), FIELDS_SAY, &arena,
		&art));
	assert_int_equal(art.n_people, 2);
	assert_false(fields_set(&env, S("author"), S("Cy"), FIELDS_FILL,
		&arena, &art));
	assert_true(fields_set(&env, S("keywords"), S("a,b"), FIELDS_SAY,
		&arena, &art));
	assert_int_equal(art.fields.n_tags, 2);
	assert_false(fields_set(&env, S("date"), S("soon"), FIELDS_SAY,
		&arena, &art));
	assert_int_equal(art.date, -1);
	assert_false(fields_set(&env, S("viewport"), S("x"), FIELDS_SAY,
		&arena, &art));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(every_word_has_its_place, reset),
		cmocka_unit_test_teardown(lists_are_written_in_many_ways,
			reset),
		cmocka_unit_test_teardown(push_is_for_targets, reset),
		cmocka_unit_test_teardown(the_nearest_word_counts, reset),
		cmocka_unit_test_teardown(a_series_can_be_refused, reset),
		cmocka_unit_test_teardown(empty_values_say_nothing, reset),
		cmocka_unit_test_teardown(
			mistakes_are_named_with_line_and_column, reset),
		cmocka_unit_test_teardown(one_word_can_be_set_alone, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
