/*
 * Reading subscriptions: for the operator, and to look after topics.
 */
#include "base/clock.h"
#include "store/subscription.h"

int
subscription_topics(struct store_reader *r, int64_t after, size_t max,
	struct arena *a, struct hub_topic **ret, size_t *ret_n,
	struct err *e)
{
	struct query q = query_start(&r->db, "SELECT t.id, url, feed_id,"
		" (SELECT count(*) FROM hub_sub s WHERE s.topic_id = t.id"
		"   AND expires > ?2),"
		" (SELECT count(*) FROM hub_retry JOIN hub_sub s"
		"   ON s.id = sub_id WHERE s.topic_id = t.id),"
		" EXISTS (SELECT 1 FROM hub_fanout f WHERE f.topic_id = t.id)"
		" FROM hub_topic t WHERE t.id > ?1 AND"
		"  (EXISTS (SELECT 1 FROM hub_sub s WHERE s.topic_id = t.id)"
		"  OR EXISTS (SELECT 1 FROM hub_pending p"
		"   WHERE p.topic_id = t.id))"
		" ORDER BY t.id LIMIT ?3");
	struct hub_topic *list = NULL;
	size_t n = 0;

	query_put_int(&q, after);
	query_put_int(&q, clock_now());
	query_put_int(&q, (int64_t)max);
	while (query_row(&q)) {
		list = ARENA_GROW(a, list, n);
		list[n++] = (struct hub_topic){
			.id = query_int(&q, 0),
			.url = query_text(&q, 1, a),
			.feed_id = query_int(&q, 2),
			.subscriptions = query_int(&q, 3),
			.retrying = query_int(&q, 4),
			.is_under_way = query_int(&q, 5),
		};
	}
	*ret = list;
	*ret_n = n;
	return query_done(&q, e) < 0 ? err_in(e, "reading topics") : 0;
}

int
subscription_list(struct store_reader *r,
	const struct subscription_filter *f, int64_t after, size_t max,
	struct arena *a, struct subscription **ret, size_t *ret_n,
	struct err *e)
{
	struct query q = query_start(&r->db, "SELECT s.id, t.url, callback,"
		" secret IS NOT NULL, since, expires, tries, due, last_error"
		" FROM hub_sub s JOIN hub_topic t ON t.id = topic_id"
		" LEFT JOIN hub_retry ON sub_id = s.id"
		" WHERE s.id > ?1 AND expires > ?2"
		"  AND (?3 = 0 OR feed_id = ?3) AND (?4 = '' OR url = ?4)"
		" ORDER BY s.id LIMIT ?5");
	struct subscription *list = NULL;
	size_t n = 0;

	query_put_int(&q, after);
	query_put_int(&q, clock_now());
	query_put_int(&q, f->feed_id);
	query_put_text(&q, f->topic.len ? f->topic : S(""));
	query_put_int(&q, (int64_t)max);
	while (query_row(&q)) {
		list = ARENA_GROW(a, list, n);
		list[n++] = (struct subscription){
			.id = query_int(&q, 0),
			.topic = query_text(&q, 1, a),
			.callback = query_text(&q, 2, a),
			.has_secret = query_int(&q, 3),
			.since = query_int(&q, 4),
			.expires = query_int(&q, 5),
			.tries = query_int(&q, 6),
			.due = query_int(&q, 7),
			.why = query_text(&q, 8, a),
		};
	}
	*ret = list;
	*ret_n = n;
	return query_done(&q, e) < 0 ? err_in(e, "reading subscriptions") : 0;
}

int
subscription_counts(struct store_reader *r, struct subscription_counts *ret,
	struct err *e)
{
	struct query q = query_start(&r->db, "SELECT"
		" (SELECT count(DISTINCT topic_id) FROM hub_sub"
		"  WHERE expires > ?1),"
		" (SELECT count(*) FROM hub_sub WHERE expires > ?1),"
		" (SELECT count(*) FROM hub_pending WHERE mode < 2),"
		" (SELECT count(*) FROM hub_retry),"
		" (SELECT count(*) FROM hub_fanout)");

	query_put_int(&q, clock_now());
	if (query_row(&q))
		*ret = (struct subscription_counts){
			.topics = query_int(&q, 0),
			.subscriptions = query_int(&q, 1),
			.pending = query_int(&q, 2),
			.retrying = query_int(&q, 3),
			.under_way = query_int(&q, 4),
		};
	return query_done(&q, e) < 0 ? err_in(e, "counting subscriptions") : 0;
}
