/*
 * A document's life: reference counted across threads.
 */
#include <stdlib.h>

#include "model/document.h"

const char *const coding_endings[CODING_COUNT] = {
	[CODING_IDENTITY] = "",
	[CODING_GZIP] = ".gz",
	[CODING_BROTLI] = ".br",
};

struct document *
document_new(void)
{
	struct document *d = x_calloc(1, sizeof(*d));

	atomic_init(&d->refs, 1);
	d->status = 200;
	return d;
}

/* The bodies are ours; struct slice only looks, hence the cast. */
static void
free_slice(struct slice s)
{
	free((void *)(uintptr_t)s.ptr);
}

void
document_set_body(struct document *d, enum coding c, char *bytes, size_t len)
{
	free_slice(d->body[c]);
	d->body[c] = slice(bytes, len);
}

void
document_set_links(struct document *d, struct slice links)
{
	char *copy = x_malloc(links.len + 1);

	memcpy(copy, links.ptr, links.len);
	copy[links.len] = '\0';
	free_slice(d->links);
	d->links = slice(copy, links.len);
}

struct document *
document_ref(struct document *d)
{
	atomic_fetch_add_explicit(&d->refs, 1, memory_order_relaxed);
	return d;
}

void
document_unref(struct document *d)
{
	if (!d || atomic_fetch_sub_explicit(&d->refs, 1,
		memory_order_acq_rel) > 1)
		return;
	for (int c = 0; c < CODING_COUNT; c++)
		free_slice(d->body[c]);
	free_slice(d->links);
	free(d);
}

size_t
document_size(const struct document *d)
{
	size_t n = sizeof(*d) + d->links.len;

	for (int c = 0; c < CODING_COUNT; c++)
		n += d->body[c].len;
	return n;
}
