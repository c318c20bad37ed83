/*
 * Reading the outbox: what may be sent now, and what people ask for.
 */
#include "base/clock.h"
#include "store/outbox.h"

/* Of "delivery d JOIN target t". */
#define ROW_COLUMNS \
	"d.id, d.target_id, d.subject, d.action, d.revision, d.article_id," \
	" d.feed_id, d.line, d.seq, d.at, d.uid, d.state, d.due, d.latest," \
	" d.asked, t.name, d.again, d.step, d.tries, d.sent, d.repeatable," \
	" d.memo, d.created, d.started, d.settled, d.status, d.why, d.hash," \
	" (SELECT o.memo FROM delivery o WHERE o.target_id = d.target_id" \
	"   AND o.subject = d.subject AND o.id < d.id AND o." STATE_IS_DONE \
	"   ORDER BY o.id DESC LIMIT 1)," \
	" EXISTS (SELECT 1 FROM delivery o WHERE o.target_id = d.target_id" \
	"   AND o.subject = d.subject AND o.id < d.id AND o." STATE_IS_DONE \
	"), d.waits"
#define ROW_TABLES " FROM delivery d JOIN target t ON t.id = d.target_id"

static void
take_plan(struct query *q, struct arena *a, struct outbox_planned *ret)
{
	*ret = (struct outbox_planned){
		.target_id = query_int(q, 1),
		.subject = query_text(q, 2, a),
		.action = query_text(q, 3, a),
		.revision = query_int(q, 4),
		.article_id = query_int(q, 5),
		.feed_id = query_int(q, 6),
		.line = query_int(q, 7),
		.seq = query_int(q, 8),
		.at = query_int(q, 9),
		.uid = query_text(q, 10, a),
		.state = (enum outbox_state)query_int(q, 11),
		.due = query_int(q, 12),
		.latest = query_int(q, 13),
		.asked = query_int(q, 14),
	};
}

static void
take_row(struct query *q, struct arena *a, struct outbox_row *ret)
{
	*ret = (struct outbox_row){
		.id = query_int(q, 0),
		.target = query_text(q, 15, a),
		.nth = query_int(q, 16),
		.step = (int)query_int(q, 17),
		.tries = (int)query_int(q, 18),
		.sent = (int)query_int(q, 19),
		.repeatable = query_int(q, 20),
		.memo = query_text(q, 21, a),
		.created = query_int(q, 22),
		.started = query_int(q, 23),
		.settled = query_int(q, 24),
		.status = (int)query_int(q, 25),
		.why = query_text(q, 26, a),
		.hash = query_text(q, 27, a),
		.told = query_text(q, 28, a),
		.was_told = query_int(q, 29),
		.waits = (int)query_int(q, 30),
	};
	take_plan(q, a, &ret->plan);
}

static int
take_rows(struct query *q, struct arena *a, struct outbox_row **ret,
	size_t *ret_n, struct err *e)
{
	struct outbox_row *list = NULL;
	size_t n = 0;

	while (query_row(q)) {
		list = ARENA_GROW(a, list, n);
		take_row(q, a, &list[n++]);
	}
	*ret = list;
	*ret_n = n;
	return query_done(q, e);
}

int
outbox_begun(struct store_reader *r, int64_t *ret, struct err *e)
{
	struct query q = query_start(&r->db, "SELECT coalesce(max("
		"CAST(value AS INTEGER)), 0) FROM meta WHERE key = 'begun'");

	return query_one(&q, ret, e);
}

int
outbox_targets(struct store_reader *r, struct arena *a,
	struct outbox_target **ret, size_t *ret_n, struct err *e)
{
	struct query q = query_start(&r->db, "SELECT id, name, type,"
		" since_seq, since_at, state, why, state_at, fails,"
		" open_until, fuse_from FROM target ORDER BY name");
	struct outbox_target *list = NULL;
	size_t n = 0;

