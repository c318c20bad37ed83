/*
 * The press: starting the parts in order, and stopping them in reverse.
 *
 * Start: store, feeds' heads, sockets, then the content.  So readers are
 * served within milliseconds, whatever there is to compare on the disk.
 * Stop: what is under way ends and is committed; then everything is freed,
 * the askers before the asked.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/event.h"
#include "base/uri.h"
#include "daemon/assets.h"
#include "daemon/catalogue.h"
#include "daemon/feeds.h"
#include "daemon/flow.h"
#include "daemon/holds.h"
#include "daemon/hub_desk.h"
#include "daemon/media.h"
#include "daemon/merge.h"
#include "daemon/moved.h"
#include "daemon/pages.h"
#include "daemon/partners.h"
#include "daemon/post.h"
#include "daemon/press.h"
#include "daemon/readers.h"
#include "daemon/releases.h"
#include "daemon/shelf.h"
#include "daemon/site.h"
#include "daemon/trees.h"
#include "daemon/verify.h"
#include "model/access.h"

enum { FRAGMENT_BYTES = 16 * 1024 * 1024 };

/* ---- what watch says ---- */

static void
on_dirty(void *ctx)
{
	flow_pump(((struct press *)ctx)->flow);
}

static void
on_scanned(void *ctx)
{
	struct press *p = ctx;

	flow_scanned(p->flow);
	feeds_pump(p->feeds);
}

static void
on_overflow(void *ctx)
{
	(void)ctx;
	event(EV_OVERFLOW);
}

static void
on_polled(void *ctx, struct slice dir, const struct err *why)
{
	struct press *p = ctx;
	struct polled *d;

	event_err(EV_POLLING, "dir", dir, why);
	p->polled = x_realloc(p->polled,
		(p->n_polled + 1) * sizeof(*p->polled));
	d = &p->polled[p->n_polled++];
	d->dir = x_malloc(dir.len + 1);
	memcpy(d->dir, dir.ptr, dir.len);
	d->dir[dir.len] = '\0';
	d->why = *why;
}

static void
on_failed(void *ctx, struct slice dir, const struct err *why)
{
	(void)ctx;
	event_err(EV_SCAN_FAILED, "dir", dir, why);
}

static void
on_root_gone(void *ctx, const char *dir, bool gone)
{
	(void)ctx;
	event(gone ? EV_ROOT_GONE : EV_ROOT_BACK,
		F_TEXT("dir", slice_str(dir)));
}

static const struct watch_ops watch_ops = {
	.dirty = on_dirty,
	.scanned = on_scanned,
	.overflow = on_overflow,
	.polled = on_polled,
	.failed = on_failed,
	.root_gone = on_root_gone,
};

/* ---- what the store remembers of the files ---- */

struct remember_job {
	struct job job;
	struct press *press;
	struct arena arena;
	struct file_row *rows;
	size_t n;
	uint64_t rules;
	struct err failed;
};

static void
remember_run(struct job *j)
{
	struct remember_job *r = CONTAINER_OF(j, struct remember_job, job);
	struct press *p = r->press;
	struct store_reader *reader = p->ops->reader_take(p->store);

	if (p->ops->rules(reader, &r->rules, &r->failed) < 0 ||
		p->ops->files(reader, &r->arena, &r->rows, &r->n,
		&r->failed) < 0)
		r->failed.kind = MAX(r->failed.kind, ERR_IO);
	p->ops->reader_give(p->store, reader);
}

static void
remember_done(struct job *j)
{
	struct remember_job *r = CONTAINER_OF(j, struct remember_job, job);
	struct press *p = r->press;

	/*
	 * Without the rows every file would look new: say so and stop, rather
	 * than read the whole newsroom again.
	 */
	if (r->failed.kind != ERR_NONE) {
		event_err(EV_STORE_FAILED, "while", S("loading what is known "
			"of the files"), &r->failed);
		ev_break(p->loop, EVBREAK_ALL);
	} else if (!p->stopping) {
		if (r->rules != config_rules(p->config))
			watch_distrust(p->watch);
		for (size_t i = 0; i < r->n; i++)
			watch_remember(p->watch, r->rows[i].path,
				&r->rows[i].stamp, r->rows[i].hash,
				r->rows[i].with);
		merge_start(p);
		watch_start(p->watch);
		holds_note(p->holds);
		holds_pump(p->holds);
		releases_note(p->releases);
	}
	arena_done(&r->arena);
	free(r);
}

static void
remember_files(struct press *p)
{
	struct remember_job *r = x_calloc(1, sizeof(*r));

	r->job.run = remember_run;
	r->job.done = remember_done;
	r->press = p;
	pool_submit(p->pool, &r->job, POOL_NOW);
}

/* ---- life ---- */

/* One core for the loop and the store, which mostly wait; but at least two. */
static unsigned
pool_threads(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	return (unsigned)MAX(2L, MIN(cores - 1, 8L));
}

