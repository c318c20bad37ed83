/*
 * Folding: the forms of a text under which two spellings of it are equal.
 */
#ifndef BASE_FOLD_H
#define BASE_FOLD_H

#include "base/arena.h"

/*
 * NFC, with every run of white space (U+00A0 and U+3000 too) as one blank and
 * none at the ends: a title as it is shown.  Control characters go.
 */
struct slice fold_title(struct slice s, struct arena *a);

/* NFC, and nothing else.  What is not UTF-8 stays as it is. */
struct slice fold_nfc(struct slice s, struct arena *a);

/*
 * A key: NFKC, case-folded, apostrophes of all kinds dropped, every run of
 * what is neither letter nor digit as one hyphen, none at the ends.
 * "Guangdong's  Solution" gives "guangdongs-solution"; Chinese stays Chinese.
 * What has no letter or digit gives the empty slice.
 */
struct slice fold_key(struct slice s, struct arena *a);

/*
 * Running text to look for words in: small letters, and one blank for any run
 * of white space.
 */
struct slice fold_words(struct slice s, struct arena *a);

#endif
