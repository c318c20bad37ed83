/*
 * Quantities as people write them: a number and a unit, never a bare guess.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/quantity.h"

enum { RATE_MAX = 1000000, RATE_TIME_MAX = 30 };

/* A year: twice as long, or 100,000 times, is still a time. */
#define RATE_SPAN_MAX (INT64_C(365) * 86400000)

struct unit {
	const char *name;
	int64_t factor;
};

/* From the largest, so that the first that divides a number names it. */
static const struct unit times[] = {
	{ "d", 86400000 }, { "h", 3600000 }, { "m", 60000 }, { "s", 1000 },
	{ "ms", 1 }, { NULL, 0 },
};

static const struct unit sizes[] = {
	{ "G", 1024 * 1024 * 1024 }, { "M", 1024 * 1024 }, { "K", 1024 },
	{ "", 1 }, { NULL, 0 },
};

static int64_t
read_quantity(struct slice s, const struct unit *units)
{
	size_t digits = 0;
	int64_t n;

	while (digits < s.len && s.ptr[digits] >= '0' && s.ptr[digits] <= '9')
		digits++;
	for (; units->name; units++) {
		if (!slice_eq(slice_from(s, digits), slice_str(units->name)))
			continue;
		n = slice_number(slice(s.ptr, digits),
			INT64_MAX / units->factor);
		return n < 0 ? -1 : n * units->factor;
	}
	return -1;
}

static const char *
write_quantity(int64_t n, const struct unit *units, char *ret)
{
	while (units->factor > 1 && (n == 0 || n % units->factor != 0))
		units++;
	snprintf(ret, QUANTITY_SIZE, "%" PRId64 "%s", n / units->factor,
		units->name);
	return ret;
}

int64_t
quantity_time(struct slice s)
{
	return read_quantity(s, times);
}

int64_t
quantity_size(struct slice s)
{
	return read_quantity(s, sizes);
}

bool
quantity_rate(struct slice s, int64_t *ret_n, int64_t *ret_ms)
{
	ssize_t slash = slice_find_byte(s, '/');
	struct slice time = slice_from(s, (size_t)(slash + 1));
	char unit[RATE_TIME_MAX + 2];
	int64_t n, ms;

	if (slash <= 0 || time.len > RATE_TIME_MAX)
		return false;
	snprintf(unit, sizeof(unit), "%s%.*s", time.len == 1 ? "1" : "",
		ARG(time));
	n = slice_number(slice_sub(s, 0, (size_t)slash), RATE_MAX);
	ms = quantity_time(slice_str(unit));
	if (n <= 0 || ms <= 0 || ms > RATE_SPAN_MAX)
		return false;
	*ret_n = n;
	*ret_ms = ms;
	return true;
}

const char *
quantity_time_text(int64_t ms, char ret[static QUANTITY_SIZE])
{
	return write_quantity(ms, times, ret);
}

const char *
quantity_size_text(int64_t bytes, char ret[static QUANTITY_SIZE])
{
	return write_quantity(bytes, sizes, ret);
}
