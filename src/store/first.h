/*
 * The database of the first scan: a file of its own until it is whole.
 *
 * What a newsroom had before gazetted came is announced to nobody and shown to
 * nobody until all of it is stored.  So nothing of it has to survive a crash
 * but the names that were given, which are in identity.log: the file is
 * written without a log and without syncing, at half the cost, and takes the
 * place of press.db in one rename when the first scan has come to its end.
 *
 * 1. Until then there is no press.db, and readers see an empty store.
 * 2. Before the rename all of it is on the disk, and identity.log is: what is
 *    called press.db is whole and durable, always.
 * 3. What a dead daemon left of one is thrown away, and the scan begins again;
 *    every article gets the name that it had.
 */
#ifndef STORE_FIRST_H
#define STORE_FIRST_H

#include <sys/types.h>

#include "store/identity.h"
#include "store/sqlite.h"

struct first {
	bool under_way;
	char *path, *final;
	int dir, fd;		/* of the state directory, and the file */
	off_t flushed;		/* so much was sent to the disk */
};

/*
 * Begin a first scan in the state directory; db is opened on the file.  An
 * unfinished press.db, and what was left of an earlier file, are removed.
 */
int first_begin(struct first *f, const char *state_dir, struct db *db,
	struct err *e) MUST_USE;

/* Something was committed: let the disk begin with it, waiting for nothing. */
void first_flush(struct first *f);

/*
 * The end: make it press.db, and open db on that.  After a failure db is open
 * on the file still, and this may be called again.
 */
int first_end(struct first *f, struct identity *identity, struct db *db,
	struct err *e) MUST_USE;

/* Free it, at any time; a file that is not whole stays until the next start. */
void first_done(struct first *f);

#endif
