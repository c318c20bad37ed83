/*
 * Pages: what is in them, parsed back by libxml2; what no title can break;
 * words, codes and pictures.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>
#include <libdeflate.h>
#include <libxml/HTMLparser.h>
#include <libxml/xpath.h>

#include "feed/page.h"
#include "feed/page_assets.h"
#include "feed/qr.h"
#include "feed_kit.h"

enum { ROW_BYTES = 1 + PAGE_PICTURE_WIDTH / 2 };

static struct entry
make_entry(void)
{
	struct entry e = {
		.article_id = 1,
		.slug = S("a"),
		.path = S("a.txt"),
		.title = S("Plain"),
		.published = 1715760000,
		.updated = 1715760000,
		.lang = S("en"),
		.summary = S("A summary."),
		.html = S("<p>Text</p>"),
	};

	return e;
}

static struct slice
article(const struct config *c, const struct article_view *v)
{
	struct buf b = BUF_INIT(1 << 20);

	page_article(&b, c, v, &kit_arena);
	return kit_keep(&b);
}

static struct slice
plain_article(const struct config *c, const struct entry *e)
{
	struct article_view v = { .entry = e };

	return article(c, &v);
}

/* The string value of an XPath, as an HTML parser has it. */
static const char *
value(struct slice html, const char *path)
{
	htmlDocPtr doc = htmlReadMemory(html.ptr, (int)html.len, "page",
		"UTF-8", HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING);
	xmlXPathContextPtr x = xmlXPathNewContext(doc);
	xmlXPathObjectPtr o = xmlXPathEvalExpression((const xmlChar *)path, x);
	xmlChar *text;
	struct slice ret;

	assert_non_null(o);
	text = xmlXPathCastToString(o);
	ret = arena_copy(&kit_arena, slice_str((const char *)text));
	xmlFree(text);
	xmlXPathFreeObject(o);
	xmlXPathFreeContext(x);
	xmlFreeDoc(doc);
	return ret.ptr;
}

#define CHECK_VALUE(html, path, want) \
	assert_string_equal(value((html), (path)), (want))

static json_t *
data_of(struct slice html)
{
	const char *text = value(html,
		"//script[@type='application/ld+json']");
	json_error_t e;
	json_t *j = json_loads(text, 0, &e);

	if (!j)
		fail_msg("%s in %s", e.text, text);
	return j;
}

/* ---- what no text can break ---- */

static void
hostile_texts_stay_texts(void **state)
{
	static const char *const texts[] = {
		"</script><script>alert(1)</script>", "<!--<script>", "]]>",
		"\" onload=\"alert(1)", "'\\\"</title>", "AT&T &amp; &lt;",
		"\xe2\x80\xa8 line \xe2\x80\xa9 ends", "</textarea></svg>" };
	struct config c = kit_config();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct slice t = slice_str(texts[i]);
		struct person who = { t, ROLE_AUTHOR };
		struct entry e = make_entry();
		struct slice html;
		json_t *j;

		e.title = e.summary = e.fields.section = t;
		e.fields.correction = e.fields.source = t;
		e.people = &who;
		e.n_people = 1;
		html = plain_article(&c, &e);
		CHECK_VALUE(html, "//h1", texts[i]);
		CHECK_VALUE(html, "//meta[@name='description']/@content",
			texts[i]);
		CHECK_VALUE(html, "count(//script)", "1");
		CHECK_VALUE(html, "count(//@onload)", "0");
		CHECK_VALUE(html, "count(//comment())", "0");
		j = data_of(html);
		assert_string_equal(json_string_value(json_object_get(j,
			"headline")), texts[i]);
		json_decref(j);
	}
}

static void
dates_are_those_of_the_newsroom(void **state)
{
	struct config c = kit_config();
	struct entry e = make_entry();
	struct slice html;

	(void)state;
	c.site.zone_minutes = 480;
	e.published = 1716825600;	/* 16:00 UTC: tomorrow in the east */
	html = plain_article(&c, &e);
	CHECK_VALUE(html, "//time", "2024-05-28");
	CHECK_VALUE(html, "//time/@datetime", "2024-05-27T16:00:00Z");
}

/* ---- what machines read ---- */

