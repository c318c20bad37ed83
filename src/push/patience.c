/*
 * Patience with subscribers: when one that failed is tried again.
 *
 * Times differ by chance, a fifth up or down, so that those who failed
 * together do not come back together.
 */
#include "base/clock.h"
#include "base/date.h"
#include "push/patience.h"

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

/* Retry-After in ms: seconds or a date (RFC 9110 section 10.2.3). */
static int64_t
asked_for(struct slice s, int64_t now_ms)
{
	const int64_t most = pauses[PATIENCE_TRIES - 1];
	int64_t seconds, date;

	if (!s.ptr)
		return 0;
	seconds = slice_number(s, INT32_MAX);
	date = seconds < 0 ? date_parse_http(s) : -1;
	if (date >= 0)
		seconds = date - now_ms / SECOND;
	return MIN(MAX(seconds, 0) * SECOND, most);
}

int64_t
patience_first(int64_t now_ms)
{
	return now_ms + about(pauses[0]);
}

int64_t
patience_next(int tries, struct slice retry_after, int64_t now_ms)
{
	if (tries > PATIENCE_TRIES)
		return -1;
	return now_ms + MAX(about(pauses[tries - 1]),
		asked_for(retry_after, now_ms));
}
