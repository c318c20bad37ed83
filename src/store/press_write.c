/*
 * Write: the plans of a batch, carried out.
 *
 * 1. A file row names its article exactly while that article is live.
 * 2. All rows of files that moved away go first, so that files may change
 *    places within one batch.
 * 3. A withdrawn article keeps its body, its members and its place in the log:
 *    the file may come back.
 */
#include "store/near.h"

/* ---- plans ---- */

/* From NEW to MINOR, and RESTORE: the article is shown as it is now. */
static int
show(struct writer *w, struct item *i, struct err *e)
{
	const struct link_keys *keys = &w->keys[i - w->batch->items];
	bool shown_before = i->plan.change != CHANGE_NEW &&
		i->prior.state != STATE_WITHDRAWN;

	if (i->plan.change == CHANGE_NEW)
		i->article_id = w->tx->next_article++;
	if (confirm_plan(w, i, e) < 0 || near_retitle(w, i, e) < 0)
		return -1;
	if (i->plan.change == CHANGE_NEW) {
		if (name_insert(w, i, keys, e) < 0)
			return -1;
	} else if (article_update(w, i, keys, e) < 0) {
		return -1;
	}
	w->placed = 0;
	if (article_put_body(w, i, e) < 0 ||
		part_follow(w, i, e) < 0 ||
		channel_join_all(w, i, shown_before, e) < 0 ||
		media_store(w, i, e) < 0 ||
		links_store(w, i, e) < 0 ||
		links_arrived(w, i->article_id, i->article->entry_title,
		keys, e) < 0)
		return -1;
	return confirm_others(w, i, e);
}

int
write_withdraw(struct writer *w, int64_t article_id, bool shown,
	struct err *e)
{
	if (article_withdraw(w, article_id, e) < 0 || channel_touch_all(w,
		article_id, -(int)shown, !w->adopting, e) < 0 ||
		media_left(w, article_id, e) < 0)
		return -1;
	return links_left(w, article_id, e);
}

static bool
is_shown(enum article_change c)
{
	switch (c) {
	case CHANGE_NEW:
	case CHANGE_UPDATE:
	case CHANGE_AMEND:
	case CHANGE_CORRECT:
	case CHANGE_MINOR:
	case CHANGE_RESTORE:
		return true;
	case CHANGE_WITHDRAW:
	case CHANGE_KEEP:
	case CHANGE_HOLD:
	case CHANGE_NONE:
		break;
	}
	return false;
}

static int
carry_out(struct writer *w, struct item *i, struct err *e)
{
	if (is_shown(i->plan.change)) {
		CHECK(i->article);
		return show(w, i, e);
	}
	if (i->plan.change == CHANGE_WITHDRAW)
		return write_withdraw(w, i->article_id,
			i->prior.state != STATE_WITHDRAWN, e);
	if (i->plan.change == CHANGE_KEEP)
		return article_set_state(w, i, STATE_KEPT, e);
	return 0;
}

/*
 * What links name the articles by.  In a first scan the guesses know them all
 * before the first link is stored, because the parts of a series, which name
 * each other, mostly come in one batch.
 */
static void
name_all(struct writer *w)
{
	struct batch *b = w->batch;
	int64_t next = w->tx->next_article;

	w->keys = ARENA_ARRAY(&b->arena, struct link_keys, b->n);
	for (size_t k = 0; k < b->n; k++) {
		const struct item *i = &b->items[k];

		if (!i->article || !is_shown(i->plan.change))
			continue;
		w->keys[k] = links_keys(i->article, &b->arena);
		if (w->adopting)
			targets_add(&w->tx->targets, i->plan.change ==
				CHANGE_NEW ? next++ : i->prior.article_id,
				&w->keys[k]);
	}
}

/* ---- items ---- */

/* Is the article of the item live when the plan is carried out? */
static bool
is_live(const struct item *i)
{
	return i->article_id && i->plan.change != CHANGE_WITHDRAW &&
		(i->plan.change != CHANGE_NONE ||
		i->prior.state != STATE_WITHDRAWN);
}

/* The article goes where its file goes, whether that says anything or not. */
static int
follow(struct writer *w, const struct item *i, bool live, struct err *e)
{
	if (!i->prior.article_id || !item_has_moved(i))
		return 0;
	if (name_log_move(w, i, e) < 0)
		return -1;
	return live ? article_follow_file(w, i, e) :
		article_follow_path(w, i, e);
}

