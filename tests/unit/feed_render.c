/*
 * Rendering: what goes in as text comes out as that text, parsed back by
 * libxml2, whatever the bytes; addresses; the fragment cache.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "feed/fragment.h"
#include "feed/render.h"
#include "model/address.h"
#include "model/content.h"

static struct arena arena;

static struct config
make_config(void)
{
	struct config c = { .n_roots = 2 };

	c.site.name = S("AT&T <News>");
	c.site.url = S("https://www.example.org/");
	c.site.language = S("en");
	c.roots[0].permalink = S("/articles/{stem}");
	c.roots[1].permalink = S("https://old.example.org/{stem}.html");
	c.roots[1].prefix = S("old");
	return c;
}

static struct entry
make_entry(void)
{
	struct entry e = {
		.article_id = 1,
		.revision = 1,
		.uid = S("tag:example.org,2024:a"),
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

/* A feed document with one entry, as text. */
static struct slice
render(const struct config *c, struct entry *e)
{
	struct feed f = { .kind = CHANNEL_TOPIC, .slug = S("t"),
		.title = S("T"), .uid = S("tag:example.org,2024:topics/t"),
		.list = e, .n = 1 };
	struct buf b = BUF_INIT(1 << 20);
	struct slice s;

	renderer_atom.head(&b, c, &f, &arena);
	renderer_atom.entry(&b, c, e, CONTENT_FULL, &arena);
	renderer_atom.tail(&b);
	assert_true(buf_ok(&b));
	s = arena_copy(&arena, buf_slice(&b));
	buf_done(&b);
	return s;
}

/* The string value of an XPath (prefix a is Atom); parses strictly. */
static void
assert_xpath(struct slice xml, const char *path, const char *want)
{
	xmlDocPtr doc = xmlReadMemory(xml.ptr, (int)xml.len, "feed.atom",
		NULL, XML_PARSE_NONET);
	xmlXPathContextPtr x;
	xmlXPathObjectPtr o;
	xmlChar *text;

	assert_non_null(doc);
	x = xmlXPathNewContext(doc);
	xmlXPathRegisterNs(x, (const xmlChar *)"a",
		(const xmlChar *)"http://www.w3.org/2005/Atom");
	xmlXPathRegisterNs(x, (const xmlChar *)"s",
		(const xmlChar *)"https://schema.org/");
	o = xmlXPathEvalExpression((const xmlChar *)path, x);
	assert_non_null(o);
	text = xmlXPathCastToString(o);
	assert_string_equal((const char *)text, want);
	xmlFree(text);
	xmlXPathFreeObject(o);
	xmlXPathFreeContext(x);
	xmlFreeDoc(doc);
}

static void
assert_content(const struct entry *e, const char *want)
{
	struct config c = make_config();
	struct buf b = BUF_INIT(1 << 16);

	content_put(&b, &c, e, &arena);
	if (!slice_eq(buf_slice(&b), slice_str(want)))
		fail_msg("%.*s", ARG(buf_slice(&b)));
	buf_done(&b);
}

static void
corrections_come_first_and_once(void **state)
{
	struct entry e = make_entry();

	(void)state;
	e.fields.correction = S("It was <4, not 3 & a half.");
	assert_content(&e, "<p><strong>Correction:</strong> It was &lt;4, not "
		"3 &amp; a half.</p>\n<p>Text</p>");
	e.lang = S("zh-Hans");
	e.html = S("");
	assert_content(&e, "<p><strong>更正：</strong>It was &lt;4, not "
		"3 &amp; a half.</p>");
	e.html = S("<p>Correction: It was &lt;4, not 3 &amp; a half.</p>");
	assert_content(&e, e.html.ptr);
}

static struct slice
render_head(const struct feed *f)
{
	struct config c = make_config();
	struct buf b = BUF_INIT(1 << 16);
	struct slice s;

	renderer_atom.head(&b, &c, f, &arena);
	s = arena_copy(&arena, buf_slice(&b));
	buf_done(&b);
	return s;
}

static void
tombstones_stand_where_a_feed_is_not_complete(void **state)
{
	struct tombstone gone = { .uid = S("tag:example.org,2024:a&b"),
		.when = 1715760000 };
	struct feed f = { .kind = CHANNEL_TOPIC, .slug = S("t"),
		.uid = S("tag:example.org,2024:topics/t"), .complete = true };
	struct slice space = S("http://purl.org/atompub/tombstones/1.0");

	(void)state;
	assert_true(slice_find(render_head(&f), space, 0) < 0);
	f.gone = &gone;
	f.n_gone = 1;
	assert_true(slice_find(render_head(&f), space, 0) > 0);
	assert_true(slice_find(render_head(&f), S("  <at:deleted-entry "
		"ref=\"tag:example.org,2024:a&amp;b\" "
		"when=\"2024-05-15T08:00:00Z\"/>\n"), 0) > 0);
	f.kind = CHANNEL_SERIES;
	assert_true(slice_find(render_head(&f), space, 0) < 0);
	f.complete = false;
	assert_true(slice_find(render_head(&f), space, 0) > 0);
}

