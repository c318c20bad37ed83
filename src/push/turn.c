/*
 * A turn: all that there is to write, in one job of the store; and what is to
 * be asked next.
 *
 *	ended inquiries, closed hosts, topics, requests --> committed
 *	rows that are due ---------------------------------> inquiries
 *
 * There is one turn at a time.  What comes meanwhile is written by the next
 * one, so a crowd costs few transactions; a turn that failed is tried again as
 * it was.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "push/hub_parts.h"

struct turn {
	struct store_job job;
	struct hub *hub;
	/* To be written: */
	bool begins;
	struct inquiry *ended;
	struct closed_host *closed;
	struct sweep *swept;
	struct intake *intake;
	struct hub_limits limits;
	bool expires;
	int64_t now, now_ms;
	size_t room;
	/* What came of it: */
	struct arena arena;
	struct hub_cursor cursor;
	struct pending *taken;
	size_t n_taken;
	int64_t next_due;
	size_t n_ignored, n_expired, n_denied;
	bool more;			/* there is more of the same to do */
};

/* ---- on the store's thread ---- */

/* Why, as far as it is kept. */
static void
keep_why(struct inquiry *i)
{
	size_t len = strnlen(i->why.text, PENDING_WHY_MAX - 1);

	memcpy(i->settled.why, i->why.text, len);
	i->settled.why[len] = '\0';
}

static int
settle_all(struct turn *t, struct store_tx *tx, struct err *e)
{
	const struct subscription_ops *ops = t->hub->ops;
	bool done;

	for (struct inquiry *i = t->ended; i; i = i->next) {
		keep_why(i);
		if (ops->settle(tx, &i->settled, &done, e) < 0)
			return -1;
		i->is_outdated = !done;
	}
	for (struct closed_host *c = t->closed; c; c = c->next)
		if (ops->postpone(tx, slice_str(c->name), c->until, e) < 0)
			return -1;
	return 0;
}

static int
change_topics(struct turn *t, struct store_tx *tx, struct err *e)
{
	const struct subscription_ops *ops = t->hub->ops;
	size_t n;

	for (size_t i = 0; t->swept && i < t->swept->n; i++) {
		const struct topic_change *c = &t->swept->list[i];

		if (c->feed_id > 0) {
			if (ops->move_topic(tx, c->topic_id, c->feed_id, e) < 0)
				return -1;
			continue;
		}
		if (ops->end_topic(tx, c->topic_id, c->reason, HUB_EXPIRE, &n,
			e) < 0)
			return -1;
		t->n_denied += n;
		t->more |= n == HUB_EXPIRE;
	}
	return 0;
}

static int
end_leases(struct turn *t, struct store_tx *tx, struct err *e)
{
	return !t->expires ? 0 : t->hub->ops->expire(tx, t->now, HUB_EXPIRE,
		&t->n_expired, e);
}

static int
write_all(struct turn *t, struct store_tx *tx, struct err *e)
{
	const struct subscription_ops *ops = t->hub->ops;

	if (t->begins && ops->begin(tx, &t->arena, &t->cursor, e) < 0)
		return -1;
	if (settle_all(t, tx, e) < 0 || change_topics(t, tx, e) < 0 ||
		end_leases(t, tx, e) < 0)
		return -1;
	if (t->intake && ops->accept(tx, t->intake->list, t->intake->n,
		&t->intake->cursor, &t->limits, &t->n_ignored, e) < 0)
		return -1;
	return ops->take(tx, t->now_ms, t->room, &t->arena, &t->taken,
		&t->n_taken, &t->next_due, e);
}

static void
run(struct store_job *j, struct store_tx *tx)
{
	struct turn *t = CONTAINER_OF(j, struct turn, job);

	if (write_all(t, tx, &j->failed) < 0)
		j->failed.kind = MAX(j->failed.kind, ERR_STORE);
}

/* ---- telling ---- */

struct tale {
	enum courier_news news;
	struct slice of, what;
	int64_t n;
	const struct err *why;
};

static void
tale_end(const struct hub *h, struct tale *t)
{
	if (t->n > 0)
		courier_tell(h->c, t->news, t->of, t->what, t->n, t->why);
	t->n = 0;
}

/* What came of an inquiry, if that is news. */
static bool
tale_of(const struct inquiry *i, struct tale *ret)
{
	*ret = (struct tale){ .of = i->what.url, .what = i->what.host,
		.n = 1, .why = i->why.kind == ERR_NONE ? NULL : &i->why };
	if (i->is_outdated)
		return false;
	if (i->settled.end == PENDING_DROPPED)
		ret->news = COURIER_UNVERIFIED;
	else if (i->settled.end == PENDING_VERIFIED)
		ret->news = i->what.mode == HUB_SUBSCRIBE ?
			COURIER_SUBSCRIBED : COURIER_UNSUBSCRIBED;
	else
		return false;
	/* A denial that is told was news when the topic ended. */
	return i->what.mode != HUB_DENIED || ret->why;
}

