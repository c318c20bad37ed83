/*
 * Picking: what is due, of every lane that may send, and what the guards say.
 *
 * A row may be picked that has just begun: the lane knows its errands, and the
 * store begins nothing twice.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "push/backfill.h"
#include "push/engine_parts.h"
#include "push/route.h"

enum { PICK_MAX = 500 };

/* What is read for one lane. */
struct picked {
	struct lane *lane;
	const struct target *target;
	unsigned room, begun;		/* as the lane was */
	int64_t under_way[LANE_WIDTH_MAX];
	/* Found: */
	bool is_there;
	struct outbox_target known;
	struct outbox_row *rows;
	size_t n;
	int64_t wait_until;	/* cap or pace */
	bool has_blown;		/* the fuse */
};

struct pick {
	struct job job;
	struct engine *engine;
	struct config *config;
	struct arena arena;
	int64_t now;
	struct picked *list;
	size_t n;
	int64_t next_due;
	struct err failed;
};

/* ---- on a pool thread ---- */

/* What is left of a quota, and when there is more. */
struct left {
	int64_t n, ends;
};

/* What is left of all of them. */
struct room {
	struct left fuse, cap, pace;
};

/* Of a quota; what started before `from` does not count. */
static int
read_left(const struct pick *p, const struct picked *k,
	struct store_reader *r, const struct quota *q, int64_t from,
	struct left *ret, struct err *e)
{
	struct outbox_starts s = { 0 };

	if (q->n > 0 && p->engine->outbox->starts(r, k->known.id,
		MAX(p->now - q->ms, from), &s, e) < 0)
		return -1;
	ret->n = backfill_left(q, &s, k->begun);
	ret->ends = (s.n ? s.first : p->now) + q->ms;
	return 0;
}

static int
read_room(const struct pick *p, const struct picked *k,
	struct store_reader *r, struct room *ret, struct err *e)
{
	const struct target *t = k->target;
	/* It may have been mended by a clock that was ahead. */
	int64_t mended = k->known.fuse_from <= p->now ?
		k->known.fuse_from : 0;

	if (read_left(p, k, r, &t->fuse, mended, &ret->fuse, e) < 0 ||
		read_left(p, k, r, &t->cap, 0, &ret->cap, e) < 0)
		return -1;
	return read_left(p, k, r, &t->pace, 0, &ret->pace, e);
}

static bool
is_among(const int64_t ids[static LANE_WIDTH_MAX], int64_t id)
{
	for (size_t i = 0; i < LANE_WIDTH_MAX; i++)
		if (ids[i] == id)
			return true;
	return false;
}

/* The one that makes wait, the longest first; NULL: none does. */
static const struct left *
holding_back(const struct room *room)
{
	if (room->cap.n == 0)
		return &room->cap;
	return room->pace.n == 0 ? &room->pace : NULL;
}

/*
 * Keep what may go now.  Cap and pace come first: what waits for another day,
 * or its turn, blows no fuse.
 */
static void
guard(struct picked *k, struct room *room)
{
	size_t good = 0;

	for (size_t i = 0; i < k->n && !k->has_blown; i++) {
		if (is_among(k->under_way, k->rows[i].id))
			continue;
		if (!backfill_counts(&k->rows[i])) {
			k->rows[good++] = k->rows[i];
			continue;
		}
		if (holding_back(room)) {
			k->wait_until = holding_back(room)->ends;
			continue;
		}
		k->has_blown = room->fuse.n == 0;
		if (k->has_blown)
			continue;
		room->cap.n--;
		room->pace.n--;
		room->fuse.n--;
		k->rows[good++] = k->rows[i];
	}
	k->n = good;
}

static int
pick_lane(struct pick *p, struct picked *k, const struct outbox_target *known,
	struct store_reader *r, struct err *e)
{
	struct outbox_due due = { .target_id = known->id, .now = p->now,
		.max = k->room + LANE_WIDTH_MAX,
		.asks = k->target->ops->can & CAN_READ_BACK };
	struct room room;

	k->is_there = true;
	k->known = *known;
	if (known->state != TARGET_ACTIVE)
		return 0;
	if (read_room(p, k, r, &room, e) < 0)
		return -1;
	/* Behind those that wait may be what somebody asked for. */
	if (holding_back(&room))
		due.max = PICK_MAX;
	if (p->engine->outbox->due(r, &due, &p->arena, &k->rows, &k->n,
		e) < 0)
		return -1;
	guard(k, &room);
	return 0;
}

