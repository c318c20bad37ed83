/*
 * Outcomes, one function for each verdict.
 */
#include "push/outcome.h"
#include "push/schedule.h"
#include "push/target.h"

static struct slice
reason(const struct happened *h)
{
	return slice_str(h->why->text);
}

static struct outcome
stay(const struct happened *h, enum outbox_state state, int64_t due)
{
	return (struct outcome){ .settled = {
		.id = h->row->id,
		.now = h->now_ms,
		.state = state,
		.due = due,
		.step = h->row->step,
		.tries = h->row->tries + 1,
		.waits = h->row->waits,
		.keeps_memo = true,
		.status = h->status,
		.why = reason(h),
	} };
}

static struct outcome
give_up(const struct happened *h)
{
	struct outcome o = stay(h, OUTBOX_REJECTED, h->now_ms);

	o.health = OUTCOME_FAILED;
	return o;
}

static struct outcome
done(const struct happened *h)
{
	struct outcome o = stay(h, OUTBOX_DONE, h->now_ms);

	o.settled.keeps_memo = false;
	o.settled.memo = h->verdict.memo;
	o.settled.why = S("");
	return o;
}

static struct outcome
next(const struct happened *h)
{
	struct outcome o = stay(h, OUTBOX_READY, h->now_ms);

	if (h->row->step >= OUTCOME_STEPS_MAX) {
		o = give_up(h);
		o.settled.why = S("it takes more steps than can be");
		return o;
	}
	o.settled.step++;
	o.settled.tries = o.settled.waits = 0;
	o.settled.keeps_memo = false;
	o.settled.memo = h->verdict.memo;
	o.settled.why = S("");
	return o;
}

static struct outcome
wait(const struct happened *h)
{
	int64_t ms = h->verdict.wait_ms > 0 ? h->verdict.wait_ms :
		OUTCOME_WAIT_MS;
	struct outcome o = stay(h, OUTBOX_READY, h->now_ms + ms);

	if (h->row->tries >= OUTCOME_WAITS_MAX)
		return give_up(h);
	o.settled.waits++;
	o.settled.keeps_memo = h->verdict.memo.len == 0;
	o.settled.memo = h->verdict.memo;
	return o;
}

/*
 * A peer that says when is alive, and only busy.  Those that it was to wait
 * for are no failures.
 */
static struct outcome
retry(const struct happened *h)
{
	int fails = h->row->tries - h->row->waits + 1;
	int64_t pause = schedule_pause(fails, h->verdict.wait_ms);
	struct outcome o;

	if (pause < 0)
		return give_up(h);
	o = stay(h, OUTBOX_READY, h->now_ms + pause);
	o.health = h->verdict.wait_ms > 0 ? OUTCOME_NEITHER : OUTCOME_FAILED;
	return o;
}

/* The row stays as it is, and so it goes on when the target does. */
static struct outcome
hold(const struct happened *h)
{
	struct outcome o = stay(h, h->asked ? OUTBOX_UNKNOWN : OUTBOX_READY,
		h->now_ms);

	o.settled.tries = h->row->tries;
	o.settled.hold = reason(h);
	o.health = OUTCOME_NEITHER;
	return o;
}

static struct outcome
refused(const struct happened *h)
{
	struct outcome o = hold(h);

	o.is_refused = true;
	if (h->auths == 0)
		o.settled.hold = S("");
	return o;
}

static struct outcome
doubt(const struct happened *h)
{
	struct outcome o;

	if (h->repeatable || (h->can & CAN_REPEAT))
		return retry(h);
	o = stay(h, OUTBOX_UNKNOWN, h->can & CAN_READ_BACK ?
		h->now_ms + OUTCOME_ASK_MS : 0);
	o.settled.tries = 0;
	o.health = OUTCOME_FAILED;
	return o;
}

static struct outcome
reject(const struct happened *h)
{
	return stay(h, OUTBOX_REJECTED, h->now_ms);
}

/* ---- what reading back says ---- */

/* Nobody could tell: ask later, or leave it to people. */
static struct outcome
ask_later(const struct happened *h)
{
	int64_t pause = schedule_pause(h->row->tries + 1, h->verdict.wait_ms);
	struct outcome o = stay(h, OUTBOX_UNKNOWN, pause < 0 ? 0 :
		h->now_ms + pause);

	o.health = h->judged ? OUTCOME_WORKED : OUTCOME_FAILED;
	return o;
}

/* It failed, as is known now: what counts is how often it was sent. */
static struct outcome
was_not_applied(const struct happened *h)
{
	int fails = h->row->sent - h->row->waits;
	int64_t pause = schedule_pause(fails, h->verdict.wait_ms);
	struct outcome o;

	if (pause < 0)
		return give_up(h);
	o = stay(h, OUTBOX_READY, h->now_ms + pause);
	o.settled.tries = h->row->sent;
	return o;
}

static struct outcome
asked(const struct happened *h)
{
	switch (h->verdict.kind) {
	case VERDICT_DONE:
		return done(h);
	case VERDICT_NEXT:
		return next(h);
	case VERDICT_RETRY:
		/* Without an answer that means that asking failed. */
		return h->judged ? was_not_applied(h) : ask_later(h);
	case VERDICT_AUTH:
		return refused(h);
	case VERDICT_HOLD:
		return hold(h);
	case VERDICT_UNKNOWN:
		return h->judged ? stay(h, OUTBOX_UNKNOWN, 0) : ask_later(h);
	case VERDICT_WAIT:
	case VERDICT_REJECT:
	case VERDICT_COUNT:
		break;
	}
	return ask_later(h);
}

static struct outcome
verdict_outcome(const struct happened *h)
{
	if (h->asked)
		return asked(h);
	switch (h->verdict.kind) {
	case VERDICT_DONE:
		return done(h);
	case VERDICT_NEXT:
		return next(h);
	case VERDICT_WAIT:
		return wait(h);
	case VERDICT_RETRY:
		return retry(h);
	case VERDICT_AUTH:
		return refused(h);
	case VERDICT_UNKNOWN:
		return doubt(h);
	case VERDICT_HOLD:
		return hold(h);
	case VERDICT_REJECT:
	case VERDICT_COUNT:
		break;
	}
	return reject(h);
}

struct outcome
outcome_of(const struct happened *h)
{
	struct outcome o = verdict_outcome(h);

	o.settled.upload = h->verdict.upload;
	if (h->verdict.is_limit)
		o.limit_until = h->now_ms + h->verdict.wait_ms;
	return o;
}

struct verdict
outcome_of_failure(const struct err *failed, bool sent)
{
	/* The address leads where nobody allowed it to, or is none. */
	if (failed->kind == ERR_REFUSED ||
		(failed->kind == ERR_SYNTAX && !sent))
		return verdict_hold();
	return sent ? verdict_unknown() : verdict_retry(0);
}
