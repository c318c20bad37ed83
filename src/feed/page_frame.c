/*
 * What every page begins and ends with.
 */
#include "feed/page_assets.h"
#include "feed/page_kit.h"
#include "feed/render.h"
#include "model/address.h"

enum { FEEDS_NAMED_MAX = 16 };	/* for readers to find */

#define CSP(images) "default-src 'none'; style-src 'self'; img-src 'self'" \
	images "; base-uri 'none'; form-action 'none'; " \
	"frame-ancestors 'none'"

static const char csp[] = CSP("");
/* An article may show what lies elsewhere, or play it. */
static const char csp_elsewhere[] =
	CSP(" https: http:; media-src 'self' https: http:");

/* Does the attribute, as our own writer puts it, name another site? */
static bool
leads_away(const struct config *c, struct slice html, struct slice attribute)
{
	ssize_t at = 0;

	while ((at = slice_find(html, attribute, (size_t)at)) >= 0) {
		at += (ssize_t)attribute.len;
		if (!slice_starts(slice_from(html, (size_t)at), c->site.url))
			return true;
	}
	return false;
}

const char *
page_csp(const struct config *c, const struct entry *e)
{
	if (e && (leads_away(c, e->html, S(" src=\"")) ||
		leads_away(c, e->html, S(" poster=\""))))
		return csp_elsewhere;
	return csp;
}

/* One link for each format of a feed. */
static void
put_discovery(struct page *p, const struct feed *f)
{
	for (size_t i = 0; renderers[i]; i++) {
		page_put_text(p, "<link rel=\"alternate\" type=\"",
			renderer_media_type(renderers[i]), "\"");
		page_put_text(p, " title=\"", feed_title(p->c, f), "\"");
		page_put_text(p, " href=\"", site_address(&p->c->site,
			address_feed(f, renderers[i]->ending, p->a), p->a),
			"\">\n");
	}
}

/* "<link rel=prev ...>", for the browser. */
static void
put_rel(struct page *p, const char *rel, const struct neighbour *n)
{
	if (!n->article_id)
		return;
	buf_printf(p->b, "<link rel=\"%s\" href=\"", rel);
	page_put_text(p, "", address_neighbour(p->c, n, p->a), "\">\n");
}

static void
put_links(struct page *p, const struct page_head *h)
{
	page_put_text(p, "<link rel=\"stylesheet\" href=\"",
		page_style_address(p->c, p->a), "\">\n");
	page_put_text(p, "<link rel=\"icon\" type=\"image/svg+xml\" href=\"",
		site_address(&p->c->site, S("icon.svg"), p->a), "\">\n");
	if (h->address.len > 0)
		page_put_text(p, "<link rel=\"canonical\" href=\"",
			h->address, "\">\n");
	for (size_t i = 0; i < MIN(h->n_feeds, (size_t)FEEDS_NAMED_MAX); i++)
		put_discovery(p, h->feeds[i]);
	if (h->entry) {
		put_rel(p, "prev", &h->entry->prev);
		put_rel(p, "next", &h->entry->next);
	}
}

void
page_put_top(struct page *p, const struct page_head *h)
{
	page_put_text(p, "<!DOCTYPE html>\n<html lang=\"", p->lang,
		"\">\n<head>\n<meta charset=\"utf-8\">\n<meta "
		"name=\"viewport\" content=\"width=device-width, "
		"initial-scale=1\">\n");
	page_put_text(p, "<title>", h->title, "");
	if (!slice_eq(h->title, p->c->site.name))
		page_put_text(p, " | ", p->c->site.name, "");
	page_put(p, "</title>\n");
	put_links(p, h);
	page_put_card(p, h);
	page_put(p, "</head>\n<body>\n<header>");
	page_put_link(p, p->c->site.url, p->c->site.name);
	page_put(p, "</header>\n<main>\n");
}

void
page_put_bottom(struct page *p)
{
	page_put(p, "</main>\n<footer>\n");
	page_put_follow(p);
	page_put_text(p, "<p>", p->c->site.name, "</p>\n</footer>\n</body>\n"
		"</html>\n");
}

void
page_message(struct buf *b, const struct config *c, struct slice lang,
	enum word sentence)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct page p = page_begin(b, c, lang, &a);
	struct page_head head = {
		.title = slice_str(p.words->text[sentence]) };

	page_put_top(&p, &head);
	page_put_word(&p, "<h1>", sentence, "</h1>\n");
	page_put_bottom(&p);
}
