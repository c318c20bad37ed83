/*
 * Why an article is in its series, is this part of it, and has its topics.
 *
 * The evidence is taken down by the very code that decides (mark.c, topics.c,
 * marker.c): what is told is what was done.
 */
#ifndef SERIES_EXPLAIN_H
#define SERIES_EXPLAIN_H

#include "base/arena.h"
#include "model/article.h"
#include "model/config.h"

/* One reason: a machine's word and what to say to people. */
struct evidence_line {
	const char *word;	/* "marker", "metadata", "rule", "alias",
				 * "topic", "rejected" */
	struct slice text;	/* "enclosed number \"②\"" */
};

struct evidence {
	struct arena *arena;
	struct evidence_line *lines;
	size_t n;
};

/*
 * Take one reason down.  With e NULL nobody asks, and nothing is formatted:
 * that is how articles are read.
 */
void evidence_add(struct evidence *e, const char *word, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/*
 * Tell, for an article as a reader or series_mark_article() left it, what
 * marks it and why, in the order in which it was decided.  *art is not
 * changed.
 */
void series_explain(const struct config *c, struct slice path,
	const struct article *art, struct arena *a, struct evidence *ret);

#endif
