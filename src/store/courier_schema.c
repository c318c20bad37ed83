/*
 * The schema of courier.db, and how it grows.
 *
 * A released text never changes: what comes later is a text behind it.
 */
#include <stdio.h>

#include "store/courier.h"
#include "store/schema.h"

enum { APPLICATION_ID = 0x677a6372 };	/* "gzcr" */

static const char meta_table[] =
	"CREATE TABLE meta ("
	"  key TEXT PRIMARY KEY,"
	"  value TEXT NOT NULL"
	") WITHOUT ROWID;";

static const char *const migrations[] = {
	meta_table, outbox_tables, subscription_tables, fanout_tables,
	token_tables, upload_tables, outbox_waits,
};

static int
refuse_foreign(struct err *e)
{
	err_set(e, ERR_STORE, "courier.db is not a database of gazetted's "
		"courier");
	return err_hint(e, "Move it away, or choose another directory with "
		"\"courier.state:\".");
}

static int
refuse_newer(int64_t version, struct err *e)
{
	err_set(e, ERR_STORE, "courier.db was written by a newer gazetted: "
		"schema %jd, and this one knows %zu", (intmax_t)version,
		COUNT_OF(migrations));
	return err_hint(e, "Install the newer gazetted again.  Do not remove "
		"courier.db: it knows what was sent, and who subscribed.");
}

static int
check(struct db *db, int64_t *ret_version, struct err *e)
{
	int64_t id, tables;

	if (db_number(db, "PRAGMA application_id", &id, e) < 0 ||
		db_number(db, "PRAGMA user_version", ret_version, e) < 0 ||
		db_number(db, "SELECT count(*) FROM sqlite_schema", &tables,
			e) < 0)
		return -1;
	if (id != APPLICATION_ID && (id != 0 || tables > 0))
		return refuse_foreign(e);
	if (*ret_version < 0 || (size_t)*ret_version > COUNT_OF(migrations))
		return refuse_newer(*ret_version, e);
	return 0;
}

int
courier_migrate(struct db *db, struct err *e)
{
	int64_t version;
	char set[96];

	if (check(db, &version, e) < 0)
		return -1;
	if ((size_t)version == COUNT_OF(migrations))
		return 0;
	if (db_exec(db, "BEGIN IMMEDIATE", e) < 0)
		return -1;
	for (size_t i = (size_t)version; i < COUNT_OF(migrations); i++)
		if (db_exec(db, migrations[i], e) < 0)
			return err_in(e, "making schema %zu", i + 1);
	snprintf(set, sizeof(set), "PRAGMA application_id = %d;"
		"PRAGMA user_version = %zu; COMMIT", APPLICATION_ID,
		COUNT_OF(migrations));
	return db_exec(db, set, e);
}
