/*
 * How long a feed may be kept.
 *
 * A reader that comes once in every gap learns of each change, half a gap late
 * on average; twice as often is the most that is worth anyone's while.  The
 * middle gap, not the mean: one long summer says nothing about next Monday.
 */
#include <stdlib.h>
#include <string.h>

#include "base/defs.h"
#include "feed/max_age.h"

static int
compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int
feed_max_age(const int64_t *changes, size_t n)
{
	int64_t at[MAX_AGE_CHANGES], middle;

	CHECK(n <= MAX_AGE_CHANGES);
	if (n < 2)
		return MAX_AGE_UNKNOWN;
	memcpy(at, changes, n * sizeof(*at));
	qsort(at, n, sizeof(*at), compare);
	for (size_t i = 0; i + 1 < n; i++)
		at[i] = at[i + 1] - at[i];
	qsort(at, n - 1, sizeof(*at), compare);
	middle = at[(n - 1) / 2] / 2;
	return (int)MIN(MAX(middle, MAX_AGE_LEAST), MAX_AGE_MOST);
}
