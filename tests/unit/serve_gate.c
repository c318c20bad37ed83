/*
 * Unit tests of serve/gate: what has two readings is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "serve/gate.h"

/* "Name: value" lines, separated by "|", go through the gate. */
static unsigned
judge(const char *method, const char *target, const char *version,
	const char *fields, struct head *h)
{
	struct slice rest = slice_str(*fields ? fields : NULL), line;

	gate_begin(h, slice_str(method), slice_str(target),
		slice_str(version));
	if (*fields)
		while (slice_next_field(&rest, '|', &line)) {
			ssize_t colon = slice_find_byte(line, ':');

			gate_field(h, slice(line.ptr, (size_t)colon),
				slice_from(line, (size_t)colon + 1));
		}
	return gate_judge(h);
}

static void
test_heads(void **state)
{
	static const struct {
		const char *method, *version, *fields;
		unsigned status;
	} cases[] = {
		{ "GET", "HTTP/1.1", "Host: a", 0 },
		{ "HEAD", "HTTP/1.1", "host: a.example:8080", 0 },
		{ "OPTIONS", "HTTP/1.1", "HOST: [::1]:80", 0 },
		{ "GET", "HTTP/1.0", "", 0 },
		{ "GET", "HTTP/1.0", "Host: a", 0 },
		{ "GET", "HTTP/1.1", "Host: a|X: tab\there", 0 },
		{ "GET", "HTTP/1.1", "Host: a|Content-Length: 0", 0 },
		{ "GET", "HTTP/1.1", "", 400 },
		{ "GET", "HTTP/1.1", "Host: ", 400 },
		{ "GET", "HTTP/1.1", "Host: a|Host: a", 400 },
		{ "GET", "HTTP/1.0", "Host: a|Host: a", 400 },
		{ "GET", "HTTP/1.1", "Host: a b", 400 },
		{ "GET", "HTTP/1.1", "Host: a/b", 400 },
		{ "GET", "HTTP/1.1", "Host: a@b", 400 },
		{ "GET", "HTTP/1.1", "Host : a", 400 },
		{ "GET", "HTTP/1.1", "Host: a|X Y: b", 400 },
		{ "GET", "HTTP/1.1", "Host: a|: b", 400 },
		{ "GET", "HTTP/1.1", "Host: a|X: b\rc", 400 },
		{ "GET", "HTTP/1.1", "Host: a|X: b\x01", 400 },
		{ "GET", "HTTP/1.1", "Host: a|X: b\x7f", 400 },
		{ "GET", "HTTP/1.1", "Host: a|Content-Length: 1", 400 },
		{ "GET", "HTTP/1.1", "Host: a|Content-Length: +0", 400 },
		{ "GET", "HTTP/1.1", "Host: a|Content-Length: 0x0", 400 },
		{ "GET", "HTTP/1.1", "Host: a|Content-Length: ", 400 },
		{ "GET", "HTTP/1.1", "Host: a|Content-Length: 0"
			"|Content-Length: 0", 400 },
		{ "POST", "HTTP/1.1", "Host: a|Content-Length: 0"
			"|Transfer-Encoding: chunked", 400 },
		{ "POST", "HTTP/1.1", "Host: a|Transfer-Encoding: xchunked",
			400 },
		{ "POST", "HTTP/1.1", "Host: a|Transfer-Encoding: chunked"
			"|Transfer-Encoding: chunked", 400 },
		{ "POST", "HTTP/1.0", "Transfer-Encoding: chunked", 400 },
		{ "GET", "HTTP/1.1", "Host: a|Transfer-Encoding: chunked",
			400 },
		{ "POST", "HTTP/1.1", "Host: a|Content-Length: 5", 405 },
		{ "POST", "HTTP/1.1", "Host: a|Transfer-Encoding: Chunked",
			405 },
		{ "TRACE", "HTTP/1.1", "Host: a", 405 },
		{ "POST", "HTTP/1.1", "Host: a|Content-Length: 9000", 405 },
		{ "FOO", "HTTP/1.1", "Host: a", 501 },
		{ "get", "HTTP/1.1", "Host: a", 501 },
		{ "G(T", "HTTP/1.1", "Host: a", 400 },
		{ "", "HTTP/1.1", "Host: a", 400 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct head h;
		unsigned got = judge(cases[i].method, "/", cases[i].version,
			cases[i].fields, &h);

		if (got != cases[i].status)
			fail_msg("%s %s: %u, not %u", cases[i].method,
				cases[i].fields, got, cases[i].status);
	}
}

static void
test_targets(void **state)
{
	static const struct {
		const char *method, *target, *path;	/* NULL: refused */
	} cases[] = {
		{ "GET", "/", "/" },
		{ "GET", "/a/b?c=/d", "/a/b" },
		{ "GET", "/%2e%2e/%00", "/%2e%2e/%00" },
		{ "GET", "//a", "//a" },
		{ "GET", "/\xe7\xb2\xa4", "/\xe7\xb2\xa4" },
		{ "GET", "http://a.example/b?c", "/b" },
		{ "GET", "HTTPS://a.example:443/b", "/b" },
		{ "GET", "http://a.example", "/" },
		{ "GET", "http://a.example?b", "/" },
		{ "OPTIONS", "*", "/" },
		{ "GET", "*", NULL },
		{ "GET", "", NULL },
		{ "GET", "a", NULL },
		{ "GET", "?a", NULL },
		{ "GET", "http://", NULL },
		{ "GET", "http:///a", NULL },
		{ "GET", "http://a b/", NULL },
		{ "GET", "ftp://a/b", NULL },
		{ "GET", "/a\x01", NULL },
		{ "GET", "/a\tb", NULL },
		{ "GET", "/a\x7f", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct head h;
		unsigned got = judge(cases[i].method, cases[i].target,
			"HTTP/1.1", "Host: a", &h);

		if (!cases[i].path) {
			assert_int_equal(got, 400);
			continue;
		}
		assert_int_equal(got, 0);
		assert_true(slice_eq(h.path, slice_str(cases[i].path)));
	}
}

static void
test_forms(void **state)
{
#define FORM "Content-Type: application/x-www-form-urlencoded"
	static const struct {
		const char *fields;
		unsigned status;
	} cases[] = {
		{ "Content-Length: 0|" FORM, 0 },
		{ "Content-Length: 8192|" FORM, 0 },
		{ "Content-Length: 1|" FORM "; charset=utf-8", 0 },
		{ "Content-Length: 1|content-type: Application/X-WWW-Form-"
			"Urlencoded", 0 },
		{ "Content-Length: 8193|" FORM, 413 },
		{ "Content-Length: 1", 415 },
		{ "Content-Length: 1|Content-Type: application/json", 415 },
		{ "Content-Length: 1|" FORM "2", 415 },
		{ FORM, 411 },
		{ "Transfer-Encoding: chunked|" FORM, 411 },
		{ "Content-Length: x|" FORM, 400 },
		{ "Content-Length: 1|Transfer-Encoding: chunked|" FORM, 400 },
	};
	char fields[256];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct head h;
		unsigned got;

		snprintf(fields, sizeof(fields), "Host: a|%s",
			cases[i].fields);
		got = judge("POST", "/hub?x", "HTTP/1.1", fields, &h);
		if (got != cases[i].status)
			fail_msg("%s: %u", fields, got);
	}
}

static void
test_fields_are_kept(void **state)
{
	struct head h;

	(void)state;
	assert_int_equal(judge("GET", "/", "HTTP/1.1", "Host: a|accept-encoding"
		": gzip |Accept-Encoding: br|If-None-Match: \"a\", \"b\"|"
		"If-Modified-Since: then", &h), 0);
	assert_int_equal(h.accept_encoding.n, 2);
	assert_true(slice_eq(h.accept_encoding.line[0], S("gzip")));
	assert_true(slice_eq(h.accept_encoding.line[1], S("br")));
	assert_int_equal(h.if_none_match.n, 1);
	assert_true(slice_eq(h.if_none_match.line[0], S("\"a\", \"b\"")));
	assert_true(slice_eq(h.if_modified_since, S("then")));
}

static void
test_many_lines_are_cut(void **state)
{
	struct head h;

	(void)state;
	gate_begin(&h, S("GET"), S("/"), S("HTTP/1.1"));
	for (int i = 0; i < 3 * HEAD_LINES_MAX; i++)
		gate_field(&h, S("If-None-Match"), S("\"a\""));
	assert_int_equal(h.if_none_match.n, HEAD_LINES_MAX);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_heads),
		cmocka_unit_test(test_targets),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_fields_are_kept),
		cmocka_unit_test(test_many_lines_are_cut),
	};

	return cmocka_run_group_tests_name("serve_gate", tests, NULL, NULL);
}
