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

#include "feed/render.h"
#include "feed_kit.h"


/* What stands between quotation marks survives no format by luck. */
static const char *const hostile[] = {
	"<3", "AT&T", "&amp;", "&#x26;lt;", "]]>", "\"quoted\" 'and' more",
	"back\\slash", "</title><script>alert(1)</script>", "a < b > c",
	"emoji \xf0\x9f\x98\x80", "\xe2\x80\x8f rtl \xd7\xa9",
	"a\ttab and a\nline", "\\u0041", "{{}}", "<!--", "<?xml?>",
};

static struct feed
make_feed(struct entry *list, size_t n)
{
	return (struct feed){ .kind = CHANNEL_TOPIC, .slug = S("gba"),
		.title = S("Bay <Area>"), .list = list, .n = n,
		.uid = S("tag:example.org,2024:topics/gba"), .entries = n };
}

static struct slice
render(const struct renderer *r, const struct config *c, struct feed *f,
	enum content_mode how)
{
	struct buf b = BUF_INIT(KIT_MAX);

	r->head(&b, c, f, &kit_arena);
	for (size_t i = 0; i < f->n; i++) {
		if (i > 0)
			buf_put_str(&b, r->between);
		r->entry(&b, c, &f->list[i], how, &kit_arena);
	}
	r->tail(&b);
	return kit_keep(&b);
}

static struct slice
render_one(const struct renderer *r, const struct config *c,
	struct entry *e, enum content_mode how)
{
	struct feed f = make_feed(e, 1);

	return render(r, c, &f, how);
}

/* ---- XML ---- */

/* What a reader shows that takes a text for HTML. */
static const char *
html_text(const char *html)
{
	struct slice whole = arena_printf(&kit_arena,
		"<html><body>%s</body></html>", html);
	htmlDocPtr doc = htmlReadMemory(whole.ptr, (int)whole.len, "x.html",
		"utf-8", HTML_PARSE_NONET | HTML_PARSE_NOERROR);
	xmlChar *text = xmlNodeGetContent(xmlDocGetRootElement(doc));
	const char *ret = arena_copy(&kit_arena,
		slice_str((const char *)text)).ptr;

	xmlFree(text);
	xmlFreeDoc(doc);
	return ret;
}

static void
rss_says_what_an_entry_says(void **state)
{
	struct config c = kit_config();
	struct entry e = kit_entry();
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
		assert_string_equal(kit_xpath(x, wants[i][0]), wants[i][1]);
}

static void
media_are_said_alike_in_atom_and_rss(void **state)
{
	struct config c = kit_config();
	struct entry e = kit_entry();
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
		assert_string_equal(kit_xpath(render_one(&renderer_rss, &c, &e,
			CONTENT_FULL), wants[i][0]), wants[i][1]);
		assert_string_equal(kit_xpath(render_one(&renderer_atom, &c, &e,
			CONTENT_FULL), wants[i][0]), wants[i][1]);
	}
}

static void
a_site_has_a_licence_for_who_has_none(void **state)
{
	struct config c = kit_config();
	struct entry e = kit_entry();
	struct slice x;

	(void)state;
	c.site.licence = S("https://licence.example.org/site");
	e.fields.licence = S("");
	for (int i = 0; i < 2; i++) {
		x = render_one(renderers[i], &c, &e, CONTENT_FULL);
		assert_string_equal(kit_xpath(x,
			"count(//a:link[@rel='license']"
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
		const char *key = arena_copy(&kit_arena, word).ptr;

		node = json_is_array(node) ? json_array_get(node,
			(size_t)slice_number(word, 1000)) :
			json_object_get(node, key);
	}
	if (json_is_integer(node))
		return arena_printf(&kit_arena, "%lld",
			(long long)json_integer_value(node)).ptr;
	return json_is_string(node) ? json_string_value(node) : "";
}

static void
json_says_what_an_entry_says(void **state)
{
	struct config c = kit_config();
	struct entry e = kit_entry();
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
	struct config c = kit_config();
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
	struct config c = kit_config();
	struct entry e = kit_entry();
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
	assert_string_equal(kit_xpath(x, "count(//fh:archive)"), "1");
	assert_string_equal(kit_xpath(x, "//channel/a:link[@rel='prev-archive']"
		"/@href"), "https://www.example.org/feeds/topics/gba/archive/"
		"2.rss");
	assert_string_equal(kit_xpath(x,
		"//channel/a:link[@rel='current']/@href"),
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
	struct config c = kit_config();
	struct entry list[3] = { kit_entry(), kit_entry(), kit_entry() };
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
	struct config c = kit_config();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(hostile); i++) {
		struct entry e = kit_entry();
		struct slice x;
		json_t *root;

		e.title = e.summary = slice_str(hostile[i]);
		x = render_one(&renderer_rss, &c, &e, CONTENT_FULL);
		assert_string_equal(kit_xpath(x, "//item/title"), hostile[i]);
		assert_string_equal(html_text(kit_xpath(x,
			"//item/description")),
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
	struct config c = kit_config();
	struct entry e = kit_entry();
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

		assert_string_equal(kit_xpath(rss, "count(//item/description)"),
			cases[i].summaries);
		assert_string_equal(kit_xpath(rss, "count(//content:encoded)"),
			cases[i].contents);
		assert_string_equal(kit_xpath(atom, "count(//a:summary)"),
			cases[i].summaries);
		assert_string_equal(kit_xpath(atom, "count(//a:content)"),
			cases[i].contents);
		assert_string_equal(json_at(root, "items.0.content_text"),
			cases[i].how == CONTENT_FULL ? "" :
			cases[i].how == CONTENT_SUMMARY ? e.summary.ptr :
			e.title.ptr);
		json_decref(root);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(rss_says_what_an_entry_says),
		KIT_TEST(media_are_said_alike_in_atom_and_rss),
		KIT_TEST(a_site_has_a_licence_for_who_has_none),
		KIT_TEST(json_says_what_an_entry_says),
		KIT_TEST(an_entry_with_nothing_leaves_everything_out),
		KIT_TEST(an_archive_is_a_chain),
		KIT_TEST(several_items_and_none_are_json),
		KIT_TEST(hostile_titles_come_back),
		KIT_TEST(a_channel_says_how_much_is_in_an_entry),
	};

	return cmocka_run_group_tests_name("feed_formats", tests, NULL,
		kit_done);
}
