/*
 * Rules: which articles are on a topic.
 */
#ifndef SERIES_RULE_H
#define SERIES_RULE_H

#include "model/article.h"
#include "model/config.h"

/* An article made ready for many rules: what is lowered, is lowered once. */
struct subject {
	const struct article *article;
	struct slice path;
	struct arena *arena;
	struct slice title;	/* small letters; ptr NULL: not yet */
	struct slice body;
};

/*
 * Does the rule hold?  Words are compared without regard to case, blanks of
 * any kind are equal, and at a letter or digit a word must begin or end,
 * except beside Chinese characters, which have no words to look for.
 */
bool rule_match(const struct rule *r, struct subject *s);

#endif
