/*
 * The links of a feed's document.
 */
#include "feed/links.h"
#include "model/address.h"

struct links {
	struct feed_link *list;
	size_t n;
};

static void
add(struct links *l, const char *rel, struct slice type, struct slice href)
{
	l->list[l->n++] = (struct feed_link){ rel, type, href };
}

/* The same feed's document of another page of its archive. */
static struct slice
page_address(const struct config *c, const struct feed *f, int page,
	const struct renderer *r, struct arena *a)
{
	struct feed other = *f;

	other.page = page;
	return site_address(&c->site, address_feed(&other, r->ending, a), a);
}

size_t
feed_links(const struct config *c, const struct feed *f,
	const struct renderer *r, struct feed_link ret[FEED_LINKS_MAX],
	struct arena *a)
{
	const struct site *s = &c->site;
	struct slice type = renderer_media_type(r);
	struct links l = { .list = ret };

	add(&l, "alternate", S("text/html"), site_address(s,
		address_page(f->kind, f->slug, a), a));
	add(&l, "self", type, page_address(c, f, f->page, r, a));
	for (size_t i = 0; i < s->n_hubs; i++)
		add(&l, "hub", S(""), s->hubs[i]);
	if (s->licence.len > 0)
		add(&l, "license", S(""), s->licence);
	if (f->page > 0)
		add(&l, "current", type, page_address(c, f, 0, r, a));
	if (f->prev_page > 0)
		add(&l, "prev-archive", type,
			page_address(c, f, f->prev_page, r, a));
	return l.n;
}

struct slice
feed_link(const struct feed_link *links, size_t n, const char *rel)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(links[i].rel, rel) == 0)
			return links[i].href;
	return slice(NULL, 0);
}
