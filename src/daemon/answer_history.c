/*
 * What an operator does to articles: withdraw, publish, confirm.
 *
 * What was asked for is durable before it is answered.  A withdrawal is urgent
 * and its operator wants to know that it is done, so its answer waits until
 * the feeds that it touches are published (answer.c).
 */
#include "base/clock.h"
#include "base/event.h"
#include "daemon/answer_verb.h"
#include "daemon/feeds.h"
#include "daemon/holds.h"
#include "daemon/releases.h"
#include "daemon/shelf.h"

/* ---- withdraw, publish ---- */

void
answer_batch_begin(struct answer_job *j)
{
	j->batch = ARENA_NEW(&j->arena, struct batch);
	j->batch->now = clock_now();
}

void
answer_withdraw_write(struct answer_job *j, struct store_tx *tx)
{
	if (j->press->ops->bar(tx, j->batch, j->argument, &j->article_id,
		&j->failed) < 0)
		err_in(&j->failed, "withdrawing");
}

void
answer_publish_write(struct answer_job *j, struct store_tx *tx)
{
	if (j->press->ops->unbar(tx, j->batch, j->argument, &j->reread,
		&j->failed) < 0)
		err_in(&j->failed, "publishing");
}

/* Have the feeds rendered before all others. */
static void
mark_feeds(const struct answer_job *j)
{
	feeds_mark(j->press->feeds, j->batch, true);
	feeds_pump(j->press->feeds);
}

void
answer_withdraw_end(struct answer_job *j)
{
	if (j->batch->changed > 0)
		event(EV_WITHDRAWN, F_TEXT("path", j->argument),
			F_TEXT("by", S("gazettectl")));
	fragments_forget(j->press->fragments, j->article_id);
	shelf_sweep(j->press->shelf, j->batch->orphans, j->batch->n_orphans);
	mark_feeds(j);
}

void
answer_publish_end(struct answer_job *j)
{
	if (j->reread)
		watch_reread(j->press->watch, j->argument);
	mark_feeds(j);
}

size_t
answer_feeds_pending(const struct answer_job *j)
{
	return feeds_pending(j->press->feeds, j->batch);
}

/* ---- confirm ---- */

void
answer_confirm_write(struct answer_job *j, struct store_tx *tx)
{
	if (j->press->ops->move_holds(tx, HOLD_NOT, HOLD_CONFIRMED,
		j->argument, &j->arena, &j->paths, &j->n_paths,
		&j->failed) < 0)
		err_in(&j->failed, "confirming");
}

void
answer_confirm_end(struct answer_job *j)
{
	struct press *p = j->press;

	holds_recheck(p, j->paths, j->n_paths);
	holds_note(p->holds);
	if (j->argument.len == 0)
		releases_believe(p->releases);
	json_object_set_new(j->answer, "confirmed",
		json_integer((json_int_t)j->n_paths));
}
