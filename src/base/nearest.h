/*
 * "Did you mean ...?": the word that a typing slip was meant to be.
 *
 *	struct nearest n = { .word = typed };
 *
 *	for each known word: nearest_try(&n, known);
 *	if (n.best) ...
 */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include "base/slice.h"

struct nearest {
	struct slice word;	/* what was typed */
	const char *best;	/* NULL: nothing is close enough */
	size_t distance;	/* of the best */
};

/*
 * Offer a candidate.  Close enough means: at most one slip (a byte added,
 * dropped or changed, or two neighbours swapped) for each three bytes, and
 * not everything different.  Words over 32 bytes are never close.
 */
void nearest_try(struct nearest *n, const char *candidate);

#endif
