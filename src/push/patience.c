/*
 * Patience with subscribers: when one that failed is tried again.
 *
 * Times differ by chance, a fifth up or down, so that those who failed
 * together do not come back together.
 */
#include "base/clock.h"
#include "push/patience.h"
#include "push/retry_after.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

static const int64_t pauses[PATIENCE_TRIES] = {
	10 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR,
	12 * HOUR,
};

static int64_t
about(int64_t ms)
{
	uint64_t span = (uint64_t)ms * 2 / 5;

	return ms - ms / 5 + (int64_t)(rand_u64() % (span + 1));
}

int64_t
patience_first(int64_t now_ms)
{
	return now_ms + about(pauses[0]);
}

int64_t
patience_next(int tries, struct slice retry_after, int64_t now_ms)
{
	const int64_t most = pauses[PATIENCE_TRIES - 1];

	if (tries > PATIENCE_TRIES)
		return -1;
	return now_ms + MAX(about(pauses[tries - 1]),
		MIN(retry_after_ms(retry_after, now_ms), most));
}
