/*
 * Reading series: what is known of their parts, and who stands beside whom.
 *
 * 1. A number is missing when something names it (a gap, the total, a related
 *    link) and no article was ever it; one that was withdrawn is not missing.
 * 2. Series with seasons count each season from its own 1 (mark_place()).
 */
#include "base/edit.h"
#include "base/fold.h"
#include "store/read_entry.h"
#include "store/reader.h"

enum {
	PARTS_MAX = 200,	/* no part has a higher number (series.md) */
	SEASON = 1000,		/* mark_place() */
	MISSING_MAX = 1000,
	BESIDE_MAX = 8,		/* articles that are looked at on each side */
};

/* ---- which parts there are ---- */

static void
add_number(struct arena *a, int **list, size_t *n, int number)
{
	*list = ARENA_GROW(a, *list, *n);
	(*list)[(*n)++] = number;
}

static void
add_missing(struct arena *a, struct series_info *s, int number)
{
	if (s->n_missing < MISSING_MAX)
		add_number(a, &s->missing, &s->n_missing, number);
}

/* The numbers between the last one and this are in no list. */
static void
add_gap(struct arena *a, struct series_info *s, int last, int number)
{
	int season = number - number % SEASON;

	for (int n = MAX(last, season) + 1; n < number; n++)
		add_missing(a, s, n);
}

static void
add_part(struct arena *a, struct series_info *s, int number, int64_t shown,
	int64_t withdrawn)
{
	if (shown > 0)
		add_number(a, &s->parts, &s->n_parts, number);
	else if (withdrawn > 0)
		add_number(a, &s->withdrawn, &s->n_withdrawn, number);
	else
		add_missing(a, s, number);
	if (shown > 1)
		add_number(a, &s->twice, &s->n_twice, number);
}

/* Every number that anybody names, and how many articles have it. */
static const char numbers[] =
	"SELECT number, sum(shown), sum(gone) FROM ("
	" SELECT p.number AS number, a.state <> 1 AS shown,"
	"  a.state = 1 AS gone FROM part p"
	"  JOIN article a ON a.id = p.article_id WHERE p.series_id = ?1"
	" UNION ALL SELECT l.mark_number, 0, 0 FROM series_alias k"
	"  JOIN link l ON l.mark_key = k.key"
	"  WHERE k.series_id = ?1 AND l.to_article IS NULL"
	"  AND l.mark_number > 0"
	" UNION ALL SELECT min(total, ?2), 0, 0 FROM series WHERE id = ?1)"
	" WHERE number > 0 GROUP BY number ORDER BY number";

static int
read_numbers(struct store_reader *r, struct arena *a,
	struct series_info *ret, struct err *e)
{
	struct query q = query_start(&r->db, numbers);
	int last = 0;

	query_put_int(&q, ret->id);
	query_put_int(&q, PARTS_MAX);
	while (query_row(&q)) {
		int number = (int)query_int(&q, 0);

		add_gap(a, ret, last, number);
		add_part(a, ret, number, query_int(&q, 1), query_int(&q, 2));
		last = number;
	}
	return query_done(&q, e);
}

/* "终" was here. */
static int
has_last(struct store_reader *r, int64_t series_id, bool *ret, struct err *e)
{
	struct query q = query_start(&r->db, "SELECT EXISTS (SELECT 1"
		" FROM part WHERE series_id = ? AND least > 0)");

	query_put_int(&q, series_id);
	*ret = query_row(&q) && query_int(&q, 0);
	return query_done(&q, e);
}

static int
read_parts(struct store_reader *r, struct arena *a, struct series_info *ret,
	struct err *e)
{
	bool ended;

	if (read_numbers(r, a, ret, e) < 0 ||
		has_last(r, ret->id, &ended, e) < 0)
		return -1;
	ret->complete = ret->n_missing == 0 && (ret->total > 0 || ended);
	return 0;
}

/* ---- series ---- */

#define SERIES_COLUMNS "s.id, s.title, s.slug, s.key, s.total"

