/*
 * Deciding: what the store has to write, from what was found and what was
 * known.  A pure function of the batch, so that every case is one line of a
 * table in its test.
 *
 * 1. `published` is set once, at the first sight of an article, and is never
 *    in the future.
 * 2. `updated` never goes back, and moves only when what is said changes.
 * 3. What could not be read changes nothing: the last good version stays.
 * 4. A draft, and what waits for its time, is not an article yet: it gets no
 *    name.  One that was published before is withdrawn until then.
 * 5. What the operator withdrew no file brings back.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "base/language_tag.h"
#include "series/guard.h"
#include "series/internal.h"
#include "series/series.h"

enum { KEEP_AFTER = 30 * 24 * 3600 };

static int64_t
mtime_of(const struct item *i)
{
	return MAX(0, i->stamp.mtime_ns / 1000000000);
}

/* The date that the article gives to its change, where that can be true. */
static int64_t
said_updated(const struct batch *b, const struct item *i, int64_t least,
	int64_t otherwise)
{
	int64_t said = i->article->fields.updated;

	return said > 0 && said >= least && said <= b->now ? said : otherwise;
}

/*
 * When the newsroom changed an article that is known already.  Several edits
 * in one second have one date: that is better than one in the future.
 */
static int64_t
changed_at(const struct batch *b, const struct item *i)
{
	int64_t last = i->prior.updated;
	int64_t at = MAX(last + 1, MIN(mtime_of(i), b->now));

	return said_updated(b, i, last, MIN(at, MAX(last, b->now)));
}

static void
set_new_dates(const struct batch *b, struct item *i, int64_t published)
{
	i->plan.published = published;
	i->plan.updated = said_updated(b, i, published, published);
}

static void
decide_new(const struct batch *b, struct item *i)
{
	int64_t date = i->article->date >= 0 ? i->article->date : mtime_of(i);

	i->plan.change = CHANGE_NEW;
	set_new_dates(b, i, MIN(MAX(date, i->article->fields.embargo),
		b->now));
}

static void
decide_known(const struct batch *b, struct item *i)
{
	const struct prior *was = &i->prior;
	bool said = was->digest != i->article->digest;
	bool shown = said || was->form != i->article->form;
	bool corrects = i->plan.correction != 0 &&
		i->plan.correction != was->correction;
	bool minor = !corrects && i->article->fields.minor == SAID_YES;

	i->plan.change = was->state == STATE_WITHDRAWN ? CHANGE_RESTORE :
		said ? (corrects ? CHANGE_CORRECT : minor ? CHANGE_AMEND :
		CHANGE_UPDATE) : shown ? CHANGE_MINOR : CHANGE_NONE;
	i->plan.published = was->published;
	i->plan.updated = said && !minor ? changed_at(b, i) : was->updated;
}

/*
 * Until when it waits; 0: it need not.  The date of an article that is known
 * was settled when it came (1), so only an embargo makes that one wait.
 */
static int64_t
waits_until(const struct batch *b, const struct item *i)
{
	int64_t until = i->article->fields.embargo;

	if (!i->prior.article_id)
		until = MAX(until, i->article->date);
	return until > b->now - b->ahead ? until : 0;
}

/* Is it not to be shown?  And until when. */
static bool
is_hidden(const struct batch *b, struct item *i)
{
	const struct fields *f = &i->article->fields;

	if (i->prior.barred || f->withdrawn == SAID_YES)
		return true;
	i->plan.release = f->draft == SAID_YES ? RELEASE_NEVER :
		waits_until(b, i);
	return i->plan.release != 0;
}

static void
keep_dates(struct item *i)
{
	i->plan.published = i->prior.published;
	i->plan.updated = i->prior.updated;
}

static void
decide_hidden(struct item *i)
{
	keep_dates(i);
	if (i->prior.article_id && i->prior.state != STATE_WITHDRAWN)
		i->plan.change = CHANGE_WITHDRAW;
}

/* Old articles are the archive: a tidied directory does not withdraw them. */
static enum on_delete
policy_of(const struct config *c, const struct batch *b, const struct item *i)
{
	enum on_delete how = i->root < c->n_roots ?
		c->roots[i->root].on_delete : ON_DELETE_DEFAULT;

	if (how != ON_DELETE_DEFAULT)
		return how;
	return i->prior.published < b->now - KEEP_AFTER ? ON_DELETE_KEEP :
		ON_DELETE_WITHDRAW;
}

static void
decide_gone(const struct config *c, const struct batch *b, struct item *i)
{
	enum on_delete how = policy_of(c, b, i);

	keep_dates(i);
	if (!i->prior.file_id || !i->prior.article_id ||
		i->prior.state == STATE_WITHDRAWN)
		return;
	i->plan.change = CHANGE_KEEP;
	if (how == ON_DELETE_KEEP)
		return;
	i->plan.held = guard_hold(b, i->prior.held, how == ON_DELETE_ASK);
	i->plan.change = i->plan.held ? CHANGE_HOLD : CHANGE_WITHDRAW;
}

