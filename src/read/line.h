/*
 * Lines: what one line of the newsroom's plain-text layout is, seen alone.
 *
 * Where a line stands decides whether that counts; text.c knows where.
 */
#ifndef READ_LINE_H
#define READ_LINE_H

#include "model/article.h"

enum line_kind {
	LINE_PROSE,
	LINE_BULLET,	/* rest: without the bullet */
	LINE_DATE,	/* "Date: 2024-05-14", or nothing but the date */
	LINE_CREDIT,	/* "Reporter | X", "(Photo: X)"; rest: the names */
	LINE_SOURCE,	/* "Source: X": text, but no title and no summary */
	LINE_RELATED,	/* "Related links:"; rest: a title behind it */
	LINE_NEWS,	/* "Related News": page furniture begins */
	LINE_CORRECTION,	/* "Correction: X": text, and a field */
};

struct line {
	enum line_kind kind;
	struct slice text;	/* all of it, without blanks at the ends */
	struct slice rest;
	struct slice label;	/* as printed, with its colon */
	enum person_role role;	/* of LINE_CREDIT */
	int64_t date;		/* of LINE_DATE */
	bool sure;		/* a credit wherever it stands: bar, brackets */
};

/* Without Unicode white space at the ends, no-break spaces too. */
struct slice line_trim(struct slice s);

/*
 * Classify a line that is not empty.  zone_minutes is for a date without a
 * zone.
 */
struct line line_read(struct slice text, int zone_minutes);

/*
 * A date as newsrooms write it: date_parse_iso(), with a fraction of seconds
 * or without, or "2024年5月14日 08:00".  -1: it is not one.
 */
int64_t line_date(struct slice s, int zone_minutes);

/* Is it no longer than a menu item? */
bool line_is_short(const struct line *l);

/* Could it be a title in a list of links?  A paragraph could not. */
bool line_is_title(const struct line *l);

#endif
