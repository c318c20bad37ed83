/*
 * What a User-Agent says of itself: which program it is, and for how many
 * people it asks.
 *
 * Aggregators ask once for all of their readers, and put the number into the
 * field: "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 12 subscribers)".
 * Everything else that stands there is dropped: a version that changes every
 * week, or a number for each feed, would be a new reader every time.
 */
#ifndef DAEMON_AGENT_H
#define DAEMON_AGENT_H

#include "base/slice.h"

enum {
	AGENT_NAME_MAX = 40,		/* bytes */
	AGENT_READ_MAX = 512,		/* bytes of the field; the rest is */
	AGENT_SUBSCRIBERS_MAX = 100 * 1000 * 1000,	/* not believed */
};

struct agent {
	/* Letters, digits and the marks in names, UTF-8; never empty. */
	char name[AGENT_NAME_MAX + 1];
	int64_t subscribers;	/* -1: it does not say */
};

/* Read the value of a User-Agent field, which may be any bytes. */
void agent_read(struct slice field, struct agent *ret);

#endif