static void
cards_and_data(void **state)
{
	struct person people[] = { { S("Ann"), ROLE_AUTHOR },
		{ S("Bo"), ROLE_EDITOR } };
	struct media picture = { .name = S("ab.jpg"), .width = 400,
		.height = 300, .alt = S("A pier"), .credit = S("Cy") };
	struct config c = kit_config();
	struct entry e = make_entry();
	const char *type, *name, *editor, *credit;
	struct slice html = plain_article(&c, &e);
	int position;
	json_t *j;

	(void)state;
	CHECK_VALUE(html, "//meta[@property='og:image']/@content",
		"https://www.example.org/share.png");
	CHECK_VALUE(html, "//link[@rel='canonical']/@href",
		"https://www.example.org/articles/a");
	c.site.follow.twitter = S("https://x.com/newsroom/");
	e.people = people;
	e.n_people = COUNT_OF(people);
	e.media = &picture;
	e.n_media = 1;
	e.series_id = 1;
	e.series_title = S("Bridges");
	e.series_slug = S("bridges");
	e.part = 3;
	html = plain_article(&c, &e);
	CHECK_VALUE(html, "//meta[@property='og:image']/@content",
		"https://www.example.org/media/ab.jpg");
	CHECK_VALUE(html, "//meta[@name='twitter:card']/@content", "summary");
	CHECK_VALUE(html, "//meta[@name='twitter:site']/@content",
		"@newsroom");
	j = data_of(html);
	assert_int_equal(json_unpack(j, "{s:s, s:{s:s}, s:i, s:[{s:s}],"
		" s:[{s:s}]}", "@type", &type, "isPartOf", "name", &name,
		"position", &position, "editor", "name", &editor, "image",
		"creditText", &credit), 0);
	assert_string_equal(type, "NewsArticle");
	assert_string_equal(name, "Bridges");
	assert_int_equal(position, 3);
	assert_string_equal(editor, "Bo");
	assert_string_equal(credit, "Cy");
	json_decref(j);
}

static void
the_most_specific_feed_is_found_first(void **state)
{
	struct feed feeds[] = {
		{ .id = 1, .kind = CHANNEL_ALL, .slug = S("all") },
		{ .id = 2, .kind = CHANNEL_TOPIC, .slug = S("t"),
			.title = S("T") },
		{ .id = 3, .kind = CHANNEL_SERIES, .slug = S("s"),
			.title = S("S") },
	};
	struct config c = kit_config();
	struct entry e = make_entry();
	struct article_view v = { .entry = &e, .feeds = feeds,
		.n_feeds = COUNT_OF(feeds) };
	struct slice html = article(&c, &v);

	(void)state;
	CHECK_VALUE(html, "(//link[@type='application/atom+xml'])[1]/@href",
		"https://www.example.org/feeds/series/s.atom");
	CHECK_VALUE(html, "(//link[@type='application/atom+xml'])[2]/@href",
		"https://www.example.org/feeds/topics/t.atom");
	CHECK_VALUE(html, "(//link[@type='application/atom+xml'])[3]/@href",
		"https://www.example.org/feeds/all.atom");
	CHECK_VALUE(html, "//code", "https://www.example.org/feeds/series/"
		"s.atom");
	CHECK_VALUE(html, "//nav[@aria-labelledby='page-topics']//a", "T");
}

/* ---- what people read ---- */

static void
parts_stand_in_order_with_those_that_miss(void **state)
{
	struct entry parts[] = { make_entry(), make_entry(), make_entry() };
	int missing[] = { 3, 5 };
	struct config c = kit_config();
	struct article_view v = { .entry = &parts[1],
		.series = { parts, COUNT_OF(parts), missing, 2 } };
	struct slice html;

	(void)state;
	for (int i = 0; i < 3; i++) {
		parts[i].article_id = i + 1;
		parts[i].series_id = 1;
		parts[i].series_slug = S("s");
		parts[i].part = (int[]){ 1, 2, 4 }[i];
		parts[i].headline = S("Night");
	}
	parts[0].state = STATE_WITHDRAWN;
	html = article(&c, &v);
	CHECK_VALUE(html, "count(//ol[@class='parts']/li)", "4");
	CHECK_VALUE(html, "//ol[@class='parts']/li[@aria-current='page']",
		"Part 2 Night");
	CHECK_VALUE(html, "//ol[@class='parts']/li[2]",
		"Part 3: not here yet");
	CHECK_VALUE(html, "//ol[@class='parts']/li[3]/a", "Night");
	CHECK_VALUE(html, "//ol[@class='parts']/li[4]",
		"Part 5: not here yet");
	CHECK_VALUE(html, "count(//ol[@class='parts']//a)", "1");
}

