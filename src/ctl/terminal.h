/*
 * What stands on the other end of standard output: how wide, and how colourful.
 */
#ifndef CTL_TERMINAL_H
#define CTL_TERMINAL_H

#include "base/buf.h"

enum style { STYLE_PLAIN, STYLE_GOOD, STYLE_BAD, STYLE_HEAD, STYLE_QUIET };

struct terminal {
	size_t width;	/* columns; 0: not a terminal, nothing is cut */
	bool colour;
};

/*
 * Ask standard output.  No colour where $NO_COLOR is set or $TERM is "dumb";
 * $COLUMNS goes before what the terminal says.
 */
void terminal_get(struct terminal *ret);

/* Print s in a style; control characters become blanks. */
void terminal_put(const struct terminal *t, enum style style,
	struct slice s);

/* A heading on a line of its own, below an empty one. */
void terminal_head(const struct terminal *t, struct slice title);

/* A sentence on a line of its own, set in; nothing, when it is empty. */
void terminal_note(const struct terminal *t, enum style style,
	const char *s);

#endif
