/*
 * Merging: two series that the configuration says are one, and new titles.
 *
 * 1. The older series stays, with its id, slug and addresses; the other's key
 *    means it from now on, and its addresses lead there (merged_into).  That
 *    is for good: taking the alias out of the configuration parts nobody.
 * 2. Entries keep their ids, their dates, and are no news.
 * 3. A title is only what is shown: id and slug were given at birth.
 */
#include "store/tx.h"

struct series_row {
	int64_t id, feed_id;
	int64_t born;
	struct slice title;
};

/* The series of a key, by any of its names; id 0: none. */
static int
find_series(struct writer *w, struct slice key, struct series_row *ret,
	struct err *e)
{
	struct query q = query_start(w->db,
		"SELECT s.id, f.id, s.born, s.title FROM series_alias k"
		" JOIN series s ON s.id = k.series_id"
		" JOIN feed f ON f.series_id = s.id WHERE k.key = ?");

	*ret = (struct series_row){ 0 };
	query_put_text(&q, key);
	if (query_row(&q))
		*ret = (struct series_row){ query_int(&q, 0),
			query_int(&q, 1), query_int(&q, 2),
			query_text(&q, 3, &w->batch->arena) };
	return query_done(&q, e);
}

/* The ids of articles that a query gives for one number. */
static int
find_articles(struct writer *w, const char *sql, int64_t id, int64_t **ret,
	size_t *ret_n, struct err *e)
{
	struct query q = query_start(w->db, sql);

	query_put_int(&q, id);
	return query_list(&q, &w->batch->arena, ret, ret_n, e);
}

static int
run(struct writer *w, const char *sql, int64_t a, int64_t b, struct err *e)
{
	struct query q = query_start(w->db, sql);

	query_put_int(&q, a);
	query_put_int(&q, b);
	return query_run(&q, e);
}

/* ---- merging ---- */

static int
is_shown(struct writer *w, int64_t article_id, bool *ret, struct err *e)
{
	struct query q = query_start(w->db,
		"SELECT state <> 1 FROM article WHERE id = ?");

	query_put_int(&q, article_id);
	*ret = query_row(&q) && query_int(&q, 0);
	return query_done(&q, e);
}

/* What is not shown keeps its place for the day when it is. */
static int
move_member(struct writer *w, int64_t article_id, struct channel_row *from,
	struct channel_row *to, struct err *e)
{
	bool shown;

	if (is_shown(w, article_id, &shown, e) < 0 ||
		channel_leave(w, from, article_id, e) < 0 ||
		channel_join_one(w, to, article_id, e) < 0)
		return -1;
	from->entries -= shown;
	to->entries -= !shown;
	return article_refresh(w, article_id, e);
}

/* Announcements that waited for the one feed wait for the other. */
static int
move_waiting(struct writer *w, int64_t from, const struct channel_row *to,
	struct err *e)
{
	struct query q = query_start(w->db, "INSERT INTO unpublished"
		" (feed_id, version, article_id) SELECT ?1, ?2, article_id"
		" FROM unpublished WHERE feed_id = ?3"
		" ON CONFLICT DO NOTHING");

	query_put_int(&q, to->id);
	query_put_int(&q, to->wanted);
	query_put_int(&q, from);
	if (query_run(&q, e) < 0)
		return -1;
	q = query_start(w->db, "DELETE FROM unpublished WHERE feed_id = ?");
	query_put_int(&q, from);
	return query_run(&q, e);
}

