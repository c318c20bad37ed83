/*
 * Measures and cuts: the weights of twitter-text's conformance tests (data/
 * weigh.tsv), Unicode's GraphemeBreakTest, and what becomes of long texts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "assert_slice.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "push/fit.h"
#include "push/weigh.h"

enum { CASES_LEAST = 2000, BREAKS_LEAST = 600, LINE_MAX_BYTES = 64 * 1024 };

#define BREAKS "/usr/share/unicode/auxiliary/GraphemeBreakTest.txt"

static struct arena arena;

static int
forget(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

static int
done(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

/* ---- weights ---- */

static void
put_unescaped(struct buf *b, struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (c == '\\') {
			c = s.ptr[++i];
			c = (char)(c == 'n' ? '\n' : c == 't' ? '\t' :
				c == 'r' ? '\r' : c);
		}
		buf_put_byte(b, c);
	}
}

/* A weight, and pieces of text with how often each stands there. */
static void
check_weight(struct slice line)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(LINE_MAX_BYTES);
	struct slice field, piece;
	int64_t weight, n;

	assert_true(slice_next_field(&line, '\t', &field));
	weight = slice_number(field, INT64_MAX);
	assert_true(weight >= 0);
	while (slice_next_field(&line, '\t', &field)) {
		assert_true(slice_next_field(&line, '\t', &piece));
		for (n = slice_number(field, 1000); n > 0; n--)
			put_unescaped(&text, piece);
	}
	assert_true(buf_ok(&text));
	if (weigh(buf_slice(&text)) != (size_t)weight)
		fail_msg("%zu, not %jd: \"%.*s\"", weigh(buf_slice(&text)),
			(intmax_t)weight, ARG(buf_slice(&text)));
}

static void
weights_are_those_of_the_conformance_tests(void **state)
{
	FILE *f = fopen(TESTS_DIR "/unit/data/weigh.tsv", "r");
	char *line = NULL;
	size_t room = 0, n = 0;
	ssize_t len;

	(void)state;
	assert_non_null(f);
	for (; (len = getline(&line, &room, f)) > 0; n++)
		check_weight(slice(line, (size_t)len - 1));
	free(line);
	fclose(f);
	assert_true(n >= CASES_LEAST);
}

static void
titles_weigh_what_x_says(void **state)
{
	static const struct { const char *text; size_t weight; } list[] = {
		{ "", 0 },
		{ "Hi http://test.co", 26 },
		{ "\u2461", 2 },
		{ "Guangdong's Solution 2024 \u2461 |Sci-tech development "
			"among top priorities in GBA development", 90 },
		{ "\u5e7f\u4e1c\u65b9\u6848\u4e8c\u96f6 "
			"https://news.example.org/a?b=c", 36 },
		{ "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
			2 },
		{ "#\ufe0f\u20e3", 2 },
		/* A new emoji is not known to be one. */
		{ "\U0001faf1\U0001f3fb\u200d\U0001faf2\U0001f3ff", 9 },
		/* hk is a country. */
		{ "see news.hk", 27 },
		{ "news.hk/\u4e2d", 25 },
		{ "e\u0301", 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(list); i++)
		assert_int_equal(weigh(slice_str(list[i].text)),
			list[i].weight);
}

static void
weighing_takes_linear_time(void **state)
{
	static const char *const pieces[] = { "\u4e2d.", "\u00e9.co/(", "a.b_",
		"(a.co/", "\u4e2d", "http://", "xn--", "\u00e9-\u4e2d.",
		"\U0001f468\u200d", "a.co/?a.co?", "." };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		CLEANUP(buf_done) struct buf b = BUF_INIT(FIT_TEXT_MAX);
		clock_t from = clock();

		while (b.len + strlen(pieces[i]) <= FIT_TEXT_MAX)
			buf_put_str(&b, pieces[i]);
		weigh(buf_slice(&b));
		/* What is quadratic takes minutes. */
		assert_true(clock() - from < 5 * CLOCKS_PER_SEC);
	}
}

/* ---- graphemes ---- */

