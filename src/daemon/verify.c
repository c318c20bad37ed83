/*
 * Verification: the loop's part (states and invariants: verify.h).
 */
#include <stdlib.h>

#include "base/clock.h"
#include "daemon/answer_verb.h"
#include "daemon/catalogue.h"
#include "daemon/verify.h"
#include "daemon/verify_work.h"
#include "verify/outline.h"

enum {
	PASSES = 3,
	PAUSE_MS = 700,		/* longer than a publication takes */
	PATIENCE_MS = 30 * 1000,	/* without anybody asking */
};

struct verify {
	struct press *press;
	int64_t run;		/* of `work`; 0: there was none yet */
	bool running;
	bool whole;		/* the last one came to its end */
	int pass;
	size_t feeds;
	size_t compared;	/* so far; all, when it is done */
	size_t documents, files, busy;
	int64_t asked_ms;	/* monotonic: when somebody asked last */
	ev_timer pause;
	struct work work;
	/* What the tree's present pass adds to comes behind these. */
	struct findings found;
};

static void compare_done(struct job *j);

static void
submit(struct verify *v, void (*run)(struct job *), void (*done)(struct job *))
{
	v->work.job = (struct job){ .run = run, .done = done };
	pool_submit(v->press->pool, &v->work.job, POOL_LATER);
}

static void
work_start(struct verify *v)
{
	work_init(&v->work, v->press);
	v->running = true;
	v->whole = false;
	v->pass = 1;
	v->feeds = v->compared = v->documents = v->files = v->busy = 0;
	submit(v, work_list_run, compare_done);
}

/* Nobody can say more: the store cannot be read. */
static void
give_up(struct verify *v)
{
	findings_done(&v->found);
	findings_add(&v->found, S("press.db"), slice_str(v->work.failed.hint),
		"%s", v->work.failed.text);
	v->running = false;
	v->whole = true;
}

/* The end of a job: what the answers say, and whether there is another. */
static bool
goes_on(struct verify *v)
{
	if (v->work.failed.kind != ERR_NONE) {
		give_up(v);
		return false;
	}
	v->feeds = MAX(v->feeds, v->work.n_todo);
	v->compared = v->feeds - (v->work.n_todo - v->work.at) -
		v->work.n_again;
	v->documents = v->work.documents + v->work.n_catalogue;
	v->files = v->work.files;
	v->busy = v->work.busy;
	v->running = !v->press->stopping &&
		clock_mono_ms() - v->asked_ms < PATIENCE_MS;
	if (!v->running || v->work.config == v->press->config)
		return v->running;
	/* Reloaded meanwhile: everything is another document now. */
	work_done(&v->work);
	findings_done(&v->found);
	work_start(v);
	return false;
}

static void
pause_start(struct verify *v)
{
	v->pass++;
	v->work.last = v->pass == PASSES;
	ev_timer_set(&v->pause, PAUSE_MS / 1e3, 0.);
	ev_timer_start(v->press->loop, &v->pause);
}

/* ---- the tree ---- */

static void
tree_done(struct job *j)
{
	struct verify *v = CONTAINER_OF(j, struct verify, work.job);

	if (!goes_on(v))
		return;
	if (v->work.findings.n > 0 && !v->work.last) {
		findings_done(&v->work.findings);
		pause_start(v);
		return;
	}
	findings_move(&v->found, &v->work.findings);
	v->running = false;
	v->whole = true;
}

/* What the catalogue is now; it may have been built anew meanwhile. */
static void
tree_submit(struct verify *v)
{
	struct work *w = &v->work;

	arena_reset(&w->listed);
	w->n_catalogue = catalogue_files(v->press->catalogue, &w->listed,
		&w->catalogue);
	submit(v, work_tree_run, tree_done);
}

static void
tree_start(struct verify *v)
{
	v->pass = 1;
	v->work.last = false;
	v->work.at = v->work.n_todo;
	findings_move(&v->found, &v->work.findings);
	tree_submit(v);
}

/* ---- the feeds ---- */

static void
compare_done(struct job *j)
{
	struct verify *v = CONTAINER_OF(j, struct verify, work.job);

	if (!goes_on(v))
		return;
	if (v->work.at < v->work.n_todo)
		submit(v, work_compare_run, compare_done);
	else if (v->work.n_again > 0)
		pause_start(v);
	else
		tree_start(v);
}

/* What was put aside is to be done now. */
static void
turn_around(struct work *w)
{
	struct todo *list = w->todo;

	w->todo = w->again;
	w->n_todo = w->n_again;
	w->again = list;
	w->n_again = w->at = 0;
}

static void
on_pause_over(struct ev_loop *loop, ev_timer *t, int events)
{
	struct verify *v = t->data;

	(void)loop;
	(void)events;
	if (v->press->stopping) {
		v->running = false;
	} else if (v->work.n_again > 0) {
		turn_around(&v->work);
		submit(v, work_compare_run, compare_done);
	} else {
		tree_submit(v);
	}
}

/* ---- runs ---- */

static void
run_start(struct verify *v)
{
	if (v->run > 0)
		work_done(&v->work);
	findings_done(&v->found);
	v->run++;
	work_start(v);
}

static json_t *
findings_answer(const struct findings *f)
{
	json_t *list = json_array();

	for (size_t i = 0; i < f->n; i++)
		json_array_append_new(list, json_pack("{so so so}",
			"place", answer_text(f->list[i].place),
			"what", answer_text(f->list[i].what),
			"hint", answer_text(f->list[i].hint)));
	return list;
}

/* The run is over. */
static void
put_result(const struct findings *f, json_t *answer)
{
	json_object_set_new(answer, "healthy", json_boolean(f->n == 0));
	json_object_set_new(answer, "findings", findings_answer(f));
	json_object_set_new(answer, "dropped", json_integer((json_int_t)
		f->dropped));
}

void
verify_ask(struct verify *v, int64_t run, json_t *answer)
{
	json_t *o;

	v->asked_ms = clock_mono_ms();
	if (!v->running && (run != v->run || !v->whole))
		run_start(v);
	o = json_pack("{sI sb sI sI sI sI sI}", "run", (json_int_t)v->run,
		"done", (int)!v->running,
		"feeds", (json_int_t)v->feeds,
		"compared", (json_int_t)v->compared,
		"busy", (json_int_t)v->busy,
		"documents", (json_int_t)v->documents,
		"files", (json_int_t)v->files);
	CHECK(o);
	json_object_update(answer, o);
	json_decref(o);
	if (!v->running)
		put_result(&v->found, answer);
}

struct verify *
verify_new(struct press *p)
{
	struct verify *v = x_calloc(1, sizeof(*v));

	outline_start();
	v->press = p;
	ev_timer_init(&v->pause, on_pause_over, PAUSE_MS / 1e3, 0.);
	v->pause.data = v;
	return v;
}

void
verify_free(struct verify *v)
{
	if (!v)
		return;
	ev_timer_stop(v->press->loop, &v->pause);
	if (v->run > 0)
		work_done(&v->work);
	findings_done(&v->found);
	free(v);
}
