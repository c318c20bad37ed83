/*
 * Subscriptions in courier.db: the tables, what is in force, and topics.
 *
 * Ids are not given twice: a delivery or a verification that is on its way
 * when its row goes must not end that of somebody else.
 */
#include "base/clock.h"
#include "store/subscription.h"

const char subscription_tables[] =
	"CREATE TABLE hub_topic ("
	"  id INTEGER PRIMARY KEY,"
	"  url TEXT NOT NULL UNIQUE,"
	"  feed_id INTEGER NOT NULL"
	");"
	"CREATE INDEX hub_topic_feed ON hub_topic (feed_id);"
	"CREATE TABLE hub_sub ("
	"  id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  topic_id INTEGER NOT NULL REFERENCES hub_topic (id),"
	"  callback TEXT NOT NULL,"
	"  host TEXT NOT NULL,"
	"  secret BLOB,"
	"  since INTEGER NOT NULL DEFAULT 0,"	/* seconds */
	"  expires INTEGER NOT NULL,"		/* the same */
	"  UNIQUE (topic_id, callback)"
	");"
	"CREATE INDEX hub_sub_expires ON hub_sub (expires);"
	"CREATE INDEX hub_sub_host ON hub_sub (host);"
	"CREATE TABLE hub_pending ("
	"  id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  topic_id INTEGER NOT NULL REFERENCES hub_topic (id),"
	"  callback TEXT NOT NULL,"
	"  host TEXT NOT NULL,"
	"  mode INTEGER NOT NULL,"		/* enum hub_mode */
	"  topic TEXT NOT NULL,"		/* as it was spelled */
	"  secret BLOB,"
	"  lease INTEGER NOT NULL,"		/* seconds; -1: the usual */
	"  token TEXT NOT NULL,"
	"  reason TEXT NOT NULL,"		/* of a denial */
	"  since INTEGER NOT NULL,"		/* seconds */
	"  tries INTEGER NOT NULL,"
	"  due INTEGER NOT NULL,"		/* milliseconds */
	"  last_error TEXT NOT NULL,"
	"  UNIQUE (topic_id, callback)"
	");"
	"CREATE INDEX hub_pending_due ON hub_pending (due, id);"
	"CREATE INDEX hub_pending_host ON hub_pending (host);";

/* ---- what was verified ---- */

static int
run_by_id(struct db *db, const char *sql, int64_t id, struct err *e)
{
	struct query q = query_start(db, sql);

	query_put_int(&q, id);
	return query_run(&q, e);
}

/* A request to subscribe is in force: a new one, or what it was is over. */
static int
put_subscription(struct db *db, const struct pending_settled *s,
	struct err *e)
{
	struct query q = query_start(db, "INSERT INTO hub_sub (topic_id,"
		"  callback, host, secret, since, expires)"
		" SELECT topic_id, callback, host, secret, ?2, ?3"
		"  FROM hub_pending WHERE id = ?1 AND mode = 0"
		" ON CONFLICT (topic_id, callback) DO UPDATE SET"
		"  secret = excluded.secret, expires = excluded.expires");

	query_put_int(&q, s->id);
	query_put_int(&q, clock_now());
	query_put_int(&q, s->expires);
	return query_run(&q, e);
}

/* The same of one to unsubscribe. */
static int
drop_subscription(struct db *db, const struct pending_settled *s,
	struct err *e)
{
	return run_by_id(db, "DELETE FROM hub_sub WHERE (topic_id, callback) ="
		" (SELECT topic_id, callback FROM hub_pending"
		"  WHERE id = ? AND mode = 1)", s->id, e);
}

static int
put_off(struct db *db, const struct pending_settled *s, struct err *e)
{
	struct query q = query_start(db, "UPDATE hub_pending SET due = ?2,"
		" tries = tries + ?3, last_error = CASE ?4 WHEN ''"
		"  THEN last_error ELSE ?4 END WHERE id = ?1");

	query_put_int(&q, s->id);
	query_put_int(&q, s->due);
	query_put_int(&q, s->end == PENDING_RETRY);
	query_put_text(&q, slice_str(s->why));
	return query_run(&q, e);
}

static int
settle(struct store_tx *tx, const struct pending_settled *s, bool *ret,
	struct err *e)
{
	struct db *db = &tx->db;
	int rc = 0;

