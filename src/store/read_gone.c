/*
 * Reading tombstones: the articles that a feed's readers may still show.
 *
 * Those of the newest numbers of its log, which its document would hold, and
 * those of the last FEED_GONE_S seconds.  "The last" counts back from the
 * newest change of the feed, not from now: equal stores give equal bytes.
 */
#include "store/reader.h"
#include "store/read_gone.h"

static int64_t
newest_change(const struct feed *f)
{
	int64_t newest = 0;

	for (size_t i = 0; i < f->n; i++)
		newest = MAX(newest, f->list[i].updated);
	return newest;
}

/* Those that a feed's readers may still show. */
static struct query
ask_feed(struct store_reader *r, const struct feed *f)
{
	struct query q = query_start(&r->db,
		"SELECT a.uid, a.gone, m.changed FROM article a"
		" JOIN feed_member m ON m.article_id = a.id AND m.feed_id = ?1"
		" WHERE a.gone > 0 AND a.gone > ?2"
		" UNION SELECT a.uid, a.gone, m.changed FROM"
		" (SELECT article_id FROM feed_entry WHERE feed_id = ?1"
		"  ORDER BY seq DESC LIMIT ?3) l"
		" JOIN article a ON a.id = l.article_id AND a.gone > 0"
		" JOIN feed_member m ON m.article_id = a.id AND m.feed_id = ?1"
		" ORDER BY 2 DESC, 1 LIMIT ?4");

	query_put_int(&q, f->id);
	query_put_int(&q, MAX(0, newest_change(f) - FEED_GONE_S));
	query_put_int(&q, FEED_LIVE_MAX);
	query_put_int(&q, FEED_GONE_MAX);
	return q;
}

/* Those whose entry was in a page. */
static struct query
ask_page(struct store_reader *r, const struct feed_page *p)
{
	struct query q = query_start(&r->db,
		"SELECT DISTINCT a.uid, a.gone, m.changed FROM feed_entry l"
		" JOIN article a ON a.id = l.article_id AND a.gone > 0"
		" JOIN feed_member m ON m.article_id = a.id"
		" AND m.feed_id = l.feed_id"
		" WHERE l.feed_id = ? AND l.seq BETWEEN ? AND ?"
		" ORDER BY 2 DESC, 1 LIMIT ?");

	query_put_int(&q, p->feed_id);
	query_put_int(&q, p->first);
	query_put_int(&q, p->last);
	query_put_int(&q, FEED_GONE_MAX);
	return q;
}

int
read_gone(struct store_reader *r, struct feed *f, const struct feed_page *p,
	struct arena *a, struct err *e)
{
	struct query q = p ? ask_page(r, p) : ask_feed(r, f);

	f->n_gone = 0;
	while (query_row(&q)) {
		f->gone = ARENA_GROW(a, f->gone, f->n_gone);
		f->gone[f->n_gone++] = (struct tombstone){
			query_text(&q, 0, a), query_int(&q, 1),
			query_int(&q, 2) };
	}
	return query_done(&q, e);
}
