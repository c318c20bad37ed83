/*
 * Number: the end of the first scan.
 *
 * A newsroom that is seen for the first time comes in no order, and all of it:
 * until here, articles are stored with their channels, and nothing more.  Now
 * weak marks find what confirms them; the log of each feed is written, oldest
 * article first, so that the archive of a feed begins with its beginning; and
 * related links find their articles, through indexes that are made only now.
 * All of it is several times faster for all articles at once than for one
 * after the other.
 */
#include <stdio.h>
#include <stdlib.h>

#include "store/near.h"
#include "store/schema.h"

static const char indexes[] =
	"CREATE INDEX article_by_fold ON article (fold);"
	"CREATE INDEX article_by_headline ON article (headline_fold)"
	" WHERE headline_fold IS NOT NULL;"
	"CREATE INDEX article_by_mark ON article (mark_key, mark_number)"
	" WHERE mark_key IS NOT NULL;"
	"CREATE INDEX link_by_fold ON link (fold);"
	"CREATE INDEX link_by_mark ON link (mark_key, mark_number)"
	" WHERE mark_key IS NOT NULL;";

struct member {
	int64_t feed_id, article_id;
};

struct log {
	struct member *list;
	size_t n;
};

static void
log_done(struct log *l)
{
	free(l->list);
}

static int
read_members(struct db *db, struct log *l, struct err *e)
{
	struct query q = query_start(db, "SELECT m.feed_id, m.article_id"
		" FROM feed_member m JOIN article a ON a.id = m.article_id"
		" LEFT JOIN part p ON p.article_id = m.article_id"
		" ORDER BY m.feed_id, a.published, coalesce(p.number, 0),"
		" m.article_id");
	size_t room = 0;

	while (query_row(&q)) {
		if (l->n == room) {
			room = room ? room * 2 : 1024;
			l->list = x_realloc(l->list,
				room * sizeof(*l->list));
		}
		l->list[l->n++] = (struct member){ query_int(&q, 0),
			query_int(&q, 1) };
	}
	return query_done(&q, e);
}

static int
set_last_number(struct db *db, int64_t feed_id, int64_t number,
	struct err *e)
{
	struct query q = query_start(db,
		"UPDATE feed SET last_seq = ? WHERE id = ?");

	query_put_int(&q, number);
	query_put_int(&q, feed_id);
	return query_run(&q, e);
}

static int
put_entry(struct db *db, const struct member *m, int64_t number,
	struct err *e)
{
	struct query q = query_start(db, "INSERT INTO feed_entry"
		" (feed_id, seq, article_id) VALUES (?, ?, ?)");

	query_put_int(&q, m->feed_id);
	query_put_int(&q, number);
	query_put_int(&q, m->article_id);
	return query_run(&q, e);
}

/* Number the entries of one feed, from *at on. */
static int
number_feed(struct db *db, const struct log *l, size_t *at, struct err *e)
{
	int64_t id = l->list[*at].feed_id, number = 0;

	for (; *at < l->n && l->list[*at].feed_id == id; ++*at)
		if (put_entry(db, &l->list[*at], ++number, e) < 0)
			return -1;
	return set_last_number(db, id, number, e);
}

static int
number_all(struct db *db, struct err *e)
{
	CLEANUP(log_done) struct log l = { 0 };

	if (read_members(db, &l, e) < 0)
		return -1;
	for (size_t at = 0; at < l.n;)
		if (number_feed(db, &l, &at, e) < 0)
			return -1;
	return 0;
}

static int
resolve_links(struct writer *w, struct err *e)
{
	if (db_exec(w->db, "DROP INDEX link_by_target", e) < 0 ||
		links_resolve_all(w->db, e) < 0 || near_all(w, e) < 0)
		return -1;
	return db_exec(w->db, "CREATE INDEX link_by_target"
		" ON link (to_article) WHERE to_article IS NOT NULL", e);
}

int
press_number(struct store_tx *tx, struct batch *b, struct err *e)
{
	struct writer w = { .tx = tx, .db = &tx->db, .batch = b,
		.adopting = true };

	tx->ending = tx->first.under_way;
	if (tx->adopted)
		return 0;
	if (db_exec(&tx->db, indexes, e) < 0 || confirm_all(&w, e) < 0 ||
		slip_look_all(&w, e) < 0 || channel_flush(&w, e) < 0 || number_all(&tx->db, e) < 0 ||
		resolve_links(&w, e) < 0 ||
		meta_set(&tx->db, S("adopted"), S("1"), e) < 0)
		return err_in(e, "ending the first scan");
	tx_forget(tx);
	return tx_load(tx, e);
}

int
press_set_rules(struct store_tx *tx, uint64_t rules, struct err *e)
{
	char hex[17];

	snprintf(hex, sizeof(hex), "%016jx", (uintmax_t)rules);
	return meta_set(&tx->db, S("rules"), slice_str(hex), e);
}
