/*
 * Responses: status, headers and body, ready to be queued.
 *
 * Bodies are not copied: the response points into the document and holds a
 * reference, so a transfer under way ends with the bytes that it began with.
 *
 * The form of 304.  libmicrohttpd 0.9.75 sends the headers of a body with a
 * 304: an empty buffer gives "Content-Length: 0", which RFC 9110 8.6 forbids;
 * the whole buffer gives its length, which is legal and fine with curl, node
 * and Python's clients, but wget and http-parser (wrk) wait for that body
 * until they give up; an unknown size gives "Transfer-Encoding: chunked", and
 * a last chunk behind it that belongs to nothing.  A response of unknown size
 * in HTTP/1.0 style has no length and closes the connection: no client can
 * misread that, and a feed reader comes back in an hour anyway.  From 0.9.77.1
 * on the library can send what one wants: headers only, kept alive.
 *
 * 1. Every answer has nosniff and may be read by scripts of any site: there
 *    are no cookies, and a script that reads what is private has the token.
 * 2. Last-Modified is never in the future (RFC 9110 8.8.2.1).
 */
#include <stdio.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/uri.h"
#include "serve/respond.h"
#include "serve/serve.h"

#define METHODS "GET, HEAD, OPTIONS"
#define HUB_METHODS "POST, OPTIONS"
/* For a cache: an old feed at once is better than a new one late, or none. */
#define STALE ", stale-while-revalidate=3600, stale-if-error=86400"

enum { LIVELY_S = 7 * 86400, LIVELY_AGE_S = 300, BUSY_S = 30 };

static void
put(struct MHD_Response *r, const char *name, const char *value)
{
	CHECK(MHD_add_response_header(r, name, value) == MHD_YES);
}

void
respond_done(struct answer *a)
{
	if (a->response && !a->shared)
		MHD_destroy_response(a->response);
	*a = (struct answer){ 0 };
}

/* The headers of every answer. */
static struct MHD_Response *
dressed(struct MHD_Response *r)
{
	CHECK(r);
	put(r, "X-Content-Type-Options", "nosniff");
	put(r, "Access-Control-Allow-Origin", "*");
	put(r, "Access-Control-Expose-Headers",
		"ETag, Last-Modified, Link, Retry-After");
	return r;
}

/* libmicrohttpd only reads the bytes, but its type does not say so. */
static void *
readable(struct slice s)
{
	return (void *)(uintptr_t)s.ptr;
}

/* ---- documents ---- */

/* Lively feeds are looked at again soon, whatever their past was like. */
static int
max_age(const struct document *d)
{
	bool lively = !d->immutable && d->mtime > 0 &&
		clock_now() - d->mtime < LIVELY_S;

	return lively ? MIN(d->max_age, LIVELY_AGE_S) : d->max_age;
}

static void
put_cache_control(struct MHD_Response *r, const struct document *d)
{
	char value[96];

	if (d->is_private)
		snprintf(value, sizeof(value), "private, no-cache");
	else if (d->status == MHD_HTTP_IM_USED)
		/* Only a cache that knows "im" knows what to do with this. */
		snprintf(value, sizeof(value), "no-store, im");
	else if (d->max_age > 0)
		snprintf(value, sizeof(value), "public, max-age=%d%s",
			max_age(d), d->immutable ? ", immutable" :
			d->status == MHD_HTTP_OK ? STALE : "");
	else
		snprintf(value, sizeof(value), "no-cache");
	put(r, "Cache-Control", value);
}

static bool
is_coded(const struct document *d)
{
	for (int c = CODING_IDENTITY + 1; c < CODING_COUNT; c++)
		if (d->body[c].ptr)
			return true;
	return false;
}

/* Does it say which state of what this is? */
static bool
has_tag(const struct document *d)
{
	return d->status == MHD_HTTP_OK || d->status == MHD_HTTP_IM_USED;
}

/* What the choice among answers depended on; several lines are one list. */
static void
put_vary(struct MHD_Response *r, const struct document *d)
{
	if (d->status == MHD_HTTP_IM_USED)
		put(r, "Vary", "Accept-Encoding, A-IM");
	else if (is_coded(d))
		put(r, "Vary", "Accept-Encoding");
	if (d->is_private)
		put(r, "Vary", "Authorization");
}

static void
put_tag(struct MHD_Response *r, const char *name, const char *tag)
{
	char quoted[TAG_SIZE + 2];

	snprintf(quoted, sizeof(quoted), "\"%s\"", tag);
	put(r, name, quoted);
}

