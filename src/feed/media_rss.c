/*
 * Media RSS, the same in Atom and RSS.
 *
 * 1. Only pictures that lie in our tree are content: what is elsewhere may be
 *    gone, or watch who looks.
 * 2. A video at which people look on a page of its own is content without an
 *    address of its own, which media:player then has to give.
 */
#include "feed/media_rss.h"
#include "feed/xml.h"
#include "model/address.h"
#include "model/facts.h"

static void
put_credit(struct buf *b, const char *indent, const char *deeper,
	struct slice who)
{
	buf_printf(b, "%s%s<media:credit role=\"photographer\" "
		"scheme=\"urn:ebu\">", indent, deeper);
	buf_put_xml(b, who);
	buf_put_str(b, "</media:credit>\n");
}

static void
put_size(struct buf *b, const struct media *m)
{
	if (m->width > 0 && m->height > 0)
		buf_printf(b, " width=\"%d\" height=\"%d\"", m->width,
			m->height);
}

static void
put_licence(struct buf *b, const char *indent, struct slice address)
{
	if (address.len == 0)
		return;
	buf_printf(b, "%s  <media:license type=\"text/html\"", indent);
	xml_attribute(b, "href", address);
	buf_put_str(b, "/>\n");
}

/* What is said of a picture, inside it. */
static void
put_said(struct buf *b, const char *indent, const struct media *m)
{
	if (m->credit.len > 0)
		put_credit(b, indent, "  ", m->credit);
	if (m->caption.len > 0) {
		buf_put_str(b, indent);
		xml_element(b, "  ", "media:description", m->caption);
	}
	put_licence(b, indent, m->licence);
}

static void
put_picture(struct buf *b, const char *indent, const struct config *c,
	const struct media *m, struct arena *a)
{
	buf_printf(b, "%s<media:content", indent);
	xml_attribute(b, "url", address_media(c, m, a));
	xml_attribute(b, "type", m->type);
	buf_put_str(b, " medium=\"image\"");
	put_size(b, m);
	buf_printf(b, " fileSize=\"%lld\"", (long long)m->size);
	if (m->credit.len + m->caption.len + m->licence.len == 0) {
		buf_put_str(b, "/>\n");
		return;
	}
	buf_put_str(b, ">\n");
	put_said(b, indent, m);
	buf_printf(b, "%s</media:content>\n", indent);
}

static void
put_played(struct buf *b, const char *indent, const struct media *m)
{
	const char *medium = m->kind == MEDIA_VIDEO ? "video" : "audio";
	struct slice type = facts_played_type(m);

	buf_printf(b, "%s<media:content", indent);
	if (type.len > 0) {
		xml_attribute(b, "url", m->url);
		xml_attribute(b, "type", type);
		buf_printf(b, " medium=\"%s\"/>\n", medium);
		return;
	}
	buf_printf(b, " medium=\"%s\"><media:player", medium);
	xml_attribute(b, "url", m->url);
	buf_put_str(b, "/></media:content>\n");
}

static void
put_thumbnail(struct buf *b, const char *indent, const struct config *c,
	const struct media *m, struct arena *a)
{
	buf_printf(b, "%s<media:thumbnail", indent);
	xml_attribute(b, "url", address_media(c, m, a));
	put_size(b, m);
	buf_put_str(b, "/>\n");
}

void
media_rss_put(struct buf *b, const char *indent, const struct config *c,
	const struct entry *e, struct arena *a)
{
	const struct media *first = facts_picture(e);

	for (size_t i = 0; i < e->n_media; i++)
		if (facts_is_picture(&e->media[i]))
			put_picture(b, indent, c, &e->media[i], a);
		else if (facts_is_played(&e->media[i]))
			put_played(b, indent, &e->media[i]);
	if (first)
		put_thumbnail(b, indent, c, first, a);
	for (size_t i = 0; i < e->n_people; i++)
		if (facts_is_uncredited(e, &e->people[i]))
			put_credit(b, indent, "", e->people[i].name);
}