	if (s->end == PENDING_RETRY || s->end == PENDING_LATER) {
		rc = put_off(db, s, e);
	} else {
		if (s->end == PENDING_VERIFIED)
			rc = put_subscription(db, s, e) < 0 ? -1 :
				drop_subscription(db, s, e);
		if (rc == 0)
			rc = run_by_id(db, "DELETE FROM hub_pending"
				" WHERE id = ?", s->id, e);
	}
	if (rc < 0)
		return err_in(e, "settling a request to the hub");
	*ret = db_changes(db) > 0;
	return 0;
}

static int
expire(struct store_tx *tx, int64_t now, size_t max, size_t *ret_n,
	struct err *e)
{
	struct query q = query_start(&tx->db, "DELETE FROM hub_sub WHERE id IN"
		" (SELECT id FROM hub_sub WHERE expires <= ? LIMIT ?)");

	query_put_int(&q, now);
	query_put_int(&q, (int64_t)max);
	if (query_run(&q, e) < 0)
		return err_in(e, "ending subscriptions");
	*ret_n = (size_t)db_changes(&tx->db);
	return 0;
}

/* ---- topics ---- */

static int
move_topic(struct store_tx *tx, int64_t topic_id, int64_t feed_id,
	struct err *e)
{
	struct query q = query_start(&tx->db,
		"UPDATE hub_topic SET feed_id = ?2 WHERE id = ?1");

	query_put_int(&q, topic_id);
	query_put_int(&q, feed_id);
	return query_run(&q, e);
}

/* What is being verified of it is denied, too. */
static int
deny_pending(struct db *db, int64_t topic_id, struct slice reason,
	struct err *e)
{
	struct query q = query_start(db, "UPDATE hub_pending SET mode = 2,"
		" reason = ?2, secret = NULL, tries = 0, due = 1"
		" WHERE topic_id = ?1 AND mode <> 2");

	query_put_int(&q, topic_id);
	query_put_text(&q, reason);
	return query_run(&q, e);
}

/* The first subscriptions of a topic. */
#define FIRST_OF_TOPIC \
	"(SELECT id FROM hub_sub WHERE topic_id = ?1 ORDER BY id LIMIT ?2)"

static int
deny_subscribed(struct db *db, int64_t topic_id, struct slice reason,
	size_t max, struct err *e)
{
	struct query q = query_start(db, "INSERT INTO hub_pending (topic_id,"
		"  callback, host, mode, topic, lease, token, reason, since,"
		"  tries, due, last_error)"
		" SELECT t.id, s.callback, s.host, 2, t.url, -1, '', ?3, ?4,"
		"  0, 1, '' FROM hub_sub s JOIN hub_topic t ON t.id = topic_id"
		"  WHERE s.id IN " FIRST_OF_TOPIC
		" ON CONFLICT DO NOTHING");

	query_put_int(&q, topic_id);
	query_put_int(&q, (int64_t)max);
	query_put_text(&q, reason);
	query_put_int(&q, clock_now());
	return query_run(&q, e);
}

static int
end_topic(struct store_tx *tx, int64_t topic_id, struct slice reason,
	size_t max, size_t *ret_n, struct err *e)
{
	struct query q;

	if (deny_pending(&tx->db, topic_id, reason, e) < 0 ||
		deny_subscribed(&tx->db, topic_id, reason, max, e) < 0)
		return err_in(e, "ending a topic");
	q = query_start(&tx->db,
		"DELETE FROM hub_sub WHERE id IN " FIRST_OF_TOPIC);
	query_put_int(&q, topic_id);
	query_put_int(&q, (int64_t)max);
	if (query_run(&q, e) < 0)
		return err_in(e, "ending a topic");
	*ret_n = (size_t)db_changes(&tx->db);
	return 0;
}

const struct subscription_ops subscription_sqlite = {
	.begin = subscription_begin,
	.accept = subscription_accept,
	.take = subscription_take,
	.postpone = subscription_postpone,
	.settle = settle,
	.expire = expire,
	.move_topic = move_topic,
	.end_topic = end_topic,
	.topics = subscription_topics,
	.list = subscription_list,
	.counts = subscription_counts,
};
