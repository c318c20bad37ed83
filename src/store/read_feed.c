/*
 * Reading feeds: their heads, and the entries of a document.
 */
#include <stdlib.h>

#include "store/read_entry.h"
#include "store/read_gone.h"
#include "store/reader.h"

#define FEED_COLUMNS \
	"f.id, f.kind, f.slug, f.title, f.uid, f.born, f.wanted," \
	" f.published, f.mtime, f.etag, f.entries, f.look," \
	" coalesce((SELECT k.key FROM series k WHERE k.id = f.series_id)," \
	" f.slug)"

static void
take_feed(struct query *q, struct arena *a, struct feed *f)
{
	struct slice etag = query_text(q, 9, a);

	*f = (struct feed){
		.id = query_int(q, 0),
		.kind = (enum channel_kind)query_int(q, 1),
		.slug = query_text(q, 2, a),
		.title = query_text(q, 3, a),
		.uid = query_text(q, 4, a),
		.born = query_int(q, 5),
		.wanted = query_int(q, 6),
		.published = query_int(q, 7),
		.mtime = query_int(q, 8),
		.entries = (size_t)MAX((int64_t)0, query_int(q, 10)),
		.look = query_hash(q, 11),
		.key = query_text(q, 12, a),
	};
	memcpy(f->etag, etag.ptr, MIN(etag.len, sizeof(f->etag) - 1));
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

static bool
is_listed(const struct feed *f, int64_t article_id)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->list[i].article_id == article_id)
			return true;
	return false;
}

/*
 * The newest log entries of present members.  SQLite walks the log backwards,
 * so whoever stops early has paid for little.
 */
#define BY_LOG \
	"SELECT " ENTRY_COLUMNS " FROM feed_entry l" \
	" JOIN feed_member m ON m.article_id = l.article_id" \
	" AND m.feed_id = l.feed_id" \
	" JOIN article a ON a.id = l.article_id AND a.state <> 1" \
	ENTRY_JOINS " WHERE l.feed_id = ? ORDER BY l.seq DESC"

/* Take each article once, the newest first, up to max of them. */
static void
take_entries(struct query *q, size_t max, struct feed *f, struct arena *a)
{
	f->list = ARENA_ARRAY(a, struct entry, max);
	f->n = 0;
	f->complete = true;
	while (f->complete && query_row(q)) {
		if (is_listed(f, query_int(q, 0)))
			continue;
		if (f->n == max)
			f->complete = false;
		else
			entry_take(q, a, &f->list[f->n++]);
	}
}

int
read_feed_entries(struct store_reader *r, struct feed *f, struct arena *a,
	struct err *e)
{
	struct query q = query_start(&r->db, BY_LOG);

	query_put_int(&q, f->id);
	take_entries(&q, f->kind == CHANNEL_SERIES ? FEED_SERIES_MAX :
		FEED_LIVE_MAX, f, a);
	if (query_done(&q, e) < 0)
		return err_in(e, "reading the feed \"%.*s\"", ARG(f->slug));
	qsort(f->list, f->n, sizeof(*f->list), entry_order);
	return read_gone(r, f, a, e);
}
