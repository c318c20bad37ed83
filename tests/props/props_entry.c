/*
 * What must hold for the entry of any file, whatever its bytes.
 *
 * GAZETTED_PROP_CASES says how many articles are tried in each test (700,
 * which makes 2,100 in all), SEED which.
 *
 * 1. Whole articles: the text of the feed is the text of the file, word by
 *    word, in all three formats; titles, names and links come back exactly.
 * 2. Damaged ones: they are set aside with a reason and a hint, or give a
 *    well-formed entry with nothing but allow-listed markup and absolute
 *    addresses; RSS and JSON Feed say the same as Atom.
 * 3. The same bytes give the same article; other white space and line ends
 *    give the same digest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>
#include <jansson.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/fold.h"
#include "base/uri.h"
#include "base/utf8.h"
#include "feed/render.h"
#include "gen.h"
#include "read/read.h"
#include "series/series.h"

enum { CASES = 700, SOURCE_MAX = 1 << 20, DOCUMENT_MAX = 16 << 20 };

static uint64_t cases, seed;
static uint64_t tried;	/* the case under way: cmocka fails by longjmp(3) */
static struct config config;

/* ---- from a file to an entry ---- */

static int
read_file(struct slice path, struct slice bytes, struct arena *a,
	struct article *ret, struct err *e)
{
	struct read_env env = { .path = path, .language = S("en"),
		.base = S("https://news.example.org/articles/a") };

	if (read_article(&env, bytes, a, ret, e) < 0)
		return -1;
	series_mark_article(&config, path, ret, a);
	return 0;
}

static struct entry
entry_of(const struct article *art)
{
	return (struct entry){
		.article_id = 1,
		.revision = 1,
		.uid = S("tag:news.example.org,2024:a"),
		.slug = S("a"),
		.path = S("a.txt"),
		.title = art->entry_title,
		.headline = art->mark.headline,
		.published = 1715760000,
		.updated = 1715760000,
		.lang = art->lang,
		.summary = art->summary,
		.html = art->html,
		.people = art->people,
		.n_people = art->n_people,
		.related_label = art->related_label,
		.related = art->related,
		.n_related = art->n_related,
		.fields = art->fields,
		.media = art->media,
		.n_media = art->n_media,
	};
}

/* The whole feed document with this one entry. */
static struct slice
render(const struct renderer *r, const struct article *art, struct arena *a)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(DOCUMENT_MAX);
	struct entry e = entry_of(art);
	struct feed f = { .kind = CHANNEL_ALL, .slug = S("all"),
		.title = S("All"), .uid = S("tag:news.example.org,2024:all"),
		.list = &e, .n = 1 };

	r->head(&b, &config, &f, a);
	r->entry(&b, &config, &e, CONTENT_FULL, a);
	r->tail(&b);
	assert_true(buf_ok(&b));
	return arena_copy(a, buf_slice(&b));
}

/* Parsed strictly. */
static xmlDocPtr
parse_feed(const struct renderer *r, const struct article *art,
	struct arena *a)
{
	struct slice s = render(r, art, a);
	xmlDocPtr doc = xmlReadMemory(s.ptr, (int)s.len, "feed.xml", NULL,
		XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_NOERROR |
		XML_PARSE_NOWARNING);

	if (!doc)
		print_error("not well-formed:\n%.*s\n", ARG(s));
	assert_non_null(doc);
	return doc;
}

/* ---- looking into it ---- */

/* Media RSS, too, has a title and a content. */
static bool
is_media(const xmlNode *n)
{
	return n->ns && n->ns->prefix &&
		strcmp((const char *)n->ns->prefix, "media") == 0;
}

static xmlNodePtr
child(xmlNodePtr parent, const char *name)
{
	for (xmlNodePtr n = parent->children; n; n = n->next)
		if (n->type == XML_ELEMENT_NODE && !is_media(n) &&
			strcmp((const char *)n->name, name) == 0)
			return n;
	return NULL;
}

