/*
 * Answers for gazettectl: which verb is answered by what.
 *
 * A request lives in one answer_job from its arrival to its answer.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/path.h"
#include "daemon/answer.h"
#include "daemon/answer_verb.h"
#include "daemon/reload.h"
#include "push/courier.h"

enum {
	WAIT_MS = 5000,		/* an answer waits no longer for feeds, */
	WAIT_LOOK_MS = 10,	/* and looks so often whether they are out */
};

json_t *
answer_text(struct slice s)
{
	json_t *v = json_stringn(s.ptr, s.len);

	return v ? v : json_string("(not UTF-8)");
}

struct slice
answer_word(const struct answer_job *j, const char *key)
{
	const char *text = json_string_value(json_object_get(j->args, key));

	return slice_str(text ? text : "");
}

/* ---- verbs ---- */

static void
rescan_begin(struct answer_job *j)
{
	watch_rescan(j->press->watch, j->argument);
	json_object_set_new(j->answer, "queued", json_true());
}

static const struct answer_verb verbs[] = {
	{ "health", .role = ANSWER_ANY, .begin = answer_status_begin },
	{ "status", .begin = answer_status_begin,
		.read = answer_status_read },
	{ "feeds", .begin = answer_feeds_begin, .read = answer_feeds_read },
	{ "feed", .needs_path = true, .read = answer_feed_read,
		.end = answer_feed_end },
	{ "rebuild", .read = answer_name_read, .end = answer_rebuild_end },
	{ "pending", .read = answer_name_read, .end = answer_pending_end },
	{ "verify", .begin = answer_verify_begin },
	{ "article", .needs_path = true, .read = answer_article_read },
	{ "series", .read = answer_series_read },
	{ "explain", .needs_path = true,
		.begin = answer_explain_begin, .read = answer_explain_read },
	{ "rescan", .begin = rescan_begin },
	{ "withdraw", .needs_path = true, .begin = answer_batch_begin,
		.write = answer_withdraw_write, .end = answer_withdraw_end,
		.pending = answer_feeds_pending },
	{ "publish", .needs_path = true, .begin = answer_batch_begin,
		.write = answer_publish_write, .end = answer_publish_end,
		.pending = answer_feeds_pending },
	{ "confirm", .write = answer_confirm_write,
		.end = answer_confirm_end },
	{ "partners", .begin = answer_partners_begin },
	{ "reload", .role = ANSWER_ANY, .own = reload_by_request },
#define COURIER .role = ANSWER_COURIER
	{ "outbox", COURIER, .read = answer_outbox_read },
	{ "outbox show", COURIER, .needs_path = true, .start = answer_show },
	{ "outbox approve", COURIER, .needs_path = true,
		.start = answer_approve },
	{ "retry", COURIER, .needs_path = true, .start = answer_retry },
	{ "release", COURIER, .needs_path = true, .start = answer_release },
	{ "discard", COURIER, .needs_path = true, .start = answer_discard },
	{ "resolve", COURIER, .needs_path = true, .start = answer_resolve },
	{ "pause", COURIER, .needs_path = true, .start = answer_pause },
	{ "resume", COURIER, .needs_path = true, .start = answer_resume },
	{ "adopt", COURIER, .start = answer_adopt },
	{ "targets", COURIER, .begin = answer_targets_begin,
		.read = answer_targets_read },
	{ "target test", COURIER, .needs_path = true,
		.start = answer_target_test },
	{ "target auth", COURIER, .needs_path = true,
		.start = answer_target_auth },
	{ "preview", COURIER, .needs_path = true, .start = answer_preview },
	{ "post", COURIER, .needs_path = true, .start = answer_post },
	{ "backfill", COURIER, .start = answer_backfill },
	{ "subscribers", COURIER, .read = answer_subscribers_read },
	{ "hub status", COURIER, .read = answer_hub_read },
#undef COURIER
};

