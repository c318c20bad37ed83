/*
 * Building a request.
 */
#include <stdarg.h>
#include <stdio.h>

#include "base/uri.h"
#include "base/utf8.h"
#include "push/request_parts.h"

void
request_init(struct request *q, struct arena *a)
{
	*q = (struct request){
		.a = a,
		.text = BUF_INIT(REQUEST_BODY_MAX),
	};
	q->json = JSON_OUT(&q->text);
}

void
request_done(struct request *q)
{
	buf_done(&q->text);
}

void
request_wrong(struct request *q, enum err_kind kind, const char *fmt, ...)
{
	char text[sizeof(q->wrong.text)];
	va_list ap;

	if (q->wrong.kind != ERR_NONE)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	err_set(&q->wrong, kind, "%s", text);
}

static bool
is_wrong(const struct request *q)
{
	return q->wrong.kind != ERR_NONE;
}

/* ---- where to, and how ---- */

void
request_to(struct request *q, const char *method, struct slice url)
{
	if (is_wrong(q))
		return;
	if (url.len > REQUEST_URL_MAX) {
		request_wrong(q, ERR_LIMIT, "the address is longer than %d "
			"bytes", REQUEST_URL_MAX);
		return;
	}
	/* It may hold a secret: it is not quoted. */
	if (!uri_is_http(url)) {
		request_wrong(q, ERR_CONFIG, "the address is not one of http "
			"or https");
		return;
	}
	q->method = method;
	q->url = arena_copy(q->a, url).ptr;
	if (slice_eq(slice_str(method), S("GET")))
		request_repeatable(q);
}

void
request_get(struct request *q, struct slice url)
{
	request_to(q, "GET", url);
}

void
request_post(struct request *q, struct slice url)
{
	request_to(q, "POST", url);
}

void
request_repeatable(struct request *q)
{
	q->repeatable = true;
}

void
request_timeout(struct request *q, int64_t ms)
{
	if (ms <= 0 || ms > REQUEST_TIMEOUT_MAX)
		request_wrong(q, ERR_LIMIT, "a time-out of %lld ms",
			(long long)ms);
	else
		q->timeout_ms = ms;
}

/* ---- headers ---- */

static bool
is_field_value(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (((unsigned char)s.ptr[i] < ' ' && s.ptr[i] != '\t') ||
			s.ptr[i] == 0x7f)
			return false;
	return s.len > 0;
}

bool
request_is_token(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] <= ' ' ||
			(unsigned char)s.ptr[i] >= 0x7f ||
			strchr("\"(),/:;<=>?@[\\]{}", s.ptr[i]))
			return false;
	return s.len > 0;
}

/* What the transport writes itself: a second one would split a request. */
static bool
is_transport(struct slice name)
{
	static const struct slice names[] = {
		S_INIT("Host"), S_INIT("Connection"), S_INIT("Expect"),
		S_INIT("Content-Length"), S_INIT("Transfer-Encoding"),
		S_INIT("Upgrade"), S_INIT("TE"), S_INIT("Trailer"),
	};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (slice_eq_nocase(name, names[i]))
			return true;
	return false;
}

static bool
has_header(const struct request *q, struct slice name)
{
	for (size_t i = 0; i < q->n_headers; i++) {
		struct slice line = slice_str(q->headers[i]), field;

		if (slice_next_field(&line, ':', &field) &&
			slice_eq_nocase(field, name))
			return true;
	}
	return false;
}

void
request_header(struct request *q, const char *name, struct slice value)
{
	struct slice key = slice_str(name);

	if (is_wrong(q))
		return;
	value = slice_trim(value);
	if (!request_is_token(key) || is_transport(key))
		request_wrong(q, ERR_CONFIG, "\"%.*s\" is no header that can "
			"be set", ARG(utf8_first(key, 60)));
	else if (has_header(q, key))
		request_wrong(q, ERR_CONFIG, "the header \"%.60s\" a second "
			"time", name);
	else if (q->n_headers == REQUEST_HEADERS_MAX ||
		key.len + value.len > REQUEST_HEADER_MAX)
		request_wrong(q, ERR_LIMIT, "the header \"%.60s\" is too "
			"much", name);
	else if (!is_field_value(value))
		request_wrong(q, ERR_SYNTAX, "the value of the header "
			"\"%.60s\" is %s", name, value.len ?
			"not one line of text" : "empty");
	else
		q->headers[q->n_headers++] = arena_printf(q->a, "%s: %.*s",
			name, ARG(value)).ptr;
}

/* ---- bodies ---- */

