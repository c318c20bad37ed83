/*
 * Unit tests of serve/ over the wire: what a client asks, and what it gets.
 *
 * One server for all tests; every request is raw bytes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/compress.h"
#include "base/date.h"
#include "serve/gate.h"
#include "serve_fixture.h"

static struct fixture f;

#define FEED_CACHE "public, max-age=300, stale-while-revalidate=3600, " \
	"stale-if-error=86400"
#define CORS_EXPOSED "ETag, Last-Modified, Link, Retry-After"

/* What every answer of ours has. */
static void
assert_dressed(const struct reply *r)
{
	assert_header(r, "X-Content-Type-Options", "nosniff");
	assert_header(r, "Access-Control-Allow-Origin", "*");
	assert_header(r, "Access-Control-Expose-Headers", CORS_EXPOSED);
	assert_header(r, "Server", NULL);
	assert_int_equal(reply_count(r, "Date"), 1);
}

static void
test_get(void **state)
{
	struct reply r = ask(&f, "GET", "/feed.atom?utm_source=x", "");

	(void)state;
	assert_int_equal(r.status, 200);
	assert_dressed(&r);
	assert_header(&r, "Content-Type",
		"application/atom+xml; charset=utf-8");
	assert_header(&r, "ETag", FEED_TAG);
	assert_header(&r, "Last-Modified", FEED_DATE);
	assert_header(&r, "Cache-Control", FEED_CACHE);
	assert_header(&r, "Vary", "Accept-Encoding");
	assert_header(&r, "Link", "<https://hub.example/>; rel=\"hub\"");
	assert_header(&r, "Content-Security-Policy", "default-src 'none'");
	assert_header(&r, "Content-Encoding", NULL);
	assert_header(&r, "Accept-Ranges", NULL);
	assert_int_equal(reply_count(&r, "Content-Length"), 1);
	assert_int_equal(r.body_len, 20 * strlen(FEED_PART));
	assert_memory_equal(r.body, FEED_PART, strlen(FEED_PART));
	assert_string_equal(f.last_path, "/feed.atom");
	reply_done(&r);
}

static void
test_gzip(void **state)
{
	struct reply plain = ask(&f, "GET", "/feed.atom", "");
	struct reply gzip = ask(&f, "GET", "/feed.atom",
		"Accept-Encoding: br;q=1.0, gzip;q=0.8, *;q=0.1\r\n");

	(void)state;
	assert_int_equal(gzip.status, 200);
	assert_header(&gzip, "Content-Encoding", "gzip");
	assert_header(&gzip, "ETag", FEED_GZIP_TAG);
	assert_header(&gzip, "Vary", "Accept-Encoding");
	assert_true(gzip_matches(slice(gzip.body, gzip.body_len),
		slice(plain.body, plain.body_len)));
	reply_done(&plain);
	reply_done(&gzip);
}

/* What the owner may ask about a request. */
static void
test_arguments(void **state)
{
	static const struct {
		const char *query, *token;
	} cases[] = {
		{ "?token=a%20b", "a%20b" },
		{ "?x=1&token=2&token=3", "2" },
		{ "?token=", "" },
		{ "?token", "" },
		{ "?tokens=1", "" },
		{ "", "" },
	};
	char path[64];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct reply r;

		snprintf(path, sizeof(path), "/feed.atom%s", cases[i].query);
		r = ask(&f, "GET", path, "User-Agent: a reader/1\r\n");
		assert_int_equal(r.status, 200);
		assert_string_equal(f.last_path, "/feed.atom");
		assert_string_equal(f.last_token, cases[i].token);
		assert_string_equal(f.last_agent, "a reader/1");
		reply_done(&r);
	}
}

