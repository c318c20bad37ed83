/*
 * The links of a feed's document, the same in every format.
 */
#ifndef FEED_LINKS_H
#define FEED_LINKS_H

#include "feed/render.h"

/* alternate, self, the hubs, license, current, prev-archive. */
enum { FEED_LINKS_MAX = CONFIG_HUBS_MAX + 5 };

struct feed_link {
	const char *rel;
	struct slice type;	/* media type; empty: of no interest */
	struct slice href;
};

/*
 * The links of a feed's document in the renderer's format, in the order above;
 * those that it has not are left out.  How many.
 */
size_t feed_links(const struct config *c, const struct feed *f,
	const struct renderer *r, struct feed_link ret[FEED_LINKS_MAX],
	struct arena *a);

/* The link of that kind in a list; ptr NULL: there is none. */
struct slice feed_link(const struct feed_link *links, size_t n,
	const char *rel);

#endif
