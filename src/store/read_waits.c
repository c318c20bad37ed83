/*
 * Reading what waits: files that say something which is not shown yet.
 */
#include "store/reader.h"

int
read_waits(struct store_reader *r, struct file_waits *ret, struct err *e)
{
	struct query q = query_start(&r->db,
		"SELECT (SELECT count(*) FROM file WHERE release = ?1),"
		" count(*), coalesce(min(release), 0) FROM file"
		" WHERE release > 0 AND release < ?1");
	struct file_waits w = { 0 };

	query_put_int(&q, RELEASE_NEVER);
	if (query_row(&q))
		w = (struct file_waits){ query_int(&q, 0), query_int(&q, 1),
			query_int(&q, 2) };
	if (query_done(&q, e) < 0)
		return err_in(e, "reading what waits");
	*ret = w;
	return 0;
}

int
read_due(struct store_reader *r, int64_t now, size_t max, struct arena *a,
	struct slice **ret, size_t *ret_n, struct err *e)
{
	struct query q = query_start(&r->db, "SELECT path FROM file"
		" WHERE release > 0 AND release <= ? ORDER BY release LIMIT ?");
	struct slice *list = NULL;
	size_t n = 0;

	query_put_int(&q, now);
	query_put_int(&q, (int64_t)max);
	while (query_row(&q)) {
		list = ARENA_GROW(a, list, n);
		list[n++] = query_text(&q, 0, a);
	}
	if (query_done(&q, e) < 0)
		return err_in(e, "reading what is due");
	*ret = list;
	*ret_n = n;
	return 0;
}

int
read_file_state(struct store_reader *r, struct slice path,
	struct file_state *ret, struct err *e)
{
	struct query q = query_start(&r->db, "SELECT article_id, release, held"
		" FROM file WHERE path = ?");
	bool found;

	query_put_text(&q, path);
	found = query_row(&q);
	if (found)
		*ret = (struct file_state){ query_int(&q, 0) != 0,
			query_int(&q, 1), (enum hold)query_int(&q, 2) };
	if (query_done(&q, e) < 0)
		return -1;
	return found ? 0 : err_set(e, ERR_MISSING, "there is no such file");
}
