/*
 * watch: the stage's life, and its step.
 */
#include <limits.h>
#include <stdlib.h>

#include "base/clock.h"
#include "watch/internal.h"
#include "watch/name.h"

enum { POLL_MS_DEFAULT = 10000, ADVANCE_MAX = 1000 };

/* Can there be such a path at all? */
static bool
is_possible(struct slice path)
{
	ssize_t slash = slice_rfind_byte(path, '/');

	return path.len < PATH_MAX &&
		path.len - (size_t)(slash + 1) <= NAME_MAX;
}

struct root *
watch_root_of(struct watch *w, struct slice path)
{
	struct root *bare = NULL;

	for (size_t i = 0; i < w->n_roots; i++) {
		struct slice p = w->roots[i].top->path;

		if (p.len == 0)
			bare = bare ? bare : &w->roots[i];
		else if (slice_starts(path, p) && (path.len == p.len ||
			path.ptr[p.len] == '/'))
			return &w->roots[i];
	}
	return bare;
}

struct slice
watch_shown(const struct watch *w, const struct dir *d, struct arena *a)
{
	const struct root *r = &w->roots[d->root];
	size_t skip = r->top->path.len + (r->top->path.len > 0);

	if (d == r->top)
		return slice_str(r->dir);
	return arena_printf(a, "%s/%.*s", r->dir, ARG(slice_from(d->path,
		skip)));
}

/* ---- the step ---- */

bool
watch_is_scanning(const struct watch *w)
{
	return w->n_scans > 0 || w->n_unchecked > 0 ||
		w->queue.n_settling > 0;
}

void
watch_want_full(struct watch *w, int64_t pause_ms)
{
	w->want_full = true;
	w->full_at_ms = clock_mono_ms() + pause_ms;
	watch_kick(w);
}

static void
begin_full(struct watch *w, int64_t now)
{
	if (!w->want_full || w->full || now < w->full_at_ms)
		return;
	w->want_full = false;
	w->full = true;
	w->n_listed = 0;
	for (size_t i = 0; i < w->n_roots; i++)
		if (!w->roots[i].gone)
			scan_request(w, w->roots[i].top, true, false);
}

/* True when the last listing of a full scan has just been digested. */
static bool
end_full(struct watch *w)
{
	if (w->n_scans == 0)
		poll_tell_limits(w);
	if (!w->full || watch_is_scanning(w))
		return false;
	w->full = w->fresh = false;
	if (!w->want_full)
		w->backoff_ms = 0;
	return true;
}

static void
arm(struct watch *w, int64_t now)
{
	int64_t next = queue_next_due(&w->queue);

	if (w->want_full && !w->full && (next < 0 || w->full_at_ms < next))
		next = w->full_at_ms;
	if (!TAILQ_EMPTY(&w->digesting))
		next = now;
	ev_timer_stop(w->loop, &w->tick);
	if (next < 0)
		return;
	ev_timer_set(&w->tick, next > now ? (double)(next - now) / 1e3 : 0.,
		0.);
	ev_timer_start(w->loop, &w->tick);
}

void
watch_step(struct watch *w)
{
	int64_t now = clock_mono_ms();
	bool ended, quiet;

	queue_advance(&w->queue, now, ADVANCE_MAX);
	begin_full(w, now);
	scan_pump(w);
	digest_some(w);
	scan_pump(w);
	ended = end_full(w);
	arm(w, now);
	quiet = w->scanning && !watch_is_scanning(w);
	w->scanning = watch_is_scanning(w);
	if (!w->told && queue_peek(&w->queue, w->scanning,
		clock_mono_ms())) {
		w->told = true;
		w->ops->dirty(w->ctx);
	} else if (quiet && !ended && !w->told) {
		w->ops->dirty(w->ctx);
	}
	if (ended)
		w->ops->scanned(w->ctx);
}

static void
on_tick(struct ev_loop *loop, struct ev_timer *t, int events)
{
	(void)loop;
	(void)events;
	watch_step(t->data);
}

void
watch_kick(struct watch *w)
{
	if (!w->started)
		return;
	ev_timer_stop(w->loop, &w->tick);
	ev_timer_set(&w->tick, 0., 0.);
	ev_timer_start(w->loop, &w->tick);
}

/* ---- life ---- */

static void
add_root(struct watch *w, const struct content_root *c)
{
	struct root *r = &w->roots[w->n_roots];

	*r = (struct root){ .watch = w, .index = w->n_roots++, .fd = -1,
		.dir = x_strdup(c->dir),
		.poll_ms = c->poll_ms > 0 ? c->poll_ms : POLL_MS_DEFAULT };
	r->top = tree_add_top(&w->tree, r->index, c->prefix);
}

