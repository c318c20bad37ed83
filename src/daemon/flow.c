/*
 * The flow: the only file that knows the order of the stages.
 *
 * The life of a batch, and who holds it:
 *
 *   loop   take      watch_take: which paths
 *   pool   read      watch_reconcile, read_article, series_mark_article;
 *                    one job for every few paths
 *   loop   guess     watch_guess_moves: which were something else before
 *   pool   verify    watch_verify_moves, when there is a guess
 *   store  record    recall -> series_decide (pure) -> write; committed
 *   loop   settle    feeds_mark, watch_settle, events
 *
 * 1. A path is in at most one open batch (watch sees to it), so two versions
 *    of a file are stored in the order in which they were read.
 * 2. A batch takes what is ready and waits for no company: latency is the
 *    product.
 * 3. At most BATCHES_MAX are open: one being read, one being stored, and one
 *    between, which is all that keeps both threads busy.
 * 4. A scan ends when all of it is stored.  While the store fails, it waits:
 *    half a newsroom is never taken for the whole one.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/event.h"
#include "daemon/companions.h"
#include "daemon/feeds.h"
#include "daemon/flow.h"
#include "daemon/holds.h"
#include "daemon/releases.h"
#include "daemon/notes.h"
#include "daemon/shelf.h"
#include "read/read.h"
#include "series/series.h"

enum {
	BATCHES_MAX = 3,
	READ_JOB_PATHS = 16,
	SETTLE_MAX_MS = 10000,	/* a scan waits no longer for busy files */
	RETRY_MAX_S = 30,	/* so long the watch keeps what failed, too */
};

struct passage;

/* A few paths of a batch, on a pool thread. */
struct read_job {
	struct job job;
	struct passage *passage;
	struct arena arena;	/* its own: several run at once */
	size_t from, to;
};

/* A batch on its way. */
struct passage {
	struct batch batch;
	struct flow *flow;
	struct config *config;		/* a reference */
	struct read_job *reads;
	size_t n_reads, reads_left;
	struct job verify;
	struct store_job record;
	struct passage *next;		/* when free */
};

struct flow {
	struct press *press;
	struct passage *spare;
	struct store_job number;
	size_t deleting;	/* batches under way with deletions */
	struct batch numbered;	/* what that found; arena recycled */
	bool adopting;
	bool scanned;		/* a scan ended; its files may be under way */
	int64_t scanned_ms;	/* when, monotonic */
	bool numbering;
	ev_timer again;		/* runs after a scan could not be ended */
	int pause_s;		/* doubled with each time; 0: it did not fail */
	int64_t failed_ms;	/* when the store did, monotonic; 0: never */
	uint64_t rules;		/* of the scan that is being numbered */
	uint64_t stored_rules;	/* that all articles were read by; 0: ? */
	struct flow_status status;
};

/* ---- read: pool ---- */

static void
read_item(struct passage *p, struct item *i, struct arena *a)
{
	struct company with = { .press = p->flow->press,
		.config = p->config, .item = i, .arena = a };
	struct read_env env;

	watch_reconcile(i, p->config->roots[i->root].max_size, a);
	if (i->kind != FILE_ARTICLE)
		companions_check(i);
	if (i->fate != ITEM_READ || i->kind != FILE_ARTICLE)
		return;
	companions_gather(&with, &env);
	i->article = ARENA_NEW(a, struct article);
	if (read_article(&env, i->bytes, a, i->article, &i->why) < 0) {
		i->article = NULL;
		i->fate = ITEM_ASIDE;
		return;
	}
	companions_show(&with, &env, i->article);
	series_mark_article(p->config, i->path, i->article, a);
	companions_await(i, i->article);
}

static void
read_run(struct job *j)
{
	struct read_job *r = CONTAINER_OF(j, struct read_job, job);

	for (size_t i = r->from; i < r->to; i++)
		read_item(r->passage, &r->passage->batch.items[i], &r->arena);
}

/* ---- settle: loop ---- */

static struct passage *
passage_new(struct flow *f)
{
	struct passage *p = f->spare;

	if (p)
		f->spare = p->next;
	else
		p = x_calloc(1, sizeof(*p));
	p->flow = f;
	p->config = config_ref(f->press->config);
	p->batch.now = clock_now();
	p->batch.adopting = f->adopting;
	p->batch.ahead = releases_ahead(f->press->releases);
	return p;
}

static void
passage_release(struct passage *p)
{
	struct flow *f = p->flow;
	struct arena keep;

	companions_release(f->press, &p->batch);
	for (size_t i = 0; i < p->n_reads; i++)
		arena_done(&p->reads[i].arena);
	free(p->reads);
	config_unref(p->config);
	arena_reset(&p->batch.arena);
	keep = p->batch.arena;
	*p = (struct passage){ .batch.arena = keep, .next = f->spare };
	f->spare = p;
}

