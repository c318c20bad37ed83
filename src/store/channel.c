/*
 * Channels: how they are born, and which articles are in them.
 *
 * A batch touches a feed's row once, however many of its articles are in it:
 * the row is changed in memory, and written back by channel_flush().
 */
#include "store/near.h"

/* ---- rows in memory ---- */

/* The name of a channel as a key: a byte for its kind, and its own key. */
static struct slice
name_of(enum channel_kind kind, struct slice key, struct arena *a)
{
	char *name = arena_alloc(a, key.len + 1);

	name[0] = (char)kind;
	memcpy(name + 1, key.ptr, key.len);
	return slice(name, key.len + 1);
}

static struct slice
id_key(const int64_t *id)
{
	return slice((const char *)id, sizeof(*id));
}

static struct channel_row *
remember(struct store_tx *tx, const struct channel_row *row)
{
	struct channel_row *r = ARENA_NEW(&tx->rows, struct channel_row);

	*r = *row;
	table_set(&tx->by_id, id_key(&r->id), r);
	return r;
}

static void
remember_name(struct store_tx *tx, struct channel_row *r, struct slice name)
{
	r->name = arena_copy(&tx->rows, name);
	table_set(&tx->by_name, r->name, r);
}

void
channel_forget_series(struct writer *w, struct slice key)
{
	table_remove(&w->tx->by_name, name_of(CHANNEL_SERIES, key,
		&w->batch->arena));
}

int
channel_by_id(struct writer *w, int64_t id, struct channel_row **ret,
	struct err *e)
{
	struct query q = query_start(w->db,
		"SELECT kind, coalesce(series_id, 0), wanted, entries,"
		" last_seq, archived, per_page, pages, sealed, open_bytes,"
		" bytes, left_at FROM feed WHERE id = ?");
	struct channel_row row = { .id = id };

	*ret = table_get(&w->tx->by_id, id_key(&id));
	if (*ret)
		return 0;
	query_put_int(&q, id);
	if (query_row(&q)) {
		row.kind = (enum channel_kind)query_int(&q, 0);
		row.series_id = query_int(&q, 1);
		row.wanted = query_int(&q, 2);
		row.entries = query_int(&q, 3);
		row.last_seq = query_int(&q, 4);
		row.archived = query_int(&q, 5);
		row.per_page = (int)query_int(&q, 6);
		row.pages = (int)query_int(&q, 7);
		row.sealed = query_int(&q, 8);
		row.open_bytes = query_int(&q, 9);
		row.bytes = query_int(&q, 10);
		row.left = query_int(&q, 11);
		*ret = remember(w->tx, &row);
	}
	if (query_done(&q, e) < 0)
		return -1;
	return *ret ? 0 : err_set(e, ERR_STORE, "there is no feed %jd",
		(intmax_t)id);
}

/* ---- birth ---- */

static int
insert_series(struct writer *w, const struct channel_ref *ref,
	struct minted *m, int64_t *ret_id, struct err *e)
{
	struct identity_line line = { .kind = S("series"), .path = ref->key,
		.published = w->batch->now };
	bool known = false;
	struct query q;

	if (w->tx->remembers && identity_claim(w->db, &line, NULL, NULL,
		&w->batch->arena, &known, e) < 0)
		return -1;
	*m = (struct minted){ line.uid, line.slug };
	if (!known && mint_channel(w, CHANNEL_SERIES, ref->key, m, e) < 0)
		return -1;
	q = query_start(w->db,
		"INSERT INTO series (key, title, slug, total, born)"
		" VALUES (?, ?, ?, 0, ?) RETURNING id");
	query_put_text(&q, ref->key);
	query_put_text(&q, ref->title);
	query_put_text(&q, m->slug);
	query_put_int(&q, line.published);
	*ret_id = query_row(&q) ? query_int(&q, 0) : 0;
	if (query_done(&q, e) < 0)
		return -1;
	line.uid = m->uid;
	line.slug = m->slug;
	if (!known)
		identity_add(&w->tx->identity, &line);
	q = query_start(w->db,
		"INSERT INTO series_alias (key, series_id) VALUES (?, ?)");
	query_put_text(&q, ref->key);
	query_put_int(&q, *ret_id);
	return query_run(&q, e) < 0 ? -1 :
		slip_born(w, *ret_id, ref->key, e);
}

