/*
 * The schedule: soon at first, for most failures are short; then less and less
 * often, for two days, so that a weekend's outage loses nothing.
 */
#include "base/clock.h"
#include "push/retry_after.h"
#include "push/schedule.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

static const int64_t pauses[SCHEDULE_TRIES] = {
	2 * SECOND, 5 * SECOND, 15 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE,
	30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 8 * HOUR, 12 * HOUR,
	12 * HOUR,
};

int64_t
schedule_about(int64_t ms)
{
	uint64_t span = (uint64_t)ms * 2 / 5;

	return ms - ms / 5 + (int64_t)(rand_u64() % (span + 1));
}

int64_t
schedule_pause(int tries, int64_t asked_ms)
{
	if (tries > SCHEDULE_TRIES)
		return -1;
	return MAX(schedule_about(pauses[MAX(tries, 1) - 1]),
		MIN(asked_ms, RETRY_AFTER_MAX_MS));
}
