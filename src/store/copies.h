/*
 * Copies as a column: "etag:mtime" for each format, a space between; a format
 * that was never published is "-".
 */
#ifndef STORE_COPIES_H
#define STORE_COPIES_H

#include "model/feed.h"

/* The text of all copies. */
struct slice copies_text(const struct copy copies[static FEED_FORMATS_MAX],
	struct arena *a);

/* The reverse; what is no copy counts as never published. */
void copies_take(struct slice text, struct copy ret[static FEED_FORMATS_MAX]);

#endif
