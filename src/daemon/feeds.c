/*
 * The feeds as the loop knows them: which units are dirty, and when each is
 * rendered and published (states and invariants: feeds.h; a unit: unit.h).
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/event.h"
#include "daemon/flow.h"
#include "daemon/moved.h"
#include "daemon/trees.h"
#include "daemon/unit.h"
#include "feed/render.h"

enum {
	COLD_PATIENCE_MS = 2000,	/* between renders under a long scan */
	RETRY_S = 5,			/* after a failed publication */
	RUNS_MAX = 6,			/* keeps two to five threads busy */
	TOGETHER_MAX = 8,		/* cold units in one run */
};

/* ---- units ---- */

static struct slice
key_slice(const struct unit_key *key)
{
	return slice((const char *)key, sizeof(*key));
}

static struct unit *
find_unit(const struct feeds *f, int64_t feed_id, int page)
{
	const struct unit_key key = { feed_id, page };

	return table_get(&f->by_key, key_slice(&key));
}

struct unit *
feeds_unit(struct feeds *f, int64_t feed_id, int page)
{
	struct unit *u = find_unit(f, feed_id, page);

	if (u)
		return u;
	u = x_calloc(1, sizeof(*u));
	u->key = (struct unit_key){ feed_id, page };
	u->feed.kind = CHANNEL_SERIES;	/* a guess until it is loaded */
	table_set(&f->by_key, key_slice(&u->key), u);
	f->status.feeds += page == 0;
	return u;
}

/* ---- rendering ---- */

static int
priority(const struct unit *u)
{
	static const int order[] = { [CHANNEL_SERIES] = 0,
		[CHANNEL_TOPIC] = 1, [CHANNEL_ALL] = 2 };

	if (u->key.page > 0 && !u->hot)
		return PAGES_LAST;
	return order[u->feed.kind] + (u->hot ? 0 : FIRST_COLD);
}

static void
dequeue(struct feeds *f, struct unit *u)
{
	if (!u->link)
		return;
	*u->link = u->next;
	if (u->next)
		u->next->link = u->link;
	else
		for (int p = 0; p < PRIORITIES; p++)
			if (f->queues[p].tail == &u->next)
				f->queues[p].tail = u->link;
	u->link = NULL;
}

void
feeds_enqueue(struct feeds *f, struct unit *u)
{
	struct queue *q = &f->queues[priority(u)];

	if (u->link || u->rendering || u->squeezing || !u->dirty || u->gone)
		return;
	u->next = NULL;
	u->link = q->tail;
	*q->tail = u;
	q->tail = &u->next;
}

static void
publication_failed(struct feeds *f, struct unit *u, const struct err *e)
{
	if (!f->status.failing)
		event_err(EV_PUBLISH_FAILED, "feed", slice_str(
			u->shown[0].address ? u->shown[0].address : "?"), e);
	f->status.failing = true;
	f->status.why = *e;
	if (!u->dirty)
		f->n_dirty++;
	u->dirty = u->force = true;
	feeds_pump_later(f);
}

/* ---- what is no feed any more ---- */

static void
drop_unit(struct feeds *f, struct unit *u)
{
	if (u->gone)
		return;
	dequeue(f, u);
	f->n_dirty -= u->dirty;
	u->dirty = u->hot = false;
	u->gone = true;
	squeeze_forget(f, u);
	copies_drop(f, u);
}

void
feeds_drop(struct feeds *f, int64_t id)
{
	struct unit *u = find_unit(f, id, 0);

	for (int page = 1; u; page++) {
		drop_unit(f, u);
		u = find_unit(f, id, page);
	}
}

