/*
 * What the outbox's tests share: a courier.db of its own, its jobs as calls
 * that return when they are committed, and its rows as short texts.
 */
#ifndef UNIT_OUTBOX_KIT_H
#define UNIT_OUTBOX_KIT_H

#include "model/outbox.h"

/* Targets 1 and 2, which box_begin() makes known at BOX_NOW. */
enum { BOX_WEB = 1, BOX_HUB = 2, BOX_NOW = 1000000 };

/*
 * A delivery of an article, or a version of a document that BOX_HUB is told
 * of.  What is not said: to BOX_WEB, "published", revision 1, now; its subject
 * is "a1" of article 1, or "doc".
 */
#define ARTICLE(n, ...) ARTICLE_IN(OUTBOX_READY, n, __VA_ARGS__)
#define ARTICLE_IN(in, n, ...) \
	(&(struct outbox_planned){ .state = (in), .article_id = (n), \
		__VA_ARGS__ })
#define DOCUMENT(n, ...) \
	(&(struct outbox_planned){ .state = OUTBOX_READY, .feed_id = 5, \
		.revision = (n), .latest = true, __VA_ARGS__ })

int box_begin(void **state);
int box_end(void **state);
#define BOX_TEST(test) \
	cmocka_unit_test_setup_teardown(test, box_begin, box_end)

/* Close courier.db and open it again, as at a restart. */
void box_reopen(void);

/* Run SQL on courier.db. */
void box_sql(const char *sql);

/* ---- jobs: each is one transaction; what may fail says so in *e ---- */

void box_sync(const char *name, const char *type, int64_t now);
/* Is it new?  It has a uid of its own. */
bool box_add(const struct outbox_planned *p);
int box_plan(const struct outbox_cursor *from, const struct outbox_cursor *to,
	const struct outbox_planned *p, struct err *e);
/* May it be sent? */
bool box_start(int64_t id, bool repeatable);
void box_settle(const struct outbox_settled *s);
/* It is done, and is called so there. */
void box_finish(int64_t id, const char *memo);
/* "2 ready, 1 unknown" */
const char *box_recover(int64_t now);
int box_act(enum outbox_verb verb, int64_t id, struct err *e);
int box_set_target(const char *name, enum outbox_target_state state,
	const char *why, struct err *e);
int64_t box_adopt(const struct outbox_cursor *to, const char *instance);
int64_t box_prune(int64_t before, size_t max);

/* Forget what was over then. */
int64_t box_prune_uploads(int64_t now, size_t max);

/* ---- reading; what is returned lives until box_forget() ---- */

/* The rows, oldest first: "1 a1 ready / 2 a2 done". */
const char *box_rows(void);
/* The ids of a list, newest first: "3 2". */
const char *box_list(const struct outbox_filter *f);
/* The ids that a target may send (at BOX_NOW, and all), in order: "1 2". */
const char *box_due(const struct outbox_due *d);
#define DUE(target, ...) \
	box_due(&(struct outbox_due){ .target_id = (target), __VA_ARGS__ })
struct outbox_row box_row(int64_t id);
int box_show(int64_t id, struct outbox_row *ret, struct err *e);
struct outbox_target box_target(const char *name);
struct outbox_cursor box_cursor(void);
const char *box_instance(void);
int64_t box_next_due(int64_t now);
struct outbox_starts box_starts(int64_t target_id, int64_t since);
struct outbox_count box_count(const char *target);
/* What the target has of these bytes: "cover m1 / image m2". */
const char *box_uploads(int64_t target_id, const char *bytes, int64_t now);
void box_forget(void);

#endif
