/*
 * What the outbox's tests share (see the header).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "outbox_kit.h"

static const struct outbox_ops *const ops = &outbox_sqlite;

static struct box {
	char dir[64];
	struct ev_loop *loop;
	struct store *store;
	struct arena arena;
	unsigned uids;
} box;

/* A job, and what its function needs and finds. */
struct call {
	struct store_job job;
	int (*run)(struct store_tx *tx, struct call *c, struct err *e);
	bool done;
	const struct outbox_cursor *from, *to;
	const struct outbox_planned *planned;
	const struct outbox_begin *begin;
	const struct outbox_settled *settled;
	const struct target *target;
	enum outbox_verb verb;
	enum outbox_target_state state;
	int64_t id, now;
	struct slice name, text;
	size_t max;
	/* found */
	size_t added;
	bool may;
	int64_t n, n2;
};

/* ---- life ---- */

void
box_forget(void)
{
	arena_done(&box.arena);
}

static void
box_open(void)
{
	struct store_open o = { .state_dir = box.dir, .loop = box.loop };
	struct err e;

	if (store_sqlite.open_courier(&o, &box.store, &e) < 0)
		fail_msg("%s (%s)", e.text, e.hint);
}

void
box_reopen(void)
{
	store_sqlite.close(TAKE(box.store));
	box_open();
}

