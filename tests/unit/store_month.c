/*
 * What was published when: months with their sums, and articles piece by
 * piece.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "store_kit.h"

enum { MAY_15 = 1715760000, JUNE_1 = 1717200000 };

static struct arena arena;

static struct month *
months(size_t *ret_n)
{
	struct store_reader *r = store_sqlite.reader_take(kit.store);
	struct month *list;
	struct err e;

	assert_int_equal(store_sqlite.months(r, &arena, &list, ret_n, &e), 0);
	store_sqlite.reader_give(kit.store, r);
	return list;
}

/* Titles of what was published in [from, to), in pieces of so many. */
static const char *
titles(int64_t from, int64_t to, size_t piece)
{
	struct buf b = BUF_INIT(4096);
	struct entry *list;
	const struct entry *behind = NULL;
	struct slice ret;
	struct err e;
	size_t n;

	do {
		struct store_reader *r = store_sqlite.reader_take(kit.store);

		assert_int_equal(store_sqlite.articles(r, from, to, behind,
			piece, &arena, &list, &n, &e), 0);
		store_sqlite.reader_give(kit.store, r);
		for (size_t i = 0; i < n; i++)
			buf_printf(&b, "%.*s ", ARG(list[i].title));
		behind = n ? &list[n - 1] : behind;
	} while (n == piece);
	ret = arena_copy(&arena, buf_slice(&b));
	buf_done(&b);
	return ret.ptr;
}

static void
months_are_of_utc_and_in_order(void **state)
{
	struct month *list;
	size_t n;

	(void)state;
	months(&n);
	assert_int_equal(n, 0);
	SAVE(&kit, { .path = "c", .title = "C", .date = JUNE_1 },
		{ .path = "a", .title = "A", .date = MAY_15 },
		{ .path = "b", .title = "B", .date = JUNE_1 - 1 });
	list = months(&n);
	assert_int_equal(n, 2);
	assert_int_equal(list[0].from, MAY_15);
	assert_int_equal(list[0].to, JUNE_1);
	assert_int_equal(list[1].from, JUNE_1);
	assert_string_equal(titles(list[0].from, list[0].to, 10), "A B ");
	assert_string_equal(titles(list[1].from, list[1].to, 10), "C ");
}

static void
a_change_changes_the_sum_of_its_month(void **state)
{
	struct month *before, *after;
	size_t n;

	(void)state;
	SAVE(&kit, { .path = "a", .title = "A", .date = MAY_15 },
		{ .path = "c", .title = "C", .date = JUNE_1 });
	before = months(&n);
	SAVE(&kit, { .path = "a", .title = "Another", .date = MAY_15,
		.change = CHANGE_UPDATE });
	after = months(&n);
	assert_int_not_equal(after[0].sum, before[0].sum);
	assert_int_equal(after[1].sum, before[1].sum);
	SAVE(&kit, { .path = "c", .title = "C", .date = JUNE_1,
		.fate = ITEM_GONE, .change = CHANGE_WITHDRAW });
	after = months(&n);
	assert_int_equal(n, 2);
	assert_int_not_equal(after[1].sum, before[1].sum);
	assert_string_equal(titles(0, INT64_MAX, 10), "Another ");
}

static void
pieces_leave_nothing_out(void **state)
{
	(void)state;
	SAVE(&kit, { .path = "a", .title = "A", .date = MAY_15 },
		{ .path = "b", .title = "B", .date = MAY_15 },
		{ .path = "c", .title = "C", .date = MAY_15 },
		{ .path = "d", .title = "D", .date = MAY_15 + 1 },
		{ .path = "e", .title = "E", .date = JUNE_1 });
	for (size_t piece = 1; piece < 7; piece++) {
		assert_string_equal(titles(0, INT64_MAX, piece),
			"A B C D E ");
		assert_string_equal(titles(MAY_15, JUNE_1, piece),
			"A B C D ");
		assert_string_equal(titles(MAY_15 + 1, JUNE_1 + 1, piece),
			"D E ");
	}
}

static int
end(void **state)
{
	arena_reset(&arena);
	return kit_end(state);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, kit_begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(months_are_of_utc_and_in_order),
		TEST(a_change_changes_the_sum_of_its_month),
		TEST(pieces_leave_nothing_out),
	};
	int failed = cmocka_run_group_tests_name("store_month", tests, NULL,
		NULL);

	arena_done(&arena);
	return failed;
}
