/*
 * Write: the plans of a batch, carried out.
 *
 * 1. A file row names its article exactly while that article is live.
 * 2. All rows of files that moved away go first, so that files may change
 *    places within one batch.
 * 3. A withdrawn article keeps its body, its members and its place in the log:
 *    the file may come back.
 */
#include <fcntl.h>
#include <unistd.h>

#include "store/tx.h"

/* ---- files ---- */

static int
drop_file(struct writer *w, struct slice path, struct err *e)
{
	struct query q = query_start(w->db, "DELETE FROM file WHERE path = ?");

	query_put_text(&q, path);
	return query_run(&q, e);
}

#define INSERT_FILE \
	"INSERT INTO file (path, dev, ino, btime_ns, size, mtime_ns," \
	" ctime_ns, hash, article_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"

/* Not always the second: SQLite prepares to take an upsert back, 5 times the
 * cost of an insertion. */
static int
put_file(struct writer *w, const struct item *i, int64_t article_id,
	struct err *e)
{
	struct query q = query_start(w->db, !i->prior.file_id ? INSERT_FILE :
		INSERT_FILE " ON CONFLICT (path) DO UPDATE SET"
		" dev = excluded.dev, ino = excluded.ino,"
		" btime_ns = excluded.btime_ns, size = excluded.size,"
		" mtime_ns = excluded.mtime_ns, ctime_ns = excluded.ctime_ns,"
		" hash = excluded.hash, article_id = excluded.article_id");

	query_put_text(&q, i->path);
	query_put_hash(&q, i->stamp.dev);
	query_put_hash(&q, i->stamp.ino);
	query_put_int(&q, i->stamp.btime_ns);
	query_put_hash(&q, i->stamp.size);
	query_put_int(&q, i->stamp.mtime_ns);
	query_put_int(&q, i->stamp.ctime_ns);
	query_put_hash(&q, i->hash);
	query_put_id(&q, article_id);
	return query_run(&q, e);
}

static int
set_aside(struct writer *w, const struct item *i, struct err *e)
{
	struct query q = query_start(w->db,
		"INSERT INTO file_aside (path, reason, hint, since)"
		" VALUES (?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET"
		" reason = excluded.reason, hint = excluded.hint");

	query_put_text(&q, i->path);
	query_put_text(&q, slice_str(i->why.text));
	query_put_text(&q, slice_str(i->why.hint));
	query_put_int(&q, w->batch->now);
	return query_run(&q, e);
}

static int
clear_aside(struct writer *w, const struct item *i, struct err *e)
{
	struct query q = query_start(w->db,
		"DELETE FROM file_aside WHERE path = ?");

	if (!i->prior.file_id)
		return 0;
	query_put_text(&q, i->path);
	return query_run(&q, e);
}

/* ---- articles ---- */

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

static int
put_body(struct writer *w, const struct item *i, struct err *e)
{
	struct query q = query_start(w->db, i->plan.change == CHANGE_NEW ?
		"INSERT INTO body (summary, html, people, related_label,"
		" article_id) VALUES (?, ?, ?, ?, ?)" :
		"UPDATE body SET summary = ?, html = ?, people = ?,"
		" related_label = ? WHERE article_id = ?");

	query_put_text(&q, i->article->summary);
	query_put_text(&q, i->article->html);
	query_put_text(&q, people_text(i->article, &w->batch->arena));
	query_put_text(&q, i->article->related_label);
	query_put_int(&q, i->article_id);
	return query_run(&q, e);
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
	links_put_keys(q, keys);
}

