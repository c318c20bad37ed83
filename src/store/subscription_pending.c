/*
 * Requests to the hub in courier.db, until their intent is verified.
 *
 * 1. The cursor moves in the transaction that takes requests over: none is
 *    lost, and none comes twice.
 * 2. A request counts against the limits from here on, so a crowd of them
 *    cannot pass where one of them would not.
 */
#include "base/uri.h"
#include "store/schema.h"
#include "store/subscription.h"

/* With so many that are still to be told, no other is. */
enum { DENIED_MAX = 10000 };

/* ---- the cursor ---- */

static int
read_cursor(struct db *db, struct arena *a, struct hub_cursor *ret,
	struct err *e)
{
	struct slice seq;

	if (meta_get(db, S("hub_request"), a, &seq, e) < 0 ||
		meta_get(db, S("hub_request_stream"), a, &ret->stream, e) < 0)
		return -1;
	ret->seq = seq.len ? slice_number(seq, INT64_MAX) : 0;
	return 0;
}

static int
write_cursor(struct db *db, const struct hub_cursor *c, struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct slice seq = arena_printf(&a, "%jd", (intmax_t)c->seq);

	if (meta_set(db, S("hub_request"), seq, e) < 0)
		return -1;
	return meta_set(db, S("hub_request_stream"), c->stream, e);
}

int
subscription_begin(struct store_tx *tx, struct arena *a,
	struct hub_cursor *ret, struct err *e)
{
	struct query q = query_start(&tx->db,
		"UPDATE hub_pending SET due = 1 WHERE due = ?");

	query_put_int(&q, PENDING_TAKEN);
	if (query_run(&q, e) < 0 || read_cursor(&tx->db, a, ret, e) < 0)
		return err_in(e, "beginning with the hub");
	return 0;
}

/* ---- taking over ---- */

/* Counts while requests are taken over. */
struct tally {
	const struct hub_limits *limits;
	int64_t all;		/* subscriptions, and requests for some */
	int64_t denied;		/* to be told */
	struct slice host;	/* the last one that was looked at: */
	int64_t subscribed, pending;
};

static int
count_all(struct db *db, struct tally *t, struct err *e)
{
	struct query q = query_start(db, "SELECT (SELECT count(*) FROM hub_sub)"
		" + (SELECT count(*) FROM hub_pending WHERE mode = 0)");

	if (query_one(&q, &t->all, e) < 0)
		return -1;
	q = query_start(db, "SELECT count(*) FROM hub_pending WHERE mode = 2");
	return query_one(&q, &t->denied, e);
}

static int
count_host(struct db *db, struct slice host, struct tally *t, struct err *e)
{
	struct query q;

	if (t->host.ptr && slice_eq(t->host, host))
		return 0;
	t->host = host;
	q = query_start(db, "SELECT count(*) FROM hub_sub WHERE host = ?");
	query_put_text(&q, host);
	if (query_one(&q, &t->subscribed, e) < 0)
		return -1;
	q = query_start(db, "SELECT count(*) FROM hub_pending WHERE host = ?");
	query_put_text(&q, host);
	return query_one(&q, &t->pending, e);
}

static int
topic_of(struct db *db, const struct hub_request *r, int64_t *ret,
	struct err *e)
{
	struct query q = query_start(db, "INSERT INTO hub_topic (url, feed_id)"
		" VALUES (?, ?) ON CONFLICT (url) DO UPDATE SET"
		" feed_id = excluded.feed_id RETURNING id");

	query_put_text(&q, r->url);
	query_put_int(&q, r->feed_id);
	return query_one(&q, ret, e);
}

/* The request before this one counts no more. */
static int
drop_older(struct db *db, const struct hub_request *r, int64_t topic_id,
	struct tally *t, bool *ret, struct err *e)
{
	struct query q = query_start(db, "DELETE FROM hub_pending"
		" WHERE topic_id = ? AND callback = ? RETURNING mode");
	bool there;

	query_put_int(&q, topic_id);
	query_put_text(&q, r->callback);
	there = query_row(&q);
	if (there) {
		t->all -= query_int(&q, 0) == HUB_SUBSCRIBE;
		t->denied -= query_int(&q, 0) == HUB_DENIED;
		t->pending--;
	}
	*ret = there;
	return query_run(&q, e);
}

static int
is_subscribed(struct db *db, const struct hub_request *r, int64_t topic_id,
	bool *ret, struct err *e)
{
	struct query q = query_start(db, "SELECT 1 FROM hub_sub"
		" WHERE topic_id = ? AND callback = ?");
	int64_t one;

	query_put_int(&q, topic_id);
	query_put_text(&q, r->callback);
	if (query_one(&q, &one, e) < 0)
		return -1;
	*ret = one > 0;
	return 0;
}

static int
put_pending(struct db *db, const struct hub_request *r, int64_t topic_id,
	struct slice host, const char *denied, struct err *e)
{
	struct query q = query_start(db, "INSERT INTO hub_pending (topic_id,"
		" callback, host, mode, topic, secret, lease, token, reason,"
		" since, tries, due, last_error)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 1, '')");

	query_put_int(&q, topic_id);
	query_put_text(&q, r->callback);
	query_put_text(&q, host);
	query_put_int(&q, denied ? HUB_DENIED : r->mode);
	query_put_text(&q, r->topic);
	if (r->secret.len > 0)
		query_put_bytes(&q, r->secret);
	else
		query_put_null(&q);
	query_put_int(&q, r->lease_s);
	query_put_text(&q, r->token);
	query_put_text(&q, slice_str(denied));
	query_put_int(&q, r->at);
	return query_run(&q, e);
}

