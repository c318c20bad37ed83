/*
 * A verdict: what an answer means for the delivery, and for its target.
 */
#ifndef PUSH_VERDICT_H
#define PUSH_VERDICT_H

#include "base/slice.h"
#include "model/upload.h"

enum verdict_kind {
	VERDICT_DONE,
	VERDICT_NEXT,	/* this step is; the memo goes to the next one */
	VERDICT_WAIT,	/* the peer works on it: the same step again, later */
	VERDICT_RETRY,	/* certainly not applied: the same step again */
	VERDICT_AUTH,	/* credentials refused: read them anew, once; a second
			 * time holds the target */
	VERDICT_UNKNOWN,	/* it may be applied: read back, never resend */
	VERDICT_REJECT,	/* this delivery never */
	VERDICT_HOLD,	/* the target stops until somebody looks */
	VERDICT_COUNT,
};

/* DONE and NEXT need no reason; all others say one in judge()'s *e. */
struct verdict {
	enum verdict_kind kind;
	int64_t wait_ms;	/* WAIT, RETRY; 0: by the schedule */
	bool is_limit;		/* WAIT: all that goes to the target does */
	struct slice memo;	/* NEXT, WAIT: replaces the one there was; DONE:
				 * what later deliveries of the subject need */
	/* What was uploaded, or is to be forgotten; with any kind. */
	struct upload upload;
};

/* "done", "next", ... */
struct slice verdict_name(enum verdict_kind kind);

static inline struct verdict
verdict_done(void)
{
	return (struct verdict){ .kind = VERDICT_DONE };
}

/* Done, and this is what it is called there, for edits and links. */
static inline struct verdict
verdict_done_as(struct slice memo)
{
	return (struct verdict){ .kind = VERDICT_DONE, .memo = memo };
}

static inline struct verdict
verdict_next(struct slice memo)
{
	return (struct verdict){ .kind = VERDICT_NEXT, .memo = memo };
}

/* The next step, and this is uploaded: it need not be again. */
static inline struct verdict
verdict_uploaded(struct slice memo, struct upload u)
{
	return (struct verdict){ .kind = VERDICT_NEXT, .memo = memo,
		.upload = u };
}

static inline struct verdict
verdict_wait(int64_t ms, struct slice memo)
{
	return (struct verdict){ .kind = VERDICT_WAIT, .wait_ms = ms,
		.memo = memo };
}

/* Too much was sent: nothing is, to that target, for so long. */
static inline struct verdict
verdict_limit(int64_t ms)
{
	return (struct verdict){ .kind = VERDICT_WAIT, .wait_ms = ms,
		.is_limit = true };
}

static inline struct verdict
verdict_retry(int64_t ms)
{
	return (struct verdict){ .kind = VERDICT_RETRY, .wait_ms = ms };
}

static inline struct verdict
verdict_auth(void)
{
	return (struct verdict){ .kind = VERDICT_AUTH };
}

static inline struct verdict
verdict_unknown(void)
{
	return (struct verdict){ .kind = VERDICT_UNKNOWN };
}

static inline struct verdict
verdict_reject(void)
{
	return (struct verdict){ .kind = VERDICT_REJECT };
}

static inline struct verdict
verdict_hold(void)
{
	return (struct verdict){ .kind = VERDICT_HOLD };
}

#endif
