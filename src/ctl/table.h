/*
 * Tables for people: columns as wide as they need, cut to the terminal.
 */
#ifndef CTL_TABLE_H
#define CTL_TABLE_H

#include "base/arena.h"
#include "ctl/terminal.h"

enum { SHEET_COLUMNS_MAX = 8 };

struct column {
	const char *title;	/* NULL in all: no heading */
	bool right;		/* numbers */
	bool shrinks;		/* when the terminal is too narrow */
};

struct sheet {
	const struct column *columns;
	size_t n_columns;
	struct arena arena;
	struct slice *cells;	/* row by row */
	size_t n_cells;
};

/* An empty sheet over an array of columns. */
#define SHEET_INIT(array) \
	((struct sheet){ .columns = (array), .n_columns = COUNT_OF(array) })

/* Fill the next cell; rows are filled from left to right. */
void sheet_put(struct sheet *s, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* A row of two cells, unless the value is empty. */
void sheet_fact(struct sheet *s, const char *name, const char *value);

/* Print the heading and all rows; a row not full ends in empty cells. */
void sheet_print(const struct sheet *s, const struct terminal *t);

/* Free the inside; fit for CLEANUP. */
void sheet_done(struct sheet *s);

#endif
