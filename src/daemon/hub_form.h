/*
 * What is posted to the hub (WebSub section 5.1), read and checked as far as
 * that needs nobody but who reads.  Pure.
 */
#ifndef DAEMON_HUB_FORM_H
#define DAEMON_HUB_FORM_H

#include "model/push.h"
#include "model/store.h"

enum {
	HUB_SECRET_MAX = 199,		/* bytes (section 5.1) */
	HUB_TOPIC_MAX = 2048,
	HUB_TOKEN_MAX = 256,
	HUB_LEASE_ENDLESS = INT32_MAX,	/* seconds; a number beyond is this */
};

/*
 * Fills all but seq, at, url and feed_id: what the topic means is the caller's
 * to find out.  On failure e says why, for who posted it.
 */
int hub_form_read(const struct hub_conf *h, struct slice body,
	struct arena *a, struct hub_request *ret, struct err *e) MUST_USE;

#endif
