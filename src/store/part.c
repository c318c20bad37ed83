/*
 * Parts: which place an article has in its series.
 *
 * 1. An article is a part of one series at most, and stays it while it is
 *    withdrawn: a withdrawn part is not a missing one.
 * 2. Two articles may claim one part.  Both stay; the operator is told when
 *    the second comes.
 * 3. "下" and "终" say that they are the last part, not which: their number
 *    follows the highest of the others.
 */
#include "store/tx.h"

/* More parts that call themselves the last are none of one series. */
enum { LASTS_MAX = 16 };

/* ---- notes ---- */

void
note_add(struct writer *w, const struct note *n)
{
	struct batch *b = w->batch;

	if (b->n_notes == BATCH_NOTES_MAX)
		return;
	b->notes = ARENA_GROW(&b->arena, b->notes, b->n_notes);
	b->notes[b->n_notes++] = *n;
}

static int
path_of(struct writer *w, int64_t article_id, struct slice *ret,
	struct err *e)
{
	struct query q = query_start(w->db,
		"SELECT path FROM article WHERE id = ?");

	query_put_int(&q, article_id);
	return query_one_text(&q, &w->batch->arena, ret, e);
}

static int
series_title(struct writer *w, int64_t series_id, struct slice *ret,
	struct err *e)
{
	struct query q = query_start(w->db,
		"SELECT title FROM series WHERE id = ?");

	query_put_int(&q, series_id);
	return query_one_text(&q, &w->batch->arena, ret, e);
}

/* Does another article have this part already? */
static int
note_twice(struct writer *w, int64_t article_id, const struct part *p,
	struct err *e)
{
	struct note n = { .kind = NOTE_PART_TWICE, .part = p->number };
	struct query q = query_start(w->db, "SELECT a.path FROM part p"
		" JOIN article a ON a.id = p.article_id AND a.state <> 1"
		" WHERE p.series_id = ? AND p.number = ?"
		" AND p.article_id <> ? LIMIT 1");

	query_put_int(&q, p->series_id);
	query_put_int(&q, p->number);
	query_put_int(&q, article_id);
	if (query_one_text(&q, &w->batch->arena, &n.other, e) < 0)
		return -1;
	if (n.other.len == 0 || p->number == 0)
		return 0;
	n.hint = S("Both are shown; correct the number of one, or say "
		"\"part:\" in its metadata.");
	if (path_of(w, article_id, &n.path, e) < 0 ||
		series_title(w, p->series_id, &n.series, e) < 0)
		return -1;
	note_add(w, &n);
	return 0;
}

/* ---- the last part ---- */

struct last {
	int64_t article_id;
	int number, least;
};

static int
find_lasts(struct writer *w, int64_t series_id, struct last *ret,
	size_t *ret_n, struct err *e)
{
	struct query q = query_start(w->db,
		"SELECT article_id, number, least FROM part"
		" WHERE series_id = ? AND least > 0"
		" ORDER BY article_id LIMIT ?");

	*ret_n = 0;
	query_put_int(&q, series_id);
	query_put_int(&q, LASTS_MAX);
	while (query_row(&q))
		ret[(*ret_n)++] = (struct last){ query_int(&q, 0),
			(int)query_int(&q, 1), (int)query_int(&q, 2) };
	return query_done(&q, e);
}

/* The highest part that says its number. */
static int
find_highest(struct writer *w, int64_t series_id, int *ret, struct err *e)
{
	struct query q = query_start(w->db, "SELECT number FROM part"
		" WHERE series_id = ? AND least = 0"
		" ORDER BY number DESC LIMIT 1");

	query_put_int(&q, series_id);
	*ret = query_row(&q) ? (int)query_int(&q, 0) : 0;
	return query_done(&q, e);
}

static int
renumber(struct writer *w, const struct last *l, int number, struct err *e)
{
	struct query q;

	if (number == l->number)
		return 0;
	q = query_start(w->db,
		"UPDATE part SET number = ? WHERE article_id = ?");
	query_put_int(&q, number);
	query_put_int(&q, l->article_id);
	if (query_run(&q, e) < 0)
		return -1;
	return article_refresh(w, l->article_id, e);
}

