/*
 * Language tags (RFC 5646), as far as their form goes.
 */
#ifndef BASE_LANGUAGE_TAG_H
#define BASE_LANGUAGE_TAG_H

#include "base/slice.h"

/*
 * Is it well-formed: a language of two or three letters, and subtags of one to
 * eight letters and digits ("en", "zh-Hant", "pt-BR")?  Whether anybody
 * registered it is not asked.
 */
bool language_tag_is_good(struct slice tag);

/*
 * Is the tag the range, or a part of it, as "zh-Hans-CN" is of "zh"?  Cases do
 * not matter (RFC 4647 section 3.3.1).
 */
bool language_tag_is_of(struct slice tag, struct slice range);

/* Is it of one of the ranges?  Of none, any tag is. */
bool language_tag_is_among(struct slice tag, const struct slice *ranges,
	size_t n);

#endif
