/*
 * Atom (RFC 4287), with the history of RFC 5005, credits of Media RSS and a
 * series position of schema.org.
 *
 * Why each element is there, and why others are not, was tried against the
 * validators and readers; the golden feed in tests/ is the model.  Metadata
 * come before the first entry, because some parsers insist (section 4.1.1).
 */
#include "base/date.h"
#include "feed/links.h"
#include "feed/media_rss.h"
#include "feed/xml.h"
#include "model/address.h"
#include "model/content.h"
#include "model/facts.h"

/* type and title may be empty. */
static void
put_link(struct buf *b, const char *indent, const char *rel,
	struct slice type, struct slice href, struct slice title)
{
	buf_printf(b, "%s<link rel=\"%s\"", indent, rel);
	xml_attribute(b, "type", type);
	xml_attribute(b, "href", href);
	xml_attribute(b, "title", title);
	buf_put_str(b, "/>\n");
}

static void
put_person(struct buf *b, const char *indent, const char *name,
	struct slice who)
{
	buf_printf(b, "%s<%s><name>", indent, name);
	buf_put_xml(b, who);
	buf_printf(b, "</name></%s>\n", name);
}

static void
put_people(struct buf *b, const struct entry *e, enum person_role role,
	const char *element)
{
	for (size_t i = 0; i < e->n_people; i++)
		if (e->people[i].role == role)
			put_person(b, "    ", element, e->people[i].name);
}

static void
put_related(struct buf *b, const struct config *c, const struct entry *e,
	struct arena *a)
{
	for (size_t i = 0; i < e->n_related; i++) {
		const struct related *r = &e->related[i];

		if (r->article_id)
			put_link(b, "    ", "related", S("text/html"),
				address_related(c, r, a), r->title);
	}
}

static void
put_categories(struct buf *b, const struct config *c, const struct entry *e,
	struct arena *a)
{
	struct facts_category *list;
	size_t n = facts_categories(c, e, &list, a);

	for (size_t i = 0; i < n; i++) {
		buf_put_str(b, "    <category");
		xml_attribute(b, "scheme", list[i].scheme);
		xml_attribute(b, "term", list[i].term);
		if (!slice_eq(list[i].label, list[i].term))
			xml_attribute(b, "label", list[i].label);
		buf_put_str(b, "/>\n");
	}
	if (e->series_id && e->part > 0)
		buf_printf(b, "    <schema:position>%d</schema:position>\n",
			e->part);
}

/* What may be done with it: RFC 4287 section 4.2.10, RFC 4946. */
static void
put_rights(struct buf *b, const struct config *c, const struct entry *e)
{
	struct slice licence = facts_licence(c, e);

	if (licence.len > 0)
		put_link(b, "    ", "license", S(""), licence, S(""));
	xml_said(b, "    ", "rights", e->fields.copyright);
}

static void
put_content(struct buf *b, const struct config *c, const struct entry *e,
	struct arena *a)
{
	CLEANUP(buf_done) struct buf html = BUF_INIT(2 * ARTICLE_FILE_MAX);

	content_put(&html, c, e, a);
	buf_put_str(b, "    <content type=\"html\">");
	buf_put_xml(b, buf_slice(&html));
	buf_put_str(b, "</content>\n");
}

static void
atom_entry(struct buf *b, const struct config *c, const struct entry *e,
	enum content_mode how, struct arena *a)
{
	buf_put_str(b, "  <entry");
	xml_attribute(b, "xml:lang", facts_language(c, e));
	buf_put_str(b, ">\n");
	xml_element(b, "    ", "id", e->uid);
	xml_element(b, "    ", "title", e->title);
	xml_date(b, "    ", "published", e->published);
	xml_date(b, "    ", "updated", e->updated);
	put_people(b, e, ROLE_AUTHOR, "author");
	for (size_t i = 0; i < FACTS_CONTRIBUTORS; i++)
		put_people(b, e, facts_contributors[i], "contributor");
	put_link(b, "    ", "alternate", S("text/html"),
		address_entry(c, e, a), S(""));
	if (e->series_id)
		put_link(b, "    ", "up", S("text/html"),
			site_address(&c->site, address_page(CHANNEL_SERIES,
			e->series_slug, a), a), e->series_title);
	put_related(b, c, e, a);
	put_categories(b, c, e, a);
	put_rights(b, c, e);
	media_rss_put(b, "    ", c, e, a);
	if (how != CONTENT_TITLE)
		xml_said(b, "    ", "summary", e->summary);
	if (how == CONTENT_FULL)
		put_content(b, c, e, a);
	buf_put_str(b, "  </entry>\n");
}

/* RFC 6721: whoever has seen these is to forget them. */
static void
put_tombstones(struct buf *b, const struct feed *f)
{
	char when[DATE_SIZE];

	for (size_t i = 0; i < f->n_gone; i++) {
		buf_put_str(b, "  <at:deleted-entry");
		xml_attribute(b, "ref", f->gone[i].uid);
		xml_attribute(b, "when", date_rfc3339(f->gone[i].when, when));
		buf_put_str(b, "/>\n");
	}
}

/* Where it is, and where the older entries are (RFC 5005). */
static void
put_links(struct buf *b, const struct config *c, const struct feed *f,
	struct arena *a)
{
	struct feed_link links[FEED_LINKS_MAX];
	size_t n = feed_links(c, f, &renderer_atom, links, a);

	for (size_t i = 0; i < n; i++)
		put_link(b, "  ", links[i].rel, links[i].type, links[i].href,
			S(""));
}

static void
put_root(struct buf *b, const struct config *c, bool tombstones)
{
	buf_put_str(b, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		"<feed xmlns=\"http://www.w3.org/2005/Atom\" ");
	/* Validators complain of it where it is not used. */
	if (tombstones)
		buf_put_str(b, "xmlns:at=\""
			"http://purl.org/atompub/tombstones/1.0\" ");
	buf_put_str(b,
		"xmlns:fh=\"http://purl.org/syndication/history/1.0\" "
		MEDIA_RSS_SPACE " xmlns:schema=\"https://schema.org/\"");
	xml_attribute(b, "xml:lang", c->site.language);
	buf_put_str(b, ">\n");
}

static void
atom_head(struct buf *b, const struct config *c, const struct feed *f,
	struct arena *a)
{
	bool complete = feed_is_complete(f);

	put_root(b, c, f->n_gone > 0 && !complete);
	xml_element(b, "  ", "id", f->uid);
	xml_element(b, "  ", "title", feed_title(c, f));
	xml_element(b, "  ", "subtitle", feed_subtitle(c, f, a));
	xml_date(b, "  ", "updated", feed_updated(f));
	put_person(b, "  ", "author", c->site.name);
	put_links(b, c, f, a);
	xml_element(b, "  ", "generator", S("gazetted"));
	if (complete)
		buf_put_str(b, "  <fh:complete/>\n");
	if (f->page > 0)
		buf_put_str(b, "  <fh:archive/>\n");
	if (!complete)
		put_tombstones(b, f);
}

static void
atom_tail(struct buf *b)
{
	buf_put_str(b, "</feed>\n");
}

const struct renderer renderer_atom = {
	.ending = "atom",
	.type = "application/atom+xml; charset=utf-8",
	.between = "",
	.has_tombstones = true,
	.entry = atom_entry,
	.head = atom_head,
	.tail = atom_tail,
};
