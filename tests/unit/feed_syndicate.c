/*
 * Syndication: pictures that may not go along, and what goes with them; and
 * the JSON of the change stream.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#include "feed/changes.h"
#include "feed/syndicate.h"
#include "model/entry_share.h"

static struct arena arena;

static struct channel channels[] = {
	{ .kind = CHANNEL_TOPIC, .key = S_INIT("wire"), .is_private = true },
	{ .kind = CHANNEL_TOPIC, .key = S_INIT("text"),
		.syndication = SYNDICATION_TEXT_ONLY },
	{ .kind = CHANNEL_SERIES, .key = S_INIT("tides"),
		.is_private = true },
};
static struct slice hubs[] = { S_INIT("https://hub.example/") };
static struct config config = { .channels = channels,
	.n_channels = COUNT_OF(channels), .n_roots = 1,
	.site = { .url = S_INIT("https://n.example/"), .hubs = hubs,
		.n_hubs = 1 },
	.roots = { { .permalink = S_INIT("/articles/{stem}") } } };

static const struct feed wire = { .kind = CHANNEL_TOPIC,
	.slug = S_INIT("wire"), .uid = S_INIT("tag:wire"),
	.title = S_INIT("Wire") };
static const struct feed text = { .kind = CHANNEL_TOPIC,
	.slug = S_INIT("text") };
static const struct feed open_one = { .kind = CHANNEL_TOPIC,
	.slug = S_INIT("open") };
static const struct feed tides = { .kind = CHANNEL_SERIES,
	.slug = S_INIT("tides") };

static int
reset(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

#define A "<img src=\"https://n.example/media/a.jpg\" alt=\"A\"/>"
#define B "<img src=\"https://x.example/b.png?x=1&amp;y\" alt=\"\">"

/* An entry with two pictures that say this, and by whom they are. */
static struct entry
make(const char *html, enum syndication a, enum syndication b)
{
	struct entry e = { .html = slice_str(html) };

	e.media = ARENA_ARRAY(&arena, struct media, 2);
	e.media[0] = (struct media){ .name = S("a.jpg"), .syndication = a };
	e.media[1] = (struct media){ .syndication = b,
		.url = S("https://x.example/b.png?x=1&y") };
	e.n_media = 2;
	e.people = ARENA_ARRAY(&arena, struct person, 2);
	e.people[0] = (struct person){ S("P"), ROLE_PHOTOGRAPHER };
	e.people[1] = (struct person){ S("W"), ROLE_AUTHOR };
	e.n_people = 2;
	e.fields.cover = S("a.jpg");
	return e;
}