static int
move_members(struct writer *w, const struct series_row *from,
	const struct series_row *to, struct err *e)
{
	struct channel_row *old, *new;
	int64_t *list;
	size_t n;

	if (channel_by_id(w, from->feed_id, &old, e) < 0 ||
		channel_by_id(w, to->feed_id, &new, e) < 0 ||
		find_articles(w, "SELECT article_id FROM feed_member"
		" JOIN article a ON a.id = article_id WHERE feed_id = ?"
		" ORDER BY a.published, a.id", from->feed_id, &list, &n,
		e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (move_member(w, list[i], old, new, e) < 0)
			return -1;
	channel_touch(w, new);
	return move_waiting(w, old->id, new, e);
}

/* Its names will mean another row. */
static int
forget_names(struct writer *w, int64_t series_id, struct err *e)
{
	struct query q = query_start(w->db,
		"SELECT key FROM series_alias WHERE series_id = ?");

	query_put_int(&q, series_id);
	while (query_row(&q))
		channel_forget_series(w, query_text(&q, 0,
			&w->batch->arena));
	return query_done(&q, e);
}

/* Every key, part and address of one series becomes the other's. */
static int
move_names(struct writer *w, int64_t from, int64_t to, struct err *e)
{
	static const char *const steps[] = {
		"UPDATE series_alias SET series_id = ?1 WHERE series_id = ?2",
		"UPDATE part SET series_id = ?1 WHERE series_id = ?2",
		"UPDATE series SET total = max(total, (SELECT total"
		" FROM series WHERE id = ?2)) WHERE id = ?1",
		"UPDATE series SET merged_into = ?1"
		" WHERE id = ?2 OR merged_into = ?2",
		"UPDATE feed SET entries = 0, published = wanted"
		" WHERE series_id = ?2 AND series_id <> ?1",
	};

	if (forget_names(w, from, e) < 0)
		return -1;
	for (size_t i = 0; i < COUNT_OF(steps); i++)
		if (run(w, steps[i], to, from, e) < 0)
			return -1;
	return part_settle_last(w, to, e);
}

static bool
is_older(const struct series_row *a, const struct series_row *b)
{
	return a->born != b->born ? a->born < b->born : a->id < b->id;
}

static int
merge(struct writer *w, const struct series_row *a,
	const struct series_row *b, struct err *e)
{
	const struct series_row *to = is_older(a, b) ? a : b;
	const struct series_row *from = to == a ? b : a;

	if (move_members(w, from, to, e) < 0 ||
		move_names(w, from->id, to->id, e) < 0)
		return -1;
	note_add(w, &(struct note){ .kind = NOTE_MERGED,
		.other = from->title, .series = to->title });
	return 0;
}

static int
add_alias(struct writer *w, struct slice key, int64_t series_id,
	struct err *e)
{
	struct query q = query_start(w->db, "INSERT INTO series_alias"
		" (key, series_id) VALUES (?, ?) ON CONFLICT DO NOTHING");

	query_put_text(&q, key);
	query_put_int(&q, series_id);
	if (query_run(&q, e) < 0)
		return -1;
	/* What waited under the other name has found its series. */
	return confirm_key(w, key, e);
}

/* Make one series of a key and an alias of it. */
static int
unite(struct writer *w, struct slice key, struct slice alias, struct err *e)
{
	struct series_row a, b;

	if (find_series(w, key, &a, e) < 0 ||
		find_series(w, alias, &b, e) < 0)
		return -1;
	if (!a.id && !b.id)
		return 0;
	if (a.id && b.id && a.id != b.id && merge(w, &a, &b, e) < 0)
		return -1;
	return a.id ? add_alias(w, alias, a.id, e) :
		add_alias(w, key, b.id, e);
}

/* ---- titles ---- */

static int
set_title(struct writer *w, const char *sql, struct slice title, int64_t id,
	struct err *e)
{
	struct query q = query_start(w->db, sql);

	query_put_text(&q, title);
	query_put_int(&q, id);
	return query_run(&q, e);
}

static int
rename_series(struct writer *w, const struct series_row *s,
	struct slice title, struct err *e)
{
	struct channel_row *r;
	int64_t *list;
	size_t n;

	if (channel_by_id(w, s->feed_id, &r, e) < 0 ||
		set_title(w, "UPDATE series SET title = ? WHERE id = ?",
		title, s->id, e) < 0 ||
		set_title(w, "UPDATE feed SET title = ? WHERE id = ?",
		title, s->feed_id, e) < 0 ||
		find_articles(w, "SELECT article_id FROM part"
		" WHERE series_id = ?", s->id, &list, &n, e) < 0)
		return -1;
	channel_touch(w, r);
	/* Entries name their series. */
	for (size_t i = 0; i < n; i++)
		if (article_refresh(w, list[i], e) < 0)
			return -1;
	return 0;
}

static int
follow_channel(struct writer *w, const struct channel *ch, struct err *e)
{
	struct slice title = ch->title.len ? ch->title : ch->name;
	struct series_row s;

	for (size_t i = 0; i < ch->n_aliases; i++)
		if (unite(w, ch->key, ch->aliases[i], e) < 0)
			return -1;
	if (find_series(w, ch->key, &s, e) < 0)
		return -1;
	return !s.id || slice_eq(s.title, title) ? 0 :
		rename_series(w, &s, title, e);
}

int
press_merge(struct store_tx *tx, const struct config *c, struct batch *b,
	struct err *e)
{
	struct writer w = { .tx = tx, .db = &tx->db, .batch = b,
		.adopting = !tx->adopted };

	b->feeds = NULL;
	b->notes = NULL;
	b->n_feeds = b->n_pages = b->n_notes = 0;
	if (w.adopting)
		return 0;
	for (size_t i = 0; i < c->n_channels; i++)
		if (c->channels[i].kind == CHANNEL_SERIES &&
			follow_channel(&w, &c->channels[i], e) < 0)
			return err_in(e, "the series \"%.*s\"",
				ARG(c->channels[i].name));
	return channel_flush(&w, e);
}
