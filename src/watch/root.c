/*
 * Roots: opening the content directories, and seeing them vanish.
 *
 * A job opens the directory by its path, each second: at the start, while it
 * is gone, and while all is well too, for a directory that is kept open is
 * removed without an event, and a mount over it gives none either.
 * 1. Nothing counts as deleted because a root vanished or was replaced.
 * 2. The descriptor's number stays the same when a root comes back, so jobs
 *    under way always have one that is valid, and never a stranger's.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "watch/internal.h"

struct root_check {
	struct job job;
	struct root *root;
	char *dir;
	int fd;			/* -1: not there */
	struct look look;
};

/* In the pool. */
static void
run(struct job *j)
{
	struct root_check *c = CONTAINER_OF(j, struct root_check, job);

	c->fd = open(c->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (c->fd >= 0 && (look_at(c->fd, "", &c->look) < 0 ||
		c->look.links == 0))
		fd_close(&c->fd);
}

void
root_lost(struct root *r)
{
	struct watch *w = r->watch;

	if (r->gone)
		return;
	r->gone = true;
	inotify_set(w, r->top, -1);
	w->ops->root_gone(w->ctx, r->dir, true);
}

/* Take the new descriptor over. */
static void
adopt(struct root *r, int *fd, const struct look *look)
{
	struct watch *w = r->watch;

	if (r->fd < 0)
		r->fd = *fd, *fd = -1;
	else
		CHECK(dup3(*fd, r->fd, O_CLOEXEC) >= 0);
	r->dev = look->stamp.dev;
	r->ino = look->stamp.ino;
	if (!r->gone) {
		scan_request(w, r->top, true, false);
		return;
	}
	r->gone = false;
	w->ops->root_gone(w->ctx, r->dir, false);
	watch_want_full(w, 0);
}

static void
done(struct job *j)
{
	struct root_check *c = CONTAINER_OF(j, struct root_check, job);
	struct root *r = c->root;
	bool same = c->fd >= 0 && r->fd >= 0 && r->dev == c->look.stamp.dev &&
		r->ino == c->look.stamp.ino;

	r->checking = false;
	/* Replaced: lost now, and adopted by the next check. */
	if (c->fd < 0 || (r->fd >= 0 && !same && !r->gone))
		root_lost(r);
	else if (!same || r->gone)
		adopt(r, &c->fd, &c->look);
	if (!r->checked)
		r->watch->n_unchecked--;
	r->checked = true;
	fd_close(&c->fd);
	free(c->dir);
	free(c);
	watch_kick(r->watch);
}

static void
check(struct root *r)
{
	struct root_check *c;

	if (r->checking)
		return;
	r->checking = true;
	c = x_calloc(1, sizeof(*c));
	*c = (struct root_check){ .job = { .run = run, .done = done },
		.root = r, .dir = x_strdup(r->dir), .fd = -1 };
	pool_submit(r->watch->pool, &c->job, POOL_SOON);
}

static void
on_check(struct ev_loop *loop, struct ev_timer *t, int events)
{
	(void)loop;
	(void)events;
	check(t->data);
}

void
root_start(struct root *r)
{
	double every = WATCH_ROOT_CHECK_MS / 1e3;

	ev_timer_init(&r->check, on_check, every, every);
	r->check.data = r;
	ev_timer_start(r->watch->loop, &r->check);
	ev_timer_init(&r->poll, poll_on_timer, 0., (double)r->poll_ms / 1e3);
	r->poll.data = r;
	r->watch->n_unchecked++;
	check(r);
}

void
root_stop(struct root *r)
{
	ev_timer_stop(r->watch->loop, &r->check);
	ev_timer_stop(r->watch->loop, &r->poll);
	fd_close(&r->fd);
	free(r->dir);
}
