/*
 * Near titles: comparing, remembering, and the end of the first scan
 * (invariants: near.h).
 */
#include <stdlib.h>

#include "base/edit.h"
#include "base/fold.h"
#include "base/utf8.h"
#include "store/near.h"

enum {
	CLEARLY_PERCENT = 5,	/* by which the second best is worse */
	RUN_MAX = 1 << 17,	/* articles whose pieces are packed at once */
};

/* ---- comparing ---- */

/* Only what may be shown: where there is none, *ret_title is empty. */
static int
read_title(struct writer *w, int64_t id, struct slice *ret_title,
	int *ret_code, struct err *e)
{
	struct query q = query_start(w->db, "SELECT title,"
		" coalesce(mark_number, 0) FROM article"
		" WHERE id = ? AND state <> 1");

	*ret_title = S("");
	*ret_code = 0;
	query_put_int(&q, id);
	if (query_row(&q)) {
		*ret_title = query_text(&q, 0, &w->batch->arena);
		*ret_code = (int)query_int(&q, 1);
	}
	return query_done(&q, e);
}

/* How much of two titles differs, in percent. */
static size_t
difference(struct slice a, struct slice b)
{
	size_t longer = MAX(utf8_count(a), utf8_count(b));
	size_t max = longer * (NEAR_PERCENT + CLEARLY_PERCENT) / 100;

	return longer ? edit_distance(a, b, max) * 100 / longer : 100;
}

struct best {
	int64_t id;
	size_t first, second;	/* differences, in percent */
};

static void
offer(struct best *b, int64_t id, size_t difference)
{
	if (difference < b->first) {
		b->second = b->first;
		b->first = difference;
		b->id = id;
	} else if (difference < b->second) {
		b->second = difference;
	}
}

