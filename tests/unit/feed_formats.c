/*
 * The formats beside Atom: the same data, each in its own syntax, parsed back
 * by libraries that have nothing to do with us.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <jansson.h>
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "feed/opml.h"
#include "feed/render.h"
#include "feed/sitemap.h"

enum { DOCUMENT_MAX = 32 * 1024 * 1024 };

static struct arena arena;
static struct slice hub = S_INIT("https://hub.example.org/");

/* What stands between quotation marks survives no format by luck. */
static const char *const hostile[] = {
	"<3", "AT&T", "&amp;", "&#x26;lt;", "]]>", "\"quoted\" 'and' more",
	"back\\slash", "</title><script>alert(1)</script>", "a < b > c",
	"emoji \xf0\x9f\x98\x80", "\xe2\x80\x8f rtl \xd7\xa9",
	"a\ttab and a\nline", "\\u0041", "{{}}", "<!--", "<?xml?>",
};

static struct config
make_config(void)
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

/* An entry that has everything. */
static struct entry
make_entry(void)
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

static struct feed
make_feed(struct entry *list, size_t n)
{
	return (struct feed){ .kind = CHANNEL_TOPIC, .slug = S("gba"),
		.title = S("Bay <Area>"), .list = list, .n = n,
		.uid = S("tag:example.org,2024:topics/gba"), .entries = n };
}

static struct slice
keep(struct buf *b)
{
	struct slice s;

	assert_true(buf_ok(b));
	s = arena_copy(&arena, buf_slice(b));
	buf_done(b);
	return s;
}

static struct slice
render(const struct renderer *r, const struct config *c, struct feed *f,
	enum content_mode how)
{
	struct buf b = BUF_INIT(DOCUMENT_MAX);

	r->head(&b, c, f, &arena);
	for (size_t i = 0; i < f->n; i++) {
		if (i > 0)
			buf_put_str(&b, r->between);
		r->entry(&b, c, &f->list[i], how, &arena);
	}
	r->tail(&b);
	return keep(&b);
}

static struct slice
render_one(const struct renderer *r, const struct config *c,
	struct entry *e, enum content_mode how)
{
	struct feed f = make_feed(e, 1);

	return render(r, c, &f, how);
}

/* ---- XML ---- */

/* The string value of an XPath; parses strictly. */
static const char *
xpath(struct slice xml, const char *path)
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
	ret = arena_copy(&arena, slice_str((const char *)text)).ptr;
	xmlFree(text);
	xmlXPathFreeObject(o);
	xmlXPathFreeContext(x);
	xmlFreeDoc(doc);
	return ret;
}

/* What a reader shows that takes a text for HTML. */
static const char *
html_text(const char *html)
{
	struct slice whole = arena_printf(&arena,
		"<html><body>%s</body></html>", html);
	htmlDocPtr doc = htmlReadMemory(whole.ptr, (int)whole.len, "x.html",
		"utf-8", HTML_PARSE_NONET | HTML_PARSE_NOERROR);
	xmlChar *text = xmlNodeGetContent(xmlDocGetRootElement(doc));
	const char *ret = arena_copy(&arena,
		slice_str((const char *)text)).ptr;

	xmlFree(text);
	xmlFreeDoc(doc);
	return ret;
}

