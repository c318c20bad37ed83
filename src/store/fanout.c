/*
 * Fan-out in courier.db: the ring's rows, and who is tried again.
 *
 * A delivery that went well costs no row: the cursor of its topic moves over
 * many of them at once.
 */
#include "base/clock.h"
#include "model/fanout.h"
#include "store/courier.h"

const char fanout_tables[] =
	"CREATE TABLE hub_fanout ("
	"  topic_id INTEGER PRIMARY KEY"
	"    REFERENCES hub_topic (id) ON DELETE CASCADE,"
	"  version INTEGER NOT NULL,"
	"  cursor INTEGER NOT NULL,"
	"  stop INTEGER NOT NULL,"
	"  hi INTEGER NOT NULL"
	");"
	"CREATE TABLE hub_retry ("
	"  sub_id INTEGER PRIMARY KEY"
	"    REFERENCES hub_sub (id) ON DELETE CASCADE,"
	"  tries INTEGER NOT NULL,"
	"  due INTEGER NOT NULL,"		/* milliseconds */
	"  last_error TEXT NOT NULL,"
	"  version INTEGER NOT NULL"
	");"
	"CREATE INDEX hub_retry_due ON hub_retry (due, sub_id);"
	"CREATE INDEX hub_sub_ring ON hub_sub (topic_id, id);";

/* ---- inside a job ---- */

static int
announce(struct store_tx *tx, int64_t feed_id, int64_t version, struct err *e)
{
	struct query q = query_start(&tx->db,
		"INSERT INTO hub_fanout (topic_id, version, cursor, stop, hi)"
		" SELECT id, ?2, 0, 0, hi FROM (SELECT t.id,"
		"   (SELECT max(s.id) FROM hub_sub s WHERE s.topic_id = t.id)"
		"   AS hi FROM hub_topic t WHERE t.feed_id = ?1)"
		" WHERE hi IS NOT NULL"
		" ON CONFLICT (topic_id) DO UPDATE SET"
		"  version = excluded.version, stop = cursor, hi = excluded.hi"
		" WHERE excluded.version > version");

	query_put_int(&q, feed_id);
	query_put_int(&q, version);
	return query_run(&q, e);
}

static int
open_ones(struct store_tx *tx, size_t max, struct arena *a,
	struct fanout **ret, size_t *ret_n, struct err *e)
{
	struct query q = query_start(&tx->db,
		"SELECT f.topic_id, f.version, f.cursor, f.stop, f.hi, t.url"
		" FROM hub_fanout f JOIN hub_topic t ON t.id = f.topic_id"
		" ORDER BY f.topic_id LIMIT ?");
	struct fanout *list = NULL;
	size_t n = 0;

	query_put_int(&q, (int64_t)max);
	while (query_row(&q)) {
		list = ARENA_GROW(a, list, n);
		list[n++] = (struct fanout){
			.topic_id = query_int(&q, 0),
			.version = query_int(&q, 1),
			.cursor = query_int(&q, 2),
			.stop = query_int(&q, 3),
			.hi = query_int(&q, 4),
			.url = query_text(&q, 5, a),
		};
	}
	*ret = list;
	*ret_n = n;
	return query_done(&q, e);
}

static int
move(struct store_tx *tx, const struct fanout_move *m, struct err *e)
{
	struct query q;

	if (m->over) {
		q = query_start(&tx->db, "DELETE FROM hub_fanout"
			" WHERE topic_id = ? AND version = ?");
	} else {
		q = query_start(&tx->db, "UPDATE hub_fanout SET cursor = ?3"
			" WHERE topic_id = ?1 AND version = ?2");
	}
	query_put_int(&q, m->topic_id);
	query_put_int(&q, m->version);
	if (!m->over)
		query_put_int(&q, m->cursor);
	return query_run(&q, e);
}

/* The subscription may be over meanwhile, and then nothing waits for it. */
static int
put_retry(struct store_tx *tx, const struct settlement *s, struct err *e)
{
	struct query q = query_start(&tx->db,
		"INSERT INTO hub_retry (sub_id, tries, due, last_error,"
		"  version)"
		" SELECT id, ?2, ?3, ?4, ?5 FROM hub_sub WHERE id = ?1"
		" ON CONFLICT (sub_id) DO UPDATE SET"
		"  tries = excluded.tries, due = excluded.due,"
		"  last_error = CASE excluded.last_error WHEN ''"
		"   THEN last_error ELSE excluded.last_error END,"
		"  version = excluded.version"
		" WHERE excluded.version >= version");

	query_put_int(&q, s->sub_id);
	query_put_int(&q, s->tries);
	query_put_int(&q, s->due);
	query_put_text(&q, slice_str(s->why));
	query_put_int(&q, s->version);
	return query_run(&q, e);
}

