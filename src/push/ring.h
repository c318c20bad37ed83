/*
 * The ring: fan-out of new versions to the subscribers of our own hub.
 *
 *	row of hub_fanout --> page by page --> flights --> settled: the cursor
 *	                        (pool)         (client)    moves, 200 at a time
 *	                                          |
 *	row of hub_retry  <--failed, or slow------'
 *	       '--when it is due, the latest version--> flight
 *
 * 1. Nobody is lost: what the cursor has passed was answered, or has a row.
 * 2. A subscriber has one flight at a time, so an older version never comes
 *    after a newer one.
 * 3. What settles well costs no row; a crash costs the deliveries since the
 *    last commit, which are made again.
 * 4. Nobody waits for somebody else: who is slow is taken out of the line.
 * 5. Memory depends on what is on its way, never on how many subscribe.
 */
#ifndef PUSH_RING_H
#define PUSH_RING_H

#include "model/fanout.h"
#include "push/courier.h"

/*
 * A ring over c->store and c->callbacks, which goes on with every row that is
 * there.  *c is borrowed.
 */
int ring_new(struct courier *c, struct ring **ret, struct err *e) MUST_USE;

/*
 * A feed has a new version: inside the job that plans what it means for
 * others, too.  The store's thread; call ring_wake() when it is committed.
 */
int ring_announce(struct store_tx *tx, int64_t feed_id, int64_t version,
	struct err *e) MUST_USE;

/* Rows were written: look. */
void ring_wake(struct ring *r);

/* c->config is another one; what is on its way keeps the old. */
void ring_swap_config(struct ring *r);

/* Start nothing new. */
void ring_drain(struct ring *r);
bool ring_is_drained(const struct ring *r);

/* Is any of its jobs on its way, in the pool or in the store? */
bool ring_has_jobs(const struct ring *r);

/*
 * Free it, after c->callbacks, which has its calls, and when it has no jobs,
 * or else before *c, its pool and its store are: jobs read those.  NULL is
 * fine.
 */
void ring_free(struct ring *r);

#endif
