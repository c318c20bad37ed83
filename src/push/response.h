/*
 * A response, as a target's judge() sees it: whatever came, within limits.
 */
#ifndef PUSH_RESPONSE_H
#define PUSH_RESPONSE_H

#include "base/arena.h"
#include "base/err.h"

enum { RESPONSE_QUOTE_MAX = 200 };	/* bytes of a body in a message */

struct request;

struct response {
	/* What it answers: no quote shows its secrets.  NULL: none. */
	const struct request *to;
	struct arena *a;	/* for what judge() makes */
	bool is_secret;		/* no word of it is quoted */
	int status;		/* 0: nothing was sent, as compose() wished */
	struct slice head;	/* the header lines */
	struct slice type;	/* Content-Type; may be empty */
	struct slice body;	/* decoded */
	/* As retry_after_ms() has it; 0: the peer does not say. */
	int64_t retry_after_ms;
};

/* The first header of that name, without blanks around it; ptr NULL: none. */
struct slice response_header(const struct response *r, struct slice name);

/*
 * What the body says, for people: its first line that is not empty, cut,
 * without what does not print.  Empty when there is none, or it is not text.
 */
struct slice response_quote(const struct response *r);

/* "the hub answered 403: unknown topic": for judge(), as ERR_REFUSED. */
void response_tell(const struct response *r, const char *who, struct err *e);

#endif
