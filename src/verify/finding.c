/*
 * Findings: what is published and should not be so.
 */
#include <stdarg.h>

#include "verify/finding.h"

/* Room for one more; NULL when there are enough. */
static struct finding *
next(struct findings *f)
{
	if (f->n == FINDINGS_MAX) {
		f->dropped++;
		return NULL;
	}
	f->list = ARENA_GROW(&f->arena, f->list, f->n);
	return &f->list[f->n++];
}

void
findings_add(struct findings *f, struct slice place, struct slice hint,
	const char *fmt, ...)
{
	struct finding *one = next(f);
	va_list ap;

	if (!one)
		return;
	va_start(ap, fmt);
	one->what = arena_vprintf(&f->arena, fmt, ap);
	va_end(ap);
	one->place = arena_copy(&f->arena, place);
	one->hint = arena_copy(&f->arena, hint);
}

void
findings_move(struct findings *f, struct findings *from)
{
	for (size_t i = 0; i < from->n; i++)
		findings_add(f, from->list[i].place, from->list[i].hint,
			"%.*s", ARG(from->list[i].what));
	f->dropped += from->dropped;
	findings_done(from);
}

void
findings_done(struct findings *f)
{
	arena_done(&f->arena);
	*f = (struct findings){ 0 };
}
