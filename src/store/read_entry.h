/*
 * An entry's columns: what a list needs of an article, and its series.
 */
#ifndef STORE_READ_ENTRY_H
#define STORE_READ_ENTRY_H

#include "model/feed.h"
#include "store/reader.h"

/* Of "article a", and what ENTRY_JOINS joins to it. */
#define ENTRY_COLUMNS \
	"a.id, a.revision, a.uid, a.slug, a.path, a.title, a.headline," \
	" a.published, a.updated, a.state, a.lang, s.id, s.title, s.slug," \
	" p.number, p.label, a.url"
#define ENTRY_JOINS \
	" LEFT JOIN part p ON p.article_id = a.id" \
	" LEFT JOIN series s ON s.id = p.series_id"

enum { ENTRY_COLUMN_COUNT = 17 };

/* The entry of a row that begins with ENTRY_COLUMNS. */
void entry_take(struct query *q, struct arena *a, struct entry *ret);

/* All rows that are left, as such; ends the query. */
int entry_take_list(struct query *q, struct arena *a, struct entry **ret,
	size_t *ret_n, struct err *e) MUST_USE;

/*
 * SQL: a part with this number, of the series `slip`, may be meant for the
 * series `right`, which lacks it and has more parts.
 */
#define COUNT_PARTS(id) \
	"(SELECT count(*) FROM part c WHERE c.series_id = " id ")"
#define SLIP_IS_MISSED(slip, right, number) \
	"NOT EXISTS (SELECT 1 FROM part o WHERE o.series_id = " right \
	" AND o.number = " number ") AND (" COUNT_PARTS(slip) " < " \
	COUNT_PARTS(right) " OR (" COUNT_PARTS(slip) " = " \
	COUNT_PARTS(right) " AND " slip " > " right "))"

/* The parts before and after an entry of a series. */
int read_neighbours(struct store_reader *r, struct arena *a,
	struct entry *ret, struct err *e) MUST_USE;

#endif
