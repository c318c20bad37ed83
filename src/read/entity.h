/*
 * Character references: "&amp;", "&#8217;", "&#x2019;".
 */
#ifndef READ_ENTITY_H
#define READ_ENTITY_H

#include "base/arena.h"

/*
 * The text with its references replaced: s itself when it has none.  What is
 * no reference stays as it is; a number that is no character goes.  Never
 * longer than s.
 */
struct slice entity_decode(struct slice s, struct arena *a);

#endif
