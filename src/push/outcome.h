/*
 * Outcomes: what came of a step, and what that means for its row.
 *
 * Pure functions.  The promises of design.md section 9 are kept here: what is
 * in doubt is sent again only if that does no harm.
 */
#ifndef PUSH_OUTCOME_H
#define PUSH_OUTCOME_H

#include "model/outbox.h"
#include "push/verdict.h"

enum {
	OUTCOME_STEPS_MAX = 100,	/* of one delivery */
	OUTCOME_WAITS_MAX = 500,	/* of one step */
	OUTCOME_WAIT_MS = 5000,		/* where a target does not say */
	OUTCOME_ASK_MS = 5000,		/* until it is asked about */
};

/* What a step means for its target's circuit breaker. */
enum outcome_health { OUTCOME_WORKED, OUTCOME_FAILED, OUTCOME_NEITHER };

/* What happened. */
struct happened {
	const struct outbox_row *row;	/* as it was before the step */
	unsigned can;			/* of its target */
	bool asked;			/* the step was to read back */
	bool repeatable;		/* the request was */
	unsigned auths;		/* refused credentials before, in a row */
	int64_t now_ms;
	bool judged;		/* by its target; else nobody answered */
	int status;		/* 0: none came */
	struct verdict verdict;
	const struct err *why;		/* of the verdict */
};

/* What becomes of it; but for its target's breaker, which is the lane's. */
struct outcome {
	struct outbox_settled settled;
	enum outcome_health health;
	bool is_refused;	/* credentials: one more in a row */
	int64_t limit_until;	/* its target takes nothing before; 0: it may */
};

/* What the verdict means. */
struct outcome outcome_of(const struct happened *h);

/*
 * The verdict over an exchange that failed: nobody answered, or not as HTTP
 * wants it.  sent: something may have arrived.
 */
struct verdict outcome_of_failure(const struct err *failed, bool sent);

#endif