static int
insert_feed(struct writer *w, const struct channel_ref *ref,
	const struct minted *m, struct channel_row *row, struct err *e)
{
	struct query q = query_start(w->db,
		"INSERT INTO feed (kind, slug, title, uid, series_id, born,"
		" archived, wanted, published, entries, last_seq)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0) RETURNING id");

	query_put_int(&q, ref->kind);
	query_put_text(&q, m->slug);
	query_put_text(&q, ref->title);
	query_put_text(&q, m->uid);
	query_put_id(&q, row->series_id);
	query_put_int(&q, w->batch->now);
	query_put_int(&q, row->archived);
	row->id = query_row(&q) ? query_int(&q, 0) : 0;
	return query_done(&q, e);
}

static int
give_birth(struct writer *w, const struct channel_ref *ref,
	struct channel_row **ret, struct err *e)
{
	struct channel_row row = { .kind = ref->kind,
		.archived = ref->kind != CHANNEL_SERIES };
	struct minted m;

	if (ref->kind == CHANNEL_SERIES) {
		if (insert_series(w, ref, &m, &row.series_id, e) < 0)
			return -1;
	} else if (mint_channel(w, ref->kind, ref->key, &m, e) < 0) {
		return -1;
	}
	if (insert_feed(w, ref, &m, &row, e) < 0)
		return -1;
	*ret = remember(w->tx, &row);
	return 0;
}

/* The id of the feed of a channel; 0: not born yet. */
static int
find_id(struct writer *w, const struct channel_ref *ref, int64_t *ret,
	struct err *e)
{
	struct query q = query_start(w->db, ref->kind == CHANNEL_SERIES ?
		"SELECT f.id FROM series_alias a"
		" JOIN feed f ON f.series_id = a.series_id WHERE a.key = ?" :
		"SELECT id FROM feed WHERE slug = ? AND kind = ?");

	query_put_text(&q, ref->key);
	if (ref->kind != CHANNEL_SERIES)
		query_put_int(&q, ref->kind);
	return query_one(&q, ret, e);
}

int
channel_get(struct writer *w, const struct channel_ref *ref,
	struct channel_row **ret, struct err *e)
{
	struct slice name = name_of(ref->kind, ref->key, &w->batch->arena);
	int64_t id;

	*ret = table_get(&w->tx->by_name, name);
	if (!*ret) {
		if (find_id(w, ref, &id, e) < 0)
			return -1;
		if ((id ? channel_by_id(w, id, ret, e) :
			give_birth(w, ref, ret, e)) < 0)
			return err_in(e, "the channel \"%.*s\"",
				ARG(ref->key));
		remember_name(w->tx, *ret, name);
	}
	/* Written with the next change of the row. */
	if (ref->limit > 0)
		(*ret)->per_page = ref->limit;
	return 0;
}

/* ---- touching ---- */

void
channel_touch(struct writer *w, struct channel_row *r)
{
	if (r->touched)
		return;
	r->touched = true;
	r->wanted++;
	w->touched = ARENA_GROW(&w->batch->arena, w->touched, w->n_touched);
	w->touched[w->n_touched++] = r;
}

/* The article's announcement waits for this version of the feed. */
static int
wait_for(struct writer *w, const struct channel_row *r, int64_t article_id,
	struct err *e)
{
	struct query q = query_start(w->db,
		"INSERT INTO unpublished (feed_id, version, article_id)"
		" VALUES (?, ?, ?) ON CONFLICT DO NOTHING");

	query_put_int(&q, r->id);
	query_put_int(&q, r->wanted);
	query_put_int(&q, article_id);
	return query_run(&q, e);
}

/*
 * What an archived feed's document begins with are the newest numbers: a
 * correction, and what is back, must be seen by whoever has seen it before.
 */
static bool
is_seen_again(const struct item *i)
{
	return i->plan.change == CHANGE_CORRECT ||
		i->plan.change == CHANGE_RESTORE;
}

