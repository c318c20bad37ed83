/*
 * Bylines: what the paragraphs of a page say about the article rather than to
 * its readers - credits, dates, related links - by the rules of plain text.
 */
#ifndef READ_BYLINE_H
#define READ_BYLINE_H

#include "read/line.h"
#include "read/markup.h"

enum byline_place {
	BYLINE_HEAD,	/* no text yet */
	BYLINE_BODY,
	BYLINE_RELATED,	/* titles below "Related links:" */
	BYLINE_FOOT,	/* behind the reporter */
	BYLINE_NEWS,	/* below "Related News": links of the page */
};

enum { BYLINE_HELD_MAX = 16 };

struct byline {
	struct markup *markup;
	enum byline_place place;
	struct slice source;	/* "Source: X" of the head: goes to the end */
	/* The last paragraphs, if they could be credits with a colon. */
	struct line held[BYLINE_HELD_MAX];
	size_t n_held;
	size_t html, text;	/* where they begin */
	struct line last;	/* "Source: X", if the text ends in it */
	size_t end;		/* where they end in the html */
};

/*
 * Look at a line of text of the markup, which has just been written.  True:
 * it is a byline, and its credits and titles went into the article.
 */
bool byline_leaf(struct byline *b, enum tag_id tag, struct slice text);

/* At the end of the article, before markup_finish(). */
void byline_finish(struct byline *b);

#endif
