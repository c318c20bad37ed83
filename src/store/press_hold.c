/*
 * Deletions that are held (series/guard.h says when and why).
 *
 * A held file keeps its row, and its article is live: all that tells it is
 * file.held.  The guard's window needs no rows of its own: a withdrawal has
 * its date, and a file that is not there has no row.
 */
#include <stdlib.h>

#include "store/schema.h"
#include "store/tx.h"

static const char guard_from[] = "guard_from";

/* From when on withdrawals count. */
static int
window_begin(struct db *db, int64_t since, int64_t *ret, struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct slice said;

	if (meta_get(db, slice_str(guard_from), &a, &said, e) < 0)
		return -1;
	*ret = said.len ? MAX(since, strtoll(said.ptr, NULL, 10)) : since;
	return 0;
}

/* Withdrawn because their files were deleted. */
static int
count_withdrawn(struct db *db, int64_t since, int64_t *ret, struct err *e)
{
	struct query q;
	int64_t from;

	if (window_begin(db, since, &from, e) < 0)
		return -1;
	q = query_start(db, "SELECT count(*) FROM article a WHERE a.gone > 0"
		" AND a.gone > ? AND a.barred = 0 AND NOT EXISTS"
		" (SELECT 1 FROM file f WHERE f.path = a.path)");
	query_put_int(&q, from);
	*ret = query_row(&q) ? query_int(&q, 0) : 0;
	return query_done(&q, e);
}

static int
count_held(struct db *db, struct hold_counts *ret, struct err *e)
{
	struct query q = query_start(db,
		"SELECT held, count(*) FROM file WHERE held > 0 GROUP BY held");

	while (query_row(&q)) {
		int64_t n = query_int(&q, 1);

		switch ((enum hold)query_int(&q, 0)) {
		case HOLD_COUNTED:
			ret->counted = n;
			break;
		case HOLD_GUARD:
			ret->guarded = n;
			break;
		case HOLD_ASK:
			ret->asked = n;
			break;
		case HOLD_PASSED:
		case HOLD_CONFIRMED:
			ret->passed += n;
			break;
		case HOLD_NOT:
			break;
		}
	}
	return query_done(&q, e);
}

int
hold_count_recent(struct writer *w, size_t *ret, struct err *e)
{
	struct hold_counts n = { 0 };

	if (count_withdrawn(w->db, w->batch->now - GUARD_WINDOW, &n.recent,
		e) < 0 || count_held(w->db, &n, e) < 0)
		return -1;
	*ret = (size_t)(n.recent + n.counted + n.guarded);
	return 0;
}

int
hold_count_anew(struct writer *w, struct err *e)
{
	return meta_set(w->db, slice_str(guard_from), arena_printf(
		&w->batch->arena, "%jd", (intmax_t)w->batch->now + 1), e);
}

int
press_holds(struct store_tx *tx, int64_t since, struct hold_counts *ret,
	struct err *e)
{
	struct hold_counts n = { 0 };
	struct query q;

	if (count_withdrawn(&tx->db, since, &n.recent, e) < 0 ||
		count_held(&tx->db, &n, e) < 0)
		return err_in(e, "counting deletions");
	q = query_start(&tx->db,
		"SELECT count(*) FROM file WHERE article_id IS NOT NULL");
	n.live = query_row(&q) ? query_int(&q, 0) : 0;
	if (query_done(&q, e) < 0)
		return err_in(e, "counting deletions");
	*ret = n;
	return 0;
}

int
press_move_holds(struct store_tx *tx, enum hold from, enum hold to,
	struct slice below, struct arena *a, struct slice **ret, size_t *ret_n,
	struct err *e)
{
	struct query q = query_start(&tx->db, "UPDATE file SET held = ?1"
		" WHERE held > 0 AND held <> ?1 AND (?2 = 0 OR held = ?2)"
		" AND (?3 = '' OR path = ?3"
		"  OR substr(path, 1, length(?3) + 1) = ?3 || '/')"
		" RETURNING path");

	*ret = NULL;
	*ret_n = 0;
	query_put_int(&q, to);
	query_put_int(&q, from);
	query_put_text(&q, below);
	while (query_row(&q)) {
		*ret = ARENA_GROW(a, *ret, *ret_n);
		(*ret)[(*ret_n)++] = query_text(&q, 0, a);
	}
	return query_done(&q, e);
}
