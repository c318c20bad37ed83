/*
 * Pages: plain HTML for people, rendered on request.
 *
 * 1. No script, no inline style: what a page needs is in its markup and in one
 *    style sheet, and the Content-Security-Policy allows nothing else.
 * 2. Every text goes through one escaper.
 * 3. Each page names its feeds for readers to find, the most specific first.
 * 4. The furniture speaks the language of what it surrounds, if it can.
 */
#ifndef FEED_PAGE_H
#define FEED_PAGE_H

#include "base/buf.h"
#include "model/config.h"
#include "model/feed.h"
#include "feed/page_words.h"

enum {
	PAGE_NEWS_MAX = 5,	/* articles of the same topics */
	PAGE_PARTS_MAX = 1000,	/* of a series */
	PAGE_CHANNELS_MAX = 500,	/* of a kind, on the index */
};

/* Content-Type of every page. */
extern const char page_type[];

/* Content-Security-Policy of a page with an article (NULL: with none). */
const char *page_csp(const struct config *c, const struct entry *e);

/* A series as far as it is known. */
struct parts_view {
	const struct entry *parts;	/* in its order, withdrawn ones too */
	size_t n_parts;
	const int *missing;		/* numbers, ascending */
	size_t n_missing;
};

/* An article, and what its page shows around it. */
struct article_view {
	const struct entry *entry;
	struct parts_view series;
	const struct feed *feeds;	/* that it is in */
	size_t n_feeds;
	const struct entry *news;	/* of the same topics */
	size_t n_news;
};

/* A channel, and what its page shows of it. */
struct channel_view {
	const struct feed *feed;	/* with its list */
	struct parts_view series;	/* none for a topic */
	const struct feed *all;		/* NULL: none */
};

/* The index: every channel, and the newest articles (all->list). */
void page_index(struct buf *b, const struct config *c,
	const struct feed *feeds, size_t n, const struct feed *all,
	struct arena *a);

/* A series or a topic. */
void page_channel(struct buf *b, const struct config *c,
	const struct channel_view *v, struct arena *a);

/* For newsrooms that have no page of their own. */
void page_article(struct buf *b, const struct config *c,
	const struct article_view *v, struct arena *a);

/* A page that says one sentence, as for 404. */
void page_message(struct buf *b, const struct config *c, struct slice lang,
	enum word sentence);

#endif
