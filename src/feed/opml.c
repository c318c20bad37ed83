/*
 * OPML 2.0: an outline for each feed, in a group for each kind of channel.
 *
 * 1. One outline for a channel, not one for each of its formats: who imports
 *    the list would be subscribed to everything three times.
 * 2. It changes when a feed comes or is called otherwise, and not with what
 *    the feeds hold: its date is the birth of the youngest.
 */
#include "base/date.h"
#include "feed/links.h"
#include "feed/opml.h"
#include "feed/xml.h"
#include "model/address.h"

const char opml_type[] = "text/x-opml; charset=utf-8";

static const struct {
	enum channel_kind kind;
	const char *title;	/* NULL: no group */
} groups[] = {
	{ CHANNEL_ALL, NULL },
	{ CHANNEL_SERIES, "Series" },
	{ CHANNEL_TOPIC, "Topics" },
};

static void
put_feed(struct buf *b, const char *indent, const struct config *c,
	const struct feed *f, struct arena *a)
{
	struct slice title = feed_title(c, f);
	struct feed_link links[FEED_LINKS_MAX];
	size_t n = feed_links(c, f, &renderer_atom, links, a);

	buf_printf(b, "%s<outline type=\"rss\"", indent);
	xml_attribute(b, "text", title);
	xml_attribute(b, "title", title);
	xml_attribute(b, "description", feed_subtitle(c, f, a));
	xml_attribute(b, "language", c->site.language);
	xml_attribute(b, "xmlUrl", feed_link(links, n, "self"));
	xml_attribute(b, "htmlUrl", feed_link(links, n, "alternate"));
	buf_put_str(b, "/>\n");
}

static void
put_group(struct buf *b, const struct config *c, enum channel_kind kind,
	const char *title, const struct feed *feeds, size_t n,
	struct arena *a)
{
	bool open = false;

	for (size_t i = 0; i < n; i++) {
		if (feeds[i].kind != kind || !feed_is_listed(&feeds[i]))
			continue;
		if (!open && title)
			buf_printf(b, "    <outline text=\"%s\">\n", title);
		open = true;
		put_feed(b, title ? "      " : "    ", c, &feeds[i], a);
	}
	if (open && title)
		buf_put_str(b, "    </outline>\n");
}

static int64_t
youngest(const struct feed *feeds, size_t n)
{
	int64_t born = 0;

	for (size_t i = 0; i < n; i++)
		if (feed_is_listed(&feeds[i]))
			born = MAX(born, feeds[i].born);
	return born;
}

void
opml_put(struct buf *b, const struct config *c, const struct feed *feeds,
	size_t n, struct arena *a)
{
	char date[DATE_SIZE];

	buf_put_str(b, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		"<opml version=\"2.0\">\n  <head>\n");
	xml_element(b, "    ", "title", c->site.name);
	xml_element(b, "    ", "dateModified",
		date_http(youngest(feeds, n), date));
	xml_element(b, "    ", "docs", S("http://opml.org/spec2.opml"));
	buf_put_str(b, "  </head>\n  <body>\n");
	for (size_t i = 0; i < COUNT_OF(groups); i++)
		put_group(b, c, groups[i].kind, groups[i].title, feeds, n, a);
	buf_put_str(b, "  </body>\n</opml>\n");
}
