/*
 * Bufs: bytes that grow, born with a limit.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"

/* Who asks for a limit of a megabyte will hardly be content with 256 bytes. */
enum { LARGE_LIMIT = 1024 * 1024, SMALL_ROOM = 256, LARGE_ROOM = 8192 };

char *
buf_reserve(struct buf *b, size_t len)
{
	size_t room;

	if (b->full || len > b->limit - b->len) {
		b->full = true;
		return NULL;
	}
	if (b->len + len < b->room)
		return b->ptr + b->len;
	room = MAX(b->room * 2, (size_t)(b->limit < LARGE_LIMIT ?
		SMALL_ROOM : LARGE_ROOM));
	room = MAX(room, b->len + len + 1);
	room = MIN(room, b->limit + 1);
	b->ptr = x_realloc(b->ptr, room);
	b->room = room;
	return b->ptr + b->len;
}

void
buf_commit(struct buf *b, size_t len)
{
	CHECK(b->len + len < b->room);
	b->len += len;
	b->ptr[b->len] = '\0';
}

void
buf_put(struct buf *b, struct slice s)
{
	char *p = buf_reserve(b, s.len);

	if (!p)
		return;
	if (s.len)
		memcpy(p, s.ptr, s.len);
	buf_commit(b, s.len);
}

void
buf_put_str(struct buf *b, const char *s)
{
	buf_put(b, slice_str(s));
}

void
buf_put_byte(struct buf *b, char c)
{
	char *p = buf_reserve(b, 1);

	if (!p)
		return;
	*p = c;
	buf_commit(b, 1);
}

/* Nearly always there is room, and it is printed once. */
void
buf_printf(struct buf *b, const char *fmt, ...)
{
	size_t room = b->full ? 0 : b->room - b->len;
	va_list ap, again;
	char *p;
	int len;

	va_start(ap, fmt);
	va_copy(again, ap);
	len = vsnprintf(room ? b->ptr + b->len : NULL, room, fmt, again);
	va_end(again);
	CHECK(len >= 0);
	p = buf_reserve(b, (size_t)len);
	if (p) {
		if ((size_t)len >= room)
			vsnprintf(p, (size_t)len + 1, fmt, ap);
		buf_commit(b, (size_t)len);
	} else if (room) {
		b->ptr[b->len] = '\0';
	}
	va_end(ap);
}

/*
 * What each byte needs: 0 copied as it is, 1 replaced (see xml_entity),
 * 2 dropped, 3 begins a sequence that may be forbidden.
 */
enum { PLAIN, REPLACED, DROPPED, SUSPECT };

static const unsigned char xml_class[256] = {
	[0x00 ... 0x08] = DROPPED, [0x0b ... 0x0c] = DROPPED,
	[0x0d] = REPLACED, [0x0e ... 0x1f] = DROPPED, [0x7f] = DROPPED,
	['&'] = REPLACED, ['<'] = REPLACED, ['>'] = REPLACED,
	['"'] = REPLACED, [0xc2] = SUSPECT, [0xed] = SUSPECT,
	[0xef] = SUSPECT,
};

static struct slice
xml_entity(char c)
{
	switch (c) {
	case '&':
		return S("&amp;");
	case '<':
		return S("&lt;");
	case '>':
		return S("&gt;");
	case '"':
		return S("&quot;");
	default:
		return S("&#13;");
	}
}

/* How many bytes at s to drop: a forbidden sequence, or none. */
static size_t
forbidden(struct slice s)
{
	const unsigned char *p = (const unsigned char *)s.ptr;

	if (s.len >= 2 && p[0] == 0xc2 && p[1] < 0xa0)
		return 2;
	if (s.len >= 3 && p[0] == 0xed && p[1] >= 0xa0)
		return 3;
	if (s.len >= 3 && p[0] == 0xef && p[1] == 0xbf && p[2] >= 0xbe)
		return 3;
	return 0;
}

/* Where the next byte is that cannot be copied as it is. */
static size_t
plain_end(struct slice s, size_t from)
{
	while (from < s.len &&
		xml_class[(unsigned char)s.ptr[from]] == PLAIN)
		from++;
	return from;
}

void
buf_put_xml(struct buf *b, struct slice s)
{
	size_t from = 0, i = 0, skip;

	while ((i = plain_end(s, i)) < s.len) {
		int class = xml_class[(unsigned char)s.ptr[i]];

		skip = class == SUSPECT ? forbidden(slice_from(s, i)) : 1;
		if (skip == 0) {
			i++;
			continue;
		}
		buf_put(b, slice_sub(s, from, i));
		if (class == REPLACED)
			buf_put(b, xml_entity(s.ptr[i]));
		i += skip;
		from = i;
	}
	buf_put(b, slice_from(s, from));
}

void
buf_cut(struct buf *b, size_t len)
{
	CHECK(len <= b->len);
	b->len = len;
	if (b->ptr)
		b->ptr[len] = '\0';
}

void
buf_put_html(struct buf *b, struct slice s)
{
	size_t from = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] != '&' && s.ptr[i] != '<' && s.ptr[i] != '>')
			continue;
		buf_put(b, slice_sub(s, from, i));
		buf_put(b, xml_entity(s.ptr[i]));
		from = i + 1;
	}
	buf_put(b, slice_from(s, from));
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
	b->full = false;
}

void
buf_done(struct buf *b)
{
	free(b->ptr);
	*b = BUF_INIT(b->limit);
}

char *
buf_steal(struct buf *b, size_t *ret_len)
{
	char *p = b->ptr ? b->ptr : x_calloc(1, 1);

	*ret_len = b->len;
	*b = BUF_INIT(b->limit);
	return p;
}
