/*
 * What the store's tests share (see the header).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/fold.h"
#include "base/hash.h"
#include "store_kit.h"

enum { NOW = 1715760000 };

struct kit kit;

static struct arena kit_arena;

void
kit_forget(void)
{
	arena_done(&kit_arena);
}

/* ---- life ---- */

void
kit_open(struct kit *k)
{
	struct store_open o = { .state_dir = k->dir, .loop = k->loop,
		.authority = S("news.example.org,2024") };
	struct err e = { 0 };

	if (store_sqlite.open(&o, &k->store, &k->fresh, &e) < 0)
		fail_msg("%s (%s)", e.text, e.hint);
}

void
kit_close(struct kit *k)
{
	store_sqlite.close(TAKE(k->store));
}

void
kit_setup(struct kit *k)
{
	*k = (struct kit){ .dir = "store.XXXXXX" };
	assert_non_null(mkdtemp(k->dir));
	k->loop = ev_loop_new(EVFLAG_AUTO);
	kit_open(k);
}

void
kit_teardown(struct kit *k)
{
	char command[128];

	kit_close(k);
	ev_loop_destroy(k->loop);
	kit_forget();
	snprintf(command, sizeof(command), "rm -r %s", k->dir);
	assert_int_equal(system(command), 0);
}

int
kit_begin_fresh(void **state)
{
	(void)state;
	kit_setup(&kit);
	return 0;
}

int
kit_begin(void **state)
{
	kit_begin_fresh(state);
	kit_number(&kit);
	return 0;
}

int
kit_end(void **state)
{
	(void)state;
	kit_teardown(&kit);
	return 0;
}

const char *
kit_path(const struct kit *k, const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", k->dir, name);
	return path;
}

void
kit_remove(const struct kit *k, const char *name)
{
	unlink(kit_path(k, name));
}

/* ---- batches ---- */

static size_t
count(const char *const *list)
{
	size_t n = 0;

	while (n < KIT_LIST_MAX && list[n])
		n++;
	return n;
}

static void
fill_related(struct article *art, const struct piece *p, struct arena *a)
{
	art->n_related = count(p->related);
	art->related = ARENA_ARRAY(a, struct related, KIT_LIST_MAX);
	for (size_t i = 0; i < art->n_related; i++) {
		art->related[i].title = slice_str(p->related[i]);
		art->related[i].fold = fold_key(slice_str(p->related[i]), a);
		art->related[i].mark = p->marks[i];
	}
	art->related_label = art->n_related ? S("Related links:") : S("");
}

static struct article *
make_article(const struct piece *p, struct arena *a)
{
	struct article *art = ARENA_NEW(a, struct article);

	art->title = art->entry_title = slice_str(p->title);
	art->mark.headline = art->title;
	art->lang = slice_str(p->lang ? p->lang : "en");
	art->fields = p->fields;
	art->summary = S("A summary.");
	art->html = arena_printf(a, "<p>%s</p>", p->body ? p->body : "Text.");
	art->people = ARENA_ARRAY(a, struct person, 2);
	art->people[0] = (struct person){ S("Ada Finch"), ROLE_AUTHOR };
	art->people[1] = (struct person){ S("Bo Li"), ROLE_EDITOR };
	art->n_people = 2;
	art->date = -1;
	if (p->series) {
		art->mark = (struct mark){ .strength = p->weak ?
			MARK_WEAK : MARK_STRONG, .last = p->last,
			.name = slice_str(p->series),
			.key = slice_str(p->series), .label = S("#"),
			.headline = art->title, .number = p->part,
			.total = p->total };
		art->entry_title = arena_printf(a, "%s %d | %s", p->series,
			p->part, p->title);
	}
	fill_related(art, p, a);
	art->n_media = p->n_media;
	art->media = ARENA_ARRAY(a, struct media, p->n_media);
	for (size_t i = 0; i < p->n_media; i++)
		art->media[i] = p->media[i];
	art->fields.cover = slice_str(p->cover);
	art->fields.syndication = p->syndication;
	art->digest = hash64_mix(hash64(art->entry_title), art->html);
	art->form = art->digest;
	for (size_t i = 0; i < KIT_LIST_MAX && p->topics[i]; i++)
		art->form = hash64_mix(art->form, slice_str(p->topics[i]));
	return art;
}

static void
fill_item(struct item *i, const struct piece *p, struct arena *a)
{
	i->path = slice_str(p->path);
	i->rel = p->path;
	i->root_fd = -1;
	i->moved_from = slice_str(p->from);
	i->fate = p->fate == ITEM_UNREAD ? ITEM_READ : p->fate;
	i->stamp = (struct file_stamp){ 1, UINT64_MAX, 0, 100,
		(p->date ? p->date : NOW) * 1000000000, 5 };
	if (i->fate == ITEM_READ)
		i->article = make_article(p, a);
	i->hash = hash64(arena_printf(a, "%s%s", p->title ? p->title : "",
		p->body ? p->body : ""));
	if (i->fate == ITEM_ASIDE)
		err_hint((err_set(&i->why, ERR_SYNTAX, "not an article"),
			&i->why), "Write it again.");
}

