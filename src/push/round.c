/*
 * A round: one topic's version on its way around the ring.
 *
 * Pages of subscriptions are read by pool jobs, one ahead of what is sent.
 * What was taken from them and is not settled is the window, in the ring's
 * order; the cursor is just before its first.
 *
 * Who is under way with an older version, who has failed before, and whose
 * host is slow, gets a row instead of a flight: the window is for those who
 * answer.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "push/ring_parts.h"

/* ---- pages ---- */

struct page {
	struct job job;
	struct ring *ring;
	int64_t topic_id, after, upto;
	unsigned generation;
	size_t max;
	struct arena arena;
	struct subscriber *list;
	size_t n;
	struct err failed;
};

static void
page_free(struct page *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n; i++)
		explicit_bzero((char *)(uintptr_t)p->list[i].secret.ptr,
			p->list[i].secret.len);
	arena_done(&p->arena);
	free(p);
}

static void
read_run(struct job *j)
{
	struct page *p = CONTAINER_OF(j, struct page, job);
	struct courier *c = p->ring->c;
	struct store_reader *reader = c->ops->reader_take(c->store);

	p->failed = (struct err){ 0 };
	if (p->ring->ops->page(reader, p->topic_id, p->after, p->upto, p->max,
		&p->arena, &p->list, &p->n, &p->failed) < 0)
		p->n = 0;
	c->ops->reader_give(c->store, reader);
}

static struct round *
round_of(struct ring *r, int64_t topic_id)
{
	struct round *o = r->rounds;

	while (o && o->topic_id != topic_id)
		o = o->next;
	return o;
}

static void read_on(struct round *o);

static void
read_done(struct job *j)
{
	struct page *p = CONTAINER_OF(j, struct page, job);
	struct ring *r = p->ring;
	struct round *o;

	if (!ring_job_ended(r)) {
		page_free(p);
		return;
	}
	o = round_of(r, p->topic_id);
	if (!o || o->generation != p->generation) {
		page_free(p);
		return;
	}
	o->is_reading = false;
	if (p->failed.kind != ERR_NONE) {
		/* The tick feeds, and that reads again. */
		courier_tell(r->c, COURIER_STORE_FAILED, slice_str(o->url),
			S(""), 0, &p->failed);
		page_free(p);
		return;
	}
	walk_read(&o->walk, p->n, p->max, p->n ? p->list[p->n - 1].id : 0);
	o->is_dirty |= o->walk.over;
	if (o->page)
		o->ahead = p;
	else
		o->page = p;
	read_on(o);
	acks_touch(r);
	ring_feed(r);
}

/* Let one page be read ahead. */
static void
read_on(struct round *o)
{
	struct ring *r = o->ring;
	struct page *p;

	if (o->is_reading || o->ahead || o->walk.over || r->is_draining)
		return;
	p = x_calloc(1, sizeof(*p));
	p->job.run = read_run;
	p->job.done = read_done;
	p->ring = r;
	p->topic_id = o->topic_id;
	p->after = o->walk.read;
	p->upto = walk_upto(&o->walk);
	p->generation = o->generation;
	p->max = o->taken == 0 ? ROUND_FIRST_PAGE : ROUND_PAGE;
	o->is_reading = true;
	ring_job_begins(r);
	pool_submit(r->c->pool, &p->job, POOL_NOW);
}

/* The next subscription; NULL: it is being read, or there is none. */
static struct subscriber *
next_one(struct round *o)
{
	while (o->page && o->at == o->page->n) {
		page_free(o->page);
		o->page = TAKE(o->ahead);
		o->at = 0;
		read_on(o);
	}
	return o->page ? &o->page->list[o->at] : NULL;
}

/* ---- the window ---- */

static void
enter(struct round *o, struct flight *f)
{
	f->round = o;
	f->left = o->left;
	f->next = NULL;
	f->prev = o->last;
	if (o->last)
		o->last->next = f;
	else
		o->first = f;
	o->last = f;
}

void
round_leave(struct flight *f)
{
	struct round *o = f->round;

	if (!o)
		return;
	if (f->prev)
		f->prev->next = f->next;
	else
		o->first = f->next;
	if (f->next)
		f->next->prev = f->prev;
	else
		o->last = f->prev;
	f->round = NULL;
	o->left++;
	o->is_dirty = true;
}

void
round_look(struct round *o, int64_t now)
{
	struct flight *f = o->first, *next;

	for (; f && now - f->began > ROUND_SLOW_MS; f = next) {
		next = f->next;
		flight_step_aside(f);
	}
}

