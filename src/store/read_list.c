/*
 * Reading lists: files, files set aside, counts.
 */
#include <stdlib.h>

#include "model/article.h"
#include "store/reader.h"
#include "store/schema.h"

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
		" (SELECT count(*) FROM feed) - (SELECT count(*) FROM series"
		"  WHERE merged_into IS NOT NULL),"
		" (SELECT count(*) FROM series WHERE merged_into IS NULL),"
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
