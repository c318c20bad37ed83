/*
 * "Did you mean ...?": optimal string alignment over three rows.
 */
#include "base/nearest.h"

enum { WORD_MAX = 32 };

static size_t
least(size_t a, size_t b, size_t c)
{
	return MIN(a, MIN(b, c));
}

/* Slips that turn a into b; both have at most WORD_MAX bytes. */
static size_t
slips(struct slice a, struct slice b)
{
	size_t rows[3][WORD_MAX + 1] = { { 0 } };
	size_t *above = rows[0], *row = rows[1], *two_above = rows[2], *free;

	for (size_t k = 0; k <= b.len; k++)
		above[k] = k;
	for (size_t i = 1; i <= a.len; i++) {
		row[0] = i;
		for (size_t k = 1; k <= b.len; k++) {
			row[k] = least(above[k] + 1, row[k - 1] + 1,
				above[k - 1] +
				(a.ptr[i - 1] != b.ptr[k - 1]));
			if (i > 1 && k > 1 && a.ptr[i - 1] == b.ptr[k - 2] &&
				a.ptr[i - 2] == b.ptr[k - 1])
				row[k] = MIN(row[k], two_above[k - 2] + 1);
		}
		free = two_above;
		two_above = above;
		above = row;
		row = free;
	}
	return above[b.len];
}

void
nearest_try(struct nearest *n, const char *candidate)
{
	struct slice c = slice_str(candidate);
	size_t longer = MAX(n->word.len, c.len), distance;

	if (longer > WORD_MAX || longer < 2)
		return;
	distance = slips(n->word, c);
	if (distance > (longer + 2) / 3 || distance >= longer)
		return;
	if (!n->best || distance < n->distance) {
		n->best = candidate;
		n->distance = distance;
	}
}
