/*
 * Sitemaps (https://www.sitemaps.org/protocol.html): for search engines, where
 * the pages are and when they changed.
 *
 * 1. A sitemap names only addresses below the site's own, as the protocol
 *    demands: a newsroom whose pages are elsewhere lists them there.
 * 2. A file is full at SITEMAP_URLS_MAX addresses or SITEMAP_BYTES_MAX: what is
 *    left goes into the next.
 */
#ifndef FEED_SITEMAP_H
#define FEED_SITEMAP_H

#include "base/buf.h"
#include "model/config.h"
#include "model/feed.h"

enum {
	SITEMAP_URLS_MAX = 50000,
	SITEMAP_BYTES_MAX = 10 * 1024 * 1024,
	SITEMAP_URL_MAX = 2048,		/* bytes of an address, less one */
	SITEMAP_NEWS_MAX = 1000,	/* articles of a news sitemap */
	SITEMAP_NEWS_S = 2 * 86400,	/* younger than this is news */
};

extern const char sitemap_type[];

enum sitemap_kind { SITEMAP_PAGES, SITEMAP_NEWS, SITEMAP_INDEX };

/* A file that is being written: begin, put, end. */
struct sitemap {
	struct buf b;		/* the caller's, from end() on */
	enum sitemap_kind kind;
	size_t urls;
};

/* An empty one. */
void sitemap_begin(struct sitemap *s, enum sitemap_kind kind);

/* The whole is in s->b now. */
void sitemap_end(struct sitemap *s);

/* Is there no room for one more? */
bool sitemap_is_full(const struct sitemap *s);

/*
 * An article's page; in a news sitemap, what it is called as well.  Of the
 * entry only what a list has is needed.
 */
void sitemap_put_article(struct sitemap *s, const struct config *c,
	const struct entry *e, struct arena *a);

/* The page of a channel, unless that is not to be named. */
void sitemap_put_channel(struct sitemap *s, const struct config *c,
	const struct feed *f, struct arena *a);

/* In an index: a file of the tree, and when it changed. */
void sitemap_put_file(struct sitemap *s, const struct config *c,
	struct slice file, int64_t changed, struct arena *a);

/* What Google News wants to know of an article (news_sitemap.c). */
void sitemap_put_news(struct buf *b, const struct config *c,
	const struct entry *e);

#endif
