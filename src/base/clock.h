/*
 * Time and chance, from one place, so that tests can set both.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/defs.h"

/* Wall clock, in milliseconds since 1970. */
int64_t clock_now_ms(void);
/* Wall clock, in whole seconds since 1970. */
int64_t clock_now(void);
/* Monotonic, in milliseconds since some moment. */
int64_t clock_mono_ms(void);
/* The same, and it counts the time that the machine was suspended. */
int64_t clock_running_ms(void);

/* How long the calling thread has been at work, in milliseconds. */
int64_t clock_worked_ms(void);

/* For tests: stop the wall clock at this many ms; negative: let it run. */
void clock_set_ms(int64_t ms);

/* An unpredictable number, from getrandom(2). */
uint64_t rand_u64(void);

#endif
