/*
 * Patterns: regular expressions that operators write, over texts that anybody
 * may have written.
 *
 * PCRE2's syntax, in UTF-8.  What one search costs is counted in steps, not
 * in time, so that one article is always read in one way:
 * 1. A search ends after PATTERN_STEPS_MAX steps, whatever the pattern and
 *    the text; it has found nothing then.
 * 2. Of a text only the first PATTERN_TEXT_MAX bytes are looked at.
 * 3. Back references are refused: their cost cannot be counted.
 */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include "base/arena.h"
#include "base/err.h"

enum {
	PATTERN_MAX = 1000,		/* bytes of a pattern */
	PATTERN_TEXT_MAX = 64 * 1024,
	PATTERN_STEPS_MAX = 1000 * 1000,
	PATTERN_HEAP_MAX = 4 * 1024,	/* KiB for one search */
	PATTERN_DEPTH_MAX = 10000,
};

struct pattern;

/* What a search found: byte offsets in the text. */
struct pattern_hit {
	struct slice whole;
	/* The group "part"; if there is none, group 1; ptr NULL: neither. */
	struct slice part;
	struct slice headline;	/* the group "headline"; ptr NULL: none */
};

enum pattern_result { PATTERN_MISS, PATTERN_HIT, PATTERN_GAVE_UP };

/*
 * Compile.  The pattern lives in the arena and needs no other end.  -1: it is
 * none; *ret_at is then the byte of it where the fault was seen.
 */
int pattern_compile(struct slice text, struct arena *a,
	const struct pattern **ret, size_t *ret_at, struct err *e) MUST_USE;

/* The pattern as written. */
struct slice pattern_text(const struct pattern *p);

/*
 * Search.  Any thread; *ret_hit (may be NULL) borrows from the text, and is
 * set only with PATTERN_HIT.
 */
enum pattern_result pattern_search(const struct pattern *p,
	struct slice text, struct pattern_hit *ret_hit);

#endif
