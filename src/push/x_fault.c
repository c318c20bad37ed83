/*
 * What X says went wrong, and for how long.
 *
 * Errors come in three forms: a problem with a type (RFC 9457), the older list
 * with codes, and a code alone.  What is told by a code or a type is judged by
 * it, everything else by the status.  Only of a text that is there already, X
 * says nothing but a sentence, in its own place.
 */
#include "push/retry_after.h"
#include "push/x_parts.h"

static const struct {
	int code;
	enum x_fault fault;
} codes[] = {
	{ 32, X_FAULT_LOGIN }, { 89, X_FAULT_LOGIN }, { 99, X_FAULT_LOGIN },
	{ 135, X_FAULT_LOGIN }, { 215, X_FAULT_LOGIN },
	{ 63, X_FAULT_ACCOUNT }, { 64, X_FAULT_ACCOUNT },
	{ 226, X_FAULT_ACCOUNT }, { 261, X_FAULT_ACCOUNT },
	{ 326, X_FAULT_ACCOUNT }, { 453, X_FAULT_ACCOUNT },
	{ 88, X_FAULT_LATER }, { 185, X_FAULT_LATER },
	{ 187, X_FAULT_TWICE }, { 186, X_FAULT_TEXT },
	{ 324, X_FAULT_MEDIA }, { 325, X_FAULT_MEDIA },
	{ 144, X_FAULT_GONE }, { 385, X_FAULT_GONE }, { 433, X_FAULT_GONE },
};

static const struct {
	struct slice type;	/* what the type's address ends in */
	enum x_fault fault;
} types[] = {
	{ S_INIT("/client-forbidden"), X_FAULT_ACCOUNT },
	{ S_INIT("/oauth1-permissions"), X_FAULT_ACCOUNT },
	{ S_INIT("/unsupported-authentication"), X_FAULT_ACCOUNT },
	{ S_INIT("/usage-capped"), X_FAULT_ACCOUNT },
	{ S_INIT("/credits"), X_FAULT_ACCOUNT },
	{ S_INIT("/rate-limit-exceeded"), X_FAULT_LATER },
	{ S_INIT("/resource-not-found"), X_FAULT_GONE },
};

static enum x_fault
fault_of_status(const struct x_work *w, int status)
{
	switch (status) {
	case 401:
		return X_FAULT_LOGIN;
	case 402:
		return X_FAULT_ACCOUNT;
	case 403:
		/* Replies have one reason more than posts to be refused. */
		return w->step == X_FOLLOW ? X_FAULT_GONE : X_FAULT_TEXT;
	case 404:
		return w->step == X_DELETE ? X_FAULT_GONE : X_FAULT_OTHER;
	case 429:
		return X_FAULT_LATER;
	}
	return X_FAULT_OTHER;
}

enum x_fault
x_fault_of(const struct x_work *w, const struct response *r,
	const json_t *said)
{
	int64_t code = reply_number(said, "errors.0.code",
		reply_number(said, "code", 0));
	struct slice type = reply_text(said, "type", r->a);

	for (size_t i = 0; i < COUNT_OF(codes); i++)
		if (code == codes[i].code)
			return codes[i].fault;
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (slice_ends(type, types[i].type))
			return types[i].fault;
	if (r->status == 403 && slice_find(reply_text(said, "detail", r->a),
		S("duplicate content"), 0) >= 0)
		return X_FAULT_TWICE;
	if (r->status == 400 && json_object_get(reply_at(said,
		"errors.0.parameters"), "media.media_ids"))
		return X_FAULT_MEDIA;
	return fault_of_status(w, r->status);
}

void
x_tell(const struct response *r, const json_t *said, struct err *e)
{
	static const char *const places[] = { "errors.0.message", "detail",
		"errors.0.detail", "message", "title" };
	struct response brief = *r;

	for (size_t i = 0; i < COUNT_OF(places); i++) {
		struct slice text = reply_text(said, places[i], r->a);

		if (text.len > 0) {
			brief.body = text;
			break;
		}
	}
	response_tell(&brief, "X", e);
}

/* ---- when it may go on ---- */

static int64_t
header_number(const struct response *r, const char *window, const char *what)
{
	return slice_number(response_header(r, arena_printf(r->a, "%s-%s",
		window, what)), INT32_MAX * INT64_C(1000));
}

int64_t
x_wait(const struct delivery *d, const struct response *r)
{
	static const char *const windows[] = { "x-rate-limit",
		"x-app-limit-24hour", "x-user-limit-24hour" };
	int64_t reset = 0;

	for (size_t i = 0; i < COUNT_OF(windows); i++)
		if (header_number(r, windows[i], "remaining") == 0)
			reset = MAX(reset, header_number(r, windows[i],
				"reset"));
	if (reset == 0)
		reset = header_number(r, windows[0], "reset");
	if (reset * 1000 <= d->now_ms)
		return r->retry_after_ms;
	return MAX(MIN(reset * 1000 - d->now_ms,
		(int64_t)RETRY_AFTER_MAX_MS), r->retry_after_ms);
}
