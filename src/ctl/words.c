/*
 * Pieces of JSON in words.
 */
#include <inttypes.h>
#include <time.h>

#include "base/buf.h"
#include "ctl/words.h"

enum { WORDS_MAX = 64 * 1024 };

const char *
word_text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

json_int_t
word_number(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

const char *
word_time(const json_t *o, const char *key, struct arena *a)
{
	time_t t = (time_t)word_number(o, key);
	char *s = arena_alloc(a, 32);
	struct tm tm;

	if (t <= 0 || !localtime_r(&t, &tm) ||
		strftime(s, 32, "%Y-%m-%d %H:%M:%S", &tm) == 0)
		return "-";
	return s;
}

const char *
word_span(json_int_t seconds, struct arena *a)
{
	int64_t s = seconds;

	if (s < 60)
		return arena_printf(a, "%" PRId64 " s", s).ptr;
	if (s < 3600)
		return arena_printf(a, "%" PRId64 " min", s / 60).ptr;
	if (s < 86400)
		return arena_printf(a, "%" PRId64 " h %" PRId64 " min",
			s / 3600, s / 60 % 60).ptr;
	return arena_printf(a, "%" PRId64 " d %" PRId64 " h", s / 86400,
		s / 3600 % 24).ptr;
}

const char *
word_size(const json_t *o, const char *key, struct arena *a)
{
	static const char *const units[] = { "kB", "MB", "GB", "TB" };
	json_int_t n = word_number(o, key);
	size_t unit = 0;

	if (n <= 0)
		return "-";
	if (n < 1000)
		return arena_printf(a, "%" PRId64 " B", (int64_t)n).ptr;
	/* 999,950 is "1.0 MB", and not "1000.0 kB". */
	for (; n >= 999950 && unit + 1 < COUNT_OF(units); unit++)
		n /= 1000;
	return arena_printf(a, "%.1f %s", (double)n / 1000., units[unit]).ptr;
}

const char *
word_ranges(const json_t *numbers, struct arena *a)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(WORDS_MAX);
	size_t n = json_array_size(numbers), last;

	for (size_t i = 0; i < n; i = last + 1) {
		json_int_t from = json_integer_value(
			json_array_get(numbers, i)), to = from;

		for (last = i; last + 1 < n && json_integer_value(
			json_array_get(numbers, last + 1)) == to + 1; last++)
			to++;
		buf_printf(&b, "%s%" JSON_INTEGER_FORMAT, i ? ", " : "",
			from);
		if (to > from)
			buf_printf(&b, "-%" JSON_INTEGER_FORMAT, to);
	}
	return n ? arena_copy(a, buf_slice(&b)).ptr : "-";
}

const char *
word_list(const json_t *texts, struct arena *a)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(WORDS_MAX);
	size_t n = json_array_size(texts);

	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s%s", i ? ", " : "", json_string_length(
			json_array_get(texts, i)) ? json_string_value(
			json_array_get(texts, i)) : "");
	return n ? arena_copy(a, buf_slice(&b)).ptr : "-";
}
