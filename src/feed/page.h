/*
 * Pages: plain HTML for people, rendered on request.
 *
 * No script, no inline style; every text goes through one escaper.  Each page
 * names its feeds for readers to find (autodiscovery).
 */
#ifndef FEED_PAGE_H
#define FEED_PAGE_H

#include "base/buf.h"
#include "model/config.h"
#include "model/feed.h"

/* Content-Type and Content-Security-Policy of every page. */
extern const char page_type[];
extern const char page_csp[];

/* What "/style.css" serves. */
struct slice page_style(void);

/* The index: every channel, and the newest articles (all->list). */
void page_index(struct buf *b, const struct config *c,
	const struct feed *feeds, size_t n, const struct feed *all,
	struct arena *a);

/* A series or a topic: f->list. */
void page_channel(struct buf *b, const struct config *c,
	const struct feed *f, struct arena *a);

/* An article, for newsrooms that have no page of their own. */
void page_article(struct buf *b, const struct config *c,
	const struct entry *e, struct arena *a);

/* A page that says one sentence, as for 404. */
void page_message(struct buf *b, const struct config *c, struct slice text);

#endif