/* The end of a unit's job, whichever way it went. */
static void
job_end(struct feeds *f, struct unit *u, struct render_job *r)
{
	u->rendering = false;
	f->n_rendering--;
	f->n_runs -= !r->next;
	/* By a configuration that is not in force any more. */
	if (r->epoch != f->press->epoch && render_is_done(r))
		trees_part_feed(f->press, &r->feed);
	if (u->gone) {
		moved_tidy(f->press);
	} else if (r->failed.kind != ERR_NONE) {
		publication_failed(f, u, &r->failed);
	} else {
		f->status.failing = false;
		f->status.rendered++;
		memcpy(u->told, r->publication.copies, sizeof(u->told));
		commit_add(f, &r->publication, r->hot);
		/* Marked meanwhile; what failed waits for the timer. */
		feeds_enqueue(f, u);
		for (int k = 0; renderers[k]; k++) {
			/* What is put again loses its other codings. */
			if (r->force)
				u->shown[k].squeezed = false;
			squeeze_note(f, &u->shown[k]);
		}
	}
	commit_start(f);
	render_free(r);
	feeds_pump(f);
}

static void
publish_done(struct job *j)
{
	struct render_job *r = CONTAINER_OF(j, struct render_job, job);
	struct feeds *f = r->press->feeds;
	struct unit *u = feeds_unit(f, r->feed_id, r->page);

	/* Who came since it was rendered, and found it in neither place. */
	for (int k = 0; renderers[k]; k++)
		copies_answer(&u->shown[k], r->docs[k]);
	job_end(f, u, r);
}

/* What HTTP readers get from now on. */
static void
show(struct feeds *f, struct unit *u, const struct render_job *r)
{
	if (!u->gone)
		copies_learn(f, u, &r->feed);
	if (!u->gone && r->page == 0 && r->feed.archived)
		copies_learn_pages(f, &r->feed);
	for (int k = 0; renderers[k]; k++) {
		struct shown *s = &u->shown[k];

		/* The same bytes, and a body less. */
		if (r->force && s->doc)
			copies_replace(f, s, s->doc, r->docs[k]);
		copies_show(f, s, r->docs[k],
			s->waiters || s->doc || (r->hot && !u->gone));
	}
}

static void
rendered(struct feeds *f, struct render_job *r)
{
	struct unit *u = feeds_unit(f, r->feed_id, r->page);

	f->n_small -= u->small;
	if (!render_is_done(r)) {
		for (int k = 0; renderers[k]; k++)
			copies_answer(&u->shown[k], NULL);
		job_end(f, u, r);
		return;
	}
	show(f, u, r);
	if (!r->hot || !render_is_news(r)) {
		job_end(f, u, r);
		return;
	}
	r->job.run = publish_run;
	r->job.done = publish_done;
	pool_submit(f->press->pool, &r->job, POOL_LATER);
	feeds_pump(f);
}

static void
render_done(struct job *j)
{
	struct render_job *r = CONTAINER_OF(j, struct render_job, job), *next;
	struct feeds *f = r->press->feeds;

	for (; r; r = next) {
		next = r->next;
		rendered(f, r);
	}
}

/* A clean unit now; what marks it from here on has it rendered again. */
static struct render_job *
render_new(struct feeds *f, struct unit *u)
{
	struct render_job *r = x_calloc(1, sizeof(*r));

	r->job.run = render_run;
	r->job.done = render_done;
	r->press = f->press;
	r->config = config_ref(f->press->config);
	r->epoch = f->press->epoch;
	r->feed_id = u->key.feed_id;
	r->page = (int)u->key.page;
	for (int k = 0; k < FEED_FORMATS_MAX; k++) {
		r->old[k] = u->told[k];
		/* Readers over HTTP may have had a later date already. */
		r->old[k].mtime = MAX(u->told[k].mtime,
			u->shown[k].copy.mtime);
	}
	r->force = u->force;
	r->hot = u->hot;
	u->rendering = true;
	f->n_small += u->small;
	u->dirty = u->force = u->hot = false;
	f->n_dirty--;
	f->n_rendering++;
	return r;
}

/* Render the first of a queue; of a long cold one, the first few. */
static void
run_start(struct feeds *f, int p)
{
	size_t n = p < FIRST_COLD ? 1 :
		MIN(1 + f->n_dirty / TOGETHER_MAX, (size_t)TOGETHER_MAX);
	struct render_job *first = NULL, **end = &first;
	struct unit *u;

	for (; n > 0 && (u = f->queues[p].head); n--) {
		dequeue(f, u);
		u->small = p == 0;
		*end = render_new(f, u);
		end = &(*end)->next;
	}
	f->n_runs++;
	pool_submit(p == 0 ? f->press->pool : f->press->patient, &first->job,
		POOL_SOON);
}

