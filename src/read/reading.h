/*
 * What the readers of marked-up articles share.
 */
#ifndef READ_READING_H
#define READ_READING_H

#include "read/byline.h"

/* Does a path end so, in any case of letters? */
bool reading_ends(struct slice path, struct slice ending);

/* The lines of text: the title's own heading, bylines, and what stays. */
struct leaves {
	struct byline byline;
	bool gives_title;	/* the first h1 may be the title */
	bool titled;		/* the title's heading has been met */
};

/* markup's leaf: true for bylines, and for the heading that is the title. */
bool leaves_take(void *ctx, enum tag_id tag, struct slice text);

/*
 * Give the article its html, text and, if nobody said one, its summary.  -1:
 * it has no title (the hint says how it gets one), or it is too long.
 */
int reading_finish(struct markup *m, const char *hint, struct err *e)
	MUST_USE;

#endif
