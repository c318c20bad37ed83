/*
 * Reading what was published before: the pages of archives, and the versions
 * that a delta can start from.
 */
#include "store/copies.h"
#include "store/reader.h"

#define PAGE_COLUMNS \
	"p.feed_id, p.page, p.last, p.wanted, p.published, p.look, p.copies," \
	" 1 + coalesce((SELECT o.last FROM feed_page o" \
	"  WHERE o.feed_id = p.feed_id AND o.page = p.page - 1), 0)"

static void
take_page(const struct query *q, struct feed_page *ret)
{
	*ret = (struct feed_page){
		.feed_id = query_int(q, 0),
		.page = (int)query_int(q, 1),
		.first = query_int(q, 7),
		.last = query_int(q, 2),
		.wanted = query_int(q, 3),
		.published = query_int(q, 4),
		.look = query_hash(q, 5),
	};
	copies_take(query_look(q, 6), ret->copies);
}

int
read_feed_pages(struct store_reader *r, struct arena *a,
	struct feed_page **ret, size_t *ret_n, struct err *e)
{
	struct query q = query_start(&r->db, "SELECT " PAGE_COLUMNS
		" FROM feed_page p JOIN feed f ON f.id = p.feed_id"
		" AND f.archived = 1 AND NOT EXISTS (SELECT 1 FROM series s"
		" WHERE s.id = f.series_id AND s.merged_into IS NOT NULL)");
	struct feed_page *list = NULL;
	size_t n = 0;

	while (query_row(&q)) {
		list = ARENA_GROW(a, list, n);
		take_page(&q, &list[n++]);
	}
	if (query_done(&q, e) < 0)
		return -1;
	*ret = list;
	*ret_n = n;
	return 0;
}

int
read_feed_page(struct store_reader *r, int64_t feed_id, int page,
	struct feed_page *ret, struct err *e)
{
	struct query q = query_start(&r->db, "SELECT " PAGE_COLUMNS
		" FROM feed_page p WHERE p.feed_id = ? AND p.page = ?");
	bool found;

	query_put_int(&q, feed_id);
	query_put_int(&q, page);
	found = query_row(&q);
	if (found)
		take_page(&q, ret);
	if (query_done(&q, e) < 0)
		return -1;
	return found ? 0 : err_set(e, ERR_MISSING,
		"the feed %jd has no page %d", (intmax_t)feed_id, page);
}

int
read_versions(struct store_reader *r, int64_t feed_id, struct arena *a,
	struct feed_version **ret, size_t *ret_n, struct err *e)
{
	struct query q = query_start(&r->db, "SELECT version, copies"
		" FROM feed_version WHERE feed_id = ? ORDER BY version DESC");
	struct feed_version *list = NULL;
	size_t n = 0;

	query_put_int(&q, feed_id);
	while (query_row(&q)) {
		list = ARENA_GROW(a, list, n);
		list[n].version = query_int(&q, 0);
		copies_take(query_look(&q, 1), list[n++].copies);
	}
	if (query_done(&q, e) < 0)
		return -1;
	*ret = list;
	*ret_n = n;
	return 0;
}
