/*
 * Character references.
 *
 * 1. Nothing is expanded twice: "&amp;lt;" is "&lt;".
 * 2. A reference is at least as long as the character it stands for, so no
 *    text grows (the shortest are "&lt", "&pi;" and "&#9;").
 * 3. A name is looked for in NAME_MAX bytes only.
 */
#include "base/utf8.h"
#include "read/entity.h"

enum { NAME_MAX = 10, CODE_MAX = 0x10ffff };

struct entity {
	struct slice name;
	int32_t code;
	bool bare;
};

static const struct entity entities[] = {
#define ENTITY(name, code, bare) { S_INIT(#name), code, bare },
#include "read/entities.def"
#undef ENTITY
};

static const struct entity *
find(struct slice name)
{
	size_t from = 0, to = COUNT_OF(entities);

	while (from < to) {
		size_t mid = (from + to) / 2;
		int order = slice_cmp(name, entities[mid].name);

		if (order == 0)
			return &entities[mid];
		if (order < 0)
			to = mid;
		else
			from = mid + 1;
	}
	return NULL;
}

static bool
is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9');
}

/* Length of "name;" or, where that counts, "name"; 0: not a reference. */
static size_t
read_name(struct slice s, int32_t *ret)
{
	const struct entity *found;
	size_t n = 0;
	bool closed;

	while (n < s.len && n <= NAME_MAX && is_name_byte(s.ptr[n]))
		n++;
	found = n > NAME_MAX ? NULL : find(slice(s.ptr, n));
	closed = n < s.len && s.ptr[n] == ';';
	if (!found || (!closed && (!found->bare ||
		(n < s.len && s.ptr[n] == '='))))
		return 0;
	*ret = found->code;
	return n + closed;
}

static int
digit_of(char c, int base)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return base == 16 && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Length of "123;" or "x7b;" behind "&#"; 0: not a reference. */
static size_t
read_number(struct slice s, int32_t *ret)
{
	int base = s.len > 0 && (s.ptr[0] | 0x20) == 'x' ? 16 : 10;
	size_t from = base == 16, n = from;
	int64_t code = 0;

	while (n < s.len && digit_of(s.ptr[n], base) >= 0) {
		code = MIN(code * base + digit_of(s.ptr[n], base),
			(int64_t)CODE_MAX + 1);
		n++;
	}
	if (n == from)
		return 0;
	*ret = code > CODE_MAX || (code >= 0xd800 && code < 0xe000) ? 0 :
		(int32_t)code;
	return n + (n < s.len && s.ptr[n] == ';');
}

/* Bytes of the reference at the start of s, which is "&"; 0: none. */
static size_t
read_reference(struct slice s, int32_t *ret)
{
	bool number = s.len > 1 && s.ptr[1] == '#';
	size_t n = number ? read_number(slice_from(s, 2), ret) :
		read_name(slice_from(s, 1), ret);

	return n ? n + 1 + number : 0;
}

struct slice
entity_decode(struct slice s, struct arena *a)
{
	ssize_t at = slice_find_byte(s, '&');
	char *out;
	size_t len = 0;

	if (at < 0)
		return s;
	out = arena_alloc(a, s.len + 1);
	while (at >= 0) {
		int32_t code = 0;
		size_t n;

		memcpy(out + len, s.ptr, (size_t)at);
		len += (size_t)at;
		s = slice_from(s, (size_t)at);
		n = read_reference(s, &code);
		if (n == 0)
			out[len++] = '&';
		else if (code > 0)
			len += utf8_encode(code, out + len);
		s = slice_from(s, MAX(n, (size_t)1));
		at = slice_find_byte(s, '&');
	}
	memcpy(out + len, s.ptr, s.len);
	return slice(out, len + s.len);
}
