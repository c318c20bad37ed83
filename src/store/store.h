/*
 * A store: one database file with what is needed to use it.
 *
 * There are three kinds: press.db of the press (store.c), courier.db of the
 * courier (courier.c), and press.db as the courier reads it, which has neither
 * a lock nor a thread (reading.c).
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "store/thread.h"

struct store {
	int lock_fd;
	struct store_tx tx;
	struct readers readers;
	struct thread thread;
	struct checkpoint checkpoint;
	bool running;

	bool is_other;		/* it is only read: reading.c */
};

/* One with nothing in it yet; store_close() takes it at any stage. */
struct store *store_new(void);

/* All of it is open: start its thread. */
void store_run(struct store *s, struct ev_loop *loop);

/* Finish what is queued, and free.  NULL is fine. */
void store_close(struct store *s);

/* ---- store_ops, see there ---- */

int open_courier(const struct store_open *o, struct store **ret,
	struct err *e) MUST_USE;
int open_reading(const char *state_dir, struct store **ret, struct err *e)
	MUST_USE;

/* Before a reader is taken: is the file another one now?  Any thread. */
void reading_look(struct store *s);

#endif
