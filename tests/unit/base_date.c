/*
 * Unit tests of base/date and base/clock.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/date.h"

enum { MAY_15 = 1715760000 };	/* 2024-05-15T08:00:00Z */

static void
test_printing(void **state)
{
	static const struct {
		int64_t at;
		const char *rfc3339, *http;
	} cases[] = {
		{ MAY_15, "2024-05-15T08:00:00Z",
			"Wed, 15 May 2024 08:00:00 GMT" },
		{ 0, "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT" },
		{ -1, "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT" },
		{ 951782399, "2000-02-28T23:59:59Z",
			"Mon, 28 Feb 2000 23:59:59 GMT" },
		{ INT64_MAX, "9999-12-31T23:59:59Z",
			"Fri, 31 Dec 9999 23:59:59 GMT" },
	};
	char text[DATE_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(date_rfc3339(cases[i].at, text).len, 20);
		assert_string_equal(text, cases[i].rfc3339);
		assert_int_equal(date_http(cases[i].at, text).len, 29);
		assert_string_equal(text, cases[i].http);
	}
}

static void
test_http_dates(void **state)
{
	static const struct {
		const char *text;
		int64_t at;
	} cases[] = {
		{ "Wed, 15 May 2024 08:00:00 GMT", MAY_15 },
		{ "Wednesday, 15-May-24 08:00:00 GMT", MAY_15 },
		{ "Wed May 15 08:00:00 2024", MAY_15 },
		{ "Sunday, 06-Nov-94 08:49:37 GMT", 784111777 },
		{ "Sun Nov  6 08:49:37 1994", 784111777 },
		{ "Wed, 15 May 2024 08:00:00 GMT+1", -1 },
		{ "Wed, 15 May 2024 08:00:00", -1 },
		{ "Wed, 31 Apr 2024 08:00:00 GMT", -1 },
		{ "Wed, 15 Mai 2024 08:00:00 GMT", -1 },
		{ "Wed, 15 May 2024 24:00:00 GMT", -1 },
		{ "Wed, 15 May 1969 08:00:00 GMT", -1 },
		{ "2024-05-15T08:00:00Z", -1 },
		{ "", -1 },
		{ "a text that is far longer than any date could ever be, so "
			"it is cut off early", -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		if (date_parse_http(slice_str(cases[i].text)) != cases[i].at)
			fail_msg("%s", cases[i].text);
}

static void
test_iso_dates(void **state)
{
	static const struct {
		const char *text;
		int zone;
		int64_t at;
	} cases[] = {
		{ "2024-05-15T08:00:00Z", 480, MAY_15 },
		{ "2024-05-15T16:00:00+08:00", 0, MAY_15 },
		{ "2024-05-15 16:00:00 +0800", 0, MAY_15 },
		{ "2024-05-15T03:30:00-04:30", 0, MAY_15 },
		{ "2024-05-15 16:00", 480, MAY_15 },
		{ " 2024/05/15 08:00 ", 0, MAY_15 },
		{ "2024-05-15", 0, MAY_15 - 8 * 3600 },
		{ "2024-05-15", 480, MAY_15 - 16 * 3600 },
		{ "2024-05-15T08:00:00.123Z", 0, MAY_15 },
		{ "2024-02-29", 0, 1709164800 },
		{ "1970-01-01", 480, 0 },
		{ "2023-02-29", 0, -1 },
		{ "2024-04-31", 0, -1 },
		{ "2024-13-01", 0, -1 },
		{ "2024-00-01", 0, -1 },
		{ "2024-05-15T25:00", 0, -1 },
		{ "2024-05-15T08", 0, -1 },
		{ "2024-05-15T08:00:00+15:00", 0, -1 },
		{ "2024-05-15T08:00:00+8", 0, -1 },
		{ "2024-05-15 and more", 0, -1 },
		{ "2024-5-15", 0, -1 },
		{ "May 14", 0, -1 },
		{ "", 0, -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		if (date_parse_iso(slice_str(cases[i].text), cases[i].zone) !=
			cases[i].at)
			fail_msg("%s", cases[i].text);
}

/* What is printed is read back, over the whole range. */
static void
test_round_trip(void **state)
{
	char text[DATE_SIZE];

	(void)state;
	for (int64_t at = 0; at < 253402300800; at += 86399 * 977) {
		assert_int_equal(date_parse_http(date_http(at, text)), at);
		assert_int_equal(date_parse_iso(date_rfc3339(at, text), 60),
			at);
	}
}

static void
test_zones(void **state)
{
	(void)state;
	assert_int_equal(date_zone_minutes("UTC", MAY_15), 0);
	assert_int_equal(date_zone_minutes("Nowhere/Land", MAY_15), 0);
	/* A rule that needs no zone files; $TZ is as it was. */
	setenv("TZ", "XYZ-1", 1);
	assert_int_equal(date_zone_minutes("CST-8", MAY_15), 480);
	assert_string_equal(getenv("TZ"), "XYZ-1");
	unsetenv("TZ");
	assert_int_equal(date_zone_minutes("ABC3:30", MAY_15), -210);
	assert_null(getenv("TZ"));
}

static void
test_months(void **state)
{
	char text[DATE_SIZE];

	(void)state;
	assert_true(slice_eq(date_month(MAY_15, text), S("2024-05")));
	assert_int_equal(date_month_end(MAY_15), 1717200000);
	/* The last second of a month, and the first of the next. */
	assert_int_equal(date_month_end(1717199999), 1717200000);
	assert_int_equal(date_month_end(1717200000), 1719792000);
	/* December is followed by January. */
	assert_int_equal(date_month_end(1735689599), 1735689600);
	assert_int_equal(date_month_end(0), 31 * 86400);
}

static void
test_clock_can_be_stopped(void **state)
{
	int64_t mono = clock_mono_ms();

	(void)state;
	clock_set_ms((int64_t)MAY_15 * 1000 + 999);
	assert_int_equal(clock_now(), MAY_15);
	assert_int_equal(clock_now_ms(), (int64_t)MAY_15 * 1000 + 999);
	assert_true(clock_mono_ms() >= mono);
	clock_set_ms(-1);
	assert_true(clock_now() > MAY_15);
	assert_true(clock_worked_ms() < clock_mono_ms());
	assert_true(rand_u64() != rand_u64());
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_printing),
		cmocka_unit_test(test_http_dates),
		cmocka_unit_test(test_iso_dates),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_zones),
		cmocka_unit_test(test_months),
		cmocka_unit_test(test_clock_can_be_stopped),
	};

	return cmocka_run_group_tests_name("base_date", tests, NULL, NULL);
}
