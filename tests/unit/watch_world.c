/*
 * A content directory, a loop, a pool and a watch, for the tests of watch.
 */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "watch_world.h"

enum { AWAIT_MS = 20000, AN_HOUR = 3600 };

/* ---- what watch says ---- */

static void
on_dirty(void *ctx)
{
	((struct world *)ctx)->dirty = true;
}

static void
on_scanned(void *ctx)
{
	((struct world *)ctx)->n_scanned++;
}

static void
on_overflow(void *ctx)
{
	((struct world *)ctx)->n_overflow++;
}

static void
note_where(struct world *x, struct slice dir, const struct err *why)
{
	snprintf(x->where, sizeof(x->where), "%.*s", ARG(dir));
	x->why = *why;
	assert_true(why->text[0] && why->hint[0]);
}

static void
on_polled(void *ctx, struct slice dir, const struct err *why)
{
	struct world *x = ctx;

	x->n_polled++;
	note_where(x, dir, why);
}

static void
on_failed(void *ctx, struct slice dir, const struct err *why)
{
	struct world *x = ctx;

	x->n_failed++;
	note_where(x, dir, why);
}

static void
on_root_gone(void *ctx, const char *dir, bool gone)
{
	struct world *x = ctx;

	assert_string_equal(dir, x->dir);
	if (gone)
		x->n_gone++;
	else
		x->n_back++;
}

static const struct watch_ops ops = {
	.dirty = on_dirty,
	.scanned = on_scanned,
	.overflow = on_overflow,
	.polled = on_polled,
	.failed = on_failed,
	.root_gone = on_root_gone,
};

/* ---- flow, in small ---- */

size_t
world_take(struct world *x, struct batch *b)
{
	*b = (struct batch){ 0 };
	return watch_take(x->watch, b);
}

void
world_look(struct world *x, struct batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		watch_reconcile(&b->items[i], x->max_size, &b->arena);
	if (watch_guess_moves(x->watch, b))
		watch_verify_moves(b);
}

static void
keep_record(struct world *x, const struct item *i)
{
	struct record *r;

	x->records = x_realloc(x->records, (x->n_records + 1) * sizeof(*r));
	r = &x->records[x->n_records++];
	*r = (struct record){ .fate = i->fate, .hot = i->hot,
		.known = i->known, .len = i->bytes.len, .why = i->why };
	snprintf(r->path, sizeof(r->path), "%.*s", ARG(i->path));
	snprintf(r->moved_from, sizeof(r->moved_from), "%.*s",
		ARG(i->moved_from));
	if (i->fate == ITEM_ASIDE)
		assert_true(i->why.text[0] && i->why.hint[0]);
}

void
world_settle(struct world *x, struct batch *b)
{
	if (x->fail)
		err_set(&b->failed, ERR_STORE, "the disk is full");
	for (size_t i = 0; i < b->n; i++)
		keep_record(x, &b->items[i]);
	watch_settle(x->watch, b);
	arena_done(&b->arena);
}

static void
flow(struct world *x)
{
	struct batch b;

	x->dirty = false;
	while (world_take(x, &b) > 0) {
		world_look(x, &b);
		world_settle(x, &b);
	}
	arena_done(&b.arena);
}

static void
turn(struct world *x)
{
	ev_run(x->loop, EVRUN_ONCE);
	if (x->dirty && !x->hold)
		flow(x);
}

void
world_run(struct world *x, int ms)
{
	int64_t end = clock_mono_ms() + ms;

	while (clock_mono_ms() < end)
		turn(x);
}

void
world_rest(struct world *x)
{
	struct watch_status s;
	int64_t end = clock_mono_ms() + AWAIT_MS;

	do {
		world_run(x, 50);
		watch_get_status(x->watch, &s);
		assert_true(clock_mono_ms() < end);
	} while (s.scanning || s.dirty > 0);
}

size_t
world_count(struct world *x, const char *path, enum item_fate fate)
{
	size_t n = 0;

	for (size_t i = 0; i < x->n_records; i++)
		n += x->records[i].fate == fate && (!path ||
			strcmp(x->records[i].path, path) == 0);
	return n;
}

struct record *
world_await(struct world *x, const char *path, enum item_fate fate)
{
	int64_t end = clock_mono_ms() + AWAIT_MS;

	while (world_count(x, path, fate) == 0) {
		if (clock_mono_ms() > end)
			fail_msg("\"%s\" did not come", path);
		turn(x);
	}
	for (size_t i = x->n_records; i-- > 0;)
		if (x->records[i].fate == fate &&
			strcmp(x->records[i].path, path) == 0)
			return &x->records[i];
	return NULL;
}

