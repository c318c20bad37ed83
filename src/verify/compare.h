/*
 * What a document should say, by the store, and what it says.
 */
#ifndef VERIFY_COMPARE_H
#define VERIFY_COMPARE_H

#include "model/feed.h"
#include "verify/finding.h"
#include "verify/outline.h"

struct wanted {
	struct slice place;	/* the document, for findings */
	struct slice hint;	/* what to do about any of them */
	/* Its entries in document order, and its tombstones, as stored. */
	const struct feed *feed;
	bool complete;		/* RFC 5005 section 2: it is all there is */
	/* Absolute addresses; `current` only of archive pages, and `prev`
	 * only where an older document is; else empty. */
	struct slice self, current, prev;
};

/*
 * Add each difference: entries that are missing, too many, there twice, in
 * another order, of other dates; links of the archive; tombstones.  A few of a
 * kind are enough to see what happened: then the others are only counted.
 */
void compare_outline(const struct outline *o, const struct wanted *w,
	struct findings *ret);

#endif
