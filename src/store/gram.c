/*
 * Grams: who has which piece of a text.
 *
 * A piece is a hash, and those who have it are rows of the table `gram`.  The
 * end of the first scan has eight for each article, and everybody waits for
 * it: as rows they took a tenth of its time.  So what comes all at once is
 * packed: `gram_pack` has a row for all pieces whose hashes begin alike, and
 * in it one piece behind the other.
 *
 * 1. A pack is written once, and never changed: what is forgotten stays in it
 *    (near.h, 3).
 * 2. Whoever asks is told the oldest first: what is packed, then what is in
 *    rows.
 * 3. Numbers in a pack are little-endian, on every machine.
 */
#include <endian.h>
#include <stdlib.h>

#include "store/near.h"

enum {
	PACK_BITS = 12,		/* of a hash, by which it finds its pack */
	PACKS = 1 << PACK_BITS,
};

/* As it lies in a pack. */
struct packed {
	uint64_t gram, id;
};

static size_t
pack_of(int64_t gram)
{
	return (size_t)((uint64_t)gram >> (64 - PACK_BITS));
}

/* ---- one by one ---- */

int
gram_put(struct writer *w, int64_t gram, enum gram_kind kind, int64_t id,
	struct err *e)
{
	struct query q = query_start(w->db, "INSERT INTO gram"
		" (gram, kind, id) VALUES (?, ?, ?)"
		" ON CONFLICT DO NOTHING");

	query_put_int(&q, gram);
	query_put_int(&q, kind);
	query_put_int(&q, id);
	return query_run(&q, e);
}

int
gram_drop(struct writer *w, int64_t gram, enum gram_kind kind, int64_t id,
	struct err *e)
{
	struct query q = query_start(w->db, "DELETE FROM gram"
		" WHERE gram = ? AND kind = ? AND id = ?");

	query_put_int(&q, gram);
	query_put_int(&q, kind);
	query_put_int(&q, id);
	return query_run(&q, e);
}

/* ---- asking ---- */

static void
look_into_pack(struct slice pack, int64_t gram, size_t max, int64_t *ret,
	size_t *n)
{
	struct packed p;

	for (; pack.len >= sizeof(p) && *n < max;
		pack = slice_from(pack, sizeof(p))) {
		memcpy(&p, pack.ptr, sizeof(p));
		if (le64toh(p.gram) == (uint64_t)gram)
			ret[(*n)++] = (int64_t)le64toh(p.id);
	}
}

static int
find_packed(struct writer *w, int64_t gram, enum gram_kind kind, size_t max,
	int64_t *ret, size_t *n, struct err *e)
{
	struct query q = query_start(w->db, "SELECT pieces FROM gram_pack"
		" WHERE kind = ? AND pack = ? ORDER BY run");

	query_put_int(&q, kind);
	query_put_int(&q, (int64_t)pack_of(gram));
	while (*n < max && query_row(&q))
		look_into_pack(query_look_bytes(&q, 0), gram, max, ret, n);
	return query_done(&q, e);
}

int
gram_holders(struct writer *w, int64_t gram, enum gram_kind kind, size_t max,
	int64_t *ret, size_t *ret_n, struct err *e)
{
	struct query q;
	size_t n = 0;

	if (find_packed(w, gram, kind, max, ret, &n, e) < 0)
		return -1;
	q = query_start(w->db, "SELECT id FROM gram"
		" WHERE gram = ? AND kind = ? LIMIT ?");
	query_put_int(&q, gram);
	query_put_int(&q, kind);
	query_put_int(&q, (int64_t)(max - n));
	while (query_row(&q))
		ret[n++] = query_int(&q, 0);
	*ret_n = n;
	return query_done(&q, e);
}

/* ---- all at once ---- */

static int
put_pack(struct writer *w, const struct gram_run *r, size_t pack,
	struct slice pieces, struct err *e)
{
	struct query q = query_start(w->db, "INSERT INTO gram_pack"
		" (kind, pack, run, pieces) VALUES (?, ?, ?, ?)");

	query_put_int(&q, r->kind);
	query_put_int(&q, (int64_t)pack);
	query_put_int(&q, r->number);
	query_put_bytes(&q, pieces);
	return query_run(&q, e);
}

/* Into `sorted` by pack, else in order; ends[i]: where pack i is over. */
static void
sort_run(const struct gram_run *r, struct packed *sorted, size_t ends[PACKS])
{
	size_t counts[PACKS] = { 0 }, at = 0;

	for (size_t i = 0; i < r->n; i++)
		counts[pack_of(r->list[i].gram)]++;
	for (size_t i = 0; i < PACKS; i++) {
		ends[i] = at;
		at += counts[i];
	}
	for (size_t i = 0; i < r->n; i++) {
		const struct piece *p = &r->list[i];

		sorted[ends[pack_of(p->gram)]++] = (struct packed){
			htole64((uint64_t)p->gram),
			htole64((uint64_t)p->id) };
	}
}

int
gram_flush(struct writer *w, struct gram_run *r, struct err *e)
{
	struct packed *sorted = x_calloc(MAX(r->n, 1), sizeof(*sorted));
	size_t ends[PACKS], from = 0;
	int ret = 0;

	sort_run(r, sorted, ends);
	for (size_t i = 0; i < PACKS && ret == 0; from = ends[i++])
		if (ends[i] > from)
			ret = put_pack(w, r, i, slice((const char *)
				(sorted + from), (ends[i] - from) *
				sizeof(*sorted)), e);
	free(sorted);
	r->n = 0;
	r->number++;
	return ret;
}

void
gram_add(struct gram_run *r, int64_t gram, int64_t id)
{
	if (r->n == r->room) {
		r->room = r->room ? r->room * 2 : 4096;
		r->list = x_realloc(r->list, r->room * sizeof(*r->list));
	}
	r->list[r->n++] = (struct piece){ gram, id };
}

void
gram_run_done(struct gram_run *r)
{
	free(r->list);
}
