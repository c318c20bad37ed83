/*
 * Unit tests of feed/max_age: how long a feed may be kept.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/defs.h"
#include "feed/max_age.h"

enum { DAY = 86400 };

static void
test_max_age(void **state)
{
	static const struct {
		int64_t changes[MAX_AGE_CHANGES];
		size_t n;
		int seconds;
	} cases[] = {
		{ { 0 }, 0, MAX_AGE_UNKNOWN },
		{ { 1000 }, 1, MAX_AGE_UNKNOWN },
		{ { 1000, 3000 }, 2, 1000 },
		{ { 3000, 1000 }, 2, 1000 },
		{ { 1000, 1060 }, 2, MAX_AGE_LEAST },
		{ { 1000, 1000 }, 2, MAX_AGE_LEAST },
		{ { 0, 30 * DAY }, 2, MAX_AGE_MOST },
		/* Gaps of 2000, 100 and 100 days: one in three is no habit. */
		{ { 0, 2000, 2000 + 100 * DAY, 2000 + 200 * DAY }, 4,
			MAX_AGE_MOST },
		{ { 0, 2000, 4000, 4000 + 100 * DAY }, 4, 1000 },
		{ { 9000, 8000, 7000, 6000, 5000, 4000, 3000, 2000, 1000, 0 },
			10, 500 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int got = feed_max_age(cases[i].changes, cases[i].n);

		if (got != cases[i].seconds)
			fail_msg("case %zu: %d", i, got);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_max_age),
	};

	return cmocka_run_group_tests_name("feed_max_age", tests, NULL, NULL);
}
