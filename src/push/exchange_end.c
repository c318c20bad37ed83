/*
 * What came of an exchange: an answer, or why there is none, in our words.
 */
#include "base/clock.h"
#include "push/exchange.h"
#include "push/head.h"

/* What went wrong, before libcurl's own words. */
static const char *
phrase(CURLcode code)
{
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return "cannot resolve the name";
	case CURLE_COULDNT_CONNECT:
		return "cannot connect";
	case CURLE_OPERATION_TIMEDOUT:
		return "took too long";
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
		return "cannot agree on TLS";
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_LOGIN_DENIED:
		return "not an address to be used";
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_BAD_CONTENT_ENCODING:
		return "the answer is not HTTP";
	default:
		return "the connection failed";
	}
}

static enum err_kind
kind(CURLcode code)
{
	switch (code) {
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_LOGIN_DENIED:
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_BAD_CONTENT_ENCODING:
		return ERR_SYNTAX;
	default:
		return ERR_IO;
	}
}

static int
explain(const struct exchange *x, CURLcode code, struct err *e)
{
	if (x->refused && !x->call->sent) {
		err_set(e, ERR_REFUSED, "the host's address is refused: it is "
			"%s", x->refused);
		return err_hint(e, "Put its network into \"allow\" if that is "
			"meant.");
	}
	if (x->is_over)
		return err_set(e, ERR_LIMIT, "the answer is longer than %zu "
			"bytes", x->answer.limit);
	/* Of a line without an end libcurl keeps no more than 100 KiB. */
	if (code == CURLE_WRITE_ERROR ||
		(code == CURLE_OUT_OF_MEMORY && !x->is_headed))
		return err_set(e, ERR_LIMIT, "the answer's head is longer than "
			"%d bytes or %d lines", CALL_HEAD_MAX, CALL_LINES_MAX);
	return err_set(e, kind(code), "%s: %s", phrase(code), x->error[0] ?
		x->error : curl_easy_strerror(code));
}

struct slice
call_header(const struct call *call, struct slice name)
{
	return head_find(call->head, name);
}

static void
fill_answer(const struct exchange *x, struct call *call)
{
	long status = 0;

	CHECK(curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status) ==
		CURLE_OK);
	call->status = (int)status;
	call->head = buf_slice(&x->head);
	call->answer = buf_slice(&x->answer);
	call->type = call_header(call, S("content-type"));
	call->location = call_header(call, S("location"));
	call->retry_after = call_header(call, S("retry-after"));
}

void
exchange_end(struct exchange *x, CURLcode code)
{
	struct call *call = x->call;

	call->took_ms = clock_mono_ms() - x->began;
	/* So libcurl calls an answer without a status line, too. */
	if (code == CURLE_UNSUPPORTED_PROTOCOL && call->sent)
		code = CURLE_WEIRD_SERVER_REPLY;
	call->whole = code == CURLE_OK;
	if (x->is_headed)
		fill_answer(x, call);
	if (code != CURLE_OK && !(call->cut && x->is_headed))
		(void)explain(x, code, &call->failed);
}
