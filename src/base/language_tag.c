/*
 * Language tags (RFC 5646 section 2.1), as far as their form goes.
 */
#include "base/language_tag.h"

static bool
is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool
is_subtag(struct slice s, size_t min, size_t max)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_letter(s.ptr[i]) &&
			!(s.ptr[i] >= '0' && s.ptr[i] <= '9'))
			return false;
	return s.len >= min && s.len <= max;
}

bool
language_tag_is_good(struct slice tag)
{
	struct slice subtag;
	bool good;

	slice_next_field(&tag, '-', &subtag);
	good = is_subtag(subtag, 2, 3) && is_letter(subtag.ptr[0]) &&
		is_letter(subtag.ptr[1]);
	while (good && slice_next_field(&tag, '-', &subtag))
		good = is_subtag(subtag, 1, 8);
	return good;
}

bool
language_tag_is_of(struct slice tag, struct slice range)
{
	return slice_starts_nocase(tag, range) &&
		(tag.len == range.len || tag.ptr[range.len] == '-');
}

bool
language_tag_is_among(struct slice tag, const struct slice *ranges, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (language_tag_is_of(tag, ranges[i]))
			return true;
	return n == 0;
}
