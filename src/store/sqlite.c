/*
 * SQLite: the connection, its settings, the cache of statements, queries.
 */
#include <errno.h>
#include <fcntl.h>

#include "base/file.h"
#include "store/sqlite.h"

/*
 * FULL: what is acknowledged survives a power cut; a commit costs one fsync
 * (group commit shares it).  No automatic checkpoints: the writer makes them
 * when nobody waits.  No mmap: it was no faster, and the mapped pages count as
 * ours (430 MB instead of 85 for 100,000 articles).
 */
static const char write_settings[] =
	"PRAGMA synchronous = FULL;"
	"PRAGMA foreign_keys = ON;"
	"PRAGMA cache_size = -16384;"
	"PRAGMA temp_store = MEMORY;"
	"PRAGMA journal_size_limit = 67108864;"
	"PRAGMA wal_autocheckpoint = 0;"
	"PRAGMA trusted_schema = OFF;";

/*
 * A file that is thrown away unless it becomes whole: nothing is written twice
 * or synced, but a failed job can still be taken back.  Foreign keys guard
 * against our own mistakes, which the same code makes on the other days too.
 */
static const char first_settings[] =
	"PRAGMA journal_mode = MEMORY;"
	"PRAGMA synchronous = OFF;"
	"PRAGMA locking_mode = EXCLUSIVE;"
	"PRAGMA foreign_keys = OFF;"
	"PRAGMA cache_size = -16384;"
	"PRAGMA temp_store = MEMORY;"
	"PRAGMA trusted_schema = OFF;";

static const char read_settings[] =
	"PRAGMA query_only = ON;"
	"PRAGMA cache_size = -2048;"
	"PRAGMA temp_store = MEMORY;"
	"PRAGMA trusted_schema = OFF;";

enum { BUSY_MS = 5000 };

static const struct {
	int flags;
	const char *settings;
} modes[] = {
	[DB_WRITE] = { SQLITE_OPEN_READWRITE, write_settings },
	[DB_FIRST] = { SQLITE_OPEN_READWRITE, first_settings },
	[DB_READ] = { SQLITE_OPEN_READONLY, read_settings },
	[DB_EMPTY] = { SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
		SQLITE_OPEN_MEMORY, "" },
};

/* The press can make its database anew; the courier's is the only copy. */
static void
hint_damaged(bool is_courier, struct err *e)
{
	if (is_courier)
		err_hint(e, "Put a backup of courier.db back.  Without one, "
			"move it away: subscribers must subscribe again, and "
			"nothing old is sent.");
	else
		err_hint(e, "Move press.db, press.db-wal and press.db-shm "
			"away and start again: they are made anew from the "
			"content and identity.log.");
}

/* What to do about it, where there is something to do. */
static void
add_hint(int rc, bool is_courier, struct err *e)
{
	switch (rc & 0xff) {
	case SQLITE_FULL:
		err_hint(e, "Make room on the disk of the state directory; "
			"the store goes on by itself.");
		break;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		hint_damaged(is_courier, e);
		break;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_PERM:
		err_hint(e, "Look at the disk, the owner and the permissions "
			"of the state directory.");
		break;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		err_hint(e, "Another program holds a lock on the database; "
			"end it.");
		break;
	}
}

static bool
is_courier(sqlite3 *handle)
{
	const char *path = sqlite3_db_filename(handle, "main");

	return path && slice_ends(slice_str(path), S("/courier.db"));
}

static int
fail(struct db *db, int rc, struct err *e)
{
	if (!db->handle) {
		*e = db->broken;
		return -1;
	}
	err_set(e, ERR_STORE, "the database says: %s",
		rc == sqlite3_errcode(db->handle) ||
		rc == sqlite3_extended_errcode(db->handle) ?
		sqlite3_errmsg(db->handle) : sqlite3_errstr(rc));
	add_hint(rc, is_courier(db->handle), e);
	return -1;
}

int
db_exec(struct db *db, const char *sql, struct err *e)
{
	int rc = db->handle ? sqlite3_exec(db->handle, sql, NULL, NULL,
		NULL) : SQLITE_CANTOPEN;

	return rc == SQLITE_OK ? 0 : fail(db, rc, e);
}

/* SQLite would make it 0644; its WAL takes the mode over from it. */
static int
make_file(const char *path, struct err *e)
{
	CLEANUP(fd_close) int fd = open(path,
		O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);

	if (fd < 0) {
		err_set(e, ERR_STORE, "cannot open \"%s\": %m", path);
		add_hint(SQLITE_CANTOPEN, false, e);
		return -1;
	}
	return 0;
}

static int
open_and_set(struct db *db, const char *path, enum db_mode mode,
	struct err *e)
{
	int rc;

	if ((mode == DB_WRITE || mode == DB_FIRST) && make_file(path, e) < 0)
		return -1;
	rc = sqlite3_open_v2(path, &db->handle, modes[mode].flags |
		SQLITE_OPEN_NOMUTEX, NULL);
	CHECK(db->handle);
	if (rc != SQLITE_OK)
		return fail(db, rc, e);
	sqlite3_busy_timeout(db->handle, BUSY_MS);
	return db_exec(db, modes[mode].settings, e);
}

void
db_prepare(void)
{
	/* Refused when SQLite runs already: then it was done. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

int
db_open(struct db *db, const char *path, enum db_mode mode, struct err *e)
{
	*db = (struct db){ 0 };
	if (open_and_set(db, path, mode, e) == 0)
		return 0;
	err_in(e, "\"%s\"", path);
	db_close(db);
	db->broken = *e;
	return -1;
}

int
db_open_log(struct db *db, const char *path, struct err *e)
{
	int keep = 1;

	if (db_open(db, path, DB_WRITE, e) < 0)
		return -1;
	/* The log stays behind: who only reads could not make one. */
	sqlite3_file_control(db->handle, NULL, SQLITE_FCNTL_PERSIST_WAL,
		&keep);
	return db_exec(db, "PRAGMA journal_mode = WAL", e);
}