/*
 * Under a long scan each batch touches the same large feeds: rendering them
 * every time would cost more than the scan.  They wait for its end, or for
 * two seconds.
 */
static bool
cold_may_start(struct feeds *f)
{
	return !flow_busy(f->press->flow) ||
		clock_mono_ms() - f->last_cold > COLD_PATIENCE_MS;
}

void
feeds_pump(struct feeds *f)
{
	bool cold = cold_may_start(f);

	/* The first scan is published at its end, when its log has numbers. */
	if (f->press->stopping || flow_adopting(f->press->flow))
		return;
	/*
	 * A series that somebody waits for is rendered in a tenth of the time
	 * of a long feed: no long one begins beside it and takes its core.
	 */
	for (int p = 0; p < (cold ? PRIORITIES : FIRST_COLD); p++)
		while (f->n_runs < RUNS_MAX && f->queues[p].head &&
			(p == 0 || f->n_small == 0))
			run_start(f, p);
	if (cold)
		f->last_cold = clock_mono_ms();
	squeeze_pump(f);
}

void
feeds_mark_unit(struct feeds *f, struct unit *u, bool hot)
{
	if (u->gone)
		return;
	if (!u->dirty)
		f->n_dirty++;
	u->dirty = true;
	if (hot && !u->hot)
		dequeue(f, u);
	u->hot = u->hot || hot;
	feeds_enqueue(f, u);
}

void
feeds_mark(struct feeds *f, const struct batch *b, bool hot)
{
	for (size_t i = 0; i < b->n_feeds; i++)
		feeds_mark_unit(f, feeds_unit(f, b->feeds[i], 0), hot);
	for (size_t i = 0; i < b->n_pages; i++)
		feeds_mark_unit(f, feeds_unit(f, b->pages[i].feed_id,
			b->pages[i].page), hot);
}

static bool
is_pending(const struct unit *u)
{
	return u && (u->dirty || u->rendering);
}

size_t
feeds_pending(const struct feeds *f, const struct batch *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n_feeds; i++)
		n += is_pending(find_unit(f, b->feeds[i], 0));
	for (size_t i = 0; i < b->n_pages; i++)
		n += is_pending(find_unit(f, b->pages[i].feed_id,
			b->pages[i].page));
	return n;
}

bool
feeds_idle(const struct feeds *f)
{
	return f->n_dirty + f->n_rendering + f->n_committing == 0;
}

void
feeds_move(struct feeds *f, int64_t id)
{
	struct unit *u = find_unit(f, id, 0);

	for (int page = 1; u; page++) {
		copies_forget(f, u);
		u->force = true;
		feeds_mark_unit(f, u, true);
		u = find_unit(f, id, page);
	}
}

static void
on_retry(struct ev_loop *loop, ev_timer *w, int events)
{
	struct feeds *f = w->data;
	size_t at = 0;
	void *u;

	(void)loop;
	(void)events;
	while (table_next(&f->by_key, &at, &u))
		feeds_enqueue(f, u);
	feeds_pump(f);
}

void
feeds_pump_later(struct feeds *f)
{
	if (!ev_is_active(&f->retry))
		ev_timer_set(&f->retry, RETRY_S, 0.);
	ev_timer_start(f->press->loop, &f->retry);
}

void
feeds_mark_all(struct feeds *f)
{
	size_t at = 0;
	void *u;

	while (table_next(&f->by_key, &at, &u))
		feeds_mark_unit(f, u, false);
	feeds_pump(f);
}

static size_t
count_formats(void)
{
	size_t n = 0;

	while (renderers[n])
		n++;
	return n;
}

