/*
 * Atom (RFC 4287), with the history of RFC 5005, credits of Media RSS and a
 * series position of schema.org.
 *
 * Why each element is there, and why others are not, was tried against the
 * validators and readers; the golden feed in tests/ is the model.  Metadata
 * come before the first entry, because some parsers insist (section 4.1.1).
 */
#include "base/date.h"
#include "feed/address.h"
#include "feed/content.h"
#include "feed/render.h"

static void
put_element(struct buf *b, const char *indent, const char *name,
	struct slice text)
{
	buf_put_str(b, indent);
	buf_put_byte(b, '<');
	buf_put_str(b, name);
	buf_put_byte(b, '>');
	buf_put_xml(b, text);
	buf_put_str(b, "</");
	buf_put_str(b, name);
	buf_put_str(b, ">\n");
}

static void
put_date(struct buf *b, const char *indent, const char *name, int64_t t)
{
	char text[DATE_SIZE];

	put_element(b, indent, name, date_rfc3339(t, text));
}

/* type and title may be empty. */
static void
put_link(struct buf *b, const char *indent, const char *rel, const char *type,
	struct slice href, struct slice title)
{
	buf_printf(b, "%s<link rel=\"%s\"", indent, rel);
	if (*type)
		buf_printf(b, " type=\"%s\"", type);
	buf_put_str(b, " href=\"");
	buf_put_xml(b, href);
	if (title.len > 0) {
		buf_put_str(b, "\" title=\"");
		buf_put_xml(b, title);
	}
	buf_put_str(b, "\"/>\n");
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
put_credit(struct buf *b, const char *indent, struct slice who)
{
	buf_printf(b, "%s<media:credit role=\"photographer\" "
		"scheme=\"urn:ebu\">", indent);
	buf_put_xml(b, who);
	buf_put_str(b, "</media:credit>\n");
}

/* A picture that we publish, with whose it is and what it shows. */
static void
put_picture(struct buf *b, const struct config *c, const struct media *m,
	struct arena *a)
{
	buf_put_str(b, "    <media:content url=\"");
	buf_put_xml(b, address_media(c, m, a));
	buf_put_str(b, "\" type=\"");
	buf_put_xml(b, m->type);
	buf_printf(b, "\" medium=\"image\" width=\"%d\" height=\"%d\" "
		"fileSize=\"%lld\"", m->width, m->height, (long long)m->size);
	if (m->credit.len == 0 && m->caption.len == 0) {
		buf_put_str(b, "/>\n");
		return;
	}
	buf_put_str(b, ">\n");
	if (m->credit.len > 0)
		put_credit(b, "      ", m->credit);
	if (m->caption.len > 0)
		put_element(b, "      ", "media:description", m->caption);
	buf_put_str(b, "    </media:content>\n");
}

/* Does a picture say already that it is hers? */
static bool
is_credited(const struct entry *e, struct slice who)
{
	for (size_t i = 0; i < e->n_media; i++)
		if (e->media[i].name.len > 0 &&
			slice_eq(e->media[i].credit, who))
			return true;
	return false;
}

static void
put_pictures(struct buf *b, const struct config *c, const struct entry *e,
	struct arena *a)
{
	for (size_t i = 0; i < e->n_media; i++)
		if (e->media[i].name.len > 0)
			put_picture(b, c, &e->media[i], a);
	for (size_t i = 0; i < e->n_people; i++)
		if (e->people[i].role == ROLE_PHOTOGRAPHER &&
			!is_credited(e, e->people[i].name))
			put_credit(b, "    ", e->people[i].name);
}

static void
put_related(struct buf *b, const struct config *c, const struct entry *e,
	struct arena *a)
{
	for (size_t i = 0; i < e->n_related; i++) {
		const struct related *r = &e->related[i];

		if (r->article_id)
			put_link(b, "    ", "related", "text/html",
				address_related(c, r, a), r->title);
	}
}

static void
put_category(struct buf *b, const struct config *c, const struct entry *e,
	struct arena *a)
{
	buf_put_str(b, "    <category scheme=\"");
	buf_put_xml(b, site_address(&c->site, S("/series/"), a));
	buf_put_str(b, "\" term=\"");
	buf_put_xml(b, e->series_slug);
	buf_put_str(b, "\" label=\"");
	buf_put_xml(b, e->series_title);
	buf_put_str(b, "\"/>\n");
	if (e->part > 0)
		buf_printf(b, "    <schema:position>%d</schema:position>\n",
			e->part);
}

static void
put_tags(struct buf *b, const struct entry *e)
{
	for (size_t i = 0; i < e->fields.n_tags; i++) {
		buf_put_str(b, "    <category term=\"");
		buf_put_xml(b, e->fields.tags[i]);
		buf_put_str(b, "\"/>\n");
	}
}

/* What may be done with it: RFC 4287 section 4.2.10, RFC 4946. */
static void
put_rights(struct buf *b, const struct entry *e)
{
	if (e->fields.licence.len > 0)
		put_link(b, "    ", "license", "", e->fields.licence, S(""));
	if (e->fields.copyright.len > 0)
		put_element(b, "    ", "rights", e->fields.copyright);
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
	if (!slice_eq(e->lang, c->site.language) && e->lang.len > 0) {
		buf_put_str(b, " xml:lang=\"");
		buf_put_xml(b, e->lang);
		buf_put_byte(b, '"');
	}
	buf_put_str(b, ">\n");
	put_element(b, "    ", "id", e->uid);
	put_element(b, "    ", "title", e->title);
	put_date(b, "    ", "published", e->published);
	put_date(b, "    ", "updated", e->updated);
	put_people(b, e, ROLE_AUTHOR, "author");
	put_people(b, e, ROLE_EDITOR, "contributor");
	put_people(b, e, ROLE_TRANSLATOR, "contributor");
	put_people(b, e, ROLE_CONTRIBUTOR, "contributor");
	put_link(b, "    ", "alternate", "text/html",
		address_entry(c, e, a), S(""));
	if (e->series_id)
		put_link(b, "    ", "up", "text/html",
			site_address(&c->site, address_page(CHANNEL_SERIES,
			e->series_slug, a), a), e->series_title);
	put_related(b, c, e, a);
	if (e->series_id)
		put_category(b, c, e, a);
	put_tags(b, e);
	put_rights(b, e);
	put_pictures(b, c, e, a);
	if (e->summary.len > 0 && how != CONTENT_TITLE)
		put_element(b, "    ", "summary", e->summary);
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
		buf_put_str(b, "  <at:deleted-entry ref=\"");
		buf_put_xml(b, f->gone[i].uid);
		buf_put_str(b, "\" when=\"");
		buf_put(b, date_rfc3339(f->gone[i].when, when));
		buf_put_str(b, "\"/>\n");
	}
}

