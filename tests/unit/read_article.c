/*
 * What cannot be an article: each bad file gives one message with a hint.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "read/read.h"

static struct arena arena;

static int
reset(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

static int
try_read(struct slice bytes, struct article *ret, struct err *e)
{
	struct read_env env = { .path = S("a.txt"), .language = S("en") };

	*e = (struct err){ 0 };
	return read_article(&env, bytes, &arena, ret, e);
}

static void
bad_files_are_named_with_a_hint(void **state)
{
	static const struct {
		struct slice bytes;
		const char *text;
	} cases[] = {
		{ S_INIT(""), "the file is empty" },
		{ S_INIT(" \n\t\r\n"), "the file is empty" },
		{ S_INIT("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
			"the file is not text" },
		{ S_INIT("T\n\nText.\0"), "the file is not text" },
		{ S_INIT("\x01\x02\x03\x04\x05\x06 a"),
			"the file is not text" },
		{ S_INIT("T\n\nCaf\xe9."), "byte 6 (line 3) is not UTF-8" },
		{ S_INIT("\xb9\xe3\xb6\xab"),
			"byte 0 (line 1) is not UTF-8" },
		{ S_INIT("T\n\xed\xa0\x80"), "byte 2 (line 2) is not UTF-8" },
		{ S_INIT("T\n\nText \xe4\xb8"),
			"byte 8 (line 3) is not UTF-8" },
		{ S_INIT("\xff\xfeT\0\n\0"),
			"there is a title but no text" },
		{ S_INIT("T\0\n\0\n\0a\0"), "the file is not text" },
		{ S_INIT("• Menu\n• App\n"), "there is no title" },
		{ S_INIT("Date: 2024-05-14\n"), "there is no title" },
		{ S_INIT("T\n"), "there is a title but no text" },
		{ S_INIT("T\n\n(Photo: A)\n\nReporter | B\n"),
			"there is a title but no text" },
	};
	struct article art = { 0 };
	struct err e;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(try_read(cases[i].bytes, &art, &e), -1);
		assert_string_equal(e.text, cases[i].text);
		assert_true(strlen(e.hint) > 10);
		assert_int_equal(art.title.len, 0);
	}
}

static void
a_large_file_is_an_error(void **state)
{
	size_t len = ARTICLE_FILE_MAX + 1;
	char *bytes = malloc(len);
	struct article art = { 0 };
	struct err e;

	(void)state;
	assert_non_null(bytes);
	memset(bytes, 'a', len);
	assert_int_equal(try_read(slice(bytes, len), &art, &e), -1);
	assert_string_equal(e.text, "the file is larger than 4 MiB");
	assert_int_equal(try_read(slice(bytes, len - 1), &art, &e), -1);
	assert_string_equal(e.text, "the title is longer than 1000 bytes");
	free(bytes);
}

static void
a_byte_order_mark_is_dropped(void **state)
{
	struct article art = { 0 };
	struct err e;

	(void)state;
	assert_int_equal(try_read(S("\xef\xbb\xbfT\n\nText."), &art, &e), 0);
	assert_true(slice_eq(art.title, S("T")));
	assert_int_equal(art.date, -1);
}

/* Pieces of the layout by chance: it ends, and what comes out is clean. */
static void
random_layouts(void **state)
{
	static const char *const pieces[] = { "a", "B ", "\n", "\n\n", "\r",
		"|", ":", "：", "，", ", ", "•", "(", "（", ")", "）", "<", "&",
		">", ".", "。", "\u00a0", "\u3000", "中", "②", "Editor | ",
		"Photo: ", "Related links:", "Related News", "记者：",
		"Date: ", "2024-05-14", "\x01", "\xff" };
	uint32_t seed = 7;
	size_t good = 0;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct buf b = BUF_INIT(400);
		struct article art = { 0 };
		struct err e;

		while (!b.full) {
			seed = seed * 1664525 + 1013904223;
			/* One layout in ten has bad bytes. */
			buf_put_str(&b, pieces[(seed >> 8) % (COUNT_OF(pieces)
				- (round % 10 > 0))]);
		}
		if (try_read(buf_slice(&b), &art, &e) < 0) {
			assert_true(strlen(e.hint) > 10);
		} else {
			good++;
			assert_true(utf8_valid(art.html));
			assert_true(utf8_valid(art.summary));
			assert_true(utf8_count(art.summary) <=
				ARTICLE_SUMMARY_MAX);
			assert_true(art.title.len > 0);
		}
		buf_done(&b);
		arena_reset(&arena);
	}
	assert_true(good > 10000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(bad_files_are_named_with_a_hint,
			reset),
		cmocka_unit_test_teardown(a_large_file_is_an_error, reset),
		cmocka_unit_test_teardown(a_byte_order_mark_is_dropped, reset),
		cmocka_unit_test_teardown(random_layouts, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
