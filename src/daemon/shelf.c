/*
 * The shelf: the published pictures (invariants: shelf.h).
 *
 * One name at a time is being judged.  Who puts that very name waits, and then
 * finds it gone or spared: no lock is held while the store or the disk is
 * asked.
 */
#include <pthread.h>
#include <stdlib.h>

#include "base/event.h"
#include "base/table.h"
#include "daemon/media.h"
#include "daemon/shelf.h"
#include "read/image.h"

enum { A_DAY_S = 24 * 3600, NAME_ROOM = HASH_HEX + 8 };

struct pin {
	size_t count;
	size_t len;
	char name[NAME_ROOM];
};

/* Names to be judged, on their way through the pool. */
struct sweep {
	struct job job;
	struct shelf *shelf;
	struct arena arena;
	struct slice *names;	/* afterwards: of these, the removed */
	size_t n;
	bool all;		/* and whatever lies there */
	struct err failed;
};

struct shelf {
	struct press *press;
	pthread_mutex_t lock;	/* of what follows */
	pthread_cond_t judged;
	struct table pins;
	char judging[NAME_ROOM];	/* "": none */

	/* The loop's. */
	struct sweep *gathering, *under_way;
	ev_timer daily;
	bool begun;		/* all were judged, or will be */
	bool stopped;
};

bool
shelf_is_name(struct slice name)
{
	for (size_t i = 0; i < HASH_HEX; i++)
		if (i >= name.len || !strchr("0123456789abcdef",
			name.ptr[i]) || !name.ptr[i])
			return false;
	return name.len < NAME_ROOM && name.len > HASH_HEX + 1 &&
		name.ptr[HASH_HEX] == '.' &&
		image_type_of(slice_from(name, HASH_HEX + 1));
}

static struct slice
path_of(struct slice name, char ret[static NAME_ROOM + 8])
{
	memcpy(ret, "media/", 6);
	memcpy(ret + 6, name.ptr, name.len);
	return slice(ret, name.len + 6);
}

/* ---- pins ---- */

static void
pin(struct shelf *s, struct slice name)
{
	struct pin *p;

	pthread_mutex_lock(&s->lock);
	while (slice_eq(slice_str(s->judging), name))
		pthread_cond_wait(&s->judged, &s->lock);
	p = table_get(&s->pins, name);
	if (!p) {
		p = x_calloc(1, sizeof(*p));
		memcpy(p->name, name.ptr, name.len);
		p->len = name.len;
		table_set(&s->pins, slice(p->name, p->len), p);
	}
	p->count++;
	pthread_mutex_unlock(&s->lock);
}

void
shelf_unpin(struct shelf *s, struct slice name)
{
	struct pin *p;

	pthread_mutex_lock(&s->lock);
	p = table_get(&s->pins, name);
	CHECK(p);
	if (--p->count == 0) {
		table_remove(&s->pins, name);
		free(p);
	}
	pthread_mutex_unlock(&s->lock);
}

static int
write_new(struct shelf *s, struct slice path, struct slice bytes,
	struct err *e)
{
	const struct press *p = s->press;
	struct document *d = document_new();
	char *copy = x_malloc(bytes.len + 1);
	int rc;

	memcpy(copy, bytes.ptr, bytes.len);
	document_set_body(d, CODING_IDENTITY, copy, bytes.len);
	d->mtime = -1;
	rc = p->publish->put(p->publisher, path, d, e);
	document_unref(d);
	return rc;
}

int
shelf_put(struct shelf *s, struct slice name, struct slice bytes,
	struct err *e)
{
	const struct press *p = s->press;
	char room[NAME_ROOM + 8];
	struct slice path;

	CHECK(shelf_is_name(name));
	path = path_of(name, room);
	pin(s, name);
	if (p->publish->has(p->publisher, path) ||
		write_new(s, path, bytes, e) == 0)
		return 0;
	shelf_unpin(s, name);
	return -1;
}

/* ---- sweeping, on a pool thread ---- */

/* False: it is pinned. */
static bool
judging_begin(struct shelf *s, struct slice name)
{
	bool pinned;

	pthread_mutex_lock(&s->lock);
	pinned = table_get(&s->pins, name) != NULL;
	if (!pinned) {
		memcpy(s->judging, name.ptr, name.len);
		s->judging[name.len] = '\0';
	}
	pthread_mutex_unlock(&s->lock);
	return !pinned;
}

static void
judging_end(struct shelf *s)
{
	pthread_mutex_lock(&s->lock);
	s->judging[0] = '\0';
	pthread_cond_broadcast(&s->judged);
	pthread_mutex_unlock(&s->lock);
}