int
near_article(struct writer *w, struct slice folded, int code, int64_t self,
	int64_t *ret, struct err *e)
{
	struct best best = { .first = 100, .second = 100 };
	struct arena *a = &w->batch->arena;
	int64_t ids[NEAR_MAX];
	struct sketch s;
	size_t n;

	*ret = 0;
	sketch_make(folded, &s);
	if (sketch_find(w, &s, GRAM_ARTICLE, ids, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct slice title;
		int its;

		if (read_title(w, ids[i], &title, &its, e) < 0)
			return -1;
		title = fold_key(title, a);
		if (ids[i] != self && title.len > 0 &&
			(!code || !its || code == its) &&
			edit_same_digits(title, folded))
			offer(&best, ids[i], difference(title, folded));
	}
	if (best.first <= NEAR_PERCENT &&
		best.second - best.first >= CLEARLY_PERCENT)
		*ret = best.id;
	return 0;
}

/* ---- remembering ---- */

int
near_wait(struct writer *w, struct slice title, int64_t fold, struct err *e)
{
	struct sketch s;

	sketch_make(fold_key(title, &w->batch->arena), &s);
	return sketch_put(w, &s, GRAM_LINK, fold, e);
}

/* The title of a remembered fold; empty: nobody lists it any more. */
static int
read_listed(struct writer *w, int64_t fold, struct slice *ret, struct err *e)
{
	struct query q = query_start(w->db,
		"SELECT title FROM link WHERE fold = ? LIMIT 1");

	query_put_int(&q, fold);
	return query_one_text(&q, &w->batch->arena, ret, e);
}

int
near_listed(struct writer *w, struct slice title, uint64_t ret[NEAR_MAX],
	size_t *ret_n, struct err *e)
{
	struct arena *a = &w->batch->arena;
	struct slice folded = fold_key(title, a), listed;
	int64_t folds[NEAR_MAX];
	struct sketch s;
	size_t n;

	*ret_n = 0;
	sketch_make(folded, &s);
	if (sketch_find(w, &s, GRAM_LINK, folds, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (read_listed(w, folds[i], &listed, e) < 0)
			return -1;
		/* Also the second best changes what is meant. */
		if (difference(fold_key(listed, a), folded) <=
			NEAR_PERCENT + CLEARLY_PERCENT)
			ret[(*ret_n)++] = (uint64_t)folds[i];
	}
	return 0;
}

static int
forget(struct writer *w, const struct sketch *s, int64_t id, struct err *e)
{
	for (size_t i = 0; i < s->n; i++)
		if (gram_drop(w, s->grams[i], GRAM_ARTICLE, id, e) < 0)
			return -1;
	return 0;
}

int
near_retitle(struct writer *w, const struct item *i, struct err *e)
{
	struct arena *a = &w->batch->arena;
	struct slice title = S("");
	struct sketch s;
	int code;

	if (w->adopting)
		return 0;
	if (i->plan.change != CHANGE_NEW &&
		read_title(w, i->article_id, &title, &code, e) < 0)
		return -1;
	if (slice_eq(title, i->article->entry_title))
		return 0;
	sketch_make(fold_key(title, a), &s);
	if (forget(w, &s, i->article_id, e) < 0)
		return -1;
	sketch_make(fold_key(i->article->entry_title, a), &s);
	return sketch_put(w, &s, GRAM_ARTICLE, i->article_id, e);
}

/* ---- the end of the first scan ---- */

/* The articles that follow *after, as many as are packed at once. */
static int
sketch_some(struct writer *w, struct gram_run *r, int64_t *after,
	struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct query q = query_start(w->db, "SELECT id, title FROM article"
		" WHERE id > ? ORDER BY id LIMIT ?");
	struct sketch s;

	query_put_int(&q, *after);
	query_put_int(&q, RUN_MAX);
	while (query_row(&q)) {
		*after = query_int(&q, 0);
		sketch_make(fold_key(query_look(&q, 1), &a), &s);
		for (size_t i = 0; i < s.n; i++)
			gram_add(r, s.grams[i], *after);
		arena_reset(&a);
	}
	return query_done(&q, e);
}

static int
sketch_articles(struct writer *w, struct err *e)
{
	CLEANUP(gram_run_done) struct gram_run r = { .kind = GRAM_ARTICLE };
	int64_t last = 0, before;

	do {
		before = last;
		if (sketch_some(w, &r, &last, e) < 0 ||
			gram_flush(w, &r, e) < 0)
			return -1;
	} while (last > before);
	return 0;
}

static int
compare_folds(const void *left, const void *right)
{
	const struct waiting *a = left, *b = right;

	return a->listed.fold < b->listed.fold ? -1 :
		a->listed.fold > b->listed.fold;
}

/* All that list the same title. */
static int
lead(struct writer *w, const struct waiting *list, size_t n, int64_t target,
	struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].article_id != target && links_lead(w->db,
			list[i].article_id, list[i].position, target, e) < 0)
			return -1;
	return 0;
}

static int
settle(struct writer *w, const struct waiting *list, size_t n,
	struct gram_run *r, struct err *e)
{
	const struct listed *l = &list->listed;
	struct slice folded = fold_key(l->title, &w->batch->arena);
	struct sketch s;
	int64_t target;

	sketch_make(folded, &s);
	for (size_t i = 0; i < s.n; i++)
		gram_add(r, s.grams[i], l->fold);
	if (near_article(w, folded, l->code, 0, &target, e) < 0)
		return -1;
	return target ? lead(w, list, n, target, e) : 0;
}

int
near_all(struct writer *w, struct waiting *list, size_t n, struct err *e)
{
	CLEANUP(gram_run_done) struct gram_run r = { .kind = GRAM_LINK };
	size_t to;

	if (sketch_articles(w, e) < 0)
		return -1;
	if (n > 1)
		qsort(list, n, sizeof(*list), compare_folds);
	for (size_t from = 0; from < n; from = to) {
		for (to = from + 1; to < n && list[to].listed.fold ==
			list[from].listed.fold; to++)
			;
		if (settle(w, list + from, to - from, &r, e) < 0)
			return -1;
	}
	return gram_flush(w, &r, e);
}
