/*
 * Sitemaps of articles and channels, and their index.
 */
#include "feed/address.h"
#include "feed/render.h"
#include "feed/sitemap.h"
#include "feed/xml.h"

#define SPACE "http://www.sitemaps.org/schemas/sitemap/0.9"
#define XML "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"

const char sitemap_type[] = "application/xml; charset=utf-8";

bool
sitemap_may_name(const struct config *c, struct slice address)
{
	return slice_starts(address, c->site.url) &&
		address.len < SITEMAP_URL_MAX;
}

/* "<url>" or "<sitemap>"; changed 0: not known. */
static void
put_place(struct buf *b, const char *element, struct slice address,
	int64_t changed)
{
	buf_printf(b, "  <%s>\n", element);
	xml_element(b, "    ", "loc", address);
	if (changed > 0)
		xml_date(b, "    ", "lastmod", changed);
	buf_printf(b, "  </%s>\n", element);
}

/* Has a file that holds so many addresses room for one more? */
static bool
has_room(const struct buf *b, size_t urls)
{
	return urls < SITEMAP_URLS_MAX &&
		b->len < SITEMAP_BYTES_MAX - 2 * SITEMAP_URL_MAX;
}

static void
put_head(struct buf *b)
{
	buf_put_str(b, XML "<urlset xmlns=\"" SPACE "\">\n");
}

void
sitemap_put_articles(struct buf *b, const struct config *c,
	const struct entry *list, size_t n, size_t *at, struct arena *a)
{
	put_head(b);
	for (size_t urls = 0; *at < n && has_room(b, urls); ++*at) {
		struct slice address = address_entry(c, &list[*at], a);

		if (!sitemap_may_name(c, address))
			continue;
		put_place(b, "url", address, list[*at].updated);
		urls++;
	}
	buf_put_str(b, "</urlset>\n");
}

void
sitemap_put_channels(struct buf *b, const struct config *c,
	const struct feed *feeds, size_t n, size_t *at, struct arena *a)
{
	put_head(b);
	for (size_t urls = 0; *at < n && has_room(b, urls); ++*at) {
		const struct feed *f = &feeds[*at];

		if (!feed_is_listed(f))
			continue;
		put_place(b, "url", site_address(&c->site, address_page(
			f->kind, f->slug, a), a), f->copies[0].mtime);
		urls++;
	}
	buf_put_str(b, "</urlset>\n");
}

void
sitemap_put_index(struct buf *b, const struct config *c,
	const struct sitemap_file *files, size_t n, struct arena *a)
{
	buf_put_str(b, XML "<sitemapindex xmlns=\"" SPACE "\">\n");
	for (size_t i = 0; i < n; i++)
		put_place(b, "sitemap", site_address(&c->site, files[i].file,
			a), files[i].changed);
	buf_put_str(b, "</sitemapindex>\n");
}