/* A crowd from one host is one line. */
static void
tell(const struct turn *t)
{
	const struct hub *h = t->hub;
	struct tale whole = { .n = 0 }, one;

	for (const struct inquiry *i = t->ended; i; i = i->next) {
		if (!tale_of(i, &one))
			continue;
		if (whole.n > 0 && one.news == whole.news &&
			slice_eq(one.of, whole.of) &&
			slice_eq(one.what, whole.what)) {
			whole.n++;
			continue;
		}
		tale_end(h, &whole);
		whole = one;
	}
	tale_end(h, &whole);
	tale_end(h, &(struct tale){ COURIER_UNSUBSCRIBED, S(""),
		S("the lease is over"), (int64_t)t->n_expired, NULL });
	tale_end(h, &(struct tale){ COURIER_UNSUBSCRIBED, S(""),
		S("the topic is over"), (int64_t)t->n_denied, NULL });
	tale_end(h, &(struct tale){ COURIER_UNVERIFIED, S(""),
		S("there was nothing to change, or too much of a host"),
		(int64_t)t->n_ignored, NULL });
}

/* ---- on the loop ---- */

void
turn_free(struct turn *t)
{
	if (!t)
		return;
	inquiries_free(t->ended);
	closed_hosts_free(t->closed);
	sweep_free(t->swept);
	intake_free(t->intake);
	arena_done(&t->arena);
	free(t);
}

static void
take_cursor(struct hub *h, const struct hub_cursor *c)
{
	struct arena old = h->memory;

	h->memory = (struct arena){ 0 };
	h->cursor = (struct hub_cursor){ arena_copy(&h->memory, c->stream),
		c->seq };
	arena_done(&old);
}

static void
go_on(struct hub *h, struct turn *t)
{
	int64_t now = clock_mono_ms();

	if (t->begins) {
		h->has_begun = true;
		take_cursor(h, &t->cursor);
	}
	if (t->intake) {
		take_cursor(h, &t->intake->cursor);
		h->is_reading = false;
	}
	if (t->n_expired == HUB_EXPIRE)
		h->next_expire = now;
	if (t->more)
		h->next_sweep = now;
	inquiries_free(TAKE(t->ended));
	/* Who stops leaves them taken, for the next one. */
	for (size_t i = 0; i < t->n_taken && !h->is_draining; i++)
		inquiry_begin(h, &t->taken[i]);
	hub_expect(h, t->next_due);
	if (t->begins || (t->intake && t->intake->n == HUB_READ) ||
		h->read_again)
		intake_read(h);
}

static void
done(struct store_job *j)
{
	struct turn *t = CONTAINER_OF(j, struct turn, job);
	struct hub *h = t->hub;

	h->jobs--;
	if (j->failed.kind != ERR_NONE) {
		/* The tick tries again. */
		hub_failed(h, &j->failed);
		h->turn_failed = true;
		return;
	}
	h->is_failing = false;
	h->turn = NULL;
	tell(t);
	go_on(h, t);
	turn_free(t);
	if (h->turn_wanted)
		turn_start(h);
}

/* With what time says now; what a failed try brought is forgotten. */
static void
submit(struct turn *t)
{
	struct hub *h = t->hub;

	arena_done(&t->arena);
	t->job = (struct store_job){ .run = run, .done = done };
	t->n_ignored = t->n_expired = t->n_denied = t->n_taken = 0;
	t->more = false;
	t->now = clock_now();
	t->now_ms = clock_now_ms();
	h->jobs++;
	h->c->ops->submit(h->c->store, &t->job);
}

static size_t
room(const struct hub *h)
{
	if (h->is_draining || h->n_asked >= HUB_ASKED_MAX)
		return 0;
	return MIN((size_t)HUB_TAKE, HUB_ASKED_MAX - h->n_asked);
}

/*
 * May leases end?  By a clock that jumped ahead all of them would, for good;
 * while it is not believed they only get nothing.
 */
static bool
lease_is_due(struct hub *h)
{
	int64_t now = clock_mono_ms();

	if (now < h->next_expire)
		return false;
	h->next_expire = now + HUB_EXPIRE_MS;
	return steady_look(&h->steady, clock_now_ms(),
		clock_running_ms()) == 0;
}

void
turn_start(struct hub *h)
{
	struct turn *t;

	h->turn_wanted = h->turn != NULL;
	if (h->turn)
		return;
	t = x_calloc(1, sizeof(*t));
	t->hub = h;
	t->begins = !h->has_begun;
	t->ended = TAKE(h->ended);
	h->ended_end = &h->ended;
	t->closed = TAKE(h->closed);
	t->swept = TAKE(h->swept);
	t->intake = TAKE(h->intake);
	t->limits = (struct hub_limits){ h->config->hub.max,
		h->config->hub.per_host };
	t->expires = lease_is_due(h);
	t->room = room(h);
	h->turn = t;
	submit(t);
}

void
turn_again(struct hub *h)
{
	h->turn_failed = false;
	submit(h->turn);
}
