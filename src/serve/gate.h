/*
 * The request gate: what libmicrohttpd lets through and we do not.
 *
 * Its parser is lenient; a proxy in front may read the same bytes in another
 * way, and the difference is how requests are smuggled.  So everything that
 * has two readings is refused, and the connection closed.
 */
#ifndef SERVE_GATE_H
#define SERVE_GATE_H

#include "base/slice.h"

enum {
	HEAD_LINES_MAX = 8,
	HEAD_FIELDS_MAX = 100,
	/*
	 * Of a head's bytes, and what the library needs for each field.  The
	 * rest of its memory is for the head of the answer: without room for
	 * that, it would close without a word.  The library keeps all of it,
	 * also for a connection that rests; so it is as little as clients
	 * without cookies need, five times over.
	 */
	HEAD_MAX = 5 * 1024,
	HEAD_FIELD_COST = 56,
	HEAD_MEMORY = 7 * 1024,
	FORM_MAX = 8 * 1024,	/* bytes of a POST's body */
};

/* The values of a field that may stand in several lines; more are ignored. */
struct lines {
	struct slice line[HEAD_LINES_MAX];
	size_t n;
};

enum method { METHOD_GET, METHOD_HEAD, METHOD_OPTIONS, METHOD_POST,
	METHOD_OTHER, METHOD_UNKNOWN };

/* A request's head; all text is borrowed. */
struct head {
	enum method method;
	struct slice path;	/* raw, without the query; begins with "/" */
	struct lines accept_encoding;
	struct lines if_none_match;
	struct lines a_im;
	struct slice if_modified_since;
	struct slice authorization;
	struct slice user_agent;
	struct slice content_type;
	struct slice forwarded;	/* the last X-Forwarded-For */
	unsigned hosts, lengths, encodings;	/* how many such fields */
	unsigned fields;
	size_t cost;	/* of the library's memory */
	bool old;	/* HTTP/1.0 */
	bool body;	/* one is announced */
	int64_t length;	/* of it, as Content-Length says */
	bool bad;	/* two readings, or against the grammar */
};

/* Begin with the request line. */
void gate_begin(struct head *h, struct slice method, struct slice target,
	struct slice version);

/* One header field, as it was sent. */
void gate_field(struct head *h, struct slice name, struct slice value);

/*
 * All fields are there: 0, or the status to refuse with.  Only a hub takes a
 * POST: a form of known length, at most FORM_MAX bytes.
 */
unsigned gate_judge(const struct head *h);

/* Is it a path that takes a POST? */
bool gate_is_hub(struct slice path);

/* Does the client say that it has something already? */
bool gate_is_conditional(const struct head *h);

#endif
