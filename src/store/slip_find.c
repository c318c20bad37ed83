/*
 * Slips in the names of series: which keys are near to each other.
 *
 * Keys that are at most SLIPS_MAX characters apart, are long enough, and differ
 * in no digit are found when the second of them is born.  Cut into SLIPS_MAX +
 * 1 pieces, a key has one at least that a slip did not touch: so pieces are
 * looked up where a slip may have moved them.
 *
 * 1. A piece that GRAM_RARE older series have finds no more than these.
 * 2. The series of a first scan are compared at its end, in memory, each with
 *    the older ones: the pairs are those that one after the other would give.
 *    In SQL, 75 look-ups for each took a tenth of the scan.
 */
#include <stdlib.h>

#include "base/edit.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "store/near.h"

enum {
	SLIPS_MAX = 2,
	PIECES = SLIPS_MAX + 1,
	KEY_LEAST = 12,		/* characters; shorter ones are names */
	KEY_MOST = 200,
};

/* ---- pieces of a key ---- */

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

/* The pieces that it is found by itself. */
static void
own_pieces(const struct spelled *s, int64_t ret[PIECES])
{
	for (int i = 0; i < PIECES; i++)
		CHECK(piece_of(s, i, s->n, 0, &ret[i]));
}

/* Those of others that it may have: each with what a slip does to them. */
enum { PROBES_MAX = (2 * SLIPS_MAX + 1) * PIECES * (2 * SLIPS_MAX + 1) };

static size_t
all_pieces(const struct spelled *s, int64_t ret[PROBES_MAX])
{
	size_t found = 0;

	for (int n = s->n - SLIPS_MAX; n <= s->n + SLIPS_MAX; n++)
		for (int i = 0; i < PIECES; i++)
			for (int d = -SLIPS_MAX; d <= SLIPS_MAX; d++)
				found += piece_of(s, i, n, d, &ret[found]);
	return found;
}

static bool
is_near(struct slice a, struct slice b)
{
	return edit_same_digits(a, b) &&
		edit_distance(a, b, SLIPS_MAX) <= SLIPS_MAX;
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

/* ---- one series ---- */

static bool
has(const struct beside *f, int64_t id)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->list[i] == id)
			return true;
	return false;
}

static int
compare_stored(struct writer *w, int64_t id, struct slice key,
	struct beside *f, struct err *e)
{
	struct query q = query_start(w->db,
		"SELECT key FROM series WHERE id = ?");

	query_put_int(&q, id);
	if (query_row(&q) && is_near(key, query_look(&q, 0)))
		f->list[f->n++] = id;
	return query_done(&q, e);
}

static int
look_up(struct writer *w, int64_t gram, struct slice key, struct beside *f,
	struct err *e)
{
	int64_t ids[GRAM_RARE];
	size_t n;

	if (gram_holders(w, gram, GRAM_SERIES, GRAM_RARE, ids, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n && f->n < BESIDE_MAX; i++)
		if (!has(f, ids[i]) &&
			compare_stored(w, ids[i], key, f, e) < 0)
			return -1;
	return 0;
}

int
slip_born(struct writer *w, int64_t series_id, struct slice key,
	struct err *e)
{
	int64_t probes[PROBES_MAX], own[PIECES];
	struct beside f = { .n = 0 };
	struct spelled s;
	size_t n;

