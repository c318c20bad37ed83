/*
 * The feeds as the loop knows them: which are dirty, what is published of
 * each, and the documents kept in memory (states and invariants: feeds.h).
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/event.h"
#include "base/table.h"
#include "daemon/feeds.h"
#include "daemon/flow.h"
#include "daemon/moved.h"
#include "daemon/render.h"
#include "daemon/trees.h"
#include "feed/address.h"
#include "feed/render.h"

enum {
	/* Hot series, topics, all; then the same, cold. */
	PRIORITIES = 6,
	FIRST_COLD = 3,
	COLD_PATIENCE_MS = 2000,	/* between renders under a long scan */
	RETRY_S = 5,			/* after a failed publication */
	RUNS_MAX = 6,			/* keeps two to five threads busy */
	TOGETHER_MAX = 8,		/* cold feeds in one run */
	COMMIT_MANY = 256,		/* publications that wait no longer */
};

struct waiter {
	struct waiter *next;
	struct serve_request *request;
};

struct state {
	int64_t id;		/* the key of by_id */
	enum channel_kind kind;
	char *address;		/* the key of by_address; NULL: not known */
	char *file;		/* in the tree */
	struct feed feed;	/* kind, slug and key: what channel it is of */
	struct arena arena;	/* of those */
	char etag[33];		/* of what HTTP readers get; "": nothing */
	char told[33];		/* of what the store calls published */
	int64_t mtime;
	bool dirty, hot, rendering, small, loading, force;
	bool gone;		/* merged into another: never rendered again */
	struct state *next, **link;	/* in a queue; link NULL: in none */
	struct document *doc;	/* in memory, or NULL */
	struct state *newer, *older;	/* when doc is set */
	struct waiter *waiters;
};

struct queue {
	struct state *head, **tail;
};

/* tx2: what was published, on its way into the store. */
struct commit {
	struct store_job job;
	struct feeds *feeds;
	struct publication *list;
	size_t n, room;
	bool hot;		/* somebody waits for one of them */
};

struct feeds {
	struct press *press;
	struct table by_id, by_address;
	struct queue queues[PRIORITIES];
	size_t n_dirty, n_rendering, n_committing;
	size_t n_runs;			/* jobs that render, or publish */
	size_t n_small;			/* rendering, hot, of a series */
	int64_t last_cold;		/* monotonic ms */
	struct state *newest, *oldest;	/* documents in memory */
	size_t cached;
	struct commit *gathering, *under_way;
	ev_timer retry;
	struct feeds_status status;
};

static void pump_later(struct feeds *f);

static struct slice
id_key(const int64_t *id)
{
	return slice((const char *)id, sizeof(*id));
}

static struct state *
state_of(struct feeds *f, int64_t id)
{
	struct state *s = table_get(&f->by_id, id_key(&id));

	if (s)
		return s;
	s = x_calloc(1, sizeof(*s));
	s->id = id;
	s->kind = CHANNEL_SERIES;	/* a guess until it is loaded */
	table_set(&f->by_id, id_key(&s->id), s);
	return s;
}

/* Learn where a feed lives: once, because addresses are promises. */
static void
learn(struct feeds *f, struct state *s, const struct feed *head)
{
	CLEANUP(arena_done) struct arena a = { 0 };

	if (s->address)
		return;
	s->kind = head->kind;
	s->feed = (struct feed){ .kind = head->kind,
		.slug = arena_copy(&s->arena, head->slug),
		.key = arena_copy(&s->arena, head->key) };
	s->address = x_strdup(address_feed(head, renderers[0]->ending,
		&a).ptr);
	s->file = x_strdup(address_feed_file(head, renderers[0]->ending,
		&a).ptr);
	table_set(&f->by_address, slice_str(s->address), s);
}

/* ---- documents in memory, the least recently used out first ---- */

static void
forget_document(struct feeds *f, struct state *s)
{
	if (!s->doc)
		return;
	*(s->newer ? &s->newer->older : &f->newest) = s->older;
	*(s->older ? &s->older->newer : &f->oldest) = s->newer;
	f->cached -= document_size(s->doc);
	document_unref(TAKE(s->doc));
}

static void
keep_document(struct feeds *f, struct state *s, struct document *d)
{
	forget_document(f, s);
	s->doc = d;
	s->newer = NULL;
	s->older = f->newest;
	*(f->newest ? &f->newest->newer : &f->oldest) = s;
	f->newest = s;
	f->cached += document_size(d);
	while (f->cached > f->press->config->serve.cache_bytes &&
		f->oldest != s)
		forget_document(f, f->oldest);
}

