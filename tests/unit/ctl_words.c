/*
 * What gazettectl shows: numbers as words, tables that fit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/buf.h"
#include "ctl/table.h"
#include "ctl/words.h"

static const char *
ranges(const char *text, struct arena *a)
{
	json_t *list = json_loads(text, 0, NULL);
	const char *words = word_ranges(list, a);

	json_decref(list);
	return words;
}

static void
test_ranges(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };

	(void)state;
	assert_string_equal(ranges("[]", &a), "-");
	assert_string_equal(ranges("[4]", &a), "4");
	assert_string_equal(ranges("[1,2,3,5]", &a), "1-3, 5");
	assert_string_equal(ranges("[1,3,4,9,10,11]", &a), "1, 3-4, 9-11");
	assert_string_equal(word_ranges(NULL, &a), "-");
}

static void
test_spans(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };

	(void)state;
	assert_string_equal(word_span(59, &a), "59 s");
	assert_string_equal(word_span(60, &a), "1 min");
	assert_string_equal(word_span(11520, &a), "3 h 12 min");
	assert_string_equal(word_span(90000, &a), "1 d 1 h");
}

static void
test_sizes(void **state)
{
	static const struct {
		json_int_t bytes;
		const char *words;
	} all[] = { { 0, "-" }, { -1, "-" }, { 999, "999 B" },
		{ 1000, "1.0 kB" }, { 12345, "12.3 kB" },
		{ 999949, "999.9 kB" }, { 999950, "1.0 MB" },
		{ 1048576, "1.0 MB" }, { 5000000000000, "5.0 TB" } };
	CLEANUP(arena_done) struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		json_t *o = json_pack("{sI}", "n", all[i].bytes);

		assert_string_equal(word_size(o, "n", &a), all[i].words);
		json_decref(o);
	}
}

static void
test_missing_keys(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	json_t *o = json_pack("{s:i, s:[s, i, s], s:n}", "t", 1715760000,
		"list", "a", 1, "b", "null");

	(void)state;
	setenv("TZ", "UTC-8", 1);
	tzset();
	assert_string_equal(word_text(o, "nothing"), "");
	assert_string_equal(word_text(o, "null"), "");
	assert_string_equal(word_text(NULL, "x"), "");
	assert_int_equal(word_number(o, "list"), 0);
	assert_string_equal(word_time(o, "t", &a), "2024-05-15 16:00:00");
	assert_string_equal(word_time(o, "nothing", &a), "-");
	assert_string_equal(word_list(json_object_get(o, "list"), &a),
		"a, , b");
	json_decref(o);
}

/* Print a sheet of two rows into memory, on a terminal of some width. */
static char *
printed(size_t width)
{
	static const struct column columns[] = {
		{ .title = "TITLE", .shrinks = true },
		{ .title = "N", .right = true }, { .title = "WHERE" },
	};
	CLEANUP(sheet_done) struct sheet s = SHEET_INIT(columns);
	struct terminal t = { .width = width };
	FILE *saved = stdout;
	size_t size;
	char *text;

	sheet_put(&s, "%s", "Greater Bay Area, a series in many parts");
	sheet_put(&s, "%d", 12);
	sheet_put(&s, "%s", "/a");
	sheet_put(&s, "%s", "新闻\033[2J");
	sheet_put(&s, "%d", 3);
	stdout = open_memstream(&text, &size);
	sheet_print(&s, &t);
	fclose(stdout);
	stdout = saved;
	return text;
}

static void
test_table(void **state)
{
	char *text = printed(0);

	(void)state;
	assert_string_equal(text,
		"TITLE                                      N  WHERE\n"
		"Greater Bay Area, a series in many parts  12  /a\n"
		"新闻 [2J                                   3  \n");
	free(text);
}

static void
test_table_is_cut(void **state)
{
	char *text = printed(30);

	(void)state;
	assert_string_equal(text,
		"TITLE                 N  WHERE\n"
		"Greater Bay Area...  12  /a\n"
		"新闻 [2J              3  \n");
	free(text);
	/* Too narrow for anything: it still says something. */
	text = printed(5);
	assert_true(strstr(text, "Greater B...  12  /a") != NULL);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_missing_keys),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_table_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
