/*
 * Unit tests of base/slice, base/utf8, base/fold, base/uri and the escaper.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "assert_slice.h"
#include "base/fold.h"
#include "base/uri.h"
#include "base/utf8.h"

/* ---- slice ---- */

static void
test_slice_comparing(void **state)
{
	(void)state;
	assert_true(slice_eq(slice(NULL, 0), S("")));
	assert_true(slice_eq_nocase(S("ETag"), S("etAG")));
	assert_false(slice_eq_nocase(S("etag"), S("etags")));
	assert_true(slice_starts(S("abc"), S("ab")));
	assert_false(slice_starts(S("a"), S("ab")));
	assert_true(slice_ends(S("abc"), S("bc")));
	assert_true(slice_ends(S("abc"), S("")));
	assert_true(slice_starts_nocase(S("HTTP://a"), S("http://")));
	assert_true(slice_cmp(S("a"), S("ab")) < 0);
	assert_true(slice_cmp(S("b"), S("ab")) > 0);
	assert_true(slice_cmp(S("\xff"), S("a")) > 0);
	assert_int_equal(slice_cmp(S(""), slice(NULL, 0)), 0);
}

static void
test_slice_finding(void **state)
{
	(void)state;
	assert_int_equal(slice_find(S("abcabc"), S("bc"), 0), 1);
	assert_int_equal(slice_find(S("abcabc"), S("bc"), 2), 4);
	assert_int_equal(slice_find(S("abcabc"), S("bc"), 5), -1);
	assert_int_equal(slice_find(S("abc"), S(""), 3), 3);
	assert_int_equal(slice_find(S("abc"), S("c"), 4), -1);
	assert_int_equal(slice_find_byte(S("a:b:c"), ':'), 1);
	assert_int_equal(slice_rfind_byte(S("a:b:c"), ':'), 3);
	assert_int_equal(slice_find_byte(slice(NULL, 0), ':'), -1);
	assert_slice(slice_sub(S("abcdef"), 2, 4), "cd");
	assert_slice(slice_sub(S("abc"), 2, 99), "c");
	assert_slice(slice_sub(S("abc"), 99, 2), "");
	assert_slice(slice_from(S("abc"), 99), "");
	assert_slice(slice_trim(S(" \t\r\n a b \v\f ")), "a b");
	assert_slice(slice_trim(S(" \t ")), "");
}

static void
test_slice_cutting(void **state)
{
	static const char *const lines[] = { "a", "", "b", "c", "d" };
	static const char *const fields[] = { "a", "", "b" };
	struct slice rest = S("a\n\nb\r\nc\rd"), part;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		assert_true(slice_next_line(&rest, &part));
		assert_slice(part, lines[i]);
	}
	assert_false(slice_next_line(&rest, &part));
	rest = S("a,,b");
	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		assert_true(slice_next_field(&rest, ',', &part));
		assert_slice(part, fields[i]);
	}
	assert_false(slice_next_field(&rest, ',', &part));
	rest = S("a,");
	assert_true(slice_next_field(&rest, ',', &part));
	assert_true(slice_next_field(&rest, ',', &part));
	assert_slice(part, "");
	assert_false(slice_next_field(&rest, ',', &part));
}

static void
test_slice_number(void **state)
{
	(void)state;
	assert_int_equal(slice_number(S("0"), 9), 0);
	assert_int_equal(slice_number(S("0099"), 99), 99);
	assert_int_equal(slice_number(S("100"), 99), -1);
	assert_int_equal(slice_number(S("3"), 2), -1);
	assert_int_equal(slice_number(S("1"), 0), -1);
	assert_int_equal(slice_number(S("9223372036854775807"), INT64_MAX),
		INT64_MAX);
	assert_int_equal(slice_number(S("9223372036854775808"), INT64_MAX),
		-1);
	assert_int_equal(slice_number(S(""), 9), -1);
	assert_int_equal(slice_number(S("-1"), 9), -1);
	assert_int_equal(slice_number(S("1 "), 9), -1);
}

/* ---- utf8 ---- */