void
box_sql(const char *sql)
{
	char path[128];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/courier.db", box.dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

int
box_begin(void **state)
{
	(void)state;
	box = (struct box){ .dir = "outbox.XXXXXX" };
	assert_non_null(mkdtemp(box.dir));
	box.loop = ev_loop_new(EVFLAG_AUTO);
	box_open();
	box_sync("web", "webhook", BOX_NOW);
	box_sync("hub", "hub", BOX_NOW);
	return 0;
}

int
box_end(void **state)
{
	char command[128];

	(void)state;
	store_sqlite.close(TAKE(box.store));
	ev_loop_destroy(TAKE(box.loop));
	box_forget();
	snprintf(command, sizeof(command), "rm -r '%s'", box.dir);
	return system(command);
}

/* ---- jobs ---- */

static void
call_run(struct store_job *j, struct store_tx *tx)
{
	struct call *c = CONTAINER_OF(j, struct call, job);

	if (c->run(tx, c, &j->failed) == 0)
		j->failed.kind = ERR_NONE;
}

static void
call_done(struct store_job *j)
{
	CONTAINER_OF(j, struct call, job)->done = true;
}

static int
call(struct call *c, struct err *e)
{
	c->job = (struct store_job){ .run = call_run, .done = call_done };
	store_sqlite.submit(box.store, &c->job);
	while (!c->done)
		ev_run(box.loop, EVRUN_ONCE);
	if (c->job.failed.kind == ERR_NONE)
		return 0;
	*e = c->job.failed;
	return -1;
}

static void
must(struct call *c)
{
	struct err e;

	if (call(c, &e) < 0)
		fail_msg("%s (%s)", e.text, e.hint);
}

static int
run_sync(struct store_tx *tx, struct call *c, struct err *e)
{
	return ops->sync(tx, c->target, 1, c->now, e);
}

void
box_sync(const char *name, const char *type, int64_t now)
{
	struct target t = { .name = slice_str(name),
		.type = slice_str(type) };

	must(&(struct call){ .run = run_sync, .target = &t, .now = now });
}

/* With all that was not said, and a name of its own. */
static struct outbox_planned
filled(const struct outbox_planned *p)
{
	struct outbox_planned ret = *p;

	if (ret.target_id == 0)
		ret.target_id = ret.latest ? BOX_HUB : BOX_WEB;
	if (ret.subject.len == 0)
		ret.subject = ret.article_id == 0 ? S("doc") :
			arena_printf(&box.arena, "a%jd",
				(intmax_t)ret.article_id);
	if (ret.action.len == 0)
		ret.action = S("published");
	if (ret.revision == 0)
		ret.revision = 1;
	if (ret.due == 0 && ret.state == OUTBOX_READY)
		ret.due = BOX_NOW;
	if (ret.uid.len == 0)
		ret.uid = arena_printf(&box.arena, "uid%u", ++box.uids);
	return ret;
}

static int
run_add(struct store_tx *tx, struct call *c, struct err *e)
{
	return ops->add(tx, c->planned, 1, BOX_NOW, &c->added, e);
}

bool
box_add(const struct outbox_planned *p)
{
	struct outbox_planned one = filled(p);
	struct call c = { .run = run_add, .planned = &one };

	must(&c);
	return c.added == 1;
}

static int
run_plan(struct store_tx *tx, struct call *c, struct err *e)
{
	return ops->plan(tx, c->from, c->to, c->planned, c->planned ? 1 : 0,
		BOX_NOW, e);
}

int
box_plan(const struct outbox_cursor *from, const struct outbox_cursor *to,
	const struct outbox_planned *p, struct err *e)
{
	struct outbox_planned one = { 0 };

	if (p)
		one = filled(p);
	return call(&(struct call){ .run = run_plan, .from = from, .to = to,
		.planned = p ? &one : NULL }, e);
}

static int
run_start(struct store_tx *tx, struct call *c, struct err *e)
{
	return ops->begin(tx, c->begin, &c->may, e);
}

bool
box_start(int64_t id, bool repeatable)
{
	struct outbox_begin b = { id, BOX_NOW, repeatable, "hash" };
	struct call c = { .run = run_start, .begin = &b };

	must(&c);
	return c.may;
}

static int
run_settle(struct store_tx *tx, struct call *c, struct err *e)
{
	return ops->settle(tx, c->settled, e);
}

void
box_settle(const struct outbox_settled *s)
{
	must(&(struct call){ .run = run_settle, .settled = s });
}

void
box_finish(int64_t id, const char *memo)
{
	assert_true(box_start(id, false));
	box_settle(&(struct outbox_settled){ .id = id, .now = BOX_NOW,
		.state = OUTBOX_DONE, .memo = slice_str(memo),
		.status = 200 });
}

static int
run_recover(struct store_tx *tx, struct call *c, struct err *e)
{
	return ops->recover(tx, c->now, &c->n, &c->n2, e);
}

const char *
box_recover(int64_t now)
{
	struct call c = { .run = run_recover, .now = now };

	must(&c);
	return arena_printf(&box.arena, "%jd ready, %jd unknown",
		(intmax_t)c.n, (intmax_t)c.n2).ptr;
}

static int
run_act(struct store_tx *tx, struct call *c, struct err *e)
{
	return ops->act(tx, c->verb, c->id, BOX_NOW, e);
}

int
box_act(enum outbox_verb verb, int64_t id, struct err *e)
{
	return call(&(struct call){ .run = run_act, .verb = verb, .id = id },
		e);
}

static int
run_set_target(struct store_tx *tx, struct call *c, struct err *e)
{
	return ops->set_target(tx, c->name, c->state, c->text, BOX_NOW, e);
}

int
box_set_target(const char *name, enum outbox_target_state state,
	const char *why, struct err *e)
{
	return call(&(struct call){ .run = run_set_target, .state = state,
		.name = slice_str(name), .text = slice_str(why) }, e);
}

static int
run_adopt(struct store_tx *tx, struct call *c, struct err *e)
{
	return ops->adopt(tx, c->to, c->text, BOX_NOW, &c->n, e);
}

int64_t
box_adopt(const struct outbox_cursor *to, const char *instance)
{
	struct call c = { .run = run_adopt, .to = to,
		.text = slice_str(instance) };

	must(&c);
	return c.n;
}

static int
run_prune(struct store_tx *tx, struct call *c, struct err *e)
{
	return ops->prune(tx, c->now, c->max, &c->n, e);
}

int64_t
box_prune(int64_t before, size_t max)
{
	struct call c = { .run = run_prune, .now = before, .max = max };

	must(&c);
	return c.n;
}

static int
run_prune_uploads(struct store_tx *tx, struct call *c, struct err *e)
{
	return upload_sqlite.prune(tx, c->now, c->max, &c->n, e);
}

int64_t
box_prune_uploads(int64_t now, size_t max)
{
	struct call c = { .run = run_prune_uploads, .now = now, .max = max };

	must(&c);
	return c.n;
}

/* ---- reading ---- */

/* Call ops->name with a reader; it must not fail. */
#define READ(name, ...) do { \
		struct store_reader *r_ = store_sqlite.reader_take(box.store); \
		struct err e_; \
		if (ops->name(r_, __VA_ARGS__, &e_) < 0) \
			fail_msg("%s", e_.text); \
		store_sqlite.reader_give(box.store, r_); \
	} while (0)

