/*
 * Generated articles: the same for the same seed, on every machine.
 *
 * An article is made as a model (title, paragraphs, people, links) and then
 * written down in one of the newsroom's three formats, so that a test knows
 * what has to come out.  Words are chosen to hurt: markup in titles, signs
 * that XML has to escape, scripts that run both ways.
 */
#ifndef TESTS_PROPS_GEN_H
#define TESTS_PROPS_GEN_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

enum gen_format { GEN_TEXT, GEN_MARKDOWN, GEN_HTML, GEN_FORMATS };

struct gen {
	uint64_t state;
};

struct gen_article {
	struct slice title;
	struct slice *paragraphs;
	size_t n_paragraphs;
	struct slice author;
	struct slice *related;
	size_t n_related;
};

/* The next number of the sequence: 0 <= n < limit. */
uint64_t gen_below(struct gen *g, uint64_t limit);

/* A model; its text is NFC, single-spaced, and free of control characters. */
void gen_article(struct gen *g, struct arena *a, struct gen_article *ret);

/* The file that says it. */
void gen_write(const struct gen_article *art, enum gen_format f,
	struct buf *ret);

/* The file's ending: ".txt". */
struct slice gen_ending(enum gen_format f);

/*
 * Damage bytes: flip, cut, repeat, insert what a parser minds.  The result is
 * a copy in the arena, at most twice as long.
 */
struct slice gen_mutate(struct gen *g, struct slice bytes, struct arena *a);

#endif
