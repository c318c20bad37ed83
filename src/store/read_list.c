/*
 * Reading lists: files, files set aside, series and their parts, counts.
 */
#include <stdlib.h>

#include "model/article.h"
#include "store/reader.h"
#include "store/schema.h"

enum { PARTS_MAX = 200 };	/* no part has a higher number (series.md) */

int
read_rules(struct store_reader *r, uint64_t *ret, struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct slice hex;

	if (meta_get(&r->db, S("rules"), &a, &hex, e) < 0)
		return -1;
	*ret = hex.len > 0 ? strtoull(hex.ptr, NULL, 16) : 0;
	return 0;
}

int
read_files(struct store_reader *r, struct arena *a, struct file_row **ret,
	size_t *ret_n, struct err *e)
{
	struct query q = query_start(&r->db,
		"SELECT path, dev, ino, btime_ns, size, mtime_ns, ctime_ns,"
		" hash, companions FROM file");
	struct file_row *list = NULL;
	size_t n = 0;

	while (query_row(&q)) {
		list = ARENA_GROW(a, list, n);
		list[n++] = (struct file_row){
			.path = query_text(&q, 0, a),
			.stamp = {
				.dev = query_hash(&q, 1),
				.ino = query_hash(&q, 2),
				.btime_ns = query_int(&q, 3),
				.size = query_hash(&q, 4),
				.mtime_ns = query_int(&q, 5),
				.ctime_ns = query_int(&q, 6),
			},
			.hash = query_hash(&q, 7),
			.with = query_hash(&q, 8),
		};
	}
	if (query_done(&q, e) < 0)
		return err_in(e, "reading the files");
	*ret = list;
	*ret_n = n;
	return 0;
}

int
read_asides(struct store_reader *r, size_t max, struct arena *a,
	struct aside **ret, size_t *ret_n, struct err *e)
{
	struct query q = query_start(&r->db,
		"SELECT path, reason, hint, since FROM file_aside"
		" ORDER BY since DESC, path LIMIT ?");
	struct aside *list = NULL;
	size_t n = 0;

	query_put_int(&q, (int64_t)MIN(max, (size_t)INT32_MAX));
	while (query_row(&q)) {
		list = ARENA_GROW(a, list, n);
		list[n++] = (struct aside){
			.path = query_text(&q, 0, a),
			.why = query_text(&q, 1, a),
			.hint = query_text(&q, 2, a),
			.since = query_int(&q, 3),
		};
	}
	if (query_done(&q, e) < 0)
		return err_in(e, "reading what is set aside");
	*ret = list;
	*ret_n = n;
	return 0;
}

/* ---- series ---- */

struct series_row {
	int64_t id;
	struct series_info info;
};

/* What is known of each number; a withdrawn part is not a missing one. */
enum part_fate { PART_UNKNOWN, PART_HERE, PART_WITHDRAWN };

struct parts {
	char fate[PARTS_MAX + 1];
	int highest;		/* known of, here or not */
};

static int
find_parts(struct store_reader *r, int64_t series_id, struct parts *p,
	struct err *e)
{
	struct query q = query_start(&r->db,
		"SELECT p.number, a.state FROM part p"
		" JOIN article a ON a.id = p.article_id"
		" WHERE p.series_id = ?");

	query_put_int(&q, series_id);
	while (query_row(&q)) {
		int64_t number = query_int(&q, 0);

		if (number < 1 || number > PARTS_MAX)
			continue;
		if (query_int(&q, 1) != STATE_WITHDRAWN)
			p->fate[number] = PART_HERE;
		else if (p->fate[number] == PART_UNKNOWN)
			p->fate[number] = PART_WITHDRAWN;
		p->highest = MAX(p->highest, (int)number);
	}
	return query_done(&q, e);
}

/* The highest part that a related link waits for. */
static int
find_linked(struct store_reader *r, int64_t series_id, struct parts *p,
	struct err *e)
{
	struct query q = query_start(&r->db,
		"SELECT max(mark_number) FROM link WHERE mark_key IN"
		" (SELECT key FROM series_alias WHERE series_id = ?)"
		" AND mark_key IS NOT NULL AND mark_number <= ?"
		" AND to_article IS NULL");

