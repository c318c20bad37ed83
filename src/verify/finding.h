/*
 * Findings: what is published and should not be so, and what to do about it.
 *
 * 1. At most FINDINGS_MAX are kept; the others are counted.
 * 2. All text is the findings' own, valid UTF-8 if what it is about is.
 */
#ifndef VERIFY_FINDING_H
#define VERIFY_FINDING_H

#include "base/arena.h"

enum { FINDINGS_MAX = 1000 };

struct finding {
	struct slice place;	/* a file of the tree, or a feed's address */
	struct slice what;
	struct slice hint;	/* a sentence */
};

struct findings {
	struct arena arena;
	struct finding *list;
	size_t n;
	size_t dropped;
};

/* One more. */
void findings_add(struct findings *f, struct slice place, struct slice hint,
	const char *fmt, ...) PRINTF_LIKE(4, 5);

/* Those of `from` too, which is empty then. */
void findings_move(struct findings *f, struct findings *from);

/* Free the inside; fit for CLEANUP. */
void findings_done(struct findings *f);

#endif