	if (w->adopting || !spell(key, &s))
		return 0;
	n = all_pieces(&s, probes);
	for (size_t i = 0; i < n; i++)
		if (look_up(w, probes[i], key, &f, e) < 0)
			return -1;
	for (size_t i = 0; i < f.n; i++)
		if (put_pair(w, series_id, f.list[i], e) < 0)
			return -1;
	own_pieces(&s, own);
	for (size_t i = 0; i < PIECES; i++)
		if (gram_put(w, own[i], GRAM_SERIES, series_id, e) < 0)
			return -1;
	return 0;
}

/* ---- all series ---- */

struct birth {
	int64_t id;
	struct slice key;
	int n;			/* characters */
	uint64_t letters;	/* a set of them: a bit for several */
	size_t compared;	/* the last place that it was compared with */
};

/* A piece, and the place of the birth that has it. */
struct owned {
	int64_t gram;
	size_t place;
};

struct births {
	struct arena arena;
	struct birth *list;
	size_t n;
	struct owned *owned;	/* by piece, the oldest first */
	size_t n_owned;
	struct gram_run run;
};

static void
births_done(struct births *b)
{
	arena_done(&b->arena);
	free(b->owned);
	gram_run_done(&b->run);
}

static uint64_t
letters_of(struct slice key)
{
	uint64_t set = 0;

	while (key.len > 0)
		set |= UINT64_C(1) << ((uint32_t)utf8_next(&key) *
			2654435761U >> 26);
	return set;
}

/* A slip changes one letter into another at most: two bits. */
static bool
may_be_near(const struct birth *a, const struct birth *b)
{
	return abs(a->n - b->n) <= SLIPS_MAX &&
		__builtin_popcountll(a->letters ^ b->letters) <=
		2 * SLIPS_MAX;
}

static int
read_births(struct writer *w, struct births *b, struct err *e)
{
	struct query q = query_start(w->db,
		"SELECT id, key FROM series ORDER BY id");
	struct spelled s;

	while (query_row(&q)) {
		if (!spell(query_look(&q, 1), &s))
			continue;
		b->list = ARENA_GROW(&b->arena, b->list, b->n);
		b->list[b->n++] = (struct birth){ .id = query_int(&q, 0),
			.key = query_text(&q, 1, &b->arena), .n = s.n,
			.letters = letters_of(s.key) };
	}
	return query_done(&q, e);
}

static int
compare_owned(const void *left, const void *right)
{
	const struct owned *a = left, *b = right;

	if (a->gram != b->gram)
		return a->gram < b->gram ? -1 : 1;
	return a->place < b->place ? -1 : a->place > b->place;
}

static void
collect_owned(struct births *b)
{
	int64_t own[PIECES];
	struct spelled s;

	b->owned = x_calloc(b->n * PIECES + 1, sizeof(*b->owned));
	for (size_t place = 0; place < b->n; place++) {
		CHECK(spell(b->list[place].key, &s));
		own_pieces(&s, own);
		for (size_t i = 0; i < PIECES; i++) {
			b->owned[b->n_owned++] = (struct owned){ own[i],
				place };
			gram_add(&b->run, own[i], b->list[place].id);
		}
	}
	qsort(b->owned, b->n_owned, sizeof(*b->owned), compare_owned);
}

/* The first that has this piece, or where it would be. */
static size_t
find_owned(const struct births *b, int64_t gram)
{
	size_t from = 0, to = b->n_owned;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (b->owned[middle].gram < gram)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* Of the older ones that have this piece, those that are near. */
static void
compare_with_owners(struct births *b, size_t place, int64_t gram,
	struct beside *f)
{
	const struct birth *one = &b->list[place];
	size_t k = find_owned(b, gram);

	for (size_t end = MIN(k + GRAM_RARE, b->n_owned); k < end &&
		b->owned[k].gram == gram && b->owned[k].place < place; k++) {
		struct birth *other = &b->list[b->owned[k].place];

		if (other->compared == place || f->n == BESIDE_MAX)
			continue;
		other->compared = place;
		if (may_be_near(one, other) && is_near(one->key, other->key))
			f->list[f->n++] = other->id;
	}
}

static int
compare_birth(struct writer *w, struct births *b, size_t place,
	struct err *e)
{
	struct beside f = { .n = 0 };
	int64_t probes[PROBES_MAX];
	struct spelled s;
	size_t n;

	CHECK(spell(b->list[place].key, &s));
	n = all_pieces(&s, probes);
	for (size_t i = 0; i < n; i++)
		compare_with_owners(b, place, probes[i], &f);
	for (size_t i = 0; i < f.n; i++)
		if (put_pair(w, b->list[place].id, f.list[i], e) < 0)
			return -1;
	return 0;
}

int
slip_born_all(struct writer *w, struct err *e)
{
	CLEANUP(births_done) struct births b = {
		.run = { .kind = GRAM_SERIES } };

	if (read_births(w, &b, e) < 0)
		return -1;
	collect_owned(&b);
	/* The place 0 has none that is older. */
	for (size_t place = 1; place < b.n; place++)
		if (compare_birth(w, &b, place, e) < 0)
			return -1;
	return gram_flush(w, &b.run, e);
}