static void
test_delta(void **state)
{
	struct reply r = ask(&f, "GET", "/delta", "A-IM: feed\r\n"
		"If-None-Match: \"x\", W/\"" FEED_BASE "-gz\"\r\n");

	(void)state;
	assert_int_equal(r.status, 226);
	assert_dressed(&r);
	assert_header(&r, "IM", "feed");
	assert_header(&r, "ETag", FEED_TAG);
	assert_header(&r, "Delta-Base", "\"" FEED_BASE "-gz\"");
	assert_header(&r, "Vary", "Accept-Encoding, A-IM");
	assert_header(&r, "Cache-Control", "no-store, im");
	assert_int_equal(r.body_len, strlen(FEED_PART));
	reply_done(&r);
}

static void
test_private(void **state)
{
	struct reply r = ask(&f, "GET", "/private?token=partner", "");

	(void)state;
	assert_int_equal(r.status, 200);
	assert_header(&r, "Cache-Control", "private, no-cache");
	assert_header(&r, "Vary", "Authorization");
	reply_done(&r);
	r = ask(&f, "GET", "/login", "");
	assert_int_equal(r.status, 401);
	assert_header(&r, "WWW-Authenticate", "Bearer realm=\"feeds\"");
	reply_done(&r);
}

/* Whoever asks, a document goes to those whom it was made for. */
static void
test_private_is_for_who_is_admitted(void **state)
{
	static const char *const mixed[] = { "/private", "/private?token=x",
		"/feed.atom?token=partner" };
	struct reply r;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(mixed); i++) {
		r = ask(&f, "GET", mixed[i], "");
		assert_int_equal(r.status, 503);
		assert_header(&r, "Cache-Control", "no-store");
		reply_done(&r);
	}
	r = ask(&f, "GET", "/private", "If-None-Match: *\r\n");
	assert_int_equal(r.status, 503);
	reply_done(&r);
	r = ask(&f, "GET", "/gone?token=partner", "");
	assert_int_equal(r.status, 410);
	reply_done(&r);
}

/* Asked for often, an answer is made once; it must be the same. */
static void
test_hot(void **state)
{
	static const char *const headers[] = { "",
		"Accept-Encoding: gzip\r\n",
		"Accept-Encoding: gzip\r\nIf-None-Match: " FEED_TAG "\r\n",
		"If-None-Match: " FEED_TAG "\r\n" };
	static const struct {
		int status;
		const char *tag;
	} wanted[] = { { 200, FEED_TAG }, { 200, FEED_GZIP_TAG },
		{ 304, FEED_TAG }, { 304, FEED_TAG } };

	(void)state;
	for (size_t i = 0; i < 5 * COUNT_OF(headers); i++) {
		size_t k = i % COUNT_OF(headers);
		struct reply r = ask(&f, i % 3 ? "GET" : "HEAD", "/hot",
			headers[k]);

		assert_int_equal(r.status, wanted[k].status);
		assert_header(&r, "ETag", wanted[k].tag);
		assert_header(&r, "Cache-Control", FEED_CACHE);
		assert_dressed(&r);
		if (r.status == 200 && i % 3)
			assert_true(r.body_len > 0);
		reply_done(&r);
	}
}

static void
test_head(void **state)
{
	static const char *const paths[] = { "/feed.atom", "/plain", "/gone",
		"/null", "/healthz" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		struct reply get = ask(&f, "GET", paths[i], "");
		struct reply head = ask(&f, "HEAD", paths[i], "");
		char *date = strstr(get.head, "Date: ");
		char *other = strstr(head.head, "Date: ");

		/* The second may change between the two. */
		assert_non_null(date);
		assert_non_null(other);
		memcpy(other, date, strlen("Date: " FEED_DATE));
		assert_string_equal(head.head, get.head);
		reply_done(&get);
	}
}

static void
test_not_acceptable(void **state)
{
	struct reply r = ask(&f, "GET", "/feed.atom",
		"Accept-Encoding: identity;q=0\r\n");

	(void)state;
	assert_int_equal(r.status, 406);
	assert_header(&r, "Vary", "Accept-Encoding");
	assert_dressed(&r);
	reply_done(&r);
	r = ask(&f, "GET", "/feed.atom", "Accept: text/html\r\n");
	assert_int_equal(r.status, 200);
	reply_done(&r);
}

