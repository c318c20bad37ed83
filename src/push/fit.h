/*
 * Fitting: how long a text is to those who limit it, and how it is cut.
 *
 * Each platform counts in its own unit, and refuses what is one too long; so
 * the measure has to be exactly theirs.
 *
 * 1. Nothing is ever cut inside of a grapheme, whatever the unit: a family of
 *    emoji and a letter with its accents stay whole or go.
 * 2. A cut is between words where there is one near enough, and ends in "…".
 * 3. Lengths do not add up: two texts beside each other may become an address.
 *    So what is sent is measured whole.
 * 4. All of it is pure, and takes time that is linear in the text.
 */
#ifndef PUSH_FIT_H
#define PUSH_FIT_H

#include "base/arena.h"

enum {
	FIT_TEXT_MAX = 64 * 1024,	/* bytes that are measured */
};

enum fit_unit {
	/*
	 * As twitter-text counts (configuration v3): most of Latin 1, Chinese
	 * and emoji 2, an address 23.
	 */
	FIT_WEIGHTED,
	FIT_GRAPHEME,		/* extended clusters of UAX #29 */
	FIT_CODE_POINT,
	FIT_UTF16,		/* code units */
	FIT_BYTES,		/* of UTF-8 */
};

/* A limit. */
struct fit {
	enum fit_unit unit;
	size_t max;
	/*
	 * What an address that begins with http:// or https:// counts,
	 * whatever its length; 0: what it is.  FIT_WEIGHTED knows for itself.
	 */
	size_t address;
};

/* How long the text is; it is UTF-8, at most FIT_TEXT_MAX bytes. */
size_t fit_measure(const struct fit *f, struct slice text);

/* Does it keep all of the limits? */
bool fit_keeps(const struct fit *list, size_t n, struct slice text);

/*
 * The text, if no limit is passed; else as much of its beginning as is
 * possible, and "…".  Empty when not even that is.
 */
struct slice fit_cut(const struct fit *list, size_t n, struct slice text,
	struct arena *a);

/*
 * As much of the text's beginning as may stand between `before` and `after`,
 * measured whole.  false: not even nothing may.
 */
bool fit_between(const struct fit *list, size_t n, struct slice before,
	struct slice text, struct slice after, struct arena *a,
	struct slice *ret) MUST_USE;

/* The bytes of the first grapheme; 0 when it is empty. */
size_t fit_grapheme(struct slice text);

#endif
