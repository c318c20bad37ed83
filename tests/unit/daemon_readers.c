/*
 * The readers of a feed: what a User-Agent says, and how little of it is kept.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "daemon/readers.h"

enum { NOW = 1715760000 };

struct known {
	const char *field, *name;
	int64_t subscribers;
};

static void
names_and_numbers(void **state)
{
	static const struct known all[] = {
		{ "Feedly/1.0 (+http://www.feedly.com/fetcher.html; "
			"16 subscribers; like FeedFetcher-Google)",
			"Feedly", 16 },
		{ "NewsBlur Feed Fetcher - 12 subscribers - "
			"http://www.newsblur.com/site/1/x (Mozilla/5.0)",
			"NewsBlur Feed Fetcher", 12 },
		{ "Mozilla/5.0 (compatible; inoreader.com; 1 subscriber)",
			"inoreader.com", 1 },
		{ "Mozilla/5.0 (compatible; Inoreader/1.0; +http://www."
			"inoreader.com/feed-fetcher; 120 subscribers; )",
			"Inoreader", 120 },
		{ "Feedbin feed-id:1234 - 10 subscribers", "Feedbin", 10 },
		{ "Tiny Tiny RSS/21.05 (https://tt-rss.org/)",
			"Tiny Tiny RSS", -1 },
		{ "NetNewsWire (RSS Reader; https://netnewswire.com/)",
			"NetNewsWire", -1 },
		{ "Slackbot 1.0 (+https://api.slack.com/robots)",
			"Slackbot", -1 },
		{ "curl/7.88.1", "curl", -1 },
		{ "阅读器/2.0", "阅读器", -1 },
		{ "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 "
			"Thunderbird/115.0", "Thunderbird", -1 },
		{ "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 "
			"(KHTML, like Gecko) Chrome/120.0 Safari/537.36",
			"a browser", -1 },
		{ "", "no name", -1 },
		{ "   ", "no name", -1 },
		{ "- - -", "no name", -1 },
		{ "\xff\xfe\x01", "no name", -1 },
		{ "Re\033[2Jader/1", "no name", -1 },
		{ "A/1 (99999999999999999999 subscribers)", "A", -1 },
		{ "A/1 (-3 subscribers)", "A", 3 },
		{ "A/1 ( subscribers)", "A", -1 },
		{ "A/1 (5 subscribers) B/2 (7 subscribers)", "A", 7 },
	};
	struct agent a;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		agent_read(slice_str(all[i].field), &a);
		assert_string_equal(a.name, all[i].name);
		assert_int_equal(a.subscribers, all[i].subscribers);
	}
}

/* Every byte that there is, at every length: the name stays clean and short. */
static void
hostile_names(void **state)
{
	unsigned seed = 1;
	char bytes[2048];
	struct agent a;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		size_t len = (size_t)round % sizeof(bytes);

		for (size_t i = 0; i < len; i++) {
			seed = seed * 1103515245u + 12345u;
			bytes[i] = round % 2 ? (char)(seed >> 16) :
				"a4- 新/("[(seed >> 16) % 10];
		}
		agent_read(slice(bytes, len), &a);
		assert_in_range(strlen(a.name), 1, AGENT_NAME_MAX);
		assert_true(utf8_valid(slice_str(a.name)));
		for (const char *c = a.name; *c; c++)
			assert_true((unsigned char)*c >= ' ' && *c != '<');
	}
	memset(bytes, 'a', sizeof(bytes));
	agent_read(slice(bytes, sizeof(bytes)), &a);
	assert_int_equal(strlen(a.name), AGENT_NAME_MAX);
}

/* One reader of a feed with a number of its own: "r17/1 (17 subscribers)". */
static void
saw(struct readers *r, int64_t feed, int number, int64_t now)
{
	char field[64];
	int len = snprintf(field, sizeof(field), "r%d/1 (%d subscribers)",
		number, number);

	readers_saw(r, feed, 0, slice(field, (size_t)len), now);
}

static void
the_last_day(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct readers *r = readers_new();
	struct reader_count *counts;
	struct reader *list;

	(void)state;
	assert_int_equal(readers_of(r, 7, NOW, &a, &list), 0);
	saw(r, 7, 1, NOW);
	saw(r, 7, 3, NOW + 5);
	saw(r, 8, 2, NOW);
	readers_saw(r, 7, 1, S("r3/2 (4 subscribers)"), NOW);
	readers_saw(r, 7, 0, S("r3/2 (5 subscribers)"), NOW + 9);
	readers_saw(r, 7, 0, S("newsboat/2.21"), NOW + 9);
	assert_int_equal(readers_of(r, 7, NOW + 10, &a, &list), 4);
	assert_string_equal(list[0].agent.name, "r3");
	assert_int_equal(list[0].agent.subscribers, 5);
	assert_int_equal(list[0].requests, 2);
	assert_int_equal(list[0].last, NOW + 9);
	assert_int_equal(list[1].format, 1);
	assert_string_equal(list[3].agent.name, "newsboat");
	assert_int_equal(readers_people(list, 4), 5 + 4 + 1 + 1);
	assert_int_equal(readers_counts(r, NOW + 10, &a, &counts), 2);
	assert_int_equal(readers_count_of(counts, 2, 7), 11);
	assert_int_equal(readers_count_of(counts, 2, 8), 2);
	assert_int_equal(readers_count_of(counts, 2, 9), 0);
	assert_int_equal(readers_count_of(NULL, 0, 9), 0);
	/* A day later only those are left that came again. */
	readers_saw(r, 7, 0, S("newsboat/2.21"), NOW + 2 * READERS_DAY_S);
	assert_int_equal(readers_of(r, 7, NOW + 2 * READERS_DAY_S, &a, &list),
		1);
	assert_int_equal(list[0].requests, 1);
	readers_free(r);
	readers_free(NULL);
}

static void
the_least_recent_goes(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct readers *r = readers_new();
	struct reader *list;
	size_t n, total = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		saw(r, 7, i, NOW);
		saw(r, 7, 0, NOW);	/* it comes again and again */
	}
	n = readers_of(r, 7, NOW, &a, &list);
	assert_int_equal(n, READERS_OF_FEED_MAX);
	assert_string_equal(list[0].agent.name, "r999");
	assert_string_equal(list[n - 1].agent.name, "r0");
	for (int feed = 0; feed < READERS_MAX / 10; feed++)
		for (int i = 0; i < 20; i++)
			saw(r, feed, i, NOW);
	for (int feed = 0; feed < READERS_MAX / 10; feed++)
		total += readers_of(r, feed, NOW, &a, &list);
	assert_int_equal(total, READERS_MAX);
	readers_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_numbers),
		cmocka_unit_test(hostile_names),
		cmocka_unit_test(the_last_day),
		cmocka_unit_test(the_least_recent_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
