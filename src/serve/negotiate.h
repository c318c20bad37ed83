/*
 * Negotiation: which variant of a document answers a request, and whether the
 * client has it already.  Pure functions over the request's head.
 */
#ifndef SERVE_NEGOTIATE_H
#define SERVE_NEGOTIATE_H

#include "model/document.h"
#include "serve/gate.h"

enum { Q_MAX = 1000 };

enum verdict {
	VERDICT_FULL,		/* send it */
	VERDICT_SAME,		/* 304: the client has it */
	VERDICT_NONE,		/* 406: no variant is acceptable */
};

struct choice {
	enum verdict verdict;
	enum coding coding;	/* of the variant; not with VERDICT_NONE */
};

/*
 * How welcome each coding is, by Accept-Encoding (RFC 9110 12.5.3): Q_MAX most,
 * 0 not at all.  Identity that is not named is 1: better than nothing.
 */
void negotiate_codings(const struct lines *accept, unsigned ret[CODING_COUNT]);

/*
 * Is the tag (without quotes) in one of the lists, compared weakly (RFC 9110
 * 13.1.2)?  "*" holds every tag.
 */
bool negotiate_tag_listed(const struct lines *lists, struct slice tag);

/*
 * Cut the next tag off a list, without its quotes and its "W/"; false at the
 * end, or where the list is broken.
 */
bool negotiate_next_tag(struct slice *list, struct slice *ret);

/* The document's tag, of a variant's. */
struct slice negotiate_plain_tag(struct slice tag);

/* Does an A-IM (RFC 3229) ask for "feed"? */
bool negotiate_wants_feed(const struct lines *a_im);

enum { TAG_SIZE = HASH_HEX + 4 };

/* The tag of a variant, without quotes; empty when the document has none. */
struct slice negotiate_tag(const struct document *d, enum coding c,
	char ret[static TAG_SIZE]);

/*
 * Choose.  A variant that the client has goes before one that ranks higher,
 * if the request accepts both: so a change of rank costs no transfer.  It has
 * the variant by our tag, or by that of a web server in front.
 * If-Modified-Since counts only without If-None-Match (RFC 9110 13.2.2), and
 * both only for a document of status 200.
 */
struct choice negotiate(const struct head *h, const struct document *d);

#endif
