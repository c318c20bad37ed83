/*
 * Dates as text.  All are English and UTC, whatever the locale or $TZ.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/slice.h"

enum { DATE_SIZE = 32 };

/* "2024-05-15T08:00:00Z" (RFC 3339); years are kept within 1970..9999. */
struct slice date_rfc3339(int64_t seconds, char ret[static DATE_SIZE]);

/* "Wed, 15 May 2024 08:00:00 GMT" (RFC 9110 section 5.6.7, and RFC 822). */
struct slice date_http(int64_t seconds, char ret[static DATE_SIZE]);

/* "2024-05" of the month in which the moment lies. */
struct slice date_month(int64_t seconds, char ret[static DATE_SIZE]);

/* When the next month begins, by UTC. */
int64_t date_month_end(int64_t seconds);

/*
 * An HTTP date in any of the three forms of RFC 9110 section 5.6.7.
 * -1: not a date.
 */
int64_t date_parse_http(struct slice s);

/*
 * An ISO date as newsrooms write it: "2024-05-15", "2024-05-15 08:00",
 * "2024-05-15T08:00:30Z", "... +08:00".  Without a zone, zone_minutes east of
 * UTC is taken.  Without a time, midnight.  Bounds are checked (no 31 April).
 * -1: not a date.
 */
int64_t date_parse_iso(struct slice s, int zone_minutes);

/*
 * The offset from UTC of a time zone name, in minutes east, at that moment;
 * "UTC" on an unknown name.  Reads the system's zone files: call it when the
 * configuration is read, not per article.
 */
int date_zone_minutes(const char *zone, int64_t at);

#endif