static void
test_utf8_validity(void **state)
{
	static const struct {
		struct slice s;
		size_t valid;	/* bytes of it */
	} cases[] = {
		{ S_INIT(""), 0 },
		{ S_INIT("a\xc2\xa0\xe7\xb2\xa4\xf0\x9f\x93\xb0"), 10 },
		{ S_INIT("\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf"), 10 },
		{ S_INIT("a\x80"), 1 },		/* a tail alone */
		{ S_INIT("a\xc3"), 1 },		/* cut short */
		{ S_INIT("\xe7\xb2"), 0 },
		{ S_INIT("\xf0\x9f\x93"), 0 },
		{ S_INIT("\xc0\xaf"), 0 },	/* overlong "/" */
		{ S_INIT("\xe0\x80\xaf"), 0 },
		{ S_INIT("\xf0\x80\x80\xaf"), 0 },
		{ S_INIT("\xed\xa0\x80"), 0 },	/* a surrogate */
		{ S_INIT("\xf4\x90\x80\x80"), 0 },	/* over U+10FFFF */
		{ S_INIT("\xf5\x80\x80\x80"), 0 },
		{ S_INIT("\xff"), 0 },
		{ S_INIT("\xc3\x28"), 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(utf8_check(cases[i].s), cases[i].valid);
		assert_int_equal(utf8_valid(cases[i].s),
			cases[i].valid == cases[i].s.len);
	}
}

static void
test_utf8_every_code_point(void **state)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(8);
	size_t len;

	(void)state;
	for (int32_t c = 0; c <= 0x10ffff; c++) {
		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		buf_reset(&b);
		utf8_put(&b, c);
		if (!utf8_valid(buf_slice(&b)) ||
			utf8_get(buf_slice(&b), &len) != c || len != b.len)
			fail_msg("U+%04X", (unsigned)c);
	}
}

static void
test_utf8_walking(void **state)
{
	struct slice s = S("a\xff\xe7\xb2\xa4");
	size_t len;

	(void)state;
	assert_int_equal(utf8_count(s), 3);
	assert_slice(utf8_first(s, 2), "a\xff");
	assert_slice(utf8_first(s, 9), "a\xff\xe7\xb2\xa4");
	assert_int_equal(utf8_next(&s), 'a');
	assert_int_equal(utf8_next(&s), 0xfffd);
	assert_int_equal(utf8_next(&s), 0x7ca4);
	assert_int_equal(utf8_next(&s), -1);
	assert_int_equal(utf8_get(s, &len), -1);
	assert_int_equal(len, 0);
	assert_true(utf8_is_space(0xa0) && utf8_is_space(0x3000));
	assert_false(utf8_is_space('a') || utf8_is_space(0x200b));
	assert_true(utf8_is_han(0x7ca4) && !utf8_is_han(0x3042));
	assert_true(utf8_is_alnum('z') && utf8_is_alnum(0x7ca4) &&
		utf8_is_alnum(0x2461) && !utf8_is_alnum('-'));
}

/* ---- the escaper ---- */

/* XML 1.0 section 2.2, and the C1 controls, which are best avoided. */
static bool
is_dropped(int32_t c)
{
	return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') ||
		(c >= 0x7f && c <= 0x9f) || c == 0xfffe || c == 0xffff;
}

static const char *
entity_of(int32_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\r':
		return "&#13;";
	default:
		return NULL;
	}
}

/* Each code point between two letters, so that nothing else is dropped. */
static void
test_xml_every_code_point(void **state)
{
	CLEANUP(buf_done) struct buf in = BUF_INIT(16), out = BUF_INIT(32),
		expected = BUF_INIT(32);

	(void)state;
	for (int32_t c = 0; c <= 0x10ffff; c++) {
		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		buf_reset(&in);
		buf_reset(&out);
		buf_reset(&expected);
		buf_put_byte(&in, 'a');
		utf8_put(&in, c);
		buf_put_byte(&in, 'z');
		buf_put_byte(&expected, 'a');
		if (entity_of(c))
			buf_put_str(&expected, entity_of(c));
		else if (!is_dropped(c))
			utf8_put(&expected, c);
		buf_put_byte(&expected, 'z');
		buf_put_xml(&out, buf_slice(&in));
		if (!slice_eq(buf_slice(&out), buf_slice(&expected)))
			fail_msg("U+%04X: \"%s\"", (unsigned)c, out.ptr);
	}
}

