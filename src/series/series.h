/*
 * series: which series and part a title names, which topics an article has,
 * and what is to happen to it.  All pure.
 */
#ifndef SERIES_SERIES_H
#define SERIES_SERIES_H

#include "base/arena.h"
#include "model/article.h"
#include "model/batch.h"
#include "model/config.h"

/*
 * Find the series marker of a title (series.md, steps 1 to 5).  Without one
 * *ret has MARK_NONE and the whole title as its headline.  Text borrows from
 * the arena.
 */
void series_parse_title(struct slice title, struct arena *a,
	struct mark *ret);

/*
 * Fill series/'s part of an article: its mark and entry title, the marks of
 * its related titles, its topics, digest and form.
 */
void series_mark_article(const struct config *c, struct slice path,
	struct article *art, struct arena *a);

/*
 * Decide, for each item of a batch whose `prior` is filled, what is to be
 * written: the plans.
 */
void series_decide(const struct config *c, struct batch *b);

#endif
