/*
 * An entry's content as HTML, the same in every format and on its page: the
 * article's paragraphs, and the list of related titles behind them.
 */
#ifndef MODEL_CONTENT_H
#define MODEL_CONTENT_H

#include "base/buf.h"
#include "model/config.h"
#include "model/feed.h"

/*
 * Append the HTML.  A related title whose article is here becomes a link;
 * another stays text, because a dead link is worse than none.
 */
void content_put(struct buf *b, const struct config *c,
	const struct entry *e, struct arena *a);

#endif
