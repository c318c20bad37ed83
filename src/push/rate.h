/*
 * Rates: so many in so long, evenly after a burst of that many.
 */
#ifndef PUSH_RATE_H
#define PUSH_RATE_H

#include "model/push.h"

/* Zeroed: nothing was sent yet. */
struct rate {
	int64_t full_at;	/* ms: when all of it may be sent again */
};

/* When the next one may go, ms; 0: now. */
int64_t rate_wait(const struct rate *r, const struct quota *q,
	int64_t now_ms);

/* One goes. */
void rate_take(struct rate *r, const struct quota *q, int64_t now_ms);

#endif