static void
rss_says_what_an_entry_says(void **state)
{
	struct config c = make_config();
	struct entry e = make_entry();
	struct slice x = render_one(&renderer_rss, &c, &e, CONTENT_FULL);
	static const char *const wants[][2] = {
		{ "/rss/@version", "2.0" },
		{ "/rss/channel/title", "Bay <Area>" },
		{ "/rss/channel/link", "https://www.example.org/topics/gba/" },
		{ "/rss/channel/lastBuildDate",
			"Wed, 15 May 2024 08:01:00 GMT" },
		{ "/rss/channel/a:link[@rel='self']/@href",
			"https://www.example.org/feeds/topics/gba.rss" },
		{ "/rss/channel/a:link[@rel='self']/@type",
			"application/rss+xml" },
		{ "/rss/channel/a:link[@rel='hub']/@href",
			"https://hub.example.org/" },
		{ "//item/title", "Bridges \xe2\x91\xa2 | Three & more" },
		{ "//item/guid", "tag:example.org,2024:a" },
		{ "//item/guid/@isPermaLink", "false" },
		{ "//item/link", "https://www.example.org/articles/a" },
		{ "//item/pubDate", "Wed, 15 May 2024 08:00:00 GMT" },
		{ "//item/dc:creator", "Ann & Co" },
		{ "//item/dc:contributor[1]", "Ed" },
		{ "//item/dc:contributor[2]", "Tr" },
		{ "//item/dc:language", "zh-Hans" },
		{ "//item/dc:rights", "(c) Us & them" },
		{ "//item/a:link[@rel='license']/@href",
			"https://licence.example.org/2" },
		{ "//item/category[1]", "Bridges" },
		{ "//item/category[2]", "Bay <Area>" },
		{ "//item/category[2]/@domain",
			"https://www.example.org/topics/" },
		{ "//item/category[3]", "rain & wind" },
		{ "count(//item/category)", "3" },
		{ "//item/schema:position", "3" },
		{ "count(//item/enclosure)", "1" },
		{ "//item/enclosure/@type", "video/mp4" },
		{ "//item/media:thumbnail/@width", "640" },
		{ "//item/media:credit", "Di" },
		{ "//item/description", "A &lt;summary&gt; &amp; more." },
		{ "starts-with(//item/content:encoded, "
			"'<p>Text &amp; <b>more</b></p>')", "true" },
		{ "count(//item/description/following-sibling::"
			"content:encoded)", "1" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wants); i++)
		assert_string_equal(xpath(x, wants[i][0]), wants[i][1]);
}

static void
media_are_said_alike_in_atom_and_rss(void **state)
{
	struct config c = make_config();
	struct entry e = make_entry();
	static const char *const wants[][2] = {
		{ "count(//media:content)", "3" },
		{ "//media:content[1]/@url",
			"https://www.example.org/media/ab.jpg" },
		{ "//media:content[1]/@fileSize", "77" },
		{ "//media:content[1]/media:credit", "Cy" },
		{ "//media:content[1]/media:credit/@role", "photographer" },
		{ "//media:content[1]/media:description", "A <pier>" },
		{ "//media:content[1]/media:license/@href",
			"https://licence.example.org/1" },
		{ "//media:content[2]/@medium", "video" },
		{ "count(//media:content[2]/@url)", "0" },
		{ "//media:content[2]/media:player/@url",
			"https://www.youtube.com/watch?v=a&b" },
		{ "//media:content[3]/@url", "https://v.example.org/x.MP4?a" },
		{ "//media:content[3]/@type", "video/mp4" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wants); i++) {
		assert_string_equal(xpath(render_one(&renderer_rss, &c, &e,
			CONTENT_FULL), wants[i][0]), wants[i][1]);
		assert_string_equal(xpath(render_one(&renderer_atom, &c, &e,
			CONTENT_FULL), wants[i][0]), wants[i][1]);
	}
}

static void
a_site_has_a_licence_for_who_has_none(void **state)
{
	struct config c = make_config();
	struct entry e = make_entry();
	struct slice x;

	(void)state;
	c.site.licence = S("https://licence.example.org/site");
	e.fields.licence = S("");
	for (int i = 0; i < 2; i++) {
		x = render_one(renderers[i], &c, &e, CONTENT_FULL);
		assert_string_equal(xpath(x, "count(//a:link[@rel='license']"
			"[@href='https://licence.example.org/site'])"), "2");
	}
}

/* ---- JSON ---- */

