/*
 * Syndication: how an entry is shown to those who take articles along.
 *
 * Which articles a channel has is decided when they are read (series/share.c);
 * here is what of them is shown.  Pure filters over an entry, to be applied
 * after it was read and before it is rendered.
 */
#ifndef FEED_SYNDICATE_H
#define FEED_SYNDICATE_H

#include "base/arena.h"
#include "model/config.h"
#include "model/feed.h"

/*
 * Which of the ways in which an entry is rendered a feed has: part of the key
 * of its fragments.  0: as on the article's own page.
 */
unsigned syndicate_variant(const struct config *c, const struct feed *f);

/*
 * The entries of a feed's list, before any of them is rendered: what is hidden
 * of one (entry_hide_private) does not place it, either.
 */
void syndicate_list(const struct config *c, struct feed *f);

/*
 * Make the entry what the feed shows of it, by what its pictures, the article
 * and the channel say, in that order; where nobody says anything, all of it.
 * Memory is as in model/entry_share.h.
 */
void syndicate_entry(const struct config *c, const struct feed *f,
	struct entry *e, struct arena *a);

/*
 * The configuration as a renderer gets it for this feed: that of a private
 * one names no hub, so no format can.  *ret borrows from c.
 */
const struct config *syndicate_config(const struct config *c,
	const struct feed *f, struct config *ret);

#endif
