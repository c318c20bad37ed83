/*
 * How long a feed may be kept before it is asked for again.
 */
#ifndef FEED_MAX_AGE_H
#define FEED_MAX_AGE_H

#include <stddef.h>
#include <stdint.h>

enum {
	MAX_AGE_CHANGES = 10,	/* how many changes are looked at */
	MAX_AGE_LEAST = 300,
	MAX_AGE_MOST = 86400,
	MAX_AGE_UNKNOWN = 900,	/* of a feed with no past */
};

/*
 * Seconds, from when the feed changed (any order): half of the middle one of
 * the gaps between its changes, within bounds.  More than MAX_AGE_CHANGES are
 * an error of the caller's.
 *
 * What changed this week is asked for sooner; that depends on the day, so it
 * is the server's to say.
 */
int feed_max_age(const int64_t *changes, size_t n);

#endif
