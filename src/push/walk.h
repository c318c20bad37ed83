/*
 * A walk around the ring: which subscriptions come next (model/fanout.h).
 *
 * Reading runs ahead of sending, page by page; where the walk is, in the
 * database, follows when what was sent is settled.
 */
#ifndef PUSH_WALK_H
#define PUSH_WALK_H

#include "model/fanout.h"

struct walk {
	int64_t version;
	int64_t stop, hi;
	int64_t read;		/* read up to here */
	bool passed;		/* reading is past the end of the ring */
	bool over;		/* everything is read */
	int64_t taken;		/* the last id that was taken */
};

/* Where a row of hub_fanout says that it is. */
void walk_begin(struct walk *w, const struct fanout *f);

/* Up to which id to read from w->read on. */
int64_t walk_upto(const struct walk *w);

/*
 * A page was read: n ids of at most max, the last of them `last`.  True: an
 * end was reached, and the walk is over, or goes on at the beginning.
 */
bool walk_read(struct walk *w, size_t n, size_t max, int64_t last);

/*
 * The cursor, when everything is settled before the subscription `open` (0:
 * everything that was taken).
 */
int64_t walk_cursor(const struct walk *w, int64_t open);

#endif
