/*
 * Merging: a job on the store's thread, and then the feeds and addresses of
 * what changed.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/event.h"
#include "daemon/feeds.h"
#include "daemon/merge.h"
#include "daemon/moved.h"
#include "daemon/notes.h"

struct merge_job {
	struct store_job job;
	struct press *press;
	struct config *config;	/* a reference */
	struct batch batch;
};

static void
merge_run(struct store_job *job, struct store_tx *tx)
{
	struct merge_job *m = CONTAINER_OF(job, struct merge_job, job);

	if (m->press->ops->merge(tx, m->config, &m->batch, &job->failed) < 0)
		job->failed.kind = MAX(job->failed.kind, ERR_IO);
}

static void
tell(struct merge_job *m)
{
	struct press *p = m->press;
	struct err e;

	notes_tell(&m->batch);
	feeds_mark(p->feeds, &m->batch, false);
	if (m->batch.n_notes > 0 && moved_load(p, &e) < 0)
		event_err(EV_STORE_FAILED, "while",
			S("reading the merged series"), &e);
	feeds_pump(p->feeds);
}

static void
merge_done(struct store_job *job)
{
	struct merge_job *m = CONTAINER_OF(job, struct merge_job, job);

	if (job->failed.kind == ERR_NONE)
		tell(m);
	else
		event_err(EV_STORE_FAILED, "while", S("merging series"),
			&job->failed);
	config_unref(m->config);
	arena_done(&m->batch.arena);
	free(m);
}

void
merge_start(struct press *p)
{
	struct merge_job *m = x_calloc(1, sizeof(*m));

	m->job = (struct store_job){ .run = merge_run, .done = merge_done };
	m->press = p;
	m->config = config_ref(p->config);
	m->batch.now = clock_now();
	p->ops->submit(p->store, &m->job);
}
