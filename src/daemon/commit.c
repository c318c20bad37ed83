/*
 * tx2: what was published, on its way into the store.
 *
 * What nobody waits for is recorded many at once, or at the end of it all.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/event.h"
#include "daemon/catalogue.h"
#include "daemon/unit.h"
#include "daemon/post.h"

enum { COMMIT_MANY = 256 };	/* publications that wait no longer */

struct commit {
	struct store_job job;
	struct feeds *feeds;
	struct publication *list;
	size_t n, room;
	bool hot;		/* somebody waits for one of them */
};

static void
commit_free(struct commit *c)
{
	if (c)
		free(c->list);
	free(c);
}

void
commit_free_all(struct feeds *f)
{
	commit_free(TAKE(f->gathering));
}

static void
commit_run(struct store_job *j, struct store_tx *tx)
{
	struct commit *c = CONTAINER_OF(j, struct commit, job);

	if (c->feeds->press->ops->published(tx, c->list, c->n,
		&j->failed) < 0)
		j->failed.kind = MAX(j->failed.kind, ERR_IO);
}

/* It was not recorded, so it is still to be announced. */
static void
untell(struct feeds *f, const struct publication *p)
{
	struct unit *u = feeds_unit(f, p->feed_id, p->page);

	memset(u->told, 0, sizeof(u->told));
	feeds_mark_unit(f, u, false);
}

static void
commit_done(struct store_job *j)
{
	struct commit *c = CONTAINER_OF(j, struct commit, job);
	struct feeds *f = c->feeds;
	size_t changed = 0;

	f->under_way = NULL;
	f->n_committing -= c->n;
	for (size_t i = 0; i < c->n; i++) {
		changed += c->list[i].changed;
		if (j->failed.kind != ERR_NONE)
			untell(f, &c->list[i]);
	}
	if (j->failed.kind != ERR_NONE) {
		event_err(EV_STORE_FAILED, "while", S("recording what is "
			"published"), &j->failed);
		feeds_pump_later(f);
	} else if (changed) {
		event(EV_PUBLISHED, F_NUM("feeds", changed));
		f->status.last_published = clock_now();
		post_wake(f->press);
	}
	catalogue_note(f->press->catalogue);
	commit_free(c);
	commit_start(f);
	feeds_pump(f);
}

void
commit_start(struct feeds *f)
{
	const struct commit *c = f->gathering;

	if (f->under_way || !c ||
		(!c->hot && c->n < COMMIT_MANY && f->n_rendering > 0))
		return;
	f->under_way = TAKE(f->gathering);
	f->press->ops->submit(f->press->store, &f->under_way->job);
}

void
commit_add(struct feeds *f, const struct publication *p, bool hot)
{
	struct commit *c = f->gathering;

	if (!c) {
		c = f->gathering = x_calloc(1, sizeof(*c));
		c->feeds = f;
		c->job.run = commit_run;
		c->job.done = commit_done;
	}
	if (c->n == c->room) {
		c->room = c->room ? c->room * 2 : 16;
		c->list = x_realloc(c->list, c->room * sizeof(*c->list));
	}
	c->list[c->n++] = *p;
	c->hot = c->hot || hot;
	f->n_committing++;
}
