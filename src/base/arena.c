/*
 * Arenas: memory given out piece by piece and taken back whole.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"

enum { BLOCK_SIZE = 32 * 1024, ALIGN = 16 };

struct arena_block {
	struct arena_block *next;
	size_t size;
	_Alignas(ALIGN) char bytes[];
};

void
check_failed(const char *what, const char *file, int line)
{
	fprintf(stderr, "gazetted: broken promise: %s (%s:%d)\n", what, file,
		line);
	abort();
}

static void *
must_have(void *p)
{
	static const char msg[] = "gazetted: out of memory\n";

	if (p)
		return p;
	if (write(STDERR_FILENO, msg, sizeof(msg) - 1) < 0)
		_exit(1);
	_exit(1);
}

void *
x_malloc(size_t size)
{
	return must_have(malloc(size ? size : 1));
}

void *
x_calloc(size_t n, size_t size)
{
	return must_have(calloc(n ? n : 1, size ? size : 1));
}

void *
x_realloc(void *p, size_t size)
{
	return must_have(realloc(p, size ? size : 1));
}

char *
x_strdup(const char *s)
{
	return must_have(strdup(s));
}

static void
add_block(struct arena *a, size_t size)
{
	size_t room = MAX(size, (size_t)BLOCK_SIZE);
	struct arena_block *b = x_malloc(sizeof(*b) + room);

	b->size = room;
	b->next = a->head;
	a->head = b;
	a->used = 0;
	a->total += room;
}

/* Not zeroed: most of what is asked for is written over at once. */
static char *
take(struct arena *a, size_t size)
{
	char *p;

	CHECK(size < SIZE_MAX / 2);
	size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (!a->head || a->head->size - a->used < size)
		add_block(a, size);
	p = a->head->bytes + a->used;
	a->used += size;
	return p;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	return memset(take(a, size), 0, size);
}

char *
arena_text(struct arena *a, size_t len)
{
	char *p = take(a, len + 1);

	p[len] = '\0';
	return p;
}

void *
arena_array(struct arena *a, size_t n, size_t size)
{
	CHECK(size == 0 || n < SIZE_MAX / 2 / size);
	return arena_alloc(a, n * size);
}

void *
arena_grow(struct arena *a, void *items, size_t n, size_t size)
{
	void *more;

	/* Full exactly at 0, 4, 8, 16, 32 ... items. */
	if (n != 0 && (n < 4 || (n & (n - 1)) != 0))
		return items;
	more = arena_array(a, n ? n * 2 : 4, size);
	if (n)
		memcpy(more, items, n * size);
	return more;
}

struct slice
arena_copy(struct arena *a, struct slice s)
{
	char *p = arena_text(a, s.len);

	if (s.len)
		memcpy(p, s.ptr, s.len);
	return slice(p, s.len);
}

/* Most texts fit into what the present block has left: printed once. */
struct slice
arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	size_t room = a->head ? a->head->size - a->used : 0;
	char *tried = room ? a->head->bytes + a->used : NULL, *p;
	va_list again;
	int len;

	va_copy(again, ap);
	len = vsnprintf(tried, room, fmt, again);
	va_end(again);
	CHECK(len >= 0);
	p = arena_text(a, (size_t)len);
	if (p != tried)
		vsnprintf(p, (size_t)len + 1, fmt, ap);
	return slice(p, (size_t)len);
}

struct slice
arena_printf(struct arena *a, const char *fmt, ...)
{
	struct slice s;
	va_list ap;

	va_start(ap, fmt);
	s = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return s;
}

void
arena_reset(struct arena *a)
{
	struct arena_block *keep = a->head, *b;

	if (!keep)
		return;
	/* Keep one ordinary block, never a giant one. */
	while ((b = keep->next)) {
		keep->next = b->next;
		if (keep->size > b->size) {
			b->next = keep->next;
			free(keep);
			keep = b;
		} else {
			free(b);
		}
	}
	a->head = keep;
	a->used = 0;
	a->total = keep->size;
	if (keep->size > BLOCK_SIZE)
		arena_done(a);
}

void
arena_done(struct arena *a)
{
	struct arena_block *b = a->head, *next;

	for (; b; b = next) {
		next = b->next;
		free(b);
	}
	*a = (struct arena){ 0 };
}
