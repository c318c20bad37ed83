/*
 * Forms, good ones and hostile ones; and what spellings of an address have in
 * common.
 */
#include <stdlib.h>

#include "assert_slice.h"
#include "base/clock.h"
#include "base/form.h"
#include "base/uri.h"

static struct arena arena;

/* Fails unless the body is a form. */
static struct form
must_parse(struct slice body)
{
	struct form f;
	struct err e;

	if (form_parse(body, &arena, &f, &e) < 0)
		fail_msg("%s", e.text);
	return f;
}

static void
fields_are_taken_apart(void **state)
{
	struct form f = must_parse(S("&a=1&&b+c=%41+%2b&a=2&d&=e&f=x=y&"));
	struct slice value;

	(void)state;
	assert_int_equal(f.n, 6);
	assert_int_equal(form_find(&f, S("a"), &value), 2);
	assert_slice(value, "1");
	assert_int_equal(form_find(&f, S("b c"), &value), 1);
	assert_slice(value, "A +");
	assert_int_equal(form_find(&f, S("d"), &value), 1);
	assert_slice(value, "");
	assert_int_equal(form_find(&f, S(""), &value), 1);
	assert_slice(value, "e");
	assert_int_equal(form_find(&f, S("f"), &value), 1);
	assert_slice(value, "x=y");
	assert_int_equal(form_find(&f, S("A"), &value), 0);
	assert_null(value.ptr);
}

static void
nothing_is_a_form_too(void **state)
{
	(void)state;
	assert_int_equal(must_parse(S("")).n, 0);
	assert_int_equal(must_parse(S("&&&")).n, 0);
	assert_int_equal(must_parse(slice(NULL, 0)).n, 0);
}

static void
bytes_are_kept(void **state)
{
	struct form f = must_parse(S("a=%ff%0d%0A\xe4\xbd\xa0&\x01=\t"));

	(void)state;
	assert_slice(f.list[0].value, "\xff\r\n\xe4\xbd\xa0");
	assert_slice(f.list[1].name, "\x01");
}

static void
broken_escapes_are_refused(void **state)
{
	static const char *const bodies[] = {
		"%", "a=%", "a=%4", "a=%4g", "a=%g4", "%=a", "a=%00", "%00=a",
		"a=1&b=%-1", "a=% 41", "a=%+41", "ok=1&x=%%41",
	};
	struct form f;
	struct err e;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bodies); i++) {
		e.kind = ERR_NONE;
		assert_int_equal(form_parse(slice_str(bodies[i]), &arena, &f,
			&e), -1);
		assert_int_equal(e.kind, ERR_SYNTAX);
	}
	/* An escape does not reach into the next field. */
	assert_int_equal(form_parse(S("a=%4&1=b"), &arena, &f, &e), -1);
}

static void
fields_have_a_limit(void **state)
{
	char body[2 * (FORM_FIELDS_MAX + 1)];
	struct form f;
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(body); i++)
		body[i] = i % 2 ? '&' : 'a';
	assert_int_equal(must_parse(slice(body, 2 * FORM_FIELDS_MAX)).n,
		FORM_FIELDS_MAX);
	assert_int_equal(form_parse(slice(body, sizeof(body)), &arena, &f,
		&e), -1);
	assert_int_equal(e.kind, ERR_LIMIT);
}

/* Whatever comes, it ends, and nothing is read that is not there. */
static void
noise_does_no_harm(void **state)
{
	static const char bytes[] = "%%%&&==+abc012ghi\xff.";
	struct form f;
	struct err e;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		size_t len = (size_t)(rand_u64() % 60);
		char *body = malloc(len + 1);

		for (size_t i = 0; i < len; i++)
			body[i] = bytes[rand_u64() % (sizeof(bytes) - 1)];
		/* Exactly as long as the sanitizer knows. */
		body = realloc(body, len ? len : 1);
		if (form_parse(slice(body, len), &arena, &f, &e) == 0)
			assert_true(f.n <= len);
		uri_normal(slice(body, len), &arena);
		free(body);
	}
}

static void
spellings_of_an_address_are_one(void **state)
{
	static const struct {
		const char *spelled, *want;
	} cases[] = {
		{ "http://a.example/x", "http://a.example/x" },
		{ "HTTP://A.Example:8080/X", "http://a.example:8080/X" },
		{ "https://A.EXAMPLE", "https://a.example" },
		{ "https://A.EXAMPLE?Q=A", "https://a.example?Q=A" },
		{ "http://%61.example/%41%2D%5f%7E%2e%30",
			"http://a.example/A-_~.0" },
		/* What is reserved means another thing when it is decoded. */
		{ "http://a/%2F%3f%23%5B%40%21%26%3D%2b%25%20",
			"http://a/%2F%3f%23%5B%40%21%26%3D%2b%25%20" },
		{ "http://a/%e4%BD%a0", "http://a/%e4%BD%a0" },
		/* Decoded once. */
		{ "http://a/%2541", "http://a/%2541" },
		{ "http://a/%", "http://a/%" },
		{ "http://a/%4", "http://a/%4" },
		{ "http://a/%zz%7", "http://a/%zz%7" },
		{ "http://a/%00", "http://a/%00" },
		{ "FTP://A/X", "FTP://A/X" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_slice(uri_normal(slice_str(cases[i].spelled), &arena),
			cases[i].want);
}

static int
forget(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

#define TEST(test) cmocka_unit_test_teardown(test, forget)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fields_are_taken_apart),
		TEST(nothing_is_a_form_too),
		TEST(bytes_are_kept),
		TEST(broken_escapes_are_refused),
		TEST(fields_have_a_limit),
		TEST(noise_does_no_harm),
		TEST(spellings_of_an_address_are_one),
	};

	return cmocka_run_group_tests_name("base_form", tests, NULL, NULL);
}