/* Where the older entries are: RFC 5005 sections 2 and 4. */
static void
put_history(struct buf *b, const struct config *c, const struct feed *f,
	struct arena *a)
{
	struct feed other = *f;

	if (feed_is_complete(f))
		buf_put_str(b, "  <fh:complete/>\n");
	if (f->page > 0) {
		buf_put_str(b, "  <fh:archive/>\n");
		other.page = 0;
		put_link(b, "  ", "current", "application/atom+xml",
			site_address(&c->site, address_feed(&other,
			renderer_atom.ending, a), a), S(""));
	}
	if (f->prev_page == 0)
		return;
	other.page = f->prev_page;
	put_link(b, "  ", "prev-archive", "application/atom+xml",
		site_address(&c->site, address_feed(&other,
		renderer_atom.ending, a), a), S(""));
}

static void
atom_head(struct buf *b, const struct config *c, const struct feed *f,
	struct arena *a)
{
	const struct site *s = &c->site;

	bool complete = feed_is_complete(f);

	buf_put_str(b, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		"<feed xmlns=\"http://www.w3.org/2005/Atom\" ");
	/* Validators complain of it where it is not used. */
	if (f->n_gone > 0 && !complete)
		buf_put_str(b, "xmlns:at=\""
			"http://purl.org/atompub/tombstones/1.0\" ");
	buf_put_str(b,
		"xmlns:fh=\"http://purl.org/syndication/history/1.0\" "
		"xmlns:media=\"http://search.yahoo.com/mrss/\" "
		"xmlns:schema=\"https://schema.org/\" xml:lang=\"");
	buf_put_xml(b, s->language);
	buf_put_str(b, "\">\n");
	put_element(b, "  ", "id", f->uid);
	put_element(b, "  ", "title", feed_title(c, f));
	put_element(b, "  ", "subtitle", feed_subtitle(c, f, a));
	put_date(b, "  ", "updated", feed_updated(f));
	put_person(b, "  ", "author", s->name);
	put_link(b, "  ", "alternate", "text/html", site_address(s,
		address_page(f->kind, f->slug, a), a), S(""));
	put_link(b, "  ", "self", "application/atom+xml", site_address(s,
		address_feed(f, renderer_atom.ending, a), a), S(""));
	for (size_t i = 0; i < s->n_hubs; i++)
		put_link(b, "  ", "hub", "", s->hubs[i], S(""));
	put_element(b, "  ", "generator", S("gazetted"));
	put_history(b, c, f, a);
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