static int
insert_article(struct writer *w, const struct item *i,
	const struct link_keys *keys, const struct minted *m,
	bool *ret_taken, struct err *e)
{
	struct query q = query_start(w->db,
		"INSERT INTO article (path, title, headline, published,"
		" updated, lang, digest, form, fold, headline_fold, mark_key,"
		" mark_number, id, uid, slug, announced, told, state, revision,"
		" version)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
		" 0, 1, 1) ON CONFLICT DO NOTHING");

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

static int
update_article(struct writer *w, const struct item *i,
	const struct link_keys *keys, struct err *e)
{
	struct query q = query_start(w->db,
		"UPDATE article SET path = ?, title = ?, headline = ?,"
		" published = ?, updated = ?, lang = ?, digest = ?, form = ?,"
		" fold = ?, headline_fold = ?, mark_key = ?, mark_number = ?,"
		" state = 0, revision = revision + 1, version = version + ?,"
		" announced = CASE WHEN ? THEN version + 1 ELSE announced END"
		" WHERE id = ?");
	bool news = i->plan.change != CHANGE_MINOR;

	put_said(&q, i, keys);
	query_put_int(&q, news);
	query_put_int(&q, news && w->adopting);
	query_put_int(&q, i->article_id);
	return query_run(&q, e);
}

/* A new path, or a file again; nothing that is shown. */
static int
follow_file(struct writer *w, const struct item *i, struct err *e)
{
	struct query q = query_start(w->db,
		"UPDATE article SET path = ?, state = 0 WHERE id = ?");

	query_put_text(&q, i->path);
	query_put_int(&q, i->article_id);
	return query_run(&q, e);
}

static int
set_state(struct writer *w, const struct item *i, enum article_state state,
	struct err *e)
{
	struct query q = query_start(w->db,
		"UPDATE article SET state = ? WHERE id = ?");

	query_put_int(&q, state);
	query_put_int(&q, i->article_id);
	return query_run(&q, e);
}

/* ---- names ---- */

static bool
is_still_there(void *ctx, struct slice path)
{
	const struct item *i = ctx;
	size_t prefix = i->path.len - strlen(i->rel);
	struct slice ours = slice_sub(i->path, 0, prefix);
	char rel[4096];

	if (!slice_starts(path, ours) || path.len - prefix >= sizeof(rel))
		return false;
	memcpy(rel, path.ptr + prefix, path.len - prefix);
	rel[path.len - prefix] = '\0';
	return faccessat(i->root_fd, rel, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static void
log_name(struct writer *w, const struct item *i, const struct minted *m)
{
	identity_add(&w->tx->identity, &(struct identity_line){
		.kind = S("article"), .uid = m->uid, .path = i->path,
		.hash = i->hash, .published = i->plan.published,
		.slug = m->slug });
}

/* The name that it had in a database that was lost. */
static int
claim_name(struct writer *w, struct item *i, struct minted *ret,
	bool *ret_known, struct err *e)
{
	struct identity_line l = { .kind = S("article"), .path = i->path,
		.hash = i->hash };

	*ret_known = false;
	if (!w->tx->remembers)
		return 0;
	if (identity_claim(w->db, &l, is_still_there, i, &w->batch->arena,
		ret_known, e) < 0)
		return -1;
	if (!*ret_known)
		return 0;
	*ret = (struct minted){ l.uid, l.slug };
	i->plan.published = l.published;
	i->plan.updated = MAX(i->plan.updated, l.published);
	if (!slice_eq(l.path, i->path))
		log_name(w, i, ret);
	return 0;
}

/* Insert it under its own name if that is free, else under a free one. */
static int
insert_named(struct writer *w, struct item *i, const struct link_keys *keys,
	struct err *e)
{
	struct minted m;
	bool known, taken;

	if (claim_name(w, i, &m, &known, e) < 0)
		return -1;
	if (!known && mint_is_doubtful(w, i->path)) {
		if (mint_free(w, i->path, &m, e) < 0)
			return -1;
	} else if (!known) {
		mint_plain(w, i->path, &m);
	}
	if (insert_article(w, i, keys, &m, &taken, e) < 0)
		return -1;
	if (taken) {
		known = false;
		if (mint_free(w, i->path, &m, e) < 0 || insert_article(w, i,
			keys, &m, &taken, e) < 0)
			return -1;
	}
	if (taken)
		return err_set(e, ERR_STORE, "cannot name it");
	if (!known)
		log_name(w, i, &m);
	return 0;
}

/* It lives elsewhere now: so it is found there if the database is lost. */
static int
log_move(struct writer *w, const struct item *i, struct err *e)
{
	struct query q = query_start(w->db,
		"SELECT uid, slug FROM article WHERE id = ?");
	struct minted m = { 0 };

	query_put_int(&q, i->article_id);
	if (query_row(&q)) {
		m.uid = query_text(&q, 0, &w->batch->arena);
		m.slug = query_text(&q, 1, &w->batch->arena);
		log_name(w, i, &m);
	}
	return query_done(&q, e);
}

/* ---- plans ---- */

/* "Part 2 of 5": the most that any part says. */
static int
raise_total(struct writer *w, int64_t series_id, int total, struct err *e)
{
	struct query q;

	if (total <= 0)
		return 0;
	q = query_start(w->db, "UPDATE series SET total = ?1"
		" WHERE id = ?2 AND total < ?1");
	query_put_int(&q, total);
	query_put_int(&q, series_id);
	return query_run(&q, e);
}

static int
put_part(struct writer *w, const struct item *i, int64_t series_id,
	struct err *e)
{
	struct query q = query_start(w->db,
		"INSERT INTO part (article_id, series_id, number, label)"
		" VALUES (?, ?, ?, ?)");

	query_put_int(&q, i->article_id);
	query_put_int(&q, series_id);
	query_put_int(&q, i->article->mark.number);
	query_put_text(&q, i->article->mark.label);
	if (query_run(&q, e) < 0)
		return -1;
	return raise_total(w, series_id, i->article->mark.total, e);
}

static int
drop_part(struct writer *w, const struct item *i, struct err *e)
{
	struct query q = query_start(w->db,
		"DELETE FROM part WHERE article_id = ?");

	if (i->plan.change == CHANGE_NEW)
		return 0;
	query_put_int(&q, i->article_id);
	return query_run(&q, e);
}

/* Keep `part` in step with the series of the plan. */
static int
follow_series(struct writer *w, const struct item *i, struct err *e)
{
	struct channel_row *r;

	if (drop_part(w, i, e) < 0)
		return -1;
	for (size_t k = 0; k < i->plan.n_channels; k++) {
		if (i->plan.channels[k].kind != CHANNEL_SERIES)
			continue;
		if (channel_get(w, &i->plan.channels[k], &r, e) < 0)
			return -1;
		return put_part(w, i, r->series_id, e);
	}
	return 0;
}

/* NEW, UPDATE, MINOR, RESTORE: the article is shown as it is now. */
static int
show(struct writer *w, struct item *i, struct err *e)
{
	struct link_keys keys = links_keys(i->article, &w->batch->arena);
	bool shown_before = i->plan.change != CHANGE_NEW &&
		i->prior.state != STATE_WITHDRAWN;

	if (i->plan.change == CHANGE_NEW) {
		i->article_id = w->tx->next_article++;
		if (insert_named(w, i, &keys, e) < 0)
			return -1;
	} else if (update_article(w, i, &keys, e) < 0) {
		return -1;
	}
	if (put_body(w, i, e) < 0 || follow_series(w, i, e) < 0 ||
		channel_join_all(w, i, shown_before, e) < 0 ||
		links_store(w, i, e) < 0)
		return -1;
	return links_arrived(w, i->article_id, &keys, e);
}

static int
withdraw(struct writer *w, struct item *i, struct err *e)
{
	struct query q = query_start(w->db, "UPDATE article SET state = 1,"
		" updated = ?, revision = revision + 1, version = version + 1,"
		" announced = CASE WHEN ? THEN version + 1 ELSE announced END"
		" WHERE id = ?");

	query_put_int(&q, i->plan.updated);
	query_put_int(&q, w->adopting);
	query_put_int(&q, i->article_id);
	if (query_run(&q, e) < 0 || channel_touch_all(w, i->article_id,
		i->prior.state == STATE_WITHDRAWN ? 0 : -1, !w->adopting,
		e) < 0)
		return -1;
	return links_left(w, i->article_id, e);
}

static int
carry_out(struct writer *w, struct item *i, struct err *e)
{
	switch (i->plan.change) {
	case CHANGE_NEW:
	case CHANGE_UPDATE:
	case CHANGE_MINOR:
	case CHANGE_RESTORE:
		CHECK(i->article);
		return show(w, i, e);
	case CHANGE_WITHDRAW:
		return withdraw(w, i, e);
	case CHANGE_KEEP:
		return set_state(w, i, STATE_KEPT, e);
	case CHANGE_NONE:
		break;
	}
	return 0;
}

/* ---- items ---- */

static bool
has_moved(const struct item *i)
{
	return i->moved_from.len > 0 && !slice_eq(i->moved_from, i->path);
}

static int
write_present(struct writer *w, struct item *i, struct err *e)
{
	const struct prior *was = &i->prior;

	if (carry_out(w, i, e) < 0)
		return -1;
	if (i->article_id && i->plan.change == CHANGE_NONE &&
		(has_moved(i) || was->state == STATE_KEPT) &&
		follow_file(w, i, e) < 0)
		return -1;
	if (was->article_id && has_moved(i) && log_move(w, i, e) < 0)
		return -1;
	if (put_file(w, i, i->article_id, e) < 0)
		return -1;
	return clear_aside(w, i, e);
}

/* What could not be read changes nothing: the last good version stays. */
static int
write_aside(struct writer *w, struct item *i, struct err *e)
{
	bool live = i->prior.article_id && i->prior.state == STATE_LIVE;

	if (live && has_moved(i) && (follow_file(w, i, e) < 0 ||
		log_move(w, i, e) < 0))
		return -1;
	if (put_file(w, i, live ? i->article_id : 0, e) < 0)
		return -1;
	return set_aside(w, i, e);
}

static int
write_gone(struct writer *w, struct item *i, struct err *e)
{
	/* No file, and nobody decided: an article is never lost (1). */
	if (i->plan.change == CHANGE_NONE && i->article_id &&
		i->prior.state == STATE_LIVE)
		i->plan.change = CHANGE_KEEP;
	if (carry_out(w, i, e) < 0)
		return -1;
	return drop_file(w, i->path, e);
}

/* The bytes are the same: the rest of what is known of it may not be. */
static int
write_touched(struct writer *w, struct item *i, struct err *e)
{
	bool live = i->prior.article_id && i->prior.state == STATE_LIVE;

	if (live && has_moved(i) && (follow_file(w, i, e) < 0 ||
		log_move(w, i, e) < 0))
		return -1;
	return put_file(w, i, live ? i->article_id : 0, e);
}

static int
write_item(struct writer *w, struct item *i, struct err *e)
{
	i->article_id = i->prior.article_id;
	switch (i->fate) {
	case ITEM_READ:
		return write_present(w, i, e);
	case ITEM_ASIDE:
		return write_aside(w, i, e);
	case ITEM_GONE:
		return write_gone(w, i, e);
	case ITEM_TOUCHED:
		return write_touched(w, i, e);
	case ITEM_UNREAD:
	case ITEM_SAME:
	case ITEM_BUSY:
		break;
	}
	return 0;
}

static bool
is_settled(const struct item *i)
{
	return i->fate == ITEM_READ || i->fate == ITEM_ASIDE ||
		i->fate == ITEM_TOUCHED;
}

int
press_write(struct store_tx *tx, struct batch *b, struct err *e)
{
	struct writer w = { .tx = tx, .db = &tx->db, .batch = b,
		.adopting = b->adopting && !tx->adopted };

	b->feeds = NULL;
	b->n_feeds = b->changed = 0;
	/* Whoever does not adopt has come to the end of the first scan. */
	if (!w.adopting && press_number(tx, e) < 0)
		return -1;
	for (size_t i = 0; i < b->n; i++)
		if (is_settled(&b->items[i]) && has_moved(&b->items[i]) &&
			drop_file(&w, b->items[i].moved_from, e) < 0)
			return -1;
	for (size_t i = 0; i < b->n; i++) {
		if (write_item(&w, &b->items[i], e) < 0)
			return err_in(e, "storing \"%.*s\"",
				ARG(b->items[i].path));
		b->changed += b->items[i].plan.change != CHANGE_NONE;
	}
	return channel_flush(&w, e);
}