size_t
feeds_rebuild(struct feeds *f, int64_t feed_id)
{
	size_t at = 0, n = 0;
	void *v;

	/* What was rendered before is not looked for: it may be wrong. */
	f->press->epoch++;
	while (table_next(&f->by_key, &at, &v)) {
		struct unit *u = v;

		if (u->gone || (feed_id && u->key.feed_id != feed_id))
			continue;
		u->force = true;
		feeds_mark_unit(f, u, feed_id != 0);
		n++;
	}
	feeds_pump(f);
	return n * count_formats();
}

size_t
feeds_unpublished(const struct feeds *f, int64_t feed_id)
{
	size_t at = 0, n = 0;
	void *v;

	if (!feed_id)
		return (f->n_dirty + f->n_rendering + f->n_committing) *
			count_formats();
	while (table_next(&f->by_key, &at, &v))
		n += ((struct unit *)v)->key.feed_id == feed_id &&
			is_pending(v);
	return n * count_formats();
}

/* ---- life ---- */

struct feeds *
feeds_new(struct press *p)
{
	struct feeds *f = x_calloc(1, sizeof(*f));

	f->press = p;
	for (int i = 0; i < PRIORITIES; i++)
		f->queues[i].tail = &f->queues[i].head;
	ev_timer_init(&f->retry, on_retry, RETRY_S, 0.);
	f->retry.data = f;
	return f;
}

/* What the store says of a unit; mark it, if not all of it is published. */
static void
load_unit(struct feeds *f, struct unit *u, const struct feed *head,
	const struct copy *copies, bool published)
{
	copies_learn(f, u, head);
	memcpy(u->told, copies, sizeof(u->told));
	for (int k = 0; renderers[k]; k++) {
		u->shown[k].copy = copies[k];
		f->status.last_published = MAX(f->status.last_published,
			copies[k].mtime);
		/* A format that there was not when it was published. */
		published = published && copies[k].etag[0];
	}
	if (published)
		return;
	/*
	 * Killed between rename and tx2, perhaps: what is in the tree may be
	 * newer than the store's etag, so write it in any case.
	 */
	u->force = true;
	feeds_mark_unit(f, u, false);
}

static int
compare_ids(const void *left, const void *right)
{
	const struct feed *a = left, *b = right;

	return a->id < b->id ? -1 : a->id > b->id;
}

static void
load_pages(struct feeds *f, const struct feed *heads, size_t n,
	const struct feed_page *pages, size_t n_pages)
{
	for (size_t i = 0; i < n_pages; i++) {
		const struct feed_page *p = &pages[i];
		const struct feed key = { .id = p->feed_id };
		const struct feed *head = bsearch(&key, heads, n,
			sizeof(*heads), compare_ids);

		if (head)
			load_unit(f, feeds_unit(f, p->feed_id, p->page), head,
				p->copies, p->published >= p->wanted &&
				p->look == f->press->config->look);
	}
}

int
feeds_load(struct feeds *f, struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	const struct press *p = f->press;
	struct store_reader *r = p->ops->reader_take(p->store);
	struct feed *heads;
	struct feed_page *pages;
	size_t n = 0, n_pages = 0;
	int rc = p->ops->feeds(r, &a, &heads, &n, e);

	if (rc == 0)
		rc = p->ops->feed_pages(r, &a, &pages, &n_pages, e);
	p->ops->reader_give(p->store, r);
	if (rc < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		load_unit(f, feeds_unit(f, heads[i].id, 0), &heads[i],
			heads[i].copies, heads[i].look == p->config->look &&
			heads[i].published >= heads[i].wanted);
	load_pages(f, heads, n, pages, n_pages);
	return 0;
}

void
feeds_get_status(const struct feeds *f, struct feeds_status *ret)
{
	*ret = f->status;
	ret->dirty = f->n_dirty + f->n_rendering + f->n_committing;
}

void
feeds_free(struct feeds *f)
{
	size_t at = 0;
	void *u;

	if (!f)
		return;
	ev_timer_stop(f->press->loop, &f->retry);
	squeeze_free(f);
	while (table_next(&f->by_key, &at, &u)) {
		copies_free(f, u);
		free(u);
	}
	table_done(&f->by_key);
	table_done(&f->by_address);
	commit_free_all(f);
	free(f);
}
