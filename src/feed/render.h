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
	const char *between;	/* two entries */
	bool has_tombstones;	/* it can say what is to be forgotten */
	void (*entry)(struct buf *b, const struct config *c,
		const struct entry *e, enum content_mode how,
		struct arena *a);
	void (*head)(struct buf *b, const struct config *c,
		const struct feed *f, struct arena *a);
	void (*tail)(struct buf *b);
};

/*
 * All formats of every channel; ends with NULL.  The place in it is the number
 * of a format in the store: new ones come last, FEED_FORMATS_MAX at most.
 */
extern const struct renderer *const renderers[];

extern const struct renderer renderer_atom, renderer_rss, renderer_json;

/* Its Content-Type without parameters. */
struct slice renderer_media_type(const struct renderer *r);

/* How much of each article its entries hold; how many a document holds. */
enum content_mode feed_content(const struct config *c, const struct feed *f);
size_t feed_limit(const struct config *c, const struct feed *f);

/* One sentence of what is in it. */
struct slice feed_subtitle(const struct config *c, const struct feed *f,
	struct arena *a);

/*
 * RFC 5005 section 2: is what is not in this document not in the channel?
 * Only a series is whole in one document.
 */
bool feed_is_complete(const struct feed *f);

/* Is it to be named where everybody looks: has it entries, is it public? */
bool feed_is_listed(const struct feed *f);

/* The newest entry's `updated`; of an empty feed, when it was born. */
int64_t feed_updated(const struct feed *f);

#endif
