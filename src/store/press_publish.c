/*
 * Publish: what readers can fetch now, and what may therefore be announced.
 *
 * A change of an article waits in `unpublished` for the version of each feed
 * that shows it.  When the last of them is there, one row is announced: what
 * became of the article since it was last announced, however many changes
 * that were.
 * 1. Nothing is announced before it can be fetched, and nothing twice.
 * 2. An article that came and went in between is not announced at all.
 * 3. A feed that appears with nothing new in it is no news: after a first scan
 *    nobody is told of it.
 */
#include <stdio.h>

#include "base/clock.h"
#include "store/copies.h"
#include "store/tx.h"

struct waiting {
	struct arena arena;
	int64_t *list;
	size_t n;
	bool *quiet;		/* of each publication: it is no news */
};

static void
waiting_done(struct waiting *w)
{
	arena_done(&w->arena);
}

/*
 * The version that readers have becomes an older one, from which a delta can
 * start; another look is another document altogether.
 */
static int
keep_version(struct db *db, const struct publication *p, struct err *e)
{
	struct query q = query_start(db, "INSERT INTO feed_version (feed_id,"
		" version, copies) SELECT id, published, copies FROM feed"
		" WHERE id = ? AND look = ? AND published < ? AND copies <> ''"
		" ON CONFLICT DO NOTHING");

	query_put_int(&q, p->feed_id);
	query_put_hash(&q, p->look);
	query_put_int(&q, p->version);
	if (query_run(&q, e) < 0)
		return -1;
	q = query_start(db, "DELETE FROM feed_version WHERE feed_id = ?1 AND"
		" (version <= (SELECT version FROM feed_version"
		"   WHERE feed_id = ?1 ORDER BY version DESC"
		"   LIMIT 1 OFFSET ?2)"
		"  OR (SELECT look FROM feed WHERE id = ?1) <> ?3)");
	query_put_int(&q, p->feed_id);
	query_put_int(&q, FEED_VERSIONS_MAX);
	query_put_hash(&q, p->look);
	return query_run(&q, e);
}

/* SQL: what a row of a feed, or of a page, learns of its publication. */
#define PUBLISH \
	" SET published = CASE WHEN published < ?1 THEN ?1" \
	" ELSE published END, copies = ?2, look = ?4 WHERE "

static int
update_row(struct db *db, const char *sql, const struct publication *p,
	struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct query q = query_start(db, sql);

	query_put_int(&q, p->version);
	query_put_text(&q, copies_text(p->copies, &a));
	query_put_int(&q, p->feed_id);
	query_put_hash(&q, p->look);
	if (p->page > 0)
		query_put_int(&q, p->page);
	return query_run(&q, e);
}

static int
update_feed(struct db *db, const struct publication *p, struct err *e)
{
	if (p->page > 0)
		return update_row(db, "UPDATE feed_page" PUBLISH
			"feed_id = ?3 AND page = ?5", p, e);
	if (p->changed && keep_version(db, p, e) < 0)
		return -1;
	return update_row(db, "UPDATE feed" PUBLISH "id = ?3", p, e);
}

static int
announce_feed(struct db *db, const struct publication *p, struct err *e)
{
	struct query q = query_start(db,
		"INSERT INTO announce (kind, action, channels, feed_id,"
		" version, at) VALUES ('feed', 'published', '', ?, ?, ?)");

	query_put_int(&q, p->feed_id);
	query_put_int(&q, p->version);
	query_put_int(&q, clock_now());
	return query_run(&q, e);
}

/* The articles that waited for this version of the feed. */
static int
release(struct db *db, const struct publication *p, struct waiting *w,
	struct err *e)
{
	struct query q = query_start(db, "DELETE FROM unpublished"
		" WHERE feed_id = ? AND version <= ? RETURNING article_id");

	if (p->page > 0)
		return 0;
	query_put_int(&q, p->feed_id);
	query_put_int(&q, p->version);
	while (query_row(&q)) {
		w->list = ARENA_GROW(&w->arena, w->list, w->n);
		w->list[w->n++] = query_int(&q, 0);
	}
	return query_done(&q, e);
}

/* Has anybody ever seen it? */
static int
is_known(struct db *db, const struct publication *p, bool *ret,
	struct err *e)
{
	struct query q = query_start(db,
		"SELECT 1 FROM feed WHERE id = ? AND published > 0");

	query_put_int(&q, p->feed_id);
	*ret = query_row(&q);
	return query_done(&q, e);
}

static int
record(struct db *db, const struct publication *p, struct waiting *w,
	bool *ret_quiet, struct err *e)
{
	size_t before = w->n;
	bool known;

	if (is_known(db, p, &known, e) < 0 || update_feed(db, p, e) < 0 ||
		release(db, p, w, e) < 0)
		return -1;
	*ret_quiet = !p->changed || p->is_private || p->page > 0 ||
		(!known && w->n == before);
	return 0;
}

