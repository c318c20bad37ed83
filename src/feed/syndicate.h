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
 * of one (syndicate_hide) does not place it, either.
 */
void syndicate_list(const struct config *c, struct feed *f);

/*
 * Make the entry what the feed shows of it, by what the article, its pictures
 * and the channel say; where nobody says anything, all of it.
 *
 * Pictures that may not go along leave the text with their captions, the
 * media and the credits.  What of the entry changes is the arena's; its lists
 * are changed in place.
 */
void syndicate_entry(const struct config *c, const struct feed *f,
	struct entry *e, struct arena *a);

/*
 * Only what every document needs, a page too: no topic that is private is
 * named, and nothing leads to a private series but its own feed.  True: there
 * was such a series.
 */
bool syndicate_hide(const struct config *c, struct entry *e);

/*
 * The configuration as a renderer gets it for this feed: that of a private
 * one names no hub, so no format can.  *ret borrows from c.
 */
const struct config *syndicate_config(const struct config *c,
	const struct feed *f, struct config *ret);

#endif
