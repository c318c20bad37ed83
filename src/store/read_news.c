/*
 * Reading what else there is on an article's topics.
 *
 * A topic may have a hundred thousand articles, and an article 32 topics.  So
 * of each topic only the end of its log is looked at: what came last is what
 * is new, but for what was dated back, which is no news.
 */
#include "store/read_entry.h"
#include "store/reader.h"

enum { LOOKED_AT = 50 };	/* log entries of each topic */

int
read_news(struct store_reader *r, int64_t article_id, size_t max,
	struct arena *a, struct entry **ret, size_t *ret_n, struct err *e)
{
	struct query q = query_start(&r->db,
		"SELECT " ENTRY_COLUMNS " FROM article a" ENTRY_JOINS
		" WHERE a.state <> 1 AND a.id IN ("
		"  SELECT l.article_id FROM feed_member m"
		"  JOIN feed f ON f.id = m.feed_id AND f.kind = ?2"
		"  JOIN feed_entry l ON l.feed_id = f.id"
		"   AND l.seq > f.last_seq - ?3"
		"  JOIN feed_member o ON o.article_id = l.article_id"
		"   AND o.feed_id = f.id"
		"  WHERE m.article_id = ?1 AND l.article_id <> ?1)"
		" ORDER BY a.published DESC, a.uid LIMIT ?4");

	query_put_int(&q, article_id);
	query_put_int(&q, CHANNEL_TOPIC);
	query_put_int(&q, LOOKED_AT);
	query_put_int(&q, (int64_t)max);
	if (entry_take_list(&q, a, ret, ret_n, e) < 0)
		return err_in(e, "reading what is new on a topic");
	return 0;
}
