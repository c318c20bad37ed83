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

	if (i == GRAMS_MAX && gram >= s->grams[i - 1])
		return;
	for (size_t k = 0; k < s->n; k++)
		if (s->grams[k] == gram)
			return;
	if (s->n < GRAMS_MAX)
		s->n++;
	else
		i--;
	for (; i > 0 && s->grams[i - 1] > gram; i--)
		s->grams[i] = s->grams[i - 1];
	s->grams[i] = gram;
}

/* A piece is whole characters, at least GRAM_BYTES of them. */
void
sketch_make(struct slice folded, struct sketch *ret)
{
	size_t from = 0, to = 0, n;

	ret->n = 0;
	while (folded.len - from >= GRAM_BYTES) {
		for (; to - from < GRAM_BYTES && to < folded.len; to += n)
			utf8_get(slice_from(folded, to), &n);
		insert(ret, (int64_t)hash64(slice_sub(folded, from, to)));
		utf8_get(slice_from(folded, from), &n);
		from += n;
	}
}

int
sketch_put(struct writer *w, const struct sketch *s, enum gram_kind kind,
	int64_t id, struct err *e)
{
	for (size_t i = 0; i < s->n; i++)
		if (gram_put(w, s->grams[i], kind, id, e) < 0)
			return -1;
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
	int64_t ids[GRAM_RARE + 1];
	size_t n;

	if (gram_holders(w, gram, kind, COUNT_OF(ids), ids, &n, e) < 0)
		return -1;
	for (size_t i = 0; n <= GRAM_RARE && i < n; i++)
		t->ids[t->n++] = ids[i];
	return 0;
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
