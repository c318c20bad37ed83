/*
 * Lanes: for each target, what it may send now.
 *
 * A lane is kept when its target leaves the configuration: an errand may still
 * be on its way, and a reload may bring the target back.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "push/engine_parts.h"
#include "push/retry_after.h"

struct lane *
lane_find(struct engine *e, struct slice name)
{
	for (struct lane *l = e->lanes; l; l = l->next)
		if (slice_eq(slice_str(l->name), name))
			return l;
	return NULL;
}

static struct lane *
lane_named(struct engine *e, struct slice name)
{
	struct lane **at = &e->lanes, *known = lane_find(e, name);

	if (known)
		return known;
	while (*at)
		at = &(*at)->next;
	*at = x_calloc(1, sizeof(**at));
	(*at)->name = x_calloc(1, name.len + 1);
	memcpy((*at)->name, name.ptr, name.len);
	e->n_lanes++;
	return *at;
}

/*
 * Articles go one by one, so that they arrive in their order; documents of
 * feeds have nothing to do with each other.
 */
static unsigned
width_of(const struct target *t)
{
	return t->ops->can & CAN_TOPICS ? LANE_WIDTH_MAX : 1;
}

void
lanes_follow(struct engine *e)
{
	for (struct lane *l = e->lanes; l; l = l->next)
		l->target = NULL;
	for (size_t i = 0; i < e->config->n_targets; i++) {
		const struct target *t = &e->config->targets[i];
		struct lane *l = lane_named(e, t->name);

		l->target = t;
		l->width = width_of(t);
	}
	lanes_touch(e);
}

void
lanes_touch(struct engine *e)
{
	for (struct lane *l = e->lanes; l; l = l->next) {
		l->is_dirty = true;
		/* Its cap is looked at with the rest. */
		l->wait_until = 0;
	}
}

void
lane_mend(struct engine *e, struct slice name)
{
	struct lane *l = lane_find(e, name);

	if (!l)
		return;
	breaker_worked(&l->breaker);
	l->fetch_fails = 0;
	l->fetch_at = 0;
}

/*
 * A rest that is still on; one that seems longer than rests may be is over:
 * the clock went back meanwhile.
 */
static int64_t
rest_of(int64_t until, int64_t now, int64_t longest)
{
	return until > now && until - now <= longest ? until : 0;
}

/* When the next may go, ms; 0: now. */
static int64_t
wait_of(const struct lane *l, int64_t now)
{
	int64_t open = breaker_wait(&l->breaker, now);
	int64_t rate = rate_wait(&l->rate, &l->target->rate, now);
	int64_t rest = rest_of(l->rest_until, now, ENGINE_POLL_MS);
	int64_t fetch = rest_of(l->fetch_at, now, RETRY_AFTER_MAX_MS);
	int64_t limit = rest_of(l->limit_until, now, RETRY_AFTER_MAX_MS);

	return MAX(MAX(MAX(open, rate), MAX(rest, fetch)), limit);
}

unsigned
lane_room(const struct lane *l, int64_t now, int64_t *ret_wait)
{
	unsigned width = l->width;

	*ret_wait = 0;
	if (!l->target || l->is_holding || l->is_fetching)
		return 0;
	/* One to see whether it works; one to see when the next may go. */
	if (breaker_is_half_open(&l->breaker) || l->target->rate.n > 0)
		width = 1;
	if (l->n_errands >= width)
		return 0;
	*ret_wait = wait_of(l, now);
	return *ret_wait ? 0 : width - l->n_errands;
}

/* ---- holding ---- */

struct holding {
	struct engine_order order;
	struct lane *lane;
	struct err why;
};

static void
holding_done(struct engine_order *o)
{
	struct holding *h = CONTAINER_OF(o, struct holding, order);
	struct engine *e = o->engine;

	h->lane->is_holding = false;
	h->lane->is_dirty = true;
	if (o->failed.kind != ERR_NONE) {
		engine_failed(e, &o->failed);
		h->lane->rest_until = clock_now_ms() + ENGINE_POLL_MS;
	} else {
		h->lane->is_told = true;
		courier_tell(e->c, COURIER_TARGET_HELD, o->target, S(""), 0,
			&h->why);
	}
	free(h);
}

void
lane_hold(struct engine *e, struct lane *l, const struct err *why)
{
	struct holding *h = x_calloc(1, sizeof(*h));

	h->lane = l;
	h->why = *why;
	h->order = (struct engine_order){ .verb = ENGINE_HOLD,
		.target = slice_str(l->name), .why = slice_str(h->why.text),
		.done = holding_done };
	l->is_holding = true;
	engine_order(e, &h->order);
}

void
lanes_done(struct engine *e)
{
	while (e->lanes) {
		struct lane *l = e->lanes;

		e->lanes = l->next;
		free(l->name);
		free(l);
	}
}
