/*
 * A content directory, a loop, a pool and a watch, for the tests of watch.
 *
 * The world plays flow: it takes what is dirty, reconciles it, verifies moves,
 * settles, and keeps a record of each item.
 */
#ifndef TESTS_WATCH_WORLD_H
#define TESTS_WATCH_WORLD_H

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "watch/internal.h"

struct record {
	char path[256];
	char moved_from[256];
	enum item_fate fate;
	bool hot, known;
	size_t len;
	struct err why;
};

struct world {
	char dir[64];		/* the content directory */
	struct ev_loop *loop;
	struct pool *pool;
	struct config config;
	struct watch *watch;
	struct ev_timer pulse;
	size_t max_size;
	bool hold;		/* take nothing */
	bool fail;		/* the store refuses every batch */

	bool dirty;
	int n_scanned, n_overflow, n_polled, n_failed, n_gone, n_back;
	struct err why;		/* of the last polled or failed */
	char where[256];
	struct record *records;
	size_t n_records;
};

/* For cmocka: a fresh world with one root, in *state; and its end. */
int world_setup(void **state);
int world_teardown(void **state);

/* watch_new() and watch_start(), and wait for the first scan. */
void world_start(struct world *x);

/* End the watch and the pool, and begin anew, remembering what was known. */
void world_restart(struct world *x);

/* Files, relative to the content directory; old: an hour ago. */
void world_put(struct world *x, const char *path, const char *text);
void world_put_old(struct world *x, const char *path, const char *text);
void world_mkdir(struct world *x, const char *path);
void world_rename(struct world *x, const char *from, const char *to);
void world_unlink(struct world *x, const char *path);
char *world_path(struct world *x, const char *path, char ret[static 512]);

/* Run the loop for a while, or until there is nothing to do. */
void world_run(struct world *x, int ms);
void world_rest(struct world *x);

/* Wait (at most 10 s) for a record; fails the test if none comes. */
struct record *world_await(struct world *x, const char *path,
	enum item_fate fate);
/* Wait until *n is at least `least`. */
void world_await_count(struct world *x, const int *n, int least);

/* Records of this path (NULL: any) and fate. */
size_t world_count(struct world *x, const char *path, enum item_fate fate);
void world_forget(struct world *x);

/* Take, reconcile and settle once, by hand. */
size_t world_take(struct world *x, struct batch *b);
void world_look(struct world *x, struct batch *b);
void world_settle(struct world *x, struct batch *b);

#endif
