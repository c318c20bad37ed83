/*
 * Backfill protection: the guards as arithmetic.
 */
#include "push/backfill.h"

bool
backfill_is_before(const struct outbox_target *t,
	const struct announcement *n)
{
	/* An announcement has seconds: the same second is not before. */
	return n->at < t->since_at / 1000;
}

static bool
is_older(int64_t seconds, int64_t age_ms, int64_t now_ms)
{
	return age_ms > 0 && now_ms / 1000 - seconds > age_ms / 1000;
}

bool
backfill_is_old(const struct target *t, bool is_new, int64_t dated,
	int64_t at, int64_t now_ms)
{
	return is_older(is_new ? MIN(dated, at) : at, t->max_age_ms, now_ms);
}

bool
backfill_is_stale(const struct target *t, int64_t at, int64_t now_ms)
{
	return t->max_age_ms > 0 &&
		is_older(at, t->max_age_ms + t->cap.ms, now_ms);
}

bool
backfill_counts(const struct outbox_row *r)
{
	return r->plan.article_id > 0 && !r->plan.asked && r->started == 0 &&
		!slice_eq(r->plan.action, S("withdrawn"));
}

int64_t
backfill_left(const struct quota *q, const struct outbox_starts *s,
	int64_t begun)
{
	return q->n == 0 ? INT64_MAX : MAX(q->n - s->n - begun, 0);
}
