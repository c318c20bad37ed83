/*
 * Scans: listing directories in the pool, one job each.
 *
 * 1. The job opens the directory beneath its root, sets the kernel's watch
 *    through that descriptor, and only then lists: so the watch is on what is
 *    listed, and no file falls between.
 * 2. An event of that watch may arrive before the loop knows whose it is; it
 *    is noted as early, and the directory is listed once more.
 * 3. done() files the listing and wakes the loop; it submits nothing, so a
 *    pool that ends is not fed.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/file.h"
#include "watch/internal.h"
#include "watch/name.h"
#include "watch/system.h"

/* IN_ATTRIB and IN_MODIFY are left out: no news, or too early to read. */
static const uint32_t watch_mask = IN_CLOSE_WRITE | IN_MOVED_TO |
	IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_DELETE_SELF |
	IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK | IN_DONT_FOLLOW;

/* ---- in the pool ---- */

/* Watch what fd is open on, unless its events would not be whole. */
static void
attach(struct scan *s, int fd)
{
	char path[64];
	struct statfs fs;

	if (!s->system && fstatfs(fd, &fs) == 0)
		s->system = system_without_events((uint64_t)fs.f_type);
	if (s->inotify_fd < 0 || s->system)
		return;
	/* The "/." makes the kernel follow the magic link before it. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d/.", fd);
	s->wd = inotify_add_watch(s->inotify_fd, path, watch_mask);
	s->wd_errno = s->wd < 0 ? errno : 0;
}

static void
add_entry(struct scan *s, struct slice name, const struct file_stamp *stamp,
	bool is_dir)
{
	s->entries = ARENA_GROW(&s->arena, s->entries, s->n);
	s->entries[s->n++] = (struct scan_entry){ name, *stamp, is_dir };
}

/*
 * What articles are read with comes before them, so that a first scan reads
 * no article twice.
 */
static void
put_first(struct scan *s)
{
	struct scan_entry last = s->entries[s->n - 1];

	s->entries[s->n - 1] = s->entries[s->n_companions];
	s->entries[s->n_companions++] = last;
}

static void
list_entry(struct scan *s, int fd, const struct dirent *de)
{
	struct slice name = slice_str(de->d_name);
	struct look look = { .mode = DTTOIF(de->d_type) };
	enum file_kind kind = name_kind(name);
	bool ours = kind != FILE_FOREIGN;

	if (name_is_ignored(name))
		return;
	if ((ours || de->d_type == DT_UNKNOWN) &&
		look_at(fd, de->d_name, &look) < 0 && errno == ENOENT)
		return;
	if (!S_ISDIR(look.mode))
		s->files++;
	if (s->path_len + 1 + name.len >= PATH_MAX ||
		(!ours && !S_ISDIR(look.mode))) {
		s->passed_over++;
		return;
	}
	name = arena_copy(&s->arena, name);
	if (ours)
		add_entry(s, name, &look.stamp, false);
	if (ours && kind != FILE_ARTICLE)
		put_first(s);
	if (S_ISDIR(look.mode))
		add_entry(s, name, &look.stamp, true);
}

static void
close_dir(DIR **d)
{
	if (*d)
		closedir(*d);
}

static void
list_all(struct scan *s, DIR *d)
{
	const struct dirent *de;

	for (errno = 0; (de = readdir(d)); errno = 0)
		list_entry(s, dirfd(d), de);
	s->error = errno;
}

static void
run(struct job *j)
{
	struct scan *s = CONTAINER_OF(j, struct scan, job);
	int fd = file_open_beneath(s->root_fd, s->rel,
		O_RDONLY | O_DIRECTORY);
	CLEANUP(close_dir) DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	struct look look;

	if (!d || look_at(fd, "", &look) < 0) {
		s->error = errno;
		return;
	}
	attach(s, fd);
	if (look.links == 0)
		s->error = ENOENT;
	else
		list_all(s, d);
}

/* ---- on the loop ---- */

static bool
is_not_there(int error)
{
	return error == ENOENT || error == ENOTDIR || error == ELOOP;
}

/* End the kernel's watches of a directory and of all in it. */
static void
unwatch(struct watch *w, struct dir *d)
{
	d->present = false;
	inotify_set(w, d, -1);
	poll_set(w, d, POLL_NOT);
	w->passed_over -= d->passed_over;
	d->passed_over = 0;
	for (struct dir *c = d->child; c; c = c->sibling)
		unwatch(w, c);
}

void
scan_drop(struct watch *w, struct dir *d)
{
	unwatch(w, d);
	scan_request(w, d, false, true);
}

static void
set_failed(struct watch *w, const struct scan *s)
{
	struct arena a = { 0 };
	struct err why = { 0 };
	bool news = s->error != 0 && s->error != s->dir->failed;

	s->dir->failed = s->error;
	if (!news)
		return;
	errno = s->error;
	err_set(&why, ERR_IO, "cannot list the directory: %m");
	err_hint(&why, s->error == EACCES ? "Let the daemon's user read and "
		"search it: chmod a+rx, then \"gazettectl rescan\"." :
		"Its articles stay as they are until it can be listed.");
	w->ops->failed(w->ctx, watch_shown(w, s->dir, &a), &why);
	arena_done(&a);
}

/* Nobody will map the kernel's watch to a directory: end it. */
static void
discard(struct watch *w, struct scan *s)
{
	if (s->wd >= 0 && !inotify_find(w, s->wd))
		inotify_rm_watch(w->inotify_fd, s->wd);
	s->n = 0;
}

/* What the listing says of the directory itself. */
static void
note(struct watch *w, struct scan *s)
{
	struct dir *d = s->dir;
	bool early = inotify_was_early(w, s->wd);

	if (is_not_there(s->error) && d->parent)
		unwatch(w, d);
	if (!d->present) {
		discard(w, s);
		s->error = 0;
		return;
	}
	if (early)
		d->again = true;
	set_failed(w, s);
	if (s->error == 0)
		poll_note(w, s);
	w->passed_over += s->passed_over - d->passed_over;
	d->passed_over = (uint32_t)s->passed_over;
	w->n_listed += s->files;
}

static void
done(struct job *j)
{
	struct scan *s = CONTAINER_OF(j, struct scan, job);
	struct watch *w = s->watch;

	/* A top that is not there is a matter for root.c. */
	if (w->roots[s->dir->root].gone ||
		(is_not_there(s->error) && !s->dir->parent)) {
		discard(w, s);
		s->error = ESTALE;
	} else {
		note(w, s);
	}
	if (--w->n_jobs == 0)
		w->early = (struct early){ 0 };
	s->dir->scan = SCAN_DIGESTING;
	TAILQ_INSERT_TAIL(&w->digesting, s, link);
	watch_kick(w);
}

static void
enqueue(struct watch *w, struct dir *d)
{
	d->scan = SCAN_QUEUED;
	d->again = false;
	TAILQ_INSERT_TAIL(&w->to_scan[d->urgent], d, link);
}

void
scan_request(struct watch *w, struct dir *d, bool deep, bool urgent)
{
	d->deep |= deep;
	if (d->scan == SCAN_LISTING || d->scan == SCAN_DIGESTING)
		d->again = true;
	if (d->scan != SCAN_NONE)
		return;
	d->urgent = urgent;
	w->n_scans++;
	enqueue(w, d);
	watch_kick(w);
}

static void
submit(struct watch *w, struct scan *s)
{
	struct root *r = &w->roots[s->dir->root];
	struct slice path = s->dir->path;
	size_t skip = r->top->path.len + (r->top->path.len > 0);

	s->root_fd = r->fd;
	s->rel = path.len > skip ? arena_copy(&s->arena, slice_from(path,
		skip)).ptr : ".";
	s->path_len = path.len;
	s->system = w->pretend_system;
	s->inotify_fd = w->pretend_errno ? -1 : w->inotify_fd;
	s->wd_errno = w->pretend_errno ? w->pretend_errno : w->inotify_errno;
	s->job.run = run;
	s->job.done = done;
	s->dir->scan = SCAN_LISTING;
	w->n_jobs++;
	pool_submit(w->pool, &s->job, s->urgent ? POOL_NOW : POOL_LATER);
}

static void
begin(struct watch *w, struct dir *d)
{
	struct root *r = &w->roots[d->root];
	struct scan *s = x_calloc(1, sizeof(*s));

	*s = (struct scan){ .watch = w, .dir = d, .serial = ++w->serial,
		.deep = d->deep, .urgent = d->urgent, .wd = -1 };
	d->deep = false;
	if (d->present && !r->gone && r->fd >= 0) {
		submit(w, s);
		return;
	}
	/* Nothing to list: all in it is missing, or nobody can say. */
	s->error = d->present ? ESTALE : 0;
	d->scan = SCAN_DIGESTING;
	TAILQ_INSERT_TAIL(&w->digesting, s, link);
}

void
scan_pump(struct watch *w)
{
	struct dir *d;

	for (int urgent = 1; urgent >= 0; urgent--)
		while (w->n_jobs < WATCH_SCANS_MAX &&
			(d = TAILQ_FIRST(&w->to_scan[urgent]))) {
			TAILQ_REMOVE(&w->to_scan[urgent], d, link);
			begin(w, d);
		}
}

static void
free_scan(struct scan *s)
{
	arena_done(&s->arena);
	free(s);
}

void
scan_finish(struct watch *w, struct scan *s)
{
	struct dir *d = s->dir;

	TAILQ_REMOVE(&w->digesting, s, link);
	free_scan(s);
	if (d->again) {
		enqueue(w, d);
		return;
	}
	w->n_scans--;
	d->scan = SCAN_NONE;
	tree_release_dir(&w->tree, d);
}

void
scan_stop(struct watch *w)
{
	struct scan *s;

	while ((s = TAILQ_FIRST(&w->digesting))) {
		TAILQ_REMOVE(&w->digesting, s, link);
		free_scan(s);
	}
}