	while (query_row(&q)) {
		list = ARENA_GROW(a, list, n);
		list[n++] = (struct outbox_target){
			.id = query_int(&q, 0),
			.name = query_text(&q, 1, a),
			.type = query_text(&q, 2, a),
			.since_seq = query_int(&q, 3),
			.since_at = query_int(&q, 4),
			.state = (enum outbox_target_state)query_int(&q, 5),
			.why = query_text(&q, 6, a),
			.state_at = query_int(&q, 7),
			.fails = (int)query_int(&q, 8),
			.open_until = query_int(&q, 9),
			.fuse_from = query_int(&q, 10),
		};
	}
	*ret = list;
	*ret_n = n;
	return query_done(&q, e);
}

/*
 * In order: nothing goes before an older one of its subject or its line that
 * is under way.  A doubt is no bar for the line, but it is for its subject.
 */
int
outbox_due(struct store_reader *r, const struct outbox_due *d,
	struct arena *a, struct outbox_row **ret, size_t *ret_n,
	struct err *e)
{
	struct query q = query_start(&r->db, "SELECT " ROW_COLUMNS ROW_TABLES
		" WHERE d.target_id = ?1 AND d.due BETWEEN 1 AND ?2"
		" AND d." STATE_IS_TIMED " AND (?4 OR d." STATE_IS_WAITING ")"
		" AND NOT EXISTS (SELECT 1 FROM delivery o"
		"  WHERE o.target_id = d.target_id AND o.subject = d.subject"
		"  AND o.id < d.id AND o." STATE_IS_UNSETTLED
		"  AND o." STATE_IS_LIVE ")"
		" AND (d.line = 0 OR NOT EXISTS (SELECT 1 FROM delivery o"
		"  WHERE o.target_id = d.target_id AND o.line = d.line"
		"  AND o.id < d.id AND o." STATE_IS_OPEN "))"
		" ORDER BY d.id LIMIT ?3");

	query_put_int(&q, d->target_id);
	query_put_int(&q, d->now);
	query_put_int(&q, (int64_t)d->max);
	query_put_int(&q, d->asks);
	return take_rows(&q, a, ret, ret_n, e);
}

int
outbox_next_due(struct store_reader *r, int64_t now, int64_t *ret,
	struct err *e)
{
	struct query q = query_start(&r->db, "SELECT coalesce(min(due), 0)"
		" FROM delivery WHERE " STATE_IS_TIMED " AND due > ?");

	query_put_int(&q, now);
	return query_one(&q, ret, e);
}

/* What a clock that was ahead started in time to come, counts for nothing. */
int
outbox_starts(struct store_reader *r, int64_t target_id, int64_t since,
	struct outbox_starts *ret, struct err *e)
{
	struct query q = query_start(&r->db, "SELECT count(*),"
		" coalesce(min(started), 0) FROM delivery"
		" WHERE target_id = ? AND started > 0 AND started > ?"
		" AND started <= ? AND article_id > 0 AND asked = 0"
		" AND action <> 'withdrawn'");

	query_put_int(&q, target_id);
	query_put_int(&q, since);
	query_put_int(&q, clock_now_ms());
	if (query_row(&q))
		*ret = (struct outbox_starts){ query_int(&q, 0),
			query_int(&q, 1) };
	return query_done(&q, e);
}

/* Whatever leads to the rows, the filter says which: newest first. */
#define LIST(where) "SELECT " ROW_COLUMNS ROW_TABLES " WHERE " where \
	" AND (?3 = '' OR t.name = ?3) AND (?4 = '' OR d.subject = ?4)" \
	" AND (?5 < 0 OR d.state = ?5) AND d.id < ?1" \
	" ORDER BY d.id DESC LIMIT ?2"