static int
settle(struct store_tx *tx, const struct settlement *s, struct err *e)
{
	struct query q;

	if (s->what == SETTLED_RETRY)
		return put_retry(tx, s, e);
	if (s->what == SETTLED_GONE) {
		q = query_start(&tx->db, "DELETE FROM hub_sub WHERE id = ?");
		query_put_int(&q, s->sub_id);
		return query_run(&q, e);
	}
	q = query_start(&tx->db, "DELETE FROM hub_retry"
		" WHERE sub_id = ? AND version <= ?");
	query_put_int(&q, s->sub_id);
	query_put_int(&q, s->version);
	return query_run(&q, e);
}

/* ---- on a pool thread ---- */

/* The columns that both lists have. */
#define SUBSCRIBER \
	"SELECT s.id, s.callback, s.host, s.secret, s.expires," \
	" r.sub_id IS NOT NULL, r.last_error <> '', r.tries"
enum { SUBSCRIBER_COLUMNS = 8 };

static struct subscriber *
next_subscriber(struct query *q, struct subscriber **list, size_t *n,
	struct arena *a)
{
	if (!query_row(q))
		return NULL;
	*list = ARENA_GROW(a, *list, *n);
	(*list)[*n] = (struct subscriber){
		.id = query_int(q, 0),
		.callback = query_text(q, 1, a),
		.host = query_text(q, 2, a),
		.secret = arena_copy(a, query_look_bytes(q, 3)),
		.expires = query_int(q, 4),
		.waits = query_int(q, 5),
		.failed = query_int(q, 6),
		.tries = (int)query_int(q, 7),
	};
	return &(*list)[(*n)++];
}

static int
page(struct store_reader *r, int64_t topic_id, int64_t after, int64_t upto,
	size_t max, struct arena *a, struct subscriber **ret, size_t *ret_n,
	struct err *e)
{
	struct query q = query_start(&r->db, SUBSCRIBER
		" FROM hub_sub s LEFT JOIN hub_retry r ON r.sub_id = s.id"
		" WHERE s.topic_id = ? AND s.id > ? AND s.id <= ?"
		"  AND s.expires > ? ORDER BY s.id LIMIT ?");

	*ret = NULL;
	*ret_n = 0;
	query_put_int(&q, topic_id);
	query_put_int(&q, after);
	query_put_int(&q, upto);
	query_put_int(&q, clock_now());
	query_put_int(&q, (int64_t)max);
	while (next_subscriber(&q, ret, ret_n, a))
		;
	return query_done(&q, e);
}

static int
next_due(struct store_reader *r, int64_t now_ms, int64_t *ret, struct err *e)
{
	struct query q = query_start(&r->db,
		"SELECT min(due) FROM hub_retry WHERE due > ?");

	query_put_int(&q, now_ms);
	return query_one(&q, ret, e);
}

static int
due(struct store_reader *r, int64_t now_ms, int64_t after_due,
	int64_t after_id, size_t max, struct arena *a,
	struct subscriber **ret, size_t *ret_n, int64_t *ret_next,
	struct err *e)
{
	struct query q = query_start(&r->db, SUBSCRIBER
		", r.due, r.version, t.id, t.url FROM hub_retry r"
		" JOIN hub_sub s ON s.id = r.sub_id"
		" JOIN hub_topic t ON t.id = s.topic_id"
		" WHERE r.due <= ? AND (r.due, r.sub_id) > (?, ?)"
		"  AND s.expires > ? ORDER BY r.due, r.sub_id LIMIT ?");
	struct subscriber *s;

	*ret = NULL;
	*ret_n = 0;
	query_put_int(&q, now_ms);
	query_put_int(&q, after_due);
	query_put_int(&q, after_id);
	query_put_int(&q, clock_now());
	query_put_int(&q, (int64_t)max);
	while ((s = next_subscriber(&q, ret, ret_n, a))) {
		s->due = query_int(&q, SUBSCRIBER_COLUMNS);
		s->version = query_int(&q, SUBSCRIBER_COLUMNS + 1);
		s->topic_id = query_int(&q, SUBSCRIBER_COLUMNS + 2);
		s->url = query_text(&q, SUBSCRIBER_COLUMNS + 3, a);
	}
	if (query_done(&q, e) < 0)
		return -1;
	return next_due(r, now_ms, ret_next, e);
}

const struct fanout_ops fanout_sqlite = {
	.announce = announce,
	.open = open_ones,
	.move = move,
	.settle = settle,
	.page = page,
	.due = due,
};
