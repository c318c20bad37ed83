/*
 * Related links: the titles below "Related links:".
 */
#ifndef READ_RELATED_H
#define READ_RELATED_H

#include "base/arena.h"
#include "model/article.h"

/*
 * Add a title as printed.  Empty ones and those beyond ARTICLE_RELATED_MAX
 * are passed over.  False: it is too long for a title.
 */
bool related_add(struct article *art, struct slice title, struct arena *a);

#endif
