/*
 * Edit distance: how many characters apart two texts are.
 */
#ifndef BASE_EDIT_H
#define BASE_EDIT_H

#include "base/slice.h"

enum {
	EDIT_TEXT_MAX = 1024,	/* characters; longer texts are far apart */
	NEAR_PERCENT = 8,	/* of a title may differ by slips */
};

/*
 * Characters added, dropped or changed between a and b, when these are at
 * most max; else max + 1.  Costs (max + 1) times the length.
 */
size_t edit_distance(struct slice a, struct slice b, size_t max);

/*
 * The same digits in the same order, Chinese ones and "上", "中", "下" too:
 * "2024" is never a slip for "2025".
 */
bool edit_same_digits(struct slice a, struct slice b);

/*
 * Are two folded titles one with a slip in it?  At most NEAR_PERCENT of
 * the characters differ, and no digit.
 */
bool edit_is_near(struct slice a, struct slice b);

#endif