static json_t *
parse_json(struct slice s)
{
	json_error_t why;
	json_t *root = json_loadb(s.ptr, s.len, JSON_REJECT_DUPLICATES, &why);

	if (!root)
		fail_msg("%s at %d", why.text, why.position);
	return root;
}

/* A text or a number at a path: "items.0.title"; "" when it is not there. */
static const char *
json_at(const json_t *node, const char *path)
{
	struct slice rest = slice_str(path), word;

	while (slice_next_field(&rest, '.', &word)) {
		const char *key = arena_copy(&arena, word).ptr;

		node = json_is_array(node) ? json_array_get(node,
			(size_t)slice_number(word, 1000)) :
			json_object_get(node, key);
	}
	if (json_is_integer(node))
		return arena_printf(&arena, "%lld",
			(long long)json_integer_value(node)).ptr;
	return json_is_string(node) ? json_string_value(node) : "";
}

static void
json_says_what_an_entry_says(void **state)
{
	struct config c = make_config();
	struct entry e = make_entry();
	json_t *root = parse_json(render_one(&renderer_json, &c, &e,
		CONTENT_FULL));
	static const char *const wants[][2] = {
		{ "version", "https://jsonfeed.org/version/1.1" },
		{ "title", "Bay <Area>" },
		{ "home_page_url", "https://www.example.org/topics/gba/" },
		{ "feed_url", "https://www.example.org/feeds/topics/gba.json" },
		{ "language", "en" },
		{ "authors.0.name", "AT&T <News>" },
		{ "hubs.0.type", "WebSub" },
		{ "hubs.0.url", "https://hub.example.org/" },
		{ "next_url", "" },
		{ "items.0.id", "tag:example.org,2024:a" },
		{ "items.0.url", "https://www.example.org/articles/a" },
		{ "items.0.title", "Bridges \xe2\x91\xa2 | Three & more" },
		{ "items.0.summary", "A <summary> & more." },
		{ "items.0.image", "https://www.example.org/media/ab.jpg" },
		{ "items.0.date_published", "2024-05-15T08:00:00Z" },
		{ "items.0.date_modified", "2024-05-15T08:01:00Z" },
		{ "items.0.authors.0.name", "Ann & Co" },
		{ "items.0.tags.0", "Bridges" },
		{ "items.0.tags.1", "Bay <Area>" },
		{ "items.0.tags.2", "rain & wind" },
		{ "items.0.language", "zh-Hans" },
		{ "items.0.attachments.0.mime_type", "image/jpeg" },
		{ "items.0.attachments.0.size_in_bytes", "77" },
		{ "items.0.attachments.0._gazetted.credit", "Cy" },
		{ "items.0.attachments.0._gazetted.alt", "a \"pier\"" },
		{ "items.0.attachments.1.mime_type", "text/html" },
		{ "items.0.attachments.2.mime_type", "video/mp4" },
		{ "items.0._gazetted.series.id",
			"tag:example.org,2024:series/bridges" },
		{ "items.0._gazetted.series.part", "3" },
		{ "items.0._gazetted.series.label", "\xe2\x91\xa2" },
		{ "items.0._gazetted.series.parts_known", "4" },
		{ "items.0._gazetted.topics.0.slug", "gba" },
		{ "items.0._gazetted.contributors.0.role", "editor" },
		{ "items.0._gazetted.contributors.1.role", "translator" },
		{ "items.0._gazetted.credits.1.name", "Di" },
		{ "items.0._gazetted.related.0.url",
			"https://www.example.org/articles/b1" },
		{ "items.0._gazetted.related.1.url", "" },
		{ "items.0._gazetted.related.1.part", "4" },
		{ "items.0._gazetted.licence",
			"https://licence.example.org/2" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wants); i++)
		assert_string_equal(json_at(root, wants[i][0]), wants[i][1]);
	assert_memory_equal(json_at(root, "items.0.content_html"),
		"<p>Text &amp; <b>more</b></p>", 29);
	json_decref(root);
}

