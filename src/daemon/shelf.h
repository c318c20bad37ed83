/*
 * The shelf: the published pictures, "media/<hash>.<ending>" in the tree.
 *
 *	(not there) --put--> pinned --unpin--> kept by the store's rows
 *	                        ^                     |
 *	                        '---- put             v  no row names it
 *	                                  (removed by a sweep)
 *
 * 1. A name is a hash of the bytes, so what lies there is never another
 *    picture, and is written once.
 * 2. A picture is there before the transaction that names it, and so before
 *    any feed that shows it.
 * 3. What is put is pinned until its batch is settled: by then the store names
 *    it, or nobody does.  A sweep removes nothing that is pinned, and asks the
 *    store only after it has looked for pins.
 */
#ifndef DAEMON_SHELF_H
#define DAEMON_SHELF_H

#include "daemon/press.h"

struct shelf;

/* Nothing is swept yet. */
struct shelf *shelf_new(struct press *p);

/* Is this the name of a picture: 32 hex digits and an ending of ours? */
bool shelf_is_name(struct slice name);

/*
 * For a pool thread: have a picture on the shelf, and pin it.  On failure
 * nothing is pinned.
 */
int shelf_put(struct shelf *s, struct slice name, struct slice bytes,
	struct err *e) MUST_USE;

/* Let go of a pin.  Any thread. */
void shelf_unpin(struct shelf *s, struct slice name);

/*
 * Remove those of the names that no article names any more, in a while.
 * Before the first shelf_sweep_all() nothing is removed.
 */
void shelf_sweep(struct shelf *s, const struct slice *names, size_t n);

/* The same for all that lie there; now, and then once a day. */
void shelf_sweep_all(struct shelf *s);

/* Sweep no more.  NULL is fine. */
void shelf_stop(struct shelf *s);

/* All jobs must have been done.  NULL is fine. */
void shelf_free(struct shelf *s);

#endif