static void
long_series_are_cut_around_the_article(void **state)
{
	struct entry *parts = ARENA_ARRAY(&kit_arena, struct entry, 100);
	struct config c = kit_config();
	struct article_view v = { .series = { parts, 100, NULL, 0 } };
	struct slice html;

	(void)state;
	for (int i = 0; i < 100; i++) {
		parts[i] = make_entry();
		parts[i].article_id = i + 1;
		parts[i].series_id = 1;
		parts[i].part = 2001 + i;	/* a second season */
	}
	v.entry = &parts[49];
	html = article(&c, &v);
	CHECK_VALUE(html, "count(//ol[@class='parts']/li)", "13");
	CHECK_VALUE(html, "//ol[@class='parts']/li[1]", "44 earlier");
	CHECK_VALUE(html, "//ol[@class='parts']/li[13]", "45 later");
	CHECK_VALUE(html, "//li[@aria-current]/span", "Part S2E50");
}

static void
furniture_speaks_the_language_of_the_text(void **state)
{
	static const struct { const char *lang, *want; } cases[] = {
		{ "en-GB", "Share" }, { "zh", "分享" }, { "zh-CN", "分享" },
		{ "zh-Hant", "分享" }, { "fr", "Share" }, { "", "Share" } };
	struct config c = kit_config();
	struct entry e = make_entry();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		e.lang = slice_str(cases[i].lang);
		CHECK_VALUE(plain_article(&c, &e), "//h2[@id='page-share']",
			cases[i].want);
	}
	assert_string_equal(words_for(S("zh-TW"))->lang, "zh-Hant");
	assert_string_equal(words_for(S("zh-hk"))->lang, "zh-Hant");
	assert_string_equal(words_for(S("zh-Hans-HK"))->lang, "zh-Hans");
	e.lang = S("fr");
	CHECK_VALUE(plain_article(&c, &e), "/html/@lang", "en");
	CHECK_VALUE(plain_article(&c, &e), "//article/@lang", "fr");
	e.lang = S("zh-TW");
	CHECK_VALUE(plain_article(&c, &e), "/html/@lang", "zh-TW");
	CHECK_VALUE(plain_article(&c, &e), "count(//article/@lang)", "0");
}

static void
no_language_lacks_a_word(void **state)
{
	static const char *const langs[] = { "en", "zh-Hans", "zh-Hant" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(langs); i++)
		for (int w = 0; w < WORD_COUNT; w++) {
			const char *en = words_for(S("en"))->text[w];
			const char *own = words_for(slice_str(langs[i]))
				->text[w];

			assert_non_null(own);
			assert_int_equal(!strstr(en, "{}"),
				!strstr(own, "{}"));
		}
}

static void
accounts_become_links(void **state)
{
	struct config c = kit_config();
	struct entry e = make_entry();
	struct slice html = plain_article(&c, &e);
	const char *all = "//section[@aria-labelledby='page-follow']";

	(void)state;
	CHECK_VALUE(html, "count(//section[@aria-labelledby='page-follow'])",
		"0");
	c.site.follow.twitter = S("@newsroom");
	c.site.follow.youtube = S("newsroom");
	c.site.follow.instagram = S("not an account");
	c.site.follow.wechat = S("新闻室");
	html = plain_article(&c, &e);
	CHECK_VALUE(html, "//footer//a[.='X']/@href",
		"https://x.com/newsroom");
	CHECK_VALUE(html, "//footer//a[.='YouTube']/@href",
		"https://www.youtube.com/@newsroom");
	assert_non_null(strstr(value(html, all), "Instagram: not an account"));
	assert_non_null(strstr(value(html, all), "WeChat: 新闻室"));
	c.site.follow.wechat = S("https://weixin.example/r/abc");
	html = plain_article(&c, &e);
	CHECK_VALUE(html, "//footer//svg/@aria-label", "Scan with WeChat");
	c.site.follow.wechat_code.name = S("wechat.png");
	html = plain_article(&c, &e);
	CHECK_VALUE(html, "//footer//img/@src",
		"https://www.example.org/wechat.png");
}

