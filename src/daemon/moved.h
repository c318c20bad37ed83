/*
 * Addresses that moved: those of series that were merged into another.  They
 * are promises, so each answers 301 for ever.
 */
#ifndef DAEMON_MOVED_H
#define DAEMON_MOVED_H

#include "daemon/press.h"

/*
 * Read which series were merged: at the start, and after each merge.  Their
 * feeds are dropped, and their files leave the tree.
 */
int moved_load(struct press *p, struct err *e) MUST_USE;

/* Take the files of those out of the tree; none there is fine. */
void moved_tidy(struct press *p);

/* Redirect a request for the address of one; false: it is none. */
bool moved_serve(struct press *p, struct slice path,
	struct serve_request *r);

/* Free it.  NULL is fine. */
void moved_free(struct moved *m);

#endif
