/*
 * SQLite, as the store uses it: a connection with a cache of statements, and
 * queries that read straight down.
 *
 *	struct query q = query_start(db, "SELECT id FROM t WHERE key = ?");
 *
 *	query_put_text(&q, key);
 *	while (query_row(&q))
 *		use(query_int(&q, 0));
 *	return query_done(&q, e);
 *
 * 1. A query keeps its first failure, and every later step of it does nothing:
 *    query_done() is the one place that asks.
 * 2. The SQL of a query is a string literal: its address is the key under
 *    which the prepared statement is kept.
 * 3. A connection is used by one thread at a time (SQLITE_OPEN_NOMUTEX).
 */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/err.h"

enum { DB_STATEMENTS_MAX = 512 };

struct db_statement {
	const char *sql;
	sqlite3_stmt *st;
};

struct db {
	sqlite3 *handle;	/* NULL: `broken` says why */
	struct err broken;
	struct db_statement cache[DB_STATEMENTS_MAX];
	size_t n_cached;
};

struct query {
	struct db *db;
	sqlite3_stmt *st;
	int bound;		/* parameters so far */
	int rc;			/* SQLITE_OK until the first failure */
};

enum db_mode {
	DB_WRITE,
	DB_FIRST,	/* the only one to use it; nothing in it is safe yet */
	DB_READ,
	DB_EMPTY,	/* in memory: the path is only a name for it */
};

/*
 * Once, before the first db_open(): SQLite need not count what it allocates,
 * which every thread would do under one mutex.
 */
void db_prepare(void);

/*
 * Open the database file with the house's settings.  DB_WRITE and DB_FIRST
 * make it, mode 0640, if it is missing.  After a failure the db can be used:
 * every query on it fails with the same error.
 */
int db_open(struct db *db, const char *path, enum db_mode mode,
	struct err *e) MUST_USE;

/* The same as DB_WRITE, and with a log, so that readers need not wait. */
int db_open_log(struct db *db, const char *path, struct err *e) MUST_USE;

/* Close it with all its statements; one that is not open is fine. */
void db_close(struct db *db);

/* Run SQL that has no parameters and gives no rows, once. */
int db_exec(struct db *db, const char *sql, struct err *e) MUST_USE;

/* Is a transaction open?  Some failures end one behind our back. */
bool db_in_transaction(const struct db *db);

/* Rows that the last statement changed. */
int64_t db_changes(const struct db *db);

/* Begin a query; bind its parameters in their order. */
struct query query_start(struct db *db, const char *sql);

/* Bind the next parameter.  A text or bytes must live until query_done(). */
void query_put_int(struct query *q, int64_t n);
void query_put_hash(struct query *q, uint64_t n);
void query_put_text(struct query *q, struct slice s);
void query_put_bytes(struct query *q, struct slice s);
void query_put_null(struct query *q);
/* The number, or NULL for 0. */
void query_put_id(struct query *q, int64_t id);

/* The next row: false after the last one and after a failure. */
bool query_row(struct query *q);

/* A column of the row; NULL reads as 0 and as the empty text. */
int64_t query_int(const struct query *q, int column);
uint64_t query_hash(const struct query *q, int column);
/* A copy in the arena. */
struct slice query_text(const struct query *q, int column, struct arena *a);

/* The text, or the bytes, themselves: they are gone with the next row. */
struct slice query_look(const struct query *q, int column);
struct slice query_look_bytes(const struct query *q, int column);

/*
 * Queries for one value, to their end: 0 or the empty text where no row is.
 */
int query_one(struct query *q, int64_t *ret, struct err *e) MUST_USE;
int query_one_text(struct query *q, struct arena *a, struct slice *ret,
	struct err *e) MUST_USE;

/* The same of SQL without parameters that is run once. */
int db_number(struct db *db, const char *sql, int64_t *ret, struct err *e)
	MUST_USE;

/* A query for numbers, to its end: all of them. */
int query_list(struct query *q, struct arena *a, int64_t **ret,
	size_t *ret_n, struct err *e) MUST_USE;

/* The end of a query: tell whether all of it went well. */
int query_done(struct query *q, struct err *e) MUST_USE;

/* Run a query whose rows nobody wants, to its end. */
int query_run(struct query *q, struct err *e) MUST_USE;

#endif
