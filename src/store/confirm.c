/*
 * Confirming: when an article with a weak mark ("Harbour 3 | Fog") joins a
 * series.
 *
 * A weak mark may be chance, so it waits as a candidate until something
 * confirms it:
 *	- its key has a member, strong or confirmed;
 *	- another candidate of its key has another number, and was published
 *	  within CLOSE_DAYS of it;
 *	- a related link of another article names its key and number.
 *
 * 1. What is confirmed once stays so while its title says the same: nobody
 *    falls out of a feed because another article went.
 * 2. A confirmed candidate makes its key's series, so everything that waits
 *    under this key joins: which articles are in does not depend on the order
 *    in which they came.
 * 3. Joining changes what is shown of an article (revision), and is no news
 *    of it: `updated` stays, and nothing is announced.
 * 4. During the first scan candidates only wait; confirm_all() takes them all
 *    at once, by sorting.
 */
#include "store/near.h"

#define CLOSE_DAYS "400"
#define CLOSE_SECONDS "(" CLOSE_DAYS " * 86400)"

static bool
is_weak(const struct mark *m)
{
	return m->strength == MARK_WEAK && m->key.len > 0 && m->number > 0;
}

static bool
has_series(const struct plan *p)
{
	for (size_t k = 0; k < p->n_channels; k++)
		if (p->channels[k].kind == CHANNEL_SERIES)
			return true;
	return false;
}

/* What nobody will ask for again is not stored. */
void
confirm_put(struct query *q, const struct item *i)
{
	const struct mark *m = &i->article->mark;
	bool weak = is_weak(m);

	query_put_int(q, m->strength);
	query_put_int(q, weak && !has_series(&i->plan));
	query_put_text(q, weak ? m->name : S(""));
	query_put_text(q, weak ? m->label : S(""));
	query_put_int(q, weak ? m->total : 0);
}

/* ---- is it confirmed? ---- */

static int
take_truth(struct query *q, bool *ret, struct err *e)
{
	*ret = query_row(q) && query_int(q, 0);
	return query_done(q, e);
}

/* Was it confirmed before, under this key? */
static int
was_confirmed(struct writer *w, const struct item *i, bool *ret,
	struct err *e)
{
	struct query q = query_start(w->db, "SELECT EXISTS (SELECT 1"
		" FROM part p JOIN series_alias s ON s.series_id = p.series_id"
		" WHERE p.article_id = ? AND s.key = ?)");

	query_put_int(&q, i->article_id);
	query_put_text(&q, i->article->mark.key);
	return take_truth(&q, ret, e);
}

static int
has_member(struct writer *w, const struct item *i, bool *ret, struct err *e)
{
	struct query q = query_start(w->db, "SELECT EXISTS (SELECT 1"
		" FROM series_alias s JOIN part p ON p.series_id = s.series_id"
		" WHERE s.key = ? AND p.article_id <> ?)");

	query_put_text(&q, i->article->mark.key);
	query_put_int(&q, i->article_id);
	return take_truth(&q, ret, e);
}

static int
is_linked(struct writer *w, const struct item *i, bool *ret, struct err *e)
{
	struct query q = query_start(w->db, "SELECT EXISTS (SELECT 1"
		" FROM link l JOIN article a ON a.id = l.article_id"
		" WHERE l.mark_key = ? AND l.mark_number = ?"
		" AND l.article_id <> ? AND a.state <> 1)");

	query_put_text(&q, i->article->mark.key);
	query_put_int(&q, mark_code(&i->article->mark));
	query_put_int(&q, i->article_id);
	return take_truth(&q, ret, e);
}

/*
 * Is there a candidate of another number, near in time?  The numbers that the
 * key has are walked one by one, so that ten thousand candidates of the same
 * number cost no more than one.
 */