bool
request_takes(struct request *q, enum request_form form, const char *type)
{
	if (is_wrong(q))
		return false;
	if (q->form == form && form != REQUEST_RAW)
		return true;
	if (q->form != REQUEST_NO_BODY) {
		request_wrong(q, ERR_SYNTAX, "two bodies of different kinds");
		return false;
	}
	q->form = form;
	request_header(q, "Content-Type", slice_str(type));
	return !is_wrong(q);
}

void
request_put_blob(struct request *q, struct slice bytes)
{
	if (q->n_blobs == REQUEST_BLOBS_MAX) {
		request_wrong(q, ERR_LIMIT, "more than %d files",
			REQUEST_BLOBS_MAX);
		return;
	}
	q->blobs[q->n_blobs++] = (struct request_blob){ q->text.len,
		bytes.len };
	buf_put(&q->text, bytes);
}

void
request_body(struct request *q, const char *type, struct slice body)
{
	if (!request_takes(q, REQUEST_RAW, type))
		return;
	if (utf8_valid(body))
		buf_put(&q->text, body);
	else
		request_put_blob(q, body);
}

void
request_field(struct request *q, const char *name, struct slice value)
{
	if (!request_takes(q, REQUEST_FORM, "application/x-www-form-urlencoded"))
		return;
	if (q->text.len > 0)
		buf_put_byte(&q->text, '&');
	buf_put(&q->text, uri_query_value(slice_str(name), q->a));
	buf_put_byte(&q->text, '=');
	buf_put(&q->text, uri_query_value(value, q->a));
}

static void
open_bracket(struct request *q, const char *key, char bracket)
{
	if (q->depth == REQUEST_DEPTH_MAX) {
		request_wrong(q, ERR_LIMIT, "more than %d brackets",
			REQUEST_DEPTH_MAX);
		return;
	}
	q->open[q->depth++] = bracket;
	json_out_open(&q->json, key, bracket);
}

/* May a value with that key, or without one, come next? */
static bool
takes_value(struct request *q, const char *key)
{
	if (!request_takes(q, REQUEST_JSON, "application/json"))
		return false;
	if (q->text.len == 0)
		open_bracket(q, NULL, '{');
	if (q->depth == 0 || (q->open[q->depth - 1] == '{') != (key != NULL))
		request_wrong(q, ERR_SYNTAX, "a value \"%s\" in the wrong "
			"place", key ? key : "");
	return !is_wrong(q);
}

void
request_json(struct request *q, const char *key, struct slice text)
{
	if (takes_value(q, key))
		json_out_text(&q->json, key, text);
}

void
request_json_number(struct request *q, const char *key, int64_t n)
{
	if (takes_value(q, key))
		json_out_number(&q->json, key, n);
}

void
request_json_bool(struct request *q, const char *key, bool yes)
{
	if (takes_value(q, key))
		json_out_bool(&q->json, key, yes);
}

void
request_json_open(struct request *q, const char *key, char bracket)
{
	if (takes_value(q, key))
		open_bracket(q, key, bracket);
}

void
request_json_close(struct request *q, char bracket)
{
	if (is_wrong(q))
		return;
	/* The outermost one is request_check()'s. */
	if (q->depth < 2 || q->open[q->depth - 1] !=
		(bracket == '}' ? '{' : '[')) {
		request_wrong(q, ERR_SYNTAX, "a bracket \"%c\" in the wrong "
			"place", bracket);
		return;
	}
	q->depth--;
	json_out_close(&q->json, bracket);
}

/* ---- the end ---- */

static void
finish_json(struct request *q)
{
	if (q->depth > 1) {
		request_wrong(q, ERR_SYNTAX, "a bracket \"%c\" is not closed",
			q->open[q->depth - 1]);
		return;
	}
	if (q->depth == 1) {
		q->depth = 0;
		json_out_close(&q->json, '}');
	}
	if (!utf8_valid(buf_slice(&q->text)))
		request_wrong(q, ERR_SYNTAX, "the text is not UTF-8");
}

int
request_check(struct request *q, struct err *e)
{
	bool has_body = q->form != REQUEST_NO_BODY;

	if (q->form == REQUEST_JSON && !is_wrong(q))
		finish_json(q);
	if (q->form == REQUEST_MULTIPART && !is_wrong(q))
		request_close_multipart(q);
	if (!buf_ok(&q->text))
		request_wrong(q, ERR_LIMIT, "the body is longer than %d bytes",
			REQUEST_BODY_MAX);
	if (!q->method && (has_body || q->n_headers > 0))
		request_wrong(q, ERR_SYNTAX, "there is no address to send it "
			"to");
	if (q->method && has_body && slice_eq(slice_str(q->method), S("GET")))
		request_wrong(q, ERR_SYNTAX, "a GET has no body");
	if (is_wrong(q)) {
		*e = q->wrong;
		return err_in(e, "cannot build the request");
	}
	q->body = buf_slice(&q->text);
	return 0;
}
