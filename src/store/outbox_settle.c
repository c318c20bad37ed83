/*
 * Sending: that it begins is written before the first byte, and what became
 * of it afterwards.
 */
#include "store/outbox.h"

/* An older copy of this database is known by it. */
static int
count_begun(struct db *db, struct err *e)
{
	struct query q = query_start(db, "INSERT INTO meta (key, value)"
		" VALUES ('begun', 1) ON CONFLICT (key) DO UPDATE"
		" SET value = value + 1");

	return query_run(&q, e);
}

int
outbox_begin(struct store_tx *tx, const struct outbox_begin *b, bool *ret,
	struct err *e)
{
	struct query q = query_start(&tx->db, "UPDATE delivery SET"
		" state = CASE state WHEN 4 THEN 4 ELSE 2 END,"
		" started = CASE started WHEN 0 THEN ?2 ELSE started END,"
		" repeatable = CASE state WHEN 4 THEN repeatable ELSE ?3 END,"
		" hash = CASE state WHEN 4 THEN hash ELSE ?4 END,"
		" tries = tries + 1,"
		" sent = CASE state WHEN 4 THEN sent ELSE sent + 1 END"
		" WHERE id = ?1"
		" AND " STATE_IS_TIMED " AND due > 0"
		" AND EXISTS (SELECT 1 FROM target t"
		"  WHERE t.id = target_id AND t.state = 0)");

	query_put_int(&q, b->id);
	query_put_int(&q, b->now);
	query_put_int(&q, b->repeatable);
	query_put_text(&q, slice_str(b->hash));
	if (query_run(&q, e) < 0)
		return err_in(e, "beginning a delivery");
	*ret = db_changes(&tx->db) > 0;
	return *ret ? count_begun(&tx->db, e) : 0;
}

static int
settle_target(struct db *db, const struct outbox_settled *s, struct err *e)
{
	struct query q = query_start(db, "UPDATE target SET fails = ?2,"
		" open_until = ?3 WHERE id = (SELECT target_id FROM delivery"
		"  WHERE id = ?1) AND (fails <> ?2 OR open_until <> ?3)");

	query_put_int(&q, s->id);
	query_put_int(&q, s->fails);
	query_put_int(&q, s->open_until);
	if (query_run(&q, e) < 0 || s->hold.len == 0)
		return s->hold.len == 0 ? 0 : -1;
	q = query_start(db, "UPDATE target SET state = 2, why = ?2,"
		" state_at = ?3 WHERE id = (SELECT target_id FROM delivery"
		"  WHERE id = ?1) AND state = 0");
	query_put_int(&q, s->id);
	query_put_text(&q, outbox_why(s->hold));
	query_put_int(&q, s->now);
	return query_run(&q, e);
}

/*
 * It waits again: a newer version that came meanwhile is sent instead, no
 * sooner than this would have been.
 */
static int
give_way(struct db *db, const struct outbox_settled *s, struct err *e)
{
	struct query q = query_start(db, "UPDATE delivery SET"
		" due = CASE due WHEN 0 THEN 0 ELSE max(due, ?2) END,"
		" tries = max(tries, ?3), waits = max(waits, ?4)"
		" WHERE id IN ("
		"SELECT max(n.id) FROM delivery JOIN delivery n"
		"  ON n.target_id = delivery.target_id"
		"  AND n.subject = delivery.subject"
		" WHERE delivery.id = ?1 AND delivery.latest = 1"
		"  AND n.id > ?1 AND n.latest = 1 AND n." STATE_IS_WAITING
		"  AND n." STATE_IS_LIVE ")");

	query_put_int(&q, s->id);
	query_put_int(&q, s->due);
	query_put_int(&q, s->tries);
	query_put_int(&q, s->waits);
	if (query_run(&q, e) < 0)
		return -1;
	if (db_changes(db) == 0)
		return 0;
	q = query_start(db, "DELETE FROM delivery WHERE id = ?");
	query_put_int(&q, s->id);
	return query_run(&q, e);
}

