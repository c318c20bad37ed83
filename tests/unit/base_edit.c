/*
 * Edit distance, against the textbook's table.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/edit.h"

static size_t
textbook(const char *a, const char *b)
{
	size_t d[16][16], na = strlen(a), nb = strlen(b);

	for (size_t i = 0; i <= na; i++)
		for (size_t k = 0; k <= nb; k++) {
			if (i == 0 || k == 0) {
				d[i][k] = i + k;
				continue;
			}
			d[i][k] = d[i - 1][k - 1] + (a[i - 1] != b[k - 1]);
			d[i][k] = MIN(d[i][k], d[i - 1][k] + 1);
			d[i][k] = MIN(d[i][k], d[i][k - 1] + 1);
		}
	return d[na][nb];
}

/* Chances that a seed repeats. */
static uint64_t seed;

static size_t
chance(size_t n)
{
	seed = seed * 6364136223846793005U + 1442695040888963407U;
	return (size_t)((seed >> 33) % n);
}

static void
make(char *text, size_t max)
{
	size_t n = chance(max);

	for (size_t i = 0; i < n; i++)
		text[i] = (char)('a' + (int)chance(3));
	text[n] = '\0';
}

static void
textbook_test(void **state)
{
	char a[16], b[16];

	(void)state;
	for (int i = 0; i < 20000; i++) {
		size_t max = chance(6), d;

		make(a, 14);
		make(b, 14);
		d = textbook(a, b);
		assert_int_equal(edit_distance(slice_str(a), slice_str(b),
			max), MIN(d, max + 1));
	}
}

static void
characters_test(void **state)
{
	(void)state;
	assert_int_equal(edit_distance(S("海港灯火"), S("海港灯光"), 3), 1);
	assert_int_equal(edit_distance(S(""), S(""), 0), 0);
}

static void
digits_test(void **state)
{
	(void)state;
	assert_true(edit_same_digits(S("a-1-b"), S("1-a-b")));
	assert_false(edit_same_digits(S("news-2024"), S("news-2025")));
	assert_false(edit_same_digits(S("news-2"), S("news")));
	assert_false(edit_same_digits(S("灯火之三"), S("灯火之四")));
	assert_false(edit_same_digits(S("灯火上"), S("灯火下")));
}

static void
near_test(void **state)
{
	(void)state;
	assert_true(edit_is_near(S("how-the-lamp-was-lit"),
		S("how-the-lam-was-lit")));
	assert_false(edit_is_near(S("how-the-lamp-was-lit"),
		S("how-the-boat-was-lit")));
	assert_false(edit_is_near(S("short"), S("shirt")));
	assert_true(edit_is_near(S("short"), S("short")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(textbook_test),
		cmocka_unit_test(characters_test),
		cmocka_unit_test(digits_test),
		cmocka_unit_test(near_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
