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
 * 4. All of it is pure.  To measure takes time that is linear in the text, to
 *    cut a logarithm more.
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

/* How long the text is.  Over FIT_TEXT_MAX bytes it is SIZE_MAX. */
size_t fit_measure(const struct fit *f, struct slice text);

/* Does it keep all of the limits? */
bool fit_keeps(const struct fit *list, size_t n, struct slice text);

/*
 * As much of the text's beginning as may stand between `before` and `after`,
 * measured whole: all of it, or a part that ends in "…", or nothing.  false:
 * not even nothing may.
 */
bool fit_between(const struct fit *list, size_t n, struct slice before,
	struct slice text, struct slice after, struct arena *a,
	struct slice *ret) MUST_USE;

/* The same of a text that stands alone. */
static inline struct slice
fit_cut(const struct fit *list, size_t n, struct slice text, struct arena *a)
{
	struct slice ret;

	return fit_between(list, n, S(""), text, S(""), a, &ret) ? ret : S("");
}

#endif
