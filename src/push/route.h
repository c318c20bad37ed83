/*
 * Routes: what an announcement means for each target.
 *
 * 1. Everything here reads, and only with the reader that it is given: one
 *    snapshot of press.db for all announcements of a turn.
 * 2. What is in no public channel is told to nobody.
 * 3. The same announcement gives the same rows with the same names, so what is
 *    planned a second time, from whatever backup, is known for what it is by
 *    those who were told before.
 */
#ifndef PUSH_ROUTE_H
#define PUSH_ROUTE_H

#include "base/table.h"
#include "model/outbox.h"
#include "push/target.h"

struct route {
	const struct config *config;
	const struct store_ops *ops;
	struct store_reader *press;
	const struct outbox_target *known;
	size_t n_known;
	struct slice stream;		/* of press.db */
	int64_t now_ms;
	struct arena *arena;		/* of all that follows */
	struct arena scratch;		/* of one announcement's article */
	struct table heads;		/* feeds, by id */
	struct outbox_planned *list;
	size_t n;
};

/* Add what the announcement makes owed. */
int route_announcement(struct route *r, const struct announcement *n,
	struct err *e) MUST_USE;

/* Does the target want to be told that the article is published? */
int route_is_wanted(struct route *r, const struct target *t,
	const struct entry *entry, bool *ret, struct err *e) MUST_USE;

/*
 * Add one row: of an article, for one target, because somebody wants it.
 * again: though it was there before.
 */
void route_asked(struct route *r, const struct outbox_target *known,
	const struct entry *entry, int64_t due_ms, bool again);

/* The same of a ping. */
void route_ping(struct route *r, const struct outbox_target *known);

/* What courier.db knows of the target of that name; NULL: nothing. */
const struct outbox_target *route_known(const struct outbox_target *list,
	size_t n, struct slice name);

/* The target of that name in the configuration; NULL: it is not there. */
const struct target *config_target(const struct config *c,
	struct slice name);

/* "a12". */
struct slice route_article_subject(int64_t article_id, struct arena *a);

/* Free what is not the arena's; fit for CLEANUP. */
void route_done(struct route *r);

#endif
