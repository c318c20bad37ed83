/*
 * Reading by the time of publication: for sitemaps.
 *
 * Which months have changed is read from the index article_by_published alone:
 * 100,000 articles are 2 MB of it.  A withdrawn article is in its month's sum,
 * because withdrawing it changed the month.
 */
#include "base/date.h"
#include "base/hash.h"
#include "store/read_entry.h"
#include "store/reader.h"

static void
add_to_sum(struct month *m, const struct query *q)
{
	const int64_t row[] = { query_int(q, 0), query_int(q, 1),
		query_int(q, 2) };

	m->sum = hash64_mix(m->sum, slice((const char *)row, sizeof(row)));
}

int
read_months(struct store_reader *r, struct arena *a, struct month **ret,
	size_t *ret_n, struct err *e)
{
	struct query q = query_start(&r->db,
		"SELECT published, revision, id FROM article"
		" ORDER BY published, revision, id");
	struct month *list = NULL;
	size_t n = 0;

	while (query_row(&q)) {
		int64_t published = query_int(&q, 0);

		if (n == 0 || published >= list[n - 1].to) {
			list = ARENA_GROW(a, list, n);
			list[n++] = (struct month){ .from = published,
				.to = date_month_end(published) };
		}
		add_to_sum(&list[n - 1], &q);
	}
	if (query_done(&q, e) < 0)
		return err_in(e, "reading the months");
	*ret = list;
	*ret_n = n;
	return 0;
}

/* In the order of the index, so that nothing is sorted. */
int
read_articles(struct store_reader *r, int64_t from, int64_t to,
	const struct entry *behind, size_t max, struct arena *a,
	struct entry **ret, size_t *ret_n, struct err *e)
{
	struct query q = query_start(&r->db, "SELECT " ENTRY_COLUMNS
		" FROM article a" ENTRY_JOINS " WHERE a.state <> 1"
		" AND (a.published, a.revision, a.id) > (?, ?, ?)"
		" AND a.published < ?"
		" ORDER BY a.published, a.revision, a.id LIMIT ?");
	struct entry *list = NULL;
	size_t n = 0;

	query_put_int(&q, behind ? behind->published : from - 1);
	query_put_int(&q, behind ? behind->revision : INT64_MAX);
	query_put_int(&q, behind ? behind->article_id : 0);
	query_put_int(&q, to);
	query_put_int(&q, (int64_t)max);
	while (query_row(&q)) {
		list = ARENA_GROW(a, list, n);
		entry_take(&q, a, &list[n++]);
	}
	if (query_done(&q, e) < 0)
		return err_in(e, "reading what was published");
	*ret = list;
	*ret_n = n;
	return 0;
}
