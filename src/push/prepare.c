/*
 * Preparing: a row of the outbox becomes a delivery, with all that its target
 * may see, and that becomes a request.
 *
 * What happened meanwhile is seen here: an article that was withdrawn is not
 * published any more, one that was edited is told as it is now.
 */
#include "base/hash.h"
#include "model/access.h"
#include "push/backfill.h"
#include "push/engine_parts.h"
#include "push/fence.h"
#include "push/picture_choose.h"
#include "push/route.h"

/* ---- reasons not to send ---- */

static int
skip(struct prepared *p, const char *why)
{
	p->is_settled = p->is_skipped = true;
	err_set(&p->why, ERR_REFUSED, "%s", why);
	return 0;
}

static int
give_up(struct prepared *p, struct verdict v, const struct err *why)
{
	p->is_settled = true;
	p->verdict = v;
	p->why = *why;
	return 0;
}

/* ---- what is read ---- */

static int
read_article(const struct prepare *c, struct prepared *p,
	struct store_reader *r, struct arena *a, struct err *e)
{
	const struct store_ops *ops = c->courier->ops;
	struct delivery *d = &p->delivery;
	struct entry *entry = ARENA_NEW(a, struct entry);
	struct feed *feeds;
	size_t n;

	if (ops->entry_by_id(r, p->row.plan.article_id, a, entry, e) < 0)
		return err_forgive(e, ERR_MISSING) < 0 ? -1 :
			skip(p, "press.db does not know the article any more");
	if (ops->feeds_of(r, entry->article_id, a, &feeds, &n, e) < 0)
		return -1;
	d->entry = entry;
	d->channels = feeds;
	d->n_channels = feeds_keep_public(c->config, feeds, n);
	return 0;
}

static int
read_feed(const struct prepare *c, struct prepared *p,
	struct store_reader *r, struct arena *a, struct err *e)
{
	const struct store_ops *ops = c->courier->ops;
	struct delivery *d = &p->delivery;
	struct feed *f = ARENA_NEW(a, struct feed);
	struct series_info *s = ARENA_NEW(a, struct series_info);

	if (ops->feed(r, p->row.plan.feed_id, a, f, e) < 0)
		return err_forgive(e, ERR_MISSING) < 0 ? -1 :
			skip(p, "press.db does not know the feed any more");
	d->feed = f;
	if (channel_is_private(c->config, f))
		return skip(p, "the channel is private now");
	if (f->kind != CHANNEL_SERIES)
		return 0;
	if (ops->series_named(r, f->slug, f->key, a, s, e) < 0)
		return err_forgive(e, ERR_MISSING);
	d->series = s;
	return 0;
}

static enum delivery_subject
subject_of(const struct outbox_planned *p)
{
	if (p->article_id > 0)
		return DELIVER_ARTICLE;
	if (p->feed_id == 0)
		return DELIVER_PING;
	return slice_find(p->subject, S("://"), 0) < 0 ? DELIVER_FEED :
		DELIVER_TOPIC;
}

static int
read_cursor(const struct courier *k, struct arena *a,
	struct outbox_cursor *ret, struct err *e)
{
	struct store_reader *r = k->ops->reader_take(k->store);
	struct slice ignored;
	int n = outbox_sqlite.cursor(r, a, ret, &ignored, e);

	k->ops->reader_give(k->store, r);
	return n;
}

/*
 * Is it the press.db whose numbers the row has?  In one that is being mended,
 * or was replaced a moment ago, they mean nothing, or another article.
 */
static int
check_press(const struct courier *k, struct store_reader *press,
	const struct outbox_cursor *planned, struct arena *a, struct err *e)
{
	struct fence f = { .cursor = *planned };

	if (k->ops->announced(press, a, &f.last, &f.stream, e) < 0)
		return -1;
	if (f.stream.len == 0)
		return err_set(e, ERR_STORE, "there is none");
	return fence_is_anew(&f) ? err_set(e, ERR_STORE, "it is another one") :
		0;
}

static int
read_subject(const struct prepare *c, struct prepared *p, struct arena *a,
	struct err *e)
{
	const struct courier *k = c->courier;
	struct outbox_cursor planned;
	struct store_reader *r;
	int ret;

	if (p->delivery.subject == DELIVER_PING)
		return 0;
	/* Its number was another article's (outbox_ops.retire). */
	if (slice_find_byte(p->row.plan.subject, ' ') >= 0)
		return skip(p, "it is of a press.db that is gone");
	/* Before press.db, which then has at least as much. */
	if (read_cursor(k, a, &planned, e) < 0)
		return -1;
	r = k->ops->reader_take(k->press);
	ret = p->row.id > 0 ? check_press(k, r, &planned, a, e) : 0;
	if (ret == 0 && p->delivery.subject == DELIVER_ARTICLE)
		ret = read_article(c, p, r, a, e);
	else if (ret == 0)
		ret = read_feed(c, p, r, a, e);
	k->ops->reader_give(k->press, r);
	return ret < 0 ? err_in(e, "reading press.db") : 0;
}

/* What the target calls the articles that this one leads to. */
static int
read_links(const struct prepare *c, struct prepared *p, struct arena *a,
	struct err *e)
{
	const struct courier *k = c->courier;
	const struct entry *entry = p->delivery.entry;
	struct store_reader *r;
	struct slice *links;
	int ret = 0;

	if (!entry || !(c->target->ops->can & CAN_LINK))
		return 0;
	links = ARENA_ARRAY(a, struct slice, entry->n_related);
	r = k->ops->reader_take(k->store);
	for (size_t i = 0; i < entry->n_related && ret == 0; i++)
		if (entry->related[i].article_id)
			ret = outbox_sqlite.told(r, p->row.plan.target_id,
				route_article_subject(
				entry->related[i].article_id, a), a,
				&links[i], e);
	k->ops->reader_give(k->store, r);
	p->delivery.links = links;
	return ret;
}