void
world_await_count(struct world *x, const int *n, int least)
{
	int64_t end = clock_mono_ms() + AWAIT_MS;

	while (*n < least) {
		assert_true(clock_mono_ms() < end);
		turn(x);
	}
}

void
world_forget(struct world *x)
{
	x->n_records = 0;
}

/* ---- files ---- */

char *
world_path(struct world *x, const char *path, char ret[static 512])
{
	int n = snprintf(ret, 512, "%s/%s", x->dir, path);

	assert_true(n > 0 && n < 512);
	return ret;
}

void
world_put(struct world *x, const char *path, const char *text)
{
	char full[512];
	FILE *f = fopen(world_path(x, path, full), "we");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

void
world_put_old(struct world *x, const char *path, const char *text)
{
	struct timespec t[2] = { { .tv_nsec = UTIME_OMIT },
		{ .tv_sec = (time_t)clock_now() - AN_HOUR } };
	char full[512];

	world_put(x, path, text);
	assert_int_equal(utimensat(AT_FDCWD, world_path(x, path, full), t, 0),
		0);
}

void
world_mkdir(struct world *x, const char *path)
{
	char full[512];

	assert_int_equal(mkdir(world_path(x, path, full), 0755), 0);
}

void
world_rename(struct world *x, const char *from, const char *to)
{
	char a[512], b[512];

	assert_int_equal(rename(world_path(x, from, a),
		world_path(x, to, b)), 0);
}

void
world_unlink(struct world *x, const char *path)
{
	char full[512];

	assert_int_equal(remove(world_path(x, path, full)), 0);
}

/* ---- life ---- */

static void
on_pulse(struct ev_loop *loop, struct ev_timer *t, int events)
{
	(void)loop;
	(void)t;
	(void)events;
}

static void
open_watch(struct world *x)
{
	x->pool = pool_new(x->loop, 2);
	x->watch = watch_new(x->loop, x->pool, &x->config, &ops, x);
	x->dirty = false;
}

int
world_setup(void **state)
{
	struct world *x = x_calloc(1, sizeof(*x));

	snprintf(x->dir, sizeof(x->dir), "/tmp/gazetted-watch.XXXXXX");
	assert_non_null(mkdtemp(x->dir));
	x->loop = ev_loop_new(EVFLAG_AUTO);
	x->max_size = 100000;
	x->config.roots[0].dir = x->dir;
	x->config.roots[0].poll_ms = 100;
	x->config.n_roots = 1;
	ev_timer_init(&x->pulse, on_pulse, 0.005, 0.005);
	ev_timer_start(x->loop, &x->pulse);
	open_watch(x);
	*state = x;
	return 0;
}

void
world_start(struct world *x)
{
	int before = x->n_scanned;

	watch_start(x->watch);
	world_await_count(x, &x->n_scanned, before + 1);
	world_run(x, 20);
}

/* The store remembers a file only in its `file` table. */
struct row {
	char path[256];
	struct file_stamp stamp;
	uint64_t hash;
	uint64_t with;
};

static size_t
dump(struct watch *w, struct row **ret)
{
	struct row *rows = x_calloc(w->tree.n_known, sizeof(*rows));
	size_t at = 0, n = 0;
	void *p;

	while (table_next(&w->tree.dirs, &at, &p)) {
		struct dir *d = p;

		for (uint32_t i = 0; i < d->n_files; i++) {
			struct file *f = d->files[i];

			if (!f->known)
				continue;
			tree_put_path(f, rows[n].path);
			rows[n].stamp = f->stamp;
			rows[n].with = f->with;
			rows[n++].hash = f->hash;
		}
	}
	*ret = rows;
	return n;
}

void
world_restart(struct world *x)
{
	struct row *rows;
	size_t n = dump(x->watch, &rows);

	pool_free(x->pool);
	watch_free(x->watch);
	world_forget(x);
	open_watch(x);
	for (size_t i = 0; i < n; i++)
		watch_remember(x->watch, slice_str(rows[i].path),
			&rows[i].stamp, rows[i].hash, rows[i].with);
	free(rows);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *f)
{
	(void)st;
	(void)type;
	(void)f;
	return remove(path);
}

int
world_teardown(void **state)
{
	struct world *x = *state;

	pool_free(x->pool);
	watch_free(x->watch);
	ev_timer_stop(x->loop, &x->pulse);
	ev_loop_destroy(x->loop);
	nftw(x->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(x->records);
	free(x);
	return 0;
}
