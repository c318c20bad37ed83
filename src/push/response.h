/*
 * A response, as a target's judge() sees it: whatever came, within limits.
 */
#ifndef PUSH_RESPONSE_H
#define PUSH_RESPONSE_H

#include "base/arena.h"

enum {
	RESPONSE_RETRY_MAX_MS = 24 * 3600 * 1000,
	RESPONSE_QUOTE_MAX = 200,	/* bytes of a body that a message has */
};

struct response {
	int status;		/* 0: nothing was sent, as compose() wished */
	struct slice head;	/* the header lines */
	struct slice type;	/* Content-Type; may be empty */
	struct slice body;	/* decoded */
	int64_t retry_after_ms;	/* at most a day; 0: the peer does not say */
};

/*
 * The time that a Retry-After (RFC 9110 section 10.2.3) asks to wait, in
 * seconds or as a date; at least a second, at most RESPONSE_RETRY_MAX_MS.
 * 0: it says nothing that makes sense.
 */
int64_t response_retry_after(struct slice value, int64_t now_ms);

/* The first header of that name, without blanks around it; ptr NULL: none. */
struct slice response_header(const struct response *r, struct slice name);

/*
 * What the body says, for people: its first line, cut, without what does not
 * print.  Empty when there is none, or it is not text.
 */
struct slice response_quote(const struct response *r, struct arena *a);

#endif
