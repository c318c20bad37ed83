/*
 * The clock of what measures: microseconds since some moment.
 */
#ifndef BENCH_NOW_H
#define BENCH_NOW_H

#include <time.h>

static inline double
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

#endif
