/*
 * Backfill protection: what is old, or too much, is told to nobody.
 *
 * Five guards, each on by default:
 * 1. The watermark: what was announced before a target was added is no news
 *    for it (outbox.sync, backfill_is_before).
 * 2. The age: an article that is dated long ago is none for anybody.
 * 3. The fuse: more than so many in so short a time holds the target.
 * 4. The cap: what is more than a day's share waits.
 * 5. The fence (fence.h): databases that are not what they were hold all.
 *
 * Pure functions.  What the operator asked for passes all but the fence.
 */
#ifndef PUSH_BACKFILL_H
#define PUSH_BACKFILL_H

#include "model/outbox.h"

/* Was it announced before the target was there? */
bool backfill_is_before(const struct outbox_target *t,
	const struct announcement *n);

/*
 * Too old to be sent, when it is planned?  `dated` is the article's own date;
 * what is not new is as old as its announcement.
 */
bool backfill_is_old(const struct target *t, bool is_new, int64_t dated,
	int64_t at, int64_t now_ms);

/* The same when its turn has come, which the cap may have put off. */
bool backfill_is_stale(const struct target *t, int64_t at, int64_t now_ms);

/* Does the delivery count for fuse and cap?  No text is kept by them that is
 * taken back. */
bool backfill_counts(const struct outbox_row *r);

/* How much of a quota is left, of which `begun` are not counted yet. */
int64_t backfill_left(const struct quota *q, const struct outbox_starts *s,
	int64_t begun);

#endif