void
db_close(struct db *db)
{
	for (size_t i = 0; i < DB_STATEMENTS_MAX; i++)
		sqlite3_finalize(db->cache[i].st);
	if (db->handle)
		CHECK(sqlite3_close(db->handle) == SQLITE_OK);
	*db = (struct db){ 0 };
}

bool
db_in_transaction(const struct db *db)
{
	return !sqlite3_get_autocommit(db->handle);
}

int64_t
db_changes(const struct db *db)
{
	return sqlite3_changes64(db->handle);
}

/* Where the statement of a text is kept, or is to be. */
static struct db_statement *
find_slot(struct db *db, const char *sql)
{
	size_t i = (size_t)((uintptr_t)sql * 0x9e3779b97f4a7c15U >> 32);

	for (;; i++) {
		struct db_statement *s = &db->cache[i % DB_STATEMENTS_MAX];

		if (!s->sql || s->sql == sql)
			return s;
	}
}

struct query
query_start(struct db *db, const char *sql)
{
	struct query q = { .db = db, .rc = SQLITE_CANTOPEN };
	struct db_statement *s;

	if (!db->handle)
		return q;
	s = find_slot(db, sql);
	q.rc = SQLITE_OK;
	if (!s->st) {
		CHECK(db->n_cached < DB_STATEMENTS_MAX / 2);
		q.rc = sqlite3_prepare_v3(db->handle, sql, -1,
			SQLITE_PREPARE_PERSISTENT, &s->st, NULL);
	}
	if (q.rc == SQLITE_OK && !s->sql) {
		s->sql = sql;
		db->n_cached++;
	}
	q.st = s->st;
	return q;
}

void
query_put_int(struct query *q, int64_t n)
{
	if (q->rc == SQLITE_OK)
		q->rc = sqlite3_bind_int64(q->st, ++q->bound, n);
}

void
query_put_hash(struct query *q, uint64_t n)
{
	query_put_int(q, (int64_t)n);
}

void
query_put_text(struct query *q, struct slice s)
{
	if (q->rc == SQLITE_OK)
		q->rc = sqlite3_bind_text64(q->st, ++q->bound,
			s.ptr ? s.ptr : "", s.len, SQLITE_STATIC,
			SQLITE_UTF8);
}

void
query_put_bytes(struct query *q, struct slice s)
{
	if (q->rc == SQLITE_OK)
		q->rc = sqlite3_bind_blob64(q->st, ++q->bound, s.ptr, s.len,
			SQLITE_STATIC);
}

void
query_put_null(struct query *q)
{
	if (q->rc == SQLITE_OK)
		q->rc = sqlite3_bind_null(q->st, ++q->bound);
}

void
query_put_id(struct query *q, int64_t id)
{
	if (id)
		query_put_int(q, id);
	else
		query_put_null(q);
}

bool
query_row(struct query *q)
{
	if (q->rc != SQLITE_OK)
		return false;
	q->rc = sqlite3_step(q->st);
	if (q->rc != SQLITE_ROW)
		return false;
	q->rc = SQLITE_OK;
	return true;
}

int64_t
query_int(const struct query *q, int column)
{
	return sqlite3_column_int64(q->st, column);
}

uint64_t
query_hash(const struct query *q, int column)
{
	return (uint64_t)query_int(q, column);
}

struct slice
query_look(const struct query *q, int column)
{
	const char *s = (const char *)sqlite3_column_text(q->st, column);
	int len = sqlite3_column_bytes(q->st, column);

	return slice(s ? s : "", s ? (size_t)len : 0);
}

struct slice
query_look_bytes(const struct query *q, int column)
{
	const char *s = sqlite3_column_blob(q->st, column);

	return slice(s, (size_t)sqlite3_column_bytes(q->st, column));
}

struct slice
query_text(const struct query *q, int column, struct arena *a)
{
	return arena_copy(a, query_look(q, column));
}

int
query_done(struct query *q, struct err *e)
{
	bool well = q->rc == SQLITE_OK || q->rc == SQLITE_DONE;
	int ret = well ? 0 : fail(q->db, q->rc, e);

	if (q->st)
		sqlite3_reset(q->st);
	return ret;
}

int
query_run(struct query *q, struct err *e)
{
	while (query_row(q))
		;
	return query_done(q, e);
}

int
query_one(struct query *q, int64_t *ret, struct err *e)
{
	*ret = query_row(q) ? query_int(q, 0) : 0;
	return query_done(q, e);
}

int
db_number(struct db *db, const char *sql, int64_t *ret, struct err *e)
{
	struct query q = query_start(db, sql);

	return query_one(&q, ret, e);
}

int
query_one_text(struct query *q, struct arena *a, struct slice *ret,
	struct err *e)
{
	*ret = query_row(q) ? query_text(q, 0, a) : S("");
	return query_done(q, e);
}

int
query_list(struct query *q, struct arena *a, int64_t **ret, size_t *ret_n,
	struct err *e)
{
	*ret = NULL;
	*ret_n = 0;
	while (query_row(q)) {
		*ret = ARENA_GROW(a, *ret, *ret_n);
		(*ret)[(*ret_n)++] = query_int(q, 0);
	}
	return query_done(q, e);
}
