/*
 * Patience with subscribers: when one that failed is tried again.
 */
#ifndef PUSH_PATIENCE_H
#define PUSH_PATIENCE_H

#include "base/slice.h"

enum { PATIENCE_TRIES = 7 };

/* When a subscriber is to be tried that is merely slow; now in ms. */
int64_t patience_first(int64_t now_ms);

/*
 * When to try again, after so many failures (at least 1) and what Retry-After
 * says (ptr NULL: nothing).  -1: not any more.
 */
int64_t patience_next(int tries, struct slice retry_after, int64_t now_ms);

#endif
