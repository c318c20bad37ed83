/*
 * The change streams: "/feeds/all/changes.json?after=CURSOR", and of each
 * series and topic.
 */
#ifndef DAEMON_CHANGES_H
#define DAEMON_CHANGES_H

#include "daemon/press.h"

/*
 * Answer a request for the change stream of a channel, later.  False: the path
 * is of none, and the request still the caller's.
 */
bool changes_serve(struct press *p, struct slice path,
	struct serve_request *r);

#endif
