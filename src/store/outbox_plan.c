/*
 * Planning: what is owed to whom, written in the transaction that moves the
 * cursor over the announcements it comes from.
 */
#include "store/outbox.h"

/* What waits of a subject of which only the newest matters. */
struct replaced {
	int64_t due;
	int64_t tries, waits;
};

static int
find_replaced(struct db *db, const struct outbox_planned *p,
	struct replaced *ret, struct err *e)
{
	struct query q = query_start(db, "SELECT coalesce(max(due), 0),"
		" coalesce(max(tries), 0), coalesce(max(waits), 0)"
		" FROM delivery WHERE target_id = ?"
		" AND subject = ? AND latest = 1 AND " STATE_IS_REPLACED
		" AND " STATE_IS_LIVE);

	query_put_int(&q, p->target_id);
	query_put_text(&q, p->subject);
	if (query_row(&q))
		*ret = (struct replaced){ query_int(&q, 0), query_int(&q, 1),
			query_int(&q, 2) };
	return query_done(&q, e);
}

/*
 * The older ones go.  The newer has a name of its own: what was tried under
 * the old name may have arrived, and would be taken for this one.
 */
static int
drop_replaced(struct db *db, const struct outbox_planned *p, struct err *e)
{
	struct query q = query_start(db, "DELETE FROM delivery"
		" WHERE target_id = ? AND subject = ? AND latest = 1 AND "
		STATE_IS_REPLACED " AND " STATE_IS_LIVE " AND uid <> ?");

	query_put_int(&q, p->target_id);
	query_put_text(&q, p->subject);
	query_put_text(&q, p->uid);
	return query_run(&q, e);
}

static bool
is_settled(enum outbox_state state)
{
	return state != OUTBOX_PLANNED && state != OUTBOX_READY &&
		state != OUTBOX_HELD;
}

static int
next_again(struct db *db, const struct outbox_planned *p, int64_t *ret,
	struct err *e)
{
	struct query q = query_start(db, "SELECT coalesce(max(again) + 1, 0)"
		" FROM delivery WHERE target_id = ? AND subject = ?"
		" AND action = ? AND revision = ?");

	query_put_int(&q, p->target_id);
	query_put_text(&q, p->subject);
	query_put_text(&q, p->action);
	query_put_int(&q, p->revision);
	return query_one(&q, ret, e);
}

static int
insert(struct db *db, const struct outbox_planned *p, int64_t again,
	const struct replaced *old, int64_t now, struct err *e)
{
	struct query q = query_start(db, "INSERT INTO delivery (target_id,"
		" subject, action, revision, again, article_id, feed_id,"
		" line, seq, at, uid, latest, asked, state, due, tries,"
		" waits, created, settled, why) VALUES (?, ?, ?, ?, ?, ?, ?, ?,"
		" ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (target_id,"
		" subject, action, revision, again) DO NOTHING");

	query_put_int(&q, p->target_id);
	query_put_text(&q, p->subject);
	query_put_text(&q, p->action);
	query_put_int(&q, p->revision);
	query_put_int(&q, again);
	query_put_int(&q, p->article_id);
	query_put_int(&q, p->feed_id);
	query_put_int(&q, p->line);
	query_put_int(&q, p->seq);
	query_put_int(&q, p->at);
	query_put_text(&q, p->uid);
	query_put_int(&q, p->latest);
	query_put_int(&q, p->asked);
	query_put_int(&q, p->state);
	query_put_int(&q, p->due > 0 ? MAX(p->due, old->due) : 0);
	query_put_int(&q, old->tries);
	query_put_int(&q, old->waits);
	query_put_int(&q, now);
	query_put_int(&q, is_settled(p->state) ? now : 0);
	query_put_text(&q, outbox_why(p->why));
	return query_run(&q, e);
}

static int
plan_one(struct db *db, const struct outbox_planned *p, int64_t now,
	bool *ret_new, struct err *e)
{
	struct replaced old = { 0 };
	int64_t again = 0;

	if (p->latest && find_replaced(db, p, &old, e) < 0)
		return -1;
	if (p->again && next_again(db, p, &again, e) < 0)
		return -1;
	if (insert(db, p, again, &old, now, e) < 0)
		return err_in(e, "planning a delivery");
	*ret_new = db_changes(db) > 0;
	return *ret_new && p->latest ? drop_replaced(db, p, e) : 0;
}

int
outbox_add(struct store_tx *tx, const struct outbox_planned *list, size_t n,
	int64_t now, size_t *ret, struct err *e)
{
	size_t added = 0;
	bool is_new = false;

	for (size_t i = 0; i < n; i++) {
		if (plan_one(&tx->db, &list[i], now, &is_new, e) < 0)
			return -1;
		added += is_new;
	}
	*ret = added;
	return 0;
}

static int
must_be(struct db *db, const struct outbox_cursor *from, struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct outbox_cursor is;

	if (outbox_cursor(db, &a, &is, e) < 0)
		return -1;
	if (is.known == from->known && is.seq == from->seq &&
		slice_eq(is.stream, from->stream))
		return 0;
	return err_set(e, ERR_BUSY, "announcements are planned up to %jd "
		"meanwhile, not %jd", (intmax_t)is.seq, (intmax_t)from->seq);
}

int
outbox_plan(struct store_tx *tx, const struct outbox_cursor *from,
	const struct outbox_cursor *to, const struct outbox_planned *list,
	size_t n, int64_t now, struct err *e)
{
	size_t added;

	if (must_be(&tx->db, from, e) < 0 ||
		outbox_add(tx, list, n, now, &added, e) < 0)
		return -1;
	return outbox_set_cursor(&tx->db, to, e);
}