static void
tell_item(const struct flow *f, const struct item *i)
{
	/* Somebody takes a text back: no copy of it stays anywhere. */
	if (i->plan.change == CHANGE_WITHDRAW && i->fate == ITEM_READ)
		fragments_forget(f->press->fragments, i->article_id);
	if (i->fate == ITEM_ASIDE)
		event_err(EV_ASIDE, "path", i->path, &i->why);
	else if (i->fate == ITEM_GONE && i->why.kind != ERR_NONE)
		event_err(EV_VANISHED, "path", i->path, &i->why);
	else if (i->plan.change == CHANGE_WITHDRAW)
		event(EV_WITHDRAWN, F_TEXT("path", i->path));
	else if (i->plan.change == CHANGE_KEEP)
		event(EV_KEPT, F_TEXT("path", i->path));
	else if (i->plan.held == HOLD_ASK && i->prior.held != HOLD_ASK)
		event(EV_ASKED, F_TEXT("path", i->path));
	else if (i->article && i->article->fields.lost > 0)
		event(EV_LOST, F_TEXT("path", i->path),
			F_NUM("characters", i->article->fields.lost));
}

/* Said once, however many batches fail after it. */
static void
store_failed(struct flow *f, struct slice what, const struct err *e)
{
	if (!f->status.failing)
		event_err(EV_STORE_FAILED, "while", what, e);
	f->status.failing = true;
	f->status.why = *e;
	f->failed_ms = clock_mono_ms();
}

/* Ending a scan is work: after a failure not with every batch that comes. */
static void
number_again(struct flow *f)
{
	f->scanned = true;
	f->pause_s = MIN(MAX(1, f->pause_s * 2), RETRY_MAX_S);
	ev_timer_set(&f->again, f->pause_s, 0.);
	ev_timer_start(f->press->loop, &f->again);
}

static void
number_done(struct store_job *j)
{
	struct flow *f = CONTAINER_OF(j, struct flow, number);

	f->numbering = false;
	if (j->failed.kind != ERR_NONE) {
		store_failed(f, S("ending a scan"), &j->failed);
		number_again(f);
		return;
	}
	f->pause_s = 0;
	f->status.failing = false;
	f->stored_rules = f->rules;
	notes_tell(&f->numbered);
	feeds_mark(f->press->feeds, &f->numbered, false);
	if (f->status.reconciled)
		return;
	f->adopting = false;
	f->status.reconciled = true;
	releases_note(f->press->releases);
	event(EV_SCAN_DONE, F_NUM("files", f->status.files),
		F_NUM("changed", f->status.changed),
		F_NUM("ms", clock_mono_ms() - f->press->started));
	feeds_pump(f->press->feeds);
	shelf_sweep_all(f->press->shelf);
}

static void
number_run(struct store_job *j, struct store_tx *tx)
{
	struct flow *f = CONTAINER_OF(j, struct flow, number);

	if (f->press->ops->number(tx, &f->numbered, &j->failed) < 0 ||
		f->press->ops->set_rules(tx, f->rules, &j->failed) < 0)
		j->failed.kind = MAX(j->failed.kind, ERR_IO);
}

/*
 * Is all that the scan found stored?  A file that somebody writes without end
 * must not keep a newsroom from being published; one that the store refused
 * must, until it was tried once more.
 */
static bool
scan_is_stored(const struct flow *f)
{
	int64_t from = f->scanned_ms;
	struct watch_status w;

	watch_get_status(f->press->watch, &w);
	if (w.scanning || f->status.open > 0)
		return false;
	if (f->failed_ms)
		from = MAX(from, f->failed_ms + RETRY_MAX_S * 1000);
	return w.dirty == 0 || clock_mono_ms() - from > SETTLE_MAX_MS;
}

/*
 * A scan has come all the way: if it was the first, its log is numbered,
 * oldest first; and all articles are read by the rules of today.
 */
static void
finish_scan(struct flow *f)
{
	if (!f->scanned || f->numbering || ev_is_active(&f->again) ||
		!scan_is_stored(f))
		return;
	f->scanned = false;
	f->rules = config_rules(f->press->config);
	if (f->status.reconciled && f->rules == f->stored_rules)
		return;
	f->numbering = true;
	arena_reset(&f->numbered.arena);
	f->numbered = (struct batch){ .arena = f->numbered.arena,
		.now = clock_now() };
	f->number = (struct store_job){ .run = number_run,
		.done = number_done };
	f->press->ops->submit(f->press->store, &f->number);
}

static bool
is_hot(const struct batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->items[i].hot)
			return true;
	return false;
}

static bool
has_deletions(const struct batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->items[i].held)
			return true;
	return false;
}

static void
settle(struct passage *p)
{
	struct flow *f = p->flow;
	struct batch *b = &p->batch;
	bool hot = is_hot(b);

	for (size_t i = 0; i < b->n; i++)
		tell_item(f, &b->items[i]);
	notes_tell(b);
	feeds_mark(f->press->feeds, b, hot);
	if (b->holds)
		holds_note(f->press->holds);
	if (b->releases)
		releases_note(f->press->releases);
	f->status.changed += b->changed;
	shelf_sweep(f->press->shelf, b->orphans, b->n_orphans);
	if (b->changed)
		event(EV_BATCH, F_NUM("files", b->n),
			F_NUM("articles", b->changed),
			F_NUM("feeds", b->n_feeds));
}

