/*
 * Media RSS (http://search.yahoo.com/mrss/), the same in Atom and RSS: what an
 * entry shows, whose it is, and where it is played.
 */
#ifndef FEED_MEDIA_RSS_H
#define FEED_MEDIA_RSS_H

#include "base/buf.h"
#include "model/config.h"
#include "model/feed.h"

/* For the root element of a document. */
#define MEDIA_RSS_SPACE "xmlns:media=\"http://search.yahoo.com/mrss/\""

/*
 * Pictures that we publish, with credit, caption and licence; videos and
 * sounds; a thumbnail; and photographers whose pictures are not here.
 */
void media_rss_put(struct buf *b, const char *indent, const struct config *c,
	const struct entry *e, struct arena *a);

#endif