/* "÷ 0020 × 0308 ÷ 0020 ÷ # comment"; false: there is nothing in it. */
static bool
check_breaks(struct slice line)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(1024);
	size_t ends[100], n = 0, at = 0;
	struct slice word, all = line;

	while (slice_next_field(&line, ' ', &word) &&
		!slice_starts(word, S("#"))) {
		if (slice_eq(word, S("\u00f7")))
			ends[n++] = text.len;
		else if (!slice_eq(word, S("\u00d7")) && word.len > 0)
			utf8_put(&text, (int32_t)strtol(word.ptr, NULL, 16));
	}
	if (n == 0)
		return false;
	for (size_t i = 1; i < n; i++) {
		at += utf8_grapheme(slice_from(buf_slice(&text), at));
		if (at != ends[i])
			fail_msg("%zu, not %zu: %.*s", at, ends[i], ARG(all));
	}
	return true;
}

static void
graphemes_are_those_of_unicode(void **state)
{
	FILE *f = fopen(BREAKS, "r");
	char *line = NULL;
	size_t room = 0, n = 0;
	ssize_t len;

	(void)state;
	if (!f) {
		print_message("%s is not there (package unicode-data)\n",
			BREAKS);
		skip();
	}
	while ((len = getline(&line, &room, f)) > 0)
		n += check_breaks(slice_trim(slice(line, (size_t)len)));
	free(line);
	fclose(f);
	assert_true(n >= BREAKS_LEAST);
}

/* ---- units ---- */

