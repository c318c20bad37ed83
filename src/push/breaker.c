/*
 * A circuit breaker: ten seconds at first, twice as long each time, ten
 * minutes at most.
 */
#include "push/breaker.h"
#include "push/schedule.h"

enum { COOL_MS = 10 * 1000, COOL_MAX_MS = 600 * 1000, COOL_DOUBLINGS = 6 };

void
breaker_worked(struct breaker *b)
{
	*b = (struct breaker){ 0 };
}

void
breaker_failed(struct breaker *b, int64_t now_ms)
{
	int over = b->fails - BREAKER_FAILS + 1;

	b->fails = MIN(b->fails + 1, 1000);
	if (over < 0)
		return;
	b->open_until = now_ms + schedule_about(MIN(COOL_MAX_MS,
		COOL_MS << MIN(over, COOL_DOUBLINGS)));
}

int64_t
breaker_wait(const struct breaker *b, int64_t now_ms)
{
	/* A clock that went back must not close it for days. */
	return b->open_until > now_ms &&
		b->open_until - now_ms <= 2 * COOL_MAX_MS ? b->open_until : 0;
}

bool
breaker_is_half_open(const struct breaker *b)
{
	return b->fails >= BREAKER_FAILS;
}