static void
pictures_are_cut_with_what_is_around_them(void **state)
{
	static const char *const cases[][2] = {
		{ "", "" },
		{ "<p>Text</p>", "<p>Text</p>" },
		{ A, "" },
		{ "<p>1</p>\n<p>" A "</p>\n<p>2</p>", "<p>1</p>\n\n<p>2</p>" },
		{ "<p>1 " A " 2</p>", "<p>1  2</p>" },
		{ "<figure>" A "<figcaption>Of P</figcaption></figure>\n"
			"<p>1</p>", "<p>1</p>" },
		{ "<figure><a href=\"a.jpg\">" A "</a></figure>", "" },
		{ "<p><a href=\"a.jpg\">" A "</a> and <a href=\"/x\">x</a>"
			"</p>", "<p> and <a href=\"/x\">x</a></p>" },
		{ "<p></p><p>1</p>", "<p></p><p>1</p>" },
		{ "<pre>" A "</pre>", "<pre></pre>" },
		{ "<figure>" A B "<figcaption>Of P</figcaption></figure>",
			"" },
		/* What our writer never writes must not hurt. */
		{ "</p>" A "</a></figure>", "</p></a></figure>" },
		{ "<img alt=\"x\">", "" },
		{ "<p>1 < 2", "<p>1 < 2" },
		{ "<p><img src=\"x", "<p><img src=\"x" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct entry e = make(cases[i][0], SYNDICATION_UNSAID,
			SYNDICATION_UNSAID);

		e.fields.syndication = SYNDICATION_TEXT_ONLY;
		syndicate_entry(&config, &wire, &e, &arena);
		if (!slice_eq(e.html, slice_str(cases[i][1])))
			fail_msg("%s\ngave\n%.*s", cases[i][0], ARG(e.html));
		assert_int_equal(e.n_media, 0);
		assert_int_equal(e.n_people, 1);
		assert_int_equal(e.fields.cover.len, 0);
	}
}

static void
a_picture_speaks_for_itself(void **state)
{
	struct entry e = make("<figure>" A "</figure><p>" B "</p>",
		SYNDICATION_NONE, SYNDICATION_UNSAID);

	(void)state;
	syndicate_entry(&config, &wire, &e, &arena);
	assert_true(slice_eq(e.html, S("<p>" B "</p>")));
	assert_int_equal(e.n_media, 1);
	assert_int_equal(e.media[0].name.len, 0);
	assert_int_equal(e.n_people, 2);

	e = make("<figure>" A B "</figure>", SYNDICATION_FULL,
		SYNDICATION_UNSAID);
	e.fields.syndication = SYNDICATION_TEXT_ONLY;
	syndicate_entry(&config, &wire, &e, &arena);
	assert_true(slice_eq(e.html, S("<figure>" A "</figure>")));
	assert_int_equal(e.n_media, 1);
}

static void
the_channel_speaks_for_who_does_not(void **state)
{
	static const struct {
		const struct feed *feed;
		enum syndication said;
		bool pictures;
	} cases[] = {
		{ &open_one, SYNDICATION_UNSAID, true },
		{ &open_one, SYNDICATION_TEXT_ONLY, true },
		{ &wire, SYNDICATION_UNSAID, true },
		{ &wire, SYNDICATION_TEXT_ONLY, false },
		{ &text, SYNDICATION_UNSAID, false },
		{ &text, SYNDICATION_FULL, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct entry e = make(A "1" B, SYNDICATION_UNSAID,
			SYNDICATION_UNSAID);

		e.fields.syndication = cases[i].said;
		syndicate_entry(&config, cases[i].feed, &e, &arena);
		assert_true(slice_eq(e.html, cases[i].pictures ?
			S(A "1" B) : S("1")));
	}
	assert_int_equal(syndicate_variant(&config, &open_one), 0);
	assert_int_not_equal(syndicate_variant(&config, &wire),
		syndicate_variant(&config, &text));
	assert_int_not_equal(syndicate_variant(&config, &wire),
		syndicate_variant(&config, &tides));
}

static void
depth_is_no_danger(void **state)
{
	struct buf b = BUF_INIT(1 << 20);
	struct entry e;

	(void)state;
	for (int i = 0; i < 500; i++)
		buf_put_str(&b, "<p>");
	buf_put_str(&b, A);
	for (int i = 0; i < 500; i++)
		buf_put_str(&b, "</p>");
	e = make(b.ptr, SYNDICATION_NONE, SYNDICATION_NONE);
	syndicate_entry(&config, &wire, &e, &arena);
	assert_true(slice_find(e.html, S("img"), 0) < 0);
	buf_done(&b);
}

static struct entry
part_of(const char *slug)
{
	return (struct entry){ .series_id = 7, .part = 2,
		.series_slug = slice_str(slug), .series_title = S("Tides"),
		.uid = S("tag:a"), .next = { .article_id = 3 } };
}

static void
nothing_leads_to_a_private_series(void **state)
{
	struct entry e = part_of("tides"), list[] = { part_of("tides"),
		part_of("other") };
	struct feed f = { .kind = CHANNEL_ALL, .slug = S("all"),
		.list = list, .n = 2 };

	(void)state;
	assert_true(entry_hide_private(&config, &e));
	assert_int_equal(e.series_id, 0);
	assert_int_equal(e.part, 0);
	assert_int_equal(e.next.article_id, 0);
	e = part_of("other");
	assert_false(entry_hide_private(&config, &e));
	assert_int_equal(e.series_id, 7);

	/* In its own feed it is what it is. */
	e = part_of("tides");
	syndicate_entry(&config, &tides, &e, &arena);
	assert_int_equal(e.part, 2);
	syndicate_entry(&config, &wire, &e, &arena);
	assert_int_equal(e.part, 0);

	/* A part that nobody sees does not place it. */
	list[0].part = 3;
	syndicate_list(&config, &f);
	assert_int_equal(f.list[0].series_id, 7);
	assert_int_equal(f.list[1].series_id, 0);
}

static void
private_topics_are_not_named(void **state)
{
	struct topic topics[] = { { S_INIT("wire"), S_INIT("Wire") },
		{ S_INIT("open"), S_INIT("Open") } };
	struct entry e = part_of("tides");

	(void)state;
	e.topics = topics;
	e.n_topics = 2;
	syndicate_entry(&config, &tides, &e, &arena);
	assert_int_equal(e.n_topics, 1);
	assert_true(slice_eq(e.topics[0].slug, S("open")));
	assert_int_equal(e.part, 2);
}

static void
a_private_feed_knows_no_hub(void **state)
{
	struct config own;

	(void)state;
	assert_ptr_equal(syndicate_config(&config, &open_one, &own), &config);
	assert_int_equal(syndicate_config(&config, &wire, &own)->site.n_hubs,
		0);
	assert_int_equal(config.site.n_hubs, 1);
}

/* ---- changes ---- */

static void
cursors(void **state)
{
	(void)state;
	assert_int_equal(changes_cursor(S(""), S("ab12")), 0);
	assert_int_equal(changes_cursor(S("ab12-0"), S("ab12")), 0);
	assert_int_equal(changes_cursor(S("ab12-17"), S("ab12")), 17);
	assert_int_equal(changes_cursor(S("ab12-"), S("ab12")), -1);
	assert_int_equal(changes_cursor(S("ab12"), S("ab12")), -1);
	assert_int_equal(changes_cursor(S("ab13-17"), S("ab12")), -1);
	assert_int_equal(changes_cursor(S("17"), S("ab12")), -1);
	assert_int_equal(changes_cursor(S("ab12--1"), S("ab12")), -1);
	assert_int_equal(changes_cursor(S("ab12-99999999999999999999"),
		S("ab12")), -1);
}

static const char *
text_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "(none)";
}

static void
changes_are_told(void **state)
{
	struct change list[] = {
		{ .title = S("\"Quotes\" \xe6\xb8\xaf"), .seq = 4,
			.action = CHANGED_CORRECTED, .at = 1715760000,
			.uid = S("tag:a"), .slug = S("a"), .path = S("a.txt"),
			.published = 1715760000, .updated = 1715760060 },
		{ .seq = 5, .action = CHANGED_WITHDRAWN, .at = 1715760000,
			.uid = S("tag:b"), .title = S("gone") },
	};
	struct changes page = { .stream = S("ab12"), .list = list, .n = 2,
		.more = true };
	struct buf b = BUF_INIT(1 << 16);
	const json_t *changes;
	json_t *o;

	(void)state;
	changes_put(&b, &config, &wire, &page, 3, &arena);
	o = json_loadb(b.ptr, b.len, 0, NULL);
	assert_non_null(o);
	assert_string_equal(text_of(o, "feed_url"),
		"https://n.example/feeds/topics/wire.atom");
	assert_string_equal(text_of(o, "cursor"), "ab12-5");
	assert_string_equal(text_of(o, "next"), "https://n.example/feeds/"
		"topics/wire/changes.json?after=ab12-5");
	assert_true(json_is_true(json_object_get(o, "more")));
	changes = json_object_get(o, "changes");
	assert_int_equal(json_array_size(changes), 2);
	assert_string_equal(text_of(json_array_get(changes, 0), "action"),
		"corrected");
	assert_string_equal(text_of(json_array_get(changes, 0), "url"),
		"https://n.example/articles/a");
	assert_string_equal(text_of(json_array_get(changes, 0), "title"),
		"\"Quotes\" \xe6\xb8\xaf");
	assert_string_equal(text_of(json_array_get(changes, 0),
		"date_modified"), "2024-05-15T08:01:00Z");
	assert_int_equal(json_object_size(json_array_get(changes, 1)), 3);
	json_decref(o);
	buf_done(&b);
}

static void
an_empty_page_keeps_the_cursor(void **state)
{
	struct changes page = { .stream = S("ab12") };
	struct buf b = BUF_INIT(1 << 16);
	json_t *o;

	(void)state;
	changes_put(&b, &config, &wire, &page, 9, &arena);
	o = json_loadb(b.ptr, b.len, 0, NULL);
	assert_string_equal(text_of(o, "cursor"), "ab12-9");
	assert_false(json_is_true(json_object_get(o, "more")));
	json_decref(o);
	buf_reset(&b);
	changes_put_lost(&b, &config, &wire, &arena);
	o = json_loadb(b.ptr, b.len, 0, NULL);
	assert_string_equal(text_of(o, "next"),
		"https://n.example/feeds/topics/wire/changes.json");
	json_decref(o);
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pictures_are_cut_with_what_is_around_them),
		cmocka_unit_test(a_picture_speaks_for_itself),
		cmocka_unit_test(the_channel_speaks_for_who_does_not),
		cmocka_unit_test(depth_is_no_danger),
		cmocka_unit_test(nothing_leads_to_a_private_series),
		cmocka_unit_test(private_topics_are_not_named),
		cmocka_unit_test(a_private_feed_knows_no_hub),
		cmocka_unit_test(cursors),
		cmocka_unit_test(changes_are_told),
		cmocka_unit_test(an_empty_page_keeps_the_cursor),
	};

	return cmocka_run_group_tests(tests, NULL, reset);
}