static void
answer_waiters(struct state *s, struct document *d)
{
	struct waiter *w = TAKE(s->waiters), *next;

	for (; w; w = next) {
		next = w->next;
		serve_answer(w->request, d ? document_ref(d) : NULL);
		free(w);
	}
}

/* ---- tx2 ---- */

static void
commit_run(struct store_job *j, struct store_tx *tx)
{
	struct commit *c = CONTAINER_OF(j, struct commit, job);

	if (c->feeds->press->ops->published(tx, c->list, c->n,
		&j->failed) < 0)
		j->failed.kind = MAX(j->failed.kind, ERR_IO);
}

static void
commit_free(struct commit *c)
{
	free(c->list);
	free(c);
}

/* What nobody waits for is recorded many at once, or at the end of it all. */
static void
commit_start(struct feeds *f)
{
	const struct commit *c = f->gathering;

	if (f->under_way || !c ||
		(!c->hot && c->n < COMMIT_MANY && f->n_rendering > 0))
		return;
	f->under_way = TAKE(f->gathering);
	f->press->ops->submit(f->press->store, &f->under_way->job);
}

/* It was not recorded, so it is still to be announced. */
static void
untell(struct feeds *f, int64_t id)
{
	state_of(f, id)->told[0] = '\0';
	feeds_mark(f, id, false);
}

static void
commit_done(struct store_job *j)
{
	struct commit *c = CONTAINER_OF(j, struct commit, job);
	struct feeds *f = c->feeds;
	size_t changed = 0;

	f->under_way = NULL;
	f->n_committing -= c->n;
	for (size_t i = 0; i < c->n; i++) {
		changed += c->list[i].changed;
		if (j->failed.kind != ERR_NONE)
			untell(f, c->list[i].feed_id);
	}
	if (j->failed.kind != ERR_NONE) {
		event_err(EV_STORE_FAILED, "while", S("recording what is "
			"published"), &j->failed);
		pump_later(f);
	} else if (changed) {
		event(EV_PUBLISHED, F_NUM("feeds", changed));
		f->status.last_published = clock_now();
	}
	commit_free(c);
	commit_start(f);
	feeds_pump(f);
}

static void
commit_add(struct feeds *f, const struct publication *p, bool hot)
{
	struct commit *c = f->gathering;

	if (!c) {
		c = f->gathering = x_calloc(1, sizeof(*c));
		c->feeds = f;
		c->job.run = commit_run;
		c->job.done = commit_done;
	}
	if (c->n == c->room) {
		c->room = c->room ? c->room * 2 : 16;
		c->list = x_realloc(c->list, c->room * sizeof(*c->list));
	}
	c->list[c->n++] = *p;
	c->hot = c->hot || hot;
	f->n_committing++;
}

/* ---- rendering ---- */

static int
priority(const struct state *s)
{
	static const int order[] = { [CHANNEL_SERIES] = 0,
		[CHANNEL_TOPIC] = 1, [CHANNEL_ALL] = 2 };

	return order[s->kind] + (s->hot ? 0 : FIRST_COLD);
}

static void
dequeue(struct feeds *f, struct state *s)
{
	if (!s->link)
		return;
	*s->link = s->next;
	if (s->next)
		s->next->link = s->link;
	else
		for (int p = 0; p < PRIORITIES; p++)
			if (f->queues[p].tail == &s->next)
				f->queues[p].tail = s->link;
	s->link = NULL;
}

static void
enqueue(struct feeds *f, struct state *s)
{
	struct queue *q = &f->queues[priority(s)];

	if (s->link || s->rendering || !s->dirty || s->gone)
		return;
	s->next = NULL;
	s->link = q->tail;
	*q->tail = s;
	q->tail = &s->next;
}

static void
publication_failed(struct feeds *f, struct state *s, const struct err *e)
{
	if (!f->status.failing)
		event_err(EV_PUBLISH_FAILED, "feed",
			slice_str(s->address), e);
	f->status.failing = true;
	f->status.why = *e;
	if (!s->dirty)
		f->n_dirty++;
	s->dirty = s->force = true;
	pump_later(f);
}

/* ---- what is no feed any more ---- */

