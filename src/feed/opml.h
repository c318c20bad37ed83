/*
 * OPML 2.0 (http://opml.org/spec2.opml): every feed in one document, for
 * readers that subscribe to all of them, or let their owner choose.
 */
#ifndef FEED_OPML_H
#define FEED_OPML_H

#include "base/buf.h"
#include "model/config.h"
#include "model/feed.h"

/* In the tree; with a slash in front, the address. */
#define OPML_FILE "feeds/index.opml"

extern const char opml_type[];

/* The feeds that are public and have entries, as heads; list is not needed. */
void opml_put(struct buf *b, const struct config *c, const struct feed *feeds,
	size_t n, struct arena *a);

#endif
