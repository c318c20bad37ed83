/*
 * fail: a target that fails as it is told to, and sends nothing.
 *
 * For seeing what happens then: retries, a target that is held, a delivery of
 * which nobody knows, and how one is read back.  It plays both sides: what its
 * peer would have answered stands in its settings.
 *
 * 1. Each step fails in its first attempts, `times` of them, and then works.
 * 2. What is in doubt is asked for, and the answer is `applied`.
 */
#include "push/retry_after.h"
#include "push/target.h"

enum { STEPS_MAX = 10, TIMES_MAX = 1000000 };

enum applied { APPLIED_NO, APPLIED_YES, APPLIED_UNKNOWN };

struct fail_conf {
	int64_t status, times, steps;
	int64_t retry_after_ms;
	enum applied applied;
};

#define FIELD(field) SETTING_FIELD(struct fail_conf, field)

static const char *const applied_words[] = { "no", "yes", "unknown", NULL };

static const struct setting settings[] = {
	{ "status", SETTING_INT, FIELD(status), .preset = "500",
		.min = 100, .max = 599,
		.help = "What its peer answers when it fails." },
	{ "times", SETTING_INT, FIELD(times), .preset = "1",
		.min = 0, .max = TIMES_MAX,
		.help = "How many attempts of each step fail." },
	{ "steps", SETTING_INT, FIELD(steps), .preset = "1",
		.min = 1, .max = STEPS_MAX,
		.help = "How many requests a delivery takes." },
	{ "retry-after", SETTING_TIME, FIELD(retry_after_ms), .preset = "0s",
		.max = RETRY_AFTER_MAX_MS,
		.help = "How long its peer wants to be left alone." },
	{ "applied", SETTING_CHOICE, FIELD(applied), .preset = "no",
		.choices = applied_words,
		.help = "What its peer says when it is asked whether a "
			"delivery was applied." },
	{ 0 },
};

/* Nothing is sent, and nothing is asked: judge() knows the answer. */
static int
compose(const struct delivery *d, struct request *q, struct err *e)
{
	(void)d;
	return request_check(q, e);
}

static struct verdict
judge(const struct delivery *d, const struct response *r, struct err *e)
{
	const struct fail_conf *conf = d->target->conf;
	struct response said = { .a = r->a, .status = (int)conf->status,
		.retry_after_ms = conf->retry_after_ms };

	if (d->attempt <= conf->times)
		return target_judge(d, "the peer in the settings", &said, e);
	if (d->step + 1 < conf->steps)
		return verdict_next(arena_printf(r->a, "step-%u", d->step));
	return verdict_done();
}

static struct verdict
answer(const struct delivery *d, const struct response *r, struct err *e)
{
	const struct fail_conf *conf = d->target->conf;

	(void)r;
	switch (conf->applied) {
	case APPLIED_YES:
		return verdict_done();
	case APPLIED_NO:
		err_set(e, ERR_MISSING, "the peer in the settings does not "
			"have it");
		return verdict_retry(0);
	case APPLIED_UNKNOWN:
		break;
	}
	err_set(e, ERR_REFUSED, "the peer in the settings cannot tell");
	err_hint(e, "See for yourself, and say it with \"gazettectl "
		"resolve\".");
	return verdict_unknown();
}

const struct target_ops target_fail = {
	.name = "fail",
	.help = "Fails as it is told to, and sends nothing.",
	.settings = settings,
	.conf_size = sizeof(struct fail_conf),
	.can = CAN_ARTICLES | CAN_FEEDS | CAN_READ_BACK,
	.compose = compose,
	.judge = judge,
	.ask = compose,
	.answer = answer,
};
