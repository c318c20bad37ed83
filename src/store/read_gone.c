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

int
read_gone(struct store_reader *r, struct feed *f, struct arena *a,
	struct err *e)
{
	struct query q = query_start(&r->db,
		"SELECT a.uid, a.gone FROM article a"
		" JOIN feed_member m ON m.article_id = a.id AND m.feed_id = ?1"
		" WHERE a.gone > 0 AND a.gone > ?2"
		" UNION SELECT a.uid, a.gone FROM"
		" (SELECT article_id FROM feed_entry WHERE feed_id = ?1"
		"  ORDER BY seq DESC LIMIT ?3) l"
		" JOIN article a ON a.id = l.article_id AND a.gone > 0"
		" JOIN feed_member m ON m.article_id = a.id AND m.feed_id = ?1"
		" ORDER BY 2 DESC, 1 LIMIT ?4");

	query_put_int(&q, f->id);
	query_put_int(&q, MAX(0, newest_change(f) - FEED_GONE_S));
	query_put_int(&q, FEED_LIVE_MAX);
	query_put_int(&q, FEED_GONE_MAX);
	f->gone = ARENA_ARRAY(a, struct tombstone, FEED_GONE_MAX);
	f->n_gone = 0;
	while (query_row(&q))
		f->gone[f->n_gone++] = (struct tombstone){
			query_text(&q, 0, a), query_int(&q, 1) };
	return query_done(&q, e);
}
