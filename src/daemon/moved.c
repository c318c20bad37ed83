/*
 * Addresses that moved: a table from a series' slug to the one that it has
 * become, and the files that must not be in the tree any more.
 */
#include <stdlib.h>

#include "base/table.h"
#include "base/uri.h"
#include "daemon/feeds.h"
#include "daemon/moved.h"
#include "feed/render.h"
#include "model/access.h"
#include "model/address.h"

struct moved {
	struct arena arena;
	struct table by_slug;
	struct moved_series *list;
	size_t n;
};

void
moved_free(struct moved *m)
{
	if (!m)
		return;
	table_done(&m->by_slug);
	arena_done(&m->arena);
	free(m);
}

/* ---- files ---- */

/* A merge may have been committed and its file not yet removed. */
struct tidy_job {
	struct job job;
	struct press *press;
	struct arena arena;
	struct slice *files;
	size_t n;
};

static void
tidy_run(struct job *j)
{
	struct tidy_job *t = CONTAINER_OF(j, struct tidy_job, job);
	const struct press *p = t->press;
	struct err e;

	/* What cannot be removed is tried again at the next start. */
	for (size_t i = 0; i < t->n; i++)
		if (p->publish->remove(p->publisher, t->files[i], &e) < 0 ||
			p->publish->remove(p->private_tree, t->files[i],
			&e) < 0)
			continue;
}

static void
tidy_done(struct job *j)
{
	struct tidy_job *t = CONTAINER_OF(j, struct tidy_job, job);

	arena_done(&t->arena);
	free(t);
}

void
moved_tidy(struct press *p)
{
	const struct moved *m = p->moved;
	struct tidy_job *t;

	if (m->n == 0)
		return;
	t = x_calloc(1, sizeof(*t));
	t->job = (struct job){ .run = tidy_run, .done = tidy_done };
	t->press = p;
	for (size_t i = 0; i < m->n; i++) {
		struct feed old = { .kind = CHANNEL_SERIES,
			.slug = m->list[i].slug };

		for (size_t k = 0; renderers[k]; k++) {
			t->files = ARENA_GROW(&t->arena, t->files, t->n);
			t->files[t->n++] = address_feed_file(&old,
				renderers[k]->ending, &t->arena);
		}
	}
	pool_submit(p->pool, &t->job, POOL_LATER);
}

/* ---- loading ---- */

int
moved_load(struct press *p, struct err *e)
{
	struct moved *m = x_calloc(1, sizeof(*m));
	struct store_reader *r = p->ops->reader_take(p->store);
	int rc = p->ops->moved(r, &m->arena, &m->list, &m->n, e);

	p->ops->reader_give(p->store, r);
	if (rc < 0) {
		moved_free(m);
		return -1;
	}
	for (size_t i = 0; i < m->n; i++) {
		table_set(&m->by_slug, m->list[i].slug, &m->list[i]);
		feeds_drop(p->feeds, m->list[i].feed_id);
	}
	moved_free(p->moved);
	p->moved = m;
	moved_tidy(p);
	return 0;
}

/* ---- requests ---- */

static const struct moved_series *
find(const struct moved *m, struct slice encoded, struct arena *a)
{
	struct slice slug = uri_decode(encoded, a);

	return slug.ptr ? table_get(&m->by_slug, slug) : NULL;
}

/* "/series/<slug>/", with or without the last slash. */
static struct slice
moved_page(const struct press *p, struct slice path, struct arena *a)
{
	struct feed to = { .kind = CHANNEL_SERIES };
	const struct moved_series *s;
	struct slice rest;

	if (!slice_starts(path, S("/series/")))
		return S("");
	rest = slice_from(path, 8);
	if (slice_ends(rest, S("/")))
		rest.len--;
	s = find(p->moved, rest, a);
	if (!s)
		return S("");
	/* A private series has no page, and nobody learns where it is. */
	to.slug = s->to_slug;
	return channel_is_private(p->config, &to) ? S("") :
		address_page(CHANNEL_SERIES, s->to_slug, a);
}

/* "/feeds/series/<slug>.<ending>". */
static struct slice
moved_feed(const struct moved *m, struct slice path, struct arena *a)
{
	ssize_t dot = slice_rfind_byte(path, '.');
	const struct moved_series *s;
	struct slice rest;

	if (!slice_starts(path, S("/feeds/series/")) || dot < 14)
		return S("");
	rest = slice_sub(path, 14, (size_t)dot);
	s = find(m, rest, a);
	return s ? arena_printf(a, "/feeds/series/%.*s%.*s",
		ARG(uri_segment(s->to_slug, false, a)),
		ARG(slice_from(path, (size_t)dot))) : S("");
}

bool
moved_serve(struct press *p, struct slice path, struct serve_request *r)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct slice to;

	if (p->moved->n == 0)
		return false;
	to = moved_page(p, path, &a);
	if (to.len == 0)
		to = moved_feed(p->moved, path, &a);
	if (to.len == 0)
		return false;
	serve_redirect(r, to);
	return true;
}