static void
each_unit_counts_its_own(void **state)
{
	/* An accent apart, a flag, a word, an address. */
	static const char text[] = "e\u0301\U0001f1e8\U0001f1f3 ab "
		"https://example.org/a.";
	static const struct { struct fit fit; size_t want; } list[] = {
		{ { FIT_BYTES, 0, 0 }, 3 + 8 + 4 + 22 },
		{ { FIT_CODE_POINT, 0, 0 }, 2 + 2 + 4 + 22 },
		{ { FIT_UTF16, 0, 0 }, 2 + 4 + 4 + 22 },
		{ { FIT_GRAPHEME, 0, 0 }, 1 + 1 + 4 + 22 },
		{ { FIT_GRAPHEME, 0, 23 }, 1 + 1 + 4 + 23 + 1 },
		{ { FIT_WEIGHTED, 0, 0 }, 1 + 2 + 4 + 23 + 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(list); i++)
		assert_int_equal(fit_measure(&list[i].fit, slice_str(text)),
			list[i].want);
}

static void
addresses_count_by_themselves(void **state)
{
	static const struct fit fit = { FIT_CODE_POINT, 0, 23 };
	static const struct { const char *text; size_t want; } list[] = {
		{ "http", 4 }, { "https:", 6 },
		{ "a http://b c", 2 + 23 + 2 },
		{ "http://b\u3000\u4e2d", 23 + 2 },
		{ "(https://b/c), (https://d)", 1 + 23 + 4 + 23 + 1 },
		{ "news.hk", 7 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(list); i++)
		assert_int_equal(fit_measure(&fit, slice_str(list[i].text)),
			list[i].want);
}

/* ---- cutting ---- */

static void
check_cut(enum fit_unit unit, size_t max, const char *text, const char *want)
{
	struct fit fit = { unit, max, 0 };

	assert_slice(fit_cut(&fit, 1, slice_str(text), &arena), want);
}

static void
a_text_is_cut_between_words(void **state)
{
	(void)state;
	check_cut(FIT_CODE_POINT, 11, "Hello world", "Hello world");
	check_cut(FIT_CODE_POINT, 10, "Hello world", "Hello\u2026");
	check_cut(FIT_CODE_POINT, 6, "Hello world", "Hello\u2026");
	/* Rather a part of a word than nothing. */
	check_cut(FIT_CODE_POINT, 4, "Hello world", "Hel\u2026");
	check_cut(FIT_CODE_POINT, 1, "Hello world", "");
	check_cut(FIT_CODE_POINT, 0, "Hello world", "");
	/* Not in front of what only leads to what is gone. */
	check_cut(FIT_CODE_POINT, 9, "Hello, (world)", "Hello\u2026");
	check_cut(FIT_CODE_POINT, 5, "\u5e7f\u4e1c\uff0c\u300a\u65b9\u6848"
		"\u300b", "\u5e7f\u4e1c\u2026");
	check_cut(FIT_WEIGHTED, 10, "\u5e7f\u4e1c\u65b9\u6848\u4e8c\u96f6",
		"\u5e7f\u4e1c\u65b9\u6848\u2026");
}

static void
no_grapheme_is_cut(void **state)
{
	(void)state;
	check_cut(FIT_CODE_POINT, 4, "abe\u0301e\u0301", "ab\u2026");
	check_cut(FIT_BYTES, 11, "ab\U0001f1e8\U0001f1f3\U0001f1e8\U0001f1f3",
		"ab\u2026");
	check_cut(FIT_BYTES, 13, "ab\U0001f1e8\U0001f1f3\U0001f1e8\U0001f1f3",
		"ab\U0001f1e8\U0001f1f3\u2026");
}

static void
all_limits_are_kept(void **state)
{
	static const struct fit both[] = { { FIT_GRAPHEME, 5, 0 },
		{ FIT_BYTES, 9, 0 } };

	(void)state;
	assert_slice(fit_cut(both, 2, S("abcdefgh"), &arena), "abcd\u2026");
	assert_slice(fit_cut(both, 2, S("\u5e7f\u4e1c\u65b9\u6848"), &arena),
		"\u5e7f\u4e1c\u2026");
}

static void
what_stands_around_counts(void **state)
{
	static const struct fit x = { FIT_WEIGHTED, 40, 0 };
	struct slice text;

	(void)state;
	assert_true(fit_between(&x, 1, S("\u2461 "), S("Some words of text"),
		S("\nhttps://news.example.org/a/long/one"), &arena, &text));
	assert_slice(text, "Some words\u2026");
	assert_true(fit_between(&x, 1, S("\u2461 "), S("Some words"),
		S("\nhttps://news.example.org/\nand a long one"), &arena,
		&text));
	assert_slice(text, "");
	assert_false(fit_between(&x, 1, S("\u2461 "), S("Some words"),
		S("\nhttps://news.example.org/\nand a longer one"), &arena,
		&text));
}

/* Beside each other they are an address, apart they are none. */
static void
a_whole_is_not_the_sum_of_its_parts(void **state)
{
	static const struct fit x = { FIT_WEIGHTED, 24, 0 };
	struct slice text;

	(void)state;
	assert_true(fit_between(&x, 1, S("news."), S("hk is the end of it"),
		S(""), &arena, &text));
	assert_true(fit_keeps(&x, 1, arena_printf(&arena, "news.%.*s",
		ARG(text))));
}

static void
the_longest_text_is_cut_in_time(void **state)
{
	static const struct fit fits[] = { { FIT_WEIGHTED, 280, 0 },
		{ FIT_GRAPHEME, 300, 0 }, { FIT_BYTES, 3000, 0 } };
	CLEANUP(buf_done) struct buf b = BUF_INIT(4 * FIT_TEXT_MAX);
	clock_t from = clock();
	struct slice cut;

	(void)state;
	while (b.len < 3 * FIT_TEXT_MAX)
		buf_put_str(&b, "\u4e2d.co \U0001f468\u200d\U0001f469 ");
	assert_int_equal(fit_measure(&fits[0], buf_slice(&b)), SIZE_MAX);
	cut = fit_cut(fits, COUNT_OF(fits), buf_slice(&b), &arena);
	assert_true(fit_keeps(fits, COUNT_OF(fits), cut));
	assert_true(fit_measure(&fits[0], cut) > 230);
	assert_true(clock() - from < 5 * CLOCKS_PER_SEC);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weights_are_those_of_the_conformance_tests),
		cmocka_unit_test(titles_weigh_what_x_says),
		cmocka_unit_test(weighing_takes_linear_time),
		cmocka_unit_test(graphemes_are_those_of_unicode),
		cmocka_unit_test(each_unit_counts_its_own),
		cmocka_unit_test(addresses_count_by_themselves),
		cmocka_unit_test_teardown(a_text_is_cut_between_words, forget),
		cmocka_unit_test_teardown(no_grapheme_is_cut, forget),
		cmocka_unit_test_teardown(all_limits_are_kept, forget),
		cmocka_unit_test_teardown(what_stands_around_counts, forget),
		cmocka_unit_test_teardown(a_whole_is_not_the_sum_of_its_parts,
			forget),
		cmocka_unit_test_teardown(the_longest_text_is_cut_in_time,
			forget),
	};

	return cmocka_run_group_tests(tests, NULL, done);
}
