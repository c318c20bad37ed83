/*
 * Rows of media: the pictures, videos and sounds of articles.
 *
 * 1. A row without name and url is a picture that an article names and that is
 *    not here: so it is found when its file comes (media_by_path).
 * 2. Rows of a withdrawn article stay, as its body does; its pictures count as
 *    used by nobody.
 * 3. Whether a picture is an orphan is found out later (media_used): here is
 *    only said which may be.
 */
#include "store/tx.h"

static void
add_orphan(struct batch *b, struct slice name)
{
	b->orphans = ARENA_GROW(&b->arena, b->orphans, b->n_orphans);
	b->orphans[b->n_orphans++] = name;
}

static bool
is_named(const struct article *art, struct slice name)
{
	for (size_t i = 0; i < art->n_media; i++)
		if (slice_eq(art->media[i].name, name))
			return true;
	return false;
}

/* Every published picture of an article that `now` (NULL: none) has not. */
static int
let_go(struct writer *w, int64_t article_id, const struct article *now,
	struct err *e)
{
	struct query q = query_start(w->db,
		"SELECT name FROM media WHERE article_id = ? AND name <> ''");

	query_put_int(&q, article_id);
	while (query_row(&q)) {
		struct slice name = query_text(&q, 0, &w->batch->arena);

		if (!now || !is_named(now, name))
			add_orphan(w->batch, name);
	}
	return query_done(&q, e);
}

static int
drop(struct writer *w, int64_t article_id, struct err *e)
{
	struct query q = query_start(w->db,
		"DELETE FROM media WHERE article_id = ?");

	query_put_int(&q, article_id);
	return query_run(&q, e);
}

static int
insert(struct writer *w, int64_t article_id, size_t position,
	const struct media *m, struct err *e)
{
	struct query q = query_start(w->db,
		"INSERT INTO media (article_id, position, kind, path, name,"
		" url, type, size, width, height, alt, caption, credit,"
		" licence, syndication, shown)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

	query_put_int(&q, article_id);
	query_put_int(&q, (int64_t)position);
	query_put_int(&q, m->kind);
	query_put_text(&q, m->path);
	query_put_text(&q, m->name);
	query_put_text(&q, m->url);
	query_put_text(&q, m->type);
	query_put_int(&q, m->size);
	query_put_int(&q, m->width);
	query_put_int(&q, m->height);
	query_put_text(&q, m->alt);
	query_put_text(&q, m->caption);
	query_put_text(&q, m->credit);
	query_put_text(&q, m->licence);
	query_put_int(&q, m->syndication);
	query_put_int(&q, m->shown);
	return query_run(&q, e);
}

/* Pictures that are named, and are not here. */
static int
insert_wanted(struct writer *w, const struct item *i, struct err *e)
{
	size_t position = i->article->n_media;

	for (size_t k = 0; k < i->n_sightings; k++) {
		struct media m = { .path = i->sightings[k].path };

		if (i->sightings[k].name.len == 0 &&
			insert(w, i->article_id, position++, &m, e) < 0)
			return -1;
	}
	return 0;
}

int
media_store(struct writer *w, const struct item *i, struct err *e)
{
	const struct article *art = i->article;

	if (i->plan.change != CHANGE_NEW &&
		(let_go(w, i->article_id, art, e) < 0 ||
		drop(w, i->article_id, e) < 0))
		return -1;
	for (size_t k = 0; k < art->n_media; k++)
		if (insert(w, i->article_id, k, &art->media[k], e) < 0)
			return -1;
	return insert_wanted(w, i, e);
}

int
media_left(struct writer *w, int64_t article_id, struct err *e)
{
	return let_go(w, article_id, NULL, e);
}

/* ---- a picture's file changed ---- */

static int
doubt(struct writer *w, struct slice path, struct err *e)
{
	struct batch *b = w->batch;
	struct query q = query_start(w->db,
		"SELECT f.path FROM media m JOIN article a"
		" ON a.id = m.article_id JOIN file f ON f.path = a.path"
		" WHERE m.path = ? AND m.path <> ''");

	query_put_text(&q, path);
	while (query_row(&q)) {
		b->doubted = ARENA_GROW(&b->arena, b->doubted, b->n_doubted);
		b->doubted[b->n_doubted++] = query_text(&q, 0, &b->arena);
	}
	return query_done(&q, e);
}

/* What no file has: so a scan finds that each of them is another one. */
static int
doubt_rows(struct writer *w, struct slice path, struct err *e)
{
	struct query q = query_start(w->db,
		"UPDATE file SET mtime_ns = 0, hash = 0 WHERE path IN"
		" (SELECT a.path FROM media m JOIN article a"
		"  ON a.id = m.article_id WHERE m.path = ? AND m.path <> '')");

	query_put_text(&q, path);
	return query_run(&q, e);
}

int
media_changed(struct writer *w, const struct item *i, struct err *e)
{
	size_t before = w->batch->n_doubted;

	if (i->kind != FILE_PICTURE || (i->fate != ITEM_READ &&
		i->fate != ITEM_ASIDE && i->fate != ITEM_GONE))
		return 0;
	if (doubt(w, i->path, e) < 0)
		return -1;
	return w->batch->n_doubted > before ? doubt_rows(w, i->path, e) : 0;
}