/* Is the news of this item to be announced? */
static bool
is_told(const struct writer *w, const struct item *i)
{
	return !w->adopting && i->plan.change != CHANGE_MINOR;
}

int
channel_flush(struct writer *w, struct err *e)
{
	struct batch *b = w->batch;

	for (size_t i = 0; i < w->n_touched; i++) {
		struct channel_row *r = w->touched[i];
		struct query q;

		if (log_outgrown(w, r, e) < 0)
			return -1;
		q = query_start(w->db, "UPDATE feed SET"
			" wanted = ?, entries = ?, last_seq = ?, archived = ?,"
			" per_page = ?, pages = ?, sealed = ?, open_bytes = ?,"
			" bytes = ?, left_at = ? WHERE id = ?");

		r->touched = false;
		query_put_int(&q, r->wanted);
		query_put_int(&q, r->entries);
		query_put_int(&q, r->last_seq);
		query_put_int(&q, r->archived);
		query_put_int(&q, r->per_page);
		query_put_int(&q, r->pages);
		query_put_int(&q, r->sealed);
		query_put_int(&q, r->open_bytes);
		query_put_int(&q, r->bytes);
		query_put_int(&q, r->left);
		query_put_int(&q, r->id);
		if (query_run(&q, e) < 0)
			return -1;
		b->feeds = ARENA_GROW(&b->arena, b->feeds, b->n_feeds);
		b->feeds[b->n_feeds++] = r->id;
	}
	return 0;
}

/* ---- members ---- */

static int
join(struct writer *w, struct channel_row *r, int64_t article_id,
	struct err *e)
{
	struct query q = query_start(w->db,
		"INSERT INTO feed_member (article_id, feed_id) VALUES (?, ?)");

	query_put_int(&q, article_id);
	query_put_int(&q, r->id);
	if (query_run(&q, e) < 0)
		return -1;
	r->entries++;
	if (change_note(w, r, article_id, CHANGED_PUBLISHED, e) < 0)
		return -1;
	return log_append(w, r, article_id, e);
}

int
channel_join_one(struct writer *w, struct channel_row *r, int64_t article_id,
	struct err *e)
{
	channel_touch(w, r);
	return join(w, r, article_id, e);
}

int
channel_leave(struct writer *w, struct channel_row *r, int64_t article_id,
	struct err *e)
{
	struct query q;

	/* A page shows what is in the channel: it was asked to be out. */
	if (log_withdrawn(w, r, article_id, e) < 0)
		return -1;
	r->left = r->wanted;
	q = query_start(w->db, "DELETE FROM feed_member WHERE article_id = ?"
		" AND feed_id = ?");
	query_put_int(&q, article_id);
	query_put_int(&q, r->id);
	return query_run(&q, e) < 0 ? -1 :
		change_note(w, r, article_id, CHANGED_WITHDRAWN, e);
}

struct members {
	struct channel_row **list;
	size_t n;
};

static int
load_ids(struct writer *w, int64_t article_id, int64_t **ret, size_t *ret_n,
	struct err *e)
{
	struct query q = query_start(w->db,
		"SELECT feed_id FROM feed_member WHERE article_id = ?");

	query_put_int(&q, article_id);
	return query_list(&q, &w->batch->arena, ret, ret_n, e);
}

/* The channels that an article is in. */
static int
load_members(struct writer *w, int64_t article_id, struct members *ret,
	struct err *e)
{
	int64_t *ids;

	if (load_ids(w, article_id, &ids, &ret->n, e) < 0)
		return -1;
	ret->list = ARENA_ARRAY(&w->batch->arena, struct channel_row *,
		ret->n);
	for (size_t i = 0; i < ret->n; i++)
		if (channel_by_id(w, ids[i], &ret->list[i], e) < 0)
			return -1;
	return 0;
}

static bool
has(const struct members *m, const struct channel_row *r)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->list[i] == r)
			return true;
	return false;
}

/* The channels of the plan, each once. */
static int
get_planned(struct writer *w, const struct plan *p, struct members *ret,
	struct err *e)
{
	struct channel_row *r;

