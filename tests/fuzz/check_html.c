/*
 * What holds for the HTML of any article.
 */
#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/uri.h"
#include "base/utf8.h"
#include "check_html.h"
#include "read/fields.h"

static const char *const globals[] = { "lang", "dir", "src", "alt", "width",
	"height", "controls" };

static struct slice
xml_slice(const xmlChar *s)
{
	return slice_str((const char *)s);
}

static bool
is_listed(enum tag_id id, struct slice name)
{
	struct slice words = slice_str(tag_of(id)->attributes), word;

	while (slice_next_field(&words, ' ', &word))
		if (slice_eq(word, name))
			return true;
	for (size_t i = 0; i < COUNT_OF(globals); i++)
		if (slice_eq(slice_str(globals[i]), name))
			return true;
	return false;
}

static void
check_address(enum tag_id id, struct slice to)
{
	bool link = id == TAG_A && (slice_starts(to, S("#")) ||
		slice_starts_nocase(to, S("mailto:")) ||
		slice_starts_nocase(to, S("tel:")));

	CHECK(link || uri_is_http(to));
}

static void
check_attributes(enum tag_id id, const xmlNode *n)
{
	for (const xmlAttr *at = n->properties; at; at = at->next) {
		struct slice name = xml_slice(at->name);
		struct slice value = at->children ?
			xml_slice(at->children->content) : slice("", 0);

		CHECK(is_listed(id, name));
		if (slice_eq(name, S("href")) || slice_eq(name, S("src")) ||
			slice_eq(name, S("cite")) ||
			slice_eq(name, S("poster")))
			check_address(id, value);
	}
}

static void
check_element(const xmlNode *n, size_t depth)
{
	enum tag_id id = tag_find(xml_slice(n->name));
	enum tag_kind kind = tag_of(id)->kind;

	CHECK(depth <= MARKUP_DEPTH_MAX);
	CHECK(slice_eq(tag_of(id)->name, xml_slice(n->name)));
	CHECK(kind == KIND_INLINE || kind == KIND_LEAF || kind == KIND_FLOW ||
		kind == KIND_FRAME || kind == KIND_PLAYER ||
		id == TAG_BR || id == TAG_HR || id == TAG_IMG ||
		id == TAG_SOURCE);
	CHECK(id != TAG_H1);
	if (tag_has_home(id))
		CHECK(tag_is_home(id, tag_find(xml_slice(n->parent->name))));
	check_attributes(id, n);
}

static void
check_nodes(const xmlNode *n, size_t depth, struct buf *text)
{
	for (; n; n = n->next) {
		if (n->type == XML_TEXT_NODE) {
			buf_put(text, xml_slice(n->content));
			continue;
		}
		CHECK(n->type == XML_ELEMENT_NODE);
		check_element(n, depth);
		check_nodes(n->children, depth + 1, text);
	}
}

/* All of it but the blanks. */
static void
squeeze(struct buf *b, struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] > ' ')
			buf_put_byte(b, s.ptr[i]);
}

static void
check_same(struct slice a, struct slice b)
{
	CLEANUP(buf_done) struct buf x = BUF_INIT(1 << 26);
	CLEANUP(buf_done) struct buf y = BUF_INIT(1 << 26);

	squeeze(&x, a);
	squeeze(&y, b);
	CHECK(slice_eq(buf_slice(&x), buf_slice(&y)));
}

static void
check_text(struct slice s)
{
	CHECK(utf8_valid(s));
	for (size_t i = 0; i < s.len; i++)
		CHECK((unsigned char)s.ptr[i] >= ' ' || s.ptr[i] == '\n' ||
			s.ptr[i] == '\t');
}

void
check_html(struct slice html, struct slice text)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(1 << 26);
	CLEANUP(buf_done) struct buf seen = BUF_INIT(1 << 26);
	xmlDoc *doc;

	check_text(html);
	check_text(text);
	buf_put_str(&b, "<root>");
	buf_put(&b, html);
	buf_put_str(&b, "</root>");
	CHECK(buf_ok(&b));
	doc = xmlReadMemory(b.ptr, (int)b.len, NULL, "UTF-8",
		XML_PARSE_NONET | XML_PARSE_HUGE);
	CHECK(doc);
	check_nodes(xmlDocGetRootElement(doc)->children, 1, &seen);
	xmlFreeDoc(doc);
	check_same(buf_slice(&seen), text);
}

static void
check_media(const struct article *art)
{
	CHECK(art->n_media <= ARTICLE_MEDIA_MAX);
	for (size_t i = 0; i < art->n_media; i++) {
		check_text(art->media[i].alt);
		check_text(art->media[i].caption);
		if (art->media[i].path.len == 0 && art->media[i].shown)
			CHECK(uri_is_http(art->media[i].url));
	}
}

void
check_article(const struct article *art)
{
	check_html(art->html, art->text);
	check_text(art->title);
	check_text(art->summary);
	check_text(art->related_label);
	check_media(art);
	CHECK(art->title.len > 0 && art->title.len <= ARTICLE_TITLE_MAX);
	/* Ours is short; a given one is as it was given. */
	CHECK(utf8_count(art->summary) <= ARTICLE_SUMMARY_MAX ||
		art->summary.len <= FIELD_TEXT_MAX);
	CHECK(art->lang.len > 0 && art->date >= -1);
	CHECK(art->n_people <= ARTICLE_PEOPLE_MAX);
	CHECK(art->n_related <= ARTICLE_RELATED_MAX);
	for (size_t i = 0; i < art->n_people; i++)
		check_text(art->people[i].name);
	for (size_t i = 0; i < art->n_related; i++)
		check_text(art->related[i].title);
}
