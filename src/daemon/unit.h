/*
 * A unit: what is rendered and published at once.  A feed's document is one,
 * and so is each page of its archive; it has a copy in every format.
 *
 *	feeds.c		which units are dirty, and when they are rendered
 *	copies.c	the copies that HTTP readers get, and who waits for one
 *	commit.c	what is published, on its way into the store
 *	delta.c		what changed since a reader's copy (RFC 3229)
 *	squeeze.c	brotli, when there is nothing else to do
 *
 * Owned by the loop's thread.
 */
#ifndef DAEMON_UNIT_H
#define DAEMON_UNIT_H

#include "base/table.h"
#include "daemon/feeds.h"
#include "daemon/render.h"

enum {
	/* Hot series, topics, all; the same, cold; pages of archives. */
	PRIORITIES = 7,
	FIRST_COLD = 3,
	PAGES_LAST = 6,
	DELTAS_MAX = 4,		/* kept of one copy */
};

struct waiter {
	struct waiter *next;
	struct serve_request *request;
};

/* One format of a unit, at one address. */
struct shown {
	struct unit *unit;
	char *address;		/* the key of by_address; NULL: not known */
	char *file;		/* in the tree */
	struct copy copy;	/* what HTTP readers get; etag "": nothing */
	bool loading;
	bool squeezed;		/* queued to be, or done with */
	struct shown *squeeze_next, **squeeze_link;	/* in that queue */
	struct document *doc;	/* in memory, or NULL */
	struct shown *newer, *older;	/* when doc is set */
	struct waiter *waiters;
	struct document *deltas[DELTAS_MAX];	/* that end in `copy` */
	size_t n_deltas;
};

struct unit_key {
	int64_t feed_id;
	int64_t page;		/* 0: the feed itself */
};

struct unit {
	struct unit_key key;	/* of by_key */
	struct feed feed;	/* kind, slug, key and page; nothing else */
	char *names;		/* which its slug and key are in */
	struct copy told[FEED_FORMATS_MAX];	/* what the store knows of */
	bool dirty, hot, rendering, small, force;
	bool squeezing;		/* one of its files is being written */
	bool gone;		/* merged into another: never rendered again */
	struct unit *next, **link;	/* in a queue; link NULL: in none */
	struct shown shown[FEED_FORMATS_MAX];
};

struct queue {
	struct unit *head, **tail;
};

struct commit;
struct squeezer;

struct feeds {
	struct press *press;
	struct table by_key, by_address;
	struct queue queues[PRIORITIES];
	size_t n_dirty, n_rendering, n_committing;
	size_t n_runs;			/* jobs that render, or publish */
	size_t n_small;			/* rendering, hot, of a series */
	int64_t last_cold;		/* monotonic ms */
	struct shown *newest, *oldest;	/* documents in memory */
	size_t cached;
	struct commit *gathering, *under_way;
	struct squeezer *squeezer;
	ev_timer retry;
	struct feeds_status status;
};

/* ---- feeds.c ---- */

/* The unit of a key; made when it is new. */
struct unit *feeds_unit(struct feeds *f, int64_t feed_id, int page);

/* It has changed, or must be published again.  hot: somebody waits. */
void feeds_mark_unit(struct feeds *f, struct unit *u, bool hot);

/* Put it into its queue, if it is dirty and nothing speaks against it. */
void feeds_enqueue(struct feeds *f, struct unit *u);

/* Try again, in a while, what failed. */
void feeds_pump_later(struct feeds *f);

/* Is there nothing to render, publish or record? */
bool feeds_idle(const struct feeds *f);

/* ---- copies.c ---- */

/* Learn where a unit lives: once, because addresses are promises. */
void copies_learn(struct feeds *f, struct unit *u, const struct feed *head);

/* The same of the pages of its archive that are known. */
void copies_learn_pages(struct feeds *f, const struct feed *head);

/* A new document for HTTP readers; kept in memory if somebody wants it. */
void copies_show(struct feeds *f, struct shown *s, struct document *d,
	bool keep);

/* Answer a request with the whole document, now or later. */
void copies_serve(struct feeds *f, struct shown *s, struct serve_request *r);

/* Answer who waits for it; d is borrowed, NULL: there is none. */
void copies_answer(struct shown *s, struct document *d);

/* Forget the documents of a unit: they must not be given out any more. */
void copies_forget(struct feeds *f, struct unit *u);

/* The unit is no more: forget its addresses and documents. */
void copies_drop(struct feeds *f, struct unit *u);

/* Free what a unit has of it. */
void copies_free(struct feeds *f, struct unit *u);

/*
 * The same document with one coding more, in the place of `old`; if another is
 * in memory, that is forgotten, and read from the tree when it is wanted.
 */
void copies_replace(struct feeds *f, struct shown *s,
	const struct document *old, struct document *d);

/* ---- commit.c ---- */

/* Record a publication, with others. */
void commit_add(struct feeds *f, const struct publication *p, bool hot);

/* Start recording what was gathered, if it is time. */
void commit_start(struct feeds *f);

/* All jobs must have been done. */
void commit_free_all(struct feeds *f);

/* ---- delta.c ---- */

/*
 * Answer with what changed since one of the reader's tags, now or later.
 * False: there is no such delta; the request is still the caller's.
 */
bool delta_serve(struct feeds *f, struct shown *s, struct serve_request *r);

/* Forget deltas of a copy that is replaced. */
void delta_forget(struct shown *s);

/* ---- squeeze.c ---- */

/* A document was published, or found without: compress it when it is calm. */
void squeeze_note(struct feeds *f, struct shown *s);

/* Do the next one, if there is nothing else to do. */
void squeeze_pump(struct feeds *f);

/* The copies of a unit are no more. */
void squeeze_forget(struct feeds *f, struct unit *u);

/* All jobs must have been done. */
void squeeze_free(struct feeds *f);

#endif