	query_put_int(&q, series_id);
	query_put_int(&q, PARTS_MAX);
	if (query_row(&q))
		p->highest = MAX(p->highest, (int)query_int(&q, 0));
	return query_done(&q, e);
}

static void
list_parts(const struct parts *p, struct arena *a, struct series_info *ret)
{
	for (int n = 1; n <= p->highest; n++) {
		if (p->fate[n] == PART_HERE) {
			ret->parts = ARENA_GROW(a, ret->parts, ret->n_parts);
			ret->parts[ret->n_parts++] = n;
		} else if (p->fate[n] == PART_UNKNOWN) {
			ret->missing = ARENA_GROW(a, ret->missing,
				ret->n_missing);
			ret->missing[ret->n_missing++] = n;
		}
	}
}

static int
read_parts(struct store_reader *r, int64_t series_id, struct arena *a,
	struct series_info *ret, struct err *e)
{
	struct parts p = { .highest = MIN(ret->total, PARTS_MAX) };

	if (find_parts(r, series_id, &p, e) < 0 ||
		find_linked(r, series_id, &p, e) < 0)
		return -1;
	list_parts(&p, a, ret);
	return 0;
}

static int
list_series(struct store_reader *r, size_t max, struct arena *a,
	struct series_row **ret, size_t *ret_n, struct err *e)
{
	struct query q = query_start(&r->db,
		"SELECT id, title, slug, key, total FROM series"
		" ORDER BY title, id LIMIT ?");

	*ret = NULL;
	*ret_n = 0;
	query_put_int(&q, (int64_t)MIN(max, (size_t)INT32_MAX));
	while (query_row(&q)) {
		*ret = ARENA_GROW(a, *ret, *ret_n);
		(*ret)[(*ret_n)++] = (struct series_row){
			.id = query_int(&q, 0),
			.info = {
				.title = query_text(&q, 1, a),
				.slug = query_text(&q, 2, a),
				.key = query_text(&q, 3, a),
				.total = (int)query_int(&q, 4),
			},
		};
	}
	return query_done(&q, e);
}

int
read_series(struct store_reader *r, size_t max, struct arena *a,
	struct series_info **ret, size_t *ret_n, struct err *e)
{
	struct series_row *rows;
	struct series_info *list;
	size_t n;

	if (list_series(r, max, a, &rows, &n, e) < 0)
		return err_in(e, "reading the series");
	list = ARENA_ARRAY(a, struct series_info, n);
	for (size_t i = 0; i < n; i++) {
		list[i] = rows[i].info;
		if (read_parts(r, rows[i].id, a, &list[i], e) < 0)
			return err_in(e, "reading the series");
	}
	*ret = list;
	*ret_n = n;
	return 0;
}

/* ---- counts ---- */

int
read_counts(struct store_reader *r, struct store_counts *ret, struct err *e)
{
	struct query q = query_start(&r->db,
		"SELECT (SELECT count(*) FROM file),"
		" (SELECT count(*) FROM article),"
		" (SELECT count(*) FROM article WHERE state > 0"
		"  AND state = 1),"
		" (SELECT count(*) FROM file_aside),"
		" (SELECT count(*) FROM feed),"
		" (SELECT count(*) FROM series),"
		" (SELECT count(*) FROM feed WHERE kind = ?),"
		" (SELECT coalesce(max(seq), 0) FROM announce)");
	struct store_counts c = { 0 };

	query_put_int(&q, CHANNEL_TOPIC);
	if (query_row(&q))
		c = (struct store_counts){
			.files = query_int(&q, 0),
			.articles = query_int(&q, 1),
			.withdrawn = query_int(&q, 2),
			.aside = query_int(&q, 3),
			.feeds = query_int(&q, 4),
			.series = query_int(&q, 5),
			.topics = query_int(&q, 6),
			.announced = query_int(&q, 7),
		};
	if (query_done(&q, e) < 0)
		return err_in(e, "counting");
	c.articles -= c.withdrawn;
	*ret = c;
	return 0;
}
