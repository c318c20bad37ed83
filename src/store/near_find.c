/*
 * Sketches of titles, and what shares enough of one.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "store/near.h"

/* ---- making ---- */

/* Into its place among the smallest, each once. */
static void
insert(struct sketch *s, int64_t gram)
{
	size_t i = s->n;

	for (size_t k = 0; k < s->n; k++)
		if (s->grams[k] == gram)
			return;
	if (s->n < GRAMS_MAX)
		s->n++;
	else if (gram > s->grams[--i])
		return;
	for (; i > 0 && s->grams[i - 1] > gram; i--)
		s->grams[i] = s->grams[i - 1];
	s->grams[i] = gram;
}

/* Whole characters, at least GRAM_BYTES of them. */
static struct slice
first_piece(struct slice s)
{
	size_t len = 0, n;

	while (len < GRAM_BYTES && len < s.len) {
		utf8_get(slice_from(s, len), &n);
		len += n;
	}
	return slice_sub(s, 0, len);
}

void
sketch_make(struct slice folded, struct sketch *ret)
{
	size_t n;

	ret->n = 0;
	for (; folded.len >= GRAM_BYTES; folded = slice_from(folded, n)) {
		insert(ret, (int64_t)hash64(first_piece(folded)));
		utf8_get(folded, &n);
	}
}

int
sketch_put(struct writer *w, const struct sketch *s, enum gram_kind kind,
	int64_t id, struct err *e)
{
	for (size_t i = 0; i < s->n; i++) {
		struct query q = query_start(w->db, "INSERT INTO gram"
			" (gram, kind, id) VALUES (?, ?, ?)"
			" ON CONFLICT DO NOTHING");

		query_put_int(&q, s->grams[i]);
		query_put_int(&q, kind);
		query_put_int(&q, id);
		if (query_run(&q, e) < 0)
			return -1;
	}
	return 0;
}

/* ---- finding ---- */

struct tally {
	int64_t ids[GRAMS_MAX * GRAM_RARE];
	size_t n;
};

/* Who has this piece, unless it is too many. */
static int
add_holders(struct writer *w, int64_t gram, enum gram_kind kind,
	struct tally *t, struct err *e)
{
	struct query q = query_start(w->db, "SELECT id FROM gram"
		" WHERE gram = ? AND kind = ? LIMIT ?");
	size_t before = t->n, n = 0;

	query_put_int(&q, gram);
	query_put_int(&q, kind);
	query_put_int(&q, GRAM_RARE + 1);
	while (query_row(&q))
		if (n++ < GRAM_RARE)
			t->ids[t->n++] = query_int(&q, 0);
	if (n > GRAM_RARE)
		t->n = before;
	return query_done(&q, e);
}

static int
compare_ids(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

	return a < b ? -1 : a > b;
}

int
sketch_find(struct writer *w, const struct sketch *s, enum gram_kind kind,
	int64_t ret[NEAR_MAX], size_t *ret_n, struct err *e)
{
	struct tally t = { .n = 0 };
	size_t from, to;

	*ret_n = 0;
	for (size_t i = 0; i < s->n; i++)
		if (add_holders(w, s->grams[i], kind, &t, e) < 0)
			return -1;
	if (t.n > 1)
		qsort(t.ids, t.n, sizeof(t.ids[0]), compare_ids);
	for (from = 0; from < t.n && *ret_n < NEAR_MAX; from = to) {
		for (to = from; to < t.n && t.ids[to] == t.ids[from];)
			to++;
		if (to - from >= GRAMS_SHARED)
			ret[(*ret_n)++] = t.ids[from];
	}
	return 0;
}
