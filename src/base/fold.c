/*
 * Folding: the forms of a text under which two spellings of it are equal.
 */
#include <stdlib.h>
#include <utf8proc.h>

#include "base/fold.h"
#include "base/utf8.h"

/* What was written of an arena_text(). */
static struct slice
text_end(char *text, size_t len)
{
	text[len] = '\0';
	return slice(text, len);
}

/* utf8proc_map; what it cannot map (bad UTF-8) stays as it is. */
static struct slice
map(struct slice s, utf8proc_option_t options, struct arena *a)
{
	utf8proc_uint8_t *mapped = NULL;
	utf8proc_ssize_t len = utf8proc_map(
		(const utf8proc_uint8_t *)s.ptr, (utf8proc_ssize_t)s.len,
		&mapped, options);
	struct slice ret = s;

	if (len >= 0)
		ret = arena_copy(a, slice((const char *)mapped, (size_t)len));
	free(mapped);
	return ret;
}

/*
 * Characters that every normal form leaves apart from their neighbours: what
 * nearly all titles are made of.  utf8proc takes microseconds for a title,
 * and each article has several.
 */
static bool
is_apart(int32_t c)
{
	return c < 0x80 || (c >= 0x2010 && c <= 0x2027) ||
		(c >= 0x2460 && c <= 0x27bf) || (c >= 0x3000 && c <= 0x3020) ||
		(c >= 0x4e00 && c <= 0x9fff) || (c >= 0xff01 && c <= 0xff5e);
}

/* What no document of ours can hold: buf_put_xml() would drop it too. */
static bool
is_control(int32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xfffe ||
		c == 0xffff;
}

/* Copy a character of n bytes: of one, nearly always. */
static size_t
put_glyph(char *out, const char *p, size_t n)
{
	out[0] = p[0];
	if (n > 1)
		memcpy(out + 1, p + 1, n - 1);
	return n;
}

/* A byte that is a character of its own, and neither blank nor control. */
static bool
is_plain(char c)
{
	return c > ' ' && c < 0x7f;
}

struct slice
fold_nfc(struct slice s, struct arena *a)
{
	return map(s, UTF8PROC_STABLE | UTF8PROC_COMPOSE, a);
}

struct slice
fold_title(struct slice s, struct arena *a)
{
	char *out = arena_text(a, s.len);
	bool blank = false, apart = true;
	size_t len = 0, i = 0, n;

	for (; i < s.len; i += n) {
		if (is_plain(s.ptr[i])) {
			n = 1;
		} else {
			int32_t c = utf8_get(slice_from(s, i), &n);

			apart = apart && (c < 0x300 || is_apart(c));
			blank = blank || (utf8_is_space(c) && len > 0);
			if (utf8_is_space(c) || is_control(c))
				continue;
		}
		if (blank)
			out[len++] = ' ';
		blank = false;
		len += put_glyph(out + len, s.ptr + i, n);
	}
	s = text_end(out, len);
	/* Last, so that what a dropped character parted is composed too. */
	return apart ? s : map(s, UTF8PROC_STABLE | UTF8PROC_COMPOSE, a);
}

/* U+0027 U+2018 U+2019 U+02BC U+2032 U+FF07 and the modifier apostrophe. */
static bool
is_apostrophe(int32_t c)
{
	return c == '\'' || c == 0x2018 || c == 0x2019 || c == 0x02bc ||
		c == 0x2032 || c == 0xff07 || c == '`' || c == 0xb4;
}

/* Apostrophes must go before NFKC, which turns some into a blank and more. */
static struct slice
drop_apostrophes(struct slice s, struct arena *a)
{
	char *out = arena_text(a, s.len);
	size_t len = 0, n;

	for (; s.len > 0; s = slice_from(s, n)) {
		if (is_apostrophe(utf8_get(s, &n)))
			continue;
		len += put_glyph(out + len, s.ptr, n);
	}
	return text_end(out, len);
}

/* NFKC and case folding of one character that stands apart. */
static size_t
put_folded(char *out, int32_t c)
{
	utf8proc_int32_t to[8];
	utf8proc_ssize_t n;
	int last = UTF8PROC_BOUNDCLASS_START;
	size_t len = 0;

	if (c < 0x80) {
		out[0] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
		return 1;
	}
	n = utf8proc_decompose_char(c, to, COUNT_OF(to), UTF8PROC_DECOMPOSE |
		UTF8PROC_COMPAT | UTF8PROC_CASEFOLD, &last);
	CHECK(n >= 0 && n <= (utf8proc_ssize_t)COUNT_OF(to));
	for (utf8proc_ssize_t i = 0; i < n; i++)
		len += utf8_encode(to[i], out + len);
	return len;
}

/* NFKC and case folding; character by character where they stand apart. */
static struct slice
fold_case(struct slice s, struct arena *a)
{
	/* The longest: three bytes become four, as "⑽" and "(10)". */
	char *out = arena_text(a, s.len * 2 + 32);
	struct slice rest = s;
	size_t len = 0;
	int32_t c;

	while ((c = utf8_next(&rest)) >= 0) {
		if (!is_apart(c))
			return map(s, UTF8PROC_STABLE | UTF8PROC_COMPOSE |
				UTF8PROC_COMPAT | UTF8PROC_CASEFOLD, a);
		len += put_folded(out + len, c);
	}
	return text_end(out, len);
}

struct slice
fold_key(struct slice s, struct arena *a)
{
	bool gap = false;
	size_t len = 0, n;
	char *out;

	s = fold_case(drop_apostrophes(s, a), a);
	out = arena_text(a, s.len * 2);
	for (; s.len > 0; s = slice_from(s, n)) {
		if (!utf8_is_alnum(utf8_get(s, &n))) {
			gap = len > 0;
			continue;
		}
		if (gap)
			out[len++] = '-';
		gap = false;
		len += put_glyph(out + len, s.ptr, n);
	}
	return text_end(out, len);
}

/* A byte that is a character of its own, in small; 0: look closer. */
static char
lower_plain(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c | 0x20);
	return c >= ' ' && c < 0x7f ? c : 0;
}

struct slice
fold_words(struct slice s, struct arena *a)
{
	/* No small letter is longer than twice its capital one. */
	char *out = arena_text(a, s.len * 2 + 4);
	size_t len = 0, i = 0, n;
	int32_t c;

	while (i < s.len) {
		char plain = lower_plain(s.ptr[i]);

		if (plain > ' ') {
			out[len++] = plain;
			i++;
			continue;
		}
		c = plain ? plain : utf8_get(slice_from(s, i), &n);
		i += plain ? 1 : n;
		if (c != ' ' && !utf8_is_space(c))
			len += utf8_encode(utf8_is_han(c) ? c : utf8_lower(c),
				out + len);
		else if (len == 0 || out[len - 1] != ' ')
			out[len++] = ' ';
	}
	return text_end(out, len);
}
