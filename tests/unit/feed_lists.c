/*
 * Lists: OPML and sitemaps name what is public, within their limits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feed/opml.h"
#include "feed/sitemap.h"
#include "feed_kit.h"

static void
opml_lists_each_feed_once(void **state)
{
	struct config c = kit_config();
	struct feed feeds[] = {
		{ .kind = CHANNEL_ALL, .slug = S("all"), .entries = 3,
			.born = 1715760000 },
		{ .kind = CHANNEL_SERIES, .slug = S("bridges"), .entries = 1,
			.title = S("Bridges & <more>"), .born = 1715760060 },
		{ .kind = CHANNEL_TOPIC, .slug = S("empty") },
	};
	struct buf b = BUF_INIT(KIT_MAX);
	struct slice x;

	(void)state;
	opml_put(&b, &c, feeds, COUNT_OF(feeds), &kit_arena);
	x = kit_keep(&b);
	assert_string_equal(kit_xpath(x, "/opml/@version"), "2.0");
	assert_string_equal(kit_xpath(x, "/opml/head/title"), "AT&T <News>");
	assert_string_equal(kit_xpath(x, "/opml/head/dateModified"),
		"Wed, 15 May 2024 08:01:00 GMT");
	assert_string_equal(kit_xpath(x, "count(//outline[@xmlUrl])"), "2");
	assert_string_equal(kit_xpath(x, "/opml/body/outline[1]/@xmlUrl"),
		"https://www.example.org/feeds/all.atom");
	assert_string_equal(kit_xpath(x, "/opml/body/outline[@text='Series']"
		"/outline/@text"), "Bridges & <more>");
}

static struct slice
finish(struct sitemap *s)
{
	sitemap_end(s);
	assert_true(s->b.len <= SITEMAP_BYTES_MAX);
	return kit_keep(&s->b);
}

/* How many times an entry goes into a file. */
static size_t
fill(enum sitemap_kind kind, const struct config *c, const struct entry *e)
{
	struct sitemap s;
	size_t n = 0;

	sitemap_begin(&s, kind);
	while (!sitemap_is_full(&s)) {
		sitemap_put_article(&s, c, e, &kit_arena);
		n++;
	}
	finish(&s);
	return n;
}

static void
sitemaps_end_at_their_limits(void **state)
{
	struct config c = kit_config();
	struct entry e = kit_entry();
	size_t n;

	(void)state;
	assert_int_equal(fill(SITEMAP_PAGES, &c, &e), SITEMAP_URLS_MAX);
	assert_int_equal(fill(SITEMAP_NEWS, &c, &e), SITEMAP_NEWS_MAX);
	/* Long addresses: the bytes end it first. */
	e.fields.url = arena_printf(&kit_arena,
		"https://www.example.org/%01900d", 0);
	n = fill(SITEMAP_PAGES, &c, &e);
	assert_true(n > 1000 && n < SITEMAP_URLS_MAX);
}

static void
a_sitemap_names_what_is_here(void **state)
{
	struct config c = kit_config();
	struct entry e = kit_entry();
	struct sitemap s;
	struct slice x;

	(void)state;
	sitemap_begin(&s, SITEMAP_PAGES);
	sitemap_put_article(&s, &c, &e, &kit_arena);
	e.fields.url = S("https://elsewhere.example.org/");
	sitemap_put_article(&s, &c, &e, &kit_arena);
	e.fields.url = arena_printf(&kit_arena, "https://www.example.org/%0*d",
		SITEMAP_URL_MAX, 0);
	sitemap_put_article(&s, &c, &e, &kit_arena);
	x = finish(&s);
	assert_string_equal(kit_xpath(x, "count(/s:urlset/s:url)"), "1");
	assert_string_equal(kit_xpath(x, "/s:urlset/s:url[1]/s:loc"),
		"https://www.example.org/articles/a");
	assert_string_equal(kit_xpath(x, "/s:urlset/s:url[1]/s:lastmod"),
		"2024-05-15T08:01:00Z");
}

static void
news_says_when_and_in_which_language(void **state)
{
	static const struct { struct slice lang; const char *want; } cases[] = {
		{ S_INIT("en"), "en" }, { S_INIT("en-GB"), "en" },
		{ S_INIT(""), "en" }, { S_INIT("zh"), "zh-cn" },
		{ S_INIT("zh-Hans-CN"), "zh-cn" },
		{ S_INIT("zh-Hant"), "zh-tw" }, { S_INIT("zh-HK"), "zh-tw" },
	};
	struct config c = kit_config();
	struct entry e = kit_entry();
	struct sitemap s;
	struct slice x;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		e.lang = cases[i].lang;
		sitemap_begin(&s, SITEMAP_NEWS);
		sitemap_put_article(&s, &c, &e, &kit_arena);
		x = finish(&s);
		assert_string_equal(kit_xpath(x, "//news:language"),
			cases[i].want);
	}
	assert_string_equal(kit_xpath(x, "//news:name"), "AT&T <News>");
	assert_string_equal(kit_xpath(x, "//news:title"), e.title.ptr);
	assert_string_equal(kit_xpath(x, "//news:publication_date"),
		"2024-05-15T08:00:00Z");
}

static void
channels_and_index_name_what_has_entries(void **state)
{
	struct config c = kit_config();
	struct feed feeds[] = {
		{ .kind = CHANNEL_ALL, .slug = S("all"), .entries = 1 },
		{ .kind = CHANNEL_TOPIC, .slug = S("\xe6\xb8\xaf"),
			.entries = 1, .copies = { { "", 1715760000 } } },
	};
	struct sitemap s;
	struct slice x;

	(void)state;
	sitemap_begin(&s, SITEMAP_PAGES);
	for (size_t i = 0; i < COUNT_OF(feeds); i++)
		sitemap_put_channel(&s, &c, &feeds[i], &kit_arena);
	x = finish(&s);
	assert_string_equal(kit_xpath(x, "count(//s:url)"), "2");
	assert_string_equal(kit_xpath(x, "//s:url[2]/s:loc"),
		"https://www.example.org/topics/%E6%B8%AF/");
	sitemap_begin(&s, SITEMAP_INDEX);
	sitemap_put_file(&s, &c, S("sitemap-2024-05.xml"), 1715760000,
		&kit_arena);
	x = finish(&s);
	assert_string_equal(kit_xpath(x, "/s:sitemapindex/s:sitemap/s:loc"),
		"https://www.example.org/sitemap-2024-05.xml");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(opml_lists_each_feed_once),
		KIT_TEST(sitemaps_end_at_their_limits),
		KIT_TEST(a_sitemap_names_what_is_here),
		KIT_TEST(news_says_when_and_in_which_language),
		KIT_TEST(channels_and_index_name_what_has_entries),
	};

	return cmocka_run_group_tests_name("feed_lists", tests, NULL,
		kit_done);
}