static void
add_channel(const struct config *c, struct item *i, enum channel_kind kind,
	struct slice key, struct slice title)
{
	struct plan *p = &i->plan;
	const struct channel *ch = config_channel(c, kind, key);

	if (ch && ch->title.len > 0)
		title = ch->title;
	else if (ch && ch->name.len > 0 && kind != CHANNEL_ALL)
		title = ch->name;
	if (ch && !language_tag_is_among(i->article->lang, ch->languages,
		ch->n_languages))
		return;
	p->channels[p->n_channels++] = (struct channel_ref){ kind, key, title,
		ch && ch->limit ? ch->limit : kind == CHANNEL_SERIES ?
		FEED_SERIES_MAX : FEED_LIVE_MAX };
}

static void
choose_channels(const struct config *c, struct batch *b, struct item *i)
{
	const struct article *art = i->article;
	struct plan *p = &i->plan;

	p->channels = ARENA_ARRAY(&b->arena, struct channel_ref,
		art->n_topics + 2);
	if (share_takes(c, CHANNEL_ALL, S("all"), art))
		add_channel(c, i, CHANNEL_ALL, S("all"), c->site.name);
	if (mark_is_member(c, &art->mark))
		add_channel(c, i, CHANNEL_SERIES, art->mark.key,
			art->mark.name);
	for (size_t k = 0; k < art->n_topics; k++)
		add_channel(c, i, CHANNEL_TOPIC, art->topics[k],
			art->topics[k]);
}

static void
decide_one(const struct config *c, struct batch *b, struct item *i)
{
	i->plan = (struct plan){ .change = CHANGE_NONE };
	if (i->fate == ITEM_GONE) {
		decide_gone(c, b, i);
		return;
	}
	if (i->fate == ITEM_TOUCHED)
		i->plan.release = i->prior.release;
	if (i->fate != ITEM_READ || !i->article)
		return;
	i->plan.correction = i->article->fields.correction.len ?
		hash64(i->article->fields.correction) : 0;
	if (is_hidden(b, i)) {
		decide_hidden(i);
		return;
	}
	if (i->prior.article_id)
		decide_known(b, i);
	else
		decide_new(b, i);
	choose_channels(c, b, i);
}

/* The series that the plan puts an article into; empty: none. */
static struct slice
series_of(const struct item *i)
{
	for (size_t k = 0; k < i->plan.n_channels; k++)
		if (i->plan.channels[k].kind == CHANNEL_SERIES)
			return i->plan.channels[k].key;
	return slice(NULL, 0);
}

/* By time, series, part; then by path, so that the order is total. */
static int
compare(const void *left, const void *right)
{
	const struct item *a = *(struct item *const *)left;
	const struct item *b = *(struct item *const *)right;
	int part_a = a->article->mark.number, part_b = b->article->mark.number;
	int order;

	if (a->plan.published != b->plan.published)
		return a->plan.published < b->plan.published ? -1 : 1;
	if ((order = slice_cmp(series_of(a), series_of(b))) != 0)
		return order;
	if (part_a != part_b)
		return part_a < part_b ? -1 : 1;
	return slice_cmp(a->path, b->path);
}

static bool
is_together(const struct item *a, const struct item *b)
{
	return a->plan.published == b->plan.published &&
		slice_eq(series_of(a), series_of(b));
}

/* One second apart, earlier rather than in the future. */
static void
spread(const struct batch *b, struct item **run, size_t n)
{
	int64_t first = run[0]->plan.published;

	first = MAX(0, MIN(first, b->now - (int64_t)(n - 1)));
	for (size_t i = 0; i < n; i++)
		set_new_dates(b, run[i], first + (int64_t)i);
}

/*
 * Parts of a series that come together with one time, as after a copy, are
 * put in the order of their parts.
 */
static void
order_parts(struct batch *b)
{
	struct item **new = ARENA_ARRAY(&b->arena, struct item *, b->n);
	size_t n = 0, from, to;

	for (size_t i = 0; i < b->n; i++)
		if (b->items[i].plan.change == CHANGE_NEW &&
			series_of(&b->items[i]).len > 0)
			new[n++] = &b->items[i];
	if (n > 1)
		qsort(new, n, sizeof(struct item *), compare);
	for (from = 0; from < n; from = to) {
		to = from + 1;
		while (to < n && is_together(new[from], new[to]))
			to++;
		if (to - from > 1)
			spread(b, new + from, to - from);
	}
}

void
series_decide(const struct config *c, struct batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		decide_one(c, b, &b->items[i]);
	order_parts(b);
}
