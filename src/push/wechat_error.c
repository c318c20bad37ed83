/*
 * What an answer of WeChat means.
 *
 *	{"errcode":40001,"errmsg":"invalid credential ... rid: 65-1-2"}
 *
 * 1. All answers are 200; the code says it, and no code is none.  The message
 *    is for people, and changes.
 * 2. Quotas are of a day in Shanghai, which has no summer time.
 * 3. A code that nobody has written down refused the request all the same.
 */
#include "push/wechat.h"

enum {
	SECOND = 1000,
	MINUTE = 60 * SECOND,
	HOUR = 60 * MINUTE,
	DAY = 24 * HOUR,
	SHANGHAI = 8 * HOUR,
	BUSY_TRIES = 3,		/* quick ones */
	BUSY_MS = 5 * SECOND,
};

static const struct { int64_t code; enum wechat_error means; } codes[] = {
	{ -1, WECHAT_BUSY },
	{ 0, WECHAT_FINE },
	{ 40001, WECHAT_TOKEN },
	{ 40002, WECHAT_ACCOUNT },	/* grant_type */
	{ 40007, WECHAT_MEDIA },
	{ 40013, WECHAT_ACCOUNT },	/* appid */
	{ 40014, WECHAT_TOKEN },
	{ 40125, WECHAT_ACCOUNT },	/* secret */
	{ 40164, WECHAT_ADDRESS },
	{ 40243, WECHAT_ACCOUNT },	/* the secret is frozen */
	{ 41001, WECHAT_TOKEN },	/* it is missing */
	{ 42001, WECHAT_TOKEN },
	{ 45002, WECHAT_LONG },
	{ 45003, WECHAT_LONG },
	{ 45004, WECHAT_LONG },
	{ 45005, WECHAT_LONG },
	{ 45006, WECHAT_LONG },
	{ 45009, WECHAT_DAY },
	{ 45011, WECHAT_OFTEN },
	{ 45028, WECHAT_DAY },		/* mass messages */
	{ 45065, WECHAT_SENT },
	{ 45066, WECHAT_SENDING },
	{ 45110, WECHAT_LONG },		/* the author */
	{ 48001, WECHAT_RIGHTS },
	{ 48004, WECHAT_ACCOUNT },	/* the interface is banned for it */
	{ 50001, WECHAT_RIGHTS },
	{ 50002, WECHAT_ACCOUNT },	/* it is restricted */
	{ 50004, WECHAT_ACCOUNT },
	{ 50005, WECHAT_ACCOUNT },
	{ 53404, WECHAT_ACCOUNT },
	{ 53405, WECHAT_ACCOUNT },
	{ 53406, WECHAT_ACCOUNT },
	{ 53600, WECHAT_GONE },
	{ 61004, WECHAT_ADDRESS },
	{ 88000, WECHAT_RIGHTS },	/* comments */
	{ 89503, WECHAT_ADDRESS },	/* until the administrator says yes */
	{ 89506, WECHAT_ADDRESS },
	{ 89507, WECHAT_ADDRESS },
};

enum wechat_error
wechat_error(const struct response *r, const json_t *said)
{
	const json_t *code = json_object_get(said, "errcode");

	if (r->status / 100 != 2 || !json_is_object(said) ||
		(code && !json_is_integer(code)))
		return WECHAT_NO_ANSWER;
	for (size_t i = 0; i < COUNT_OF(codes); i++)
		if (codes[i].code == json_integer_value(code))
			return codes[i].means;
	return WECHAT_WRONG;
}

void
wechat_tell(const struct response *r, const json_t *said, const char *who,
	struct err *e)
{
	struct response only = *r;
	struct slice quote;

	if (!json_is_integer(json_object_get(said, "errcode"))) {
		response_tell(r, who, e);
		return;
	}
	only.body = reply_text(said, "errmsg", r->a);
	quote = response_quote(&only);
	err_set(e, ERR_REFUSED, "%s answered %lld%s%.*s", who,
		(long long)reply_number(said, "errcode", 0),
		quote.len ? ": " : "", ARG(quote));
}

/* ---- verdicts ---- */

static struct verdict
held(struct err *e, const char *hint)
{
	err_hint(e, "%s", hint);
	return verdict_hold();
}

/* Five minutes past the next midnight. */
static struct verdict
tomorrow(const struct delivery *d, struct err *e)
{
	int64_t ms = DAY - (d->now_ms + SHANGHAI) % DAY + 5 * MINUTE;

	err_hint(e, "It goes on by itself after midnight in Shanghai.");
	return verdict_wait(ms, S(""));
}

/* Is doing it twice as good as once?  Then doubt costs nothing. */
static bool
is_repeatable(const struct response *r)
{
	return r->to && r->to->repeatable;
}

static struct verdict
busy(const struct delivery *d, const struct response *r)
{
	if (!is_repeatable(r))
		return verdict_unknown();
	return verdict_retry(d->attempt < BUSY_TRIES ? BUSY_MS : 0);
}

/* A create whose answer cannot be read may have made something. */
static struct verdict
no_answer(const struct delivery *d, const struct response *r, struct err *e)
{
	struct verdict v = target_judge(d, "WeChat", r, e);

	if (v.kind != VERDICT_DONE)
		return v;
	response_tell(r, "WeChat", e);
	err_hint(e, "Whatever answers at \"url\" is not WeChat's API.");
	return busy(d, r);
}

struct verdict
wechat_judge(const struct delivery *d, const struct response *r,
	const json_t *said, struct err *e)
{
	enum wechat_error means = wechat_error(r, said);

	if (means == WECHAT_FINE)
		return verdict_done();
	if (means == WECHAT_NO_ANSWER)
		return no_answer(d, r, e);
	wechat_tell(r, said, "WeChat", e);
	switch (means) {
	case WECHAT_BUSY:
		return busy(d, r);
	case WECHAT_TOKEN:
		err_hint(e, "See whether another program fetches tokens for "
			"the account, by other means than stable_token.");
		return verdict_auth();
	case WECHAT_ACCOUNT:
		return held(e, "See \"appid\" and the secret, and what the "
			"platform's own pages say of the account.");
	case WECHAT_ADDRESS:
		return held(e, "Put this machine's address on the account's "
			"list of addresses (IP whitelist).");
	case WECHAT_RIGHTS:
		return held(e, "Publishing needs a verified account of a "
			"company; \"mode: draft\" does without.");
	case WECHAT_DAY:
		return tomorrow(d, e);
	case WECHAT_OFTEN:
	case WECHAT_SENDING:
		return verdict_wait(MINUTE, S(""));
	case WECHAT_FINE:
	case WECHAT_NO_ANSWER:
	case WECHAT_LONG:
	case WECHAT_MEDIA:
	case WECHAT_SENT:
	case WECHAT_GONE:
	case WECHAT_WRONG:
		break;
	}
	return verdict_reject();
}