static int
is_paired(struct writer *w, const struct item *i, bool *ret, struct err *e)
{
	struct query q = query_start(w->db,
		"WITH RECURSIVE n (number) AS ("
		" SELECT min(mark_number) FROM article"
		"  WHERE candidate = 1 AND mark_key = ?1"
		" UNION ALL"
		" SELECT (SELECT min(mark_number) FROM article"
		"  WHERE candidate = 1 AND mark_key = ?1"
		"  AND mark_number > n.number)"
		" FROM n WHERE n.number IS NOT NULL)"
		"SELECT EXISTS (SELECT 1 FROM n WHERE number <> ?2 AND EXISTS"
		" (SELECT 1 FROM article a WHERE a.candidate = 1"
		"  AND a.mark_key = ?1 AND a.mark_number = n.number"
		"  AND a.published BETWEEN ?3 - " CLOSE_SECONDS
		"  AND ?3 + " CLOSE_SECONDS
		"  AND a.id <> ?4 AND a.state <> 1))");

	query_put_text(&q, i->article->mark.key);
	query_put_int(&q, mark_code(&i->article->mark));
	query_put_int(&q, i->plan.published);
	query_put_int(&q, i->article_id);
	return take_truth(&q, ret, e);
}

static int
is_confirmed(struct writer *w, const struct item *i, bool *ret,
	struct err *e)
{
	static int (*const ways[])(struct writer *, const struct item *,
		bool *, struct err *) = { was_confirmed, has_member,
		is_linked, is_paired };

	*ret = false;
	for (size_t k = 0; k < COUNT_OF(ways) && !*ret; k++)
		if (ways[k](w, i, ret, e) < 0)
			return -1;
	return 0;
}

int
confirm_plan(struct writer *w, struct item *i, struct err *e)
{
	struct plan *p = &i->plan;
	const struct mark *m = &i->article->mark;
	bool confirmed;

	if (w->adopting)
		return 0;
	if (has_series(p))
		return i->plan.change == CHANGE_NEW ? 0 : slip_stay(w, i, e);
	if (!is_weak(m))
		return 0;
	if (is_confirmed(w, i, &confirmed, e) < 0)
		return -1;
	if (!confirmed)
		return 0;
	p->channels = ARENA_GROW(&w->batch->arena, p->channels,
		p->n_channels);
	p->channels[p->n_channels++] = (struct channel_ref){ CHANNEL_SERIES,
		m->key, m->name, 0 };
	return 0;
}

/* ---- joining ---- */

struct candidate {
	int64_t article_id;
	struct slice name, label;
	int code, total;
};

static int
find_candidates(struct writer *w, struct slice key, struct candidate **ret,
	size_t *ret_n, struct err *e)
{
	struct query q = query_start(w->db, "SELECT id, mark_name, mark_label,"
		" mark_number, mark_total FROM article WHERE candidate = 1"
		" AND mark_key = ? AND state <> 1 ORDER BY published, id");
	struct arena *a = &w->batch->arena;

	*ret = NULL;
	*ret_n = 0;
	query_put_text(&q, key);
	while (query_row(&q)) {
		*ret = ARENA_GROW(a, *ret, *ret_n);
		(*ret)[(*ret_n)++] = (struct candidate){ query_int(&q, 0),
			query_text(&q, 1, a), query_text(&q, 2, a),
			(int)query_int(&q, 3), (int)query_int(&q, 4) };
	}
	return query_done(&q, e);
}

static int
set_confirmed(struct writer *w, int64_t article_id, struct err *e)
{
	struct query q = query_start(w->db,
		"UPDATE article SET candidate = 0 WHERE id = ?");

	query_put_int(&q, article_id);
	return query_run(&q, e);
}

static int
promote(struct writer *w, struct slice key, const struct candidate *c,
	struct err *e)
{
	struct channel_ref ref = { CHANNEL_SERIES, key, c->name, 0 };
	bool last = c->code < 0;
	int place = last ? -c->code : c->code;
	struct part p = { .number = place, .least = last ? place : 0,
		.label = c->label };
	struct channel_row *r;

