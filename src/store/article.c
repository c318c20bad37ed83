/*
 * Rows of articles: the article itself, and its body.
 */
#include "store/fields_row.h"
#include "store/tx.h"

/* ---- body ---- */

static struct slice
people_text(const struct article *art, struct arena *a)
{
	struct buf b = BUF_INIT(ARTICLE_FILE_MAX);
	struct slice ret;

	for (size_t i = 0; i < art->n_people; i++) {
		buf_put_byte(&b, (char)('0' + art->people[i].role));
		buf_put(&b, art->people[i].name);
		buf_put_byte(&b, '\n');
	}
	ret = arena_copy(a, buf_slice(&b));
	buf_done(&b);
	return ret;
}

int
article_put_body(struct writer *w, const struct item *i, struct err *e)
{
	struct query q = query_start(w->db, i->plan.change == CHANGE_NEW ?
		"INSERT INTO body (summary, html, people, related_label,"
		" fields, article_id) VALUES (?, ?, ?, ?, ?, ?)" :
		"UPDATE body SET summary = ?, html = ?, people = ?,"
		" related_label = ?, fields = ? WHERE article_id = ?");

	query_put_text(&q, i->article->summary);
	query_put_text(&q, i->article->html);
	query_put_text(&q, people_text(i->article, &w->batch->arena));
	query_put_text(&q, i->article->related_label);
	query_put_text(&q, fields_text(&i->article->fields,
		&w->batch->arena));
	query_put_int(&q, i->article_id);
	return query_run(&q, e);
}

/* ---- row ---- */

/* Bytes of a text when it is escaped for XML, as all feeds nearly have it. */
static int64_t
escaped_size(struct slice s)
{
	int64_t size = (int64_t)s.len;

	for (size_t i = 0; i < s.len; i++)
		size += s.ptr[i] == '<' || s.ptr[i] == '>' ? 3 :
			s.ptr[i] == '&' || s.ptr[i] == '"' ? 5 : 0;
	return size;
}

/* About so many bytes is its entry: what decides where a page ends. */
static int64_t
entry_size(const struct article *art)
{
	enum { HEAD = 1024, LINK = 400, MEDIUM = 1024 };

	return HEAD + escaped_size(art->html) + escaped_size(art->summary) +
		(int64_t)(art->n_related + art->n_people) * LINK +
		(int64_t)art->n_media * MEDIUM;
}

/* The columns that a new and a changed article have in common. */
static void
put_said(struct query *q, const struct item *i, const struct link_keys *keys)
{
	query_put_text(q, i->path);
	query_put_text(q, i->article->entry_title);
	query_put_text(q, i->article->mark.headline);
	query_put_int(q, i->plan.published);
	query_put_int(q, i->plan.updated);
	query_put_text(q, i->article->lang);
	query_put_hash(q, i->article->digest);
	query_put_hash(q, i->article->form);
	query_put_text(q, i->article->fields.url);
	query_put_hash(q, i->plan.correction);
	query_put_int(q, entry_size(i->article));
	links_put_keys(q, keys);
	confirm_put(q, i);
}

int
article_insert(struct writer *w, const struct item *i,
	const struct link_keys *keys, const struct minted *m,
	bool *ret_taken, struct err *e)
{
	struct query q = query_start(w->db,
		"INSERT INTO article (path, title, headline, published,"
		" updated, lang, digest, form, url, correction, size, fold,"
		" headline_fold, mark_key, mark_number, mark_strength,"
		" candidate, mark_name, mark_label, mark_total, id, uid, slug,"
		" announced, told, state, revision, version)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
		" ?, ?, ?, ?, ?, ?, ?, 0, 1, 1) ON CONFLICT DO NOTHING");

	put_said(&q, i, keys);
	query_put_int(&q, i->article_id);
	query_put_text(&q, m->uid);
	query_put_text(&q, m->slug);
	query_put_int(&q, w->adopting);
	query_put_int(&q, w->adopting ? TOLD_PUBLISHED : TOLD_NOTHING);
	if (query_run(&q, e) < 0)
		return -1;
	*ret_taken = db_changes(w->db) == 0;
	return 0;
}

static enum news
news_of(enum article_change change)
{
	return change == CHANGE_CORRECT ? NEWS_CORRECT :
		change == CHANGE_AMEND ? NEWS_MINOR :
		change == CHANGE_MINOR ? NEWS_NONE : NEWS_UPDATE;
}

int
article_update(struct writer *w, const struct item *i,
	const struct link_keys *keys, struct err *e)
{
	struct query q = query_start(w->db,
		"UPDATE article SET path = ?, title = ?, headline = ?,"
		" published = ?, updated = ?, lang = ?, digest = ?, form = ?,"
		" url = ?, correction = ?, size = ?, fold = ?,"
		" headline_fold = ?, mark_key = ?, mark_number = ?,"
		" mark_strength = ?,"
		" candidate = ?, mark_name = ?, mark_label = ?,"
		" mark_total = ?, news = max(news, ?),"
		" state = 0, gone = 0, revision = revision + 1,"
		" version = version + ?,"
		" announced = CASE WHEN ? THEN version + 1 ELSE announced END"
		" WHERE id = ?");
	bool news = i->plan.change != CHANGE_MINOR;

	put_said(&q, i, keys);
	query_put_int(&q, news_of(i->plan.change));
	query_put_int(&q, news);
	query_put_int(&q, news && w->adopting);
	query_put_int(&q, i->article_id);
	return query_run(&q, e);
}

int
article_refresh(struct writer *w, int64_t article_id, struct err *e)
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

int
article_withdraw(struct writer *w, int64_t article_id, struct err *e)
{
	/* A tombstone must be newer than what it is for. */
	struct query q = query_start(w->db, "UPDATE article SET state = 1,"
		" gone = max(?, updated + 1), news = 0,"
		" revision = revision + 1, version = version + 1,"
		" announced = CASE WHEN ? THEN version + 1 ELSE announced END"
		" WHERE id = ?");

	query_put_int(&q, w->batch->now);
	query_put_int(&q, w->adopting);
	query_put_int(&q, article_id);
	return query_run(&q, e);
}

int
article_follow_path(struct writer *w, const struct item *i, struct err *e)
{
	struct query q = query_start(w->db,
		"UPDATE article SET path = ? WHERE id = ?");

	query_put_text(&q, i->path);
	query_put_int(&q, i->article_id);
	return query_run(&q, e);
}

int
article_follow_file(struct writer *w, const struct item *i, struct err *e)
{
	struct query q = query_start(w->db,
		"UPDATE article SET path = ?, state = 0 WHERE id = ?");

	query_put_text(&q, i->path);
	query_put_int(&q, i->article_id);
	return query_run(&q, e);
}

int
article_set_state(struct writer *w, const struct item *i,
	enum article_state state, struct err *e)
{
	struct query q = query_start(w->db,
		"UPDATE article SET state = ? WHERE id = ?");

	query_put_int(&q, state);
	query_put_int(&q, i->article_id);
	return query_run(&q, e);
}
