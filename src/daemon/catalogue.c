/*
 * The catalogue: when it is built, and who gets it (states and invariants:
 * catalogue.h).
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/event.h"
#include "daemon/catalogue.h"
#include "daemon/catalogue_build.h"
#include "daemon/flow.h"
#include "daemon/media.h"
#include "feed/opml.h"
#include "feed/sitemap.h"

enum {
	PAUSE_MS = 1000,	/* from a change to the build, at least */
	PAUSE_COSTS = 50,	/* times the work of the last build, */
	PAUSE_MAX_MS = 30 * 1000,	/* but no longer than this */
	RETRY_MS = 30 * 1000,
	LOOK_S = 3600,		/* at the clock, at least so often */
	MAX_AGE_S = 300,
};

struct catalogue {
	struct press *press;
	ev_timer timer;
	bool noted, failing;
	bool force;		/* whatever lies in the tree is written again */
	int64_t not_before;	/* monotonic ms */
	int64_t next;		/* when a piece of news is old; 0: never */
	uint64_t look;		/* config_look() of the files */
	struct catalogue_build *building;

	struct arena arena;
	struct catalogue_file *files;
	size_t n;
	struct table by_name;
};

/* ---- building ---- */

static void
arm(struct catalogue *c)
{
	int64_t wait = (int64_t)LOOK_S * 1000;

	if (c->building || c->press->stopping)
		return;
	if (c->noted)
		wait = MAX(c->not_before - clock_mono_ms(), (int64_t)PAUSE_MS);
	else if (c->next > 0)
		wait = MIN(wait, MAX(c->next * 1000 - clock_now_ms(),
			(int64_t)PAUSE_MS));
	ev_timer_stop(c->press->loop, &c->timer);
	ev_timer_set(&c->timer, (double)wait / 1e3, 0.);
	ev_timer_start(c->press->loop, &c->timer);
}

/* Take over what was built. */
static void
adopt(struct catalogue *c, struct catalogue_build *b)
{
	arena_done(&c->arena);
	c->arena = b->arena;
	b->arena = (struct arena){ 0 };
	c->files = b->files;
	c->n = b->n;
	c->next = b->next;
	c->look = config_look(b->config);
	table_done(&c->by_name);
	for (size_t i = 0; i < c->n; i++)
		table_set(&c->by_name, c->files[i].name, &c->files[i]);
}

static void
build_done(struct job *j)
{
	struct catalogue_build *b = CONTAINER_OF(j, struct catalogue_build,
		job);
	struct catalogue *c = b->press->catalogue;
	int64_t pause = MIN(PAUSE_COSTS * b->cost_ms,
		(int64_t)PAUSE_MAX_MS);

	c->building = NULL;
	if (b->failed.kind == ERR_NONE) {
		adopt(c, b);
	} else {
		if (!c->failing)
			event_err(EV_PUBLISH_FAILED, "feed", S("the catalogue"),
				&b->failed);
		c->noted = true;
		c->force = c->force || b->force;
		pause = RETRY_MS;
	}
	c->failing = b->failed.kind != ERR_NONE;
	c->not_before = clock_mono_ms() + pause;
	config_unref(b->config);
	arena_done(&b->arena);
	free(b);
	arm(c);
}

static void
build(struct catalogue *c)
{
	struct catalogue_build *b = x_calloc(1, sizeof(*b));

	b->job.run = catalogue_build_run;
	b->job.done = build_done;
	b->press = c->press;
	b->config = config_ref(c->press->config);
	b->old = c->files;
	b->n_old = c->n;
	b->same_look = c->look == config_look(b->config);
	b->force = c->force;
	c->noted = c->force = false;
	c->building = b;
	pool_submit(c->press->pool, &b->job, POOL_LATER);
}

static void
on_timer(struct ev_loop *loop, ev_timer *w, int events)
{
	struct catalogue *c = w->data;
	bool old_news = c->next > 0 && c->next <= clock_now();

	(void)loop;
	(void)events;
	if (c->press->stopping)
		return;
	/* Before its end a first scan has nothing to be read. */
	if ((c->noted || old_news) && !flow_adopting(c->press->flow))
		build(c);
	else
		arm(c);
}

void
catalogue_note(struct catalogue *c)
{
	if (c->noted)
		return;
	c->noted = true;
	arm(c);
}

void
catalogue_rebuild(struct catalogue *c)
{
	c->force = true;
	/* Somebody waits, however long the last one took. */
	c->not_before = clock_mono_ms();
	c->noted = true;
	arm(c);
}

bool
catalogue_is_pending(const struct catalogue *c)
{
	return c->force || (c->building && c->building->force);
}

size_t
catalogue_files(const struct catalogue *c, struct arena *a,
	struct catalogue_file **ret)
{
	*ret = ARENA_ARRAY(a, struct catalogue_file, c->n + 1);
	for (size_t i = 0; i < c->n; i++) {
		(*ret)[i] = c->files[i];
		(*ret)[i].name = arena_copy(a, c->files[i].name);
	}
	return c->n;
}

/* ---- requests ---- */

bool
catalogue_serve(struct catalogue *c, struct slice path,
	struct serve_request *r)
{
	struct tree_file f = { .path = slice_from(path, 1),
		.max_age = MAX_AGE_S };
	const struct catalogue_file *known = table_get(&c->by_name, f.path);

	if (!catalogue_may_have(f.path) || (c->n > 0 && !known))
		return false;
	f.type = slice_eq(f.path, S(OPML_FILE)) ? opml_type : sitemap_type;
	/* Before the first build the tree may have what it had before. */
	f.etag = known ? slice_str(known->etag) : S("");
	media_desk_serve_file(c->press->media, &f, r);
	return true;
}

/* ---- life ---- */

struct catalogue *
catalogue_new(struct press *p)
{
	struct catalogue *c = x_calloc(1, sizeof(*c));

	c->press = p;
	ev_timer_init(&c->timer, on_timer, 0., 0.);
	c->timer.data = c;
	catalogue_note(c);
	return c;
}

void
catalogue_free(struct catalogue *c)
{
	if (!c)
		return;
	ev_timer_stop(c->press->loop, &c->timer);
	table_done(&c->by_name);
	arena_done(&c->arena);
	free(c);
}
