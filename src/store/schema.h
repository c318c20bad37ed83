/*
 * The schema of press.db, and how older ones become it.
 */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "store/sqlite.h"

/*
 * Is the database empty, or ours and of a schema that we know?  A newer schema,
 * or somebody else's database, is refused; nothing is changed.  *ret_adopted:
 * the first scan that it was made by came to its end.
 */
int schema_check(struct db *db, bool *ret_adopted, struct err *e) MUST_USE;

/*
 * Bring a database that was checked up to date.  Call it inside a transaction,
 * so that it is all or nothing.  *ret_made: there was nothing before.
 */
int schema_migrate(struct db *db, bool *ret_made, struct err *e) MUST_USE;

/* The value of a key of `meta`; the empty slice when it is not there. */
int meta_get(struct db *db, struct slice key, struct arena *a,
	struct slice *ret, struct err *e) MUST_USE;

/* Set the value of a key of `meta`. */
int meta_set(struct db *db, struct slice key, struct slice value,
	struct err *e) MUST_USE;

/* Who only reads cannot migrate: ERR_BUSY when the schema is another one. */
int schema_must_match(struct db *db, struct err *e) MUST_USE;

#endif
