/*
 * The flow: the only file that knows the order of the stages.
 *
 *	watch -> read -> series -> store -> feeds (render, publish)
 */
#ifndef DAEMON_FLOW_H
#define DAEMON_FLOW_H

#include "daemon/press.h"

struct flow;

struct flow_status {
	size_t open;		/* batches under way */
	uint64_t files, changed;	/* since the start */
	bool reconciled;	/* the first scan is in the store */
	bool rereading;		/* not all articles are read by today's rules */
	bool failing;		/* the last transaction failed */
	struct err why;
};

/* fresh: the store never finished a first scan; it is one now. */
struct flow *flow_new(struct press *p, bool fresh);

/* Take what is dirty and start a batch, while there is room for one. */
void flow_pump(struct flow *f);

/* The scan of all roots has ended: what it found comes before "reconciled". */
void flow_scanned(struct flow *f);

/* Is there work that no event asked for: a scan, or its dirty files? */
bool flow_busy(const struct flow *f);

/* Is this the very first scan, whose articles are not news? */
bool flow_adopting(const struct flow *f);

/* Is a deletion on its way to the store? */
bool flow_deleting(const struct flow *f);

/* How it is now. */
void flow_get_status(const struct flow *f, struct flow_status *ret);

/* All jobs must have been done.  NULL is fine. */
void flow_free(struct flow *f);

#endif
