/*
 * The media desk: answers requests for pictures, and for whatever else lies in
 * the tree and is seldom asked for.
 *
 * A file is read from the tree when somebody asks; who asks meanwhile waits
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

/* A file of the tree that is not named by its hash. */
struct tree_file {
	struct slice path;	/* in the tree, at most TREE_PATH_MAX */
	struct slice etag;	/* of what should be there; may be empty */
	const char *type;	/* Content-Type, static */
	int max_age;		/* seconds */
};

enum { TREE_PATH_MAX = 95 };

/*
 * Answer with a file of the tree, now or later; with 404 if it is not there.
 * What is found there is believed, because it is replaced before anybody is
 * told of its new etag.
 */
void media_desk_serve_file(struct media_desk *m, const struct tree_file *f,
	struct serve_request *r);

/* It is not published any more: have it in memory no longer. */
void media_desk_forget(struct media_desk *m, struct slice name);

/* Answer who still waits with nothing.  All jobs must have been done. */
void media_desk_free(struct media_desk *m);

#endif