const char *
box_rows(void)
{
	const struct outbox_filter f = { 0 };
	struct slice text = S("");
	struct outbox_row *list;
	size_t n;

	READ(list, &f, &box.arena, &list, &n);
	for (size_t i = 0; i < n; i++)
		text = arena_printf(&box.arena, "%jd %.*s %.*s%s%.*s",
			(intmax_t)list[i].id, ARG(list[i].plan.subject),
			ARG(outbox_state_name(list[i].plan.state)),
			text.len ? " / " : "", ARG(text));
	return text.ptr;
}

static const char *
ids_of(const struct outbox_row *list, size_t n)
{
	struct slice text = S("");

	for (size_t i = 0; i < n; i++)
		text = arena_printf(&box.arena, "%.*s%s%jd", ARG(text),
			text.len ? " " : "", (intmax_t)list[i].id);
	return text.ptr;
}

const char *
box_list(const struct outbox_filter *f)
{
	struct outbox_row *list;
	size_t n;

	READ(list, f, &box.arena, &list, &n);
	return ids_of(list, n);
}

const char *
box_due(const struct outbox_due *d)
{
	struct outbox_due all = *d;
	struct outbox_row *list;
	size_t n;

	all.now = d->now ? d->now : BOX_NOW;
	all.max = d->max ? d->max : 100;
	READ(due, &all, &box.arena, &list, &n);
	return ids_of(list, n);
}

int
box_show(int64_t id, struct outbox_row *ret, struct err *e)
{
	struct store_reader *r = store_sqlite.reader_take(box.store);
	int rc = ops->show(r, id, &box.arena, ret, e);

	store_sqlite.reader_give(box.store, r);
	return rc;
}

struct outbox_row
box_row(int64_t id)
{
	struct outbox_row ret;

	READ(show, id, &box.arena, &ret);
	return ret;
}

struct outbox_target
box_target(const char *name)
{
	struct outbox_target *list;
	size_t n;

	READ(targets, &box.arena, &list, &n);
	for (size_t i = 0; i < n; i++)
		if (slice_eq(list[i].name, slice_str(name)))
			return list[i];
	fail_msg("there is no target \"%s\"", name);
	return (struct outbox_target){ 0 };
}

struct outbox_cursor
box_cursor(void)
{
	struct outbox_cursor ret;
	struct slice instance;

	READ(cursor, &box.arena, &ret, &instance);
	return ret;
}

const char *
box_instance(void)
{
	struct outbox_cursor cursor;
	struct slice ret;

	READ(cursor, &box.arena, &cursor, &ret);
	return arena_printf(&box.arena, "%.*s", ARG(ret)).ptr;
}

int64_t
box_next_due(int64_t now)
{
	int64_t ret;

	READ(next_due, now, &ret);
	return ret;
}

struct outbox_starts
box_starts(int64_t target_id, int64_t since)
{
	struct outbox_starts ret;

	READ(starts, target_id, since, &ret);
	return ret;
}

struct outbox_count
box_count(const char *target)
{
	struct outbox_count *list;
	size_t n;

	READ(counts, &box.arena, &list, &n);
	for (size_t i = 0; i < n; i++)
		if (slice_eq(list[i].target, slice_str(target)))
			return list[i];
	return (struct outbox_count){ 0 };
}

const char *
box_uploads(int64_t target_id, const char *bytes, int64_t now)
{
	struct store_reader *r = store_sqlite.reader_take(box.store);
	struct sha256 hash = sha256_of(slice_str(bytes));
	struct slice text = S("");
	struct upload *list;
	struct err e;
	size_t n;

	if (upload_sqlite.of(r, target_id, &hash, now, &box.arena, &list, &n,
		&e) < 0)
		fail_msg("%s", e.text);
	store_sqlite.reader_give(box.store, r);
	for (size_t i = 0; i < n; i++) {
		assert_true(sha256_same(&list[i].hash, &hash));
		text = arena_printf(&box.arena, "%.*s%s%.*s %.*s", ARG(text),
			text.len ? " / " : "", ARG(list[i].purpose),
			ARG(list[i].remote));
	}
	return text.ptr;
}