static void
addresses_are_values_in_share_links(void **state)
{
	struct config c = kit_config();
	struct entry e = make_entry();

	(void)state;
	e.title = S("Q&A: 100% {url}");
	CHECK_VALUE(plain_article(&c, &e), "//a[.='X']/@href",
		"https://x.com/intent/post?url=https%3A%2F%2Fwww.example.org"
		"%2Farticles%2Fa&text=Q%26A%3A%20100%25%20%7Burl%7D");
}

static void
policy_is_as_wide_as_the_article_needs(void **state)
{
	struct config c = kit_config();
	struct entry e = make_entry();
	const char *narrow = page_csp(&c, NULL);

	(void)state;
	assert_null(strstr(narrow, "http"));
	assert_null(strstr(narrow, "script"));
	e.html = S("<img src=\"https://www.example.org/media/a.jpg\">");
	assert_string_equal(page_csp(&c, &e), narrow);
	e.html = S("<img alt=\"\" src=\"https://else.example/a.jpg\">");
	assert_non_null(strstr(page_csp(&c, &e), "img-src 'self' https:"));
}

/* ---- pictures ---- */

static void
codes_are_drawn_unless_too_long(void **state)
{
	struct buf b = BUF_INIT(1 << 20);
	char *longer = x_calloc(1, QR_TEXT_MAX + 2);

	(void)state;
	memset(longer, 'x', QR_TEXT_MAX + 1);
	assert_false(qr_put(&b, slice(longer, QR_TEXT_MAX + 1), S("")));
	assert_false(qr_put(&b, S(""), S("")));
	assert_int_equal(b.len, 0);
	assert_true(qr_put(&b, slice(longer, QR_TEXT_MAX), S("A \"code\"")));
	assert_non_null(strstr(b.ptr, "aria-label=\"A &quot;code&quot;\""));
	buf_done(&b);
	free(longer);
}

static uint32_t
number_at(const struct buf *b, size_t at)
{
	const unsigned char *p = (const unsigned char *)b->ptr + at;

	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		(uint32_t)p[2] << 8 | p[3];
}

static void
the_picture_is_a_whole_png(void **state)
{
	size_t room = (size_t)ROW_BYTES * PAGE_PICTURE_HEIGHT, at = 8, got;
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	struct buf b = BUF_INIT(1 << 20);
	char *rows = x_calloc(1, room);

	(void)state;
	page_picture(&b);
	assert_true(buf_ok(&b));
	assert_int_equal(number_at(&b, 16), PAGE_PICTURE_WIDTH);
	assert_int_equal(number_at(&b, 20), PAGE_PICTURE_HEIGHT);
	while (at < b.len) {
		uint32_t len = number_at(&b, at);

		assert_int_equal(number_at(&b, at + 8 + len),
			libdeflate_crc32(0, b.ptr + at + 4, 4 + len));
		if (memcmp(b.ptr + at + 4, "IDAT", 4) == 0)
			assert_int_equal(libdeflate_zlib_decompress(d,
				b.ptr + at + 8, len, rows, room, &got), 0);
		at += 12 + len;
	}
	assert_int_equal(at, b.len);
	assert_int_equal(got, room);
	libdeflate_free_decompressor(d);
	buf_done(&b);
	free(rows);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(hostile_texts_stay_texts),
		KIT_TEST(dates_are_those_of_the_newsroom),
		KIT_TEST(cards_and_data),
		KIT_TEST(the_most_specific_feed_is_found_first),
		KIT_TEST(parts_stand_in_order_with_those_that_miss),
		KIT_TEST(long_series_are_cut_around_the_article),
		KIT_TEST(furniture_speaks_the_language_of_the_text),
		KIT_TEST(no_language_lacks_a_word),
		KIT_TEST(accounts_become_links),
		KIT_TEST(addresses_are_values_in_share_links),
		KIT_TEST(policy_is_as_wide_as_the_article_needs),
		KIT_TEST(codes_are_drawn_unless_too_long),
		KIT_TEST(the_picture_is_a_whole_png),
	};

	return cmocka_run_group_tests_name("page", tests, NULL, kit_done);
}
