/*
 * RSS 2.0, after the RSS Advisory Board's Best Practices Profile, with the
 * history of RFC 5005 and what Atom says in its own words.
 *
 * 1. A title is plain text that half of the readers take for HTML: & and < are
 *    numbers, which survive both.
 * 2. The description and the content are HTML: plain text is escaped twice,
 *    and the description comes first, as validators insist.
 * 3. <author> would need a mail address: people are dc:creator.
 * 4. A guid is the id of all formats, and no address: it must say so.
 */
#include "base/date.h"
#include "feed/links.h"
#include "feed/media_rss.h"
#include "feed/xml.h"
#include "model/address.h"
#include "model/content.h"
#include "model/facts.h"

/* A time as RFC 822 writes it, with the year in full. */
static void
put_date(struct buf *b, const char *indent, const char *name, int64_t t)
{
	char text[DATE_SIZE];

	xml_element(b, indent, name, date_http(t, text));
}

static void
put_title(struct buf *b, const char *indent, struct slice title)
{
	buf_printf(b, "%s<title>", indent);
	buf_put_xml_plain(b, title);
	buf_put_str(b, "</title>\n");
}

static void
put_link(struct buf *b, const char *indent, const char *rel,
	struct slice type, struct slice href)
{
	buf_printf(b, "%s<atom:link rel=\"%s\"", indent, rel);
	xml_attribute(b, "type", type);
	xml_attribute(b, "href", href);
	buf_put_str(b, "/>\n");
}

/* ---- items ---- */

static void
put_people(struct buf *b, const struct entry *e, enum person_role role,
	const char *element)
{
	for (size_t i = 0; i < e->n_people; i++)
		if (e->people[i].role == role)
			xml_element(b, "      ", element, e->people[i].name);
}

static void
put_categories(struct buf *b, const struct config *c, const struct entry *e,
	struct arena *a)
{
	struct facts_category *list;
	size_t n = facts_categories(c, e, &list, a);

	for (size_t i = 0; i < n; i++) {
		buf_put_str(b, "      <category");
		xml_attribute(b, "domain", list[i].scheme);
		buf_put_byte(b, '>');
		buf_put_xml(b, list[i].label);
		buf_put_str(b, "</category>\n");
	}
	if (e->series_id && e->part > 0)
		buf_printf(b, "      <schema:position>%d</schema:position>\n",
			e->part);
}

static void
put_file(struct buf *b, struct slice url, struct slice type, int64_t size)
{
	buf_put_str(b, "      <enclosure");
	xml_attribute(b, "url", url);
	xml_attribute(b, "type", type);
	buf_printf(b, " length=\"%lld\"/>\n", (long long)size);
}

/*
 * At most one, or readers differ in which they take: a file to listen to or to
 * watch, else the first picture.
 */
static void
put_enclosure(struct buf *b, const struct config *c, const struct entry *e,
	struct arena *a)
{
	const struct media *picture = facts_picture(e);

	for (size_t i = 0; i < e->n_media; i++) {
		const struct media *m = &e->media[i];
		struct slice type = facts_played_type(m);

		if (!facts_is_played(m) || type.len == 0)
			continue;
		put_file(b, m->url, type, m->size);
		return;
	}
	if (picture)
		put_file(b, address_media(c, picture, a), picture->type,
			picture->size);
}

/* Plain text where HTML is expected. */
static void
put_description(struct buf *b, const char *indent, struct slice text)
{
	CLEANUP(buf_done) struct buf html = BUF_INIT(64 * 1024);

	if (text.len == 0)
		return;
	buf_put_html(&html, text);
	xml_element(b, indent, "description", buf_slice(&html));
}

static void
put_content(struct buf *b, const struct config *c, const struct entry *e,
	struct arena *a)
{
	CLEANUP(buf_done) struct buf html = BUF_INIT(2 * ARTICLE_FILE_MAX);

	content_put(&html, c, e, a);
	xml_element(b, "      ", "content:encoded", buf_slice(&html));
}

static void
put_rights(struct buf *b, const struct config *c, const struct entry *e)
{
	struct slice licence = facts_licence(c, e);

	if (licence.len > 0)
		put_link(b, "      ", "license", S(""), licence);
	xml_said(b, "      ", "dc:rights", e->fields.copyright);
}

static void
rss_entry(struct buf *b, const struct config *c, const struct entry *e,
	enum content_mode how, struct arena *a)
{
	buf_put_str(b, "    <item>\n");
	put_title(b, "      ", e->title);
	xml_element(b, "      ", "link", address_entry(c, e, a));
	buf_put_str(b, "      <guid isPermaLink=\"false\">");
	buf_put_xml(b, e->uid);
	buf_put_str(b, "</guid>\n");
	put_date(b, "      ", "pubDate", e->published);
	put_people(b, e, ROLE_AUTHOR, "dc:creator");
	for (size_t i = 0; i < FACTS_CONTRIBUTORS; i++)
		put_people(b, e, facts_contributors[i], "dc:contributor");
	xml_said(b, "      ", "dc:language", facts_language(c, e));
	put_categories(b, c, e, a);
	put_rights(b, c, e);
	put_enclosure(b, c, e, a);
	media_rss_put(b, "      ", c, e, a);
	if (how != CONTENT_TITLE)
		put_description(b, "      ", e->summary);
	if (how == CONTENT_FULL)
		put_content(b, c, e, a);
	buf_put_str(b, "    </item>\n");
}

/* ---- the channel ---- */

static void
put_links(struct buf *b, const struct feed_link *links, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(links[i].rel, "alternate") != 0)
			put_link(b, "    ", links[i].rel, links[i].type,
				links[i].href);
}

static void
rss_head(struct buf *b, const struct config *c, const struct feed *f,
	struct arena *a)
{
	struct feed_link links[FEED_LINKS_MAX];
	size_t n = feed_links(c, f, &renderer_rss, links, a);

	buf_put_str(b, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		"<rss version=\"2.0\" "
		"xmlns:atom=\"http://www.w3.org/2005/Atom\" "
		"xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
		"xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
		"xmlns:fh=\"http://purl.org/syndication/history/1.0\" "
		MEDIA_RSS_SPACE " xmlns:schema=\"https://schema.org/\">\n"
		"  <channel>\n");
	put_title(b, "    ", feed_title(c, f));
	xml_element(b, "    ", "link", feed_link(links, n, "alternate"));
	put_description(b, "    ", feed_subtitle(c, f, a));
	xml_element(b, "    ", "language", c->site.language);
	put_date(b, "    ", "lastBuildDate", feed_updated(f));
	xml_element(b, "    ", "generator", S("gazetted"));
	xml_element(b, "    ", "docs",
		S("https://www.rssboard.org/rss-specification"));
	put_links(b, links, n);
	if (feed_is_complete(f))
		buf_put_str(b, "    <fh:complete/>\n");
	if (f->page > 0)
		buf_put_str(b, "    <fh:archive/>\n");
}

static void
rss_tail(struct buf *b)
{
	buf_put_str(b, "  </channel>\n</rss>\n");
}

const struct renderer renderer_rss = {
	.ending = "rss",
	.type = "application/rss+xml; charset=utf-8",
	.between = "",
	.entry = rss_entry,
	.head = rss_head,
	.tail = rss_tail,
};
