/*
 * Slips in the names of series: part 4 of a series whose name somebody mistyped
 * makes a series of its own, and the right one lacks its part 4.
 * Which names are near to each other was found when the second of them was born
 * (slip_find.c).
 *
 * 1. Of two such series, the one with fewer parts is taken for the slip, as
 *    long as it has parts that the other lacks.
 * 2. That is only told.  An article changes its series only when a related
 *    link names it with the other name; and stays there.
 */
#include "base/edit.h"
#include "base/fold.h"
#include "store/near.h"
#include "store/read_entry.h"

/* Articles of a series that are looked at. */
enum { MOVED_MAX = 200 };

/* Series that have nearly this one's name. */
static int
find_beside(struct writer *w, int64_t series_id, struct beside *ret,
	struct err *e)
{
	struct query q = query_start(w->db, "SELECT n.other_id"
		" FROM series_near n JOIN series s ON s.id = n.other_id"
		" WHERE n.series_id = ? AND s.merged_into IS NULL LIMIT ?");

	ret->n = 0;
	query_put_int(&q, series_id);
	query_put_int(&q, BESIDE_MAX);
	while (query_row(&q))
		ret->list[ret->n++] = query_int(&q, 0);
	return query_done(&q, e);
}

struct missed {
	int64_t article_id;
	struct slice title, path, label;
	int number, least;
};

struct misses {
	struct missed *list;
	size_t n;
};

/* The parts of a slip that the right series lacks. */
static int
find_misses(struct writer *w, int64_t slip, int64_t right,
	struct misses *ret, struct err *e)
{
	struct query q = query_start(w->db, "SELECT a.id, a.title, a.path,"
		" p.label, p.number, p.least FROM part p"
		" JOIN article a ON a.id = p.article_id AND a.state <> 1"
		" WHERE p.series_id = ?1 AND p.number > 0 AND "
		SLIP_IS_MISSED("?1", "?2", "p.number")
		" ORDER BY a.id LIMIT ?3");
	struct arena *a = &w->batch->arena;

	*ret = (struct misses){ 0 };
	query_put_int(&q, slip);
	query_put_int(&q, right);
	query_put_int(&q, MOVED_MAX);
	while (query_row(&q)) {
		ret->list = ARENA_GROW(a, ret->list, ret->n);
		ret->list[ret->n++] = (struct missed){ query_int(&q, 0),
			query_text(&q, 1, a), query_text(&q, 2, a),
			query_text(&q, 3, a), (int)query_int(&q, 4),
			(int)query_int(&q, 5) };
	}
	return query_done(&q, e);
}

/* Does a related link name this article as a part of the right series? */
static int
is_confirmed(struct writer *w, const struct missed *m, int64_t right,
	bool *ret, struct err *e)
{
	struct query q = query_start(w->db, "SELECT l.title"
		" FROM series_alias k JOIN link l ON l.mark_key = k.key"
		" AND l.mark_number = ?"
		" JOIN article a ON a.id = l.article_id AND a.state <> 1"
		" WHERE k.series_id = ? AND l.article_id <> ? LIMIT ?");
	struct arena *a = &w->batch->arena;
	struct slice title = fold_key(m->title, a);

	*ret = false;
	query_put_int(&q, m->least ? -m->least : m->number);
	query_put_int(&q, right);
	query_put_int(&q, m->article_id);
	query_put_int(&q, NEAR_MAX);
	while (!*ret && query_row(&q))
		*ret = edit_is_near(title, fold_key(query_text(&q, 0, a),
			a));
	return query_done(&q, e);
}

static int
move(struct writer *w, const struct missed *m, int64_t right, struct err *e)
{
	struct part p = { .series_id = right, .number = m->number,
		.least = m->least, .label = m->label };

	if (part_drop(w, m->article_id, e) < 0 ||
		part_put(w, m->article_id, &p, 0, e) < 0)
		return -1;
	return channel_change_series(w, m->article_id, right, e);
}

