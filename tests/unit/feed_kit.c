/*
 * What tests of formats share (feed_kit.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "feed_kit.h"

struct arena kit_arena;

static struct slice hub = S_INIT("https://hub.example.org/");
static struct person people[] = {
	{ S_INIT("Ann & Co"), ROLE_AUTHOR },
	{ S_INIT("Cy"), ROLE_PHOTOGRAPHER },
	{ S_INIT("Di"), ROLE_PHOTOGRAPHER },
	{ S_INIT("Ed"), ROLE_EDITOR },
	{ S_INIT("Tr"), ROLE_TRANSLATOR },
};
static struct related related[] = {
	{ .title = S_INIT("Bridges \xe2\x91\xa0 | One"), .article_id = 2,
		.slug = S_INIT("b1"), .path = S_INIT("b1.txt"),
		.mark.number = 1 },
	{ .title = S_INIT("Bridges \xe2\x91\xa3 | Four"), .mark.number = 4 },
};
static struct media media[] = {
	{ .name = S_INIT("ab.jpg"), .type = S_INIT("image/jpeg"), .size = 77,
		.width = 640, .height = 480, .credit = S_INIT("Cy"),
		.alt = S_INIT("a \"pier\""), .caption = S_INIT("A <pier>"),
		.licence = S_INIT("https://licence.example.org/1") },
	{ .kind = MEDIA_VIDEO,
		.url = S_INIT("https://www.youtube.com/watch?v=a&b") },
	{ .kind = MEDIA_VIDEO, .url = S_INIT("https://v.example.org/x.MP4?a") },
	{ .url = S_INIT("https://elsewhere.example.org/x.jpg") },
};
static struct topic topics[] = { { S_INIT("gba"), S_INIT("Bay <Area>") } };
static struct slice tags[] = { S_INIT("GBA"), S_INIT("rain & wind") };

struct config
kit_config(void)
{
	struct config c = { .n_roots = 1 };

	c.site.name = S("AT&T <News>");
	c.site.url = S("https://www.example.org/");
	c.site.language = S("en");
	c.site.hubs = &hub;
	c.site.n_hubs = 1;
	c.roots[0].permalink = S("/articles/{stem}");
	return c;
}

struct entry
kit_entry(void)
{
	struct entry e = {
		.article_id = 1,
		.revision = 1,
		.uid = S("tag:example.org,2024:a"),
		.slug = S("a"),
		.path = S("a.txt"),
		.title = S("Bridges \xe2\x91\xa2 | Three & more"),
		.published = 1715760000,
		.updated = 1715760060,
		.lang = S("zh-Hans"),
		.summary = S("A <summary> & more."),
		.html = S("<p>Text &amp; <b>more</b></p>"),
		.people = people,
		.n_people = COUNT_OF(people),
		.related = related,
		.n_related = COUNT_OF(related),
		.related_label = S("Related links:"),
		.media = media,
		.n_media = COUNT_OF(media),
		.series_id = 1,
		.series_title = S("Bridges"),
		.series_slug = S("bridges"),
		.series_uid = S("tag:example.org,2024:series/bridges"),
		.part = 3,
		.part_label = S("\xe2\x91\xa2"),
		.topics = topics,
		.n_topics = COUNT_OF(topics),
		.fields = { .tags = tags, .n_tags = COUNT_OF(tags),
			.copyright = S("(c) Us & them"),
			.licence = S("https://licence.example.org/2") },
	};

	return e;
}

struct slice
kit_keep(struct buf *b)
{
	struct slice s;

	assert_true(buf_ok(b));
	s = arena_copy(&kit_arena, buf_slice(b));
	buf_done(b);
	return s;
}

const char *
kit_xpath(struct slice xml, const char *path)
{
	static const char *const spaces[][2] = {
		{ "a", "http://www.w3.org/2005/Atom" },
		{ "content", "http://purl.org/rss/1.0/modules/content/" },
		{ "dc", "http://purl.org/dc/elements/1.1/" },
		{ "fh", "http://purl.org/syndication/history/1.0" },
		{ "media", "http://search.yahoo.com/mrss/" },
		{ "news", "http://www.google.com/schemas/sitemap-news/0.9" },
		{ "s", "http://www.sitemaps.org/schemas/sitemap/0.9" },
		{ "schema", "https://schema.org/" },
	};
	xmlDocPtr doc = xmlReadMemory(xml.ptr, (int)xml.len, "feed.xml",
		NULL, XML_PARSE_NONET | XML_PARSE_HUGE);
	xmlXPathContextPtr x;
	xmlXPathObjectPtr o;
	xmlChar *text;
	const char *ret;

	assert_non_null(doc);
	x = xmlXPathNewContext(doc);
	for (size_t i = 0; i < COUNT_OF(spaces); i++)
		xmlXPathRegisterNs(x, (const xmlChar *)spaces[i][0],
			(const xmlChar *)spaces[i][1]);
	o = xmlXPathEvalExpression((const xmlChar *)path, x);
	assert_non_null(o);
	text = xmlXPathCastToString(o);
	ret = arena_copy(&kit_arena, slice_str((const char *)text)).ptr;
	xmlFree(text);
	xmlXPathFreeObject(o);
	xmlXPathFreeContext(x);
	xmlFreeDoc(doc);
	return ret;
}

int
kit_forget(void **state)
{
	(void)state;
	arena_reset(&kit_arena);
	return 0;
}

int
kit_done(void **state)
{
	(void)state;
	arena_done(&kit_arena);
	xmlCleanupParser();
	return 0;
}
