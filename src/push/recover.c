/*
 * Housekeeping in courier.db: what was interrupted, and what is over.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "push/engine_parts.h"

#define KEEP_MS (INT64_C(86400000) * OUTBOX_KEEP_DAYS)

struct chore {
	struct store_job job;
	struct engine *engine;
	int64_t ready, unknown;		/* that were being sent */
	int64_t n;			/* that were forgotten */
};

static struct chore *
chore_new(struct engine *e, void (*run)(struct store_job *,
	struct store_tx *), void (*done)(struct store_job *))
{
	struct chore *k = x_calloc(1, sizeof(*k));

	k->job.run = run;
	k->job.done = done;
	k->engine = e;
	engine_job_begins(e);
	return k;
}

/* ---- what was interrupted ---- */

static void
recover_run(struct store_job *j, struct store_tx *tx)
{
	struct chore *k = CONTAINER_OF(j, struct chore, job);

	if (k->engine->outbox->recover(tx, clock_now_ms(), &k->ready,
		&k->unknown, &j->failed) < 0)
		j->failed.kind = MAX(j->failed.kind, ERR_IO);
}

static void
recover_done(struct store_job *j)
{
	struct chore *k = CONTAINER_OF(j, struct chore, job);
	struct engine *e = k->engine;
	struct err why;

	engine_job_ended(e);
	e->is_recovering = false;
	e->is_recovered = j->failed.kind == ERR_NONE;
	if (!e->is_recovered)
		engine_failed(e, &j->failed);
	if (k->unknown > 0) {
		err_set(&why, ERR_BUSY, "the courier ended while it was sent");
		courier_tell(e->c, COURIER_UNKNOWN, S(""), S(""), k->unknown,
			&why);
	}
	free(k);
	engine_pick(e);
}

void
engine_recover(struct engine *e)
{
	if (e->is_recovering)
		return;
	e->is_recovering = true;
	e->c->ops->submit(e->c->store, &chore_new(e, recover_run,
		recover_done)->job);
}

/* ---- what is over ---- */

static void
prune_run(struct store_job *j, struct store_tx *tx)
{
	struct chore *k = CONTAINER_OF(j, struct chore, job);
	int64_t now = clock_now_ms(), uploads;

	if (k->engine->outbox->prune(tx, now - KEEP_MS, ENGINE_PRUNE_MAX,
		&k->n, &j->failed) < 0 || upload_sqlite.prune(tx, now,
		ENGINE_PRUNE_MAX, &uploads, &j->failed) < 0)
		j->failed.kind = MAX(j->failed.kind, ERR_IO);
	else
		k->n = MAX(k->n, uploads);
}

static void
prune_done(struct store_job *j)
{
	struct chore *k = CONTAINER_OF(j, struct chore, job);
	struct engine *e = k->engine;

	engine_job_ended(e);
	if (j->failed.kind != ERR_NONE)
		engine_failed(e, &j->failed);
	else if (k->n >= ENGINE_PRUNE_MAX)
		e->prune_at = 0;	/* there is more: at the next poll */
	free(k);
}

void
engine_prune(struct engine *e)
{
	int64_t now = clock_mono_ms();

	if (now < e->prune_at || engine_is_held(e))
		return;
	e->prune_at = now + ENGINE_PRUNE_MS;
	e->c->ops->submit(e->c->store, &chore_new(e, prune_run,
		prune_done)->job);
}
