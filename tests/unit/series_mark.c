/*
 * Marking: entry titles, related titles, topics, and what the two hashes see.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "assert_slice.h"
#include "series/series.h"

static struct arena arena;
static struct config config;

static int
reset(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

static struct article
make(const char *title)
{
	static struct person people[] = { { S_INIT("A"), ROLE_AUTHOR } };
	static struct related related;
	struct article art = {
		.title = slice_str(title),
		.people = people,
		.n_people = 1,
		.summary = S("Text."),
		.html = S("<p>Text about tides.</p>"),
		.text = S("Text about tides."),
		.lang = S("en"),
		.related_label = S("Related:"),
		.related = &related,
		.n_related = 1,
		.date = -1,
	};

	related = (struct related){ .title = S("Tide tables ① |Winter") };
	return art;
}

static void
mark(struct article *art)
{
	series_mark_article(&config, S("a.txt"), art, &arena);
}

static void
entry_titles(void **state)
{
	static const struct {
		const char *title, *want;
	} cases[] = {
		{ "Tide tables ② |Spring", "Tide tables ② | Spring" },
		{ "Tide tables②|Spring | ebb",
			"Tide tables ② | Spring | ebb" },
		{ "Tide tables ② | Spring", "Tide tables ② | Spring" },
		{ "潮汐系列报道②|春", "潮汐系列报道 ② | 春" },
		{ "Tide tables ②｜Spring", "Tide tables ②｜Spring" },
		{ "Tide tables ②: Spring", "Tide tables ②: Spring" },
		{ "Tide tables ② |", "Tide tables ② |" },
		{ "Tide tables (②) |Spring", "Tide tables (②) |Spring" },
		{ "Tide tables, Part 2 |Spring",
			"Tide tables, Part 2 |Spring" },
		{ "Tide ① and ② |Spring", "Tide ① and ② |Spring" },
		{ "Spring |ebb", "Spring |ebb" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct article art = make(cases[i].title);

		mark(&art);
		assert_slice(art.entry_title, cases[i].want);
	}
}

static void
related_titles_have_marks(void **state)
{
	struct article art = make("Tide tables ② |Spring");

	(void)state;
	mark(&art);
	assert_int_equal(art.mark.strength, MARK_STRONG);
	assert_int_equal(art.mark.number, 2);
	assert_slice(art.mark.key, "tide-tables");
	assert_slice(art.related[0].title, "Tide tables ① | Winter");
	assert_slice(art.related[0].fold, "tide-tables-1-winter");
	assert_int_equal(art.related[0].mark.number, 1);
	assert_slice(art.related[0].mark.key, "tide-tables");
}

static void
topics_come_in_the_order_of_the_configuration(void **state)
{
	struct slice tides = S("tides"), boats = S("boats");
	struct rule about_tides = { .kind = RULE_BODY, .texts = &tides,
		.n_texts = 1 };
	struct rule about_boats = { .kind = RULE_BODY, .texts = &boats,
		.n_texts = 1 };
	struct channel channels[] = {
		{ .kind = CHANNEL_TOPIC, .key = S_INIT("z"),
			.match = &about_tides },
		{ .kind = CHANNEL_SERIES, .key = S_INIT("s") },
		{ .kind = CHANNEL_TOPIC, .key = S_INIT("b"),
			.match = &about_boats },
		{ .kind = CHANNEL_TOPIC, .key = S_INIT("a"),
			.match = &about_tides },
	};
	struct article art = make("Spring");

	(void)state;
	config.channels = channels;
	config.n_channels = COUNT_OF(channels);
	mark(&art);
	config.n_channels = 0;
	assert_int_equal(art.n_topics, 2);
	assert_slice(art.topics[0], "z");
	assert_slice(art.topics[1], "a");
}

/* Which channels an article is in, by what it says of partners. */
static void
partners_get_what_they_may(void **state)
{
	static const struct {
		bool exclusive;		/* the private topic */
		enum syndication said;
		size_t topics;
		bool all, series;
	} cases[] = {
		{ false, SYNDICATION_UNSAID, 2, true, true },
		{ false, SYNDICATION_TEXT_ONLY, 2, true, true },
		{ false, SYNDICATION_NONE, 1, true, false },
		{ true, SYNDICATION_UNSAID, 1, false, true },
		{ true, SYNDICATION_NONE, 0, false, false },
	};
	struct slice tides = S("tides");
	struct rule rule = { .kind = RULE_BODY, .texts = &tides,
		.n_texts = 1 };
	struct channel channels[] = {
		{ .kind = CHANNEL_TOPIC, .key = S_INIT("wire"),
			.match = &rule, .is_private = true },
		{ .kind = CHANNEL_TOPIC, .key = S_INIT("open"),
			.match = &rule },
		{ .kind = CHANNEL_SERIES, .key = S_INIT("tide-tables"),
			.is_private = true },
	};

	(void)state;
	config.channels = channels;
	config.n_channels = COUNT_OF(channels);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct article art = make("Tide tables ② |Spring");
		struct item item = { .fate = ITEM_READ, .article = &art };
		struct batch b = { .items = &item, .n = 1, .now = 1000 };

		channels[0].is_exclusive = cases[i].exclusive;
		art.fields.syndication = cases[i].said;
		mark(&art);
		series_decide(&config, &b);
		assert_int_equal(art.n_topics, cases[i].topics);
		assert_int_equal(art.mark.key.len > 0, cases[i].series);
		assert_slice(art.entry_title, "Tide tables ② | Spring");
		assert_int_equal(item.plan.n_channels, cases[i].topics +
			cases[i].all + cases[i].series);
		arena_done(&b.arena);
	}
	config.n_channels = 0;
}

