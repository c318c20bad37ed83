/*
 * One unit under verification: a feed's document or a page of its archive, in
 * every format, as the store has it and as it lies in the tree.
 *
 * Each is read back, hashed, unpacked, parsed by another parser than wrote it,
 * and compared with the store's list of entries.  For pool threads.
 */
#ifndef DAEMON_VERIFY_UNIT_H
#define DAEMON_VERIFY_UNIT_H

#include "daemon/press.h"
#include "verify/finding.h"
#include "verify/outline.h"

struct unit_check {
	struct press *press;
	struct config *config;	/* borrowed */
	int page;		/* of its archive; 0: the feed itself */
	struct arena arena;
	struct feed feed;
	struct copy copies[FEED_FORMATS_MAX];
	int64_t wanted, published;
	struct document *docs[FEED_FORMATS_MAX];	/* NULL: unreadable */
	struct outline outlines[FEED_FORMATS_MAX];	/* of docs */
	size_t largest;		/* bytes */
	bool cut;		/* it has not all of its entries: too long */
	size_t documents;	/* that were looked for */
	struct findings found;
};

/* A unit of a feed, whose head is copied. */
struct unit_check *unit_check_new(struct press *p, struct config *c,
	const struct feed *head, int page);

/* What the store says of it, at one moment. */
int unit_check_load(struct unit_check *u, struct store_reader *reader,
	struct err *e) MUST_USE;

/* Read its documents, and fill `found`. */
void unit_check_run(struct unit_check *u);

/* Was it published again since it was loaded?  Then nothing differs. */
bool unit_check_moved(const struct unit_check *u,
	struct store_reader *reader);

/* Where it lies in the tree; and what writes a feed again. */
struct slice unit_check_place(struct unit_check *u, int format);
struct slice unit_check_hint(const struct feed *f, struct arena *a);

/* Free it. */
void unit_check_free(struct unit_check *u);

#endif