/* ---- record: store thread ---- */

static void
record_run(struct store_job *j, struct store_tx *tx)
{
	struct passage *p = CONTAINER_OF(j, struct passage, record);
	const struct store_ops *ops = p->flow->press->ops;
	struct batch *b = &p->batch;

	if (ops->recall(tx, b, &j->failed) < 0)
		return;
	series_decide(p->config, b);
	if (ops->write(tx, b, &j->failed) < 0)
		j->failed.kind = MAX(j->failed.kind, ERR_IO);
}

static void
record_done(struct store_job *j)
{
	struct passage *p = CONTAINER_OF(j, struct passage, record);
	struct flow *f = p->flow;

	p->batch.failed = j->failed;
	if (j->failed.kind != ERR_NONE) {
		store_failed(f, S("storing a batch"), &j->failed);
	} else {
		f->status.failing = false;
		settle(p);
	}
	watch_settle(f->press->watch, &p->batch);
	f->status.open--;
	f->deleting -= has_deletions(&p->batch);
	f->status.files += p->batch.n;
	passage_release(p);
	flow_pump(f);
	holds_pump(f->press->holds);
	feeds_pump(f->press->feeds);
}

static void
record_start(struct passage *p)
{
	p->record = (struct store_job){ .run = record_run,
		.done = record_done };
	p->flow->press->ops->submit(p->flow->press->store, &p->record);
}

/* ---- verify: pool ---- */

static void
verify_run(struct job *j)
{
	watch_verify_moves(&CONTAINER_OF(j, struct passage, verify)->batch);
}

static void
verify_done(struct job *j)
{
	record_start(CONTAINER_OF(j, struct passage, verify));
}

/* ---- take and guess: loop ---- */

static void
read_done(struct job *j)
{
	struct read_job *r = CONTAINER_OF(j, struct read_job, job);
	struct passage *p = r->passage;

	if (--p->reads_left > 0)
		return;
	if (!watch_guess_moves(p->flow->press->watch, &p->batch)) {
		record_start(p);
		return;
	}
	p->verify = (struct job){ .run = verify_run, .done = verify_done };
	pool_submit(p->flow->press->pool, &p->verify, POOL_NOW);
}

static void
read_start(struct passage *p)
{
	struct batch *b = &p->batch;
	enum pool_urgency urgency = is_hot(b) ? POOL_NOW : POOL_LATER;

	p->n_reads = (b->n + READ_JOB_PATHS - 1) / READ_JOB_PATHS;
	p->reads_left = p->n_reads;
	p->reads = x_calloc(p->n_reads, sizeof(*p->reads));
	for (size_t i = 0; i < p->n_reads; i++) {
		struct read_job *r = &p->reads[i];

		r->job.run = read_run;
		r->job.done = read_done;
		r->passage = p;
		r->from = i * READ_JOB_PATHS;
		r->to = MIN(r->from + READ_JOB_PATHS, b->n);
		pool_submit(p->flow->press->pool, &r->job, urgency);
	}
}

void
flow_pump(struct flow *f)
{
	while (f->status.open < BATCHES_MAX && !f->press->stopping) {
		struct passage *p = passage_new(f);

		if (watch_take(f->press->watch, &p->batch) == 0) {
			passage_release(p);
			break;
		}
		f->status.open++;
		f->deleting += has_deletions(&p->batch);
		read_start(p);
	}
	finish_scan(f);
}

static void
on_again(struct ev_loop *loop, ev_timer *w, int events)
{
	struct flow *f = w->data;

	(void)loop;
	(void)events;
	if (!f->press->stopping)
		flow_pump(f);
}

bool
flow_deleting(const struct flow *f)
{
	struct watch_status w;

	watch_get_status(f->press->watch, &w);
	return w.gone > 0 || f->deleting > 0;
}

void
flow_scanned(struct flow *f)
{
	f->scanned = true;
	f->scanned_ms = clock_mono_ms();
	flow_pump(f);
}

bool
flow_busy(const struct flow *f)
{
	struct watch_status w;

	watch_get_status(f->press->watch, &w);
	return w.scanning || w.dirty > 0 || f->status.open > 0;
}

bool
flow_adopting(const struct flow *f)
{
	return f->adopting;
}

struct flow *
flow_new(struct press *p, bool fresh)
{
	struct flow *f = x_calloc(1, sizeof(*f));

	f->press = p;
	f->adopting = fresh;
	ev_timer_init(&f->again, on_again, RETRY_MAX_S, 0.);
	f->again.data = f;
	return f;
}

void
flow_get_status(const struct flow *f, struct flow_status *ret)
{
	*ret = f->status;
	ret->rereading = f->status.reconciled &&
		f->stored_rules != config_rules(f->press->config);
}

void
flow_free(struct flow *f)
{
	if (!f)
		return;
	arena_done(&f->numbered.arena);
	ev_timer_stop(f->press->loop, &f->again);
	while (f->spare) {
		struct passage *p = f->spare;

		f->spare = p->next;
		arena_done(&p->batch.arena);
		free(p);
	}
	free(f);
}
