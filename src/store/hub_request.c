/*
 * Requests to our own hub: the press writes them before it says 202, and the
 * courier reads them.
 *
 * The press cannot know what the courier has read, so they go with time.  The
 * newest row always stays: it tells a reader which numbers were given.
 */
#include "base/clock.h"
#include "store/reader.h"
#include "store/tx.h"

enum {
	KEPT_S = 3600,
	KEPT_MAX = 100000,
	PRUNED = 10,	/* at most, for one that comes */
};

/* Rows that are too old, of the oldest. */
static int
prune(struct db *db, int64_t now, struct err *e)
{
	struct query q = query_start(db, "DELETE FROM hub_request WHERE seq IN"
		" (SELECT seq FROM hub_request ORDER BY seq LIMIT ?)"
		" AND at < ?");

	query_put_int(&q, PRUNED);
	query_put_int(&q, now - KEPT_S);
	return query_run(&q, e);
}

static int
check_room(struct db *db, struct err *e)
{
	struct query q = query_start(db,
		"SELECT coalesce(max(seq) - min(seq), 0) FROM hub_request");
	int64_t kept;

	if (query_one(&q, &kept, e) < 0)
		return -1;
	return kept < KEPT_MAX ? 0 : err_set(e, ERR_BUSY,
		"the hub got more than %d requests in an hour", KEPT_MAX);
}

int
press_put_hub_request(struct store_tx *tx, const struct hub_request *r,
	struct err *e)
{
	struct query q;

	if (prune(&tx->db, r->at, e) < 0 || check_room(&tx->db, e) < 0)
		return err_in(e, "keeping a request to the hub");
	q = query_start(&tx->db, "INSERT INTO hub_request (at, mode, topic,"
		" url, feed_id, callback, secret, lease, token)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
	query_put_int(&q, r->at);
	query_put_int(&q, r->mode);
	query_put_text(&q, r->topic);
	query_put_text(&q, r->url);
	query_put_int(&q, r->feed_id);
	query_put_text(&q, r->callback);
	query_put_bytes(&q, r->secret);
	query_put_int(&q, r->lease_s);
	query_put_text(&q, r->token);
	return query_run(&q, e) < 0 ?
		err_in(e, "keeping a request to the hub") : 0;
}

static int
read_last(struct store_reader *r, int64_t *ret, struct err *e)
{
	struct query q = query_start(&r->db,
		"SELECT coalesce(max(seq), 0) FROM hub_request");

	return query_one(&q, ret, e);
}

int
read_hub_requests(struct store_reader *r, int64_t after, size_t max,
	struct arena *a, struct hub_request **ret, size_t *ret_n,
	int64_t *ret_last, struct err *e)
{
	struct query q = query_start(&r->db, "SELECT seq, at, mode, topic, url,"
		" feed_id, callback, secret, lease, token FROM hub_request"
		" WHERE seq > ? ORDER BY seq LIMIT ?");
	struct hub_request *list = NULL;
	size_t n = 0;

	query_put_int(&q, after);
	query_put_int(&q, (int64_t)max);
	while (query_row(&q)) {
		list = ARENA_GROW(a, list, n);
		list[n++] = (struct hub_request){
			.seq = query_int(&q, 0),
			.at = query_int(&q, 1),
			.mode = (enum hub_mode)query_int(&q, 2),
			.topic = query_text(&q, 3, a),
			.url = query_text(&q, 4, a),
			.feed_id = query_int(&q, 5),
			.callback = query_text(&q, 6, a),
			.secret = arena_copy(a, query_look_bytes(&q, 7)),
			.lease_s = query_int(&q, 8),
			.token = query_text(&q, 9, a),
		};
	}
	*ret = list;
	*ret_n = n;
	if (query_done(&q, e) < 0)
		return err_in(e, "reading requests to the hub");
	return read_last(r, ret_last, e);
}
