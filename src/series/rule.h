/*
 * Rules: which articles are on a topic.
 */
#ifndef SERIES_RULE_H
#define SERIES_RULE_H

#include "model/article.h"
#include "model/config.h"

/* A text made ready for many searches. */
struct folded {
	struct slice text;	/* fold_words() */
	unsigned char *grams;	/* a bit for each three bytes; NULL: not yet */
};

/* An article made ready for many rules. */
struct subject {
	const struct article *article;
	struct slice path;
	struct arena *arena;
	struct slice *tags;	/* fold_key() of the article's tags */
	struct folded title, body;
	/* The last test that held, and the word of it: for rule_why(). */
	const struct rule *held;
	struct slice word;
};

/*
 * Does the rule hold?  Its words for title and body are folded (config.h).
 * Words are compared without regard to case, blanks of any kind are equal, and
 * at a letter or digit a word must begin or end, except beside Chinese
 * characters, which have no words to look for.
 */
bool rule_match(const struct rule *r, struct subject *s);

/* After rule_match() found that a rule holds: by which of its tests. */
struct slice rule_why(const struct subject *s);

#endif