/* What 200 and 304 have in common (RFC 9110 15.4.5); and 226. */
static void
put_validators(struct MHD_Response *r, const struct document *d, enum coding c)
{
	char tag[TAG_SIZE];

	put_vary(r, d);
	put_cache_control(r, d);
	if (has_tag(d) && negotiate_tag(d, c, tag).len > 0)
		put_tag(r, "ETag", tag);
}

static void
put_description(struct MHD_Response *r, const struct document *d,
	enum coding c)
{
	static const char *const names[CODING_COUNT] = {
		[CODING_GZIP] = "gzip", [CODING_BROTLI] = "br",
	};
	char date[DATE_SIZE];

	put(r, "Content-Type", d->type);
	if (names[c])
		put(r, "Content-Encoding", names[c]);
	if (d->challenge)
		put(r, "WWW-Authenticate", d->challenge);
	if (has_tag(d) && d->mtime > 0)
		put(r, "Last-Modified", date_http(MIN(d->mtime, clock_now()),
			date).ptr);
	if (d->links.len > 0)
		put(r, "Link", d->links.ptr);
	if (d->csp)
		put(r, "Content-Security-Policy", d->csp);
}

/* RFC 3229: what was done, to what.  The client's own tag is what it knows. */
static void
put_delta(struct MHD_Response *r, const struct head *h,
	const struct document *d)
{
	struct slice base = slice_str(d->delta_base), list, one;
	char tag[TAG_SIZE];

	snprintf(tag, sizeof(tag), "%s", d->delta_base);
	for (size_t i = 0; i < h->if_none_match.n; i++) {
		list = h->if_none_match.line[i];
		while (negotiate_next_tag(&list, &one))
			if (slice_eq(negotiate_plain_tag(one), base))
				snprintf(tag, sizeof(tag), "%.*s", ARG(one));
	}
	put(r, "IM", "feed");
	put_tag(r, "Delta-Base", tag);
}

static void
release_document(void *d)
{
	document_unref(d);
}

/* Say of a body what it is. */
static struct answer
describe(struct MHD_Response *body, const struct document *d, enum coding c)
{
	struct MHD_Response *r = dressed(body);

	put_validators(r, d, c);
	put_description(r, d, c);
	return (struct answer){ .status = (unsigned)d->status, .response = r };
}

static struct answer
respond_full(const struct head *h, struct document *d, enum coding c)
{
	struct slice body = d->body[c];
	struct answer a = describe(
		MHD_create_response_from_buffer_with_free_callback_cls(
			body.len, readable(body), release_document, d), d, c);

	if (d->status == MHD_HTTP_IM_USED)
		put_delta(a.response, h, d);
	return a;
}

struct answer
respond_from_file(const struct document *d, enum coding c, int fd)
{
	return describe(MHD_create_response_from_fd(d->body[c].len, fd), d, c);
}

#if MHD_VERSION >= 0x00097701
static struct MHD_Response *
bodiless(void)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(0, readable(
		S("")), MHD_RESPMEM_PERSISTENT);

	CHECK(r && MHD_set_response_options(r, MHD_RF_HEAD_ONLY_RESPONSE,
		MHD_RO_END) == MHD_YES);
	return r;
}
#else
static ssize_t
read_nothing(void *cls, uint64_t at, char *ret, size_t room)
{
	(void)cls;
	(void)at;
	(void)ret;
	(void)room;
	return MHD_CONTENT_READER_END_OF_STREAM;
}

static struct MHD_Response *
bodiless(void)
{
	struct MHD_Response *r = MHD_create_response_from_callback(
		MHD_SIZE_UNKNOWN, 1, read_nothing, NULL, NULL);

	CHECK(r && MHD_set_response_options(r,
		MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END) == MHD_YES);
	return r;
}
#endif

static struct answer
respond_same(struct document *d, enum coding c)
{
	struct MHD_Response *r = dressed(bodiless());

	put_validators(r, d, c);
	document_unref(d);
	return (struct answer){ .status = MHD_HTTP_NOT_MODIFIED,
		.response = r };
}

static struct answer
respond_none(struct document *d)
{
	struct answer a = respond_text(MHD_HTTP_NOT_ACCEPTABLE,
		S("no acceptable coding\n"));

	put(a.response, "Vary", "Accept-Encoding");
	document_unref(d);
	return a;
}

