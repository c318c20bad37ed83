/*
 * Polling: directories that the kernel does not watch, or not wholly.
 *
 * 1. Why, is a matter of each directory: a mount beneath the root, or one
 *    directory more than the kernel has watches for.
 * 2. Each listing tries again for a watch, so that polling ends by itself when
 *    the limit was raised.
 * 3. It is told once: for the top of a subtree on such a file system; for the
 *    limit with the number that would do, when the scan has counted.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "watch/internal.h"

/* The longest round of polling: how long a deletion is held (queue.h). */
static int64_t
round_ms(const struct watch *w)
{
	int64_t ms = 0;

	for (size_t i = 0; i < w->n_roots; i++)
		if (w->roots[i].n_polled > 0)
			ms = MAX(ms, w->roots[i].poll_ms);
	return ms;
}

void
poll_set(struct watch *w, struct dir *d, enum dir_poll why)
{
	struct root *r = &w->roots[d->root];

	r->n_polled += (why != POLL_NOT) - (size_t)(d->poll != POLL_NOT);
	r->n_limited += (why == POLL_LIMIT) - (size_t)(d->poll == POLL_LIMIT);
	d->poll = why;
	w->queue.poll_ms = round_ms(w);
	if (r->n_polled == 0)
		ev_timer_stop(w->loop, &r->poll);
	else if (!ev_is_active(&r->poll))
		ev_timer_again(w->loop, &r->poll);
}

static void
tell_system(struct watch *w, const struct dir *d, const char *system)
{
	int64_t ms = w->roots[d->root].poll_ms;
	struct arena a = { 0 };
	struct err why = { 0 };

	err_set(&why, ERR_IO, "%s gives no events for what other machines "
		"change", system);
	err_hint(&why, "Changes are seen within %lld.%lld s; \"gazettectl "
		"rescan\" after a change is faster.", (long long)ms / 1000,
		(long long)ms % 1000 / 100);
	w->ops->polled(w->ctx, watch_shown(w, d, &a), &why);
	arena_done(&a);
}

void
poll_note(struct watch *w, struct scan *s)
{
	struct dir *d = s->dir;
	bool news = d->poll != POLL_SYSTEM &&
		!(d->parent && d->parent->poll == POLL_SYSTEM);

	inotify_set(w, d, s->wd);
	if (s->wd >= 0) {
		poll_set(w, d, POLL_NOT);
		return;
	}
	poll_set(w, d, s->system ? POLL_SYSTEM : POLL_LIMIT);
	if (s->wd_errno)
		w->limit_errno = s->wd_errno;
	if (s->system && news)
		tell_system(w, d, s->system);
}

/* A number out of /proc/sys/fs/inotify, or 0. */
static long long
kernel_limit(const char *name)
{
	char path[64];
	long long n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/sys/fs/inotify/%s", name);
	f = fopen(path, "re");
	if (!f)
		return 0;
	if (fscanf(f, "%lld", &n) != 1)
		n = 0;
	fclose(f);
	return n;
}

static void
tell_limit(struct watch *w, struct root *r)
{
	struct err why = { 0 };

	errno = w->limit_errno;
	if (errno == ENOSPC) {
		err_set(&why, ERR_LIMIT, "%zu directories are more than the "
			"kernel has watches for", r->n_limited);
		err_hint(&why, "Set the sysctl fs.inotify.max_user_watches to "
			"at least %lld.", kernel_limit("max_user_watches") +
			(long long)r->n_limited);
	} else {
		err_set(&why, ERR_IO, "cannot watch %zu directories: %m",
			r->n_limited);
		err_hint(&why, "See the sysctl fs.inotify.max_user_instances "
			"(now %lld).", kernel_limit("max_user_instances"));
	}
	w->ops->polled(w->ctx, slice_str(r->dir), &why);
}

void
poll_tell_limits(struct watch *w)
{
	for (size_t i = 0; i < w->n_roots; i++) {
		struct root *r = &w->roots[i];

		if (r->n_limited > r->told_limited)
			tell_limit(w, r);
		r->told_limited = r->n_limited;
	}
}

static void
scan_polled(struct watch *w, struct dir *d)
{
	if (d->poll != POLL_NOT && d->scan == SCAN_NONE)
		scan_request(w, d, false, false);
	for (struct dir *c = d->child; c; c = c->sibling)
		scan_polled(w, c);
}

void
poll_on_timer(struct ev_loop *loop, struct ev_timer *t, int events)
{
	struct root *r = t->data;

	(void)loop;
	(void)events;
	if (!r->gone)
		scan_polled(r->watch, r->top);
	watch_step(r->watch);
}
