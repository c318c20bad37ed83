/*
 * The guard: when so many articles vanish that it may be a mistake (guard.h).
 */
#include "series/guard.h"

/* Could the batch be part of too many? */
static bool
is_burst(const struct batch *b)
{
	size_t n = b->gone_waiting + b->gone_recent;

	for (size_t i = 0; i < b->n; i++)
		n += b->items[i].fate == ITEM_GONE &&
			b->items[i].kind == FILE_ARTICLE;
	return n >= GUARD_LEAST;
}

enum hold
guard_hold(const struct batch *b, enum hold before, bool asks)
{
	switch (before) {
	case HOLD_COUNTED:
	case HOLD_GUARD:
		return before;
	case HOLD_CONFIRMED:
		return HOLD_NOT;
	case HOLD_PASSED:
		return asks ? HOLD_ASK : HOLD_NOT;
	case HOLD_NOT:
	case HOLD_ASK:
		break;
	}
	return asks ? HOLD_ASK : is_burst(b) ? HOLD_COUNTED : HOLD_NOT;
}

bool
guard_trips(const struct hold_counts *n)
{
	int64_t gone = n->counted + n->recent;

	if (n->guarded > 0)
		return true;
	return gone >= GUARD_LEAST &&
		gone * 100 > (n->live + n->recent) * GUARD_PERCENT;
}