	if (channel_get(w, &ref, &r, e) < 0)
		return -1;
	p.series_id = r->series_id;
	if (set_confirmed(w, c->article_id, e) < 0 ||
		part_put(w, c->article_id, &p, c->total, e) < 0 ||
		article_refresh(w, c->article_id, e) < 0)
		return -1;
	return channel_join_one(w, r, c->article_id, e);
}

int
confirm_key(struct writer *w, struct slice key, struct err *e)
{
	struct candidate *list;
	size_t n;

	if (find_candidates(w, key, &list, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (promote(w, key, &list[i], e) < 0)
			return -1;
	return 0;
}

/* Is there a candidate that a related link names? */
static int
is_named(struct writer *w, const struct mark *m, int64_t self, bool *ret,
	struct err *e)
{
	struct query q = query_start(w->db, "SELECT EXISTS (SELECT 1"
		" FROM article WHERE candidate = 1 AND mark_key = ?"
		" AND mark_number = ? AND id <> ? AND state <> 1)");

	query_put_text(&q, m->key);
	query_put_int(&q, mark_code(m));
	query_put_int(&q, self);
	return take_truth(&q, ret, e);
}

int
confirm_others(struct writer *w, const struct item *i, struct err *e)
{
	const struct article *art = i->article;
	bool named;

	if (w->adopting)
		return 0;
	if (has_series(&i->plan) && (confirm_key(w, art->mark.key, e) < 0 ||
		slip_look(w, art->mark.key, w->placed == i->article_id ?
			i->article_id : 0, e) < 0))
		return -1;
	for (size_t k = 0; k < art->n_related; k++) {
		const struct mark *m = &art->related[k].mark;

		if (m->strength == MARK_NONE || m->number == 0)
			continue;
		if (is_named(w, m, i->article_id, &named, e) < 0 ||
			(named && confirm_key(w, m->key, e) < 0) ||
			slip_look(w, m->key, 0, e) < 0)
			return -1;
	}
	return 0;
}

/* ---- the end of the first scan ---- */

/*
 * The keys of which one candidate at least is confirmed.  When two candidates
 * have other numbers and are near in time, so have two that are neighbours in
 * time: it is enough to look at those.
 */
static const char confirmed_keys[] =
	"SELECT mark_key FROM article c WHERE candidate = 1 AND state <> 1"
	" AND (EXISTS (SELECT 1 FROM series_alias s"
	"  JOIN part p ON p.series_id = s.series_id"
	"  WHERE s.key = c.mark_key)"
	" OR EXISTS (SELECT 1 FROM link l"
	"  JOIN article a ON a.id = l.article_id AND a.state <> 1"
	"  WHERE l.mark_key = c.mark_key AND l.mark_number = c.mark_number"
	"  AND l.article_id <> c.id))"
	" UNION "
	"SELECT mark_key FROM (SELECT mark_key, mark_number, published,"
	"  lag(mark_number) OVER by_time AS number_before,"
	"  lag(published) OVER by_time AS published_before"
	"  FROM article WHERE candidate = 1 AND state <> 1"
	"  WINDOW by_time AS (PARTITION BY mark_key ORDER BY published, id))"
	" WHERE mark_number <> number_before"
	" AND published - published_before <= " CLOSE_SECONDS
	" ORDER BY 1";

int
confirm_all(struct writer *w, struct err *e)
{
	struct query q = query_start(w->db, confirmed_keys);
	struct slice *keys = NULL;
	size_t n = 0;

	while (query_row(&q)) {
		keys = ARENA_GROW(&w->batch->arena, keys, n);
		keys[n++] = query_text(&q, 0, &w->batch->arena);
	}
	if (query_done(&q, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (confirm_key(w, keys[i], e) < 0)
			return -1;
	return 0;
}
