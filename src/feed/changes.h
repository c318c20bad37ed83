/*
 * The change stream of a channel, as JSON (gazetted-changes(5)).
 */
#ifndef FEED_CHANGES_H
#define FEED_CHANGES_H

#include "base/buf.h"
#include "model/store.h"

enum { CHANGES_PAGE_MAX = 100 };

/*
 * The number of a cursor ("<stream>-<number>").  0 for an empty one: from the
 * beginning.  -1: it is none, or of another stream.
 */
int64_t changes_cursor(struct slice cursor, struct slice stream);

/* A page of a feed's changes, those after a number. */
void changes_put(struct buf *b, const struct config *c, const struct feed *f,
	const struct changes *page, int64_t after, struct arena *a);

/* What a cursor gets that means nothing (any more): where to begin again. */
void changes_put_lost(struct buf *b, const struct config *c,
	const struct feed *f, struct arena *a);

#endif
