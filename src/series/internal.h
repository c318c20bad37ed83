/*
 * series/ among itself: the steps of marking an article.
 */
#ifndef SERIES_INTERNAL_H
#define SERIES_INTERNAL_H

#include "model/article.h"
#include "model/config.h"
#include "series/explain.h"

/*
 * Find the mark and the entry title of an article: what its metadata says,
 * then the configuration's rules, then its title.  e NULL: nobody asks why.
 */
void mark_find(const struct config *c, struct article *art, struct arena *a,
	struct evidence *e);

/*
 * Find the topics of an article whose topics are empty: by its tags, and by
 * rules.
 */
void topics_find(const struct config *c, struct slice path,
	struct article *art, struct arena *a, struct evidence *e);

/*
 * Is an article with this mark in the series on that alone?  A weak mark with
 * a number is enough for a series that the operator wrote down; a name
 * without a number never is.
 */
bool mark_is_member(const struct config *c, const struct mark *m);

/* ---- share.c ---- */

/*
 * May the channel that a key means have the article, by what that says?  Ask
 * after share_apply().
 */
bool share_takes(const struct config *c, enum channel_kind kind,
	struct slice key, const struct article *art);

/*
 * Is it exclusive?  And take series and topics away that may not have it.
 */
void share_apply(const struct config *c, struct article *art);

#endif
