/*
 * Encodings: real Chinese text in each, what declares them, and what happens
 * to bytes that mean nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "base/charset.h"
#include "read/read.h"

static struct arena arena;

static int
reset(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

/* 广东新闻 in each of them; 廣東 for Big5. */
#define GB "\xb9\xe3\xb6\xab\xd0\xc2\xce\xc5"
#define BIG5 "\xbc\x73\xaa\x46\xb7\x73\xbb\x44"

static void
charsets_are_read_as_they_are_labelled(void **state)
{
	static const struct {
		struct slice bytes;
		const char *label;
		const char *text;
	} cases[] = {
		{ S_INIT(GB), "gb18030", "广东新闻" },
		{ S_INIT(GB), "GBK", "广东新闻" },
		{ S_INIT(GB), "gb2312", "广东新闻" },
		/* Four bytes: U+3400 and U+20000. */
		{ S_INIT("\x81\x39\xee\x39\x95\x32\x82\x36"), "gb2312",
			"\xe3\x90\x80\xf0\xa0\x80\x80" },
		{ S_INIT(BIG5), "big5", "廣東新聞" },
		{ S_INIT("\x87\x40"), "big5-hkscs", "\xe4\x8f\xb0" },
		{ S_INIT("\x93quoted\x94 caf\xe9 \x80"), "windows-1252",
			"“quoted” café €" },
		{ S_INIT("caf\xe9"), "ISO-8859-1", "café" },
		{ S_INIT("\xff\xfe\x7f\x5e\x1c\x4e"), "", "广东" },
		{ S_INIT("\xfe\xff\x5e\x7f\x4e\x1c"), "", "广东" },
		{ S_INIT("\xef\xbb\xbfplain"), "gbk", "plain" },
		/* What is UTF-8 is not looked at twice. */
		{ S_INIT("广东"), "gbk", "广东" },
	};
	struct slice text;
	struct err e;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(charset_read(cases[i].bytes,
			slice_str(cases[i].label), S(""), &arena, &text, &e),
			0);
		assert_true(utf8_valid(text));
		assert_string_equal(arena_copy(&arena, text).ptr,
			cases[i].text);
	}
}

static void
what_means_nothing_is_marked(void **state)
{
	static const struct {
		struct slice bytes;
		const char *label;
		const char *text;
	} cases[] = {
		{ S_INIT("a\xff" "b"), "gbk", "a\xef\xbf\xbd" "b" },
		/* Cut in the middle of a character. */
		{ S_INIT(GB "\xb9"), "gbk", "广东新闻\xef\xbf\xbd" },
		{ S_INIT("\xff\xfe\x7f\x5e\x1c"), "", "广\xef\xbf\xbd" },
		/* A lone surrogate. */
		{ S_INIT("\xff\xfe\x00\xd8\x41\x00"), "",
			"\xef\xbf\xbd" "A" },
		{ S_INIT("\x81"), "latin1", "\xef\xbf\xbd" },
	};
	struct slice text;
	struct err e;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(charset_read(cases[i].bytes,
			slice_str(cases[i].label), S(""), &arena, &text, &e),
			0);
		assert_string_equal(arena_copy(&arena, text).ptr,
			cases[i].text);
	}
}

static void
pages_declare_their_charset(void **state)
{
	static const struct {
		const char *page;
		const char *want;
	} cases[] = {
		{ "<meta charset=gb2312>", "gb2312" },
		{ "<html><META CHARSET = \"Big5\" />", "Big5" },
		{ "<meta name=a><meta http-equiv=\"Content-Type\" "
			"content='text/html; charset=gbk'>", "gbk" },
		{ "<?xml version=\"1.0\" encoding=\"GB18030\"?><html>",
			"GB18030" },
		{ "<p>charset=gbk</p>", "" },
		{ "<meta charset>", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(arena_copy(&arena, charset_declared(
			slice_str(cases[i].page))).ptr, cases[i].want);
	assert_null(charset_find(S("klingon")));
}

static int
read_with(struct slice bytes, struct slice charset, struct slice sidecar,
	struct article *ret, struct err *e)
{
	struct read_env env = { .path = S("a.txt"), .language = S("en"),
		.charset = charset, .sidecar = sidecar };

	*e = (struct err){ 0 };
	*ret = (struct article){ 0 };
	return read_article(&env, bytes, &arena, ret, e);
}

static void
a_directory_and_a_sidecar_say_what_a_file_is(void **state)
{
	struct slice file = S(GB "\n\n" GB GB ".\n");
	struct article art;
	struct err e;

	(void)state;
	assert_int_equal(read_with(file, S(""), S(""), &art, &e), -1);
	assert_string_equal(e.text, "byte 0 (line 1) is not UTF-8");
	assert_int_equal(read_with(file, S("gbk"), S(""), &art, &e), 0);
	assert_true(slice_eq(art.title, S("广东新闻")));
	assert_int_equal(art.fields.lost, 0);
	assert_int_equal(read_with(file, S(""), S("charset: gb18030\n"), &art,
		&e), 0);
	assert_true(slice_eq(art.title, S("广东新闻")));
	/* The sidecar knows better than the directory. */
	assert_int_equal(read_with(S(BIG5 "\n\n" BIG5 "\n"), S("gbk"),
		S("charset: big5\n"), &art, &e), 0);
	assert_true(slice_eq(art.title, S("廣東新聞")));
}

static void
lost_characters_are_counted_and_spare_the_title(void **state)
{
	struct article art;
	struct err e;

	(void)state;
	assert_int_equal(read_with(S("Title\n\nOne \xff, two \xff\xff.\n"),
		S("gbk"), S(""), &art, &e), 0);
	assert_string_equal(art.html.ptr, "<p>One ?, two ??.</p>");
	assert_string_equal(art.text.ptr, "One ?, two ??.");
	assert_int_equal(art.fields.lost, 3);
	assert_int_equal(read_with(S("Ti\xfftle\n\nText.\n"), S("gbk"), S(""),
		&art, &e), -1);
	assert_string_equal(e.text,
		"the title has characters that cannot be read");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(
			charsets_are_read_as_they_are_labelled, reset),
		cmocka_unit_test_teardown(what_means_nothing_is_marked,
			reset),
		cmocka_unit_test_teardown(pages_declare_their_charset, reset),
		cmocka_unit_test_teardown(
			a_directory_and_a_sidecar_say_what_a_file_is, reset),
		cmocka_unit_test_teardown(
			lost_characters_are_counted_and_spare_the_title,
			reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