static const struct answer_verb *
find_verb(const char *name, bool has_path)
{
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		if (strcmp(verbs[i].name, name) == 0 &&
			(has_path || !verbs[i].needs_path))
			return &verbs[i];
	return NULL;
}

/* ---- a request's way ---- */

/* What was asked is not to be understood, is not there, or went wrong. */
static enum control_code
code_of(const struct err *e)
{
	switch (e->kind) {
	case ERR_SYNTAX:
		return CONTROL_USAGE;
	case ERR_MISSING:
		return CONTROL_NOT_FOUND;
	default:
		return CONTROL_FAILED;
	}
}

static void
answer_send(struct answer_job *j)
{
	j->press->courier_answers -= j->verb->role == ANSWER_COURIER;
	if (j->failed.kind == ERR_NONE)
		control_answer(j->request, TAKE(j->answer));
	else
		control_fail(j->request, code_of(&j->failed), &j->failed);
	json_decref(j->answer);
	json_decref(j->args);
	config_unref(j->config);
	if (j->batch)
		arena_done(&j->batch->arena);
	arena_done(&j->arena);
	free(j);
}

/* ---- waiting for feeds ---- */

static void
wait_end(struct answer_job *j)
{
	struct answer_job **at = &j->press->waiting;

	while (*at != j)
		at = &(*at)->next;
	*at = j->next;
	ev_timer_stop(j->press->loop, &j->timer);
	json_object_set_new(j->answer, "pending",
		json_integer((json_int_t)j->verb->pending(j)));
	answer_send(j);
}

static void
on_look(struct ev_loop *loop, struct ev_timer *t, int events)
{
	struct answer_job *j = t->data;

	(void)loop;
	(void)events;
	if (j->verb->pending(j) == 0 || clock_mono_ms() > j->deadline_ms)
		wait_end(j);
}

static void
wait_start(struct answer_job *j)
{
	j->next = j->press->waiting;
	j->press->waiting = j;
	j->deadline_ms = clock_mono_ms() + WAIT_MS;
	ev_timer_init(&j->timer, on_look, 0., WAIT_LOOK_MS / 1e3);
	j->timer.data = j;
	ev_timer_start(j->press->loop, &j->timer);
}

void
answer_end(struct answer_job *j)
{
	if (j->failed.kind == ERR_NONE && j->verb->end)
		j->verb->end(j);
	if (j->failed.kind == ERR_NONE && j->verb->pending &&
		!j->press->stopping)
		wait_start(j);
	else
		answer_send(j);
}

/* The database that the verb is about. */
static struct store *
store_of(const struct answer_job *j)
{
	return j->verb->role == ANSWER_COURIER ? j->press->courier->store :
		j->press->store;
}

static const struct store_ops *
ops_of(const struct answer_job *j)
{
	return j->verb->role == ANSWER_COURIER ? j->press->courier->ops :
		j->press->ops;
}

static void
read_run(struct job *job)
{
	struct answer_job *j = CONTAINER_OF(job, struct answer_job, job);
	const struct store_ops *ops = ops_of(j);
	struct store_reader *r = ops->reader_take(store_of(j));

	j->read(j, r);
	ops->reader_give(store_of(j), r);
}

static void
read_done(struct job *job)
{
	struct answer_job *j = CONTAINER_OF(job, struct answer_job, job);

	if (j->failed.kind == ERR_NONE)
		j->then(j);
	else
		answer_end(j);
}

void
answer_read(struct answer_job *j,
	void (*read)(struct answer_job *j, struct store_reader *r),
	void (*then)(struct answer_job *j))
{
	j->read = read;
	j->then = then;
	j->job = (struct job){ .run = read_run, .done = read_done };
	pool_submit(j->press->pool, &j->job, POOL_NOW);
}

static void
write_run(struct store_job *job, struct store_tx *tx)
{
	struct answer_job *j = CONTAINER_OF(job, struct answer_job, write);

	j->verb->write(j, tx);
	job->failed = j->failed;
}