void
round_look_ahead(struct round *o)
{
	if (o->first && o->left - o->first->left > ROUND_AHEAD)
		flight_step_aside(o->first);
}

/* ---- sending ---- */

/*
 * Does it fail, or does somebody wait for it too long already?  Then it would
 * take the room of others.
 */
static bool
is_behind(const struct receiver *h)
{
	return receiver_is_slow(h) || (h->first &&
		clock_mono_ms() - h->first->began > ROUND_SLOW_MS);
}

/* Take the next one.  It may get a flight, a row, or nothing. */
static void
serve(struct round *o, const struct subscriber *s, struct issue *issue)
{
	struct ring *r = o->ring;
	struct flight *f = flight_find(r, s->id);
	int64_t version = o->walk.version;
	bool is_over = s->expires <= clock_now();
	struct receiver *host;

	o->walk.taken = s->id;
	o->taken++;
	o->is_dirty = true;
	if (is_over) {
		acks_count(r);
		return;
	}
	if (f)
		f->is_awaited = true;
	host = f || s->waits ? NULL : receiver_get(&r->receivers, s->host);
	if (!host || is_behind(host)) {
		ring_put_later(r, s->id, version);
		o->n_later++;
		return;
	}
	f = flight_begin(r, s, host, issue, version);
	/* An older version that failed may have left a row meanwhile. */
	f->has_row |= o->is_again;
	enter(o, f);
}

bool
round_feed(struct round *o)
{
	struct subscriber *s = next_one(o);
	struct issue *issue;
	bool gone;

	if (!s) {
		read_on(o);
		return false;
	}
	issue = shelf_get(o->ring, o->topic_id, slice_str(o->url), true,
		&gone);
	if (gone) {
		/* Nothing can be sent, so nothing is owed. */
		o->walk.over = true;
		page_free(TAKE(o->page));
		page_free(TAKE(o->ahead));
		o->is_dirty = true;
		acks_count(o->ring);
	}
	if (!issue)
		return false;
	o->at++;
	serve(o, s, issue);
	return true;
}

/* ---- its row ---- */

static bool
is_over(const struct round *o)
{
	return o->walk.over && !o->first && !o->ahead &&
		(!o->page || o->at == o->page->n);
}

bool
round_move(struct round *o, struct fanout_move *ret)
{
	if (!o->is_dirty || o->is_frozen || o->is_ending)
		return false;
	o->is_dirty = false;
	o->is_ending = is_over(o);
	*ret = (struct fanout_move){
		.topic_id = o->topic_id,
		.version = o->walk.version,
		.cursor = walk_cursor(&o->walk, o->first ? o->first->sub_id :
			0),
		.over = o->is_ending,
	};
	return true;
}

/* ---- life ---- */

/* What is on its way is none of the newer version's business. */
static void
let_go(struct round *o)
{
	struct flight *f;

	while ((f = o->first)) {
		f->is_outdated = true;
		round_leave(f);
	}
	page_free(TAKE(o->page));
	page_free(TAKE(o->ahead));
	o->at = 0;
}

static struct round *
round_new(struct ring *r, const struct fanout *f)
{
	struct round *o = x_calloc(1, sizeof(*o));

	o->ring = r;
	o->topic_id = f->topic_id;
	o->url = strndup(f->url.ptr, f->url.len);
	CHECK(o->url);
	o->next = r->rounds;
	r->rounds = o;
	r->n_rounds++;
	return o;
}

void
round_begin(struct ring *r, const struct fanout *f)
{
	struct round *o = round_of(r, f->topic_id);

	if (o ? o->walk.version >= f->version :
		r->n_rounds >= RING_ROUNDS_MAX)
		return;
	if (o) {
		let_go(o);
		o->is_again = true;
		o->is_dirty = o->is_ending = false;
		o->n_done = o->n_later = 0;
		o->taken = 0;
	} else {
		o = round_new(r, f);
		o->is_again = f->cursor != 0 || f->stop != 0;
	}
	o->is_reading = false;
	o->generation = ++r->generations;
	walk_begin(&o->walk, f);
	shelf_renew(r, o->topic_id);
	read_on(o);
	ring_work(r);
}

void
round_free(struct round *o)
{
	struct round **at = &o->ring->rounds;

	while (*at != o)
		at = &(*at)->next;
	*at = o->next;
	o->ring->n_rounds--;
	if (o->ring->turn == o)
		o->ring->turn = NULL;
	let_go(o);
	free(o->url);
	free(o);
}
