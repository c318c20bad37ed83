/*
 * Recall: what the store knows of a batch's files, before anything is decided.
 *
 * A file is known by the path that it was moved from, else by its own; and an
 * article without a file (withdrawn, or kept) by the path where it last was.
 * When something of the same batch was moved away from a path, that path is
 * new: what is there now has nothing to do with what was.
 */
#include "store/tx.h"

bool
item_has_moved(const struct item *i)
{
	return (i->fate == ITEM_READ || i->fate == ITEM_ASIDE ||
		i->fate == ITEM_TOUCHED) && i->moved_from.len > 0 &&
		!slice_eq(i->moved_from, i->path);
}

static void
take_prior(struct query *q, struct prior *p)
{
	p->file_id = query_int(q, 0);
	p->hash = query_hash(q, 1);
	p->article_id = query_int(q, 2);
	p->state = (enum article_state)query_int(q, 3);
	p->published = query_int(q, 4);
	p->updated = query_int(q, 5);
	p->digest = query_hash(q, 6);
	p->form = query_hash(q, 7);
	p->correction = query_hash(q, 8);
	p->barred = query_int(q, 9);
}

#define ARTICLE_COLUMNS \
	" a.state, a.published, a.updated, a.digest, a.form, a.correction," \
	" a.barred"

static int
find_file(struct db *db, struct slice path, struct prior *ret, struct err *e)
{
	struct query q = query_start(db,
		"SELECT f.id, f.hash, f.article_id," ARTICLE_COLUMNS
		", f.release, f.held"
		" FROM file f LEFT JOIN article a ON a.id = f.article_id"
		" WHERE f.path = ?");

	query_put_text(&q, path);
	if (query_row(&q)) {
		take_prior(&q, ret);
		ret->release = query_int(&q, 10);
		ret->held = (enum hold)query_int(&q, 11);
	}
	return query_done(&q, e);
}

static int
find_article_without_file(struct db *db, struct slice path,
	struct prior *ret, struct err *e)
{
	struct query q = query_start(db,
		"SELECT 0, 0, a.id," ARTICLE_COLUMNS
		" FROM article a WHERE a.state > 0 AND a.path = ?"
		" ORDER BY a.id DESC LIMIT 1");
	struct prior file = *ret;

	query_put_text(&q, path);
	if (query_row(&q)) {
		take_prior(&q, ret);
		ret->file_id = file.file_id;
		ret->hash = file.hash;
	}
	return query_done(&q, e);
}

static int
find_known(struct db *db, struct slice path, struct prior *ret, struct err *e)
{
	if (find_file(db, path, ret, e) < 0)
		return -1;
	return ret->article_id ? 0 :
		find_article_without_file(db, path, ret, e);
}

static int
recall_item(struct db *db, struct item *i, bool vacated, struct err *e)
{
	i->prior = (struct prior){ 0 };
	if (item_has_moved(i) &&
		find_known(db, i->moved_from, &i->prior, e) < 0)
		return -1;
	if (i->prior.file_id || vacated)
		return 0;
	return find_known(db, i->path, &i->prior, e);
}

static bool
has_gone(const struct batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->items[i].fate == ITEM_GONE)
			return true;
	return false;
}

int
press_recall(struct store_tx *tx, struct batch *b, struct err *e)
{
	struct writer w = { .tx = tx, .db = &tx->db, .batch = b };
	CLEANUP(table_done) struct table vacated = { 0 };

	for (size_t i = 0; i < b->n; i++)
		if (item_has_moved(&b->items[i]))
			table_set(&vacated, b->items[i].moved_from,
				&b->items[i]);
	for (size_t i = 0; i < b->n; i++)
		if (recall_item(&tx->db, &b->items[i], table_get(&vacated,
			b->items[i].path), e) < 0)
			return err_in(e, "recalling \"%.*s\"",
				ARG(b->items[i].path));
	b->gone_recent = 0;
	if (has_gone(b) && hold_count_recent(&w, &b->gone_recent, e) < 0)
		return err_in(e, "counting deletions");
	return 0;
}
