/*
 * identity.log: the names that articles and series were given, in a file that
 * outlives the database.
 *
 * Ids, slugs and first dates are promises to subscribers; everything else in
 * press.db can be made again from the content.  So each name is appended here
 * before the transaction that gives it is committed, and synced before anybody
 * can see it.  One line:
 *
 *	authority<TAB>AUTHORITY
 *	article<TAB>UID<TAB>PATH<TAB>HASH<TAB>PUBLISHED<TAB>SLUG
 *	series<TAB>UID<TAB>KEY<TAB>0<TAB>BORN<TAB>SLUG
 *
 * with every field percent-encoded, the hash in hex.
 * 1. Lines are only ever appended.  A later line of the same uid is where that
 *    article is now: a move is logged, too.
 * 2. A last line without its end was never committed: it is cut off.
 * 3. A line of a transaction that failed does no harm: it names what would
 *    have been named so.
 */
#ifndef STORE_IDENTITY_H
#define STORE_IDENTITY_H

#include "base/buf.h"
#include "store/sqlite.h"

struct identity {
	int fd;
	bool unsynced;
	struct buf lines;	/* of the transaction under way */
};

struct identity_line {
	struct slice kind;	/* "article", "series" */
	struct slice uid;
	struct slice path;	/* or the series' key */
	uint64_t hash;		/* of the file */
	int64_t published;	/* or when the series was born */
	struct slice slug;
};

/* Open STATE/identity.log for appending, and cut off a torn end. */
int identity_open(struct identity *i, const char *state_dir, struct err *e)
	MUST_USE;

/* Close it; what was added and not committed is not written. */
void identity_close(struct identity *i);

/*
 * Load the whole log into the table `identity` of a database just made.
 * *ret_authority: the one that is logged; empty if none is.
 */
int identity_import(struct identity *i, struct db *db, struct arena *a,
	struct slice *ret_authority, struct err *e) MUST_USE;

/* Add a line to the transaction under way. */
void identity_add(struct identity *i, const struct identity_line *line);
void identity_add_authority(struct identity *i, struct slice authority);

/* Write what was added.  To be called just before COMMIT. */
int identity_write(struct identity *i, struct err *e) MUST_USE;

/* Sync what was written: before any of it is shown. */
int identity_sync(struct identity *i, struct err *e) MUST_USE;

/*
 * Find the name that was once given to what is at line->path now: the last one
 * at this path; else the only one with this hash, unless still_there() says
 * that its own file exists (NULL: hashes do not count).  Fills uid, slug,
 * published, and the path as it was logged; and takes it out of the table.
 * line->uid must be empty.
 */
int identity_claim(struct db *db, struct identity_line *line,
	bool (*still_there)(void *ctx, struct slice path), void *ctx,
	struct arena *a, bool *ret_found, struct err *e) MUST_USE;

#endif
