/*
 * The schedule: when a delivery that failed is tried again.
 */
#ifndef PUSH_SCHEDULE_H
#define PUSH_SCHEDULE_H

#include "base/defs.h"

enum { SCHEDULE_TRIES = 14 };	/* about two days */

/* About so long, a fifth up or down, by chance: who failed together does not
 * come back together. */
int64_t schedule_about(int64_t ms);

/*
 * How long to wait after so many failures (at least 1), in milliseconds; not
 * less than a peer asked for (0: it did not), up to a day.  Who says "in a
 * second" for two minutes must not use up all tries in them.  -1: not any more.
 */
int64_t schedule_pause(int tries, int64_t asked_ms);

#endif
