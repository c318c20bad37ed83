/*
 * Partners at the door: who may read what of "/feeds/", and who came.
 *
 * Nobody learns from an answer whether a private channel exists.  Without a
 * valid token, what is private and what is not there answer alike (401, once
 * there is any private channel); with one, what the partner may not read and
 * what is not there answer alike (404).
 */
#ifndef DAEMON_PARTNERS_H
#define DAEMON_PARTNERS_H

#include <jansson.h>

#include "daemon/press.h"

/* Load what is remembered of who came. */
int partners_load(struct press *p, struct err *e) MUST_USE;

/*
 * May the request go on to the feed at the path (with what is private, if it
 * is that)?  Else it has been answered.
 */
bool partners_admit(struct press *p, struct slice path,
	struct serve_request *r);

/*
 * There is nothing at a path below "/feeds/": has it to be answered as if it
 * were private?  Then it has been.
 */
bool partners_conceal(struct press *p, struct serve_request *r);

/* Every partner of the configuration: an array, with who came and when. */
json_t *partners_list(const struct press *p);

/* Store what is not stored yet; called at the end, before the store closes. */
void partners_flush(struct press *p);

/* NULL is fine. */
void partners_free(struct partners *ps);

#endif
