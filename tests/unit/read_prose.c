/*
 * Small texts: paragraphs of lines, the summary of one, its language, and the
 * names of a list.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "assert_slice.h"
#include "base/utf8.h"
#include "read/language.h"
#include "read/people.h"
#include "read/prose.h"
#include "read/summary.h"

static struct arena arena;

static int
reset(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

static void
lines_join_into_paragraphs(void **state)
{
	CLEANUP(prose_done) struct prose p;

	(void)state;
	prose_init(&p);
	prose_close(&p);
	assert_int_equal(prose_first(&p).len, 0);
	prose_put(&p, S("one"));
	prose_put(&p, S("two  three"));
	prose_close(&p);
	prose_put(&p, S("\x01\x02"));
	prose_close(&p);
	prose_put(&p, S("中文"));
	prose_put(&p, S("，没有空格"));
	prose_put(&p, S("GBA"));
	prose_close(&p);
	assert_slice(prose_first(&p), "one two three");
	assert_slice(buf_slice(&p.text), "one two three\n中文，没有空格 GBA");
	assert_slice(buf_slice(&p.html), "<p>one two three</p>\n"
		"<p>中文，没有空格 GBA</p>");
}

struct pair {
	const char *from;
	const char *want;
};

static void
short_paragraphs_are_their_own_summary(void **state)
{
	(void)state;
	assert_slice(summary_of(S("One.  Two\u00a0 and no stop"), &arena),
		"One. Two and no stop");
	assert_slice(summary_of(S(""), &arena), "");
}

/* 200 letters and a blank, so that one more sentence is one too many. */
#define WORDS "abcdefghi abcdefghi abcdefghi abcdefghi abcdefghi " \
	"abcdefghi abcdefghi abcdefghi abcdefghi abcdefghi "
#define LONG "Then " WORDS WORDS

static void
summaries_end_with_a_sentence(void **state)
{
	static const struct pair cases[] = {
		{ "First one. " LONG LONG ".", "First one." },
		{ "He said \"yes.\" " LONG LONG ".", "He said \"yes.\"" },
		{ "One! Two? " LONG LONG ".", "One! Two?" },
		{ "The U.S. and Dr. No. 5 met J. Smith. " LONG LONG,
			"The U.S. and Dr. No. 5 met J. Smith." },
		{ "It cost 3.5 million. it did. So. " LONG LONG,
			"It cost 3.5 million. it did. So." },
		{ "第一句。“第二句！”" LONG LONG "。",
			"第一句。“第二句！”" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_slice(summary_of(slice_str(cases[i].from), &arena),
			cases[i].want);
}

static void
a_long_sentence_is_cut_between_words(void **state)
{
	struct buf b = BUF_INIT(10000);
	struct slice s = summary_of(S(LONG LONG), &arena);

	(void)state;
	assert_true(utf8_count(s) <= ARTICLE_SUMMARY_MAX);
	assert_true(slice_ends(s, S("abcdefghi…")));
	for (int i = 0; i < 1000; i++)
		buf_put_str(&b, "中");
	s = summary_of(buf_slice(&b), &arena);
	assert_int_equal(utf8_count(s), ARTICLE_SUMMARY_MAX);
	assert_true(slice_ends(s, S("中…")));
	buf_done(&b);
}

static void
languages(void **state)
{
	static const struct {
		const char *site, *text, *want;
	} cases[] = {
		{ "en", "Plain English", "en" },
		{ "fr", "Du français", "fr" },
		{ "en", "这是一篇文章", "zh-Hans" },
		{ "en", "這是一篇來自學會的報導", "zh-Hant" },
		{ "en", "深圳 GBA 的明天", "zh-Hans" },
		{ "en", "The word 湾区 means bay area", "en" },
		{ "zh-Hant", "这是一篇文章", "zh-Hant" },
		{ "zh-CN", "Plain English", "en" },
		{ "ja", "これは日本語の記事です", "ja" },
		{ "en", "12345", "en" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_slice(language_guess(slice_str(cases[i].site),
			S(""), slice_str(cases[i].text)), cases[i].want);
}

static void
assert_names(const char *list, const char *want)
{
	struct article art = { 0 };
	struct buf b = BUF_INIT(1000);

	people_add(&art, slice_str(list), ROLE_AUTHOR, &arena);
	for (size_t i = 0; i < art.n_people; i++)
		buf_printf(&b, "[%.*s]", ARG(art.people[i].name));
	assert_slice(buf_slice(&b), want);
	buf_done(&b);
}

static void
names(void **state)
{
	(void)state;
	assert_names("Nan, James", "[Nan][James]");
	assert_names("A and B, and C AND D", "[A][B][C][D]");
	assert_names("Andy Sand, Brandon", "[Andy Sand][Brandon]");
	assert_names("甲，乙、丙；丁／戊", "[甲][乙][丙][丁][戊]");
	assert_names("张三 李四", "[张三][李四]");
	assert_names("王 五", "[王 五]");
	assert_names(" , ;、", "");
	assert_names("A, A, a", "[A][a]");
	assert_true(people_plausible(S("Martin L. King Jr.")));
	assert_true(people_plausible(S("")));
	assert_false(people_plausible(S("How are you?")));
	assert_false(people_plausible(S("thank you for the long talk.")));
	assert_false(people_plausible(S("谢谢！")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_join_into_paragraphs),
		cmocka_unit_test_teardown(
			short_paragraphs_are_their_own_summary, reset),
		cmocka_unit_test_teardown(summaries_end_with_a_sentence,
			reset),
		cmocka_unit_test_teardown(
			a_long_sentence_is_cut_between_words, reset),
		cmocka_unit_test(languages),
		cmocka_unit_test_teardown(names, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