static void
an_entry_with_nothing_leaves_everything_out(void **state)
{
	struct config c = make_config();
	struct entry e = { .uid = S("tag:example.org,2024:a"),
		.slug = S("a"), .path = S("a.txt"), .title = S("Plain"),
		.lang = S("en") };
	json_t *root = parse_json(render_one(&renderer_json, &c, &e,
		CONTENT_FULL));
	const json_t *item = json_array_get(json_object_get(root, "items"), 0);

	(void)state;
	assert_int_equal(json_object_size(item), 6);
	assert_null(json_object_get(item, "_gazetted"));
	assert_null(json_object_get(root, "_gazetted"));
	json_decref(root);
}

static void
an_archive_is_a_chain(void **state)
{
	struct config c = make_config();
	struct entry e = make_entry();
	struct tombstone gone = { .uid = S("tag:example.org,2024:x"),
		.when = 1715760000 };
	struct feed f = make_feed(&e, 1);
	struct slice x;
	json_t *root;

	(void)state;
	f.page = 3;
	f.prev_page = 2;
	f.gone = &gone;
	f.n_gone = 1;
	x = render(&renderer_rss, &c, &f, CONTENT_FULL);
	assert_string_equal(xpath(x, "count(//fh:archive)"), "1");
	assert_string_equal(xpath(x, "//channel/a:link[@rel='prev-archive']"
		"/@href"), "https://www.example.org/feeds/topics/gba/archive/"
		"2.rss");
	assert_string_equal(xpath(x, "//channel/a:link[@rel='current']/@href"),
		"https://www.example.org/feeds/topics/gba.rss");
	root = parse_json(render(&renderer_json, &c, &f, CONTENT_FULL));
	assert_string_equal(json_at(root, "next_url"),
		"https://www.example.org/feeds/topics/gba/archive/2.json");
	assert_string_equal(json_at(root, "_gazetted.current"),
		"https://www.example.org/feeds/topics/gba.json");
	assert_string_equal(json_at(root, "_gazetted.withdrawn.0.id"),
		"tag:example.org,2024:x");
	json_decref(root);
}

static void
several_items_and_none_are_json(void **state)
{
	struct config c = make_config();
	struct entry list[3] = { make_entry(), make_entry(), make_entry() };
	struct feed f = make_feed(list, 3);
	json_t *root = parse_json(render(&renderer_json, &c, &f,
		CONTENT_FULL));

	(void)state;
	assert_int_equal(json_array_size(json_object_get(root, "items")), 3);
	json_decref(root);
	f.n = 0;
	root = parse_json(render(&renderer_json, &c, &f, CONTENT_FULL));
	assert_int_equal(json_array_size(json_object_get(root, "items")), 0);
	json_decref(root);
}

/* ---- all of them ---- */

static void
hostile_titles_come_back(void **state)
{
	struct config c = make_config();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(hostile); i++) {
		struct entry e = make_entry();
		struct slice x;
		json_t *root;

		e.title = e.summary = slice_str(hostile[i]);
		x = render_one(&renderer_rss, &c, &e, CONTENT_FULL);
		assert_string_equal(xpath(x, "//item/title"), hostile[i]);
		assert_string_equal(html_text(xpath(x, "//item/description")),
			hostile[i]);
		root = parse_json(render_one(&renderer_json, &c, &e,
			CONTENT_FULL));
		assert_string_equal(json_at(root, "items.0.title"),
			hostile[i]);
		assert_string_equal(json_at(root, "items.0.summary"),
			hostile[i]);
		json_decref(root);
	}
}