static struct series_info
take_series(struct query *q, struct arena *a)
{
	return (struct series_info){
		.id = query_int(q, 0),
		.title = query_text(q, 1, a),
		.slug = query_text(q, 2, a),
		.key = query_text(q, 3, a),
		.total = (int)query_int(q, 4),
	};
}

int
read_series(struct store_reader *r, size_t max, struct arena *a,
	struct series_info **ret, size_t *ret_n, struct err *e)
{
	struct query q = query_start(&r->db, "SELECT " SERIES_COLUMNS
		" FROM series s WHERE merged_into IS NULL"
		" ORDER BY title, id LIMIT ?");
	struct series_info *list = NULL;
	size_t n = 0;

	query_put_int(&q, (int64_t)MIN(max, (size_t)INT32_MAX));
	while (query_row(&q)) {
		list = ARENA_GROW(a, list, n);
		list[n++] = take_series(&q, a);
	}
	if (query_done(&q, e) < 0)
		return err_in(e, "reading the series");
	for (size_t i = 0; i < n; i++)
		if (read_parts(r, a, &list[i], e) < 0)
			return err_in(e, "reading the series");
	*ret = list;
	*ret_n = n;
	return 0;
}

static int
read_keys(struct store_reader *r, struct arena *a, struct series_info *ret,
	struct err *e)
{
	struct query q = query_start(&r->db, "SELECT key FROM series_alias"
		" WHERE series_id = ? ORDER BY key <> ?, key");

	query_put_int(&q, ret->id);
	query_put_text(&q, ret->key);
	while (query_row(&q)) {
		ret->keys = ARENA_GROW(a, ret->keys, ret->n_keys);
		ret->keys[ret->n_keys++] = query_text(&q, 0, a);
	}
	return query_done(&q, e);
}

int
read_series_named(struct store_reader *r, struct slice name,
	struct slice key, struct arena *a, struct series_info *ret,
	struct err *e)
{
	struct query q = query_start(&r->db, "SELECT " SERIES_COLUMNS
		" FROM series s WHERE id = coalesce("
		"(SELECT coalesce(merged_into, id) FROM series"
		"  WHERE slug = ?1),"
		"(SELECT series_id FROM series_alias WHERE key = ?2),"
		"(SELECT min(id) FROM series WHERE title = ?1"
		"  AND merged_into IS NULL))");
	bool found;

	query_put_text(&q, name);
	query_put_text(&q, key);
	found = query_row(&q);
	if (found)
		*ret = take_series(&q, a);
	if (query_done(&q, e) < 0)
		return err_in(e, "reading a series");
	if (!found)
		return err_set(e, ERR_MISSING, "there is no series \"%.*s\"",
			ARG(name));
	return read_keys(r, a, ret, e) < 0 || read_parts(r, a, ret, e) < 0 ?
		-1 : 0;
}

int
read_near_misses(struct store_reader *r, int64_t series_id, size_t max,
	struct arena *a, struct near_miss **ret, size_t *ret_n,
	struct err *e)
{
	struct query q = query_start(&r->db, "SELECT a.path, a.title,"
		" p.number, s.title, t.title FROM series_near n"
		" JOIN series s ON s.id = n.series_id"
		" JOIN series t ON t.id = n.other_id"
		" JOIN part p ON p.series_id = s.id AND p.number > 0"
		" JOIN article a ON a.id = p.article_id AND a.state <> 1"
		" WHERE s.merged_into IS NULL AND t.merged_into IS NULL"
		" AND ?1 IN (0, t.id) AND "
		SLIP_IS_MISSED("s.id", "t.id", "p.number")
		" ORDER BY t.title, p.number, a.id LIMIT ?2");

	*ret = NULL;
	*ret_n = 0;
	query_put_int(&q, series_id);
	query_put_int(&q, (int64_t)MIN(max, (size_t)INT32_MAX));
	while (query_row(&q)) {
		*ret = ARENA_GROW(a, *ret, *ret_n);
		(*ret)[(*ret_n)++] = (struct near_miss){
			query_text(&q, 0, a), query_text(&q, 1, a),
			(int)query_int(&q, 2), query_text(&q, 3, a),
			query_text(&q, 4, a) };
	}
	return query_done(&q, e);
}