static bool
is_over(enum outbox_state state)
{
	return state == OUTBOX_DONE || state == OUTBOX_REJECTED ||
		state == OUTBOX_SKIPPED;
}

static int
settle_delivery(struct db *db, const struct outbox_settled *s, struct err *e)
{
	struct query q = query_start(db, "UPDATE delivery SET state = ?2,"
		" due = ?3, step = ?4, tries = ?5, status = ?6, why = ?7,"
		" memo = CASE ?8 WHEN 1 THEN memo ELSE ?9 END, settled = ?10,"
		" waits = ?11, repeatable = 0"
		" WHERE id = ?1 AND " STATE_IS_UNSETTLED);

	query_put_int(&q, s->id);
	query_put_int(&q, s->state);
	query_put_int(&q, s->due);
	query_put_int(&q, s->step);
	query_put_int(&q, s->tries);
	query_put_int(&q, s->status);
	query_put_text(&q, outbox_why(s->why));
	query_put_int(&q, s->keeps_memo);
	query_put_text(&q, s->memo);
	query_put_int(&q, is_over(s->state) ? s->now : 0);
	query_put_int(&q, s->waits);
	return query_run(&q, e);
}

int
outbox_settle(struct store_tx *tx, const struct outbox_settled *s,
	struct err *e)
{
	if (settle_delivery(&tx->db, s, e) < 0 ||
		settle_target(&tx->db, s, e) < 0 || (s->upload.purpose.len &&
		upload_put(&tx->db, s->id, &s->upload, e) < 0))
		return err_in(e, "settling a delivery");
	return s->state == OUTBOX_READY ? give_way(&tx->db, s, e) : 0;
}

int
outbox_recover(struct store_tx *tx, int64_t now, int64_t *ret_ready,
	int64_t *ret_unknown, struct err *e)
{
	struct query q = query_start(&tx->db, "UPDATE delivery SET"
		" state = CASE repeatable WHEN 1 THEN 1 ELSE 4 END, due = ?1,"
		" why = 'the courier ended while it was sent'"
		" WHERE " STATE_IS_SENDING " RETURNING state");
	int64_t n[OUTBOX_STATES] = { 0 };

	query_put_int(&q, now);
	while (query_row(&q))
		n[query_int(&q, 0)]++;
	if (query_done(&q, e) < 0)
		return err_in(e, "looking for interrupted deliveries");
	*ret_ready = n[OUTBOX_READY];
	*ret_unknown = n[OUTBOX_UNKNOWN];
	return 0;
}

/* What was sent of an article is known for ever; of feeds it is no use. */
static int
prune_feeds(struct db *db, int64_t before, size_t max, int64_t *ret,
	struct err *e)
{
	struct query q = query_start(db, "DELETE FROM delivery WHERE id IN"
		" (SELECT id FROM delivery WHERE settled > 0 AND pruned = 0"
		"  AND settled < ? AND latest = 1 ORDER BY settled LIMIT ?)");

	query_put_int(&q, before);
	query_put_int(&q, (int64_t)max);
	if (query_run(&q, e) < 0)
		return -1;
	*ret = db_changes(db);
	return 0;
}

/* The memo of one that is done names it there: edits and deletions need it. */
int
outbox_prune(struct store_tx *tx, int64_t before, size_t max, int64_t *ret,
	struct err *e)
{
	struct query q;
	int64_t n;

	if (prune_feeds(&tx->db, before, max, &n, e) < 0)
		return err_in(e, "pruning the outbox");
	q = query_start(&tx->db, "UPDATE delivery SET pruned = 1, why = '',"
		" hash = '', memo = CASE state WHEN 3 THEN memo ELSE '' END"
		" WHERE id IN (SELECT id FROM delivery WHERE settled > 0"
		"  AND pruned = 0 AND settled < ? ORDER BY settled LIMIT ?)");
	query_put_int(&q, before);
	query_put_int(&q, (int64_t)max - n);
	if (query_run(&q, e) < 0)
		return err_in(e, "pruning the outbox");
	*ret = n + db_changes(&tx->db);
	return 0;
}
