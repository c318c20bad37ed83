/*
 * Fragments: rendered entries, kept so that an article in three feeds is
 * rendered once, and a changed article among fifty costs one.
 *
 * A cache of bytes with a limit, shared by the pool's threads; the least
 * recently used goes first.  A key names an exact revision, so nothing in it
 * is ever stale.
 */
#ifndef FEED_FRAGMENT_H
#define FEED_FRAGMENT_H

#include "base/buf.h"

struct fragments;

struct fragment_key {
	int64_t article_id;
	int64_t revision;	/* of the entry */
	uint64_t epoch;		/* of the configuration */
	uint64_t renderer;	/* index */
};

/* A cache of at most limit bytes. */
struct fragments *fragments_new(size_t limit);
void fragments_free(struct fragments *f);

/* Append the fragment of key to b; false when it is not there. */
bool fragments_get(struct fragments *f, const struct fragment_key *key,
	struct buf *b);

/* Forget what was kept of an article. */
void fragments_forget(struct fragments *f, int64_t article_id);

/* Keep a copy of bytes just made; does nothing if the key is there already. */
void fragments_put(struct fragments *f, const struct fragment_key *key,
	struct slice bytes);

/* How many were made so far, each in one format. */
uint64_t fragments_made(struct fragments *f);

#endif
