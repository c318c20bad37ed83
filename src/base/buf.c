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

void
buf_cut(struct buf *b, size_t len)
{
	CHECK(len <= b->len);
	b->len = len;
	if (b->ptr)
		b->ptr[len] = '\0';
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
