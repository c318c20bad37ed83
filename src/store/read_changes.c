/*
 * Reading changes: a page of a channel's log, as the channel is now.
 *
 * Of an article that is not in the channel any more nothing is told but its
 * id: a withdrawn title is not to be read in the log of its publication.
 */
#include "store/reader.h"
#include "store/schema.h"

static struct change
take_change(struct query *q, struct arena *a)
{
	struct change c = {
		.seq = query_int(q, 0),
		.action = (enum change_action)query_int(q, 1),
		.at = query_int(q, 2),
		.uid = query_text(q, 3, a),
	};

	if (!query_int(q, 4)) {
		c.action = CHANGED_WITHDRAWN;
		return c;
	}
	c.title = query_text(q, 5, a);
	c.slug = query_text(q, 6, a);
	c.path = query_text(q, 7, a);
	c.url = query_text(q, 8, a);
	c.published = query_int(q, 9);
	c.updated = query_int(q, 10);
	return c;
}

int
read_changes(struct store_reader *r, int64_t feed_id, int64_t after,
	size_t max, struct arena *a, struct changes *ret, struct err *e)
{
	struct query q = query_start(&r->db,
		"SELECT c.seq, c.action, c.at, a.uid,"
		" a.state <> 1 AND EXISTS (SELECT 1 FROM feed_member m"
		"  WHERE m.article_id = a.id AND m.feed_id = c.feed_id),"
		" a.title, a.slug, a.path, a.url, a.published, a.updated"
		" FROM feed_change c JOIN article a ON a.id = c.article_id"
		" WHERE c.feed_id = ?1 AND c.seq > ?2 AND c.version <="
		" (SELECT published FROM feed WHERE id = ?1)"
		" ORDER BY c.seq LIMIT ?3");

	*ret = (struct changes){ .list = ARENA_ARRAY(a, struct change, max) };
	query_put_int(&q, feed_id);
	query_put_int(&q, after);
	query_put_int(&q, (int64_t)max + 1);
	while (query_row(&q)) {
		if (ret->n == max)
			ret->more = true;
		else
			ret->list[ret->n++] = take_change(&q, a);
	}
	if (query_done(&q, e) < 0)
		return err_in(e, "reading changes");
	return meta_get(&r->db, S("stream"), a, &ret->stream, e);
}
