/*
 * What tokens are made of: SHA-256, base64, and masks in what is logged.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/base64.h"
#include "base/mask.h"
#include "base/sha256.h"

static const char abc[] =
	"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

static void
hashes_are_those_of_the_standard(void **state)
{
	static const char *const cases[][2] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb924"
			"27ae41e4649b934ca495991b7852b855" },
		{ "abc", abc },
	};
	char hex[SHA256_HEX + 1];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct sha256 h = sha256_of(slice_str(cases[i][0]));

		sha256_hex(&h, hex);
		assert_string_equal(hex, cases[i][1]);
	}
}

static void
hashes_are_read_and_compared(void **state)
{
	struct sha256 h = sha256_of(S("abc")), read;
	char text[SHA256_HEX + 1];

	(void)state;
	assert_true(sha256_parse(slice_str(abc), &read));
	assert_true(sha256_same(&h, &read));
	memcpy(text, abc, sizeof(text));
	text[0] = 'B';
	text[63] = 'E';
	assert_true(sha256_parse(slice_str(text), &read));
	assert_false(sha256_same(&h, &read));
	text[7] = 'g';
	assert_false(sha256_parse(slice_str(text), &read));
	assert_false(sha256_parse(slice(abc, 63), &read));
	assert_false(sha256_parse(S(""), &read));
}

static void
base64_of_rfc_4648(void **state)
{
	static const char *const cases[][2] = {
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" },
		{ "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" },
	};
	static const char *const bad[] = { "Z", "Zg", "Zg=", "Zg===", "Z===",
		"====", "Zh==", "Zm9=", "Zm9v ", "Zm9v\n", "Zm-v", "=Zm9",
		"Zg==Zg==" };
	CLEANUP(arena_done) struct arena a = { 0 };
	struct slice got;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		got = base64_decode(slice_str(cases[i][1]), &a);
		assert_non_null(got.ptr);
		assert_true(slice_eq(got, slice_str(cases[i][0])));
	}
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (base64_decode(slice_str(bad[i]), &a).ptr)
			fail_msg("\"%s\" was read", bad[i]);
}

static void
base64_for_addresses(void **state)
{
	static const char *const cases[][2] = {
		{ "", "" }, { "f", "Zg" }, { "fo", "Zm8" }, { "foo", "Zm9v" },
		{ "\xfb\xff\xfe", "-__-" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(buf_done) struct buf b = BUF_INIT(100);

		base64_put_url(&b, slice_str(cases[i][0]));
		assert_true(slice_eq(buf_slice(&b), slice_str(cases[i][1])));
	}
}

static void
tokens_are_masked(void **state)
{
	static const char *const cases[][2] = {
		{ "", "" },
		{ "nothing here", "nothing here" },
		{ "/f.atom?token=abcdef", "/f.atom?token=***" },
		{ "/f.atom?TOKEN=abcdef&x=1 HTTP/1.1",
			"/f.atom?TOKEN=***&x=1 HTTP/1.1" },
		{ "token=abcdef&token=ghijkl", "token=***&token=***" },
		{ "token=token=abcdef", "token=***" },
		{ "token=a", "token=*" },
		{ "token=", "token=" },
		{ "Authorization: Bearer abc.def\r\nHost: x",
			"Authorization: Bearer ***\r\nHost: x" },
		{ "authorization: basic eHk6eg==",
			"authorization: basic ***" },
		{ "Basic income, tokens", "Basic income, tokens" },
	};
	char text[200];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		snprintf(text, sizeof(text), "%s", cases[i][0]);
		mask_tokens(text);
		assert_string_equal(text, cases[i][1]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_are_those_of_the_standard),
		cmocka_unit_test(hashes_are_read_and_compared),
		cmocka_unit_test(base64_of_rfc_4648),
		cmocka_unit_test(base64_for_addresses),
		cmocka_unit_test(tokens_are_masked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
