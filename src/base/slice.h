/*
 * A slice is text (or bytes) that is looked at and never owned.
 */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <string.h>
#include <sys/types.h>

#include "base/defs.h"

struct slice {
	const char *ptr;
	size_t len;
};

/* A string literal as a slice; the other form is for static tables. */
#define S(lit) ((struct slice){ "" lit, sizeof(lit) - 1 })
#define S_INIT(lit) { "" lit, sizeof(lit) - 1 }
/* For printf: "%.*s", ARG(slice). */
#define ARG(s) (int)(s).len, (s).ptr

/* The bytes from ptr on; the whole of a C string (NULL is empty). */
static inline struct slice
slice(const char *ptr, size_t len)
{
	return (struct slice){ ptr, len };
}

static inline struct slice
slice_str(const char *s)
{
	return (struct slice){ s ? s : "", s ? strlen(s) : 0 };
}

/* From byte `from` to before byte `to`; both are cut to the length. */
static inline struct slice
slice_sub(struct slice s, size_t from, size_t to)
{
	to = MIN(to, s.len);
	from = MIN(from, to);
	/* NULL + 0 is undefined, and the empty slice may be NULL. */
	return from ? slice(s.ptr + from, to - from) : slice(s.ptr, to);
}

static inline struct slice
slice_from(struct slice s, size_t from)
{
	return slice_sub(s, from, s.len);
}

/* The same bytes. */
bool slice_eq(struct slice a, struct slice b);
/* ASCII letters count as equal in both cases. */
bool slice_eq_nocase(struct slice a, struct slice b);
bool slice_starts(struct slice s, struct slice prefix);
bool slice_ends(struct slice s, struct slice suffix);
bool slice_starts_nocase(struct slice s, struct slice prefix);
/* memcmp order, a prefix before the longer one: <0, 0, >0. */
int slice_cmp(struct slice a, struct slice b);

/* Offset of the first needle at or after byte `from`; -1: none. */
ssize_t slice_find(struct slice s, struct slice needle, size_t from);
ssize_t slice_find_byte(struct slice s, char c);
/* Offset of the last byte c; -1: none. */
ssize_t slice_rfind_byte(struct slice s, char c);

/* Without ASCII white space at both ends. */
struct slice slice_trim(struct slice s);

/*
 * Cut the next line off *rest (LF, CRLF or CR end it, and are dropped).
 * False when *rest is used up.
 */
bool slice_next_line(struct slice *rest, struct slice *ret);

/* Cut up to the separator off *rest; the last part has no separator. */
bool slice_next_field(struct slice *rest, char sep, struct slice *ret);

/* A decimal number, all digits, at most max; -1 if it is not one. */
int64_t slice_number(struct slice s, int64_t max);

#endif
