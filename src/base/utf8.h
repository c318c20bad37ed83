/*
 * UTF-8: strict reading (RFC 3629), and writing of one code point.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/buf.h"

/* Is all of s well-formed UTF-8?  Overlong forms and surrogates are not. */
bool utf8_valid(struct slice s);

/* Offset of the first byte that is not well-formed; s.len if all is. */
size_t utf8_check(struct slice s);

/*
 * The code point at the start of s, and its length in bytes.  A byte that is
 * not well-formed counts as one code point, U+FFFD.  -1 when s is empty.
 */
static inline int32_t utf8_get(struct slice s, size_t *ret_len);

/* Take the first code point off *s; -1 when it is empty. */
static inline int32_t utf8_next(struct slice *s);

/* Write one code point; how many bytes. */
size_t utf8_encode(int32_t c, char ret[static 4]);

/* Append one code point. */
void utf8_put(struct buf *b, int32_t c);

/*
 * Append s as it may be shown on a terminal: a blank for each control
 * character, so that nobody's text can move a cursor.
 */
void utf8_put_shown(struct buf *b, struct slice s);

/* How many columns of a terminal s takes; Chinese takes two each. */
size_t utf8_cells(struct slice s);

/* How many code points. */
size_t utf8_count(struct slice s);

/* The first n code points. */
struct slice utf8_first(struct slice s, size_t n);

/* Unicode white space, U+00A0 and U+3000 among it. */
static inline bool utf8_is_space(int32_t c);

/* The small letter of a capital one; any other code point as it is. */
int32_t utf8_lower(int32_t c);

/* The reverse. */
int32_t utf8_upper(int32_t c);

/*
 * The bytes of the first grapheme of s (extended clusters of UAX #29): what
 * readers take for one character.  0 when it is empty.
 */
size_t utf8_grapheme(struct slice s);

/* A Han ideograph. */
bool utf8_is_han(int32_t c);

/* A letter or a digit of any script. */
bool utf8_is_alnum(int32_t c);

/*
 * The three above for whatever is not ASCII.  ASCII is most of most texts, and
 * they are called for every character: it is not worth a call.
 */
int32_t utf8_get_long(struct slice s, size_t *ret_len);
bool utf8_is_wide_space(int32_t c);

static inline int32_t
utf8_get(struct slice s, size_t *ret_len)
{
	if (s.len > 0 && (unsigned char)s.ptr[0] < 0x80) {
		*ret_len = 1;
		return s.ptr[0];
	}
	return utf8_get_long(s, ret_len);
}

static inline int32_t
utf8_next(struct slice *s)
{
	size_t len;
	int32_t c = utf8_get(*s, &len);

	*s = slice_from(*s, len);
	return c;
}

static inline bool
utf8_is_space(int32_t c)
{
	return c < 0x80 ? c == ' ' || (c >= '\t' && c <= '\r') :
		utf8_is_wide_space(c);
}

#endif
