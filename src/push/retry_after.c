/*
 * Retry-After: how long a peer wants to be left alone.
 */
#include "base/date.h"
#include "push/retry_after.h"

static bool
is_number(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
	return s.len > 0;
}

int64_t
retry_after_ms(struct slice value, int64_t now_ms)
{
	int64_t seconds = slice_number(value, RETRY_AFTER_MAX_MS / 1000);
	int64_t date;

	if (seconds >= 0)
		return seconds * 1000;
	if (is_number(value))
		return RETRY_AFTER_MAX_MS;
	date = date_parse_http(value);
	if (date < 0)
		return -1;
	return MIN(MAX(date * 1000 - now_ms, 0), (int64_t)RETRY_AFTER_MAX_MS);
}
