/*
 * Slices: text that is looked at and never owned.
 */
#include <strings.h>

#include "base/slice.h"

bool
slice_eq(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || !memcmp(a.ptr, b.ptr, a.len));
}

bool
slice_eq_nocase(struct slice a, struct slice b)
{
	return a.len == b.len &&
		(a.len == 0 || !strncasecmp(a.ptr, b.ptr, a.len));
}

bool
slice_starts(struct slice s, struct slice prefix)
{
	return s.len >= prefix.len &&
		slice_eq(slice(s.ptr, prefix.len), prefix);
}

bool
slice_ends(struct slice s, struct slice suffix)
{
	return s.len >= suffix.len &&
		slice_eq(slice_from(s, s.len - suffix.len), suffix);
}

bool
slice_starts_nocase(struct slice s, struct slice prefix)
{
	return s.len >= prefix.len &&
		slice_eq_nocase(slice(s.ptr, prefix.len), prefix);
}

int
slice_cmp(struct slice a, struct slice b)
{
	size_t n = MIN(a.len, b.len);
	int c = n ? memcmp(a.ptr, b.ptr, n) : 0;

	return c ? c : (a.len > b.len) - (a.len < b.len);
}

ssize_t
slice_find(struct slice s, struct slice needle, size_t from)
{
	const char *hit;

	if (from > s.len || needle.len > s.len - from)
		return -1;
	if (needle.len == 0)
		return (ssize_t)from;
	hit = memmem(s.ptr + from, s.len - from, needle.ptr, needle.len);
	return hit ? hit - s.ptr : -1;
}

ssize_t
slice_find_byte(struct slice s, char c)
{
	const char *hit = s.len ? memchr(s.ptr, c, s.len) : NULL;

	return hit ? hit - s.ptr : -1;
}

ssize_t
slice_rfind_byte(struct slice s, char c)
{
	const char *hit = s.len ? memrchr(s.ptr, c, s.len) : NULL;

	return hit ? hit - s.ptr : -1;
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct slice
slice_trim(struct slice s)
{
	while (s.len > 0 && is_space(s.ptr[0]))
		s = slice_from(s, 1);
	while (s.len > 0 && is_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

bool
slice_next_line(struct slice *rest, struct slice *ret)
{
	size_t end = 0, skip = 0;

	if (rest->len == 0)
		return false;
	while (end < rest->len && rest->ptr[end] != '\n' &&
		rest->ptr[end] != '\r')
		end++;
	if (end < rest->len)
		skip = end + 1 < rest->len && rest->ptr[end] == '\r' &&
			rest->ptr[end + 1] == '\n' ? 2 : 1;
	*ret = slice(rest->ptr, end);
	*rest = slice_from(*rest, end + skip);
	return true;
}

bool
slice_next_field(struct slice *rest, char sep, struct slice *ret)
{
	ssize_t at;

	if (!rest->ptr)
		return false;
	at = slice_find_byte(*rest, sep);
	if (at < 0) {
		*ret = *rest;
		*rest = slice(NULL, 0);
		return true;
	}
	*ret = slice(rest->ptr, (size_t)at);
	*rest = slice_from(*rest, (size_t)at + 1);
	return true;
}

int64_t
slice_number(struct slice s, int64_t max)
{
	int64_t n = 0;

	if (s.len == 0)
		return -1;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return -1;
		/* Division would round a difference below 0 up to it. */
		if (s.ptr[i] - '0' > max || n > (max - (s.ptr[i] - '0')) / 10)
			return -1;
		n = n * 10 + (s.ptr[i] - '0');
	}
	return n;
}
