/*
 * feed: from entries to the bytes of a feed.
 *
 * A renderer is one file and a line in renderers[] (render.c).  An entry's
 * fragment has the same bytes in every feed, so it is rendered once and
 * concatenated; head and tail are made for each feed.
 *
 * 1. Output is a function of (store, configuration): no clock, no locale.
 * 2. Output is well-formed for any input bytes: all text goes through one
 *    escaper.
 */
#ifndef FEED_RENDER_H
#define FEED_RENDER_H

#include "base/buf.h"
#include "model/config.h"
#include "model/feed.h"

struct renderer {
	const char *ending;	/* of the address: "atom" */
	const char *type;	/* Content-Type */
	void (*entry)(struct buf *b, const struct config *c,
		const struct entry *e, struct arena *a);
	void (*head)(struct buf *b, const struct config *c,
		const struct feed *f, struct arena *a);
	void (*tail)(struct buf *b);
};

/* All formats of every channel; ends with NULL. */
extern const struct renderer *const renderers[];

extern const struct renderer renderer_atom;

/* The title that readers see: the site's name, the operator's, the store's. */
struct slice feed_title(const struct config *c, const struct feed *f);

/* One sentence of what is in it. */
struct slice feed_subtitle(const struct config *c, const struct feed *f,
	struct arena *a);

/* The newest entry's `updated`; of an empty feed, when it was born. */
int64_t feed_updated(const struct feed *f);

#endif
