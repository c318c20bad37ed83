/*
 * Is the wall clock to be believed?
 *
 * A clock that jumps far ahead would release what must wait for days.  It is
 * compared with the time that the machine has been running (suspended or not),
 * which never jumps: what the wall clock gained on that all at once, by more
 * than STEADY_JUMP_MS, is not believed until the clock is back, or somebody
 * says that it is right.
 *
 * 1. Small steps are believed one by one: clocks are set.
 * 2. A jump back is believed at once: it releases nothing too early.
 */
#ifndef BASE_STEADY_H
#define BASE_STEADY_H

#include "base/defs.h"

enum { STEADY_JUMP_MS = 600 * 1000 };

/* Zeroed: the first look is believed. */
struct steady {
	bool begun;
	int64_t offset_ms;	/* of the wall clock, as it was believed */
	int64_t ahead_ms;	/* what is not believed of it; 0: steady */
};

/* Look at both clocks; returns ahead_ms. */
int64_t steady_look(struct steady *s, int64_t wall_ms, int64_t running_ms);

/* The wall clock is right: believe it as it is at the next look. */
void steady_believe(struct steady *s);

#endif