static void
a_channel_says_how_much_is_in_an_entry(void **state)
{
	struct config c = make_config();
	struct entry e = make_entry();
	static const struct {
		enum content_mode how;
		const char *summaries, *contents;
	} cases[] = {
		{ CONTENT_FULL, "1", "1" },
		{ CONTENT_SUMMARY, "1", "0" },
		{ CONTENT_TITLE, "0", "0" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct slice rss = render_one(&renderer_rss, &c, &e,
			cases[i].how);
		struct slice atom = render_one(&renderer_atom, &c, &e,
			cases[i].how);
		json_t *root = parse_json(render_one(&renderer_json, &c, &e,
			cases[i].how));

		assert_string_equal(xpath(rss, "count(//item/description)"),
			cases[i].summaries);
		assert_string_equal(xpath(rss, "count(//content:encoded)"),
			cases[i].contents);
		assert_string_equal(xpath(atom, "count(//a:summary)"),
			cases[i].summaries);
		assert_string_equal(xpath(atom, "count(//a:content)"),
			cases[i].contents);
		assert_string_equal(json_at(root, "items.0.content_text"),
			cases[i].how == CONTENT_FULL ? "" :
			cases[i].how == CONTENT_SUMMARY ? e.summary.ptr :
			e.title.ptr);
		json_decref(root);
	}
}

/* ---- lists ---- */

static void
opml_lists_public_feeds_once(void **state)
{
	struct config c = make_config();
	struct feed feeds[] = {
		{ .kind = CHANNEL_ALL, .slug = S("all"), .entries = 3,
			.born = 1715760000 },
		{ .kind = CHANNEL_SERIES, .slug = S("bridges"), .entries = 1,
			.title = S("Bridges & <more>"), .born = 1715760060 },
		{ .kind = CHANNEL_TOPIC, .slug = S("empty") },
		{ .kind = CHANNEL_TOPIC, .slug = S("secret"), .entries = 1,
			.born = 1999999999, .is_private = true },
	};
	struct buf b = BUF_INIT(DOCUMENT_MAX);
	struct slice x;

	(void)state;
	opml_put(&b, &c, feeds, COUNT_OF(feeds), &arena);
	x = keep(&b);
	assert_string_equal(xpath(x, "/opml/@version"), "2.0");
	assert_string_equal(xpath(x, "/opml/head/title"), "AT&T <News>");
	assert_string_equal(xpath(x, "/opml/head/dateModified"),
		"Wed, 15 May 2024 08:01:00 GMT");
	assert_string_equal(xpath(x, "count(//outline[@xmlUrl])"), "2");
	assert_string_equal(xpath(x, "/opml/body/outline[1]/@xmlUrl"),
		"https://www.example.org/feeds/all.atom");
	assert_string_equal(xpath(x, "/opml/body/outline[@text='Series']"
		"/outline/@text"), "Bridges & <more>");
	assert_true(slice_find(x, S("secret"), 0) < 0);
}

static struct slice
finish(struct sitemap *s)
{
	sitemap_end(s);
	assert_true(s->b.len <= SITEMAP_BYTES_MAX);
	return keep(&s->b);
}

/* How many times an entry goes into a file. */
static size_t
fill(enum sitemap_kind kind, const struct config *c, const struct entry *e)
{
	struct sitemap s;
	size_t n = 0;

	sitemap_begin(&s, kind);
	while (!sitemap_is_full(&s)) {
		sitemap_put_article(&s, c, e, &arena);
		n++;
	}
	finish(&s);
	return n;
}

static void
sitemaps_end_at_their_limits(void **state)
{
	struct config c = make_config();
	struct entry e = make_entry();
	size_t n;

	(void)state;
	assert_int_equal(fill(SITEMAP_PAGES, &c, &e), SITEMAP_URLS_MAX);
	assert_int_equal(fill(SITEMAP_NEWS, &c, &e), SITEMAP_NEWS_MAX);
	/* Long addresses: the bytes end it first. */
	e.fields.url = arena_printf(&arena, "https://www.example.org/%01900d",
		0);
	n = fill(SITEMAP_PAGES, &c, &e);
	assert_true(n > 1000 && n < SITEMAP_URLS_MAX);
}

static void
a_sitemap_names_what_is_here(void **state)
{
	struct config c = make_config();
	struct entry e = make_entry();
	struct sitemap s;
	struct slice x;

	(void)state;
	sitemap_begin(&s, SITEMAP_PAGES);
	sitemap_put_article(&s, &c, &e, &arena);
	e.fields.url = S("https://elsewhere.example.org/");
	sitemap_put_article(&s, &c, &e, &arena);
	e.fields.url = arena_printf(&arena, "https://www.example.org/%0*d",
		SITEMAP_URL_MAX, 0);
	sitemap_put_article(&s, &c, &e, &arena);
	x = finish(&s);
	assert_string_equal(xpath(x, "count(/s:urlset/s:url)"), "1");
	assert_string_equal(xpath(x, "/s:urlset/s:url[1]/s:loc"),
		"https://www.example.org/articles/a");
	assert_string_equal(xpath(x, "/s:urlset/s:url[1]/s:lastmod"),
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
	struct config c = make_config();
	struct entry e = make_entry();
	struct sitemap s;
	struct slice x;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		e.lang = cases[i].lang;
		sitemap_begin(&s, SITEMAP_NEWS);
		sitemap_put_article(&s, &c, &e, &arena);
		x = finish(&s);
		assert_string_equal(xpath(x, "//news:language"),
			cases[i].want);
	}
	assert_string_equal(xpath(x, "//news:name"), "AT&T <News>");
	assert_string_equal(xpath(x, "//news:title"), e.title.ptr);
	assert_string_equal(xpath(x, "//news:publication_date"),
		"2024-05-15T08:00:00Z");
}

static void
channels_and_index_name_what_is_public(void **state)
{
	struct config c = make_config();
	struct feed feeds[] = {
		{ .kind = CHANNEL_ALL, .slug = S("all"), .entries = 1 },
		{ .kind = CHANNEL_TOPIC, .slug = S("\xe6\xb8\xaf"),
			.entries = 1, .copies = { { "", 1715760000 } } },
		{ .kind = CHANNEL_TOPIC, .slug = S("secret"), .entries = 1,
			.is_private = true },
	};
	struct sitemap s;
	struct slice x;

	(void)state;
	sitemap_begin(&s, SITEMAP_PAGES);
	for (size_t i = 0; i < COUNT_OF(feeds); i++)
		sitemap_put_channel(&s, &c, &feeds[i], &arena);
	x = finish(&s);
	assert_string_equal(xpath(x, "count(//s:url)"), "2");
	assert_string_equal(xpath(x, "//s:url[2]/s:loc"),
		"https://www.example.org/topics/%E6%B8%AF/");
	sitemap_begin(&s, SITEMAP_INDEX);
	sitemap_put_file(&s, &c, S("sitemap-2024-05.xml"), 1715760000,
		&arena);
	x = finish(&s);
	assert_string_equal(xpath(x, "/s:sitemapindex/s:sitemap/s:loc"),
		"https://www.example.org/sitemap-2024-05.xml");
}

static int
forget(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

static int
done(void **state)
{
	(void)state;
	arena_done(&arena);
	xmlCleanupParser();
	return 0;
}

#define TEST(f) cmocka_unit_test_teardown(f, forget)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rss_says_what_an_entry_says),
		TEST(media_are_said_alike_in_atom_and_rss),
		TEST(a_site_has_a_licence_for_who_has_none),
		TEST(json_says_what_an_entry_says),
		TEST(an_entry_with_nothing_leaves_everything_out),
		TEST(an_archive_is_a_chain),
		TEST(several_items_and_none_are_json),
		TEST(hostile_titles_come_back),
		TEST(a_channel_says_how_much_is_in_an_entry),
		TEST(opml_lists_public_feeds_once),
		TEST(sitemaps_end_at_their_limits),
		TEST(a_sitemap_names_what_is_here),
		TEST(news_says_when_and_in_which_language),
		TEST(channels_and_index_name_what_is_public),
	};

	return cmocka_run_group_tests_name("feed_formats", tests, NULL, done);
}
