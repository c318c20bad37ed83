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

#endif
