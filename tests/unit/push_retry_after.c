/*
 * Retry-After, in seconds, as a date, and as nonsense.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "push/retry_after.h"

/* Wed, 15 May 2024 08:00:00 GMT, and half a second. */
#define NOW (1715760000 * INT64_C(1000) + 500)
#define DAY (24 * 60 * 60 * INT64_C(1000))

static const struct {
	const char *value;
	int64_t ms;
} cases[] = {
	{ "0", 0 }, { "120", 120000 }, { "86400", DAY }, { "86401", DAY },
	{ "99999999999999999999999999", DAY },
	{ "Wed, 15 May 2024 08:01:00 GMT", 59500 },
	{ "Wednesday, 15-May-24 08:01:00 GMT", 59500 },
	{ "Wed May 15 08:01:00 2024", 59500 },
	{ "Wed, 15 May 2024 07:00:00 GMT", 0 },
	{ "Fri, 17 May 2024 08:00:00 GMT", DAY },
	{ "Fri, 31 Dec 9999 23:59:59 GMT", DAY },
	{ "", -1 }, { "-1", -1 }, { "1.5", -1 }, { "soon", -1 }, { "1 2", -1 },
	{ "Wed, 99 May 2024 08:01:00 GMT", -1 },
};

static void
what_it_says_is_milliseconds_from_now(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		if (retry_after_ms(slice_str(cases[i].value), NOW) !=
			cases[i].ms)
			fail_msg("\"%s\"", cases[i].value);
	assert_int_equal(retry_after_ms(slice(NULL, 0), NOW), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_it_says_is_milliseconds_from_now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
