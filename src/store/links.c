/*
 * Related links: which article a listed title means, resolved from both ends.
 *
 * Certain first: the same series key and part number; then the same folded
 * title; then a headline that is the whole of the listed title.  Of two that
 * claim one part, the one with the listed title, else the one changed last.
 * Then a title with a slip in it (near.h).  A title that nothing matches is
 * kept, and is looked for when an article arrives.
 * 1. A link that appears or goes changes how its article is shown (revision,
 *    feeds), and never when it was updated: it is announced to nobody.
 * 2. No link leads to a withdrawn article, nor from an article to itself.
 * 3. The first scan only guesses links; number_links.c resolves them.
 */
#include "base/fold.h"
#include "base/hash.h"
#include "store/near.h"

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
	query_put_int(q, mark_code(m));
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

/* ---- where a link leads ---- */

/* What a row l of "link" means, in the order of certainty; NULL: not here. */
#define OTHER " FROM article a WHERE a.id <> l.article_id AND a.state <> 1"
#define MARKED " AND a.mark_key = l.mark_key AND a.mark_number = l.mark_number"
#define TARGET \
	"coalesce((SELECT min(a.id)" OTHER MARKED " AND a.fold = l.fold)," \
	" (SELECT a.id" OTHER MARKED \
	"  ORDER BY a.updated DESC, a.id LIMIT 1)," \
	" (SELECT min(a.id)" OTHER " AND a.fold = l.fold)," \
	" (SELECT min(a.id)" OTHER " AND a.headline_fold = l.fold))"

int
links_lead(struct db *db, int64_t article_id, int64_t position,
	int64_t target, struct err *e)
{
	struct query q = query_start(db, "UPDATE link SET to_article = ?"
		" WHERE article_id = ? AND position = ?");

	query_put_id(&q, target);
	query_put_int(&q, article_id);
	query_put_int(&q, position);
	return query_run(&q, e);
}

int
links_ask(struct db *db, int64_t article_id, int64_t position, struct err *e)
{
	struct query q = query_start(db, "UPDATE link AS l"
		" SET to_article = " TARGET
		" WHERE l.article_id = ? AND l.position = ?");

	query_put_int(&q, article_id);
	query_put_int(&q, position);
	return query_run(&q, e);
}

/* The same, of what the first scan knows so far; number_links.c looks again. */
static int64_t
guess_target(struct writer *w, const struct related *r, int64_t self)
{
	int64_t found = targets_find(&w->tx->targets, has_mark(&r->mark) ?
		&r->mark : NULL, hash64(r->fold));

	return found == self || found == TARGETS_SHARED ? 0 : found;
}

static int
insert_link(struct writer *w, int64_t article_id, size_t position,
	const struct related *r, struct err *e)
{
	struct query q = query_start(w->db, "INSERT INTO link (article_id,"
		" position, title, fold, mark_key, mark_number, to_article)"
		" VALUES (?, ?, ?, ?, ?, ?, ?)");

	query_put_int(&q, article_id);
	query_put_int(&q, (int64_t)position);
	query_put_text(&q, r->title);
	query_put_hash(&q, hash64(r->fold));
	put_mark(&q, &r->mark);
	query_put_id(&q, w->adopting ? guess_target(w, r, article_id) : 0);
	return query_run(&q, e);
}

struct link_row {
	int64_t article_id;
	int64_t position;
};

/* A title that nothing is equal to: is there one nearly so? */
static int
find_near(struct writer *w, const struct link_row *l, const struct listed *t,
	int64_t *ret, struct err *e)
{
	if (near_wait(w, t->title, t->fold, e) < 0)
		return -1;
	return near_article(w, fold_key(t->title, &w->batch->arena), t->code,
		l->article_id, ret, e);
}

/* Let it lead where it should now.  *ret_moved (may be NULL): it did not. */
static int
settle(struct writer *w, const struct link_row *l, bool *ret_moved,
	struct err *e)
{
	struct query q = query_start(w->db, "SELECT to_article, " TARGET ","
		" title, fold, coalesce(mark_number, 0)"
		" FROM link l WHERE l.article_id = ? AND l.position = ?");
	struct listed t = { 0 };
	int64_t old = 0, new = 0;