/* Whoever has it must learn that it left. */
static void
who_may_have_it_is_part_of_its_form(void **state)
{
	struct channel all = { .kind = CHANNEL_ALL, .key = S_INIT("all") };
	struct article was = make("Spring"), now = make("Spring");

	(void)state;
	was.fields.syndication = now.fields.syndication = SYNDICATION_NONE;
	config.channels = &all;
	config.n_channels = 1;
	mark(&was);
	all.is_private = true;
	mark(&now);
	config.n_channels = 0;
	assert_true(was.digest == now.digest);
	assert_true(was.form != now.form);
}

/* 'd': digest and form change; 'f': only the form; '=': neither. */
static void
assert_change(const struct article *was, struct article now, char want)
{
	char got;

	mark(&now);
	got = was->digest != now.digest ? 'd' : was->form != now.form ? 'f' :
		'=';
	assert_true(got != 'd' || was->form != now.form);
	if (got != want)
		fail_msg("%.*s: '%c', not '%c'", ARG(now.entry_title), got,
			want);
}

static void
hashes(void **state)
{
	struct person editor[] = { { S("A"), ROLE_EDITOR } };
	struct related two[2] = { { .title = S("X") }, { .title = S("Y") } };
	struct related joined[1] = { { .title = S("XY") } };
	struct article was = make("Tide tables ② | Spring"), now;

	(void)state;
	mark(&was);
	assert_change(&was, make("Tide tables ② | Spring"), '=');
	assert_change(&was, make("Tide tables②|Spring"), '=');
	assert_change(&was, make("Tide tables ② | Summer"), 'd');
	now = make("Tide tables ② | Spring");
	now.html = S("<p>Other</p>");
	assert_change(&was, now, 'd');
	now = make("Tide tables ② | Spring");
	now.people = editor;
	assert_change(&was, now, 'd');
	now = make("Tide tables ② | Spring");
	now.n_people = 0;
	assert_change(&was, now, 'd');
	now = make("Tide tables ② | Spring");
	now.summary = S("Other");
	assert_change(&was, now, 'f');
	now = make("Tide tables ② | Spring");
	now.lang = S("fr");
	assert_change(&was, now, 'f');
	now = make("Tide tables ② | Spring");
	now.date = 1;
	assert_change(&was, now, 'f');
	now = make("Tide tables ② | Spring");
	now.related_label = S("More:");
	assert_change(&was, now, 'f');
	now = make("Tide tables ② | Spring");
	now.related = two;
	now.n_related = 2;
	mark(&now);
	assert_true(now.digest == was.digest && now.form != was.form);
	was = now;
	now = make("Tide tables ② | Spring");
	now.related = joined;
	assert_change(&was, now, 'f');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(entry_titles, reset),
		cmocka_unit_test_teardown(related_titles_have_marks, reset),
		cmocka_unit_test_teardown(
			topics_come_in_the_order_of_the_configuration, reset),
		cmocka_unit_test_teardown(partners_get_what_they_may, reset),
		cmocka_unit_test_teardown(who_may_have_it_is_part_of_its_form,
			reset),
		cmocka_unit_test_teardown(hashes, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
