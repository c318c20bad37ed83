/*
 * Access: which channels are private, who may read them, and what partners may
 * take along.  Pure functions of the configuration.
 *
 * A private channel is one whose documents need a token: its feeds, archive
 * pages, deltas and its change stream.  Its articles are public all the same
 * where they are in public channels, too (as in "all"); those of an exclusive
 * one are not.  An article that is in no public channel has no page.
 */
#ifndef MODEL_ACCESS_H
#define MODEL_ACCESS_H

#include "model/config.h"

/*
 * The channel that the operator wrote down for a feed, found by its key, slug
 * or another name of it; NULL: none.
 */
const struct channel *channel_of_feed(const struct config *c,
	const struct feed *f);

/* Do the feed's documents need a token? */
bool channel_is_private(const struct config *c, const struct feed *f);

/* Is any channel private? */
bool config_has_private(const struct config *c);

/* Move the public ones to the front, in their order, and count them. */
size_t feeds_keep_public(const struct config *c, struct feed *list,
	size_t n);

/*
 * Is the channel one that somebody takes articles from?  A private one is, and
 * one that says what may be taken.
 */
bool channel_is_syndicated(const struct channel *ch);

/* May the channel show an article that says this of itself? */
bool channel_takes(const struct channel *ch, enum syndication said);

/*
 * Whose token it is at that moment; NULL: nobody's, or it was revoked.  It
 * takes equally long for every token, whichever partner comes first.
 */
const struct partner *partner_of_token(const struct config *c,
	struct slice token, int64_t now);

/* May the partner read the channel? */
bool partner_may_read(const struct partner *p, const struct channel *ch);

#endif
