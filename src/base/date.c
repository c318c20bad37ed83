/*
 * Dates as text: RFC 3339, HTTP, and the ISO dates that newsrooms write.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/date.h"

static const char days[] = "SunMonTueWedThuFriSat";
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

static const int64_t year_10000 = 253402300800;

static struct tm
split(int64_t seconds)
{
	time_t t = (time_t)MAX(0, MIN(seconds, year_10000 - 1));
	struct tm tm;

	CHECK(gmtime_r(&t, &tm));
	return tm;
}

struct slice
date_rfc3339(int64_t seconds, char ret[static DATE_SIZE])
{
	struct tm tm = split(seconds);
	int len = snprintf(ret, DATE_SIZE, "%04u-%02u-%02uT%02u:%02u:%02uZ",
		(unsigned)(tm.tm_year + 1900) % 10000u,
		(unsigned)(tm.tm_mon + 1) % 100u, (unsigned)tm.tm_mday % 100u,
		(unsigned)tm.tm_hour % 100u, (unsigned)tm.tm_min % 100u,
		(unsigned)tm.tm_sec % 100u);

	return slice(ret, (size_t)len);
}

struct slice
date_http(int64_t seconds, char ret[static DATE_SIZE])
{
	struct tm tm = split(seconds);
	int len = snprintf(ret, DATE_SIZE, "%.3s, %02u %.3s %04u "
		"%02u:%02u:%02u GMT", days + tm.tm_wday * 3,
		(unsigned)tm.tm_mday % 100u, months + tm.tm_mon * 3,
		(unsigned)(tm.tm_year + 1900) % 10000u,
		(unsigned)tm.tm_hour % 100u, (unsigned)tm.tm_min % 100u,
		(unsigned)tm.tm_sec % 100u);

	return slice(ret, (size_t)len);
}

struct slice
date_month(int64_t seconds, char ret[static DATE_SIZE])
{
	return slice_sub(date_rfc3339(seconds, ret), 0, strlen("2024-05"));
}

int64_t
date_month_end(int64_t seconds)
{
	struct tm tm = split(seconds);
	struct tm next = { .tm_year = tm.tm_year, .tm_mon = tm.tm_mon + 1,
		.tm_mday = 1 };

	return (int64_t)timegm(&next);
}

/* Seconds since 1970 of a proleptic Gregorian date; -1: no such date. */
static int64_t
join(int year, int month, int day, int hour, int min, int sec)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	struct tm tm = { .tm_year = year - 1900, .tm_mon = month - 1,
		.tm_mday = day, .tm_hour = hour, .tm_min = min,
		.tm_sec = sec };

	if (year < 1970 || year > 9999 || month < 1 || month > 12 || day < 1)
		return -1;
	if (day > lengths[month - 1] + (month == 2 && leap))
		return -1;
	if (hour < 0 || hour > 23 || min < 0 || min > 59 || sec < 0 ||
		sec > 60)
		return -1;
	return (int64_t)timegm(&tm);
}

static int
month_number(const char *name)
{
	for (int i = 0; i < 12; i++)
		if (!memcmp(months + i * 3, name, 3))
			return i + 1;
	return 0;
}

int64_t
date_parse_http(struct slice s)
{
	int day, year, hour, min, sec, end = 0;
	char text[48], month[4];

	if (s.len == 0 || s.len >= sizeof(text))
		return -1;
	memcpy(text, s.ptr, s.len);
	text[s.len] = '\0';
	/* What is matched must be all there is: end counts up to "GMT". */
	if (sscanf(text, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n",
		&day, month, &year, &hour, &min, &sec, &end) == 6 &&
		(size_t)end == s.len)
		return join(year, month_number(month), day, hour, min, sec);
	if (sscanf(text, "%*[A-Za-z], %2d-%3[A-Za-z]-%2d %2d:%2d:%2d GMT%n",
		&day, month, &year, &hour, &min, &sec, &end) == 6 &&
		(size_t)end == s.len)
		return join(year + (year < 70 ? 2000 : 1900),
			month_number(month), day, hour, min, sec);
	if (sscanf(text, "%*3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d%n",
		month, &day, &hour, &min, &sec, &year, &end) == 6 &&
		(size_t)end == s.len)
		return join(year, month_number(month), day, hour, min, sec);
	return -1;
}

/* Take exactly n digits off *s; -1 if they are not there. */
static int
take_digits(struct slice *s, size_t n)
{
	int64_t v = s->len >= n ? slice_number(slice(s->ptr, n), 9999) : -1;

	if (v >= 0)
		*s = slice_from(*s, n);
	return (int)v;
}

static bool
take_byte(struct slice *s, const char *any)
{
	if (s->len == 0 || !strchr(any, s->ptr[0]))
		return false;
	*s = slice_from(*s, 1);
	return true;
}

/* "Z", "+08:00", "+0800", or nothing (then *minutes stays). */
static bool
take_zone(struct slice *s, int *minutes)
{
	bool minus;
	int h, m;

	*s = slice_trim(*s);
	if (s->len == 0)
		return true;
	if (take_byte(s, "Zz")) {
		*minutes = 0;
		return s->len == 0;
	}
	minus = s->ptr[0] == '-';
	if (!take_byte(s, "+-") || (h = take_digits(s, 2)) < 0)
		return false;
	take_byte(s, ":");
	if ((m = take_digits(s, 2)) < 0 || h > 14 || m > 59 || s->len > 0)
		return false;
	*minutes = (h * 60 + m) * (minus ? -1 : 1);
	return true;
}

/* ":30" and ".123", which is read and dropped. */
static int
take_seconds(struct slice *s)
{
	int sec = 0;

	if (take_byte(s, ":") && (sec = take_digits(s, 2)) < 0)
		return -1;
	if (take_byte(s, "."))
		while (s->len > 0 && isdigit((unsigned char)s->ptr[0]))
			*s = slice_from(*s, 1);
	return sec;
}

int64_t
date_parse_iso(struct slice s, int zone_minutes)
{
	int year, month, day, hour = 0, min = 0, sec = 0;
	int64_t t;

	s = slice_trim(s);
	if ((year = take_digits(&s, 4)) < 0 || !take_byte(&s, "-/") ||
		(month = take_digits(&s, 2)) < 0 || !take_byte(&s, "-/") ||
		(day = take_digits(&s, 2)) < 0)
		return -1;
	if (take_byte(&s, "Tt ") && s.len > 0) {
		s = slice_trim(s);
		if ((hour = take_digits(&s, 2)) < 0 || !take_byte(&s, ":") ||
			(min = take_digits(&s, 2)) < 0 ||
			(sec = take_seconds(&s)) < 0)
			return -1;
	}
	if (!take_zone(&s, &zone_minutes))
		return -1;
	t = join(year, month, day, hour, min, sec);
	return t < 0 ? -1 : MAX(0, t - (int64_t)zone_minutes * 60);
}

int
date_zone_minutes(const char *zone, int64_t at)
{
	char *old = getenv("TZ") ? x_strdup(getenv("TZ")) : NULL;
	time_t t = (time_t)at;
	struct tm tm;

	setenv("TZ", zone, 1);
	tzset();
	CHECK(localtime_r(&t, &tm));
	if (old)
		setenv("TZ", old, 1);
	else
		unsetenv("TZ");
	tzset();
	free(old);
	return (int)(tm.tm_gmtoff / 60);
}
