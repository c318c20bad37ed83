/*
 * The words around an article: headings, labels, short sentences, in the
 * languages that the furniture of a page speaks.
 */
#ifndef FEED_PAGE_WORDS_H
#define FEED_PAGE_WORDS_H

#include "base/slice.h"

/* "{}" in a word is where a name or a number goes. */
enum word {
	WORD_COLON,		/* behind a label */
	WORD_COMMA,		/* between names */
	/* labels */
	WORD_AUTHOR,
	WORD_EDITOR,
	WORD_PHOTOGRAPHER,
	WORD_TRANSLATOR,
	WORD_CONTRIBUTOR,
	WORD_SOURCE,
	WORD_LICENCE,
	WORD_UPDATED,
	WORD_TOPICS,
	/* headings */
	WORD_SERIES,
	WORD_NEWEST,
	WORD_NEWS,		/* of the same topics */
	WORD_SUBSCRIBE,
	WORD_SHARE,
	WORD_FOLLOW,
	/* what stands below them */
	WORD_PART,
	WORD_MISSING,		/* a part that is not here */
	WORD_EARLIER,		/* parts that are not listed */
	WORD_LATER,
	WORD_MORE,		/* channels that are not listed */
	WORD_COUNT_OF,		/* articles */
	WORD_COPY,		/* above a feed's address */
	WORD_PHONE,		/* above a code */
	WORD_WECHAT,
	WORD_WECHAT_CODE,
	WORD_APP,
	WORD_MOBILE,
	WORD_EMAIL,
	/* descriptions */
	WORD_ABOUT_ALL,
	WORD_ABOUT_SERIES,
	WORD_ABOUT_TOPIC,
	/* pages of one sentence */
	WORD_NOTHING_YET,
	WORD_NOT_FOUND,
	WORD_PARTNERS_ONLY,
	WORD_WITHDRAWN,
	WORD_COUNT,
};

struct words {
	const char *lang;	/* BCP 47 */
	const char *locale;	/* as Open Graph writes it */
	const char *text[WORD_COUNT];
};

/* The furniture for a text in that language; English for what has none. */
const struct words *words_for(struct slice lang);

#endif
