/*
 * Quiet hours: a span of each day, which may go over midnight.
 */
#include "push/quiet.h"

enum { MINUTE_MS = 60000, DAY_MINUTES = 1440 };

int64_t
quiet_end(const struct quiet *q, int zone_minutes, int64_t due_ms)
{
	int64_t minute = (due_ms / MINUTE_MS + zone_minutes) % DAY_MINUTES;
	int length = (q->to - q->from + DAY_MINUTES) % DAY_MINUTES;
	int64_t since = (minute - q->from + DAY_MINUTES) % DAY_MINUTES;

	if (since >= length)
		return due_ms;
	return (due_ms / MINUTE_MS + length - since) * MINUTE_MS;
}