static int
read_keys(const struct prepare *c, struct prepared *p, struct arena *a,
	struct err *e)
{
	struct delivery *d = &p->delivery;
	struct keys *k = &p->keys;
	bool good;

	if (keys_read(c->courier, c->config->courier.credentials, d, k, a,
		e) < 0)
		return -1;
	if (!push_keeps_token(c->target))
		return 0;
	good = keys_are_good(k, c->now_ms);
	d->token = good ? &k->token : c->is_preview ? keys_stand_in(k, a) :
		NULL;
	p->needs_token = d->token == NULL;
	return 0;
}

/*
 * What it is to show.  A file that cannot be read is no fault of a database:
 * the delivery is tried again, and others go on meanwhile.
 */
static int
read_pictures(const struct prepare *c, struct prepared *p, struct arena *a,
	struct err *e)
{
	const struct courier *k = c->courier;
	struct picture_choose how = { .target_id = p->row.plan.target_id };
	struct picture_wish w = { 0 };
	struct err why = { 0 };
	int ret;

	if (!c->target->ops->pictures || !p->delivery.entry || p->asks)
		return 0;
	c->target->ops->pictures(&p->delivery, &w);
	if (w.max == 0)
		return 0;
	how.store = k->ops->reader_take(k->store);
	ret = picture_choose(&how, &p->delivery, &w, a, &why);
	k->ops->reader_give(k->store, how.store);
	if (ret == 0)
		return 0;
	err_in(&why, "reading a picture");
	if (why.kind != ERR_STORE)
		return give_up(p, verdict_retry(0), &why);
	*e = why;
	return -1;
}

/* ---- filling ---- */

/* A preview of what was sent is given the same chance. */
static uint64_t
chance_of(const struct outbox_row *row, unsigned attempt)
{
	uint64_t h = hash64_mix(0, row->plan.uid);

	h = hash64_mix(h, slice((const char *)&row->step, sizeof(row->step)));
	return hash64_mix(h, slice((const char *)&attempt, sizeof(attempt)));
}

static bool
is_waiting(enum outbox_state state)
{
	return state == OUTBOX_PLANNED || state == OUTBOX_READY ||
		state == OUTBOX_HELD;
}

static void
fill(const struct prepare *c, struct prepared *p)
{
	const struct outbox_row *row = &p->row;
	struct delivery *d = &p->delivery;
	bool was_sent = c->is_preview && !is_waiting(row->plan.state);
	unsigned tries = (unsigned)row->tries;

	*d = (struct delivery){
		.config = c->config,
		.target = c->target,
		.subject = subject_of(&row->plan),
		.revision = row->plan.revision,
		.seq = row->plan.seq,
		.id = row->plan.uid,
		.attempt = was_sent ? MAX(tries, 1) : tries + 1,
		.step = (unsigned)row->step,
		.memo = row->step == 0 && row->memo.len == 0 ? row->told :
			row->memo,
		.at = row->plan.at,
		.now_ms = was_sent && row->started ? row->started : c->now_ms,
		.topic = row->plan.subject,
	};
	/* What it is called there was learned from the answer. */
	if (was_sent && row->plan.state == OUTBOX_DONE)
		d->memo = row->told;
	if (!delivery_action_parse(row->plan.action, &d->action))
		d->action = ACTION_PUBLISHED;
	d->chance = chance_of(row, d->attempt);
}

static void
judge_article(const struct prepare *c, struct prepared *p)
{
	const struct delivery *d = &p->delivery;
	bool is_gone = d->entry->state == STATE_WITHDRAWN;

	if (is_gone && d->action != ACTION_WITHDRAWN)
		skip(p, "it was withdrawn meanwhile");
	else if (!is_gone && d->action == ACTION_WITHDRAWN)
		skip(p, "it is back");
	else if (!is_gone && d->n_channels == 0)
		skip(p, "it is in no public channel any more");
	else if (!p->row.plan.asked && p->row.started == 0 && !is_gone &&
		backfill_is_stale(c->target, p->row.plan.at, c->now_ms))
		skip(p, "it waited for longer than the target's max-age");
}

static int
compose(struct prepared *p, struct arena *a)
{
	struct err why;
	int ret;

	ret = p->asks ? push_ask(&p->delivery, a, &p->request, &why) :
		push_compose(&p->delivery, a, &p->request, &why);
	if (ret == 0)
		return 0;
	return give_up(p, why.kind == ERR_CONFIG ? verdict_hold() :
		verdict_reject(), &why);
}

int
prepare_delivery(const struct prepare *c, struct prepared *p,
	struct arena *a, struct err *e)
{
	fill(c, p);
	if (read_subject(c, p, a, e) < 0)
		return -1;
	/* What is in doubt is asked about, and what was sent is shown. */
	if (!p->is_settled && p->delivery.entry &&
		is_waiting(p->row.plan.state))
		judge_article(c, p);
	if (p->is_settled)
		return 0;
	p->asks = p->row.plan.state == OUTBOX_UNKNOWN && !c->is_preview;
	if (read_keys(c, p, a, e) < 0 || read_pictures(c, p, a, e) < 0 ||
		read_links(c, p, a, e) < 0)
		return -1;
	return p->is_settled || p->needs_token ? 0 : compose(p, a);
}

void
prepared_done(struct prepared *p)
{
	keys_done(&p->keys);
	request_done(&p->request);
}
