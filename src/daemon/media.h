/*
 * The media desk: answers requests for pictures.
 *
 * A picture is read from the tree when somebody asks; who asks meanwhile waits
 * for the same reading.  Those that were asked for last stay in memory, as far
 * as there is room.
 */
#ifndef DAEMON_MEDIA_H
#define DAEMON_MEDIA_H

#include "daemon/press.h"

struct media_desk;

/* Nothing in memory yet. */
struct media_desk *media_desk_new(struct press *p);

/*
 * Answer a request for "/media/<name>", now or later.  False when there can
 * be no such picture: the request is still the caller's.
 */
bool media_desk_serve(struct media_desk *m, struct slice name,
	struct serve_request *r);

/* It is not published any more: have it in memory no longer. */
void media_desk_forget(struct media_desk *m, struct slice name);

/* Answer who still waits with nothing.  All jobs must have been done. */
void media_desk_free(struct media_desk *m);

#endif
