/*
 * The log of changes: what became of articles in each channel, for those who
 * take articles along and were away for a while.
 *
 * 1. A row belongs to a version of its feed, and is read when that version is
 *    published: who reads of a change can fetch it.
 * 2. Numbers of a feed have no gaps and are never given again, so a number is
 *    a cursor.
 * 3. What was there before gazetted is no change: the first scan writes none.
 */
#include "store/tx.h"

int
change_note(struct writer *w, const struct channel_row *r, int64_t article_id,
	enum change_action action, struct err *e)
{
	struct query q;

	if (w->adopting)
		return 0;
	q = query_start(w->db, "INSERT INTO feed_change"
		" (feed_id, seq, article_id, action, version, at)"
		" SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, ?4, ?5"
		" FROM feed_change WHERE feed_id = ?1");
	query_put_int(&q, r->id);
	query_put_int(&q, article_id);
	query_put_int(&q, action);
	query_put_int(&q, r->wanted);
	query_put_int(&q, w->batch->now);
	return query_run(&q, e);
}

int
change_note_kept(struct writer *w, const struct channel_row *r,
	const struct item *i, struct err *e)
{
	switch (i->plan.change) {
	case CHANGE_RESTORE:
		return change_note(w, r, i->article_id, CHANGED_PUBLISHED, e);
	case CHANGE_CORRECT:
		return change_note(w, r, i->article_id, CHANGED_CORRECTED, e);
	case CHANGE_UPDATE:
	case CHANGE_AMEND:
	case CHANGE_MINOR:
		return change_note(w, r, i->article_id, CHANGED_UPDATED, e);
	default:
		return 0;
	}
}