/* A reader for each name: one that was taken before would see the past. */
static bool
remove_unused(struct shelf *s, struct slice name, struct err *e)
{
	const struct press *p = s->press;
	struct store_reader *r = p->ops->reader_take(p->store);
	char room[NAME_ROOM + 8];
	bool used = true;
	int rc = p->ops->media_used(r, name, &used, e);

	p->ops->reader_give(p->store, r);
	return rc == 0 && !used && p->publish->remove(p->publisher,
		path_of(name, room), e) == 0;
}

static bool
add_found(void *ctx, struct slice name)
{
	struct sweep *w = ctx;

	if (!shelf_is_name(name))
		return true;
	w->names = ARENA_GROW(&w->arena, w->names, w->n);
	w->names[w->n++] = arena_copy(&w->arena, name);
	return true;
}

static void
sweep_run(struct job *j)
{
	struct sweep *w = CONTAINER_OF(j, struct sweep, job);
	struct shelf *s = w->shelf;
	const struct press *p = s->press;
	size_t removed = 0;

	if (w->all && p->publish->list(p->publisher, S("media"), add_found, w,
		&w->failed) < 0)
		w->failed.kind = MAX(w->failed.kind, ERR_IO);
	for (size_t i = 0; i < w->n; i++) {
		if (!judging_begin(s, w->names[i]))
			continue;
		if (remove_unused(s, w->names[i], &w->failed))
			w->names[removed++] = w->names[i];
		judging_end(s);
	}
	w->n = removed;
}

/* ---- sweeping, on the loop ---- */

static void
sweep_free(struct sweep *w)
{
	if (w)
		arena_done(&w->arena);
	free(w);
}

static void start_sweep(struct shelf *s);

static void
sweep_done(struct job *j)
{
	struct sweep *w = CONTAINER_OF(j, struct sweep, job);
	struct shelf *s = w->shelf;

	if (w->failed.kind != ERR_NONE)
		event_err(EV_MEDIA_FAILED, "while", S("removing pictures that "
			"nobody names"), &w->failed);
	for (size_t i = 0; i < w->n; i++)
		media_desk_forget(s->press->media, w->names[i]);
	s->under_way = NULL;
	sweep_free(w);
	start_sweep(s);
}

static void
start_sweep(struct shelf *s)
{
	if (s->under_way || !s->gathering || s->stopped)
		return;
	s->under_way = TAKE(s->gathering);
	s->under_way->job.run = sweep_run;
	s->under_way->job.done = sweep_done;
	pool_submit(s->press->pool, &s->under_way->job, POOL_LATER);
}

static struct sweep *
gather(struct shelf *s)
{
	if (!s->gathering) {
		s->gathering = x_calloc(1, sizeof(*s->gathering));
		s->gathering->shelf = s;
	}
	return s->gathering;
}

void
shelf_sweep(struct shelf *s, const struct slice *names, size_t n)
{
	/* In the first scan the store cannot say yet who names what. */
	if (!s->begun)
		return;
	for (size_t i = 0; i < n; i++)
		add_found(gather(s), names[i]);
	start_sweep(s);
}

void
shelf_sweep_all(struct shelf *s)
{
	s->begun = true;
	gather(s)->all = true;
	start_sweep(s);
	if (!ev_is_active(&s->daily) && !s->stopped)
		ev_timer_again(s->press->loop, &s->daily);
}

static void
on_daily(struct ev_loop *loop, ev_timer *t, int events)
{
	(void)loop;
	(void)events;
	shelf_sweep_all(t->data);
}

/* ---- life ---- */

struct shelf *
shelf_new(struct press *p)
{
	struct shelf *s = x_calloc(1, sizeof(*s));

	s->press = p;
	CHECK(pthread_mutex_init(&s->lock, NULL) == 0);
	CHECK(pthread_cond_init(&s->judged, NULL) == 0);
	ev_timer_init(&s->daily, on_daily, A_DAY_S, A_DAY_S);
	s->daily.data = s;
	return s;
}

void
shelf_stop(struct shelf *s)
{
	if (!s)
		return;
	s->stopped = true;
	ev_timer_stop(s->press->loop, &s->daily);
}

void
shelf_free(struct shelf *s)
{
	size_t at = 0;
	void *p;

	if (!s)
		return;
	while (table_next(&s->pins, &at, &p))
		free(p);
	table_done(&s->pins);
	sweep_free(s->gathering);
	pthread_cond_destroy(&s->judged);
	pthread_mutex_destroy(&s->lock);
	free(s);
}