static int
set_release(struct writer *w, const struct item *i, struct err *e)
{
	if (!i->plan.release && !i->prior.release)
		return 0;
	return file_set_release(w, i->path, i->plan.release, e);
}

static int
write_present(struct writer *w, struct item *i, struct err *e)
{
	bool live;

	if (carry_out(w, i, e) < 0)
		return -1;
	live = is_live(i);	/* a new one has its id now */
	if (live && i->plan.change == CHANGE_NONE &&
		i->prior.state == STATE_KEPT &&
		article_follow_file(w, i, e) < 0)
		return -1;
	if (follow(w, i, live, e) < 0 ||
		file_put(w, i, live ? i->article_id : 0, e) < 0 ||
		set_release(w, i, e) < 0)
		return -1;
	return file_clear_aside(w, i, e);
}

/* The file has nothing new to say: the bytes are the same, or are none. */
static int
write_unsaid(struct writer *w, struct item *i, struct err *e)
{
	bool live = i->prior.article_id && i->prior.state == STATE_LIVE;

	if (follow(w, i, live, e) < 0 ||
		file_put(w, i, live ? i->article_id : 0, e) < 0)
		return -1;
	return set_release(w, i, e);
}

static int
write_held(struct writer *w, const struct item *i, struct err *e)
{
	w->batch->holds = true;
	return i->plan.held == i->prior.held ? 0 :
		file_set_held(w, i->path, i->plan.held, e);
}

static int
write_gone(struct writer *w, struct item *i, struct err *e)
{
	if (i->plan.change == CHANGE_HOLD)
		return write_held(w, i, e);
	w->batch->holds |= i->prior.held != HOLD_NOT;
	w->batch->releases |= i->prior.release != 0;
	if (i->prior.held == HOLD_CONFIRMED && hold_count_anew(w, e) < 0)
		return -1;
	/* No file, and nobody decided: an article is never lost (1). */
	if (i->plan.change == CHANGE_NONE && i->article_id &&
		i->prior.state == STATE_LIVE)
		i->plan.change = CHANGE_KEEP;
	if (carry_out(w, i, e) < 0)
		return -1;
	return file_drop(w, i->path, e);
}

static bool
is_there(const struct item *i)
{
	return i->fate == ITEM_SAME || i->fate == ITEM_TOUCHED ||
		i->fate == ITEM_READ || i->fate == ITEM_ASIDE;
}

static int
write_item(struct writer *w, struct item *i, struct err *e)
{
	i->article_id = i->prior.article_id;
	/* It is there again. */
	if (i->prior.held && is_there(i) && file_set_held(w, i->path, HOLD_NOT,
		e) < 0)
		return -1;
	switch (i->fate) {
	case ITEM_READ:
		return write_present(w, i, e);
	case ITEM_ASIDE:
		/* What cannot be read leaves the last good version alone. */
		if (write_unsaid(w, i, e) < 0)
			return -1;
		return file_set_aside(w, i, e);
	case ITEM_GONE:
		return write_gone(w, i, e);
	case ITEM_TOUCHED:
		return write_unsaid(w, i, e);
	case ITEM_UNREAD:
	case ITEM_SAME:
	case ITEM_BUSY:
		break;
	}
	return 0;
}

int
press_write(struct store_tx *tx, struct batch *b, struct err *e)
{
	struct writer w = { .tx = tx, .db = &tx->db, .batch = b,
		.adopting = b->adopting && !tx->adopted };

	b->feeds = NULL;
	b->n_feeds = b->n_pages = b->changed = 0;
	b->n_doubted = b->n_orphans = 0;
	b->holds = b->releases = false;
	b->notes = NULL;
	b->n_notes = 0;
	/* Whoever does not adopt has come to the end of the first scan. */
	if (!w.adopting && press_number(tx, b, e) < 0)
		return -1;
	name_all(&w);
	for (size_t i = 0; i < b->n; i++)
		if (item_has_moved(&b->items[i]) &&
			file_drop(&w, b->items[i].moved_from, e) < 0)
			return -1;
	for (size_t i = 0; i < b->n; i++) {
		if (write_item(&w, &b->items[i], e) < 0 ||
			media_changed(&w, &b->items[i], e) < 0)
			return err_in(e, "storing \"%.*s\"",
				ARG(b->items[i].path));
		b->changed += b->items[i].plan.change != CHANGE_NONE &&
			b->items[i].plan.change != CHANGE_HOLD;
	}
	return channel_flush(&w, e);
}
