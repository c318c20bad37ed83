/*
 * Partners: how often they came.  What they may do is in the configuration.
 */
#include "store/reader.h"
#include "store/tx.h"

int
press_put_partners(struct store_tx *tx, const struct partner_seen *list,
	size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		struct query q = query_start(&tx->db, "INSERT INTO partner"
			" (name, requests, last_seen) VALUES (?, ?, ?)"
			" ON CONFLICT (name) DO UPDATE SET"
			" requests = excluded.requests,"
			" last_seen = excluded.last_seen");

		query_put_text(&q, list[i].name);
		query_put_int(&q, list[i].requests);
		query_put_int(&q, list[i].last_seen);
		if (query_run(&q, e) < 0)
			return err_in(e, "counting what partners ask for");
	}
	return 0;
}

int
read_partners(struct store_reader *r, struct arena *a,
	struct partner_seen **ret, size_t *ret_n, struct err *e)
{
	struct query q = query_start(&r->db,
		"SELECT name, requests, last_seen FROM partner");
	struct partner_seen *list = NULL;
	size_t n = 0;

	while (query_row(&q)) {
		list = ARENA_GROW(a, list, n);
		list[n++] = (struct partner_seen){ query_text(&q, 0, a),
			query_int(&q, 1), query_int(&q, 2) };
	}
	if (query_done(&q, e) < 0)
		return err_in(e, "reading who came");
	*ret = list;
	*ret_n = n;
	return 0;
}
