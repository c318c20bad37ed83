/*
 * Related links: which article a listed title means, resolved from both ends.
 *
 * Certain first: the same series key and part number; then the same folded
 * title; then a headline that is the whole of the listed title.  A title that
 * nothing matches is kept, and is looked for when an article arrives.
 * 1. A link that appears or goes changes how its article is shown (revision,
 *    feeds), and never when it was updated: it is announced to nobody.
 * 2. No link leads to a withdrawn article, nor from an article to itself.
 * 3. The first scan only guesses links; number_links.c resolves them.
 */
#include "base/fold.h"
#include "base/hash.h"
#include "store/tx.h"

static bool
has_mark(const struct mark *m)
{
	return m->strength != MARK_NONE && m->key.len > 0 && m->number > 0;
}

static void
put_mark(struct query *q, const struct mark *m)
{
	if (!m || !has_mark(m)) {
		query_put_null(q);
		query_put_null(q);
		return;
	}
	query_put_text(q, m->key);
	query_put_int(q, m->number);
}

struct link_keys
links_keys(const struct article *art, struct arena *a)
{
	struct slice title = fold_key(art->entry_title, a);
	struct slice headline = slice_eq(art->mark.headline,
		art->entry_title) ? title : fold_key(art->mark.headline, a);

	return (struct link_keys){
		.title = title.len ? hash64(title) : 0,
		.headline = headline.len && !slice_eq(headline, title) ?
			hash64(headline) : 0,
		.mark = has_mark(&art->mark) ? &art->mark : NULL,
	};
}

void
links_put_keys(struct query *q, const struct link_keys *keys)
{
	query_put_id(q, (int64_t)keys->title);
	query_put_id(q, (int64_t)keys->headline);
	put_mark(q, keys->mark);
}

/* ---- from a link to its article ---- */

static int
take_id(struct query *q, int64_t *ret, struct err *e)
{
	*ret = query_row(q) ? query_int(q, 0) : 0;
	return query_done(q, e);
}

static int
find_by_mark(struct writer *w, const struct mark *m, int64_t self,
	int64_t *ret, struct err *e)
{
	struct query q;

	*ret = 0;
	if (!has_mark(m))
		return 0;
	q = query_start(w->db, "SELECT id FROM article"
		" WHERE mark_key = ? AND mark_number = ? AND id <> ?"
		" AND state <> 1 ORDER BY id LIMIT 1");
	put_mark(&q, m);
	query_put_int(&q, self);
	return take_id(&q, ret, e);
}

static int
find_by_fold(struct writer *w, const char *sql, uint64_t fold, int64_t self,
	int64_t *ret, struct err *e)
{
	struct query q = query_start(w->db, sql);

	query_put_hash(&q, fold);
	query_put_int(&q, self);
	return take_id(&q, ret, e);
}

/* The article that a listed title means; 0: it is not here. */
static int
find_target(struct writer *w, const struct related *r, int64_t self,
	int64_t *ret, struct err *e)
{
	uint64_t fold = hash64(r->fold);

	if (find_by_mark(w, &r->mark, self, ret, e) < 0)
		return -1;
	if (*ret || r->fold.len == 0)
		return 0;
	if (find_by_fold(w, "SELECT id FROM article WHERE fold = ?"
		" AND id <> ? AND state <> 1 ORDER BY id LIMIT 1",
		fold, self, ret, e) < 0)
		return -1;
	return *ret ? 0 : find_by_fold(w, "SELECT id FROM article"
		" WHERE headline_fold = ? AND id <> ? AND state <> 1"
		" ORDER BY id LIMIT 1", fold, self, ret, e);
}

/* The same, of what the first scan knows so far; number_links.c looks again. */
static int64_t
guess_target(struct writer *w, const struct related *r, int64_t self)
{
	int64_t found = targets_find(&w->tx->targets, has_mark(&r->mark) ?
		&r->mark : NULL, hash64(r->fold));

	return found == self ? 0 : found;
}

static int
insert_link(struct writer *w, int64_t article_id, size_t position,
	const struct related *r, struct err *e)
{
	struct query q;
	int64_t target;

	if (w->adopting)
		target = guess_target(w, r, article_id);
	else if (find_target(w, r, article_id, &target, e) < 0)
		return -1;
	q = query_start(w->db, "INSERT INTO link (article_id, position,"
		" title, fold, mark_key, mark_number, to_article)"
		" VALUES (?, ?, ?, ?, ?, ?, ?)");
	query_put_int(&q, article_id);
	query_put_int(&q, (int64_t)position);
	query_put_text(&q, r->title);
	query_put_hash(&q, hash64(r->fold));
	put_mark(&q, &r->mark);
	query_put_id(&q, target);
	return query_run(&q, e);
}