	*ret = (struct members){ .list = ARENA_ARRAY(&w->batch->arena,
		struct channel_row *, p->n_channels) };
	for (size_t i = 0; i < p->n_channels; i++) {
		if (channel_get(w, &p->channels[i], &r, e) < 0)
			return -1;
		if (!has(ret, r))
			ret->list[ret->n++] = r;
	}
	return 0;
}

/* The entry of a member is another one. */
static int
stay(struct writer *w, struct channel_row *r, const struct item *i,
	struct err *e)
{
	if (is_seen_again(i) && log_append(w, r, i->article_id, e) < 0)
		return -1;
	if (change_note_kept(w, r, i, e) < 0)
		return -1;
	return log_changed(w, r, i->article_id, e);
}

int
channel_join_all(struct writer *w, const struct item *i, bool shown_before,
	struct err *e)
{
	struct members old = { 0 }, new;

	if (get_planned(w, &i->plan, &new, e) < 0 ||
		(i->plan.change != CHANGE_NEW &&
		load_members(w, i->article_id, &old, e) < 0))
		return -1;
	for (size_t k = 0; k < old.n; k++) {
		struct channel_row *r = old.list[k];

		channel_touch(w, r);
		r->entries += (int)has(&new, r) - (int)shown_before;
		if (has(&new, r) ? stay(w, r, i, e) < 0 :
			channel_leave(w, r, i->article_id, e) < 0)
			return -1;
		if (is_told(w, i) && wait_for(w, r, i->article_id, e) < 0)
			return -1;
	}
	for (size_t k = 0; k < new.n; k++) {
		struct channel_row *r = new.list[k];

		if (has(&old, r))
			continue;
		channel_touch(w, r);
		if (join(w, r, i->article_id, e) < 0 || (is_told(w, i) &&
			wait_for(w, r, i->article_id, e) < 0))
			return -1;
	}
	return 0;
}

int
channel_touch_all(struct writer *w, int64_t article_id, int delta, bool told,
	struct err *e)
{
	bool gone = delta < 0;
	struct members m;

	if (load_members(w, article_id, &m, e) < 0)
		return -1;
	for (size_t i = 0; i < m.n; i++) {
		channel_touch(w, m.list[i]);
		m.list[i]->entries += delta;
		if (log_changed(w, m.list[i], article_id, e) < 0)
			return -1;
		if (gone && log_withdrawn(w, m.list[i], article_id, e) < 0)
			return -1;
		if (told && wait_for(w, m.list[i], article_id, e) < 0)
			return -1;
		if (delta != 0 && change_note(w, m.list[i], article_id,
			gone ? CHANGED_WITHDRAWN : CHANGED_PUBLISHED, e) < 0)
			return -1;
	}
	return 0;
}

int
channel_return(struct writer *w, int64_t article_id, struct err *e)
{
	struct members m;

	if (channel_touch_all(w, article_id, 1, true, e) < 0 ||
		load_members(w, article_id, &m, e) < 0)
		return -1;
	for (size_t i = 0; i < m.n; i++)
		if (log_append(w, m.list[i], article_id, e) < 0)
			return -1;
	return 0;
}

static int
feed_of_series(struct writer *w, int64_t series_id, int64_t *ret,
	struct err *e)
{
	struct query q = query_start(w->db,
		"SELECT id FROM feed WHERE series_id = ?");

	query_put_int(&q, series_id);
	return query_one(&q, ret, e);
}

int
channel_change_series(struct writer *w, int64_t article_id,
	int64_t series_id, struct err *e)
{
	struct channel_row *r;
	struct members m;
	int64_t feed_id;

	if (load_members(w, article_id, &m, e) < 0 ||
		feed_of_series(w, series_id, &feed_id, e) < 0 ||
		channel_by_id(w, feed_id, &r, e) < 0)
		return -1;
	for (size_t i = 0; i < m.n; i++) {
		if (!m.list[i]->series_id)
			continue;
		channel_touch(w, m.list[i]);
		m.list[i]->entries--;
		if (channel_leave(w, m.list[i], article_id, e) < 0)
			return -1;
	}
	return channel_join_one(w, r, article_id, e) < 0 ? -1 :
		article_refresh(w, article_id, e);
}
