/*
 * Held deletions: counting them, judging them, carrying them out.
 *
 * series/guard.h says which are held and why; here is when they are judged:
 * at the end of a burst, when no deletion is on its way to the store.
 */
#ifndef DAEMON_HOLDS_H
#define DAEMON_HOLDS_H

#include "daemon/press.h"

struct holds;

/* None are known before the first holds_note(). */
struct holds *holds_new(struct press *p);

/* Holds have changed, or may have. */
void holds_note(struct holds *h);

/* Judge them, if there is something to judge and no deletion is on its way. */
void holds_pump(struct holds *h);

/* These deletions are not held any more: look at the files again. */
void holds_recheck(struct press *p, const struct slice *paths, size_t n);

/* How many judgements are due or under way: 0 when all is settled. */
size_t holds_open(const struct holds *h);

/* How it was when they were last judged. */
const struct hold_counts *holds_counts(const struct holds *h);

/* All jobs must have been done.  NULL is fine. */
void holds_free(struct holds *h);

#endif
