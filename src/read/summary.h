/*
 * The summary: what a reader's list shows below the title.
 */
#ifndef READ_SUMMARY_H
#define READ_SUMMARY_H

#include "base/arena.h"

/*
 * Whole sentences of a paragraph, at most ARTICLE_SUMMARY_MAX code points,
 * blanks collapsed.  A first sentence that is longer is cut between words and
 * ends in "…".
 */
struct slice summary_of(struct slice paragraph, struct arena *a);

#endif
