/*
 * One exchange: a libcurl handle, a call, and what has come of it so far.
 *
 * Handles are used again: what is the same for all calls is set once, what
 * seldom differs only when it does, and the caller's headers and body are
 * borrowed where they lie.
 */
#ifndef PUSH_EXCHANGE_H
#define PUSH_EXCHANGE_H

#include <curl/curl.h>

#include "base/buf.h"
#include "push/client.h"
#include "push/memory.h"

/* Options of a handle that are a number, and differ from call to call. */
enum exchange_knob {
	KNOB_CONNECT_MS, KNOB_TOTAL_MS, KNOB_LOW_TIME, KNOB_LOW_LIMIT,
	KNOB_FRESH, KNOB_FORBID, KNOB_VERSION, KNOB_WAIT,
	KNOBS,
};

struct exchange {
	CURL *easy;
	const struct client_limits *limits;
	struct memory *memory;		/* that it holds; NULL: none */
	struct call *call;		/* NULL: idle */
	struct exchange *prev, *next;	/* of those like it */
	struct curl_slist lines[CALL_HEADERS_MAX + 1];
	long knobs[KNOBS];		/* as they were set last */
	bool compressed, is_named;	/* the same: coding, method */
	struct curl_slist *names;	/* for tests */
	int64_t began;
	/* What has come: */
	struct buf head, answer;
	unsigned n_lines;
	bool is_interim;		/* the head is that of a 1xx */
	bool is_headed;			/* it is whole, and not that */
	bool is_over;			/* the answer's limit */
	const char *refused;		/* an address was: why */
	char error[CURL_ERROR_SIZE];
};

/* A handle with all that is the same for all calls. */
struct exchange *exchange_new(const struct client_limits *l);

/*
 * Prepare the handle for a call, whose result is empty.  -1: call->failed says
 * why it cannot be sent.
 */
int exchange_begin(struct exchange *x, struct call *call, struct memory *m)
	MUST_USE;

/* Fill the call's result from what came.  The slices are this exchange's. */
void exchange_end(struct exchange *x, CURLcode code);

/* Forget the call and what came; memory that was much is given back. */
void exchange_rest(struct exchange *x);

/* Let go of the memory; it is in no multi handle. */
void exchange_leave(struct exchange *x);

/* Free it; it is in no multi handle. */
void exchange_free(struct exchange *x);

#endif
