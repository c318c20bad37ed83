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
}

static int
find_file(struct db *db, struct slice path, struct prior *ret, struct err *e)
{
	struct query q = query_start(db,
		"SELECT f.id, f.hash, f.article_id, a.state, a.published,"
		" a.updated, a.digest, a.form"
		" FROM file f LEFT JOIN article a ON a.id = f.article_id"
		" WHERE f.path = ?");

	query_put_text(&q, path);
	if (query_row(&q))
		take_prior(&q, ret);
	return query_done(&q, e);
}

static int
find_article_without_file(struct db *db, struct slice path,
	struct prior *ret, struct err *e)
{
	struct query q = query_start(db,
		"SELECT 0, 0, id, state, published, updated, digest, form"
		" FROM article WHERE state > 0 AND path = ?"
		" ORDER BY id DESC LIMIT 1");
	struct prior found = { 0 };

	query_put_text(&q, path);
	if (query_row(&q)) {
		take_prior(&q, &found);
		found.file_id = ret->file_id;
		found.hash = ret->hash;
		*ret = found;
	}
	return query_done(&q, e);
}

static int
recall_item(struct db *db, struct item *i, bool vacated, struct err *e)
{
	i->prior = (struct prior){ 0 };
	if (item_has_moved(i) &&
		find_file(db, i->moved_from, &i->prior, e) < 0)
		return -1;
	if (i->prior.file_id || vacated)
		return 0;
	if (find_file(db, i->path, &i->prior, e) < 0)
		return -1;
	return i->prior.article_id ? 0 :
		find_article_without_file(db, i->path, &i->prior, e);
}

int
press_recall(struct store_tx *tx, struct batch *b, struct err *e)
{
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
	return 0;
}