	query_put_int(&q, l->article_id);
	query_put_int(&q, l->position);
	if (query_row(&q)) {
		old = query_int(&q, 0);
		new = query_int(&q, 1);
		t = (struct listed){ query_text(&q, 2, &w->batch->arena),
			query_int(&q, 3), (int)query_int(&q, 4) };
	}
	if (query_done(&q, e) < 0 ||
		(!new && find_near(w, l, &t, &new, e) < 0))
		return -1;
	if (ret_moved)
		*ret_moved = old != new;
	return old == new ? 0 : links_lead(w->db, l->article_id, l->position,
		new, e);
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
	for (size_t k = 0; !w->adopting && k < i->article->n_related; k++)
		if (settle(w, &(struct link_row){ i->article_id, (int64_t)k },
			NULL, e) < 0)
			return -1;
	return 0;
}

/* ---- links of others ---- */

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
settle_all(struct writer *w, const struct link_rows *rows, struct err *e)
{
	bool moved;

	for (size_t i = 0; i < rows->n; i++)
		if (settle(w, &rows->list[i], &moved, e) < 0 || (moved &&
			article_refresh(w, rows->list[i].article_id, e) < 0))
			return -1;
	return 0;
}

static int
find_by_mark(struct writer *w, int64_t self, const struct mark *m,
	struct link_rows *rows, struct err *e)
{
	struct query q;

	if (!m)
		return 0;
	q = query_start(w->db, "SELECT article_id, position FROM link"
		" WHERE mark_key = ?1 AND mark_number = ?2"
		" AND article_id <> ?3"
		" AND (to_article IS NULL OR to_article <> ?3)");
	put_mark(&q, m);
	query_put_int(&q, self);
	return collect(w, &q, rows, e);
}

static int
find_by_fold(struct writer *w, int64_t self, uint64_t fold,
	struct link_rows *rows, struct err *e)
{
	struct query q;

	if (!fold)
		return 0;
	q = query_start(w->db, "SELECT article_id, position FROM link"
		" WHERE fold = ?1 AND article_id <> ?2"
		" AND (to_article IS NULL OR to_article <> ?2)");
	query_put_hash(&q, fold);
	query_put_int(&q, self);
	return collect(w, &q, rows, e);
}

static int
find_by_slip(struct writer *w, int64_t self, struct slice title,
	struct link_rows *rows, struct err *e)
{
	uint64_t folds[NEAR_MAX];
	size_t n;

	if (near_listed(w, title, folds, &n, e) < 0)
		return -1;
	for (size_t k = 0; k < n; k++)
		if (find_by_fold(w, self, folds[k], rows, e) < 0)
			return -1;
	return 0;
}

int
links_arrived(struct writer *w, int64_t id, struct slice title,
	const struct link_keys *keys, struct err *e)
{
	struct link_rows rows = { 0 };

	if (w->adopting)
		return 0;
	if (find_by_mark(w, id, keys->mark, &rows, e) < 0 ||
		find_by_fold(w, id, keys->title, &rows, e) < 0 ||
		find_by_fold(w, id, keys->headline, &rows, e) < 0 ||
		find_by_slip(w, id, title, &rows, e) < 0)
		return -1;
	return settle_all(w, &rows, e);
}

static int
title_of(struct writer *w, int64_t article_id, struct slice *ret,
	struct err *e)
{
	struct query q = query_start(w->db,
		"SELECT title FROM article WHERE id = ?");

	query_put_int(&q, article_id);
	return query_one_text(&q, &w->batch->arena, ret, e);
}

/* Also a title that was nearly two may be nearly one now. */
int
links_left(struct writer *w, int64_t article_id, struct err *e)
{
	struct query q = query_start(w->db,
		"SELECT article_id, position FROM link WHERE to_article = ?");
	struct link_rows rows = { 0 };
	struct slice title;

	if (w->adopting)
		return 0;
	query_put_int(&q, article_id);
	if (collect(w, &q, &rows, e) < 0 ||
		title_of(w, article_id, &title, e) < 0 ||
		find_by_slip(w, article_id, title, &rows, e) < 0)
		return -1;
	return settle_all(w, &rows, e);
}