static void
assert_not_modified(const char *headers, const char *tag)
{
	struct reply r = ask(&f, "GET", "/feed.atom", headers);

	if (r.status != 304)
		fail_msg("%s: %d", headers, r.status);
	assert_header(&r, "ETag", tag);
	assert_header(&r, "Vary", "Accept-Encoding");
	assert_header(&r, "Cache-Control", FEED_CACHE);
	assert_header(&r, "Content-Length", NULL);
	assert_header(&r, "Transfer-Encoding", NULL);
	assert_header(&r, "Content-Type", NULL);
	assert_dressed(&r);
}

static void
test_not_modified(void **state)
{
	(void)state;
	assert_not_modified("If-None-Match: " FEED_TAG "\r\n", FEED_TAG);
	assert_not_modified("If-None-Match: W/" FEED_TAG "\r\n", FEED_TAG);
	assert_not_modified("If-None-Match: \"x\", " FEED_TAG "\r\n",
		FEED_TAG);
	assert_not_modified("If-None-Match: \"x\"\r\nIf-None-Match: " FEED_TAG
		"\r\n", FEED_TAG);
	assert_not_modified("If-None-Match: *\r\n", FEED_TAG);
	assert_not_modified("If-None-Match: " FEED_GZIP_TAG "\r\n"
		"Accept-Encoding: br, gzip\r\n", FEED_GZIP_TAG);
	assert_not_modified("If-None-Match: " FEED_TAG "\r\n"
		"Accept-Encoding: gzip\r\n", FEED_TAG);
	assert_not_modified("If-Modified-Since: " FEED_DATE "\r\n", FEED_TAG);
	assert_not_modified("If-Modified-Since: Wed May 15 08:00:00 2024\r\n",
		FEED_TAG);
	assert_not_modified("If-Modified-Since: Wed, 15 May 2030 08:00:00 GMT"
		"\r\n", FEED_TAG);
}

/* A 304 has no byte of body: the connection ends, or the next answer comes. */
static void
test_not_modified_has_no_body(void **state)
{
	int fd = client_send(&f, "GET /feed.atom HTTP/1.1\r\nHost: a\r\n"
		"If-None-Match: *\r\n\r\n");
	struct reply r = reply_read(fd, false);
	char byte;

	(void)state;
	assert_int_equal(r.status, 304);
	if (reply_header(&r, "Connection"))
		assert_int_equal(read(fd, &byte, 1), 0);
	close(fd);
	r = ask(&f, "HEAD", "/feed.atom", "If-None-Match: *\r\n");
	assert_int_equal(r.status, 304);
}

static void
test_modified(void **state)
{
	static const char *const headers[] = {
		"If-None-Match: \"x\"\r\nIf-Modified-Since: " FEED_DATE "\r\n",
		"If-None-Match: " FEED_GZIP_TAG "\r\n",
		"If-None-Match: " FEED_GZIP_TAG "\r\nAccept-Encoding: "
			"gzip;q=0\r\n",
		"If-Modified-Since: Wed, 15 May 2024 07:59:59 GMT\r\n",
		"If-Modified-Since: garbage\r\n",
		"If-Modified-Since: \r\n",
		"Range: bytes=0-9\r\n",
		"A-IM: feed\r\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(headers); i++) {
		struct reply r = ask(&f, "GET", "/feed.atom", headers[i]);

		if (r.status != 200)
			fail_msg("%s: %d", headers[i], r.status);
		assert_int_equal(r.body_len, 20 * strlen(FEED_PART));
		reply_done(&r);
	}
}