struct watch *
watch_new(struct ev_loop *loop, struct pool *pool, const struct config *c,
	const struct watch_ops *ops, void *ctx)
{
	struct watch *w = x_calloc(1, sizeof(*w));

	*w = (struct watch){ .loop = loop, .pool = pool, .ops = ops,
		.ctx = ctx, .inotify_fd = -1 };
	tree_init(&w->tree);
	queue_init(&w->queue);
	TAILQ_INIT(&w->to_scan[0]);
	TAILQ_INIT(&w->to_scan[1]);
	TAILQ_INIT(&w->digesting);
	ev_timer_init(&w->tick, on_tick, 0., 0.);
	w->tick.data = w;
	for (size_t i = 0; i < c->n_roots; i++)
		add_root(w, &c->roots[i]);
	return w;
}

/* "a" and "b.txt" of "a/b.txt". */
static void
split(struct slice path, struct slice *ret_dir, struct slice *ret_name)
{
	ssize_t slash = slice_rfind_byte(path, '/');

	*ret_dir = slice_sub(path, 0, slash < 0 ? 0 : (size_t)slash);
	*ret_name = slice_from(path, (size_t)(slash + 1));
}

void
watch_remember(struct watch *w, struct slice path,
	const struct file_stamp *stamp, uint64_t hash, uint64_t with)
{
	struct root *r = watch_root_of(w, path);
	struct slice dir, name;
	struct file *f;

	if (!r || !is_possible(path))
		return;
	split(path, &dir, &name);
	f = tree_make(&w->tree, tree_make_dir(&w->tree, r->top, dir), name);
	tree_remember(&w->tree, f, stamp, hash);
	f->with = with;
}

void
watch_start(struct watch *w)
{
	w->started = true;
	w->full = true;
	w->fresh = w->tree.n_known == 0;
	inotify_start(w);
	for (size_t i = 0; i < w->n_roots; i++)
		root_start(&w->roots[i]);
	watch_kick(w);
}

void
watch_distrust(struct watch *w)
{
	w->rules++;
	if (w->started)
		watch_want_full(w, 0);
}

void
watch_reread(struct watch *w, struct slice path)
{
	struct file *f = tree_find_path(&w->tree, path);

	int64_t now = clock_mono_ms();

	if (!f || !f->known)
		return;
	f->doubted = true;
	queue_doubt(&w->queue, f, true, now, now);
	watch_kick(w);
}

/* The nearest directory at or above path that is known to be there. */
static struct dir *
nearest(struct watch *w, const struct root *r, struct slice path)
{
	struct slice name;
	struct dir *d;

	while (path.len > r->top->path.len) {
		d = tree_find_dir(&w->tree, path);
		if (d && d->present)
			return d;
		split(path, &path, &name);
	}
	return r->top;
}

void
watch_rescan(struct watch *w, struct slice path)
{
	struct slice dir, name;
	struct root *r;
	struct dir *d;

	while (slice_ends(path, S("/")))
		path.len--;
	if (path.len == 0) {
		watch_want_full(w, 0);
		return;
	}
	r = watch_root_of(w, path);
	if (!r || r->gone || !is_possible(path))
		return;
	split(path, &dir, &name);
	d = nearest(w, r, path);
	if (!name_is_ignored(name) && name_kind(name) != FILE_FOREIGN &&
		slice_eq(d->path, dir))
		queue_event(&w->queue, tree_make(&w->tree, d, name),
			HAPPENED_SAVED, clock_mono_ms());
	else
		scan_request(w, d, true, true);
	watch_kick(w);
}

void
watch_get_status(const struct watch *w, struct watch_status *ret)
{
	*ret = (struct watch_status){ .dirs = w->by_wd.n,
		.files = w->tree.n_known,
		.dirty = w->queue.n - w->queue.n_taken,
		.gone = w->queue.n_gone,
		.scanned = w->n_listed, .scanning = watch_is_scanning(w),
		.overflows = w->overflows, .passed_over = w->passed_over };
	for (size_t i = 0; i < w->n_roots; i++) {
		ret->roots_gone += w->roots[i].gone;
		ret->dirs_polled += w->roots[i].n_polled;
	}
}

void
watch_stop(struct watch *w)
{
	/* Jobs under way still come back; from now on watch_kick() is deaf. */
	w->started = false;
	ev_timer_stop(w->loop, &w->tick);
	if (w->inotify_fd >= 0)
		ev_io_stop(w->loop, &w->io);
	for (size_t i = 0; i < w->n_roots; i++) {
		ev_timer_stop(w->loop, &w->roots[i].check);
		ev_timer_stop(w->loop, &w->roots[i].poll);
	}
}

void
watch_free(struct watch *w)
{
	if (!w)
		return;
	ev_timer_stop(w->loop, &w->tick);
	inotify_stop(w);
	for (size_t i = 0; i < w->n_roots; i++)
		root_stop(&w->roots[i]);
	moves_stop(w);
	scan_stop(w);
	queue_done(&w->queue);
	tree_done(&w->tree);
	free(w);
}