void
kit_fill(struct kit_batch *b, const struct piece *pieces, size_t n)
{
	*b = (struct kit_batch){ .batch = { .n = n, .now = NOW } };
	b->batch.items = ARENA_ARRAY(&b->batch.arena, struct item, n);
	for (size_t i = 0; i < n; i++) {
		fill_item(&b->batch.items[i], &pieces[i], &b->batch.arena);
		/* Taken up by decide(). */
		b->batch.items[i].n_candidates = (size_t)pieces[i].change;
		b->batch.items[i].seen_ms = (int64_t)(uintptr_t)&pieces[i];
	}
}

static void
put_channels(struct item *i, const struct piece *p, struct arena *a)
{
	struct plan *plan = &i->plan;

	plan->channels = ARENA_ARRAY(a, struct channel_ref, KIT_LIST_MAX + 2);
	plan->channels[plan->n_channels++] = (struct channel_ref){
		CHANNEL_ALL, S("all"), S("All"), 0 };
	if (p->series && !p->weak)
		plan->channels[plan->n_channels++] = (struct channel_ref){
			CHANNEL_SERIES, slice_str(p->series),
			slice_str(p->series), 0 };
	for (size_t k = 0; k < count(p->topics); k++)
		plan->channels[plan->n_channels++] = (struct channel_ref){
			CHANNEL_TOPIC, slice_str(p->topics[k]),
			slice_str(p->topics[k]), 0 };
}

static enum article_change
usual_change(const struct item *i)
{
	if (i->fate == ITEM_GONE)
		return i->prior.article_id && i->prior.file_id ?
			CHANGE_WITHDRAW : CHANGE_NONE;
	if (i->fate != ITEM_READ)
		return CHANGE_NONE;
	if (!i->prior.article_id)
		return CHANGE_NEW;
	if (i->prior.state == STATE_WITHDRAWN)
		return CHANGE_RESTORE;
	return i->prior.digest != i->article->digest ? CHANGE_UPDATE :
		i->prior.form != i->article->form ? CHANGE_MINOR :
		CHANGE_NONE;
}

static void
decide(struct item *i, struct arena *a)
{
	const struct piece *p = (const struct piece *)(uintptr_t)i->seen_ms;
	int64_t date = i->stamp.mtime_ns / 1000000000;

	i->plan = (struct plan){ .change = (enum article_change)
		i->n_candidates };
	if (i->plan.change == CHANGE_NONE)
		i->plan.change = usual_change(i);
	i->plan.published = i->prior.article_id ? i->prior.published : date;
	i->plan.updated = i->plan.change == CHANGE_UPDATE ?
		i->prior.updated + 1 : MAX(i->prior.updated, date);
	if (i->fate == ITEM_READ)
		put_channels(i, p, a);
}

static void
write_run(struct store_job *j, struct store_tx *tx)
{
	struct kit_batch *b = CONTAINER_OF(j, struct kit_batch, job);

	if (store_sqlite.recall(tx, &b->batch, &j->failed) < 0)
		return;
	for (size_t i = 0; i < b->batch.n; i++)
		decide(&b->batch.items[i], &b->batch.arena);
	for (size_t i = 0; i < b->batch.n; i++)
		b->batch.items[i].plan.held = b->hold;
	if (store_sqlite.write(tx, &b->batch, &j->failed) < 0)
		return;
	if (b->fail)
		err_set(&j->failed, ERR_IO, "the test says so");
}

static void
write_done(struct store_job *j)
{
	CONTAINER_OF(j, struct kit_batch, job)->done = true;
}

void
kit_submit(struct kit *k, struct kit_batch *b)
{
	b->job = (struct store_job){ .run = write_run, .done = write_done };
	store_sqlite.submit(k->store, &b->job);
}

void
kit_wait(struct kit *k, const struct kit_batch *b)
{
	while (!b->done)
		ev_run(k->loop, EVRUN_ONCE);
}

void
kit_done(struct kit_batch *b)
{
	arena_done(&b->batch.arena);
}

void
kit_write(struct kit *k, const struct piece *pieces, size_t n, bool adopting)
{
	struct kit_batch b;

	kit_fill(&b, pieces, n);
	b.batch.adopting = adopting;
	kit_submit(k, &b);
	kit_wait(k, &b);
	if (b.job.failed.kind != ERR_NONE)
		fail_msg("%s", b.job.failed.text);
	kit_done(&b);
}

/* ---- other jobs ---- */

struct other_job {
	struct store_job job;
	struct publication *list;
	size_t n;
	bool done;
};

static void
other_done(struct store_job *j)
{
	CONTAINER_OF(j, struct other_job, job)->done = true;
}

static void
run_other(struct kit *k, struct other_job *o)
{
	o->job.done = other_done;
	store_sqlite.submit(k->store, &o->job);
	while (!o->done)
		ev_run(k->loop, EVRUN_ONCE);
	if (o->job.failed.kind != ERR_NONE)
		fail_msg("%s", o->job.failed.text);
}

