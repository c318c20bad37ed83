/*
 * Subscriptions to our own hub, as the courier's database keeps them.
 *
 *	request --> pending --verified--> subscription --lease over, gone,
 *	               |  ^                    |          or unsubscribed--> 0
 *	               |  '---- topic over ----'
 *	               '--> nothing: it was not meant, or nobody answered
 *
 * 1. A request is a row of its own until its intent is verified: what it would
 *    change (secret, lease, or that there is a subscription) is as before
 *    until then, and if that fails (WebSub section 5.1).
 * 2. The latest request of a callback for a topic is the one that counts; an
 *    older one that is being verified meanwhile comes to nothing.
 * 3. Everything has its end: a subscription its lease, a request its tries,
 *    or PENDING_S.
 * 4. Ids are never given twice: who has one of what is gone finds nothing.
 */
#ifndef MODEL_SUBSCRIPTION_H
#define MODEL_SUBSCRIPTION_H

#include "model/store.h"

enum {
	PENDING_S = 3600,	/* a request that is never tried, by limits */
	PENDING_WHY_MAX = 200,
};

/* A request that is to be verified, or a denial that is to be told. */
struct pending {
	int64_t id;
	enum hub_mode mode;
	struct slice topic;	/* as the request spelled it */
	struct slice url;	/* what that means */
	struct slice callback, host;
	struct slice token;	/* hub.verify_token of older times */
	struct slice reason;	/* of a denial */
	int64_t lease_s;	/* that was asked for; -1: the usual */
	int64_t since;		/* seconds */
	int tries;		/* that failed */
};

enum pending_end {
	PENDING_VERIFIED,	/* it is in force */
	PENDING_DROPPED,	/* it comes to nothing; or it is told */
	PENDING_RETRY,		/* it failed once more, and is tried again */
	PENDING_LATER,		/* the same, and nothing was tried */
};

/* What became of one. */
struct pending_settled {
	int64_t id;
	enum pending_end end;
	int64_t expires;	/* seconds: with VERIFIED, of a subscription */
	int64_t due;		/* milliseconds: with RETRY and LATER */
	char why[PENDING_WHY_MAX];
};

/* How much is too much. */
struct hub_limits {
	int64_t subscriptions;
	int64_t per_host;
};

/* How far the courier has read what the press writes. */
struct hub_cursor {
	struct slice stream;	/* of which press.db */
	int64_t seq;
};

/* An address that has, or had, subscriptions. */
struct hub_topic {
	int64_t id;
	struct slice url;
	int64_t feed_id;
	int64_t subscriptions;
	int64_t retrying;	/* of them, that did not get the last version */
	bool is_under_way;	/* a version is being fanned out */
};

/* A subscription, for the operator. */
struct subscription {
	int64_t id;
	struct slice topic;	/* its address */
	struct slice callback;
	bool has_secret;
	int64_t since, expires;	/* seconds */
	int64_t tries;		/* that failed of the last version; 0: none */
	int64_t due;		/* milliseconds: the next one; 0: none */
	struct slice why;	/* the last one failed */
};

/* Which of them: all that are 0 and empty count for nothing. */
struct subscription_filter {
	int64_t feed_id;
	struct slice topic;	/* its address */
};

struct subscription_counts {
	int64_t topics;		/* that have subscriptions */
	int64_t subscriptions;	/* leases that are not over */
	int64_t pending;	/* requests that are not verified */
	int64_t retrying;
	int64_t under_way;	/* topics that are being fanned out */
};

struct subscription_ops {
	/* ---- inside a job ---- */

	/* A courier begins: whatever was being tried is to be tried again. */
	int (*begin)(struct store_tx *tx, struct arena *a,
		struct hub_cursor *ret, struct err *e);
	/*
	 * Take requests over, and move the cursor behind them.  What is beyond
	 * the limits is to be denied, or comes to nothing: *ret_ignored.
	 */
	int (*accept)(struct store_tx *tx, const struct hub_request *list,
		size_t n, const struct hub_cursor *c,
		const struct hub_limits *l, size_t *ret_ignored,
		struct err *e);
	/*
	 * At most max that are due, in their order: they are the caller's until
	 * it settles them.  *ret_next: when the next one is due, in ms; 0:
	 * there is none.
	 */
	int (*take)(struct store_tx *tx, int64_t now_ms, size_t max,
		struct arena *a, struct pending **ret, size_t *ret_n,
		int64_t *ret_next, struct err *e);
	/* Nothing of that host, but what was taken, is due before. */
	int (*postpone)(struct store_tx *tx, struct slice host,
		int64_t until_ms, struct err *e);
	/* *ret: it was still the latest, and had an effect. */
	int (*settle)(struct store_tx *tx, const struct pending_settled *s,
		bool *ret, struct err *e);
	/* Delete at most max whose lease is over. */
	int (*expire)(struct store_tx *tx, int64_t now, size_t max,
		size_t *ret_n, struct err *e);
	/* The topic is another feed's address now. */
	int (*move_topic)(struct store_tx *tx, int64_t topic_id,
		int64_t feed_id, struct err *e);
	/*
	 * A topic is over: at most max of its subscriptions end, and their
	 * callbacks are to be told why.
	 */
	int (*end_topic)(struct store_tx *tx, int64_t topic_id,
		struct slice reason, size_t max, size_t *ret_n,
		struct err *e);

	/* ---- on a pool thread ---- */

	/* At most max topics that have subscriptions, behind an id. */
	int (*topics)(struct store_reader *r, int64_t after, size_t max,
		struct arena *a, struct hub_topic **ret, size_t *ret_n,
		struct err *e);
	/* At most max subscriptions, behind an id, by id. */
	int (*list)(struct store_reader *r,
		const struct subscription_filter *f, int64_t after,
		size_t max, struct arena *a, struct subscription **ret,
		size_t *ret_n, struct err *e);
	int (*counts)(struct store_reader *r,
		struct subscription_counts *ret, struct err *e);
};

/* SQLite: courier.db. */
extern const struct subscription_ops subscription_sqlite;

#endif
