/*
 * UTF-8: strict reading (RFC 3629), and writing of one code point.
 */
#include <utf8proc.h>

#include "base/utf8.h"

static bool
tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/* Length of the well-formed sequence at p, of n bytes at most; 0: none. */
static size_t
sequence(const unsigned char *p, size_t n)
{
	if (p[0] < 0x80)
		return 1;
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		return n >= 2 && tail(p[1]) ? 2 : 0;
	if (p[0] >= 0xe0 && p[0] <= 0xef) {
		if (n < 3 || !tail(p[1]) || !tail(p[2]))
			return 0;
		if ((p[0] == 0xe0 && p[1] < 0xa0) ||
			(p[0] == 0xed && p[1] > 0x9f))
			return 0;
		return 3;
	}
	if (p[0] >= 0xf0 && p[0] <= 0xf4) {
		if (n < 4 || !tail(p[1]) || !tail(p[2]) || !tail(p[3]))
			return 0;
		if ((p[0] == 0xf0 && p[1] < 0x90) ||
			(p[0] == 0xf4 && p[1] > 0x8f))
			return 0;
		return 4;
	}
	return 0;
}

/* Eight bytes of ASCII at once: most of most texts. */
static size_t
skip_ascii(struct slice s, size_t i)
{
	uint64_t eight;

	for (; s.len - i >= sizeof(eight); i += sizeof(eight)) {
		memcpy(&eight, s.ptr + i, sizeof(eight));
		if (eight & 0x8080808080808080)
			break;
	}
	while (i < s.len && (unsigned char)s.ptr[i] < 0x80)
		i++;
	return i;
}

size_t
utf8_check(struct slice s)
{
	const unsigned char *p = (const unsigned char *)s.ptr;
	size_t i = 0, len;

	while (i < s.len) {
		if (p[i] < 0x80) {
			i = skip_ascii(s, i);
			continue;
		}
		len = sequence(p + i, s.len - i);
		if (len == 0)
			return i;
		i += len;
	}
	return s.len;
}

bool
utf8_valid(struct slice s)
{
	return utf8_check(s) == s.len;
}

int32_t
utf8_get_long(struct slice s, size_t *ret_len)
{
	const unsigned char *p = (const unsigned char *)s.ptr;
	size_t len;

	*ret_len = 0;
	if (s.len == 0)
		return -1;
	len = sequence(p, s.len);
	*ret_len = len ? len : 1;
	switch (len) {
	case 1:
		return p[0];
	case 2:
		return (p[0] & 0x1f) << 6 | (p[1] & 0x3f);
	case 3:
		return (p[0] & 0x0f) << 12 | (p[1] & 0x3f) << 6 |
			(p[2] & 0x3f);
	case 4:
		return (p[0] & 0x07) << 18 | (p[1] & 0x3f) << 12 |
			(p[2] & 0x3f) << 6 | (p[3] & 0x3f);
	default:
		return 0xfffd;
	}
}

size_t
utf8_encode(int32_t c, char ret[static 4])
{
	utf8proc_ssize_t len = utf8proc_encode_char(c,
		(utf8proc_uint8_t *)ret);

	CHECK(len > 0);
	return (size_t)len;
}

void
utf8_put(struct buf *b, int32_t c)
{
	char bytes[4];

	buf_put(b, slice(bytes, utf8_encode(c, bytes)));
}

static bool
is_control(int32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

void
utf8_put_shown(struct buf *b, struct slice s)
{
	int32_t c;

	while ((c = utf8_next(&s)) >= 0)
		utf8_put(b, is_control(c) ? ' ' : c);
}

size_t
utf8_cells(struct slice s)
{
	size_t n = 0;
	int32_t c;

	while ((c = utf8_next(&s)) >= 0)
		n += is_control(c) ? 1 : (size_t)utf8proc_charwidth(c);
	return n;
}

size_t
utf8_count(struct slice s)
{
	size_t n = 0;

	while (utf8_next(&s) >= 0)
		n++;
	return n;
}

struct slice
utf8_first(struct slice s, size_t n)
{
	struct slice rest = s;

	while (n-- > 0 && utf8_next(&rest) >= 0)
		;
	return slice(s.ptr, s.len - rest.len);
}

bool
utf8_is_wide_space(int32_t c)
{
	return c == 0x85 || c == 0xa0 || c == 0x1680 ||
		(c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 ||
		c == 0x202f || c == 0x205f || c == 0x3000;
}

int32_t
utf8_lower(int32_t c)
{
	return utf8proc_tolower(c);
}

int32_t
utf8_upper(int32_t c)
{
	return utf8proc_toupper(c);
}

size_t
utf8_grapheme(struct slice s)
{
	struct slice rest = s;
	utf8proc_int32_t state = 0;
	int32_t before = utf8_next(&rest);

	while (rest.len > 0) {
		size_t len;
		int32_t c = utf8_get(rest, &len);

		if (utf8proc_grapheme_break_stateful(before, c, &state))
			break;
		before = c;
		rest = slice_from(rest, len);
	}
	return s.len - rest.len;
}

bool
utf8_is_han(int32_t c)
{
	return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf) ||
		(c >= 0x20000 && c <= 0x323af) ||
		(c >= 0xf900 && c <= 0xfaff) || c == 0x3007;
}

bool
utf8_is_alnum(int32_t c)
{
	if (c < 0x80)
		return (c >= '0' && c <= '9') ||
			((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
		return true;
	default:
		return false;
	}
}
