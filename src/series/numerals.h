/*
 * Numbers as titles write them.
 */
#ifndef SERIES_NUMERALS_H
#define SERIES_NUMERALS_H

#include "series/title.h"

/* No series has more parts; what is larger is a year or a quantity. */
enum { NUMERAL_MAX = 200 };

/*
 * The value of one enclosed number ("②", "㉑", "⑴", "Ⅱ"), before any NFKC,
 * which would turn it into a bare digit; -1: it is none.
 */
int numeral_sign(int32_t c);

/* "Ⅱ": a Roman numeral of one code point. */
bool numeral_is_roman_sign(int32_t c);

/*
 * Read a number at *at and move *at behind it; -1 (and *at stays): there is
 * none, or it is 0, or more than NUMERAL_MAX.
 */
int numeral_digits(const struct title *t, size_t *at);	/* 12, １２ */
int numeral_han(const struct title *t, size_t *at);	/* 十二 */
int numeral_plain(const struct title *t, size_t *at);	/* either */
int numeral_any(const struct title *t, size_t *at);	/* also XII, twelve */
int numeral_ordinal(const struct title *t, size_t *at);	/* second, 2nd */

#endif
