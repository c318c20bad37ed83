/*
 * The press: what the parts of the daemon share.
 *
 * 1. Owned by the loop's thread.  A pool job that keeps the pointer uses only
 *    what is marked (any thread).
 * 2. Stages do not know the press; it knows them.
 * 3. In a process that is only a courier, the parts of the press are NULL: all
 *    from the store on, but pool and control.
 */
#ifndef DAEMON_PRESS_H
#define DAEMON_PRESS_H

#include <ev.h>

#include "base/pool.h"
#include "feed/fragment.h"
#include "model/config.h"
#include "model/store.h"
#include "publish/publish.h"
#include "serve/serve.h"
#include "watch/watch.h"

struct assets;
struct courier;
struct post;
struct catalogue;
struct control;
struct feeds;
struct flow;
struct moved;
struct partners;
struct media_desk;
struct pages;
struct shelf;
struct holds;
struct hub_desk;
struct releases;
struct readers;
struct verify;
struct answer_job;

/* A directory that is polled, and why. */
struct polled {
	char *dir;
	struct err why;
};

struct press {
	struct ev_loop *loop;
	struct config *config;
	const char *config_path;	/* NULL: made without a file */
	uint64_t epoch;		/* raised by each reload */
	int64_t started;	/* monotonic ms */

	const struct store_ops *ops;		/* any thread */
	struct store *store;			/* any thread, through ops */
	struct fragments *fragments;		/* any thread */
	const struct publisher_ops *publish;	/* any thread */
	struct publisher *publisher;	/* any thread, through publish */
	struct publisher *private_tree;	/* the same, of private channels */

	struct pool *pool;
	struct pool *patient;	/* what takes long: it yields to all others */
	struct watch *watch;
	struct serve *serve;
	struct control *control;
	struct feeds *feeds;
	struct flow *flow;
	struct moved *moved;
	struct partners *partners;
	struct shelf *shelf;		/* any thread, as it says */
	struct media_desk *media;
	struct pages *pages;
	struct assets *assets;
	struct catalogue *catalogue;
	struct holds *holds;
	struct hub_desk *hub;
	struct releases *releases;
	struct readers *readers;
	struct verify *verify;
	struct post *post;
	struct courier *courier;	/* in this process; NULL: it is not */
	bool runs_courier;		/* it would be here, if it is needed */
	unsigned courier_answers;	/* that are being made of it */
	int knock_fd;			/* wakes one in another process */
	struct answer_job *waiting;	/* answers that wait for feeds */

	struct polled *polled;
	size_t n_polled;
	/* Called once, when the first scan is in the feeds.  May be NULL. */
	void (*on_reconciled)(struct press *p);
	bool stopping;
};

/*
 * Start everything for a configuration (taken over).  The sockets answer when
 * it returns; the content is reconciled by the loop.
 */
int press_start(struct press *p, struct config *c, struct ev_loop *loop,
	struct err *e) MUST_USE;

/* The tree that the documents of a feed go into, by a configuration. */
struct publisher *press_tree(const struct press *p, const struct config *c,
	const struct feed *f);

/* Finish what is under way, and free. */
void press_stop(struct press *p);

/* The same of a process that is only a courier, which has loop and pool. */
void press_start_bare(struct press *p, struct config *c,
	struct ev_loop *loop);

/* Put a new configuration in force (taken over). */
void press_swap_config(struct press *p, struct config *c);

#endif