/* Why a new subscription is too much; NULL: it is not. */
static const char *
too_much(const struct tally *t)
{
	if (t->all >= t->limits->subscriptions)
		return "this hub has as many subscriptions as it takes";
	if (t->subscribed + t->pending >= t->limits->per_host)
		return "there are as many subscriptions from this host as "
			"this hub takes";
	return NULL;
}

/*
 * Take one over.  What ends nothing needs no verification, a host with very
 * much that waits is not asked more, and not everybody can be told that the
 * hub is full.  The press checked all of it; but what cannot be taken must
 * not keep the next ones from being.
 */
static int
accept_one(struct db *db, const struct hub_request *r, struct tally *t,
	bool *ret_ignored, struct err *e)
{
	struct slice host = uri_host(r->callback);
	const char *denied = NULL;
	bool replaced, subscribed;
	int64_t topic_id;

	*ret_ignored = host.len == 0;
	if (*ret_ignored)
		return 0;
	if (topic_of(db, r, &topic_id, e) < 0 ||
		count_host(db, host, t, e) < 0 ||
		drop_older(db, r, topic_id, t, &replaced, e) < 0 ||
		is_subscribed(db, r, topic_id, &subscribed, e) < 0)
		return -1;
	*ret_ignored = t->pending >= t->limits->per_host ||
		(r->mode == HUB_UNSUBSCRIBE && !subscribed && !replaced);
	if (*ret_ignored)
		return 0;
	if (r->mode == HUB_SUBSCRIBE && !subscribed)
		denied = too_much(t);
	*ret_ignored = denied && t->denied >= DENIED_MAX;
	if (*ret_ignored)
		return 0;
	t->denied += denied != NULL;
	t->pending++;
	t->all += r->mode == HUB_SUBSCRIBE && !denied;
	return put_pending(db, r, topic_id, host, denied, e);
}

int
subscription_accept(struct store_tx *tx, const struct hub_request *list,
	size_t n, const struct hub_cursor *c, const struct hub_limits *l,
	size_t *ret_ignored, struct err *e)
{
	struct tally t = { .limits = l };
	bool ignored;

	*ret_ignored = 0;
	if (n > 0 && count_all(&tx->db, &t, e) < 0)
		return err_in(e, "taking over requests to the hub");
	for (size_t i = 0; i < n; i++) {
		if (accept_one(&tx->db, &list[i], &t, &ignored, e) < 0)
			return err_in(e, "taking over requests to the hub");
		*ret_ignored += ignored;
	}
	return write_cursor(&tx->db, c, e);
}

/* ---- trying ---- */

static int
mark_taken(struct db *db, int64_t id, struct err *e)
{
	struct query q = query_start(db,
		"UPDATE hub_pending SET due = ? WHERE id = ?");

	query_put_int(&q, PENDING_TAKEN);
	query_put_int(&q, id);
	return query_run(&q, e);
}

static int
list_due(struct db *db, int64_t now_ms, size_t max, struct arena *a,
	struct pending **ret, size_t *ret_n, struct err *e)
{
	struct query q = query_start(db, "SELECT p.id, mode, topic, url,"
		" callback, host, token, reason, lease, since, tries"
		" FROM hub_pending p JOIN hub_topic t ON t.id = topic_id"
		" WHERE due <= ? ORDER BY due, p.id LIMIT ?");
	struct pending *list = NULL;
	size_t n = 0;

	query_put_int(&q, now_ms);
	query_put_int(&q, (int64_t)max);
	while (query_row(&q)) {
		list = ARENA_GROW(a, list, n);
		list[n++] = (struct pending){
			.id = query_int(&q, 0),
			.mode = (enum hub_mode)query_int(&q, 1),
			.topic = query_text(&q, 2, a),
			.url = query_text(&q, 3, a),
			.callback = query_text(&q, 4, a),
			.host = query_text(&q, 5, a),
			.token = query_text(&q, 6, a),
			.reason = query_text(&q, 7, a),
			.lease_s = query_int(&q, 8),
			.since = query_int(&q, 9),
			.tries = (int)query_int(&q, 10),
		};
	}
	*ret = list;
	*ret_n = n;
	return query_done(&q, e);
}

static int
next_due(struct db *db, int64_t *ret, struct err *e)
{
	struct query q = query_start(db,
		"SELECT min(due) FROM hub_pending WHERE due < ?");

	query_put_int(&q, PENDING_TAKEN);
	return query_one(&q, ret, e);
}

int
subscription_take(struct store_tx *tx, int64_t now_ms, size_t max,
	struct arena *a, struct pending **ret, size_t *ret_n,
	int64_t *ret_next, struct err *e)
{
	if (list_due(&tx->db, now_ms, max, a, ret, ret_n, e) < 0)
		return err_in(e, "looking for what is to be verified");
	for (size_t i = 0; i < *ret_n; i++)
		if (mark_taken(&tx->db, (*ret)[i].id, e) < 0)
			return err_in(e, "beginning to verify");
	return next_due(&tx->db, ret_next, e);
}

int
subscription_postpone(struct store_tx *tx, struct slice host,
	int64_t until_ms, struct err *e)
{
	struct query q = query_start(&tx->db, "UPDATE hub_pending SET due = ?2"
		" WHERE host = ?1 AND due < ?2");

	query_put_text(&q, host);
	query_put_int(&q, until_ms);
	return query_run(&q, e);
}
