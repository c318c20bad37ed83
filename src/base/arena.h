/*
 * An arena: memory that is given out piece by piece and taken back whole.
 *
 * What lives as long as a batch, a request or a delivery comes from its arena.
 * 1. Nothing is freed alone, so nothing can be freed twice or forgotten.
 * 2. arena_reset() keeps the first block: a recycled arena does not call
 *    malloc(3) for ordinary work.
 * 3. Not thread-safe: an arena belongs to whoever holds the job it is in.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>

#include "base/slice.h"

struct arena_block;

struct arena {
	struct arena_block *head;
	size_t used;	/* of the head block */
	size_t total;	/* bytes in all blocks */
};

/* Zeroed memory, aligned for any type; never NULL. */
void *arena_alloc(struct arena *a, size_t size)
	__attribute__((returns_nonnull));

/* Room for len bytes that are about to be written, and a NUL behind them. */
char *arena_text(struct arena *a, size_t len)
	__attribute__((returns_nonnull));

/* n zeroed items of a type. */
#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_array((a), (n), sizeof(type)))
void *arena_array(struct arena *a, size_t n, size_t size)
	__attribute__((returns_nonnull));

/*
 * Room for one more item: returns `items` itself, or a copy twice the size.
 * Call before each append with the present count; starts from NULL and 0.
 */
#define ARENA_GROW(a, items, n) \
	((__typeof__(items))arena_grow((a), (items), (n), sizeof(*(items))))
void *arena_grow(struct arena *a, void *items, size_t n, size_t size)
	__attribute__((returns_nonnull));

/* Copies; both are NUL-terminated behind their end. */
struct slice arena_copy(struct arena *a, struct slice s);
struct slice arena_printf(struct arena *a, const char *fmt, ...)
	PRINTF_LIKE(2, 3);
struct slice arena_vprintf(struct arena *a, const char *fmt, va_list ap)
	PRINTF_LIKE(2, 0);

/* Take everything back; the arena can be used again. */
void arena_reset(struct arena *a);
/* Free everything; the arena can be used again. */
void arena_done(struct arena *a);

#endif