/* By the index that fits: there are many rows, and of most nothing is asked. */
static struct query
list_start(struct db *db, const struct outbox_filter *f)
{
	if (f->subject.len > 0)
		return query_start(db, LIST("d.subject = ?4 AND d.target_id IN"
			" (SELECT id FROM target WHERE ?3 = ''"
			"  OR name = ?3)"));
	if (f->by_state && f->target.len > 0)
		return query_start(db, LIST("d.state = ?5 AND d.target_id ="
			" (SELECT id FROM target WHERE name = ?3)"));
	if (f->is_news)
		return query_start(db, LIST("d.id IN (SELECT id FROM delivery"
			"  WHERE " STATE_IS_LIVE " UNION ALL SELECT id"
			"  FROM delivery WHERE settled > 0 AND pruned = 0"
			"  AND " STATE_IS_REJECTED ")"));
	return query_start(db, LIST("1"));
}

int
outbox_list(struct store_reader *r, const struct outbox_filter *f,
	struct arena *a, struct outbox_row **ret, size_t *ret_n,
	struct err *e)
{
	struct query q = list_start(&r->db, f);

	query_put_int(&q, f->before ? f->before : INT64_MAX);
	query_put_int(&q, f->max && f->max < OUTBOX_LIST_MAX ?
		(int64_t)f->max : OUTBOX_LIST_MAX);
	query_put_text(&q, f->target);
	query_put_text(&q, f->subject);
	query_put_int(&q, f->by_state ? (int64_t)f->state : -1);
	return take_rows(&q, a, ret, ret_n, e);
}

int
outbox_told(struct store_reader *r, int64_t target_id, struct slice subject,
	struct arena *a, struct slice *ret, struct err *e)
{
	struct query q = query_start(&r->db, "SELECT memo FROM delivery"
		" WHERE target_id = ?1 AND subject = ?2 AND " STATE_IS_DONE
		" ORDER BY id DESC LIMIT 1");

	query_put_int(&q, target_id);
	query_put_text(&q, subject);
	*ret = query_row(&q) ? query_text(&q, 0, a) : S("");
	return query_done(&q, e);
}

int
outbox_show(struct store_reader *r, int64_t id, struct arena *a,
	struct outbox_row *ret, struct err *e)
{
	struct query q = query_start(&r->db, "SELECT " ROW_COLUMNS ROW_TABLES
		" WHERE d.id = ?");
	bool found;

	query_put_int(&q, id);
	found = query_row(&q);
	if (found)
		take_row(&q, a, ret);
	if (query_done(&q, e) < 0)
		return -1;
	return found ? 0 : err_set(e, ERR_MISSING,
		"there is no delivery %jd", (intmax_t)id);
}

/* Since when the oldest waits that is not over. */
static int
read_oldest(struct db *db, int64_t target_id, int64_t *ret, struct err *e)
{
	struct query q = query_start(db, "SELECT coalesce(min(created), 0)"
		" FROM delivery WHERE target_id = ? AND " STATE_IS_OPEN);

	query_put_int(&q, target_id);
	return query_one(&q, ret, e);
}

/* Over an index alone: there are many rows. */
int
outbox_counts(struct store_reader *r, struct arena *a,
	struct outbox_count **ret, size_t *ret_n, struct err *e)
{
	struct query q = query_start(&r->db, "SELECT t.name, t.id, c.state,"
		" c.n FROM (SELECT target_id, state, count(*) AS n"
		"  FROM delivery GROUP BY target_id, state) c"
		" JOIN target t ON t.id = c.target_id ORDER BY t.name");
	struct outbox_count *list = NULL, *last = NULL;
	int64_t *ids = NULL;
	size_t n = 0;

	while (query_row(&q)) {
		if (!last || !slice_eq(last->target, query_look(&q, 0))) {
			list = ARENA_GROW(a, list, n);
			ids = ARENA_GROW(a, ids, n);
			ids[n] = query_int(&q, 1);
			last = &list[n++];
			*last = (struct outbox_count){
				.target = query_text(&q, 0, a) };
		}
		last->by_state[query_int(&q, 2)] = query_int(&q, 3);
	}
	if (query_done(&q, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (read_oldest(&r->db, ids[i], &list[i].oldest, e) < 0)
			return -1;
	*ret = list;
	*ret_n = n;
	return 0;
}
