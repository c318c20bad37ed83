/*
 * Evidence: marking once more, with somebody who takes notes.
 */
#include "series/explain.h"
#include "series/internal.h"

void
evidence_add(struct evidence *e, const char *word, const char *fmt, ...)
{
	va_list ap;

	if (!e)
		return;
	va_start(ap, fmt);
	e->lines = ARENA_GROW(e->arena, e->lines, e->n);
	e->lines[e->n++] = (struct evidence_line){ word,
		arena_vprintf(e->arena, fmt, ap) };
	va_end(ap);
}

void
series_explain(const struct config *c, struct slice path,
	const struct article *art, struct arena *a, struct evidence *ret)
{
	struct article copy = *art;

	*ret = (struct evidence){ .arena = a };
	copy.mark = (struct mark){ 0 };
	copy.topics = NULL;
	copy.n_topics = 0;
	mark_find(c, &copy, a, ret);
	topics_find(c, path, &copy, a, ret);
}