static struct slice
text_of(xmlNodePtr node, struct arena *a)
{
	xmlChar *text = node ? xmlNodeGetContent(node) : NULL;
	struct slice ret = arena_copy(a, slice_str((const char *)text));

	xmlFree(text);
	return ret;
}

static xmlNodePtr
entry_node(xmlDocPtr doc)
{
	xmlNodePtr entry = child(xmlDocGetRootElement(doc), "entry");

	assert_non_null(entry);
	return entry;
}

/* The content as a tree: our own markup is XML, so a strict parser reads it. */
static xmlDocPtr
parse_content(struct slice html)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(DOCUMENT_MAX);
	xmlDocPtr doc;

	buf_put_str(&b, "<content>");
	buf_put(&b, html);
	buf_put_str(&b, "</content>");
	doc = xmlReadMemory(b.ptr, (int)b.len, "content", NULL,
		XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_NOERROR |
		XML_PARSE_NOWARNING);
	if (!doc)
		print_error("not balanced:\n%.*s\n", ARG(html));
	assert_non_null(doc);
	return doc;
}

static const char *const elements =
	" a abbr audio b blockquote br caption cite code dd del dl dt em"
	" figcaption figure h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q"
	" rp rt ruby s samp small source strong sub sup table tbody td tfoot"
	" th thead time tr u ul var video ";
static const char *const attributes =
	" alt cite colspan controls datetime dir height href lang poster rel"
	" reversed rowspan scope span src start title type value width ";

static bool
is_listed(const char *list, const xmlChar *name)
{
	char word[34];

	if (strlen((const char *)name) > 30)
		return false;
	snprintf(word, sizeof(word), " %s ", (const char *)name);
	return strstr(list, word) != NULL;
}

static void
check_attribute(xmlNodePtr node, xmlAttrPtr attr, struct arena *a)
{
	const char *name = (const char *)attr->name;
	struct slice value = text_of((xmlNodePtr)attr, a);

	assert_true(is_listed(attributes, attr->name));
	if (strcmp(name, "src") != 0 && strcmp(name, "href") != 0 &&
		strcmp(name, "poster") != 0 && strcmp(name, "cite") != 0)
		return;
	if (strcmp((const char *)node->name, "a") == 0 &&
		(slice_starts_nocase(value, S("mailto:")) ||
		slice_starts_nocase(value, S("tel:"))))
		return;
	if (!uri_is_http(value))
		print_error("<%s %s=\"%.*s\">\n", (const char *)node->name,
			name, ARG(value));
	assert_true(uri_is_http(value));
}

/* Depth has a cap, so this may call itself. */
static void
check_markup(xmlNodePtr node, struct arena *a)
{
	for (xmlNodePtr n = node->children; n; n = n->next) {
		assert_true(n->type == XML_ELEMENT_NODE ||
			n->type == XML_TEXT_NODE);
		if (n->type != XML_ELEMENT_NODE)
			continue;
		if (!is_listed(elements, n->name))
			print_error("<%s>\n", (const char *)n->name);
		assert_true(is_listed(elements, n->name));
		for (xmlAttrPtr at = n->properties; at; at = at->next)
			check_attribute(n, at, a);
		check_markup(n, a);
	}
}

/* Text has no signs that validators refuse (feed-level: BadCharacters). */
static void
check_characters(struct slice s)
{
	int32_t c;

	assert_true(utf8_valid(s));
	while ((c = utf8_next(&s)) >= 0)
		assert_true((c >= 0x20 || c == '\n' || c == '\t') &&
			(c < 0x7f || c > 0x9f) && c != 0xfffe && c != 0xffff);
}