int
links_store(struct writer *w, const struct item *i, struct err *e)
{
	struct query q = query_start(w->db,
		"DELETE FROM link WHERE article_id = ?");

	if (i->plan.change != CHANGE_NEW) {
		query_put_int(&q, i->article_id);
		if (query_run(&q, e) < 0)
			return -1;
	}
	for (size_t k = 0; k < i->article->n_related; k++)
		if (insert_link(w, i->article_id, k,
			&i->article->related[k], e) < 0)
			return -1;
	return 0;
}

/* ---- from an article to the links ---- */

/* Links of other articles. */
struct link_row {
	int64_t article_id;
	int64_t position;
};

struct link_rows {
	struct link_row *list;
	size_t n;
};

/* The rows of a query for article_id, position. */
static int
collect(struct writer *w, struct query *q, struct link_rows *rows,
	struct err *e)
{
	while (query_row(q)) {
		rows->list = ARENA_GROW(&w->batch->arena, rows->list,
			rows->n);
		rows->list[rows->n++] = (struct link_row){
			query_int(q, 0), query_int(q, 1) };
	}
	return query_done(q, e);
}

static int
set_target(struct writer *w, const struct link_row *l, int64_t target,
	struct err *e)
{
	struct query q = query_start(w->db, "UPDATE link SET to_article = ?"
		" WHERE article_id = ? AND position = ?");

	query_put_id(&q, target);
	query_put_int(&q, l->article_id);
	query_put_int(&q, l->position);
	return query_run(&q, e);
}

/* The article is shown differently, unless it is not shown at all. */
static int
refresh(struct writer *w, int64_t article_id, struct err *e)
{
	struct query q = query_start(w->db, "UPDATE article"
		" SET revision = revision + 1 WHERE id = ? AND state <> 1");

	query_put_int(&q, article_id);
	if (query_run(&q, e) < 0)
		return -1;
	if (db_changes(w->db) == 0)
		return 0;
	return channel_touch_all(w, article_id, 0, false, e);
}

/* Let these links lead to the target (0: nowhere). */
static int
lead_to(struct writer *w, const struct link_rows *rows, int64_t target,
	struct err *e)
{
	for (size_t i = 0; i < rows->n; i++)
		if (set_target(w, &rows->list[i], target, e) < 0 ||
			refresh(w, rows->list[i].article_id, e) < 0)
			return -1;
	return 0;
}

static int
find_waiting_by_mark(struct writer *w, int64_t self, const struct mark *m,
	struct link_rows *rows, struct err *e)
{
	struct query q;

	if (!m)
		return 0;
	q = query_start(w->db, "SELECT article_id, position FROM link"
		" WHERE to_article IS NULL AND mark_key = ?"
		" AND mark_number = ? AND article_id <> ?");
	put_mark(&q, m);
	query_put_int(&q, self);
	return collect(w, &q, rows, e);
}

static int
find_waiting_by_fold(struct writer *w, int64_t self, uint64_t fold,
	struct link_rows *rows, struct err *e)
{
	struct query q;

	if (!fold)
		return 0;
	q = query_start(w->db, "SELECT article_id, position FROM link"
		" WHERE to_article IS NULL AND fold = ? AND article_id <> ?");
	query_put_hash(&q, fold);
	query_put_int(&q, self);
	return collect(w, &q, rows, e);
}

int
links_arrived(struct writer *w, int64_t article_id,
	const struct link_keys *keys, struct err *e)
{
	struct link_rows rows = { 0 };

	if (w->adopting) {
		targets_add(&w->tx->targets, article_id, keys);
		return 0;
	}
	if (find_waiting_by_mark(w, article_id, keys->mark, &rows, e) < 0 ||
		find_waiting_by_fold(w, article_id, keys->title, &rows,
			e) < 0 ||
		find_waiting_by_fold(w, article_id, keys->headline, &rows,
			e) < 0)
		return -1;
	return lead_to(w, &rows, article_id, e);
}

int
links_left(struct writer *w, int64_t article_id, struct err *e)
{
	struct query q = query_start(w->db,
		"SELECT article_id, position FROM link WHERE to_article = ?");
	struct link_rows rows = { 0 };

	if (w->adopting)
		return 0;
	query_put_int(&q, article_id);
	if (collect(w, &q, &rows, e) < 0)
		return -1;
	return lead_to(w, &rows, 0, e);
}
