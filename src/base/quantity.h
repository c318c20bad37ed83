/*
 * Quantities as people write them: a number and a unit, never a bare guess.
 */
#ifndef BASE_QUANTITY_H
#define BASE_QUANTITY_H

#include "base/slice.h"

/* "500ms", "10s", "5m", "24h", "10d": milliseconds; -1 if it is not one. */
int64_t quantity_time(struct slice s);

/* "4M", "64K", "1G", "512" (bytes); powers of 1024; -1 if it is not one. */
int64_t quantity_size(struct slice s);

/*
 * "10/10m", "100/d": so many in so long, in milliseconds, neither of them 0,
 * at most a year; false: it is not that.
 */
bool quantity_rate(struct slice s, int64_t *ret_n, int64_t *ret_ms);

/* Times and sizes back to text, in the largest unit that fits exactly. */
enum { QUANTITY_SIZE = 32 };
const char *quantity_time_text(int64_t ms, char ret[static QUANTITY_SIZE]);
const char *quantity_size_text(int64_t bytes, char ret[static QUANTITY_SIZE]);

#endif
