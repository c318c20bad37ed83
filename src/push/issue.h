/*
 * An issue: a topic's document as it is sent to its subscribers.
 *
 * It is read from the published tree once, and kept while anybody is sent it;
 * all that is the same for all of them is made here.
 */
#ifndef PUSH_ISSUE_H
#define PUSH_ISSUE_H

#include "base/err.h"
#include "model/config.h"

enum {
	ISSUE_BYTES_MAX = 16 * 1024 * 1024,
	ISSUE_HEADERS = 2,	/* Content-Type and Link */
};

struct issue {
	unsigned refs;		/* loop thread only, as the configuration's */
	struct config *config;
	struct arena arena;
	struct slice url;	/* of the topic */
	struct slice body;
	const char *headers[ISSUE_HEADERS];
};

/*
 * What the i-th document of a feed that is a topic ends in: "atom"; NULL:
 * there are no more.
 */
const char *issue_ending(size_t i);

/* An empty one for a topic.  Loop thread. */
struct issue *issue_new(struct config *c, struct slice url);

/*
 * Fill it from the published tree.  ERR_MISSING: there is no such document.
 * Any thread, once.
 */
int issue_read(struct issue *s, struct err *e) MUST_USE;

/* One holder more; one less (NULL is fine).  Loop thread. */
struct issue *issue_ref(struct issue *s);
void issue_unref(struct issue *s);

#endif