static int
still_waits(struct db *db, int64_t article_id, bool *ret, struct err *e)
{
	struct query q = query_start(db,
		"SELECT 1 FROM unpublished WHERE article_id = ? LIMIT 1");

	query_put_int(&q, article_id);
	*ret = query_row(&q);
	return query_done(&q, e);
}

/* The ids of its feeds, "1 5 9". */
static int
channels_of(struct db *db, int64_t article_id, struct buf *b, struct err *e)
{
	struct query q = query_start(db, "SELECT feed_id FROM feed_member"
		" WHERE article_id = ? ORDER BY feed_id");

	query_put_int(&q, article_id);
	while (query_row(&q))
		buf_printf(b, "%s%jd", b->len ? " " : "",
			(intmax_t)query_int(&q, 0));
	return query_done(&q, e);
}

/* What to say of it; NULL: nothing. */
static const char *
action_of(enum article_state state, enum told told, enum news news)
{
	if (state == STATE_WITHDRAWN)
		return told == TOLD_PUBLISHED ? "withdrawn" : NULL;
	if (told != TOLD_PUBLISHED)
		return told == TOLD_NOTHING ? "published" : "restored";
	return news == NEWS_CORRECT ? "corrected" :
		news == NEWS_MINOR ? "minor" : "updated";
}

static int
insert_article_row(struct db *db, int64_t article_id, const char *action,
	int64_t version, struct err *e)
{
	CLEANUP(buf_done) struct buf channels = BUF_INIT(64 * 1024);
	struct query q;

	if (channels_of(db, article_id, &channels, e) < 0)
		return -1;
	q = query_start(db, "INSERT INTO announce (kind, article_id, action,"
		" channels, version, at) VALUES ('article', ?, ?, ?, ?, ?)");
	query_put_int(&q, article_id);
	query_put_text(&q, slice_str(action));
	query_put_text(&q, buf_slice(&channels));
	query_put_int(&q, version);
	query_put_int(&q, clock_now());
	return query_run(&q, e);
}

static int
mark_announced(struct db *db, int64_t article_id, enum told told,
	struct err *e)
{
	struct query q = query_start(db, "UPDATE article"
		" SET announced = version, told = ?, news = 0 WHERE id = ?");

	query_put_int(&q, told);
	query_put_int(&q, article_id);
	return query_run(&q, e);
}

static int
announce_article(struct db *db, int64_t article_id, struct err *e)
{
	struct query q = query_start(db, "SELECT state, told, version,"
		" news FROM article WHERE id = ? AND announced < version");
	enum article_state state;
	const char *action;
	enum told told;
	enum news news;
	int64_t version;
	bool any;

	query_put_int(&q, article_id);
	any = query_row(&q);
	state = any ? (enum article_state)query_int(&q, 0) : STATE_LIVE;
	told = any ? (enum told)query_int(&q, 1) : TOLD_NOTHING;
	version = any ? query_int(&q, 2) : 0;
	news = any ? (enum news)query_int(&q, 3) : NEWS_NONE;
	if (query_done(&q, e) < 0)
		return -1;
	if (!any)
		return 0;
	action = action_of(state, told, news);
	if (action && insert_article_row(db, article_id, action, version,
		e) < 0)
		return -1;
	if (action)
		told = state == STATE_WITHDRAWN ? TOLD_WITHDRAWN :
			TOLD_PUBLISHED;
	return mark_announced(db, article_id, told, e);
}

static int
announce_ready(struct db *db, const struct waiting *w, struct err *e)
{
	bool waits;

	for (size_t i = 0; i < w->n; i++) {
		if (still_waits(db, w->list[i], &waits, e) < 0)
			return -1;
		if (!waits && announce_article(db, w->list[i], e) < 0)
			return -1;
	}
	return 0;
}

int
press_published(struct store_tx *tx, const struct publication *p, size_t n,
	struct err *e)
{
	CLEANUP(waiting_done) struct waiting w = { 0 };

	w.quiet = ARENA_ARRAY(&w.arena, bool, n);
	for (size_t i = 0; i < n; i++)
		if (record(&tx->db, &p[i], &w, &w.quiet[i], e) < 0)
			return err_in(e, "recording a publication");
	if (announce_ready(&tx->db, &w, e) < 0)
		return err_in(e, "announcing");
	for (size_t i = 0; i < n; i++)
		if (!w.quiet[i] && announce_feed(&tx->db, &p[i], e) < 0)
			return err_in(e, "announcing");
	return 0;
}
