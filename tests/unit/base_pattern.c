/*
 * Patterns: what they find, and that no pattern and no text costs too much.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "assert_slice.h"
#include "base/buf.h"
#include "base/pattern.h"

static struct arena arena;

static int
reset(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

static const struct pattern *
compile(const char *text)
{
	const struct pattern *p;
	struct err e = { 0 };
	size_t at;

	if (pattern_compile(slice_str(text), &arena, &p, &at, &e) < 0)
		fail_msg("%s: %s", text, e.text);
	return p;
}

static void
finds(void **state)
{
	static const struct {
		const char *pattern, *text, *whole, *part, *headline;
	} cases[] = {
		{ "b+", "abbc", "bb", "", "" },
		{ "No (\\d+)", "No 12: x", "No 12", "12", "" },
		{ "(N)o (?<part>\\d+)", "No 12: x", "No 12", "12", "" },
		{ "(?<headline>.*) no (.)", "x no 3", "x no 3", "", "x" },
		{ "第(.+)期", "大第十二期", "第十二期", "十二", "" },
		{ "(?i)ÉTÉ", "un été", "été", "", "" },
		{ "^\\w+$", "naïve", "naïve", "", "" },
		{ "", "", "", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct pattern_hit hit;

		assert_int_equal(pattern_search(compile(cases[i].pattern),
			slice_str(cases[i].text), &hit), PATTERN_HIT);
		assert_slice(hit.whole, cases[i].whole);
		assert_slice(hit.part, cases[i].part);
		assert_slice(hit.headline, cases[i].headline);
	}
}

static void
misses(void **state)
{
	struct pattern_hit hit = { .part = S("as it was") };
	char *big = calloc(1, PATTERN_TEXT_MAX + 3);

	(void)state;
	assert_int_equal(pattern_search(compile("b"), S("a"), &hit),
		PATTERN_MISS);
	assert_slice(hit.part, "as it was");
	assert_int_equal(pattern_search(compile("b"), S("\xff" "b"), NULL),
		PATTERN_MISS);
	assert_int_equal(pattern_search(compile("b"), slice(NULL, 0), NULL),
		PATTERN_MISS);
	/* Behind the limit, and a character across it. */
	memset(big, 'a', PATTERN_TEXT_MAX - 1);
	memcpy(big + PATTERN_TEXT_MAX - 1, "\xc3\xa9", 2);
	assert_int_equal(pattern_search(compile("é"), slice_str(big), NULL),
		PATTERN_MISS);
	assert_int_equal(pattern_search(compile("a$"), slice_str(big), NULL),
		PATTERN_HIT);
	free(big);
}

static void
refuses(void **state)
{
	static const struct {
		const char *pattern;
		size_t at;
	} cases[] = {
		{ "a(", 2 }, { "*", 0 }, { "[z-a]", 3 }, { "(a)\\1", 0 },
		{ "(?<x>a)\\k<x>", 0 }, { "a\\C", 3 }, { "\xff", 0 },
	};
	char big[PATTERN_MAX + 2] = { 0 };
	const struct pattern *p;
	struct err e = { 0 };
	size_t at;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(pattern_compile(slice_str(cases[i].pattern),
			&arena, &p, &at, &e), -1);
		assert_int_equal(at, cases[i].at);
		assert_int_equal(e.kind, ERR_CONFIG);
	}
	memset(big, 'a', sizeof(big) - 1);
	assert_int_equal(pattern_compile(slice_str(big), &arena, &p, &at, &e),
		-1);
}

/* Texts and patterns that take ages elsewhere. */
static void
is_bounded(void **state)
{
	static const char *const patterns[] = { "(a+)+$", "(a|aa)+$",
		"(a*)*b", "(.*)(.*)(.*)(.*)b", "[^b]*+b", "(?:a?){50}a{50}b",
		"(?s).*+.", "(?R)?a+b", "(?=(a+))b", "(?<!b)a*+c" };
	size_t len = PATTERN_TEXT_MAX - 1;
	char *text = malloc(len + 1);

	(void)state;
	memset(text, 'a', len);
	text[len] = '!';
	for (size_t i = 0; i < COUNT_OF(patterns); i++)
		assert_int_not_equal(pattern_search(compile(patterns[i]),
			slice(text, len + 1), NULL), PATTERN_HIT);
	assert_int_equal(pattern_search(compile("(a+)+$"),
		slice(text, len + 1), NULL), PATTERN_GAVE_UP);
	assert_int_equal(pattern_search(compile("a+!"), slice(text, len + 1),
		NULL), PATTERN_HIT);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(finds, reset),
		cmocka_unit_test_teardown(misses, reset),
		cmocka_unit_test_teardown(refuses, reset),
		cmocka_unit_test_teardown(is_bounded, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
