/*
 * Tables for people.
 *
 * A table too wide takes from its shrinking columns, the widest first, and
 * never below SHRUNK_MIN; what still does not fit is the terminal's to wrap.
 */
#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"
#include "ctl/table.h"

enum { GAP = 2, SHRUNK_MIN = 12 };

void
sheet_put(struct sheet *s, const char *fmt, ...)
{
	va_list ap;

	s->cells = ARENA_GROW(&s->arena, s->cells, s->n_cells);
	va_start(ap, fmt);
	s->cells[s->n_cells++] = arena_vprintf(&s->arena, fmt, ap);
	va_end(ap);
}

void
sheet_fact(struct sheet *s, const char *name, const char *value)
{
	if (!value[0])
		return;
	sheet_put(s, "%s", name);
	sheet_put(s, "%s", value);
}

static void
measure(const struct sheet *s, size_t *widths)
{
	for (size_t i = 0; i < s->n_columns; i++)
		widths[i] = utf8_cells(slice_str(s->columns[i].title));
	for (size_t i = 0; i < s->n_cells; i++) {
		size_t *w = &widths[i % s->n_columns];

		*w = MAX(*w, utf8_cells(s->cells[i]));
	}
}

static void
shrink(const struct sheet *s, size_t *widths, size_t room)
{
	size_t total = GAP * (s->n_columns - 1), *widest;

	for (size_t i = 0; i < s->n_columns; i++)
		total += widths[i];
	for (; total > room; total--) {
		widest = NULL;
		for (size_t i = 0; i < s->n_columns; i++)
			if (s->columns[i].shrinks && widths[i] > SHRUNK_MIN &&
				(!widest || widths[i] > *widest))
				widest = &widths[i];
		if (!widest)
			return;
		--*widest;
	}
}

/* As much of s as fits in so many columns, with "..." where it was cut. */
static struct slice
cut(struct slice s, size_t width, struct arena *a)
{
	size_t n;

	if (utf8_cells(s) <= width)
		return s;
	n = utf8_count(s);
	while (n > 0 && utf8_cells(utf8_first(s, n)) + 3 > width)
		n--;
	return arena_printf(a, "%.*s...", ARG(utf8_first(s, n)));
}

static void
print_cell(const struct sheet *s, const struct terminal *t,
	enum style style, size_t column, size_t width, struct slice cell)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct slice shown = t->width ? cut(cell, width, &a) : cell;
	int pad = (int)width - (int)utf8_cells(shown);
	bool last = column + 1 == s->n_columns;

	if (s->columns[column].right)
		printf("%*s", MAX(pad, 0), "");
	terminal_put(t, style, shown);
	if (!s->columns[column].right && !last)
		printf("%*s", MAX(pad, 0), "");
	printf("%*s", last ? 0 : GAP, "");
}

void
sheet_print(const struct sheet *s, const struct terminal *t)
{
	size_t widths[SHEET_COLUMNS_MAX];

	CHECK(s->n_columns <= SHEET_COLUMNS_MAX);
	measure(s, widths);
	if (t->width)
		shrink(s, widths, t->width);
	for (size_t i = 0; s->columns[0].title && i < s->n_columns; i++)
		print_cell(s, t, STYLE_HEAD, i, widths[i],
			slice_str(s->columns[i].title));
	if (s->columns[0].title)
		putchar('\n');
	for (size_t i = 0; i < s->n_cells; i++) {
		size_t column = i % s->n_columns;

		print_cell(s, t, STYLE_PLAIN, column, widths[column],
			s->cells[i]);
		if (column + 1 == s->n_columns || i + 1 == s->n_cells)
			putchar('\n');
	}
}

void
sheet_done(struct sheet *s)
{
	arena_done(&s->arena);
}
