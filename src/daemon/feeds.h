/*
 * The feeds as the loop knows them: which are dirty, what is published of
 * each, and the documents kept in memory.
 *
 *   clean --mark--> dirty --pump--> rendering --> publishing --> committed
 *                     ^                 |             |            (tx2)
 *                     +--- marked meanwhile, or failed (after a pause)
 *
 * 1. A feed has one job at a time, so its versions never cross.
 * 2. HTTP readers get a document when it is rendered, the tree's readers when
 *    it is renamed into place; only then does the store call it published:
 *    nothing is announced before it can be fetched, wherever it is fetched.
 * 3. Small feeds go before large ones, and feeds that somebody waits for
 *    before those of a scan.
 */
#ifndef DAEMON_FEEDS_H
#define DAEMON_FEEDS_H

#include "daemon/press.h"

struct feeds_status {
	size_t feeds;
	size_t dirty;		/* marked, rendering, or not yet committed */
	uint64_t rendered;
	int64_t last_published;	/* wall clock, seconds; 0: never */
	bool failing;		/* the last publication failed */
	struct err why;
};

/* None known yet: feeds_load() comes next. */
struct feeds *feeds_new(struct press *p);

/* Load the heads from the store, and mark what is not published. */
int feeds_load(struct feeds *f, struct err *e) MUST_USE;

/*
 * The feeds and pages that a batch touched have changed.  hot: somebody waits
 * for it.
 */
void feeds_mark(struct feeds *f, const struct batch *b, bool hot);

/* How many of what a batch touched are not published yet? */
size_t feeds_pending(const struct feeds *f, const struct batch *b);

/* The feed was merged into another: it is never rendered again. */
void feeds_drop(struct feeds *f, int64_t id);

/*
 * It belongs into another tree from now on: forget what was rendered, and
 * render it for that, before all others.
 */
void feeds_move(struct feeds *f, int64_t id);

/* Render every feed again: the configuration changed. */
void feeds_mark_all(struct feeds *f);

/*
 * Render a feed and its archive again (0: every feed), from the articles
 * themselves, and publish it even if it is the same: what is damaged in the
 * tree is whole then.  How many documents that makes, in all formats.
 */
size_t feeds_rebuild(struct feeds *f, int64_t feed_id);

/* How many documents of it (0: of all) are not published yet. */
size_t feeds_unpublished(const struct feeds *f, int64_t feed_id);

/* Start what may be started now; called whenever something ended. */
void feeds_pump(struct feeds *f);

/*
 * Answer a request for a feed's address, now or later.  False when there is
 * no such feed: the request is still the caller's.
 */
bool feeds_serve(struct feeds *f, struct slice address,
	struct serve_request *r);

/*
 * Is it the address of a feed that anybody may subscribe to: public, no page of
 * an archive, and published?
 */
bool feeds_find_topic(const struct feeds *f, struct slice address,
	int64_t *ret_feed_id);

/* How it is now. */
void feeds_get_status(const struct feeds *f, struct feeds_status *ret);

/*
 * Answer who still waits with nothing, and free.  All jobs must have been
 * done.  NULL is fine.
 */
void feeds_free(struct feeds *f);

#endif
