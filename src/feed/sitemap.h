/*
 * Sitemaps (https://www.sitemaps.org/protocol.html): for search engines, where
 * the pages are and when they changed.
 *
 * 1. A sitemap names only addresses below the site's own, as the protocol
 *    demands: a newsroom whose pages are elsewhere lists them there.
 * 2. A file ends before SITEMAP_URLS_MAX addresses and SITEMAP_BYTES_MAX: what
 *    is left goes into the next.
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

/* A file of the index. */
struct sitemap_file {
	struct slice file;	/* in the tree */
	int64_t changed;	/* seconds; 0: not known */
};

/*
 * One file of article pages, from list[*at] on; *at moves to what did not fit.
 * Of an entry only what a list has is needed.
 */
void sitemap_put_articles(struct buf *b, const struct config *c,
	const struct entry *list, size_t n, size_t *at, struct arena *a);

/* The same for the page of each channel, and the index of them all. */
void sitemap_put_channels(struct buf *b, const struct config *c,
	const struct feed *feeds, size_t n, size_t *at, struct arena *a);

/* The same for Google News: see news_sitemap.c. */
void sitemap_put_news(struct buf *b, const struct config *c,
	const struct entry *list, size_t n, size_t *at, struct arena *a);

/* The index of all files. */
void sitemap_put_index(struct buf *b, const struct config *c,
	const struct sitemap_file *files, size_t n, struct arena *a);

/* May a sitemap of this site name the address? */
bool sitemap_may_name(const struct config *c, struct slice address);

#endif
