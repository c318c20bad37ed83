/*
 * The SQLite store: opening, closing, and the table of what it can do.
 *
 * Opening goes from what can be refused to what is owned: the lock, the
 * schema, the names that a lost database had, the authority of new ids, the
 * thread.  Closing goes back.
 */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "store/lock.h"
#include "store/schema.h"
#include "store/store.h"

/* ---- what the thread keeps in memory ---- */

void
tx_forget(struct store_tx *tx)
{
	tx->loaded = false;
	table_done(&tx->by_id);
	table_done(&tx->by_name);
	arena_reset(&tx->rows);
}

int
tx_load(struct store_tx *tx, struct err *e)
{
	struct query q;

	if (tx->loaded || tx->is_bare)
		return 0;
	q = query_start(&tx->db,
		"SELECT (SELECT coalesce(max(id), 0) + 1 FROM article),"
		" EXISTS (SELECT 1 FROM meta WHERE key = 'adopted'),"
		" EXISTS (SELECT 1 FROM identity)");
	if (query_row(&q)) {
		tx->next_article = query_int(&q, 0);
		tx->adopted = query_int(&q, 1);
		tx->remembers = query_int(&q, 2);
	}
	if (query_done(&q, e) < 0)
		return -1;
	tx->loaded = true;
	return 0;
}

/* ---- opening ---- */

/* "host,year", where nobody said anything better. */
static struct slice
default_authority(const struct store_open *o, struct arena *a)
{
	time_t now = (time_t)clock_now();
	struct tm tm;

	gmtime_r(&now, &tm);
	return arena_printf(a, "%.*s,%d", ARG(o->host.len ? o->host :
		S("localhost")), tm.tm_year + 1900);
}

/* The authority is frozen: the stored one, the logged one, or a new one. */
static int
settle_authority(struct store_tx *tx, const struct store_open *o,
	struct slice logged, struct err *e)
{
	struct slice *ret = &tx->authority;

	if (meta_get(&tx->db, S("authority"), &tx->arena, ret, e) < 0)
		return -1;
	if (ret->len > 0)
		return 0;
	*ret = logged.len ? logged : o->authority.len ?
		arena_copy(&tx->arena, o->authority) :
		default_authority(o, &tx->arena);
	if (logged.len == 0)
		identity_add_authority(&tx->identity, *ret);
	return meta_set(&tx->db, S("authority"), *ret, e);
}

/* Schema, names, authority: all of it, or nothing. */
static int
prepare(struct store_tx *tx, const struct store_open *o, struct err *e)
{
	struct slice logged = { 0 };
	bool made;

	if (db_exec(&tx->db, "BEGIN IMMEDIATE", e) < 0 ||
		schema_migrate(&tx->db, &made, e) < 0)
		return -1;
	if (tx->first.under_way && number_links_wait(&tx->db, e) < 0)
		return -1;
	if (made && identity_import(&tx->identity, &tx->db, &tx->arena,
		&logged, e) < 0)
		return -1;
	if (settle_authority(tx, o, logged, e) < 0 ||
		identity_write(&tx->identity, e) < 0 ||
		identity_sync(&tx->identity, e) < 0)
		return -1;
	return db_exec(&tx->db, "COMMIT", e);
}

/* The database of a newsroom that was seen whole, or else a new one. */
static int
open_database(struct store_tx *tx, const char *state_dir, const char *path,
	struct err *e)
{
	bool adopted = false;

	if (access(path, F_OK) == 0) {
		if (db_open(&tx->db, path, DB_WRITE, e) < 0 ||
			schema_check(&tx->db, &adopted, e) < 0)
			return -1;
		db_close(&tx->db);
	}
	return adopted ? db_open_log(&tx->db, path, e) :
		first_begin(&tx->first, state_dir, &tx->db, e);
}

static int
open_parts(struct store *s, const struct store_open *o, struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	const char *path = arena_printf(&a, "%s/press.db",
		o->state_dir).ptr;
	struct store_tx *tx = &s->tx;

	s->lock_fd = lock_take(o->state_dir, "lock", e);
	if (s->lock_fd < 0)
		return -1;
	if (open_database(tx, o->state_dir, path, e) < 0 ||
		identity_open(&tx->identity, o->state_dir, e) < 0 ||
		prepare(tx, o, e) < 0 || tx_load(tx, e) < 0)
		return err_in(e, "\"%s\"", path);
	readers_init(&s->readers, path, tx->first.under_way);
	checkpoint_init(&s->checkpoint, path);
	return 0;
}

