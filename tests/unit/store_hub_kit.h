/*
 * What the tests of the hub's rows share: a courier.db beside the store of
 * store_kit.h, and short ways to ask for something and to settle it.
 */
#ifndef UNIT_STORE_HUB_KIT_H
#define UNIT_STORE_HUB_KIT_H

#include "model/subscription.h"
#include "store_kit.h"

#define A "https://a.example/1"
#define B "https://b.example/2"
#define TOPIC "https://n.example/feeds/all.atom"
#define OTHER "https://n.example/feeds/all.rss"

/* When it is, and for how long what is verified lasts (seconds). */
enum { HUB_NOW = 1800000000, HUB_LEASE = 86400 };

extern struct hub_limits hub_limits;
extern struct store *hub_courier;
extern struct arena hub_arena;	/* of what a test reads */
extern int64_t hub_seq;		/* of the last request */

/* For cmocka, with `kit`. */
int hub_begin(void **state);
int hub_end(void **state);

/* Do it in a job of its own; the error, if any.  And: there must be none. */
struct err hub_work(struct store *s,
	int (*what)(struct store_tx *, void *, struct err *), void *arg);
void hub_must(struct err e);

/* The first number that SQL gives in courier.db; -1: none. */
int64_t hub_sql(const char *text);

/* A request of now, of feed 7. */
struct hub_request hub_request_of(enum hub_mode mode, const char *url,
	const char *callback);

/* Take requests over; how many are ignored. */
size_t hub_accept(const struct hub_request *list, size_t n);
/* One request more; false: it is ignored. */
bool hub_ask(enum hub_mode mode, const char *url, const char *callback,
	const char *secret);

struct taken {
	size_t max, n;
	struct pending *list;
	int64_t next;
};

/* What is due; and the only one that is. */
struct taken hub_take(size_t max);
struct pending hub_take_one(void);

/* Settle it so; false: it had no effect.  Both at once, for a subscription. */
bool hub_settle(int64_t id, enum pending_end end);
void hub_subscribe(const char *url, const char *callback,
	const char *secret);

struct subscription_counts hub_counts(void);
size_t hub_list(struct subscription_filter f, int64_t after, size_t max,
	struct subscription **ret);
size_t hub_list_all(struct subscription **ret);

#endif
