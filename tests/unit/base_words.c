/*
 * What people write and read: near words, paths, quantities, widths, faults.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fault.h"
#include "base/nearest.h"
#include "base/path.h"
#include "base/quantity.h"
#include "base/utf8.h"

static const char *
nearest_of(const char *word)
{
	static const char *const known[] = { "listen", "language", "url",
		"on-delete", "max-size" };
	struct nearest n = { .word = slice_str(word) };

	for (size_t i = 0; i < COUNT_OF(known); i++)
		nearest_try(&n, known[i]);
	return n.best;
}

static void
test_nearest(void **state)
{
	(void)state;
	assert_string_equal(nearest_of("lisen"), "listen");
	assert_string_equal(nearest_of("litsen"), "listen");
	assert_string_equal(nearest_of("langauge"), "language");
	assert_string_equal(nearest_of("on_delete"), "on-delete");
	assert_string_equal(nearest_of("maxsize"), "max-size");
	assert_string_equal(nearest_of("ulr"), "url");
	assert_null(nearest_of("colour"));
	assert_null(nearest_of("x"));
	assert_null(nearest_of(""));
	assert_null(nearest_of("a word that is much longer than any known"));
}

static void
test_path_resolve(void **state)
{
	static const char *const cases[][3] = {
		{ "/a/b", "c", "/a/b/c" },
		{ "/a/b", "/c", "/c" },
		{ "/a/b", "../c/./d//e/", "/a/c/d/e" },
		{ "/a", "../../..", "/" },
		{ "/", "a", "/a" },
		{ "/a", ".", "/a" },
		{ "/a", "..b", "/a/..b" },
	};
	CLEANUP(arena_done) struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(path_resolve(cases[i][0],
			slice_str(cases[i][1]), &a), cases[i][2]);
	assert_int_equal(chdir("/"), 0);
	assert_string_equal(path_resolve(NULL, S("usr/."), &a), "/usr");
}

static void
test_path_is_in(void **state)
{
	(void)state;
	assert_true(path_is_in("/a/b", "/a"));
	assert_true(path_is_in("/a", "/a"));
	assert_true(path_is_in("/a", "/"));
	assert_false(path_is_in("/ab", "/a"));
	assert_false(path_is_in("/a", "/a/b"));
}

static void
test_path_parent(void **state)
{
	(void)state;
	assert_true(slice_eq(path_parent(S("a/b/c")), S("a/b")));
	assert_true(slice_eq(path_parent(S("/a")), S("/")));
	assert_true(slice_eq(path_parent(S("a")), S(".")));
}

static void
test_quantities(void **state)
{
	char text[QUANTITY_SIZE];

	(void)state;
	assert_int_equal(quantity_time(S("500ms")), 500);
	assert_int_equal(quantity_time(S("10s")), 10000);
	assert_int_equal(quantity_time(S("5m")), 300000);
	assert_int_equal(quantity_time(S("10d")), 864000000);
	assert_int_equal(quantity_time(S("10")), -1);
	assert_int_equal(quantity_time(S("s")), -1);
	assert_int_equal(quantity_time(S("-1s")), -1);
	assert_int_equal(quantity_time(S("1 s")), -1);
	assert_int_equal(quantity_time(S("9999999999999999d")), -1);
	assert_int_equal(quantity_size(S("512")), 512);
	assert_int_equal(quantity_size(S("4M")), 4194304);
	assert_int_equal(quantity_size(S("1G")), 1073741824);
	assert_int_equal(quantity_size(S("4m")), -1);
	assert_int_equal(quantity_size(S("9223372036854775807G")), -1);
	assert_string_equal(quantity_time_text(90000, text), "90s");
	assert_string_equal(quantity_time_text(0, text), "0ms");
	assert_string_equal(quantity_size_text(3 * 1024 * 1024, text), "3M");
	assert_string_equal(quantity_size_text(1000, text), "1000");
}

static void
test_rates(void **state)
{
	static const char *const wrong[] = { "", "/", "10", "10/", "/m",
		"0/m", "10/0m", "-1/m", "1.5/h", "10/x", "10/10", "10 / m",
		"99999999/m", "1/99999999999999999999999999999999m", "1/366d",
		"1/106751991167d" };
	int64_t n = 7, ms = 7;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++)
		assert_false(quantity_rate(slice_str(wrong[i]), &n, &ms));
	assert_int_equal(n, 7);
	assert_int_equal(ms, 7);
	assert_true(quantity_rate(S("10/10m"), &n, &ms));
	assert_int_equal(n, 10);
	assert_int_equal(ms, 600000);
	assert_true(quantity_rate(S("100/d"), &n, &ms));
	assert_int_equal(n, 100);
	assert_int_equal(ms, 86400000);
}

static void
test_cells(void **state)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(100);

	(void)state;
	assert_int_equal(utf8_cells(S("abc")), 3);
	assert_int_equal(utf8_cells(S("新闻")), 4);
	assert_int_equal(utf8_cells(S("e\xcc\x81")), 1);
	utf8_put_shown(&b, S("a\x1b[31mb\xc2\x9b\n新\xff"));
	assert_string_equal(b.ptr, "a [31mb  新\xef\xbf\xbd");
	assert_int_equal(utf8_cells(buf_slice(&b)), 12);
}

static void
test_faults_in_order(void **state)
{
	struct source first = { .path = "a", .order = 0,
		.text = S("one\r\ntwo\rthree") };
	struct source second = { .path = "b", .order = 1, .text = S("x") };
	CLEANUP(faults_done) struct faults f = { 0 };
	CLEANUP(buf_done) struct buf b = BUF_INIT(10000);
	struct err e;

	(void)state;
	err_set(&e, ERR_CONFIG, "of a file");
	fault_add(&f, &(struct place){ &second, 1, 1, 5 }, "last");
	fault_add(&f, &(struct place){ &first, 3, 2, 2 }, "third");
	fault_add(&f, &(struct place){ &first, 2, 1, 1 }, "second");
	fault_hint(&f, "a hint");
	fault_add(&f, &(struct place){ &first, 2, 1, 1 }, "second too");
	fault_add_err(&f, &(struct place){ .source = &first }, &e);
	faults_sort(&f);
	faults_put(&f, &b);
	assert_string_equal(b.ptr,
		"a: error: of a file\n"
		"a:2:1: error: second\n  two\n  ^\n  hint: a hint\n"
		"a:2:1: error: second too\n  two\n  ^\n"
		"a:3:2: error: third\n  three\n   ^~\n"
		"b:1:1: error: last\n  x\n  ^\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_path_resolve),
		cmocka_unit_test(test_path_is_in),
		cmocka_unit_test(test_path_parent),
		cmocka_unit_test(test_quantities),
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_faults_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
