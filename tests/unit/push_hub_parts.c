/*
 * The hub's pure parts: how often a host is asked, and which topics are still
 * topics.
 */
#include <stdio.h>

#include "assert_slice.h"
#include "push/asked.h"
#include "push/topics.h"

enum { MINUTE = 60 * 1000 };

static struct arena arena;

/* ---- asked ---- */

static void
a_host_is_asked_so_many_times_a_minute(void **state)
{
	struct asked a = { 0 };

	(void)state;
	assert_int_equal(asked_take(&a, S("h"), 2, 1000), 0);
	assert_int_equal(asked_take(&a, S("h"), 2, 1010), 0);
	assert_int_equal(asked_take(&a, S("h"), 2, 1020), MINUTE - 20);
	assert_int_equal(asked_take(&a, S("i"), 2, 1020), 0);
	assert_int_equal(asked_take(&a, S("h"), 2, 1000 + MINUTE - 1), 1);
	assert_int_equal(asked_take(&a, S("h"), 2, 1000 + MINUTE), 0);
	assert_int_equal(asked_take(&a, S("h"), 2, 1000 + MINUTE), 0);
	assert_int_equal(asked_take(&a, S("h"), 2, 1000 + MINUTE), MINUTE);
	asked_done(&a);
}

static void
only_some_are_on_their_way(void **state)
{
	struct asked a = { 0 };
	int64_t answers, silence;

	(void)state;
	for (int i = 0; i < ASKED_AT_ONCE; i++)
		assert_int_equal(asked_take(&a, S("h"), 1000, 1000), 0);
	answers = asked_take(&a, S("h"), 1000, 1000);
	assert_true(answers > 0);
	asked_leave(&a, S("h"), false);
	assert_int_equal(asked_take(&a, S("h"), 1000, 1000), 0);
	/* Who is silent is looked at less often. */
	silence = asked_take(&a, S("h"), 1000, 1000);
	assert_true(silence > answers);
	asked_leave(&a, S("h"), true);
	assert_int_equal(asked_take(&a, S("h"), 1000, 1000), 0);
	assert_int_equal(asked_take(&a, S("h"), 1000, 1000), answers);
	asked_done(&a);
}

/* A million hosts of an attacker are not remembered for ever. */
static void
hosts_are_forgotten(void **state)
{
	struct asked a = { 0 };
	char name[32];

	(void)state;
	assert_int_equal(asked_take(&a, S("busy"), 9, MINUTE), 0);
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "h%d", i);
		assert_int_equal(asked_take(&a, slice_str(name), 9, MINUTE),
			0);
		asked_leave(&a, slice_str(name), true);
	}
	assert_int_equal(a.hosts.n, 1001);
	assert_int_equal(asked_take(&a, S("new"), 9, 3 * MINUTE), 0);
	assert_int_equal(a.hosts.n, 2);
	asked_leave(&a, S("busy"), true);
	asked_done(&a);
}

/* ---- topics ---- */

static struct channel channels[] = {
	{ .kind = CHANNEL_TOPIC, .name = S_INIT("wire"), .key = S_INIT("wire"),
		.is_private = true },
};

static const struct feed feeds[] = {
	{ .id = 1, .kind = CHANNEL_ALL, .slug = S_INIT("all") },
	{ .id = 3, .kind = CHANNEL_SERIES, .slug = S_INIT("tides") },
	{ .id = 4, .kind = CHANNEL_TOPIC, .slug = S_INIT("tides") },
	{ .id = 8, .kind = CHANNEL_TOPIC, .slug = S_INIT("wire") },
	{ .id = 9, .kind = CHANNEL_TOPIC, .slug = S_INIT("\xe4\xbd\xa0") },
};

static const struct moved_series moved[] = {
	{ 2, S_INIT("tide"), S_INIT("tides") },
};

/* "": as it was; "-> ID"; or why it is over. */
static const char *
judge(const char *url, int64_t feed_id)
{
	struct config config = { .channels = channels,
		.n_channels = COUNT_OF(channels),
		.site = { .url = S("https://n.example/x/") } };
	struct topics_world w = { &config, feeds, COUNT_OF(feeds), moved,
		COUNT_OF(moved) };
	struct hub_topic t = { .id = 5, .feed_id = feed_id,
		.url = slice_str(url) };
	struct topic_change c;

	if (!topics_judge(&w, &t, &arena, &c))
		return "";
	assert_int_equal(c.topic_id, 5);
	assert_true((c.feed_id > 0) != (c.reason.len > 0));
	return c.feed_id > 0 ? arena_printf(&arena, "-> %jd",
		(intmax_t)c.feed_id).ptr : arena_copy(&arena, c.reason).ptr;
}

static void
topics_are_judged(void **state)
{
	static const struct {
		const char *url;
		int64_t feed_id;
		const char *want;
	} cases[] = {
		{ "https://n.example/x/feeds/all.atom", 1, "" },
		{ "https://n.example/x/feeds/series/tides.rss", 3, "" },
		{ "https://n.example/x/feeds/topics/tides.rss", 4, "" },
		{ "https://n.example/x/feeds/topics/%E4%BD%A0.json", 9, "" },
		/* press.db was made anew. */
		{ "https://n.example/x/feeds/all.atom", 77, "-> 1" },
		{ "https://n.example/x/feeds/all.atom", 3, "-> 1" },
		{ "https://n.example/x/feeds/series/tides.rss", 4, "-> 3" },
		/* It is for partners now. */
		{ "https://n.example/x/feeds/topics/wire.atom", 8,
			"this feed is not public any more" },
		{ "https://n.example/x/feeds/topics/wire.atom", 1,
			"this feed is not public any more" },
		/* It is another's. */
		{ "https://n.example/x/feeds/series/tide.rss", 2,
			"this feed was merged into "
			"https://n.example/x/feeds/series/tides.rss" },
		/* Nobody knows: no reason to tell anybody anything. */
		{ "https://n.example/x/feeds/series/none.atom", 6, "" },
		{ "https://n.example/x/feeds/topics/tide.atom", 2, "" },
		{ "https://elsewhere.example/feeds/all.atom", 1, "" },
		{ "https://n.example/x/", 1, "" },
		{ "", 1, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(judge(cases[i].url, cases[i].feed_id),
			cases[i].want);
}

static void
an_empty_press_ends_nothing(void **state)
{
	struct config config = { .site = { .url = S("https://n.example/") } };
	struct topics_world w = { .config = &config };
	struct hub_topic t = { .id = 5, .feed_id = 1,
		.url = S("https://n.example/feeds/all.atom") };
	struct topic_change c;

	(void)state;
	assert_false(topics_judge(&w, &t, &arena, &c));
}

static int
forget(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_is_asked_so_many_times_a_minute),
		cmocka_unit_test(only_some_are_on_their_way),
		cmocka_unit_test(hosts_are_forgotten),
		cmocka_unit_test_teardown(topics_are_judged, forget),
		cmocka_unit_test_teardown(an_empty_press_ends_nothing,
			forget),
	};

	return cmocka_run_group_tests_name("push_hub_parts", tests, NULL,
		NULL);
}