int
press_start(struct press *p, struct config *c, struct ev_loop *loop,
	struct err *e)
{
	struct store_open o = {
		.state_dir = c->state_dir,
		.authority = c->site.authority,
		.host = uri_host(c->site.url),
		.loop = loop,
	};
	bool fresh;

	p->config = c;
	p->loop = loop;
	p->started = clock_mono_ms();
	p->ops = &store_sqlite;
	p->publish = &publisher_dir;
	p->pool = pool_new(loop, pool_threads());
	p->patient = pool_new_patient(loop, pool_threads());
	p->fragments = fragments_new(FRAGMENT_BYTES);
	if (p->publish->open(c->publish_dir, false, &p->publisher, e) < 0 ||
		p->publish->open(c->private_dir, true, &p->private_tree,
			e) < 0 ||
		p->ops->open(&o, &p->store, &fresh, e) < 0)
		return -1;
	p->watch = watch_new(loop, p->pool, c, &watch_ops, p);
	p->flow = flow_new(p, fresh);
	p->shelf = shelf_new(p);
	p->media = media_desk_new(p);
	p->pages = pages_new(p);
	p->assets = assets_new(c);
	p->holds = holds_new(p);
	p->hub = hub_desk_new(p);
	p->releases = releases_new(p);
	p->catalogue = catalogue_new(p);
	p->readers = readers_new();
	p->verify = verify_new(p);
	p->feeds = feeds_new(p);
	if (feeds_load(p->feeds, e) < 0 || moved_load(p, e) < 0 ||
		partners_load(p, e) < 0)
		return -1;
	trees_part(p, NULL);
	if (serve_new(loop, &c->serve, &site_ops, p, &p->serve, e) < 0)
		return -1;
	serve_use_files(p->serve, p->pool, c->state_dir);
	remember_files(p);
	return 0;
}

void
press_start_bare(struct press *p, struct config *c, struct ev_loop *loop)
{
	p->config = c;
	p->loop = loop;
	p->started = clock_mono_ms();
	p->ops = &store_sqlite;
	p->pool = pool_new(loop, pool_threads());
}

struct publisher *
press_tree(const struct press *p, const struct config *c,
	const struct feed *f)
{
	return channel_is_private(c, f) ? p->private_tree : p->publisher;
}

static bool
is_drained(const struct press *p)
{
	return (!p->serve || serve_is_drained(p->serve)) &&
		(!p->pool || pool_pending(p->pool) == 0) &&
		(!p->patient || pool_pending(p->patient) == 0) &&
		(!p->store || p->ops->pending(p->store) == 0);
}

/*
 * Let what is under way come to its end, also what readers have asked for.
 * Nothing new starts: flow and feeds look at `stopping`, and what is dirty
 * stays so in the store.
 */
static void
drain(struct press *p)
{
	p->stopping = true;
	post_stop(p);
	if (p->partners)
		partners_flush(p);
	if (p->shelf)
		shelf_stop(p->shelf);
	if (p->watch)
		watch_stop(p->watch);
	if (p->serve)
		serve_drain(p->serve);
	while (!is_drained(p))
		ev_run(p->loop, EVRUN_ONCE);
}

void
press_stop(struct press *p)
{
	drain(p);
	feeds_free(TAKE(p->feeds));
	catalogue_free(TAKE(p->catalogue));
	verify_free(TAKE(p->verify));
	readers_free(TAKE(p->readers));
	media_desk_free(TAKE(p->media));
	pages_free(TAKE(p->pages));
	serve_free(TAKE(p->serve));
	if (p->patient)
		pool_free(TAKE(p->patient));
	pool_free(TAKE(p->pool));
	if (p->ops)
		p->ops->close(TAKE(p->store));
	watch_free(TAKE(p->watch));
	hub_desk_free(TAKE(p->hub));
	releases_free(TAKE(p->releases));
	holds_free(TAKE(p->holds));
	flow_free(TAKE(p->flow));
	shelf_free(TAKE(p->shelf));
	fragments_free(TAKE(p->fragments));
	assets_free(TAKE(p->assets));
	moved_free(TAKE(p->moved));
	partners_free(TAKE(p->partners));
	if (p->publish) {
		p->publish->close(TAKE(p->publisher));
		p->publish->close(TAKE(p->private_tree));
	}
	for (size_t i = 0; i < p->n_polled; i++)
		free(p->polled[i].dir);
	free(TAKE(p->polled));
	p->n_polled = 0;
	config_unref(TAKE(p->config));
}

void
press_swap_config(struct press *p, struct config *c)
{
	struct config *old = p->config;

	p->config = c;
	p->epoch++;
	post_swap_config(p);
	if (!p->store) {
		config_unref(old);
		return;
	}
	if (config_rules(c) != config_rules(old))
		watch_distrust(p->watch);
	assets_free(p->assets);
	p->assets = assets_new(c);
	trees_part(p, old);
	config_unref(old);
	merge_start(p);
	feeds_mark_all(p->feeds);
	catalogue_note(p->catalogue);
}
