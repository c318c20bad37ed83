/*
 * Rates, by the generic cell rate algorithm: one number says how much of the
 * quota is used.
 */
#include "push/rate.h"

int64_t
rate_wait(const struct rate *r, const struct quota *q, int64_t now_ms)
{
	int64_t at;

	if (q->n == 0 || r->full_at - now_ms > 2 * q->ms)
		return 0;	/* none, or the clock went back */
	at = r->full_at + q->ms / q->n - q->ms;
	return at > now_ms ? at : 0;
}

void
rate_take(struct rate *r, const struct quota *q, int64_t now_ms)
{
	if (q->n == 0)
		return;
	if (r->full_at < now_ms || r->full_at - now_ms > 2 * q->ms)
		r->full_at = now_ms;
	r->full_at += q->ms / q->n;
}
