/*
 * Reading feeds: their heads, and the entries of a document.
 */
#include <stdlib.h>

#include "store/copies.h"
#include "store/read_entry.h"
#include "store/read_gone.h"
#include "store/reader.h"

#define FEED_COLUMNS \
	"f.id, f.kind, f.slug, f.title, f.uid, f.born, f.wanted," \
	" f.published, f.copies, f.entries, f.look, f.archived, f.pages," \
	" f.last_seq, f.sealed, f.left_at," \
	" coalesce((SELECT k.key FROM series k WHERE k.id = f.series_id)," \
	" f.slug)"

static void
take_feed(struct query *q, struct arena *a, struct feed *f)
{
	*f = (struct feed){
		.id = query_int(q, 0),
		.kind = (enum channel_kind)query_int(q, 1),
		.slug = query_text(q, 2, a),
		.title = query_text(q, 3, a),
		.uid = query_text(q, 4, a),
		.born = query_int(q, 5),
		.wanted = query_int(q, 6),
		.published = query_int(q, 7),
		.entries = (size_t)MAX((int64_t)0, query_int(q, 9)),
		.look = query_hash(q, 10),
		.archived = query_int(q, 11),
		.pages = (int)query_int(q, 12),
		.last_seq = query_int(q, 13),
		.sealed = query_int(q, 14),
		.left = query_int(q, 15),
		.key = query_text(q, 16, a),
	};
	copies_take(query_text(q, 8, a), f->copies);
}

static int
take_feeds(struct query *q, struct arena *a, struct feed **ret,
	size_t *ret_n, struct err *e)
{
	struct feed *list = NULL;
	size_t n = 0;

	while (query_row(q)) {
		list = ARENA_GROW(a, list, n);
		take_feed(q, a, &list[n++]);
	}
	if (query_done(q, e) < 0)
		return -1;
	*ret = list;
	*ret_n = n;
	return 0;
}

int
read_feeds(struct store_reader *r, struct arena *a, struct feed **ret,
	size_t *ret_n, struct err *e)
{
	struct query q = query_start(&r->db,
		"SELECT " FEED_COLUMNS " FROM feed f WHERE NOT EXISTS"
		" (SELECT 1 FROM series s WHERE s.id = f.series_id"
		"  AND s.merged_into IS NOT NULL) ORDER BY f.id");

	return take_feeds(&q, a, ret, ret_n, e);
}

int
read_feeds_of(struct store_reader *r, int64_t article_id, struct arena *a,
	struct feed **ret, size_t *ret_n, struct err *e)
{
	struct query q = query_start(&r->db,
		"SELECT " FEED_COLUMNS " FROM feed_member m"
		" JOIN feed f ON f.id = m.feed_id WHERE m.article_id = ?"
		" ORDER BY f.id");

	query_put_int(&q, article_id);
	return take_feeds(&q, a, ret, ret_n, e);
}

/* A query for one head, to its end. */
static int
take_one(struct query *q, struct arena *a, struct feed *ret, struct err *e)
{
	bool found = query_row(q);

	if (found)
		take_feed(q, a, ret);
	if (query_done(q, e) < 0)
		return -1;
	return found ? 0 : err_set(e, ERR_MISSING, "there is no such feed");
}

int
read_feed(struct store_reader *r, int64_t id, struct arena *a,
	struct feed *ret, struct err *e)
{
	struct query q = query_start(&r->db,
		"SELECT " FEED_COLUMNS " FROM feed f WHERE f.id = ?");

	query_put_int(&q, id);
	return take_one(&q, a, ret, e);
}

int
read_feed_named(struct store_reader *r, enum channel_kind kind,
	struct slice slug, struct arena *a, struct feed *ret, struct err *e)
{
	struct query q = query_start(&r->db, "SELECT " FEED_COLUMNS
		" FROM feed f WHERE f.kind = ? AND f.slug = ?");

	query_put_int(&q, kind);
	query_put_text(&q, slug);
	return take_one(&q, a, ret, e);
}

/*
 * The newest log entries of present members, each at its last number.  SQLite
 * walks the log backwards, so whoever stops early has paid for little.
 */
#define BY_LOG \
	"SELECT " ENTRY_COLUMNS ", m.seq, m.changed FROM feed_entry l" \
	" JOIN feed_member m ON m.article_id = l.article_id" \
	" AND m.feed_id = l.feed_id AND m.seq = l.seq" \
	" JOIN article a ON a.id = l.article_id AND a.state <> 1" \
	ENTRY_JOINS " WHERE l.feed_id = ?"

static void
take_entry(struct query *q, struct feed *f, struct arena *a)
{
	struct entry *e;

	f->list = ARENA_GROW(a, f->list, f->n);
	e = &f->list[f->n++];
	entry_take(q, a, e);
	e->seq = query_int(q, ENTRY_COLUMN_COUNT);
	e->changed = query_int(q, ENTRY_COLUMN_COUNT + 1);
}

/* All, or the newest `max`; but always what is in no page of the archive. */
static void
take_entries(struct query *q, size_t max, struct feed *f, struct arena *a)
{
	f->complete = true;
	while (f->complete && query_row(q)) {
		if (f->archived && f->n >= max &&
			query_int(q, ENTRY_COLUMN_COUNT) <= f->sealed)
			f->complete = false;
		else
			take_entry(q, f, a);
	}
}

static void
sort(struct feed *f)
{
	if (f->n > 0)
		qsort(f->list, f->n, sizeof(*f->list), entry_order);
}

int
read_feed_entries(struct store_reader *r, struct feed *f, size_t max,
	struct arena *a, struct err *e)
{
	struct query q = query_start(&r->db, BY_LOG " ORDER BY l.seq DESC");

	query_put_int(&q, f->id);
	take_entries(&q, max, f, a);
	if (query_done(&q, e) < 0)
		return err_in(e, "reading the feed \"%.*s\"", ARG(f->slug));
	sort(f);
	f->prev_page = f->archived && !f->complete ? f->pages : 0;
	return read_gone(r, f, NULL, a, e);
}

int
read_page_entries(struct store_reader *r, struct feed *f,
	const struct feed_page *p, struct arena *a, struct err *e)
{
	struct query q = query_start(&r->db,
		BY_LOG " AND l.seq BETWEEN ? AND ?");

	query_put_int(&q, f->id);
	query_put_int(&q, p->first);
	query_put_int(&q, p->last);
	while (query_row(&q))
		take_entry(&q, f, a);
	if (query_done(&q, e) < 0)
		return err_in(e, "reading page %d of the feed \"%.*s\"",
			p->page, ARG(f->slug));
	sort(f);
	f->page = p->page;
	f->prev_page = p->page - 1;
	return read_gone(r, f, p, a, e);
}
