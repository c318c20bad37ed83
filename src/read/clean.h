/*
 * Cleaning: what of a text's bytes may go out, and as what.
 */
#ifndef READ_CLEAN_H
#define READ_CLEAN_H

#include "base/slice.h"

enum clean_piece { CLEAN_END, CLEAN_TEXT, CLEAN_BLANK };

/*
 * Take the next piece off *rest, which is UTF-8: a text that stays as it is
 * (single blanks between its words included), or a run of ASCII white space.
 * C0 controls, U+FFFE and U+FFFF go; U+0080 to U+009F become what they are in
 * windows-1252, or go where they are nothing.
 */
enum clean_piece clean_next(struct slice *rest, struct slice *ret);

/* Does nothing of s have to be cleaned? */
bool clean_is_plain(struct slice s);

#endif
