/*
 * Rows of files: what is on the disk, and what of it is set aside.
 */
#include "store/tx.h"

/* What names the path goes first: a first scan has no foreign keys. */
int
file_drop(struct writer *w, struct slice path, struct err *e)
{
	struct query q = query_start(w->db,
		"DELETE FROM file_aside WHERE path = ?");

	query_put_text(&q, path);
	if (query_run(&q, e) < 0)
		return -1;
	q = query_start(w->db, "DELETE FROM file WHERE path = ?");
	query_put_text(&q, path);
	return query_run(&q, e);
}

#define INSERT_FILE \
	"INSERT INTO file (path, dev, ino, btime_ns, size, mtime_ns," \
	" ctime_ns, hash, companions, article_id)" \
	" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

/*
 * Not always the second: SQLite prepares to take an upsert back, at five times
 * the cost of an insertion.
 */
int
file_put(struct writer *w, const struct item *i, int64_t article_id,
	struct err *e)
{
	struct query q = query_start(w->db, !i->prior.file_id ? INSERT_FILE :
		INSERT_FILE " ON CONFLICT (path) DO UPDATE SET"
		" dev = excluded.dev, ino = excluded.ino,"
		" btime_ns = excluded.btime_ns, size = excluded.size,"
		" mtime_ns = excluded.mtime_ns, ctime_ns = excluded.ctime_ns,"
		" hash = excluded.hash, companions = excluded.companions,"
		" article_id = excluded.article_id");

	query_put_text(&q, i->path);
	query_put_hash(&q, i->stamp.dev);
	query_put_hash(&q, i->stamp.ino);
	query_put_int(&q, i->stamp.btime_ns);
	query_put_hash(&q, i->stamp.size);
	query_put_int(&q, i->stamp.mtime_ns);
	query_put_int(&q, i->stamp.ctime_ns);
	query_put_hash(&q, i->hash);
	query_put_hash(&q, i->with_sum);
	query_put_id(&q, article_id);
	return query_run(&q, e);
}

int
file_set_aside(struct writer *w, const struct item *i, struct err *e)
{
	struct query q = query_start(w->db,
		"INSERT INTO file_aside (path, reason, hint, since)"
		" VALUES (?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET"
		" reason = excluded.reason, hint = excluded.hint");

	query_put_text(&q, i->path);
	query_put_text(&q, slice_str(i->why.text));
	query_put_text(&q, slice_str(i->why.hint));
	query_put_int(&q, w->batch->now);
	return query_run(&q, e);
}

int
file_clear_aside(struct writer *w, const struct item *i, struct err *e)
{
	struct query q = query_start(w->db,
		"DELETE FROM file_aside WHERE path = ?");

	if (!i->prior.file_id)
		return 0;
	query_put_text(&q, i->path);
	return query_run(&q, e);
}

static int
set_number(struct writer *w, const char *sql, struct slice path, int64_t n,
	struct err *e)
{
	struct query q = query_start(w->db, sql);

	query_put_int(&q, n);
	query_put_text(&q, path);
	return query_run(&q, e);
}

int
file_set_held(struct writer *w, struct slice path, enum hold held,
	struct err *e)
{
	w->batch->holds = true;
	return set_number(w, "UPDATE file SET held = ? WHERE path = ?", path,
		held, e);
}

int
file_set_release(struct writer *w, struct slice path, int64_t release,
	struct err *e)
{
	w->batch->releases = true;
	return set_number(w, "UPDATE file SET release = ? WHERE path = ?",
		path, release, e);
}