static void
hostile_titles_come_back(void **state)
{
	static const char *const titles[] = { "<3", "AT&T", "&amp;", "]]>",
		"\"quoted\" 'and' more", "emoji \xf0\x9f\x98\x80 here",
		"\xe2\x80\x8f rtl \xd7\xa9", "a < b > c", "&#x26;" };
	struct config c = make_config();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(titles); i++) {
		struct entry e = make_entry();

		e.title = slice_str(titles[i]);
		e.summary = e.title;
		assert_xpath(render(&c, &e), "/a:feed/a:entry/a:title",
			titles[i]);
		assert_xpath(render(&c, &e), "/a:feed/a:entry/a:summary",
			titles[i]);
	}
}

static void
forbidden_characters_go(void **state)
{
	struct config c = make_config();
	struct entry e = make_entry();

	(void)state;
	e.title = S("a\x01\x0b\x1f\xc2\x85\xef\xbf\xbe\xef\xbf\xbf" "b\x7f");
	assert_xpath(render(&c, &e), "/a:feed/a:entry/a:title", "ab");
}

static void
series_position_and_links(void **state)
{
	struct config c = make_config();
	struct entry e = make_entry();
	struct slice xml;

	(void)state;
	e.series_id = 1;
	e.series_title = S("Bridges");
	e.series_slug = S("bridges");
	e.part = 3;
	xml = render(&c, &e);
	assert_xpath(xml, "//s:position", "3");
	assert_xpath(xml, "//a:entry/a:link[@rel='up']/@href",
		"https://www.example.org/series/bridges/");
	assert_xpath(xml, "//a:entry/a:category/@term", "bridges");
	assert_xpath(xml, "//a:entry/a:link[@rel='alternate']/@href",
		"https://www.example.org/articles/a");
	assert_xpath(xml, "count(//a:entry/@xml:lang)", "0");
}

static void
people_have_their_roles(void **state)
{
	struct person people[] = {
		{ S("Ann"), ROLE_AUTHOR },
		{ S("Bo & Co"), ROLE_EDITOR },
		{ S("Cy"), ROLE_PHOTOGRAPHER },
	};
	struct config c = make_config();
	struct entry e = make_entry();
	struct slice xml;

	(void)state;
	e.people = people;
	e.n_people = COUNT_OF(people);
	xml = render(&c, &e);
	assert_xpath(xml, "//a:entry/a:author/a:name", "Ann");
	assert_xpath(xml, "//a:entry/a:contributor/a:name", "Bo & Co");
	assert_xpath(xml, "//*[local-name()='credit']", "Cy");
	assert_xpath(xml, "/a:feed/a:author/a:name", "AT&T <News>");
}

static void
related_titles_link_only_when_here(void **state)
{
	struct related related[] = {
		{ .title = S("Here & now"), .article_id = 2,
			.slug = S("b"), .path = S("old/b.txt") },
		{ .title = S("Not <yet>") },
	};
	struct config c = make_config();
	struct entry e = make_entry();
	struct buf b = BUF_INIT(4096);

	(void)state;
	e.related = related;
	e.n_related = COUNT_OF(related);
	e.related_label = S("Related links:");
	content_put(&b, &c, &e, &arena);
	assert_string_equal(b.ptr, "<p>Text</p>\n<p>Related links:</p>\n<ul>"
		"\n<li><a href=\"https://old.example.org/b.html\">Here &amp; "
		"now</a></li>\n<li>Not &lt;yet&gt;</li>\n</ul>");
	assert_xpath(render(&c, &e), "count(//a:link[@rel='related'])", "1");
	buf_done(&b);
}

static void
articles_have_addresses_and_back(void **state)
{
	struct config c = make_config();
	struct slice a = address_article(&c, S("x/\xe6\xb8\xaf.txt"),
		S("\xe6\xb8\xaf"), &arena);

	(void)state;
	assert_string_equal(a.ptr,
		"https://www.example.org/articles/%E6%B8%AF");
	a = address_article_slug(&c, S("/articles/%E6%B8%AF"), &arena);
	assert_true(slice_eq(a, S("\xe6\xb8\xaf")));
	assert_null(address_article_slug(&c, S("/articles/"), &arena).ptr);
	assert_null(address_article_slug(&c, S("/articles/a/b"), &arena).ptr);
	assert_null(address_article_slug(&c, S("/articles/%00"), &arena).ptr);
}