void
feeds_drop(struct feeds *f, int64_t id)
{
	struct state *s = table_get(&f->by_id, id_key(&id));

	if (!s || s->gone)
		return;
	dequeue(f, s);
	f->n_dirty -= s->dirty;
	s->dirty = s->hot = false;
	s->gone = true;
	if (s->address)
		table_remove(&f->by_address, slice_str(s->address));
	forget_document(f, s);
	answer_waiters(s, NULL);
}

/* The end of a feed's job, whichever way it went. */
static void
job_end(struct feeds *f, struct state *s, struct render_job *r)
{
	s->rendering = false;
	f->n_rendering--;
	f->n_runs -= !r->next;
	if (r->epoch != f->press->epoch && r->doc)
		trees_part_feed(f->press, &r->feed);
	if (s->gone) {
		moved_tidy(f->press);
	} else if (r->failed.kind != ERR_NONE) {
		publication_failed(f, s, &r->failed);
	} else {
		f->status.failing = false;
		f->status.rendered++;
		memcpy(s->told, r->publication.etag, sizeof(s->told));
		commit_add(f, &r->publication, r->hot);
		/* Marked meanwhile; what failed waits for the timer. */
		enqueue(f, s);
	}
	commit_start(f);
	document_unref(r->doc);
	config_unref(r->config);
	arena_done(&r->arena);
	free(r);
	feeds_pump(f);
}

static void
publish_done(struct job *j)
{
	struct render_job *r = CONTAINER_OF(j, struct render_job, job);
	struct feeds *f = r->press->feeds;
	struct state *s = state_of(f, r->feed_id);

	/* Who came since it was rendered, and found it in neither place. */
	answer_waiters(s, r->doc);
	job_end(f, s, r);
}

