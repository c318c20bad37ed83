/*
 * The kernel adapter: from inotify's events to dirty paths and scans.
 *
 * 1. Whatever an event says, it only makes a path dirty, or a directory be
 *    scanned.
 * 2. A directory that was deleted or moved away loses its watches before the
 *    next event is looked at: the same inode may appear elsewhere with it.
 * 3. A queue that ran over is a full scan, never a guess.
 */
#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "base/clock.h"
#include "watch/internal.h"
#include "watch/name.h"

enum { READ_SIZE = 32 * 1024 };	/* some 700 events: under 1 ms */

static struct slice
wd_key(const int *wd)
{
	return slice((const char *)wd, sizeof(*wd));
}

struct dir *
inotify_find(const struct watch *w, int wd)
{
	return table_get(&w->by_wd, wd_key(&wd));
}

void
inotify_set(struct watch *w, struct dir *d, int wd)
{
	struct dir *other;

	if (d->wd == wd)
		return;
	if (d->wd >= 0) {
		table_remove(&w->by_wd, wd_key(&d->wd));
		inotify_rm_watch(w->inotify_fd, d->wd);
	}
	d->wd = -1;
	if (wd < 0)
		return;
	/* The same inode: the other directory is what this one was. */
	other = inotify_find(w, wd);
	if (other) {
		table_remove(&w->by_wd, wd_key(&other->wd));
		other->wd = -1;
	}
	d->wd = wd;
	table_set(&w->by_wd, wd_key(&d->wd), d);
}

bool
inotify_was_early(const struct watch *w, int wd)
{
	if (wd < 0 || inotify_find(w, wd))
		return false;
	for (size_t i = 0; i < w->early.n; i++)
		if (w->early.wd[i] == wd)
			return true;
	return w->early.all;
}

static void
note_early(struct watch *w, int wd)
{
	struct early *e = &w->early;

	if (w->n_jobs == 0 || (e->n > 0 && e->wd[e->n - 1] == wd))
		return;
	if (e->n == WATCH_EARLY_MAX)
		e->all = true;
	else
		e->wd[e->n++] = wd;
}

static void
on_overflow(struct watch *w)
{
	w->overflows++;
	w->ops->overflow(w->ctx);
	if (!w->full) {
		watch_want_full(w, 0);
		return;
	}
	w->backoff_ms = w->backoff_ms ? MIN(w->backoff_ms * 2,
		(int64_t)WATCH_BACKOFF_MAX_MS) : WATCH_BACKOFF_MS;
	watch_want_full(w, w->backoff_ms);
}

/* What happened to the directory itself. */
static void
on_self(struct watch *w, struct dir *d, uint32_t mask)
{
	if (!d->parent) {
		root_lost(&w->roots[d->root]);
		return;
	}
	/* The kernel has ended the watch: if the directory lives, renew it. */
	if (mask & IN_IGNORED) {
		table_remove(&w->by_wd, wd_key(&d->wd));
		d->wd = -1;
		scan_request(w, d, false, true);
	}
}

static enum happening
happening_of(uint32_t mask)
{
	if (mask & (IN_DELETE | IN_MOVED_FROM))
		return HAPPENED_GONE;
	return mask & (IN_CLOSE_WRITE | IN_MOVED_TO) ? HAPPENED_SAVED :
		HAPPENED_MADE;
}

static void
on_file(struct watch *w, struct dir *d, struct slice name,
	const struct inotify_event *e, enum happening h)
{
	struct file *f;

	if (name_kind(name) == FILE_FOREIGN ||
		d->path.len + 1 + name.len >= PATH_MAX)
		return;
	f = tree_make(&w->tree, d, name);
	if (e->mask & IN_MOVED_FROM)
		moves_from(w, e->cookie, f);
	queue_event(&w->queue, f, h, clock_mono_ms());
	if (e->mask & IN_MOVED_TO)
		moves_to(w, e->cookie, f);
	tree_release(&w->tree, f);
}

static void
on_dir(struct watch *w, struct dir *d, struct slice name,
	const struct inotify_event *e)
{
	struct dir *child;

	if (d->path.len + 1 + name.len >= PATH_MAX)
		return;
	/* One that looks like an article is told to be none. */
	on_file(w, d, name, e, e->mask & (IN_CREATE | IN_MOVED_TO) ?
		HAPPENED_SAVED : HAPPENED_GONE);
	child = tree_make_child(&w->tree, d, name);
	if (child->parent != d) {
		scan_request(w, d, false, true);
	} else if (e->mask & (IN_CREATE | IN_MOVED_TO)) {
		child->present = true;
		child->seen = ++w->serial;
		scan_request(w, child, true, true);
	} else {
		scan_drop(w, child);
	}
}

static size_t
depth_left(const struct dir *d)
{
	size_t left = WATCH_DEPTH_MAX;

	for (; d->parent && left > 0; d = d->parent)
		left--;
	return left;
}

void
inotify_handle(struct watch *w, const struct inotify_event *e)
{
	struct dir *d = inotify_find(w, e->wd);
	struct slice name = slice_str(e->len ? e->name : "");

	if (e->mask & IN_Q_OVERFLOW) {
		on_overflow(w);
	} else if (!d) {
		note_early(w, e->wd);
	} else if (w->roots[d->root].gone) {
		return;
	} else if (name.len == 0) {
		on_self(w, d, e->mask);
	} else if (name_is_ignored(name)) {
		return;
	} else if (!(e->mask & IN_ISDIR)) {
		on_file(w, d, name, e, happening_of(e->mask));
	} else if (depth_left(d) > 0) {
		on_dir(w, d, name, e);
	} else {
		scan_request(w, d, false, true);
	}
}

static void
on_readable(struct ev_loop *loop, struct ev_io *io, int events)
{
	static _Alignas(struct inotify_event) char bytes[READ_SIZE];
	struct watch *w = io->data;
	const struct inotify_event *e;
	ssize_t len = read(w->inotify_fd, bytes, sizeof(bytes));

	(void)loop;
	(void)events;
	/* The kernel pads each event, so that the next one is aligned. */
	for (ssize_t at = 0; at < len; at += (ssize_t)(sizeof(*e) + e->len)) {
		e = (const void *)(bytes + at);
		inotify_handle(w, e);
	}
	watch_step(w);
}

void
inotify_start(struct watch *w)
{
	w->inotify_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (w->inotify_fd < 0) {
		w->inotify_errno = errno;
		return;
	}
	ev_io_init(&w->io, on_readable, w->inotify_fd, EV_READ);
	w->io.data = w;
	ev_io_start(w->loop, &w->io);
}

void
inotify_stop(struct watch *w)
{
	if (w->inotify_fd < 0)
		return;
	ev_io_stop(w->loop, &w->io);
	close(w->inotify_fd);
	w->inotify_fd = -1;
	table_done(&w->by_wd);
}
