/*
 * The hub's desk: where strangers ask to be subscribed.
 *
 * 1. 202 is a promise: what was asked is on the disk by then.
 * 2. The answer says nothing of what the verification comes to (WebSub section
 *    5.1.2), nor whether a private channel exists.
 * 3. Nothing is asked of anybody from here: that is the courier's.
 */
#ifndef DAEMON_HUB_DESK_H
#define DAEMON_HUB_DESK_H

#include "daemon/press.h"

/* The desk of a press; whether it is open, its configuration says. */
struct hub_desk *hub_desk_new(struct press *p);

/* A form was posted; without a hub there is nothing here. */
void hub_desk_post(struct hub_desk *h, struct slice form,
	struct serve_request *r);

/*
 * Somebody looks at its address: a hub is only posted to.  False: there is
 * none, and the request is still the caller's.
 */
bool hub_desk_show(struct hub_desk *h, struct slice path,
	struct serve_request *r);

/* All requests must have been answered.  NULL is fine. */
void hub_desk_free(struct hub_desk *h);

#endif