static void
write_done(struct store_job *job)
{
	struct answer_job *j = CONTAINER_OF(job, struct answer_job, write);

	j->failed = job->failed;
	answer_end(j);
}

static void
answer_start_job(struct answer_job *j)
{
	const struct answer_verb *v = j->verb;

	if (v->begin)
		v->begin(j);
	if (v->start) {
		v->start(j);
	} else if (v->read) {
		answer_read(j, v->read, answer_end);
	} else if (v->write) {
		j->write = (struct store_job){ .run = write_run,
			.done = write_done };
		ops_of(j)->submit(store_of(j), &j->write);
	} else {
		answer_end(j);
	}
}

/*
 * The path as the store has it: that of the file, if it is in a content
 * directory; else the path is meant to be the store's already.
 */
static struct slice
store_path(const struct press *p, const char *path, const char *file,
	struct arena *a)
{
	for (size_t i = 0; file && i < p->config->n_roots; i++) {
		const struct content_root *r = &p->config->roots[i];
		struct slice rest = slice_str(file);

		if (!path_is_in(file, r->dir))
			continue;
		rest = slice_from(rest, strlen(r->dir));
		if (slice_starts(rest, S("/")))
			rest = slice_from(rest, 1);
		return r->prefix.len == 0 ? rest : arena_printf(a, "%.*s%s%.*s",
			ARG(r->prefix), rest.len ? "/" : "", ARG(rest));
	}
	return slice_str(path);
}

/* Is who has to answer in this process? */
static int
check_role(const struct press *p, const struct answer_verb *v, struct err *e)
{
	if (v->role == ANSWER_PRESS && !p->store)
		return err_set(e, ERR_MISSING, "this is the courier, and "
			"\"%s\" is the press's", v->name);
	if (v->role != ANSWER_COURIER || p->courier)
		return 0;
	if (!p->runs_courier) {
		err_set(e, ERR_MISSING, "the courier runs apart");
		return err_hint(e, "Ask it at its own socket: "
			"\"courier.control\" in the configuration.");
	}
	err_set(e, ERR_MISSING, "nothing is pushed");
	return err_hint(e, "Write hub: { serve: yes }, or targets.");
}

static void
on_request(void *ctx, struct control_request *r, const char *name,
	json_t *args)
{
	const char *path = json_string_value(json_object_get(args, "path"));
	const char *file = json_string_value(json_object_get(args, "file"));
	const struct answer_verb *verb = find_verb(name, path != NULL);
	struct press *p = ctx;
	struct answer_job *j;
	struct err e;

	if (!verb) {
		err_set(&e, ERR_MISSING, "there is no verb \"%s\"", name);
		control_fail(r, CONTROL_USAGE, &e);
		return;
	}
	if (check_role(p, verb, &e) < 0) {
		control_fail(r, CONTROL_NOT_FOUND, &e);
		return;
	}
	if (verb->own) {
		verb->own(p, r);
		return;
	}
	j = x_calloc(1, sizeof(*j));
	j->verb = verb;
	j->press = p;
	j->config = config_ref(p->config);
	j->request = r;
	j->args = json_incref(args);
	j->answer = json_pack("{sb}", "ok", 1);
	CHECK(j->answer);
	p->courier_answers += verb->role == ANSWER_COURIER;
	j->argument = arena_copy(&j->arena, store_path(p, path ? path : "",
		file, &j->arena));
	answer_start_job(j);
}

static const struct control_ops control_ops = { .request = on_request };

int
answer_start(struct press *p, struct err *e)
{
	const struct config *c = p->config;

	return control_new(p->loop, p->store ? c->control :
		c->courier.control, &control_ops, p, &p->control, e);
}

void
answer_stop(struct press *p)
{
	while (p->waiting)
		wait_end(p->waiting);
	control_free(TAKE(p->control));
}