static void
rendered(struct feeds *f, struct render_job *r)
{
	struct state *s = state_of(f, r->feed_id);
	bool wanted = s->waiters || s->doc || r->hot;

	f->n_small -= s->small;
	answer_waiters(s, r->doc);
	if (!r->doc) {
		job_end(f, s, r);
		return;
	}
	if (!s->gone)
		learn(f, s, &r->feed);
	memcpy(s->etag, r->doc->etag, sizeof(s->etag));
	s->mtime = r->doc->mtime;
	/* What only a scan made is read from the tree if anybody wants it. */
	if (wanted)
		keep_document(f, s, document_ref(r->doc));
	if (!r->hot || !render_is_news(r)) {
		job_end(f, s, r);
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

/* A clean feed now; what marks it from here on has it rendered again. */
static struct render_job *
render_new(struct feeds *f, struct state *s)
{
	struct render_job *r = x_calloc(1, sizeof(*r));

	r->job.run = render_run;
	r->job.done = render_done;
	r->press = f->press;
	r->config = config_ref(f->press->config);
	r->epoch = f->press->epoch;
	r->feed_id = s->id;
	memcpy(r->old_etag, s->told, sizeof(s->told));
	r->old_mtime = s->mtime;
	r->force = s->force;
	r->hot = s->hot;
	s->rendering = true;
	f->n_small += s->small;
	s->dirty = s->force = s->hot = false;
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
	struct state *s;

	for (; n > 0 && (s = f->queues[p].head); n--) {
		dequeue(f, s);
		s->small = p == 0;
		*end = render_new(f, s);
		end = &(*end)->next;
	}
	f->n_runs++;
	pool_submit(f->press->pool, &first->job, POOL_SOON);
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
}

void
feeds_mark(struct feeds *f, int64_t id, bool hot)
{
	struct state *s = state_of(f, id);

	if (s->gone)
		return;
	if (!s->dirty)
		f->n_dirty++;
	s->dirty = true;
	if (hot && !s->hot)
		dequeue(f, s);
	s->hot = s->hot || hot;
	enqueue(f, s);
}

bool
feeds_is_pending(const struct feeds *f, int64_t id)
{
	const struct state *s = table_get(&f->by_id, id_key(&id));

	return s && (s->dirty || s->rendering);
}

void
feeds_move(struct feeds *f, int64_t id)
{
	struct state *s = table_get(&f->by_id, id_key(&id));

	if (!s || s->gone)
		return;
	forget_document(f, s);
	s->force = true;
	feeds_mark(f, id, true);
}

static void
on_retry(struct ev_loop *loop, ev_timer *w, int events)
{
	struct feeds *f = w->data;
	size_t at = 0;
	void *s;

	(void)loop;
	(void)events;
	while (table_next(&f->by_id, &at, &s))
		enqueue(f, s);
	feeds_pump(f);
}

static void
pump_later(struct feeds *f)
{
	if (!ev_is_active(&f->retry))
		ev_timer_set(&f->retry, RETRY_S, 0.);
	ev_timer_start(f->press->loop, &f->retry);
}

void
feeds_mark_all(struct feeds *f)
{
	size_t at = 0;
	void *s;

	while (table_next(&f->by_id, &at, &s))
		feeds_mark(f, ((struct state *)s)->id, false);
	feeds_pump(f);
}

/* ---- requests ---- */

static void
load_done(struct job *j)
{
	struct load_job *l = CONTAINER_OF(j, struct load_job, job);
	struct feeds *f = l->press->feeds;
	struct state *s = state_of(f, l->feed_id);

	s->loading = false;
	if (s->doc) {
		/* Rendered meanwhile: newer than what was loaded. */
		document_unref(l->doc);
		answer_waiters(s, s->doc);
	} else if (l->doc) {
		answer_waiters(s, l->doc);
		keep_document(f, s, l->doc);
	} else {
		s->force = true;
		feeds_mark(f, s->id, true);
		feeds_pump(f);
	}
	config_unref(l->config);
	arena_done(&l->arena);
	free(l);
}

static void
load_start(struct feeds *f, struct state *s)
{
	struct load_job *l = x_calloc(1, sizeof(*l));

	l->job.run = load_run;
	l->job.done = load_done;
	l->press = f->press;
	l->config = config_ref(f->press->config);
	l->feed_id = s->id;
	l->feed = s->feed;
	l->file = arena_copy(&l->arena, slice_str(s->file));
	l->address = arena_copy(&l->arena, slice_str(s->address));
	memcpy(l->etag, s->etag, sizeof(s->etag));
	l->mtime = s->mtime;
	s->loading = true;
	pool_submit(f->press->pool, &l->job, POOL_NOW);
}

bool
feeds_serve(struct feeds *f, struct slice address, struct serve_request *r)
{
	struct state *s = table_get(&f->by_address, address);
	struct waiter *w;

	if (!s)
		return false;
	if (s->doc) {
		serve_answer(r, document_ref(s->doc));
		return true;
	}
	w = x_calloc(1, sizeof(*w));
	*w = (struct waiter){ .next = s->waiters, .request = r };
	s->waiters = w;
	/*
	 * What lies in the tree may be older than what a reader had before the
	 * daemon was killed: a dirty feed is rendered, and at once.
	 */
	if (s->dirty) {
		feeds_mark(f, s->id, true);
		feeds_pump(f);
	} else if (!s->loading && !s->rendering && s->etag[0]) {
		load_start(f, s);
	}
	return true;
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

int
feeds_load(struct feeds *f, struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct press *p = f->press;
	struct store_reader *r = p->ops->reader_take(p->store);
	uint64_t look = config_look(p->config);
	struct feed *heads;
	size_t n = 0;
	int rc = p->ops->feeds(r, &a, &heads, &n, e);

	p->ops->reader_give(p->store, r);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		struct state *s = state_of(f, heads[i].id);

		learn(f, s, &heads[i]);
		memcpy(s->etag, heads[i].etag, sizeof(s->etag));
		memcpy(s->told, heads[i].etag, sizeof(s->told));
		s->mtime = heads[i].mtime;
		f->status.last_published = MAX(f->status.last_published,
			s->mtime);
		if (heads[i].published >= heads[i].wanted &&
			heads[i].look == look)
			continue;
		/*
		 * Killed between rename and tx2, perhaps: what is in the tree
		 * may be newer than the store's etag, so write it in any case.
		 */
		s->force = true;
		feeds_mark(f, s->id, false);
	}
	return rc;
}

void
feeds_get_status(const struct feeds *f, struct feeds_status *ret)
{
	*ret = f->status;
	ret->feeds = f->by_id.n;
	ret->dirty = f->n_dirty + f->n_rendering + f->n_committing;
}

void
feeds_free(struct feeds *f)
{
	size_t at = 0;
	void *v;

	if (!f)
		return;
	ev_timer_stop(f->press->loop, &f->retry);
	while (table_next(&f->by_id, &at, &v)) {
		struct state *s = v;

		answer_waiters(s, NULL);
		forget_document(f, s);
		arena_done(&s->arena);
		free(s->address);
		free(s->file);
		free(s);
	}
	table_done(&f->by_id);
	table_done(&f->by_address);
	if (f->gathering)
		commit_free(f->gathering);
	free(f);
}
