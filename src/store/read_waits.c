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
	struct query q = query_start(&r->db, "SELECT f.id IS NOT NULL,"
		" coalesce(f.release, 0), coalesce(f.held, 0),"
		" EXISTS (SELECT 1 FROM article"
		"  WHERE state > 0 AND path = ?1 AND barred = 1)"
		" FROM (SELECT ?1 AS path) p"
		" LEFT JOIN file f ON f.path = p.path");
	struct file_state s = { 0 };

	query_put_text(&q, path);
	if (query_row(&q))
		s = (struct file_state){ query_int(&q, 0), query_int(&q, 1),
			(enum hold)query_int(&q, 2), query_int(&q, 3) };
	if (query_done(&q, e) < 0)
		return err_in(e, "reading the state of a file");
	*ret = s;
	return 0;
}