/* RSS says what Atom says. */
static void
check_rss(const struct article *art, struct slice html, struct arena *a)
{
	xmlDocPtr doc = parse_feed(&renderer_rss, art, a);
	xmlNodePtr item = child(child(xmlDocGetRootElement(doc), "channel"),
		"item");

	assert_non_null(item);
	assert_true(slice_eq(text_of(child(item, "title"), a),
		art->entry_title));
	assert_true(slice_eq(text_of(child(item, "encoded"), a), html));
	xmlFreeDoc(doc);
}

static struct slice
json_text(const json_t *item, const char *key)
{
	const json_t *value = json_object_get(item, key);

	return slice(json_string_value(value), json_string_length(value));
}

/* And so does JSON. */
static void
check_json(const struct article *art, struct slice html, struct arena *a)
{
	struct slice s = render(&renderer_json, art, a);
	json_error_t why;
	json_t *root = json_loadb(s.ptr, s.len, JSON_REJECT_DUPLICATES, &why);
	const json_t *item = json_array_get(json_object_get(root, "items"), 0);

	if (!root)
		print_error("%s:\n%.*s\n", why.text, ARG(s));
	assert_non_null(root);
	assert_true(slice_eq(json_text(item, "title"), art->entry_title));
	assert_true(slice_eq(json_text(item, "summary"), art->summary));
	assert_true(slice_eq(json_text(item, "content_html"), html));
	json_decref(root);
}

static void
check_entry(const struct article *art, struct arena *a)
{
	xmlDocPtr doc = parse_feed(&renderer_atom, art, a), content;
	xmlNodePtr entry = entry_node(doc);
	struct slice html = text_of(child(entry, "content"), a);
	struct slice title = text_of(child(entry, "title"), a);

	check_characters(html);
	check_characters(title);
	check_characters(art->text);
	assert_true(slice_eq(title, art->entry_title));
	assert_true(title.len > 0);
	assert_true(slice_eq(text_of(child(entry, "summary"), a),
		art->summary));
	check_rss(art, html, a);
	check_json(art, html, a);
	content = parse_content(html);
	check_markup(xmlDocGetRootElement(content), a);
	xmlFreeDoc(content);
	xmlFreeDoc(doc);
}

/* ---- whole articles ---- */

/* All text nodes, one blank between blocks, white space as one blank. */
static struct slice
shown_text(struct slice html, struct arena *a)
{
	xmlDocPtr doc = parse_content(html);
	struct slice text = text_of(xmlDocGetRootElement(doc), a);

	xmlFreeDoc(doc);
	return fold_title(text, a);
}

static struct slice
written_text(const struct gen_article *g, struct arena *a)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(SOURCE_MAX);

	for (size_t i = 0; i < g->n_paragraphs; i++) {
		buf_put(&b, g->paragraphs[i]);
		buf_put_byte(&b, ' ');
	}
	return fold_title(buf_slice(&b), a);
}

static void
check_whole(const struct gen_article *g, const struct article *art,
	struct arena *a)
{
	struct slice want = written_text(g, a), got = shown_text(art->html, a);

	if (!slice_eq(got, want))
		print_error("want: %.*s\ngot:  %.*s\n", ARG(want), ARG(got));
	assert_true(slice_eq(got, want));
	assert_true(slice_eq(fold_title(art->text, a), want));
	assert_true(slice_eq(art->title, fold_title(g->title, a)));
	assert_int_equal(art->n_people, g->author.len > 0);
	if (g->author.len > 0)
		assert_true(slice_eq(art->people[0].name, g->author));
	assert_int_equal(art->n_related, g->n_related);
	for (size_t i = 0; i < g->n_related; i++)
		assert_true(slice_eq(art->related[i].title,
			fold_title(g->related[i], a)));
}

/* ---- the tests ---- */

static void
each_case(void (*try_one)(struct gen *g, enum gen_format f,
	struct arena *a))
{
	for (uint64_t i = 0; i < cases; i++) {
		struct gen g = { (seed << 32) + i };
		struct arena a = { 0 };

		tried = i;
		try_one(&g, (enum gen_format)(i % GEN_FORMATS), &a);
		arena_done(&a);
	}
}