static void
test_xml_runs_and_ends(void **state)
{
	static const struct {
		struct slice in;
		const char *out;
	} cases[] = {
		{ S_INIT(""), "" },
		{ S_INIT("plain"), "plain" },
		{ S_INIT("<<a&b>>\"c\""),
			"&lt;&lt;a&amp;b&gt;&gt;&quot;c&quot;" },
		{ S_INIT("\0a\0\0b\0"), "ab" },
		{ S_INIT("\xc2\x80\xc2\x9f"), "" },
		{ S_INIT("\xc2\xa0"), "\xc2\xa0" },
		{ S_INIT("\xef\xbf\xbd\xef\xbf\xbe"), "\xef\xbf\xbd" },
		{ S_INIT("\xed\xa0\x80x"), "x" },	/* a surrogate */
		{ S_INIT("a\xc2"), "a\xc2" },	/* not UTF-8: not our duty */
		{ S_INIT("\r\n\t'"), "&#13;\n\t'" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(buf_done) struct buf b = BUF_INIT(100);

		buf_put_xml(&b, cases[i].in);
		assert_slice(buf_slice(&b), cases[i].out);
	}
}

/* ---- fold ---- */

static void
test_fold_title(void **state)
{
	static const struct {
		struct slice in;
		const char *out;
	} cases[] = {
		{ S_INIT("  a \t\r\n b  "), "a b" },
		{ S_INIT("a\xc2\xa0\xe3\x80\x80""b"), "a b" },
		{ S_INIT("e\xcc\x81"), "\xc3\xa9" },
		{ S_INIT("a\x01\x7f\xc2\x9f""b"), "ab" },
		{ S_INIT("\xe2\x91\xa1 2024\xe2\x91\xa1"),
			"\xe2\x91\xa1 2024\xe2\x91\xa1" },
		{ S_INIT("bad \xff bytes"), "bad \xff bytes" },
		{ S_INIT(" \xe3\x80\x80 "), "" },
		{ S_INIT("a\xef\xbf\xbe\xef\xbf\xbf""b"), "ab" },
	};
	CLEANUP(arena_done) struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_slice(fold_title(cases[i].in, &a), cases[i].out);
}

static void
test_fold_key(void **state)
{
	static const char *const cases[][2] = {
		{ "Guangdong's  Solution", "guangdongs-solution" },
		{ "Guangdong\xe2\x80\x99s Solution", "guangdongs-solution" },
		{ "  --A  B--", "a-b" },
		{ "\xef\xbc\xa1\xef\xbc\xa2\xef\xbc\x91", "ab1" },
		{ "STRA\xc3\x9f""E", "strasse" },
		{ "\xe7\xb2\xa4\xe6\xb8\xaf\xe6\xbe\xb3 \xe6\xb9\xbe",
			"\xe7\xb2\xa4\xe6\xb8\xaf\xe6\xbe\xb3-\xe6\xb9\xbe" },
		{ "?!", "" },
		{ "", "" },
	};
	CLEANUP(arena_done) struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_slice(fold_key(slice_str(cases[i][0]), &a),
			cases[i][1]);
}

/* ---- uri ---- */

static void
test_uri_segments(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	CLEANUP(buf_done) struct buf b = BUF_INIT(100), small = BUF_INIT(8);

	(void)state;
	uri_put_segment(&b, S("a b/c?#%\xe7&'"), false);
	assert_slice(buf_slice(&b), "a%20b%2Fc%3F%23%25%E7%26%27");
	assert_slice(uri_segment(S("a/b c"), true, &a), "a/b%20c");
	assert_slice(uri_segment(S("~._-@:"), false, &a), "~._-@:");
	uri_put_segment(&small, S("/////"), false);
	assert_false(buf_ok(&small));
}

static void
test_uri_round_trip(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	char bytes[255];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i + 1);
	assert_true(slice_eq(uri_decode(uri_segment(slice(bytes,
		sizeof(bytes)), false, &a), &a), slice(bytes, sizeof(bytes))));
}

static void
test_uri_decode(void **state)
{
	static const char *const broken[] = { "%", "a%2", "%2g", "%g2",
		"%00", "a%00b" };
	CLEANUP(arena_done) struct arena a = { 0 };

	(void)state;
	assert_slice(uri_decode(S("%e7%B2%a4+%2f"), &a), "\xe7\xb2\xa4+/");
	assert_slice(uri_decode(S(""), &a), "");
	assert_non_null(uri_decode(S(""), &a).ptr);
	for (size_t i = 0; i < COUNT_OF(broken); i++)
		assert_null(uri_decode(slice_str(broken[i]), &a).ptr);
}

static void
test_uri_parts(void **state)
{
	static const struct {
		const char *uri, *host;
		bool is_http;
	} cases[] = {
		{ "http://a.example/b", "a.example", true },
		{ "HTTPS://u:p@a.example:8443?q", "a.example", true },
		{ "http://[::1]:80/", "[::1]", true },
		{ "http://a", "a", true },
		{ "http:///b", "", false },
		{ "http://a b/", "a b", false },
		{ "http://a/\n", "a", false },
		{ "//a.example/", "", false },
		{ "javascript:alert(1)", "", false },
		{ "", "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_slice(uri_host(slice_str(cases[i].uri)),
			cases[i].host);
		assert_int_equal(uri_is_http(slice_str(cases[i].uri)),
			cases[i].is_http);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slice_comparing),
		cmocka_unit_test(test_slice_finding),
		cmocka_unit_test(test_slice_cutting),
		cmocka_unit_test(test_slice_number),
		cmocka_unit_test(test_utf8_validity),
		cmocka_unit_test(test_utf8_every_code_point),
		cmocka_unit_test(test_utf8_walking),
		cmocka_unit_test(test_xml_every_code_point),
		cmocka_unit_test(test_xml_runs_and_ends),
		cmocka_unit_test(test_fold_title),
		cmocka_unit_test(test_fold_key),
		cmocka_unit_test(test_uri_segments),
		cmocka_unit_test(test_uri_round_trip),
		cmocka_unit_test(test_uri_decode),
		cmocka_unit_test(test_uri_parts),
	};

	return cmocka_run_group_tests_name("base_text", tests, NULL, NULL);
}
