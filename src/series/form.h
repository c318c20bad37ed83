/*
 * The forms of markers among themselves: see marker.c.
 */
#ifndef SERIES_FORM_H
#define SERIES_FORM_H

#include "series/marker.h"

/* A part at from..to, strong; its label is all of it.  Always true. */
bool form_found(struct marker *m, size_t from, size_t to, int number);

/* Take brackets that close around the marker into it; false: none do. */
bool form_widen(const struct title *t, struct marker *m);

/* Is the glyph at i a blank? */
bool form_is_blank(const struct title *t, size_t i);

/* Is i the end of a tag that the title begins with: "[Name, Part 2] ..."? */
bool form_in_tag(const struct title *t, size_t i);

/* A separator, the end of a tag, or the end of the title, at i. */
bool form_is_over(const struct title *t, size_t i);

/* The same where Chinese is written, for which a blank separates too. */
bool form_is_over_han(const struct title *t, size_t i);

/*
 * Is the marker of a form at i?  Of Chinese forms: "第十二期", "之三" and
 * "其三", "连载12", "（上）" and "完结篇".
 */
bool form_ordinal(const struct title *t, size_t i, struct marker *m);
bool form_zhi(const struct title *t, size_t i, struct marker *m);
bool form_serial(const struct title *t, size_t i, struct marker *m);
bool form_third(const struct title *t, size_t i, struct marker *m);

#endif
