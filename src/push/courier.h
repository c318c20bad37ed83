/*
 * The courier: what its parts share, and how the daemon holds it.
 *
 *	announcements --> plan --> outbox --> engine --> targets, hubs elsewhere
 *	(press.db)         |
 *	                   '--> fan-out --> ring --> subscribers of our own hub
 *	requests to the hub --> intake --> verify --> subscriptions
 *	(press.db)
 *
 * 1. Owned by the loop's thread.  A pool job that keeps the pointer uses only
 *    what is marked (any thread).
 * 2. What the press stores is only read, through connections of its own, as if
 *    the press were another process: often it is.
 * 3. The parts do not log: they tell.
 */
#ifndef PUSH_COURIER_H
#define PUSH_COURIER_H

#include <ev.h>

#include "base/pool.h"
#include "model/config.h"
#include "model/store.h"
#include "push/client.h"

struct engine;
struct hub;
struct ring;

/* What happened.  The daemon has an event for each. */
enum courier_news {
	COURIER_DELIVERED,	/* a delivery is done */
	COURIER_RETRYING,	/* it failed, and is tried again */
	COURIER_REJECTED,	/* it will never be sent, */
	COURIER_SKIPPED,	/* nor this, by a guard or a policy */
	COURIER_UNKNOWN,	/* nobody knows whether it was applied */
	COURIER_TARGET_HELD,	/* a target stops until somebody looks */
	COURIER_TARGET_BACK,	/* it goes on */
	COURIER_ALL_HELD,	/* the fence, or an old backup */
	COURIER_FANNED_OUT,	/* a new version is with all subscribers */
	COURIER_SUBSCRIBED,
	COURIER_UNSUBSCRIBED,	/* on request, gone, or over */
	COURIER_UNVERIFIED,	/* a request came to nothing */
	COURIER_TOKEN_ENDS,	/* somebody has to log in again, soon */
	COURIER_STORE_FAILED,	/* courier.db or press.db; it is tried again */
	COURIER_NEWS_COUNT,
};

struct courier_ops {
	/*
	 * Tell the operator: of what (a target, a topic; never a callback
	 * with a secret), which article or feed, how many, and why.
	 */
	void (*tell)(void *ctx, enum courier_news news, struct slice of,
		struct slice what, int64_t n, const struct err *why);
};

struct courier {
	struct ev_loop *loop;
	struct pool *pool;
	struct config *config;		/* a reference; jobs have their own */
	const struct courier_ops *tell;
	void *ctx;

	const struct store_ops *ops;	/* any thread */
	struct store *store;		/* courier.db: any thread */
	struct store *press;		/* press.db, to be read */
	struct client *targets;		/* for targets and hubs elsewhere */
	struct client *callbacks;	/* for subscribers, */
	struct client *verifier;	/* who are asked before: neither waits
					 * for the other */

	struct engine *engine;
	struct hub *hub;		/* intake and verification */
	struct ring *ring;
	bool stopping;
	/*
	 * The databases, or the clock, are not to be believed: nothing is
	 * sent to anybody.  The engine says so.
	 */
	bool is_fenced;
};

/* What a courier needs from who runs it. */
struct courier_open {
	struct ev_loop *loop;
	struct pool *pool;		/* borrowed */
	struct config *config;		/* a reference is taken */
	const struct courier_ops *ops;
	void *ctx;
	const struct endpoint *own;	/* where this process listens, */
	size_t n_own;			/* borrowed */
};

/*
 * Open courier.db, and go on where the last courier stopped: what was being
 * sent is resolved, what waits is continued.
 */
int courier_start(struct courier *c, const struct courier_open *o,
	struct err *e) MUST_USE;

/* There may be something new in press.db: look now, not in a second. */
void courier_wake(struct courier *c);

/* Another configuration is in force; a reference is taken. */
void courier_swap_config(struct courier *c, struct config *config);

/* Start nothing new.  What is on its way goes on until courier_stop(). */
void courier_drain(struct courier *c);
bool courier_is_drained(const struct courier *c);

/* End and free the inside; a courier that was never started is fine. */
void courier_stop(struct courier *c);

/* Tell; the slices may be empty and why NULL. */
void courier_tell(struct courier *c, enum courier_news news,
	struct slice of, struct slice what, int64_t n,
	const struct err *why);

#endif
