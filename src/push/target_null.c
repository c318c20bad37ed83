/*
 * null: takes everything, and sends nothing.
 *
 * For trying guards, channels and approvals on what a newsroom really
 * publishes: its outbox shows what another target would have got.
 */
#include "push/target.h"

static const struct setting settings[] = {
	{ 0 },
};

static int
compose(const struct delivery *d, struct request *q, struct err *e)
{
	(void)d;
	request_repeatable(q);
	return request_check(q, e);
}

static struct verdict
judge(const struct delivery *d, const struct response *r, struct err *e)
{
	(void)d, (void)r, (void)e;
	return verdict_done();
}

const struct target_ops target_null = {
	.name = "null",
	.help = "Takes everything, and sends nothing.",
	.settings = settings,
	.can = CAN_ARTICLES | CAN_FEEDS | CAN_REPEAT,
	.compose = compose,
	.judge = judge,
};
