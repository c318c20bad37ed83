/*
 * What is nearly the same: titles with a slip in them, and names of series;
 * whether they come with the first scan, whose pieces are packed, or after it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/edit.h"
#include "store_kit.h"

static struct arena arena;

/* ---- titles ---- */

#define RIGHT "The old harbour and its lights at night"
#define SLIP "The old harbor and its lights at night"

static const char *
leads_to(const char *path)
{
	struct entry e = kit_entry(&kit, path);

	return e.n_related > 0 ? arena_copy(&arena, e.related[0].slug).ptr :
		"";
}

static void
both_in_the_scan_test(void **state)
{
	(void)state;
	ADOPT(&kit, { .path = "list", .title = "List", .related = { SLIP } },
		{ .path = "harbour", .title = RIGHT });
	kit_number(&kit);
	assert_string_equal(leads_to("list"), "harbour");
}

static void
title_of_the_scan_test(void **state)
{
	(void)state;
	ADOPT(&kit, { .path = "harbour", .title = RIGHT });
	kit_number(&kit);
	SAVE(&kit, { .path = "list", .title = "List", .related = { SLIP } });
	assert_string_equal(leads_to("list"), "harbour");
}

static void
list_of_the_scan_test(void **state)
{
	(void)state;
	ADOPT(&kit, { .path = "list", .title = "List", .related = { SLIP } });
	kit_number(&kit);
	assert_string_equal(leads_to("list"), "");
	SAVE(&kit, { .path = "harbour", .title = RIGHT });
	assert_string_equal(leads_to("list"), "harbour");
}

/* Its old pieces are packed for ever, and mean nothing any more. */
static void
other_title_test(void **state)
{
	(void)state;
	ADOPT(&kit, { .path = "harbour", .title = RIGHT });
	kit_number(&kit);
	SAVE(&kit, { .path = "harbour", .title = "Something else altogether",
		.change = CHANGE_UPDATE });
	SAVE(&kit, { .path = "list", .title = "List", .related = { SLIP } });
	assert_string_equal(leads_to("list"), "");
	SAVE(&kit, { .path = "new", .title = RIGHT });
	assert_string_equal(leads_to("list"), "new");
}

/* ---- names of series ---- */

enum { NAMES = 80, SEEDS = 5 };

static uint64_t seed;

static size_t
chance(size_t n)
{
	seed = seed * 6364136223846793005U + 1442695040888963407U;
	return (size_t)((seed >> 33) % n);
}

static void
make_name(char ret[64])
{
	static const char *const first[] = { "silver", "the long", "2024" },
		*const second[] = { "harbour", "jardim", "灯塔老街渡口" },
		*const third[] = { "letters", "day 1", "day 2", "群像" };
	size_t n = (size_t)snprintf(ret, 64, "%s %s %s",
		first[chance(COUNT_OF(first))],
		second[chance(COUNT_OF(second))],
		third[chance(COUNT_OF(third))]);

	/* Up to four slips, in what is ASCII. */
	for (size_t i = chance(5); i > 0; i--) {
		size_t at = chance(n);

		if (ret[at] > 0)
			ret[at] = (char)('a' + (int)chance(2));
	}
}

/* Two keys, if there is a slip between them, with the smaller one first. */
static struct slice
pair(const char *a, const char *b)
{
	bool swap = strcmp(a, b) > 0;

	if (strcmp(a, b) == 0 || !edit_same_digits(slice_str(a),
		slice_str(b)) || edit_distance(slice_str(a), slice_str(b),
		2) > 2)
		return S("");
	return arena_printf(&arena, "%s~%s", swap ? b : a, swap ? a : b);
}

static int
compare_pairs(const void *left, const void *right)
{
	return slice_cmp(*(const struct slice *)left,
		*(const struct slice *)right);
}

/* By comparing each with each. */
static const char *
expected(char names[NAMES][64])
{
	struct slice *list = NULL, ret = S("");
	size_t n = 0;

	for (size_t i = 0; i < NAMES; i++)
		for (size_t k = 0; k < i; k++) {
			struct slice p = pair(names[i], names[k]);

			if (p.len == 0)
				continue;
			list = ARENA_GROW(&arena, list, n);
			list[n++] = p;
		}
	if (n > 1)
		qsort(list, n, sizeof(*list), compare_pairs);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || !slice_eq(list[i], list[i - 1]))
			ret = arena_printf(&arena, "%.*s%.*s\n", ARG(ret),
				ARG(list[i]));
	return ret.ptr;
}

static const char *
stored(void)
{
	const char *s = kit_sql(&kit, "SELECT group_concat(x, '') FROM ("
		"SELECT a.key || '~' || b.key || char(10) AS x"
		" FROM series_near n JOIN series a ON a.id = n.series_id"
		" JOIN series b ON b.id = n.other_id WHERE a.key < b.key"
		" ORDER BY a.key || '~' || b.key)");

	return s ? s : "";
}

/* The first so many come with the scan, the others one by one. */
static void
save_names(char names[NAMES][64], size_t scanned)
{
	for (size_t i = 0; i < NAMES; i++) {
		const char *path = arena_printf(&arena, "p%zu", i).ptr;

		if (i == scanned)
			kit_number(&kit);
		kit_write(&kit, &(struct piece){ .path = path, .title = path,
			.series = names[i], .part = 1 }, 1, i < scanned);
	}
	if (scanned == NAMES)
		kit_number(&kit);
}

static void
near_names_test(void **state)
{
	static const size_t scanned[] = { 0, NAMES / 2, NAMES };
	char names[NAMES][64];

	(void)state;
	for (uint64_t run = 0; run < SEEDS; run++) {
		seed = run;
		for (size_t i = 0; i < NAMES; i++)
			make_name(names[i]);
		assert_true(strlen(expected(names)) > 0);
		for (size_t way = 0; way < COUNT_OF(scanned); way++) {
			kit_teardown(&kit);
			kit_setup(&kit);
			save_names(names, scanned[way]);
			assert_string_equal(stored(), expected(names));
		}
		arena_reset(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST_FRESH(both_in_the_scan_test),
		KIT_TEST_FRESH(title_of_the_scan_test),
		KIT_TEST_FRESH(list_of_the_scan_test),
		KIT_TEST_FRESH(other_title_test),
		KIT_TEST_FRESH(near_names_test),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	arena_done(&arena);
	return failed;
}