static void
number_run(struct store_job *j, struct store_tx *tx)
{
	struct batch b = { .now = NOW };

	if (store_sqlite.number(tx, &b, &j->failed) < 0 ||
		store_sqlite.set_rules(tx, KIT_RULES, &j->failed) < 0)
		j->failed.kind = ERR_STORE;
	arena_done(&b.arena);
}

void
kit_number(struct kit *k)
{
	run_other(k, &(struct other_job){ .job.run = number_run });
}

static void
published_run(struct store_job *j, struct store_tx *tx)
{
	struct other_job *o = CONTAINER_OF(j, struct other_job, job);

	if (store_sqlite.published(tx, o->list, o->n, &j->failed) < 0)
		j->failed.kind = ERR_STORE;
}

static void
publish_feed(struct kit *k, const struct feed *f, bool changed)
{
	struct publication p = { .feed_id = f->id, .version = f->wanted,
		.copies = { { "0123456789abcdef0123456789abcdef", NOW } },
		.changed = changed };

	run_other(k, &(struct other_job){ .job.run = published_run,
		.list = &p, .n = 1 });
}

void
kit_publish(struct kit *k, const char *slug, bool changed)
{
	struct feed f = kit_feed(k, slug);

	publish_feed(k, &f, changed);
}

void
kit_publish_all(struct kit *k)
{
	struct store_reader *r = store_sqlite.reader_take(k->store);
	struct feed *list = NULL;
	struct err e;
	size_t n = 0;

	assert_int_equal(store_sqlite.feeds(r, &kit_arena, &list, &n, &e), 0);
	store_sqlite.reader_give(k->store, r);
	for (size_t i = 0; i < n; i++)
		if (list[i].published < list[i].wanted)
			publish_feed(k, &list[i], true);
}

/* ---- reading ---- */

static int
find(struct kit *k, const char *path, struct entry *ret)
{
	struct store_reader *r = store_sqlite.reader_take(k->store);
	struct err e;
	int rc = store_sqlite.entry_by_path(r, slice_str(path), &kit_arena,
		ret, &e);

	store_sqlite.reader_give(k->store, r);
	if (rc < 0)
		assert_int_equal(e.kind, ERR_MISSING);
	return rc;
}

bool
kit_has(struct kit *k, const char *path)
{
	struct entry entry;

	return find(k, path, &entry) == 0;
}

struct entry
kit_entry(struct kit *k, const char *path)
{
	struct entry entry = { 0 };

	if (find(k, path, &entry) < 0)
		fail_msg("there is no article at %s", path);
	return entry;
}

struct feed
kit_feed(struct kit *k, const char *slug)
{
	struct store_reader *r = store_sqlite.reader_take(k->store);
	struct feed *list = NULL, found = { 0 };
	struct err e;
	size_t n = 0;

	assert_int_equal(store_sqlite.feeds(r, &kit_arena, &list, &n, &e), 0);
	for (size_t i = 0; i < n; i++)
		if (slice_eq(list[i].slug, slice_str(slug)))
			found = list[i];
	if (found.id && store_sqlite.feed_entries(r, &found, FEED_LIVE_MAX,
		&kit_arena, &e) < 0)
		fail_msg("%s", e.text);
	store_sqlite.reader_give(k->store, r);
	if (!found.id)
		fail_msg("there is no feed %s", slug);
	return found;
}

const char *
kit_titles(struct kit *k, const char *slug)
{
	struct feed f = kit_feed(k, slug);
	struct slice s = S("");

	for (size_t i = 0; i < f.n; i++)
		s = arena_printf(&kit_arena, "%.*s%s%.*s", ARG(s),
			i ? " / " : "", ARG(f.list[i].title));
	return s.ptr;
}

struct store_counts
kit_counts(struct kit *k)
{
	struct store_reader *r = store_sqlite.reader_take(k->store);
	struct store_counts c = { 0 };
	struct err e;

	assert_int_equal(store_sqlite.counts(r, &c, &e), 0);
	store_sqlite.reader_give(k->store, r);
	return c;
}

static sqlite3 *
open_database(struct kit *k, const char *file)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(kit_path(k, file), &db),
		SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	return db;
}

const char *
kit_sql_of(struct kit *k, const char *file, const char *sql)
{
	sqlite3 *db = open_database(k, file);
	const char *text = NULL;
	sqlite3_stmt *st;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	if (sqlite3_step(st) == SQLITE_ROW)
		text = arena_copy(&kit_arena, slice_str((const char *)
			sqlite3_column_text(st, 0))).ptr;
	sqlite3_finalize(st);
	sqlite3_close(db);
	return text;
}

const char *
kit_sql(struct kit *k, const char *sql)
{
	return kit_sql_of(k, "press.db", sql);
}

void
kit_change(struct kit *k, const char *sql)
{
	sqlite3 *db = open_database(k, "press.db");

	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}
