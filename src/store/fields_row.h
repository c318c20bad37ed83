/*
 * An article's fields as a column: a JSON object of what is said.
 */
#ifndef STORE_FIELDS_ROW_H
#define STORE_FIELDS_ROW_H

#include "base/arena.h"
#include "model/article.h"

/*
 * All but `url`, which has a column of its own.  Empty when nothing is said,
 * as of most articles.
 */
struct slice fields_text(const struct fields *f, struct arena *a);

/* The reverse.  What cannot be read says nothing. */
void fields_take(struct slice text, struct arena *a, struct fields *ret);

#endif
