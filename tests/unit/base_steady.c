/*
 * Clocks that jump.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/steady.h"

enum { HOUR = 3600 * 1000 };

static void
a_steady_clock_is_believed(void **state)
{
	struct steady s = { 0 };

	(void)state;
	assert_int_equal(steady_look(&s, 5 * HOUR, 100), 0);
	assert_int_equal(steady_look(&s, 9 * HOUR, 100 + 4 * HOUR), 0);
	/* Set by steps, each of them small. */
	for (int64_t i = 1; i <= 20; i++)
		assert_int_equal(steady_look(&s, 9 * HOUR +
			i * STEADY_JUMP_MS, 100 + 4 * HOUR), 0);
}

static void
a_jump_ahead_is_not(void **state)
{
	struct steady s = { 0 };

	(void)state;
	steady_look(&s, 5 * HOUR, 0);
	assert_int_equal(steady_look(&s, 7 * HOUR, 0), 2 * HOUR);
	assert_int_equal(steady_look(&s, 8 * HOUR, HOUR), 2 * HOUR);
	/* Back where it was. */
	assert_int_equal(steady_look(&s, 6 * HOUR, HOUR), 0);
	/* Again, and somebody says that it is right. */
	assert_int_equal(steady_look(&s, 9 * HOUR, HOUR), 3 * HOUR);
	steady_believe(&s);
	assert_int_equal(steady_look(&s, 9 * HOUR, HOUR), 0);
	assert_int_equal(steady_look(&s, 10 * HOUR, 2 * HOUR), 0);
}

static void
a_jump_back_releases_nothing(void **state)
{
	struct steady s = { 0 };

	(void)state;
	steady_look(&s, 5 * HOUR, 0);
	assert_int_equal(steady_look(&s, HOUR, 0), 0);
	/* From there, ahead is ahead. */
	assert_int_equal(steady_look(&s, 5 * HOUR, 0), 4 * HOUR);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_steady_clock_is_believed),
		cmocka_unit_test(a_jump_ahead_is_not),
		cmocka_unit_test(a_jump_back_releases_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
