/*
 * Retry-After (RFC 9110 section 10.2.3): how long a peer wants to be left
 * alone.
 */
#ifndef PUSH_RETRY_AFTER_H
#define PUSH_RETRY_AFTER_H

#include "base/slice.h"

/* No peer puts us off for longer. */
enum { RETRY_AFTER_MAX_MS = 24 * 60 * 60 * 1000 };

/*
 * From the header's value, seconds or an HTTP date: milliseconds from now_ms
 * (of the wall clock) on, 0 to RETRY_AFTER_MAX_MS.  -1: it says nothing.
 */
int64_t retry_after_ms(struct slice value, int64_t now_ms);

#endif
