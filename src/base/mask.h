/*
 * Masking: tokens that stand in a text which is about to be logged.
 */
#ifndef BASE_MASK_H
#define BASE_MASK_H

#include "base/slice.h"

/*
 * Cut what stands behind "token=", "Authorization: Bearer " and
 * "Authorization: Basic " out of the text, in place:
 * "/feeds/all.atom?token=***&x=1".  Case does not matter.
 */
void mask_tokens(char *text);

#endif
