/*
 * Patience with subscribers: when one that failed is tried again.
 */
#include "push/patience.h"
#include "push/retry_after.h"
#include "push/schedule.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

static const int64_t pauses[PATIENCE_TRIES] = {
	10 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR,
	12 * HOUR,
};

int64_t
patience_first(int64_t now_ms)
{
	return now_ms + schedule_about(pauses[0]);
}

int64_t
patience_next(int tries, struct slice retry_after, int64_t now_ms)
{
	const int64_t most = pauses[PATIENCE_TRIES - 1];

	if (tries > PATIENCE_TRIES)
		return -1;
	return now_ms + MAX(schedule_about(pauses[tries - 1]),
		MIN(retry_after_ms(retry_after, now_ms), most));
}
