/*
 * Who goes next: calls that wait, by host, and hosts in turn.
 *
 * 1. A host that waits stands in its lane's ring once, unless it has as many
 *    calls on their way as it may: then it comes back when one of them ends.
 * 2. Every step takes the same time, however many hosts and calls wait.
 * 3. A host is forgotten when it has nothing waiting and nothing on its way.
 */
#ifndef PUSH_HOST_QUEUE_H
#define PUSH_HOST_QUEUE_H

#include "base/table.h"
#include "push/client.h"

enum { HOST_NAME_MAX_LEN = 255 };

struct host_ring {
	struct client_host *first, *last;
};

struct host_queue {
	struct table hosts;
	struct host_ring rings[CALL_LANES];
	unsigned per_host;
	size_t n;		/* calls that wait */
};

/* Let a call wait, behind those of its host and lane. */
void host_queue_put(struct host_queue *q, struct call *call);

/* The next call of the lane, now on its way; NULL: none may go. */
struct call *host_queue_take(struct host_queue *q, enum call_lane lane);

/* A call that was taken has ended. */
void host_queue_ended(struct host_queue *q, struct call *call);

/* The inside; no call is left. */
void host_queue_done(struct host_queue *q);

#endif