static int
series_titles(struct writer *w, int64_t slip, int64_t right, struct note *n,
	struct err *e)
{
	struct query q = query_start(w->db, "SELECT a.title, b.title"
		" FROM series a, series b WHERE a.id = ? AND b.id = ?");

	query_put_int(&q, slip);
	query_put_int(&q, right);
	if (query_row(&q)) {
		n->other = query_text(&q, 0, &w->batch->arena);
		n->series = query_text(&q, 1, &w->batch->arena);
	}
	return query_done(&q, e);
}

static int
tell(struct writer *w, const struct missed *m, int64_t slip, int64_t right,
	struct err *e)
{
	struct note n = { .kind = NOTE_NEAR_MISS, .path = m->path,
		.part = m->number };

	if (series_titles(w, slip, right, &n, e) < 0)
		return -1;
	note_add(w, &n);
	return 0;
}

/* self: the article that is told of if it is missed; 0: none, -1: all. */
static int
compare(struct writer *w, int64_t slip, int64_t right, int64_t self,
	struct err *e)
{
	struct misses misses;
	bool confirmed;

	if (find_misses(w, slip, right, &misses, e) < 0)
		return -1;
	for (size_t i = 0; i < misses.n; i++) {
		const struct missed *m = &misses.list[i];

		if (is_confirmed(w, m, right, &confirmed, e) < 0)
			return -1;
		if (confirmed && move(w, m, right, e) < 0)
			return -1;
		if (!confirmed && (self < 0 || m->article_id == self) &&
			tell(w, m, slip, right, e) < 0)
			return -1;
	}
	return 0;
}

static int
compare_all(struct writer *w, int64_t series_id, int64_t self, struct err *e)
{
	struct beside f;

	if (find_beside(w, series_id, &f, e) < 0)
		return -1;
	for (size_t i = 0; i < f.n; i++)
		if (compare(w, series_id, f.list[i], self, e) < 0 ||
			compare(w, f.list[i], series_id, 0, e) < 0)
			return -1;
	return 0;
}

/* The series of a key; 0: none. */
static int
series_of_key(struct writer *w, struct slice key, int64_t *ret, struct err *e)
{
	struct query q = query_start(w->db,
		"SELECT series_id FROM series_alias WHERE key = ?");

	query_put_text(&q, key);
	return query_one(&q, ret, e);
}

int
slip_look(struct writer *w, struct slice key, int64_t self, struct err *e)
{
	int64_t series_id;

	if (w->adopting || key.len == 0)
		return 0;
	if (series_of_key(w, key, &series_id, e) < 0)
		return -1;
	return series_id ? compare_all(w, series_id, self, e) : 0;
}

int
slip_stay(struct writer *w, struct item *i, struct err *e)
{
	struct query q = query_start(w->db, "SELECT s.key, s.title"
		" FROM part p JOIN series s ON s.id = p.series_id"
		" JOIN series_alias k ON k.key = ?"
		" JOIN series_near n ON n.series_id = k.series_id"
		"  AND n.other_id = p.series_id"
		" WHERE p.article_id = ? AND (p.number = ? OR p.least > 0)");
	const struct mark *m = &i->article->mark;

	query_put_text(&q, m->key);
	query_put_int(&q, i->article_id);
	query_put_int(&q, mark_place(m));
	if (query_row(&q))
		for (size_t k = 0; k < i->plan.n_channels; k++)
			if (i->plan.channels[k].kind == CHANNEL_SERIES)
				i->plan.channels[k] = (struct channel_ref){
					CHANNEL_SERIES,
					query_text(&q, 0, &w->batch->arena),
					query_text(&q, 1, &w->batch->arena),
					0 };
	return query_done(&q, e);
}

int
slip_look_all(struct writer *w, struct err *e)
{
	struct query q = query_start(w->db, "SELECT DISTINCT series_id"
		" FROM series_near ORDER BY series_id");
	int64_t *list;
	size_t n;

	if (query_list(&q, &w->batch->arena, &list, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (compare_all(w, list[i], -1, e) < 0)
			return -1;
	return 0;
}
