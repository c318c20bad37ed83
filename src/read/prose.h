/*
 * Prose: paragraphs built from lines, as plain text and as HTML at once.
 *
 * 1. The text is clean: no control characters, no runs of blanks; no-break
 *    spaces stay as they are in the source.
 * 2. The HTML has nothing but <p>, each closed, and escapes only & < >; but
 *    an address that was put as a link is one.
 */
#ifndef READ_PROSE_H
#define READ_PROSE_H

#include "base/buf.h"

/* The HTML of a plain text; what is longer is set aside. */
enum { PROSE_HTML_MAX = 7 * 1024 * 1024 };

struct prose {
	struct buf text;	/* paragraphs, joined with "\n" */
	struct buf html;	/* the same in <p>, joined with "\n" */
	size_t from;		/* where the open paragraph begins in text */
	size_t first;		/* length of the first paragraph */
	bool open;
};

/* No paragraph yet; p is whatever it was. */
void prose_init(struct prose *p);
/* Free the texts; fit for CLEANUP. */
void prose_done(struct prose *p);

/*
 * Add a line to the open paragraph, or open one with it.  Lines are joined
 * with a blank; between two Chinese characters with nothing.
 */
void prose_put(struct prose *p, struct slice line);

/* A paragraph that is nothing but a link to an address, as uri_is_http(). */
void prose_put_link(struct prose *p, struct slice address);

/* End the open paragraph, if any. */
void prose_close(struct prose *p);

/* The first paragraph; empty when there is none. */
struct slice prose_first(const struct prose *p);

#endif