static void
feed_updated_is_the_newest_entry(void **state)
{
	struct entry list[2] = { make_entry(), make_entry() };
	struct feed f = { .list = list, .n = 2, .born = 7 };

	(void)state;
	list[1].updated += 60;
	assert_int_equal(feed_updated(&f), list[1].updated);
	f.n = 0;
	assert_int_equal(feed_updated(&f), 7);
}

static void
fragments_keep_the_newest_within_their_limit(void **state)
{
	struct fragments *f = fragments_new(64 * 1024);
	char bytes[1000] = "x";
	struct buf b = BUF_INIT(1 << 20);
	struct fragment_key first = { 1, 1, 0, 0 };

	(void)state;
	for (int64_t i = 1; i <= 200; i++) {
		struct fragment_key k = { i, 1, 0, 0 };

		fragments_put(f, &k, slice(bytes, sizeof(bytes)));
		assert_true(fragments_get(f, &k, &b));
		/* The first is asked for all the time, so it stays. */
		assert_true(fragments_get(f, &first, &b));
	}
	assert_false(fragments_get(f, &(struct fragment_key){ 2, 1, 0, 0 },
		&b));
	assert_false(fragments_get(f, &(struct fragment_key){ 1, 2, 0, 0 },
		&b));
	assert_int_equal(fragments_made(f), 200);
	/* Nothing of it stays, of whatever revision. */
	fragments_put(f, &(struct fragment_key){ 1, 2, 0, 0 }, S("x"));
	fragments_forget(f, 1);
	assert_false(fragments_get(f, &first, &b));
	assert_true(fragments_get(f, &(struct fragment_key){ 200, 1, 0, 0 },
		&b));
	buf_done(&b);
	fragments_free(f);
}

static int
done(void **state)
{
	(void)state;
	arena_done(&arena);
	xmlCleanupParser();
	return 0;
}

static void
pictures_are_media_content(void **state)
{
	struct media media[] = {
		{ .name = S("ab.jpg"), .type = S("image/jpeg"), .size = 77,
			.width = 640, .height = 480, .credit = S("Cy"),
			.caption = S("A <pier>") },
		{ .name = S("cd.png"), .type = S("image/png"), .size = 5,
			.width = 6, .height = 7 },
		{ .url = S("https://elsewhere/x.jpg") },
	};
	struct person people[] = {
		{ S("Cy"), ROLE_PHOTOGRAPHER }, { S("Di"), ROLE_PHOTOGRAPHER },
	};
	struct config c = make_config();
	struct entry e = make_entry();
	struct slice xml;

	(void)state;
	e.media = media;
	e.n_media = COUNT_OF(media);
	e.people = people;
	e.n_people = COUNT_OF(people);
	xml = render(&c, &e);
	assert_xpath(xml, "count(//*[local-name()='content'][@url])", "2");
	assert_xpath(xml, "//*[@fileSize='77']/@width", "640");
	assert_xpath(xml, "//*[@fileSize='77']/@type", "image/jpeg");
	assert_xpath(xml, "substring-after(//*[@fileSize='77']/@url, "
		"'/media/')", "ab.jpg");
	assert_xpath(xml, "//*[@fileSize='77']/*[local-name()='credit']",
		"Cy");
	assert_xpath(xml, "//*[@fileSize='77']/*[local-name()='description']",
		"A <pier>");
	assert_xpath(xml, "count(//*[@fileSize='5']/*)", "0");
	assert_xpath(xml, "//a:entry/*[local-name()='credit']", "Di");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pictures_are_media_content),
		cmocka_unit_test(corrections_come_first_and_once),
		cmocka_unit_test(tombstones_stand_where_a_feed_is_not_complete),
		cmocka_unit_test(hostile_titles_come_back),
		cmocka_unit_test(forbidden_characters_go),
		cmocka_unit_test(series_position_and_links),
		cmocka_unit_test(people_have_their_roles),
		cmocka_unit_test(related_titles_link_only_when_here),
		cmocka_unit_test(articles_have_addresses_and_back),
		cmocka_unit_test(feed_updated_is_the_newest_entry),
		cmocka_unit_test(fragments_keep_the_newest_within_their_limit),
	};

	return cmocka_run_group_tests_name("feed", tests, NULL, done);
}