int
part_settle_last(struct writer *w, int64_t series_id, struct err *e)
{
	struct last lasts[LASTS_MAX];
	int highest;
	size_t n;

	if (find_lasts(w, series_id, lasts, &n, e) < 0)
		return -1;
	if (n == 0)
		return 0;
	if (find_highest(w, series_id, &highest, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (renumber(w, &lasts[i], MAX(lasts[i].least, highest + 1),
			e) < 0)
			return -1;
	return 0;
}

/* ---- rows ---- */

/* "Part 2 of 5": the most that any part says. */
static int
raise_total(struct writer *w, int64_t series_id, int total, struct err *e)
{
	struct query q;

	if (total <= 0)
		return 0;
	q = query_start(w->db, "UPDATE series SET total = ?1"
		" WHERE id = ?2 AND total < ?1");
	query_put_int(&q, total);
	query_put_int(&q, series_id);
	return query_run(&q, e);
}

static int
recall(struct writer *w, int64_t article_id, struct part *ret,
	struct err *e)
{
	struct query q = query_start(w->db,
		"SELECT series_id, number, least, label FROM part"
		" WHERE article_id = ?");

	*ret = (struct part){ 0 };
	query_put_int(&q, article_id);
	if (query_row(&q))
		*ret = (struct part){
			.series_id = query_int(&q, 0),
			.number = (int)query_int(&q, 1),
			.least = (int)query_int(&q, 2),
			.label = query_text(&q, 3, &w->batch->arena),
		};
	return query_done(&q, e);
}

int
part_put(struct writer *w, int64_t article_id, const struct part *p,
	int total, struct err *e)
{
	struct query q = query_start(w->db, "INSERT INTO part"
		" (article_id, series_id, number, least, label)"
		" VALUES (?, ?, ?, ?, ?)");

	query_put_int(&q, article_id);
	query_put_int(&q, p->series_id);
	query_put_int(&q, p->number);
	query_put_int(&q, p->least);
	query_put_text(&q, p->label);
	w->placed = article_id;
	if (query_run(&q, e) < 0 ||
		raise_total(w, p->series_id, total, e) < 0 ||
		part_settle_last(w, p->series_id, e) < 0)
		return -1;
	return p->least ? 0 : note_twice(w, article_id, p, e);
}

static int
drop(struct writer *w, int64_t article_id, const struct part *was,
	struct err *e)
{
	struct query q;

	if (!was->series_id)
		return 0;
	q = query_start(w->db, "DELETE FROM part WHERE article_id = ?");
	query_put_int(&q, article_id);
	if (query_run(&q, e) < 0)
		return -1;
	return part_settle_last(w, was->series_id, e);
}

int
part_drop(struct writer *w, int64_t article_id, struct err *e)
{
	struct part was;

	return recall(w, article_id, &was, e) < 0 ? -1 :
		drop(w, article_id, &was, e);
}

/* What the plan and the mark say. */
static int
planned(struct writer *w, const struct item *i, struct part *ret,
	struct err *e)
{
	const struct mark *m = &i->article->mark;
	struct channel_row *r;

	*ret = (struct part){ 0 };
	for (size_t k = 0; k < i->plan.n_channels; k++) {
		if (i->plan.channels[k].kind != CHANNEL_SERIES)
			continue;
		if (channel_get(w, &i->plan.channels[k], &r, e) < 0)
			return -1;
		*ret = (struct part){ .series_id = r->series_id,
			.number = mark_place(m), .label = m->label,
			.least = m->last ? mark_place(m) : 0 };
		return 0;
	}
	return 0;
}

static bool
is_same(const struct part *a, const struct part *b)
{
	return a->series_id == b->series_id && a->least == b->least &&
		(a->least || a->number == b->number) &&
		slice_eq(a->label, b->label);
}

int
part_follow(struct writer *w, const struct item *i, struct err *e)
{
	int total = i->article->mark.total;
	struct part was = { 0 }, p;

	if ((i->plan.change != CHANGE_NEW &&
		recall(w, i->article_id, &was, e) < 0) ||
		planned(w, i, &p, e) < 0)
		return -1;
	if (is_same(&was, &p))
		return p.series_id ? raise_total(w, p.series_id, total, e) :
			0;
	if (drop(w, i->article_id, &was, e) < 0)
		return -1;
	return p.series_id ? part_put(w, i->article_id, &p, total, e) : 0;
}