static void
test_future_is_not_told(void **state)
{
	struct reply r = ask(&f, "GET", "/future", "");
	int64_t told = date_parse_http(slice_str(reply_header(&r,
		"Last-Modified")));

	(void)state;
	assert_true(told > 1715760000 && told < 2240000000);
	reply_done(&r);
}

static void
test_other_answers(void **state)
{
	static const struct {
		const char *path;
		int status;
		const char *cache;
	} cases[] = {
		{ "/plain", 200, FEED_CACHE },
		{ "/gone", 410, "public, max-age=300" },
		{ "/null", 404, "no-store" },
		{ "/moved", 301, "public, max-age=3600" },
		{ "/elsewhere", 404, "no-store" },
		{ "/healthz", 200, "no-store" },
		{ "/%00", 404, "no-store" },
		{ "/%2e%2e/%2e%2e/etc/passwd", 404, "no-store" },
		{ "/../../etc/passwd", 404, "no-store" },
		{ "//", 404, "no-store" },
		{ "http://127.0.0.1/plain", 200, FEED_CACHE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct reply r = ask(&f, "GET", cases[i].path,
			"If-None-Match: \"x\"\r\nAccept-Encoding: gzip\r\n");

		if (r.status != cases[i].status)
			fail_msg("%s: %d", cases[i].path, r.status);
		assert_header(&r, "Cache-Control", cases[i].cache);
		assert_header(&r, "Vary", NULL);
		assert_dressed(&r);
		if (r.status != 200)
			assert_header(&r, "ETag", NULL);
		if (r.status == 301)
			assert_header(&r, "Location", "/feed.atom");
		reply_done(&r);
	}
}

static void
test_empty_body(void **state)
{
	struct reply r = ask(&f, "GET", "/empty", "");

	(void)state;
	assert_int_equal(r.status, 200);
	assert_header(&r, "Content-Length", "0");
	reply_done(&r);
}

static void
test_options(void **state)
{
	struct reply r = ask(&f, "OPTIONS", "/feed.atom",
		"Origin: https://reader.example\r\n"
		"Access-Control-Request-Method: GET\r\n"
		"Access-Control-Request-Headers: if-none-match\r\n");

	(void)state;
	assert_int_equal(r.status, 204);
	assert_header(&r, "Allow", "GET, HEAD, OPTIONS");
	assert_header(&r, "Access-Control-Allow-Methods", "GET, HEAD");
	assert_header(&r, "Access-Control-Allow-Headers",
		"If-None-Match, If-Modified-Since, A-IM");
	assert_header(&r, "Access-Control-Max-Age", "86400");
	assert_header(&r, "Content-Length", NULL);
	assert_dressed(&r);
	r = ask(&f, "OPTIONS", "*", "");
	assert_int_equal(r.status, 204);
}

static void
test_methods(void **state)
{
	struct reply r = ask(&f, "POST", "/feed.atom",
		"Content-Length: 3\r\n\r\na=b");

	(void)state;
	assert_int_equal(r.status, 405);
	assert_header(&r, "Allow", "GET, HEAD, OPTIONS");
	assert_dressed(&r);
	reply_done(&r);
	r = ask(&f, "DELETE", "/feed.atom", "");
	assert_int_equal(r.status, 405);
	reply_done(&r);
	r = ask(&f, "FOO", "/feed.atom", "");
	assert_int_equal(r.status, 501);
	assert_dressed(&r);
	reply_done(&r);
}

/* Refused, closed, and what comes behind is never answered. */
static void
assert_refused(const char *request, int status)
{
	int fd = client_send(&f, request);
	struct reply r;

	send_bytes(fd, "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
	r = reply_read(fd, false);
	if (r.status != status)
		fail_msg("%s: %d", request, r.status);
	assert_true(is_closed_within(fd, 5000));
	assert_string_not_equal(f.last_path, "/smuggled");
	reply_done(&r);
	close(fd);
}

static void
test_gate(void **state)
{
	static const char *const requests[] = {
		"GET / HTTP/1.1\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
		"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nX-Y : b\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nX: b\x01\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n folded\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
		"GET / HTTP/1.1\nHost: a\n\n",
		"GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET a HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n"
			"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n"
			"Content-Length: 5\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked"
			"\r\n\r\n0\r\n\r\n",
		"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"
			"0\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked"
			"\r\n\r\n0\r\n\r\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(requests); i++)
		assert_refused(requests[i], 400);
	assert_refused("GET / HTTP/3.7\r\nHost: a\r\n\r\n", 505);
	assert_refused("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
		"chunked\r\n\r\n0x0\r\n\r\n", 405);
}

/* A NUL hides the rest of its line from the library; not from us. */
static void
test_nul_bytes(void **state)
{
	static const struct slice requests[] = {
		S_INIT("GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n"),
		S_INIT("GET / HTTP/1.1\r\nHost: a\0b\r\nX: c\r\n\r\n"),
		S_INIT("GET / HTTP/1.1\r\nHost: a\r\nX: c\0\r\n\r\n"),
		S_INIT("GET /\0b HTTP/1.1\r\nHost: a\r\n\r\n"),
		S_INIT("GET /?a\0b HTTP/1.1\r\nHost: a\r\n\r\n"),
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(requests); i++) {
		int fd = client_connect(&f);
		struct reply r;

		assert_int_equal(write(fd, requests[i].ptr, requests[i].len),
			requests[i].len);
		r = reply_read(fd, false);
		if (r.status != 400)
			fail_msg("case %zu: %d", i, r.status);
		reply_done(&r);
		close(fd);
	}
}

static void
test_pipelining(void **state)
{
	static const int statuses[] = { 200, 404, 200, 204, 200 };
	int fd = client_send(&f,
		"GET /late HTTP/1.1\r\nHost: a\r\n\r\n"
		"GET /null HTTP/1.1\r\nHost: a\r\n\r\n"
		"GET /plain HTTP/1.1\r\nHost: a\r\n\r\n"
		"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"
		"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");

	(void)state;
	for (size_t i = 0; i < COUNT_OF(statuses); i++) {
		struct reply r = reply_read(fd, false);

		assert_int_equal(r.status, statuses[i]);
		assert_header(&r, "Connection", NULL);
		reply_done(&r);
	}
	assert_false(is_closed_within(fd, 50));
	close(fd);
}

static void
test_closing(void **state)
{
	static const char *const requests[] = {
		"GET /plain HTTP/1.0\r\n\r\n",
		"GET /plain HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(requests); i++) {
		int fd = client_send(&f, requests[i]);
		struct reply r = reply_read(fd, false);

		assert_int_equal(r.status, 200);
		assert_header(&r, "Connection", "close");
		assert_true(is_closed_within(fd, 5000));
		reply_done(&r);
		close(fd);
	}
}

static int
start(void **state)
{
	(void)state;
	fixture_init(&f);
	fixture_start(&f);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	fixture_stop(&f);
	assert_true(f.status.requests > 50);
	assert_true(f.status.not_modified >= 12);
	assert_true(f.status.refused > 20);
	return 0;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_get),
		cmocka_unit_test(test_gzip),
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_delta),
		cmocka_unit_test(test_private),
		cmocka_unit_test(test_private_is_for_who_is_admitted),
		cmocka_unit_test(test_hot),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_not_acceptable),
		cmocka_unit_test(test_not_modified),
		cmocka_unit_test(test_not_modified_has_no_body),
		cmocka_unit_test(test_modified),
		cmocka_unit_test(test_future_is_not_told),
		cmocka_unit_test(test_other_answers),
		cmocka_unit_test(test_empty_body),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_methods),
		cmocka_unit_test(test_gate),
		cmocka_unit_test(test_nul_bytes),
		cmocka_unit_test(test_pipelining),
		cmocka_unit_test(test_closing),
	};

	return cmocka_run_group_tests_name("serve_http", tests, start, stop);
}
