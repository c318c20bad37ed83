/*
 * Fan-out, as the courier's database keeps it.
 *
 * The subscriptions of a topic are a ring, in the order of their ids.  A new
 * version goes once around it; how far it is, is one row:
 *
 *	  after cursor, up to hi --wrap--> from the beginning, up to stop
 *
 * 1. A topic has one row at most.  A newer version that comes meanwhile takes
 *    it over and begins where the older one is (stop = cursor), so everybody
 *    gets the latest, and nobody more than one older.
 * 2. Everybody behind the cursor has the version, or has a row in hub_retry.
 * 3. cursor >= stop: the end of the ring is still ahead; cursor < stop: it has
 *    been passed.  A row that is done is deleted.
 * 4. No documents in the database: what is sent is what can be fetched.
 */
#ifndef MODEL_FANOUT_H
#define MODEL_FANOUT_H

#include "model/store.h"

enum { FANOUT_WHY_MAX = 120 };

/* A topic's new version on its way. */
struct fanout {
	int64_t topic_id;
	int64_t version;
	int64_t cursor, stop, hi;
	struct slice url;	/* of the topic */
};

/* How far it is now. */
struct fanout_move {
	int64_t topic_id;
	int64_t version;	/* a newer one has the row: do nothing */
	int64_t cursor;
	bool over;
};

/* Somebody to be served. */
struct subscriber {
	int64_t id;
	struct slice callback;
	struct slice host;
	struct slice secret;	/* empty: none */
	int64_t expires;	/* seconds */
	bool waits;		/* it has a row in hub_retry, */
	bool failed;		/* because it failed; else it was too slow */
	int tries;		/* that failed */
	/* Only from due(): */
	int64_t due;		/* milliseconds */
	int64_t version;	/* that it lacks, at least */
	int64_t topic_id;
	struct slice url;	/* of the topic */
};

enum settled {
	SETTLED_DONE,		/* it has the version, or will never get it */
	SETTLED_RETRY,		/* it is tried again */
	SETTLED_GONE,		/* the subscription is over */
};

/* What became of a version at one subscriber. */
struct settlement {
	enum settled what;
	int64_t sub_id;
	int64_t version;	/* what waits for a newer one goes on waiting */
	int tries;		/* with RETRY, and when */
	int64_t due;
	char why[FANOUT_WHY_MAX];	/* "": nothing failed yet */
};

struct fanout_ops {
	/* ---- inside a job ---- */

	/*
	 * A feed has a new version: its topics that have subscriptions begin
	 * to fan it out, unless they have a newer one.
	 */
	int (*announce)(struct store_tx *tx, int64_t feed_id,
		int64_t version, struct err *e);
	/* At most max fan-outs that are not over. */
	int (*open)(struct store_tx *tx, size_t max, struct arena *a,
		struct fanout **ret, size_t *ret_n, struct err *e);
	int (*move)(struct store_tx *tx, const struct fanout_move *m,
		struct err *e);
	int (*settle)(struct store_tx *tx, const struct settlement *s,
		struct err *e);

	/* ---- on a pool thread ---- */

	/*
	 * At most max subscriptions of a topic whose lease is not over, with
	 * an id in (after, upto], by id.
	 */
	int (*page)(struct store_reader *r, int64_t topic_id, int64_t after,
		int64_t upto, size_t max, struct arena *a,
		struct subscriber **ret, size_t *ret_n, struct err *e);
	/*
	 * At most max that wait and are due, by (due, id), behind a pair of
	 * those.  *ret_next: when the next one after all of these is due; 0:
	 * there is none.
	 */
	int (*due)(struct store_reader *r, int64_t now_ms, int64_t after_due,
		int64_t after_id, size_t max, struct arena *a,
		struct subscriber **ret, size_t *ret_n, int64_t *ret_next,
		struct err *e);
};

/* SQLite: courier.db. */
extern const struct fanout_ops fanout_sqlite;

#endif
