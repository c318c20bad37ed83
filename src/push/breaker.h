/*
 * A circuit breaker: a target that fails again and again is left alone.
 *
 *	closed --BREAKER_FAILS in a row--> open --its time--> half open
 *	   ^                                ^                    |
 *	   '------------- worked -----------+------ failed ------'
 *
 * Half open, one delivery is tried, and what becomes of it decides.
 */
#ifndef PUSH_BREAKER_H
#define PUSH_BREAKER_H

#include "base/defs.h"

enum { BREAKER_FAILS = 5 };

/* Zeroed: closed.  courier.db keeps it with its target. */
struct breaker {
	int fails;		/* in a row */
	int64_t open_until;	/* ms, wall clock; 0: it never opened */
};

/* The target answered: it closes. */
void breaker_worked(struct breaker *b);

/* It failed, once more in a row. */
void breaker_failed(struct breaker *b, int64_t now_ms);

/* Until when nothing is sent; 0: it may be. */
int64_t breaker_wait(const struct breaker *b, int64_t now_ms);

/* May only one delivery be under way? */
bool breaker_is_half_open(const struct breaker *b);

#endif