int
read_moved(struct store_reader *r, struct arena *a,
	struct moved_series **ret, size_t *ret_n, struct err *e)
{
	struct query q = query_start(&r->db, "SELECT f.id, s.slug, t.slug"
		" FROM series s JOIN series t ON t.id = s.merged_into"
		" JOIN feed f ON f.series_id = s.id");

	*ret = NULL;
	*ret_n = 0;
	while (query_row(&q)) {
		*ret = ARENA_GROW(a, *ret, *ret_n);
		(*ret)[(*ret_n)++] = (struct moved_series){ query_int(&q, 0),
			query_text(&q, 1, a), query_text(&q, 2, a) };
	}
	return query_done(&q, e);
}

/* ---- articles of a series ---- */

#define IN_SERIES "SELECT " ENTRY_COLUMNS " FROM part p" \
	" JOIN article a ON a.id = p.article_id" \
	" JOIN series s ON s.id = p.series_id WHERE p.series_id = ?1"

int
read_series_parts(struct store_reader *r, int64_t series_id, size_t max,
	struct arena *a, struct entry **ret, size_t *ret_n, struct err *e)
{
	struct query q = query_start(&r->db, IN_SERIES
		" ORDER BY p.number, a.published, a.id LIMIT ?2");

	query_put_int(&q, series_id);
	query_put_int(&q, (int64_t)MIN(max, (size_t)INT32_MAX));
	return entry_take_list(&q, a, ret, ret_n, e);
}

/*
 * Another article has the same part and nearly the same title, and is newer:
 * that one stands in its place.
 */
static bool
is_superseded(const struct entry *list, size_t n, const struct entry *one,
	struct arena *a)
{
	for (size_t i = 0; i < n; i++) {
		const struct entry *other = &list[i];
		bool newer = other->updated != one->updated ?
			other->updated > one->updated :
			other->article_id > one->article_id;

		if (newer && other->part == one->part && edit_is_near(
			fold_key(other->title, a), fold_key(one->title, a)))
			return true;
	}
	return false;
}

static struct neighbour
choose(const struct entry *list, size_t n, const struct entry *self,
	struct arena *a)
{
	for (size_t i = 0; i < n; i++) {
		const struct entry *e = &list[i];

		/* Nor is one its own twin's neighbour. */
		if (is_superseded(list, n, e, a) || (e->part == self->part &&
			edit_is_near(fold_key(e->title, a),
			fold_key(self->title, a))))
			continue;
		return (struct neighbour){ e->article_id, e->slug, e->path,
			e->fields.url, e->title, e->headline, e->part };
	}
	return (struct neighbour){ 0 };
}

/* The few next to an entry on one side, the nearest first. */
static int
read_side(struct store_reader *r, const char *sql, const struct entry *self,
	struct arena *a, struct neighbour *ret, struct err *e)
{
	struct query q = query_start(&r->db, sql);
	struct entry *list;
	size_t n;

	query_put_int(&q, self->series_id);
	query_put_int(&q, self->part);
	query_put_int(&q, self->published);
	query_put_int(&q, self->article_id);
	query_put_int(&q, BESIDE_MAX);
	if (entry_take_list(&q, a, &list, &n, e) < 0)
		return -1;
	*ret = choose(list, n, self, a);
	return 0;
}

int
read_neighbours(struct store_reader *r, struct arena *a, struct entry *ret,
	struct err *e)
{
	static const char before[] = IN_SERIES " AND p.number <= ?2"
		" AND (p.number, a.published, a.id) < (?2, ?3, ?4)"
		" AND a.state <> 1 ORDER BY p.number DESC,"
		" a.published DESC, a.id DESC LIMIT ?5";
	static const char after[] = IN_SERIES " AND p.number >= ?2"
		" AND (p.number, a.published, a.id) > (?2, ?3, ?4)"
		" AND a.state <> 1 ORDER BY p.number, a.published, a.id"
		" LIMIT ?5";

	if (!ret->series_id)
		return 0;
	if (read_side(r, before, ret, a, &ret->prev, e) < 0 ||
		read_side(r, after, ret, a, &ret->next, e) < 0)
		return err_in(e, "reading an article");
	return 0;
}