struct store *
store_new(void)
{
	struct store *s = x_calloc(1, sizeof(*s));

	db_prepare();
	s->lock_fd = -1;
	s->tx.identity.fd = -1;
	return s;
}

void
store_run(struct store *s, struct ev_loop *loop)
{
	thread_start(&s->thread, &s->tx, &s->checkpoint, &s->readers, loop);
	s->running = true;
}

/* Move what the log has into the database, so that the next start is fast. */
static void
empty_log(struct store_tx *tx)
{
	if (!tx->first.under_way && tx->db.handle)
		sqlite3_wal_checkpoint_v2(tx->db.handle, NULL,
			SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
}

void
store_close(struct store *s)
{
	if (!s)
		return;
	if (s->running)
		thread_stop(&s->thread);
	checkpoint_done(&s->checkpoint);
	if (s->running)
		empty_log(&s->tx);
	readers_done(&s->readers);
	tx_forget(&s->tx);
	arena_done(&s->tx.rows);
	targets_done(&s->tx.targets);
	arena_done(&s->tx.arena);
	db_close(&s->tx.db);
	first_done(&s->tx.first);
	identity_close(&s->tx.identity);
	fd_close(&s->lock_fd);
	free(s);
}

static int
open_store(const struct store_open *o, struct store **ret, bool *ret_fresh,
	struct err *e)
{
	struct store *s = store_new();

	if (open_parts(s, o, e) < 0) {
		store_close(s);
		return -1;
	}
	*ret_fresh = s->tx.first.under_way;
	store_run(s, o->loop);
	*ret = s;
	return 0;
}

/* ---- the rest of the table ---- */

static void
submit(struct store *s, struct store_job *j)
{
	thread_submit(&s->thread, j);
}

static size_t
pending(const struct store *s)
{
	return s->thread.pending;
}

static uint64_t
commits(const struct store *s)
{
	return s->thread.commits;
}

static struct store_reader *
reader_take(struct store *s)
{
	if (s->is_other)
		reading_look(s);
	return readers_take(&s->readers);
}

static void
reader_give(struct store *s, struct store_reader *r)
{
	readers_give(&s->readers, r);
}

const struct store_ops store_sqlite = {
	.name = "sqlite",
	.open = open_store,
	.open_courier = open_courier,
	.open_reading = open_reading,
	.close = store_close,
	.submit = submit,
	.pending = pending,
	.commits = commits,
	.recall = press_recall,
	.write = press_write,
	.number = press_number,
	.merge = press_merge,
	.set_rules = press_set_rules,
	.holds = press_holds,
	.move_holds = press_move_holds,
	.bar = press_bar,
	.unbar = press_unbar,
	.put_partners = press_put_partners,
	.put_hub_request = press_put_hub_request,
	.published = press_published,
	.reader_take = reader_take,
	.reader_give = reader_give,
	.feeds = read_feeds,
	.rules = read_rules,
	.files = read_files,
	.media_used = read_media_used,
	.feed = read_feed,
	.feed_named = read_feed_named,
	.feed_entries = read_feed_entries,
	.feed_pages = read_feed_pages,
	.feed_page = read_feed_page,
	.page_entries = read_page_entries,
	.versions = read_versions,
	.entry = read_entry,
	.entry_by_slug = read_entry_by_slug,
	.entry_by_path = read_entry_by_path,
	.feeds_of = read_feeds_of,
	.news = read_news,
	.asides = read_asides,
	.series = read_series,
	.series_named = read_series_named,
	.series_parts = read_series_parts,
	.near_misses = read_near_misses,
	.moved = read_moved,
	.counts = read_counts,
	.months = read_months,
	.articles = read_articles,
	.partners = read_partners,
	.changes = read_changes,
	.waits = read_waits,
	.due = read_due,
	.file_state = read_file_state,
	.announcements = read_announcements,
	.announced = read_announced,
	.hub_requests = read_hub_requests,
	.entry_by_id = read_entry_by_id,
};