struct answer
respond_choice(const struct head *h, struct document *d, struct choice choice)
{
	switch (choice.verdict) {
	case VERDICT_SAME:
		return respond_same(d, choice.coding);
	case VERDICT_NONE:
		return respond_none(d);
	case VERDICT_FULL:
		break;
	}
	return respond_full(h, d, choice.coding);
}

struct answer
respond_document(const struct head *h, struct document *d)
{
	return respond_choice(h, d, negotiate(h, d));
}

/* ---- the rest ---- */

static struct MHD_Response *
text_response(struct slice text, const char *cache,
	enum MHD_ResponseMemoryMode whose)
{
	struct MHD_Response *r = dressed(MHD_create_response_from_buffer(
		text.len, readable(text), whose));

	put(r, "Content-Type", "text/plain; charset=utf-8");
	put(r, "Cache-Control", cache);
	return r;
}

struct answer
respond_text(unsigned status, struct slice text)
{
	return (struct answer){ .status = status, .response =
		text_response(text, "no-store", MHD_RESPMEM_PERSISTENT) };
}

static void
put_retry_after(struct MHD_Response *r, unsigned seconds)
{
	char value[16];

	snprintf(value, sizeof(value), "%u", seconds);
	put(r, "Retry-After", value);
}

struct answer
respond_reply(const struct serve_reply *what)
{
	struct MHD_Response *r = text_response(what->text, "no-store",
		MHD_RESPMEM_MUST_COPY);

	if (what->wait_s > 0)
		put_retry_after(r, what->wait_s);
	if (what->allow)
		put(r, "Allow", what->allow);
	return (struct answer){ .status = what->status, .response = r };
}

static struct slice
reason(unsigned status)
{
	switch (status) {
	case MHD_HTTP_METHOD_NOT_ALLOWED:
		return S("method not allowed\n");
	case MHD_HTTP_NOT_IMPLEMENTED:
		return S("method not implemented\n");
	case MHD_HTTP_LENGTH_REQUIRED:
		return S("a length is required\n");
	case MHD_HTTP_CONTENT_TOO_LARGE:
		return S("the form is too large\n");
	case MHD_HTTP_UNSUPPORTED_MEDIA_TYPE:
		return S("only application/x-www-form-urlencoded is read\n");
	case MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE:
		return S("header fields too large\n");
	case MHD_HTTP_SERVICE_UNAVAILABLE:
		return S("too busy, please try again\n");
	default:
		return S("bad request\n");
	}
}

void
respond_is_last(struct answer *a)
{
	put(a->response, "Connection", "close");
}

struct answer
respond_and_close(unsigned status, bool is_hub)
{
	struct answer a = respond_text(status, reason(status));

	respond_is_last(&a);
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		put(a.response, "Allow", is_hub ? HUB_METHODS : METHODS);
	if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
		put_retry_after(a.response, BUSY_S);
	return a;
}

struct answer
respond_wait(unsigned seconds)
{
	struct answer a = respond_text(MHD_HTTP_TOO_MANY_REQUESTS,
		S("too many whole answers: send If-None-Match\n"));

	put_retry_after(a.response, seconds);
	return a;
}

struct answer
respond_redirect(struct slice path)
{
	struct MHD_Response *r;
	char where[2048];
	/* "//host" would lead to another site, which nobody meant. */
	bool is_path = slice_starts(path, S("/")) &&
		!slice_starts(path, S("//"));

	if ((!is_path && !uri_is_http(path)) || path.len >= sizeof(where))
		return respond_text(MHD_HTTP_NOT_FOUND, S("not found\n"));
	memcpy(where, path.ptr, path.len);
	where[path.len] = '\0';
	r = text_response(S("moved\n"), "public, max-age=3600",
		MHD_RESPMEM_PERSISTENT);
	put(r, "Location", where);
	return (struct answer){ .status = MHD_HTTP_MOVED_PERMANENTLY,
		.response = r };
}

struct answer
respond_options(bool is_hub)
{
	struct MHD_Response *r = dressed(MHD_create_response_from_buffer(0,
		readable(S("")), MHD_RESPMEM_PERSISTENT));

	put(r, "Allow", is_hub ? HUB_METHODS : METHODS);
	put(r, "Access-Control-Allow-Methods", "GET, HEAD");
	put(r, "Access-Control-Allow-Headers",
		"If-None-Match, If-Modified-Since, A-IM");
	put(r, "Access-Control-Max-Age", "86400");
	return (struct answer){ .status = MHD_HTTP_NO_CONTENT, .response = r };
}
