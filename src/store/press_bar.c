/*
 * What the operator withdraws and brings back, whatever the files say.
 *
 * 1. A barred article is withdrawn, and keeps its id, slug and last text.
 * 2. Bringing it back has its file read anew, because that may say something
 *    else by now, or that it is a draft; only an article without a file comes
 *    back as it was.
 */
#include "store/tx.h"

struct barred_row {
	int64_t id;
	enum article_state state;
	bool barred;
};

static struct writer
writer_of(struct store_tx *tx, struct batch *b)
{
	b->feeds = NULL;
	b->n_feeds = b->n_pages = b->changed = 0;
	return (struct writer){ .tx = tx, .db = &tx->db, .batch = b };
}

/* Before the first scan is over nothing is published (first.h). */
static int
check_adopted(const struct store_tx *tx, struct err *e)
{
	if (tx->adopted)
		return 0;
	err_set(e, ERR_STORE, "the newsroom is still being read");
	return err_hint(e, "Ask again when \"gazettectl status\" says that "
		"it serves.");
}

static int
find_article(struct writer *w, struct slice path, struct barred_row *ret,
	struct err *e)
{
	struct query q = query_start(w->db,
		"SELECT id, state, barred FROM article WHERE id = coalesce("
		"(SELECT article_id FROM file WHERE path = ?1),"
		" (SELECT max(id) FROM article WHERE state > 0"
		"  AND path = ?1))");
	bool found;

	query_put_text(&q, path);
	found = query_row(&q);
	if (found)
		*ret = (struct barred_row){ query_int(&q, 0),
			(enum article_state)query_int(&q, 1),
			query_int(&q, 2) };
	if (query_done(&q, e) < 0)
		return -1;
	if (found)
		return 0;
	err_set(e, ERR_MISSING, "there is no article \"%.*s\"", ARG(path));
	return err_hint(e, "Give the path of its file, or relative to the "
		"content directory.");
}

static int
set_barred(struct writer *w, int64_t id, bool barred, struct err *e)
{
	struct query q = query_start(w->db,
		"UPDATE article SET barred = ? WHERE id = ?");

	query_put_int(&q, barred);
	query_put_int(&q, id);
	return query_run(&q, e);
}

/* A row names its article only while that is live. */
static int
detach_file(struct writer *w, struct slice path, struct err *e)
{
	struct query q = query_start(w->db,
		"UPDATE file SET article_id = NULL, held = 0 WHERE path = ?");

	query_put_text(&q, path);
	return query_run(&q, e);
}

int
press_bar(struct store_tx *tx, struct batch *b, struct slice path,
	int64_t *ret_article, struct err *e)
{
	struct writer w = writer_of(tx, b);
	struct barred_row row;

	if (check_adopted(tx, e) < 0 || find_article(&w, path, &row, e) < 0)
		return -1;
	*ret_article = row.id;
	if (row.barred)
		return 0;
	if (set_barred(&w, row.id, true, e) < 0)
		return -1;
	if (row.state == STATE_WITHDRAWN)
		return 0;
	if (write_withdraw(&w, row.id, true, e) < 0 ||
		detach_file(&w, path, e) < 0)
		return -1;
	b->changed = 1;
	return channel_flush(&w, e);
}

/* Have it look changed, so that it is read, also after a restart. */
static int
distrust_file(struct writer *w, struct slice path, bool *ret, struct err *e)
{
	struct query q = query_start(w->db, "UPDATE file SET hash = 0,"
		" size = 0, mtime_ns = 0, ctime_ns = 0 WHERE path = ?");

	query_put_text(&q, path);
	if (query_run(&q, e) < 0)
		return -1;
	*ret = db_changes(w->db) > 0;
	return 0;
}

static int
find_keys(struct writer *w, int64_t id, struct mark *mark,
	struct link_keys *ret, struct slice *ret_title, struct err *e)
{
	struct query q = query_start(w->db, "SELECT coalesce(fold, 0),"
		" coalesce(headline_fold, 0), coalesce(mark_key, ''),"
		" coalesce(mark_number, 0), title FROM article WHERE id = ?");

	*ret_title = S("");
	*ret = (struct link_keys){ 0 };
	query_put_int(&q, id);
	if (query_row(&q)) {
		ret->title = query_hash(&q, 0);
		ret->headline = query_hash(&q, 1);
		mark->key = query_text(&q, 2, &w->batch->arena);
		mark->number = (int)query_int(&q, 3);
		mark->strength = MARK_STRONG;
		*ret_title = query_text(&q, 4, &w->batch->arena);
		ret->mark = mark->key.len ? mark : NULL;
	}
	return query_done(&q, e);
}

/* It comes back as it was, and stays without a file. */
static int
bring_back(struct writer *w, int64_t id, struct err *e)
{
	struct query q = query_start(w->db, "UPDATE article SET state = 2,"
		" gone = 0, revision = revision + 1, version = version + 1"
		" WHERE id = ?");
	struct mark mark = { 0 };
	struct link_keys keys;
	struct slice title;

	query_put_int(&q, id);
	if (query_run(&q, e) < 0 || channel_return(w, id, e) < 0 ||
		find_keys(w, id, &mark, &keys, &title, e) < 0 ||
		links_arrived(w, id, title, &keys, e) < 0)
		return -1;
	w->batch->changed = 1;
	return channel_flush(w, e);
}

int
press_unbar(struct store_tx *tx, struct batch *b, struct slice path,
	bool *ret_reread, struct err *e)
{
	struct writer w = writer_of(tx, b);
	struct barred_row row;

	*ret_reread = false;
	if (check_adopted(tx, e) < 0 || find_article(&w, path, &row, e) < 0)
		return -1;
	if (!row.barred && row.state == STATE_WITHDRAWN) {
		err_set(e, ERR_REFUSED, "\"%.*s\" was not withdrawn by "
			"gazettectl", ARG(path));
		return err_hint(e, "Restore its file, or let that say that it "
			"is neither withdrawn nor a draft.");
	}
	if (!row.barred)
		return 0;
	if (set_barred(&w, row.id, false, e) < 0 ||
		distrust_file(&w, path, ret_reread, e) < 0)
		return -1;
	return *ret_reread ? 0 : bring_back(&w, row.id, e);
}
