/*
 * The related links of a first scan, all of them at its end.
 *
 * While the scan went on, each link was led to the article that was known by
 * its name, if one was (links.c, targets.h).  That is nearly always right and
 * never certain: here every link is looked at, and those that lead elsewhere
 * than they should are changed.  What leads nowhere after that may have a slip
 * in it (near.c).
 */
#include <stdlib.h>

#include "store/near.h"

/*
 * Also of links that lead somewhere: what arrives may be a better target, and a
 * mark is confirmed by any link that names it (confirm.c).
 */
static const char indexes[] =
	"CREATE INDEX article_by_published ON article (published, revision);"
	"CREATE INDEX article_by_fold ON article (fold);"
	"CREATE INDEX article_by_headline ON article (headline_fold)"
	" WHERE headline_fold IS NOT NULL;"
	"CREATE INDEX article_by_mark ON article (mark_key, mark_number)"
	" WHERE mark_key IS NOT NULL;"
	"CREATE INDEX link_by_fold ON link (fold);"
	"CREATE INDEX link_by_mark ON link (mark_key, mark_number)"
	" WHERE mark_key IS NOT NULL;"
	"CREATE INDEX link_by_target ON link (to_article)"
	" WHERE to_article IS NOT NULL;";

/* A link that does not lead where it should. */
struct astray {
	int64_t article_id, position;
	int64_t target;		/* article_id: it is to be asked for */
};

struct strays {
	struct targets targets;
	struct arena arena;
	struct astray *list;
	size_t n;
	struct arena *keep;		/* of those that lead nowhere */
	struct waiting *waiting;
	size_t n_waiting;
};

static void
strays_done(struct strays *s)
{
	targets_done(&s->targets);
	arena_done(&s->arena);
}

int
number_links_wait(struct db *db, struct err *e)
{
	return db_exec(db, "DROP INDEX link_by_target;"
		"DROP INDEX article_by_published", e);
}

/* The mark of a row; false: it has none. */
static bool
take_mark(const struct query *q, int column, struct mark *ret)
{
	*ret = (struct mark){ .key = query_look(q, column),
		.number = (int)query_int(q, column + 1) };
	return ret->key.len > 0;
}

static int
read_targets(struct db *db, struct targets *t, struct err *e)
{
	struct query q = query_start(db, "SELECT id, fold, headline_fold,"
		" mark_key, mark_number FROM article WHERE state <> 1"
		" ORDER BY id");
	struct mark m;

	while (query_row(&q))
		targets_add(t, query_int(&q, 0), &(struct link_keys){
			.mark = take_mark(&q, 3, &m) ? &m : NULL,
			.title = query_hash(&q, 1),
			.headline = query_hash(&q, 2),
		});
	return query_done(&q, e);
}

/* The row of a query for article_id, position, title, fold, mark_number. */
static void
add_waiting(struct strays *s, const struct query *q)
{
	s->waiting = ARENA_GROW(s->keep, s->waiting, s->n_waiting);
	s->waiting[s->n_waiting++] = (struct waiting){ query_int(q, 0),
		query_int(q, 1), { query_text(q, 2, s->keep),
		query_int(q, 3), (int)query_int(q, 4) } };
}

static int
find_strays(struct db *db, struct strays *s, struct err *e)
{
	struct query q = query_start(db, "SELECT article_id, position, title,"
		" fold, mark_number, mark_key, to_article FROM link");

	while (query_row(&q)) {
		struct mark m = { .key = query_look(&q, 5),
			.number = (int)query_int(&q, 4) };
		struct astray a = { query_int(&q, 0), query_int(&q, 1),
			targets_find(&s->targets, m.key.len ? &m : NULL,
			query_hash(&q, 3)) };

		if (a.target == 0)
			add_waiting(s, &q);
		if (a.target == TARGETS_SHARED)
			a.target = a.article_id;
		else if (a.target == query_int(&q, 6))
			continue;
		s->list = ARENA_GROW(&s->arena, s->list, s->n);
		s->list[s->n++] = a;
	}
	return query_done(&q, e);
}

static int
lead(struct db *db, const struct astray *a, struct err *e)
{
	return links_lead(db, a->article_id, a->position, a->target, e);
}

/*
 * It would lead to its own article, and perhaps another has that name; or more
 * than one is this part: only a query can tell.
 */
static bool
is_own(const struct astray *a)
{
	return a->target == a->article_id;
}

static int
ask(struct db *db, struct strays *s, const struct astray *a, struct err *e)
{
	struct query q;

	if (links_ask(db, a->article_id, a->position, e) < 0)
		return -1;
	q = query_start(db, "SELECT article_id, position, title, fold,"
		" mark_number FROM link WHERE article_id = ?"
		" AND position = ? AND to_article IS NULL");
	query_put_int(&q, a->article_id);
	query_put_int(&q, a->position);
	if (query_row(&q))
		add_waiting(s, &q);
	return query_done(&q, e);
}

static int
settle(struct db *db, struct strays *s, struct err *e)
{
	if (read_targets(db, &s->targets, e) < 0 ||
		find_strays(db, s, e) < 0)
		return -1;
	for (size_t i = 0; i < s->n; i++)
		if (!is_own(&s->list[i]) && lead(db, &s->list[i], e) < 0)
			return -1;
	if (db_exec(db, indexes, e) < 0)
		return -1;
	for (size_t i = 0; i < s->n; i++)
		if (is_own(&s->list[i]) && ask(db, s, &s->list[i], e) < 0)
			return -1;
	return 0;
}

int
number_links(struct writer *w, struct waiting **ret, size_t *ret_n,
	struct err *e)
{
	CLEANUP(strays_done) struct strays s = {
		.keep = &w->batch->arena };

	if (settle(w->db, &s, e) < 0)
		return -1;
	*ret = s.waiting;
	*ret_n = s.n_waiting;
	return 0;
}
