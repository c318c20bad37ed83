/*
 * Where to subscribe to a channel: a link for each format, and the address as
 * text, which one touch selects whole.  Beside the feed of everything stands
 * the list of all feeds, for readers that take it at once.
 */
#include "feed/opml.h"
#include "feed/page_kit.h"
#include "feed/render.h"
#include "model/address.h"

static struct slice
address_in(struct page *p, const struct feed *f, const struct renderer *r)
{
	return site_address(&p->c->site, address_feed(f, r->ending, p->a),
		p->a);
}

/* What a format is called. */
static const char *
format_name(const struct renderer *r)
{
	static const struct { const char *ending, *name; } names[] = {
		{ "atom", "Atom" }, { "rss", "RSS" }, { "json", "JSON Feed" },
	};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(names[i].ending, r->ending) == 0)
			return names[i].name;
	return r->ending;
}

void
page_put_subscribe(struct page *p, const struct feed *f)
{
	page_open_part(p, "section", "subscribe", WORD_SUBSCRIBE);
	page_put(p, "<ul class=\"row\">\n");
	for (size_t i = 0; renderers[i]; i++) {
		page_put(p, "<li>");
		page_put_link(p, address_in(p, f, renderers[i]),
			slice_str(format_name(renderers[i])));
		page_put(p, "</li>\n");
	}
	if (f->kind == CHANNEL_ALL) {
		page_put(p, "<li>");
		page_put_link(p, site_address(&p->c->site, S(OPML_FILE),
			p->a), S("OPML"));
		page_put(p, "</li>\n");
	}
	page_put_word(p, "</ul>\n<p class=\"meta\">", WORD_COPY, "</p>\n");
	page_put_text(p, "<code class=\"copy\">",
		address_in(p, f, renderers[0]), "</code>\n</section>\n");
}
