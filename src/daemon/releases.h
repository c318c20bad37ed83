/*
 * Releases: what waits for its time goes out at its second.
 *
 * The store knows what waits (file.release).  A timer on the first of them
 * has the files read again when their time has come; they are then articles
 * like any other.  So a restart, or a file that was changed meanwhile, makes
 * no difference.
 *
 * 1. What is due stays due in the store until it was read: it is asked for
 *    again, each second.
 * 2. While the wall clock is not believed (base/steady.h), nothing goes out by
 *    it that would not by the clock as it was.
 */
#ifndef DAEMON_RELEASES_H
#define DAEMON_RELEASES_H

#include "daemon/press.h"

struct releases;

/* Nothing is released before the first releases_note(). */
struct releases *releases_new(struct press *p);

/* Files wait, or wait no more, since the last call. */
void releases_note(struct releases *r);

/* By how many seconds the wall clock may be wrong: struct batch's `ahead`. */
int64_t releases_ahead(struct releases *r);

/* The operator says that the clock is right. */
void releases_believe(struct releases *r);

/* All jobs must have been done.  NULL is fine. */
void releases_free(struct releases *r);

#endif
