/*
 * What an error of the Graph API means.
 *
 *	{"error":{"message":"...","type":"OAuthException","code":190,
 *	 "error_subcode":463,"is_transient":false,"fbtrace_id":"..."}}
 *
 * 1. The code says it, and never the message, which is in the language of
 *    whoever owns the token.  The HTTP status says little (most are 400).
 * 2. Who is throttled is told in a header how many minutes it takes, for each
 *    kind of use; the longest counts.  Nothing is sent before that.
 * 3. A token of a Page cannot be refreshed by us: somebody has to connect
 *    anew, so there is nothing to try a second time.
 */
#include "push/facebook.h"

enum {
	MINUTE = 60 * 1000,
	THROTTLED_MS = 15 * MINUTE,	/* where the header does not say, */
	THROTTLED_DOUBLINGS = 6,	/* and longer each time */
	UNSCRAPED_TRIES = 3,
	UNSCRAPED_MS = 2 * MINUTE,
	SUBCODE_NOT_THERE = 33,
	TRACE_MAX = 40,
};

static const struct { int64_t first, last; enum facebook_error means; }
codes[] = {
	{ 1, 2, FACEBOOK_DOUBT },
	{ 3, 3, FACEBOOK_FORBIDDEN },
	{ 4, 4, FACEBOOK_THROTTLED },
	{ 10, 10, FACEBOOK_FORBIDDEN },
	{ 17, 17, FACEBOOK_THROTTLED },
	{ 32, 32, FACEBOOK_THROTTLED },
	{ 100, 100, FACEBOOK_WRONG },
	{ 102, 102, FACEBOOK_RECONNECT },
	{ 190, 190, FACEBOOK_RECONNECT },
	{ 200, 299, FACEBOOK_FORBIDDEN },
	{ 341, 341, FACEBOOK_THROTTLED },
	{ 368, 368, FACEBOOK_BLOCKED },
	{ 506, 506, FACEBOOK_DUPLICATE },
	{ 613, 613, FACEBOOK_THROTTLED },
	{ 80000, 80014, FACEBOOK_THROTTLED },
	{ 1609005, 1609005, FACEBOOK_UNSCRAPED },
};

enum facebook_error
facebook_error(const struct response *r, const json_t *said)
{
	int64_t code = reply_number(said, "error.code", 0);
	int64_t subcode = reply_number(said, "error.error_subcode", 0);

	if (code == 100 && subcode == SUBCODE_NOT_THERE)
		return FACEBOOK_MISSING;
	for (size_t i = 0; i < COUNT_OF(codes); i++)
		if (code >= codes[i].first && code <= codes[i].last)
			return codes[i].means;
	if (json_is_true(reply_at(said, "error.is_transient")))
		return FACEBOOK_DOUBT;
	if (r->status == 429)
		return FACEBOOK_THROTTLED;
	return FACEBOOK_STATUS;
}

/* ---- what it says ---- */

/* One line of it, cut, without what does not print, and without secrets. */
static struct slice
quoted(const struct response *r, struct slice text)
{
	struct response only = *r;

	only.body = text;
	return response_quote(&only);
}

void
facebook_tell(const struct response *r, const json_t *said, struct err *e)
{
	struct slice text = quoted(r, reply_text(said, "error.message", r->a));
	struct slice trace = quoted(r, slice_sub(reply_text(said,
		"error.fbtrace_id", r->a), 0, TRACE_MAX));
	long long subcode = reply_number(said, "error.error_subcode", 0);
	struct slice more = subcode ? arena_printf(r->a, "/%lld", subcode) :
		S("");

	if (!reply_at(said, "error.code")) {
		response_tell(r, "Facebook", e);
		return;
	}
	err_set(e, ERR_REFUSED, "Facebook answered %d (code %lld%.*s%s%.*s): "
		"%.*s", r->status, (long long)reply_number(said, "error.code",
		0), ARG(more), trace.len ? ", trace " : "", ARG(trace),
		ARG(text));
}

/* ---- throttling ---- */

/* The most minutes that any use of the app has to wait. */
static int64_t
longest(const json_t *uses, int64_t so_far)
{
	const json_t *use;
	size_t i;

	json_array_foreach(uses, i, use)
		so_far = MAX(so_far, reply_number(use,
			"estimated_time_to_regain_access", 0));
	return so_far;
}

static int64_t
regained_ms(const struct response *r)
{
	const struct response header = { .a = r->a, .body =
		response_header(r, S("X-Business-Use-Case-Usage")) };
	json_auto_t *said = reply_json(&header);
	int64_t minutes = 0;
	const char *id;
	json_t *uses;

	json_object_foreach(said, id, uses)
		minutes = longest(uses, minutes);
	return MIN(minutes, INT32_MAX) * MINUTE;
}

static struct verdict
throttled(const struct delivery *d, const struct response *r, struct err *e)
{
	int64_t ms = MAX(regained_ms(r), r->retry_after_ms);

	if (ms <= 0)
		ms = (int64_t)THROTTLED_MS << MIN(MAX(d->attempt, 1) - 1,
			THROTTLED_DOUBLINGS);
	err_hint(e, "It goes on by itself; \"rate\" of the target keeps it "
		"slower.");
	return verdict_limit(ms);
}

/* ---- verdicts ---- */

static struct verdict
held(struct err *e, const char *hint)
{
	err_hint(e, "%s", hint);
	return verdict_hold();
}

/* The article may not be public yet, or the crawler is kept out. */
static struct verdict
unscraped(const struct delivery *d, struct err *e)
{
	err_hint(e, "See whether Facebook's crawler can fetch the article.");
	return d->attempt < UNSCRAPED_TRIES ? verdict_retry(UNSCRAPED_MS) :
		verdict_reject();
}

struct verdict
facebook_refused(const struct delivery *d, const struct response *r,
	const json_t *said, struct err *e)
{
	enum facebook_error means = facebook_error(r, said);

	if (means == FACEBOOK_STATUS && !reply_at(said, "error"))
		return target_judge(d, "Facebook", r, e);
	facebook_tell(r, said, e);
	switch (means) {
	case FACEBOOK_THROTTLED:
		return throttled(d, r, e);
	case FACEBOOK_RECONNECT:
		return held(e, "Reconnect the Page: put a new token into its "
			"credential file.");
	case FACEBOOK_FORBIDDEN:
		return held(e, "The token needs pages_manage_posts and "
			"pages_read_engagement, and its owner a role that "
			"may post.");
	case FACEBOOK_BLOCKED:
		return held(e, "Facebook blocks the Page or the app for a "
			"time: look at its support inbox first.");
	case FACEBOOK_UNSCRAPED:
		return unscraped(d, e);
	case FACEBOOK_DUPLICATE:
		err_hint(e, "The Page has said the same just before.");
		/* Perhaps by us: then it is found. */
		return d->attempt > 1 ? verdict_unknown() : verdict_reject();
	case FACEBOOK_DOUBT:
		return verdict_unknown();
	case FACEBOOK_STATUS:
		return r->status / 100 == 4 ? verdict_reject() :
			verdict_unknown();
	case FACEBOOK_MISSING:
	case FACEBOOK_WRONG:
		break;
	}
	return verdict_reject();
}
