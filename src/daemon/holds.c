/*
 * Held deletions: counting them, judging them, carrying them out.
 *
 * What passed is not withdrawn here: its row says so, and the file is looked
 * at once more, as if it had just been deleted.  So there is one way in which
 * articles are withdrawn, and a file that came back meanwhile is simply there.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/event.h"
#include "daemon/flow.h"
#include "daemon/holds.h"
#include "series/guard.h"

enum { RECHECK_MAX = 256 };	/* beyond, everything is compared */

struct holds {
	struct press *press;
	bool noted;
	bool judging;
	struct hold_counts counts;

	/* The job under way. */
	struct store_job job;
	struct arena arena;
	struct hold_counts found;
	struct slice *passed;
	size_t n_passed;
};

void
holds_recheck(struct press *p, const struct slice *paths, size_t n)
{
	if (n > RECHECK_MAX) {
		watch_rescan(p->watch, S(""));
		return;
	}
	for (size_t i = 0; i < n; i++)
		watch_rescan(p->watch, paths[i]);
}

/* ---- judging: store thread ---- */

static int
judge(struct holds *h, struct store_tx *tx, struct err *e)
{
	const struct store_ops *ops = h->press->ops;
	bool trips;

	if (ops->holds(tx, clock_now() - GUARD_WINDOW, &h->found, e) < 0)
		return -1;
	if (h->found.counted == 0)
		return 0;
	trips = guard_trips(&h->found);
	if (ops->move_holds(tx, HOLD_COUNTED, trips ? HOLD_GUARD : HOLD_PASSED,
		S(""), &h->arena, &h->passed, &h->n_passed, e) < 0)
		return -1;
	if (trips) {
		h->found.guarded += h->found.counted;
		h->n_passed = 0;
	}
	h->found.counted = 0;
	return 0;
}

static void
judge_run(struct store_job *j, struct store_tx *tx)
{
	if (judge(CONTAINER_OF(j, struct holds, job), tx, &j->failed) < 0)
		j->failed.kind = MAX(j->failed.kind, ERR_IO);
}

/* ---- telling: loop ---- */

static void
tell(const struct hold_counts *was, const struct hold_counts *is)
{
	char files[32];
	struct err why = { 0 };

	if (was->guarded == 0 && is->guarded > 0) {
		err_set(&why, ERR_REFUSED, "%jd of %jd articles lost their "
			"files at once; nothing is withdrawn",
			(intmax_t)is->guarded, (intmax_t)is->live);
		err_hint(&why, "Bring the files back; or, if they were meant "
			"to go, \"gazettectl confirm\".");
		snprintf(files, sizeof(files), "%jd", (intmax_t)is->guarded);
		event_err(EV_HELD, "files", slice_str(files), &why);
	} else if (was->guarded > 0 && is->guarded == 0) {
		event(EV_HOLD_ENDED);
	}
}

static void
judge_done(struct store_job *j)
{
	struct holds *h = CONTAINER_OF(j, struct holds, job);

	h->judging = false;
	if (j->failed.kind != ERR_NONE) {
		event_err(EV_STORE_FAILED, "while", S("judging deletions"),
			&j->failed);
		h->noted = true;	/* again, with the next batch */
	} else {
		tell(&h->counts, &h->found);
		h->counts = h->found;
		holds_recheck(h->press, h->passed, h->n_passed);
	}
	h->n_passed = 0;
	arena_reset(&h->arena);
	holds_pump(h);
}

void
holds_pump(struct holds *h)
{
	if (!h->noted || h->judging || h->press->stopping ||
		flow_deleting(h->press->flow))
		return;
	h->noted = false;
	h->judging = true;
	h->job = (struct store_job){ .run = judge_run, .done = judge_done };
	h->press->ops->submit(h->press->store, &h->job);
}

void
holds_note(struct holds *h)
{
	h->noted = true;
}

size_t
holds_open(const struct holds *h)
{
	return h->noted + h->judging;
}

const struct hold_counts *
holds_counts(const struct holds *h)
{
	return &h->counts;
}

struct holds *
holds_new(struct press *p)
{
	struct holds *h = x_calloc(1, sizeof(*h));

	h->press = p;
	return h;
}

void
holds_free(struct holds *h)
{
	if (!h)
		return;
	arena_done(&h->arena);
	free(h);
}