/* The last case of a test that failed is the one that did. */
static int
say_seed(void **state)
{
	(void)state;
	print_message("# seed %ju: the last case was %ju of %ju\n",
		(uintmax_t)seed, (uintmax_t)tried, (uintmax_t)cases);
	return 0;
}

static struct slice
path_of(enum gen_format f, struct arena *a)
{
	return arena_printf(a, "a%.*s", ARG(gen_ending(f)));
}

static void
whole_one(struct gen *g, enum gen_format f, struct arena *a)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(SOURCE_MAX);
	struct article art = { 0 };
	struct gen_article model;
	struct err e = { 0 };

	gen_article(g, a, &model);
	gen_write(&model, f, &b);
	if (read_file(path_of(f, a), buf_slice(&b), a, &art, &e) < 0)
		fail_msg("%s (%s)\n%s", e.text, e.hint, b.ptr);
	check_whole(&model, &art, a);
	check_entry(&art, a);
}

static void
whole_articles_keep_every_word(void **state)
{
	(void)state;
	each_case(whole_one);
}

static void
damaged_one(struct gen *g, enum gen_format f, struct arena *a)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(SOURCE_MAX);
	struct article art = { 0 };
	struct gen_article model;
	struct slice bytes;
	struct err e = { 0 };

	gen_article(g, a, &model);
	gen_write(&model, f, &b);
	bytes = gen_mutate(g, buf_slice(&b), a);
	if (read_file(path_of(f, a), bytes, a, &art, &e) < 0)
		assert_true(e.text[0] && e.hint[0]);
	else
		check_entry(&art, a);
}

static void
damaged_articles_break_nothing(void **state)
{
	(void)state;
	each_case(damaged_one);
}

/* Line ends of another system, and blanks at the ends of lines. */
static void
retype(struct slice bytes, struct buf *ret)
{
	for (size_t i = 0; i < bytes.len; i++) {
		if (bytes.ptr[i] == '\n')
			buf_put_byte(ret, '\r');
		buf_put_byte(ret, bytes.ptr[i]);
	}
}

static void
equal_one(struct gen *g, enum gen_format f, struct arena *a)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(SOURCE_MAX);
	CLEANUP(buf_done) struct buf crlf = BUF_INIT(2 * SOURCE_MAX);
	struct article first = { 0 }, second = { 0 }, third = { 0 };
	struct gen_article model;
	struct err e = { 0 };

	gen_article(g, a, &model);
	gen_write(&model, f, &b);
	retype(buf_slice(&b), &crlf);
	assert_int_equal(read_file(path_of(f, a), buf_slice(&b), a, &first,
		&e), 0);
	assert_int_equal(read_file(path_of(f, a), buf_slice(&b), a, &second,
		&e), 0);
	assert_int_equal(read_file(path_of(f, a), buf_slice(&crlf), a, &third,
		&e), 0);
	assert_true(slice_eq(first.html, second.html));
	assert_true(first.form == second.form);
	assert_true(first.digest == third.digest);
}

static void
equal_articles_are_equal(void **state)
{
	(void)state;
	each_case(equal_one);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(
			whole_articles_keep_every_word, say_seed),
		cmocka_unit_test_teardown(
			damaged_articles_break_nothing, say_seed),
		cmocka_unit_test_teardown(
			equal_articles_are_equal, say_seed),
	};
	const char *want = getenv("GAZETTED_PROP_CASES");
	const char *from = getenv("SEED");

	cases = want ? strtoull(want, NULL, 10) : CASES;
	seed = from ? strtoull(from, NULL, 10) : (uint64_t)time(NULL);
	config.site.url = S("https://news.example.org/");
	config.site.name = S("News");
	config.site.language = S("en");
	config.roots[0].permalink = S("/articles/{stem}");
	config.n_roots = 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
