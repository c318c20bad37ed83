/*
 * Subscriptions in courier.db: what their files share.
 *
 *	subscription.c		the tables, what is in force, and topics
 *	subscription_pending.c	what is to be verified
 *	subscription_read.c	reading it
 *
 * Modes stand in the SQL as the numbers of enum hub_mode.
 */
#ifndef STORE_SUBSCRIPTION_H
#define STORE_SUBSCRIPTION_H

#include "model/subscription.h"
#include "store/courier.h"

/*
 * hub_pending.due of what was taken: when no other time can be.  What is to be
 * tried at once has 1.
 */
#define PENDING_TAKEN INT64_MAX

/* ---- subscription_ops, see there ---- */

int subscription_begin(struct store_tx *tx, struct arena *a,
	struct hub_cursor *ret, struct err *e) MUST_USE;
int subscription_accept(struct store_tx *tx, const struct hub_request *list,
	size_t n, const struct hub_cursor *c, const struct hub_limits *l,
	size_t *ret_ignored, struct err *e) MUST_USE;
int subscription_take(struct store_tx *tx, int64_t now_ms, size_t max,
	struct arena *a, struct pending **ret, size_t *ret_n,
	int64_t *ret_next, struct err *e) MUST_USE;
int subscription_postpone(struct store_tx *tx, struct slice host,
	int64_t until_ms, struct err *e) MUST_USE;
int subscription_topics(struct store_reader *r, int64_t after, size_t max,
	struct arena *a, struct hub_topic **ret, size_t *ret_n,
	struct err *e) MUST_USE;
int subscription_list(struct store_reader *r,
	const struct subscription_filter *f, int64_t after, size_t max,
	struct arena *a, struct subscription **ret, size_t *ret_n,
	struct err *e) MUST_USE;
int subscription_counts(struct store_reader *r,
	struct subscription_counts *ret, struct err *e) MUST_USE;

#endif
