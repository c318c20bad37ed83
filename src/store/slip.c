/*
 * Slips in the names of series: part 4 of a series whose name somebody mistyped
 * makes a series of its own, and the right one lacks its part 4.
 *
 * Keys that are at most SLIPS_MAX characters apart, are long enough, and differ
 * in no digit are found when the second of them is born.  Cut into SLIPS_MAX +
 * 1 pieces, a key has one at least that a slip did not touch: so pieces are
 * looked up where a slip may have moved them.
 *
 * 1. Of two such series, the one with fewer parts is taken for the slip, as
 *    long as it has parts that the other lacks.
 * 2. That is only told.  An article changes its series only when a related
 *    link names it with the other name; and stays there.
 */
#include "base/edit.h"
#include "base/fold.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "store/near.h"
#include "store/read_entry.h"

enum {
	SLIPS_MAX = 2,
	PIECES = SLIPS_MAX + 1,
	KEY_LEAST = 12,		/* characters; shorter ones are names */
	KEY_MOST = 200,
	BESIDE_MAX = 8,		/* series with nearly one name */
	MOVED_MAX = 200,	/* articles of one that are looked at */
};

/* ---- keys that are near ---- */

/* A key with the places where its characters begin. */
struct spelled {
	struct slice key;
	uint32_t at[KEY_MOST + 1];
	int n;
};

/* False: it is too short or too long. */
static bool
spell(struct slice key, struct spelled *ret)
{
	size_t at = 0, len;

	ret->key = key;
	for (ret->n = 0; at < key.len; ret->n++, at += len) {
		if (ret->n == KEY_MOST)
			return false;
		ret->at[ret->n] = (uint32_t)at;
		utf8_get(slice_from(key, at), &len);
	}
	ret->at[ret->n] = (uint32_t)key.len;
	return ret->n >= KEY_LEAST;
}

/* The piece i of a key of n characters, found `shift` from its place. */
static bool
piece_of(const struct spelled *s, int i, int n, int shift, int64_t *ret)
{
	int from = i * n / PIECES + shift, to = (i + 1) * n / PIECES + shift;
	const int place[] = { i, n };

	if (from < 0 || to > s->n)
		return false;
	*ret = (int64_t)hash64_mix(hash64(slice((const char *)place,
		sizeof(place))), slice_sub(s->key, s->at[from], s->at[to]));
	return true;
}

struct found {
	int64_t list[BESIDE_MAX];
	size_t n;
};

static int
is_near(struct writer *w, int64_t id, struct slice key, bool *ret,
	struct err *e)
{
	struct query q = query_start(w->db,
		"SELECT key FROM series WHERE id = ?");
	struct slice other;

	query_put_int(&q, id);
	other = query_row(&q) ? query_text(&q, 0, &w->batch->arena) : S("");
	*ret = edit_same_digits(key, other) &&
		edit_distance(key, other, SLIPS_MAX) <= SLIPS_MAX;
	return query_done(&q, e);
}

static int
look_up(struct writer *w, int64_t gram, struct slice key, struct found *f,
	struct err *e)
{
	struct query q = query_start(w->db, "SELECT id FROM gram"
		" WHERE gram = ? AND kind = ? LIMIT ?");
	int64_t ids[GRAM_RARE];
	size_t n = 0;
	bool near;

	query_put_int(&q, gram);
	query_put_int(&q, GRAM_SERIES);
	query_put_int(&q, GRAM_RARE);
	while (query_row(&q))
		ids[n++] = query_int(&q, 0);
	if (query_done(&q, e) < 0)
		return -1;
	for (size_t i = 0; i < n && f->n < BESIDE_MAX; i++) {
		size_t k = 0;

		while (k < f->n && f->list[k] != ids[i])
			k++;
		if (k < f->n)
			continue;
		if (is_near(w, ids[i], key, &near, e) < 0)
			return -1;
		if (near)
			f->list[f->n++] = ids[i];
	}
	return 0;
}

/* Every piece of a key of n characters that may be in this one. */
static int
look_up_length(struct writer *w, const struct spelled *s, int n,
	struct found *f, struct err *e)
{
	int64_t gram;

	for (int i = 0; i < PIECES; i++)
		for (int d = -SLIPS_MAX; d <= SLIPS_MAX; d++)
			if (piece_of(s, i, n, d, &gram) &&
				look_up(w, gram, s->key, f, e) < 0)
				return -1;
	return 0;
}

static int
put_pair(struct writer *w, int64_t a, int64_t b, struct err *e)
{
	struct query q = query_start(w->db, "INSERT INTO series_near"
		" (series_id, other_id) VALUES (?1, ?2), (?2, ?1)"
		" ON CONFLICT DO NOTHING");

	query_put_int(&q, a);
	query_put_int(&q, b);
	return query_run(&q, e);
}

int
slip_born(struct writer *w, int64_t series_id, struct slice key,
	struct err *e)
{
	struct sketch mine = { .n = 0 };
	struct found f = { .n = 0 };
	struct spelled s;

	if (!spell(key, &s))
		return 0;
	for (int n = s.n - SLIPS_MAX; n <= s.n + SLIPS_MAX; n++)
		if (look_up_length(w, &s, n, &f, e) < 0)
			return -1;
	for (size_t i = 0; i < f.n; i++)
		if (put_pair(w, series_id, f.list[i], e) < 0)
			return -1;
	for (int i = 0; i < PIECES; i++)
		piece_of(&s, i, s.n, 0, &mine.grams[mine.n++]);
	return sketch_put(w, &mine, GRAM_SERIES, series_id, e);
}

/* ---- articles of the one that are of the other ---- */

/* Series that have nearly this one's name. */
static int
find_beside(struct writer *w, int64_t series_id, struct found *ret,
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
	struct found f;

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
