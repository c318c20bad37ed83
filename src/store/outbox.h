/*
 * The outbox in courier.db: what its files share.
 *
 *	outbox.c	the tables, targets, and the cursor
 *	outbox_plan.c	what is owed
 *	outbox_settle.c	what is being sent, and what became of it
 *	outbox_act.c	what the operator does with it
 *	outbox_read.c	reading it
 *
 * States stand in the SQL as the numbers of enum outbox_state, for an index
 * over some of them is used only where the text is the same.
 */
#ifndef STORE_OUTBOX_H
#define STORE_OUTBOX_H

#include "model/outbox.h"
#include "store/courier.h"

#define STATE_IS_SENDING "state = 2"
#define STATE_IS_DONE "state = 3"
#define STATE_IS_REJECTED "state = 5"
#define STATE_IS_WAITING "state IN (0, 1)"	/* planned, ready */
#define STATE_IS_OPEN "state IN (0, 1, 2)"	/* and sending */
#define STATE_IS_TIMED "state IN (0, 1, 4)"	/* ready, unknown */
#define STATE_IS_REPLACED "state IN (0, 1, 7)"	/* waiting, held */
#define STATE_IS_UNSETTLED "state IN (0, 1, 2, 4)"
/* What is not over; say it beside one of the others for its index. */
#define STATE_IS_LIVE "state IN (0, 1, 2, 4, 7)"

/* What is kept of a reason. */
struct slice outbox_why(struct slice why);

/* The cursor as it stands in the database. */
int outbox_cursor(struct db *db, struct arena *a, struct outbox_cursor *ret,
	struct err *e) MUST_USE;
int outbox_set_cursor(struct db *db, const struct outbox_cursor *c,
	struct err *e) MUST_USE;

/* ---- outbox_ops, see there ---- */

int outbox_plan(struct store_tx *tx, const struct outbox_cursor *from,
	const struct outbox_cursor *to, const struct outbox_planned *list,
	size_t n, int64_t now, struct err *e) MUST_USE;
int outbox_add(struct store_tx *tx, const struct outbox_planned *list,
	size_t n, int64_t now, size_t *ret, struct err *e) MUST_USE;
int outbox_begin(struct store_tx *tx, const struct outbox_begin *b,
	bool *ret, struct err *e) MUST_USE;
int outbox_settle(struct store_tx *tx, const struct outbox_settled *s,
	struct err *e) MUST_USE;
int outbox_recover(struct store_tx *tx, int64_t now, int64_t *ret_ready,
	int64_t *ret_unknown, struct err *e) MUST_USE;
int outbox_act(struct store_tx *tx, enum outbox_verb verb, int64_t id,
	int64_t now, struct err *e) MUST_USE;
int outbox_set_target(struct store_tx *tx, struct slice name,
	enum outbox_target_state state, struct slice why, int64_t now,
	struct err *e) MUST_USE;
int outbox_adopt(struct store_tx *tx, const struct outbox_cursor *to,
	struct slice instance, int64_t now, int64_t *ret, struct err *e)
	MUST_USE;
int outbox_retire(struct store_tx *tx, int64_t now, struct err *e) MUST_USE;
int outbox_prune(struct store_tx *tx, int64_t before, size_t max,
	int64_t *ret, struct err *e) MUST_USE;
int outbox_begun(struct store_reader *r, int64_t *ret, struct err *e) MUST_USE;
int outbox_targets(struct store_reader *r, struct arena *a,
	struct outbox_target **ret, size_t *ret_n, struct err *e) MUST_USE;
int outbox_due(struct store_reader *r, const struct outbox_due *d,
	struct arena *a, struct outbox_row **ret, size_t *ret_n,
	struct err *e) MUST_USE;
int outbox_next_due(struct store_reader *r, int64_t now, int64_t *ret,
	struct err *e) MUST_USE;
int outbox_starts(struct store_reader *r, int64_t target_id, int64_t since,
	struct outbox_starts *ret, struct err *e) MUST_USE;
int outbox_list(struct store_reader *r, const struct outbox_filter *f,
	struct arena *a, struct outbox_row **ret, size_t *ret_n,
	struct err *e) MUST_USE;
int outbox_told(struct store_reader *r, int64_t target_id,
	struct slice subject, struct arena *a, struct slice *ret,
	struct err *e) MUST_USE;
int outbox_show(struct store_reader *r, int64_t id, struct arena *a,
	struct outbox_row *ret, struct err *e) MUST_USE;
int outbox_counts(struct store_reader *r, struct arena *a,
	struct outbox_count **ret, size_t *ret_n, struct err *e) MUST_USE;

#endif
