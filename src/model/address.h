/*
 * Addresses of what is published, in one place.
 *
 * They are promises to readers and partner sites: fixed, and the same in the
 * published tree.  Slugs keep letters of any script; they are UTF-8 on disk
 * and percent-encoded in addresses.
 */
#ifndef MODEL_ADDRESS_H
#define MODEL_ADDRESS_H

#include "model/config.h"
#include "model/feed.h"

/*
 * "feeds/series/<slug>.atom", or "feeds/series/<slug>/archive/<page>.atom":
 * in the tree, no slash in front, UTF-8.
 */
struct slice address_feed_file(const struct feed *f, const char *ending,
	struct arena *a);

/* The same as an address: with a slash, percent-encoded. */
struct slice address_feed(const struct feed *f, const char *ending,
	struct arena *a);

/* The absolute address of a channel's change stream. */
struct slice address_changes(const struct config *c, const struct feed *f,
	struct arena *a);

/*
 * The reverse: which channel an address below "/feeds/" belongs to, whether
 * there is one or not: fills kind and slug, and the rest behind the slug
 * (".atom", "/changes.json").  False: it is of no channel.
 */
bool address_parse_feed(struct slice path, struct arena *a, struct feed *ret,
	struct slice *ret_rest);

/* "/series/<slug>/", "/topics/<slug>/" or "/", percent-encoded. */
struct slice address_page(enum channel_kind kind, struct slice slug,
	struct arena *a);

/*
 * The absolute address of an article, by the permalink template of the content
 * root that its path is in.
 */
struct slice address_article(const struct config *c, struct slice path,
	struct slice slug, struct arena *a);

/* The address of an entry: its own page elsewhere, or the one above. */
struct slice address_entry(const struct config *c, const struct entry *e,
	struct arena *a);

/* The address of a related article that is here. */
struct slice address_related(const struct config *c, const struct related *r,
	struct arena *a);

/* The absolute address of a picture that we publish. */
struct slice address_media(const struct config *c, const struct media *m,
	struct arena *a);

/* The address of the part before or after. */
struct slice address_neighbour(const struct config *c,
	const struct neighbour *n, struct arena *a);

/*
 * The reverse: the slug in a request path, if it is that of an article page
 * that gazetted serves itself.  ptr NULL: it is not.  Percent-decoded.
 */
struct slice address_article_slug(const struct config *c, struct slice path,
	struct arena *a);

#endif
