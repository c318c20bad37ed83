/*
 * Sitemaps of articles and channels, and their index.
 */
#include "feed/render.h"
#include "feed/sitemap.h"
#include "feed/xml.h"
#include "model/address.h"

#define SPACE "http://www.sitemaps.org/schemas/sitemap/0.9"
#define NEWS_SPACE "http://www.google.com/schemas/sitemap-news/0.9"

const char sitemap_type[] = "application/xml; charset=utf-8";

static const struct {
	const char *root, *spaces, *item;
	size_t most;
} kinds[] = {
	[SITEMAP_PAGES] = { "urlset", " xmlns=\"" SPACE "\"", "url",
		SITEMAP_URLS_MAX },
	[SITEMAP_NEWS] = { "urlset", " xmlns=\"" SPACE "\" xmlns:news=\""
		NEWS_SPACE "\"", "url", SITEMAP_NEWS_MAX },
	[SITEMAP_INDEX] = { "sitemapindex", " xmlns=\"" SPACE "\"",
		"sitemap", SITEMAP_URLS_MAX },
};

void
sitemap_begin(struct sitemap *s, enum sitemap_kind kind)
{
	*s = (struct sitemap){ .b = BUF_INIT(SITEMAP_BYTES_MAX),
		.kind = kind };
	buf_put_str(&s->b, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
	buf_printf(&s->b, "<%s%s>\n", kinds[kind].root, kinds[kind].spaces);
}

void
sitemap_end(struct sitemap *s)
{
	buf_printf(&s->b, "</%s>\n", kinds[s->kind].root);
}

/* With what is around it, an item is no longer than this. */
enum { ITEM_MAX = SITEMAP_URL_MAX + 6 * ARTICLE_TITLE_MAX + 4096 };

bool
sitemap_is_full(const struct sitemap *s)
{
	return s->urls >= kinds[s->kind].most ||
		s->b.len > SITEMAP_BYTES_MAX - ITEM_MAX;
}

/* May a sitemap of this site name the address? */
static bool
may_name(const struct config *c, struct slice address)
{
	return slice_starts(address, c->site.url) &&
		address.len < SITEMAP_URL_MAX;
}

/* changed 0: not known; news NULL: no news. */
static void
put(struct sitemap *s, const struct config *c, struct slice address,
	int64_t changed, const struct entry *news)
{
	const char *item = kinds[s->kind].item;

	if (!may_name(c, address))
		return;
	s->urls++;
	buf_printf(&s->b, "  <%s>\n", item);
	xml_element(&s->b, "    ", "loc", address);
	if (changed > 0)
		xml_date(&s->b, "    ", "lastmod", changed);
	if (news)
		sitemap_put_news(&s->b, c, news);
	buf_printf(&s->b, "  </%s>\n", item);
}

void
sitemap_put_article(struct sitemap *s, const struct config *c,
	const struct entry *e, struct arena *a)
{
	put(s, c, address_entry(c, e, a), e->updated,
		s->kind == SITEMAP_NEWS ? e : NULL);
}

void
sitemap_put_channel(struct sitemap *s, const struct config *c,
	const struct feed *f, struct arena *a)
{
	if (feed_is_listed(f))
		put(s, c, site_address(&c->site, address_page(f->kind,
			f->slug, a), a), f->copies[0].mtime, NULL);
}

void
sitemap_put_file(struct sitemap *s, const struct config *c,
	struct slice file, int64_t changed, struct arena *a)
{
	put(s, c, site_address(&c->site, file, a), changed, NULL);
}