static int
pick_all(struct pick *p, struct store_reader *r, struct err *e)
{
	const struct outbox_ops *o = p->engine->outbox;
	struct outbox_target *known;
	size_t n;

	if (o->targets(r, &p->arena, &known, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < p->n; i++) {
		const struct outbox_target *k = route_known(known, n,
			slice_str(p->list[i].lane->name));

		if (k && pick_lane(p, &p->list[i], k, r, e) < 0)
			return -1;
	}
	return o->next_due(r, p->now, &p->next_due, e);
}

static void
pick_run(struct job *j)
{
	struct pick *p = CONTAINER_OF(j, struct pick, job);
	const struct courier *c = p->engine->c;
	struct store_reader *r = c->ops->reader_take(c->store);

	if (pick_all(p, r, &p->failed) < 0)
		err_in(&p->failed, "reading the outbox");
	c->ops->reader_give(c->store, r);
}

/* ---- on the loop ---- */

static void
hold_blown(struct engine *e, const struct picked *k)
{
	const struct quota *q = &k->target->fuse;
	struct err why;

	err_set(&why, ERR_LIMIT, "the fuse: more than %jd in %jd s",
		(intmax_t)q->n, (intmax_t)q->ms / 1000);
	err_hint(&why, "If all of it is news, \"gazettectl resume %s\".",
		k->lane->name);
	lane_hold(e, k->lane, &why);
}

/* It was held, or is back, since the lane last knew. */
static void
follow_state(struct engine *e, struct lane *l,
	const struct outbox_target *known)
{
	bool is_held = known->state != TARGET_ACTIVE;

	if (l->n_errands == 0)
		l->breaker = (struct breaker){ known->fails,
			known->open_until };
	if (l->is_told && !is_held)
		courier_tell(e->c, COURIER_TARGET_BACK, known->name, S(""), 0,
			NULL);
	l->is_told = is_held;
}

static void
begin_picked(struct engine *e, const struct picked *k, int64_t now)
{
	struct lane *l = k->lane;
	int64_t wait;

	if (!k->is_there)
		return;
	follow_state(e, l, &k->known);
	l->wait_until = k->wait_until;
	for (size_t i = 0; i < k->n && lane_room(l, now, &wait) > 0; i++)
		errand_begin(e, l, &k->rows[i]);
	if (k->has_blown)
		hold_blown(e, k);
}

static void
pick_free(struct pick *p)
{
	config_unref(p->config);
	arena_done(&p->arena);
	free(p);
}

static void
pick_done(struct job *j)
{
	struct pick *p = CONTAINER_OF(j, struct pick, job);
	struct engine *e = p->engine;

	engine_job_ended(e);
	e->is_picking = false;
	if (p->failed.kind != ERR_NONE) {
		engine_failed(e, &p->failed);
		lanes_touch(e);
	} else if (engine_may_send(e) && p->config == e->config) {
		e->next_due = p->next_due;
		for (size_t i = 0; i < p->n; i++)
			begin_picked(e, &p->list[i], p->now);
		engine_expect(e);
	} else
		lanes_touch(e);
	if (e->pick_again)
		engine_pick(e);
	pick_free(p);
}

/* The lanes that may send, and where something may be due. */
static void
list_lanes(struct engine *e, struct pick *p)
{
	p->list = ARENA_ARRAY(&p->arena, struct picked, e->n_lanes);
	for (struct lane *l = e->lanes; l; l = l->next) {
		int64_t wait;
		unsigned room = lane_room(l, p->now, &wait);

		if (!l->is_dirty || room == 0)
			continue;
		l->is_dirty = false;
		p->list[p->n] = (struct picked){ .lane = l,
			.target = l->target, .room = room,
			.begun = l->unbegun };
		memcpy(p->list[p->n++].under_way, l->errands,
			sizeof(l->errands));
	}
}

void
engine_pick(struct engine *e)
{
	struct pick *p;

	e->pick_again = e->is_picking;
	if (e->is_picking || !engine_may_send(e) || !e->is_recovered ||
		!engine_believes_clock(e))
		return;
	p = x_calloc(1, sizeof(*p));
	p->job.run = pick_run;
	p->job.done = pick_done;
	p->engine = e;
	p->config = config_ref(e->config);
	p->now = clock_now_ms();
	list_lanes(e, p);
	if (p->n == 0) {
		pick_free(p);
		engine_expect(e);
		return;
	}
	e->is_picking = true;
	engine_job_begins(e);
	pool_submit(e->c->pool, &p->job, POOL_NOW);
}
