/*
 * Receivers: the hosts that subscribers are at, and how they fare.
 *
 * 1. No more than `share` flights to a host are with the client at once; what
 *    else there is for it waits here, in order.
 * 2. A host that fails FAILS_MAX times in a row is slow until it answers: it
 *    is served in the slow lane, so that dead hosts take no slots from others.
 *    An answer that comes after SLOW_MS took a slot as long as none would.
 * 3. A host is known as long as it has flights, or has failed.
 */
#ifndef PUSH_RECEIVERS_H
#define PUSH_RECEIVERS_H

#include "base/table.h"

enum {
	RECEIVER_FAILS_MAX = 5, RECEIVER_SLOW_SHARE = 2,
	RECEIVER_SLOW_MS = 5000,
};

struct flight;

struct receiver {
	struct slice name;
	unsigned flights;		/* to it, */
	unsigned active, waiting;	/* with the client, and here */
	unsigned fails;			/* in a row */
	int64_t moved;			/* clock_mono_ms() of its last answer */
	struct flight *first, *last;	/* that wait */
	char text[];
};

struct receivers {
	struct table hosts;
	unsigned share;
};

/* The host of that name. */
struct receiver *receiver_get(struct receivers *r, struct slice name);

/* Does it fail again and again? */
bool receiver_is_slow(const struct receiver *h);

/* One flight has ended at that moment (clock_mono_ms()). */
void receiver_ended(struct receiver *h, bool answered, int64_t took_ms,
	int64_t now);

/* May one more flight go? */
bool receiver_is_free(const struct receivers *r, const struct receiver *h);

/* One flight less: forget it, if there is nothing to know (3). */
void receiver_leave(struct receivers *r, struct receiver *h);

/* The inside; no flight is left. */
void receivers_done(struct receivers *r);

#endif
