/*
 * The outbox, as the courier's database keeps it: what is owed to which
 * target, and what became of it.
 *
 *	planned --approved, or its time--> ready --> sending --> done
 *	   |                                 ^          |
 *	   |                                 |          +--> rejected
 *	   |                                 '--retry---+
 *	   |                                 ^          '--> unknown --asked,
 *	   |                     held <------|                 |       resolved
 *	   '--too old, or a newer one--> skipped               '--> done, ready
 *
 * 1. A delivery is in the outbox once: UNIQUE (target, subject, action,
 *    revision, again).  Its key never goes, so nothing is planned twice.
 * 2. Planning moves the cursor in the transaction that inserts: exactly once.
 * 3. `sending` is committed before the first byte.  What is found sending at
 *    the start was interrupted: it goes back to ready if that step may be
 *    repeated, else nobody knows.
 * 4. Of one target and subject one delivery is sent at a time, in the order of
 *    ids; so are those of one line (a series).
 * 5. A target that is held or paused keeps its rows as they are.
 */
#ifndef MODEL_OUTBOX_H
#define MODEL_OUTBOX_H

#include "model/upload.h"

enum {
	OUTBOX_PLAN_MAX = 200,		/* announcements of one transaction */
	OUTBOX_WHY_MAX = 400,		/* bytes of a reason that are kept */
	OUTBOX_LIST_MAX = 1000,		/* rows of one list */
	OUTBOX_KEEP_DAYS = 30,	/* reasons and memos of settled rows */
};

/* The store keeps these numbers: append, never reorder. */
enum outbox_state {
	OUTBOX_PLANNED,		/* waits for an approval (due 0), or its time */
	OUTBOX_READY,		/* is sent when it is due */
	OUTBOX_SENDING,
	OUTBOX_DONE,
	OUTBOX_UNKNOWN,		/* may have been applied; due: is asked then */
	OUTBOX_REJECTED,	/* never will be */
	OUTBOX_SKIPPED,		/* by a guard, a newer version, or somebody */
	OUTBOX_HELD,		/* until somebody releases it */
	OUTBOX_STATES,
};

enum outbox_target_state {
	TARGET_ACTIVE,
	TARGET_PAUSED,		/* by the operator */
	TARGET_HELD,		/* by itself: `why` says */
};

/* A target, and what it remembers besides its configuration. */
struct outbox_target {
	int64_t id;
	struct slice name, type;
	int64_t since_seq;	/* the adoption watermark: nothing that was */
	int64_t since_at;	/* announced up to then; ms */
	enum outbox_target_state state;
	struct slice why;	/* it is held */
	int64_t state_at;	/* ms */
	int fails;		/* in a row: its circuit breaker */
	int64_t open_until;	/* ms; 0: closed */
	int64_t fuse_from;	/* what started before does not count; ms */
};

/* A delivery that is to be owed. */
struct outbox_planned {
	int64_t target_id;
	/*
	 * "a12": article 12; "f5": feed 5; else the address of a document of
	 * feed_id.
	 */
	struct slice subject;
	struct slice action;	/* as announced; "published" of a feed */
	int64_t revision;	/* of the article, or the version of the feed */
	int64_t article_id, feed_id;	/* 0: not of one */
	int64_t line;		/* order is kept among these; 0: no matter */
	int64_t seq;		/* of the announcement; 0: somebody asked */
	int64_t at;		/* of the announcement; seconds */
	struct slice uid;	/* its name in every attempt */
	enum outbox_state state;	/* PLANNED, READY, SKIPPED */
	int64_t due;		/* ms; PLANNED and 0: by approval only */
	struct slice why;	/* with SKIPPED */
	bool latest;		/* it replaces what waits of this subject */
	bool asked;		/* by the operator: guards do not apply, and */
	bool again;		/* it is owed even if it was there before */
};

/* A row of the outbox. */
struct outbox_row {
	int64_t id;
	struct outbox_planned plan;	/* state and due are the present ones */
	struct slice target;		/* its name */
	int64_t nth;		/* 0, or the how manieth time it was asked */
	int step;		/* that is next, from 0 */
	int tries;		/* of this step so far, */
	int waits;		/* and with how many of them it was to wait */
	int sent;		/* requests in all */
	bool repeatable;	/* the step that is SENDING is */
	struct slice memo;	/* of the step before; of a DONE one: its name
				 * there */
	/* What the last DONE one of its target and subject remembered. */
	struct slice told;
	bool was_told;		/* there is one */
	int64_t created, started, settled;	/* ms; 0: not yet */
	int status;		/* of the last answer; 0: none */
	struct slice why;	/* the last failure, or why it is so */
	struct slice hash;	/* of the last request */
};

/* Which rows; what is zero or empty does not matter. */
struct outbox_filter {
	struct slice target;		/* its name */
	bool by_state;
	enum outbox_state state;
	bool is_news;		/* waits, is unclear or held, or was rejected
				 * lately */
	struct slice subject;
	int64_t before;		/* ids less than this: pages, newest first */
	size_t max;		/* 0: OUTBOX_LIST_MAX */
};

/* What is asked for one target: what it may send now. */
struct outbox_due {
	int64_t target_id;
	int64_t now;		/* ms */
	size_t max;
	bool asks;		/* also those UNKNOWN whose asking is due */
};

/*
 * What guards count of a target: articles' first sendings since then, ms, but
 * for withdrawals.
 */
struct outbox_starts {
	int64_t n;
	int64_t first;		/* the oldest of them; 0: none */
};

/* How many of a target are in each state. */
struct outbox_count {
	struct slice target;
	int64_t by_state[OUTBOX_STATES];
	int64_t oldest;		/* created, of those not settled; 0: none */
};

/*
 * How far the announcements are planned.  `mark` tells the row at `seq` from
 * another one that a restored press.db may have there.
 */
struct outbox_cursor {
	bool known;		/* false: no courier ever looked */
	int64_t seq;
	struct slice stream;	/* of press.db; empty: nothing announced yet */
	struct slice mark;
};

/* A step that begins: committed before its first byte. */
struct outbox_begin {
	int64_t id;
	int64_t now;		/* ms */
	bool repeatable;
	const char *hash;	/* of the request */
};

/* What became of a step. */
struct outbox_settled {
	int64_t id;
	int64_t now;		/* ms */
	enum outbox_state state;	/* DONE, READY, UNKNOWN, REJECTED,
					 * SKIPPED, HELD */
	int64_t due;		/* with READY; with UNKNOWN: asked then */
	int step, tries, waits;
	bool keeps_memo;
	struct slice memo;	/* unless keeps_memo */
	int status;
	struct slice why;
	struct upload upload;	/* purpose empty: none */
	/* Its target's breaker, as it is now. */
	int fails;
	int64_t open_until;
	/* Not empty: the target is held from now on. */
	struct slice hold;
};

/* What the operator may do with deliveries. */
enum outbox_verb {
	/*
	 * REJECTED, SKIPPED, READY: is sent now.  UNKNOWN: its target is asked
	 * now, if that can be (due is not 0).
	 */
	OUTBOX_RETRY,
	OUTBOX_RELEASE,		/* HELD */
	OUTBOX_DISCARD,		/* whatever is not settled nor SENDING */
	OUTBOX_RESOLVE_DONE,	/* UNKNOWN: it was applied, */
	OUTBOX_RESOLVE_FAILED,	/* it was not: it is sent again */
	OUTBOX_APPROVE,		/* PLANNED */
};

struct outbox_ops {
	/* ---- inside a job ---- */

	/*
	 * Make the targets known: a new one begins behind what was planned.
	 * Those that are not listed stay as they are.  All times are in
	 * milliseconds.
	 */
	int (*sync)(struct store_tx *tx, const struct target *list, size_t n,
		int64_t now, struct err *e);
	/*
	 * Insert the deliveries that are not there, replace what waits where
	 * the newest matters, and move the cursor.  ERR_BUSY: the cursor is
	 * not what `from` says, so this was planned from something old; roll
	 * back.
	 */
	int (*plan)(struct store_tx *tx, const struct outbox_cursor *from,
		const struct outbox_cursor *to,
		const struct outbox_planned *list, size_t n, int64_t now,
		struct err *e);
	/* The same without a cursor: *ret were not there before. */
	int (*add)(struct store_tx *tx, const struct outbox_planned *list,
		size_t n, int64_t now, size_t *ret, struct err *e);
	/*
	 * It is SENDING now.  *ret false: it is not waiting any more, its
	 * target may not send, and not a byte may go.  With UNKNOWN nothing
	 * changes but the number of tries: it is only asked about.
	 */
	int (*begin)(struct store_tx *tx, const struct outbox_begin *b,
		bool *ret, struct err *e);
	int (*settle)(struct store_tx *tx, const struct outbox_settled *s,
		struct err *e);
	/*
	 * At the start, before anything is sent: what was SENDING is READY or
	 * UNKNOWN.  How many of each.
	 */
	int (*recover)(struct store_tx *tx, int64_t now, int64_t *ret_ready,
		int64_t *ret_unknown, struct err *e);
	/*
	 * Do it to one delivery.  ERR_MISSING: there is none; ERR_REFUSED: it
	 * is in a state in which that means nothing, and *e says which.
	 */
	int (*act)(struct store_tx *tx, enum outbox_verb verb, int64_t id,
		int64_t now, struct err *e);
	/*
	 * Pause or hold a target, for a reason, or make it active again, which
	 * closes its breaker and mends its fuse.  ERR_MISSING.
	 */
	int (*set_target)(struct store_tx *tx, struct slice name,
		enum outbox_target_state state, struct slice why,
		int64_t now, struct err *e);
	/*
	 * Believe the databases as they are: the cursor is `to`, the instance
	 * that; what waits is HELD, for it may have been sent by another copy.
	 * *ret of them.
	 */
	int (*adopt)(struct store_tx *tx, const struct outbox_cursor *to,
		struct slice instance, int64_t now, int64_t *ret,
		struct err *e);
	/* Remember the instance that this database belongs to. */
	int (*set_instance)(struct store_tx *tx, struct slice instance,
		struct err *e);
	/*
	 * Another press.db gives its articles numbers anew: let the keys of
	 * what there is stand in no one's way.
	 */
	int (*retire)(struct store_tx *tx, int64_t now, struct err *e);
	/*
	 * Forget of at most max rows that were settled before then what nobody
	 * needs; the keys stay, those of feeds and documents do not.
	 */
	int (*prune)(struct store_tx *tx, int64_t before, size_t max,
		int64_t *ret, struct err *e);

	/* ---- on a pool thread ---- */

	/* How far it is planned, and whose the database is (empty: new). */
	int (*cursor)(struct store_reader *r, struct arena *a,
		struct outbox_cursor *ret, struct slice *ret_instance,
		struct err *e);
	/* How many steps were ever begun: an older copy has less of them. */
	int (*begun)(struct store_reader *r, int64_t *ret, struct err *e);
	/* Every target that there ever was, by name. */
	int (*targets)(struct store_reader *r, struct arena *a,
		struct outbox_target **ret, size_t *ret_n, struct err *e);
	/* What a target may send now, in order. */
	int (*due)(struct store_reader *r, const struct outbox_due *d,
		struct arena *a, struct outbox_row **ret, size_t *ret_n,
		struct err *e);
	/* When something becomes due after now, whatever its target; 0. */
	int (*next_due)(struct store_reader *r, int64_t now, int64_t *ret,
		struct err *e);
	int (*starts)(struct store_reader *r, int64_t target_id,
		int64_t since, struct outbox_starts *ret, struct err *e);
	/*
	 * What the last delivery of the subject that was done remembered;
	 * empty: nothing, or there is none.
	 */
	int (*told)(struct store_reader *r, int64_t target_id,
		struct slice subject, struct arena *a, struct slice *ret,
		struct err *e);
	/* Newest first. */
	int (*list)(struct store_reader *r, const struct outbox_filter *f,
		struct arena *a, struct outbox_row **ret, size_t *ret_n,
		struct err *e);
	/* ERR_MISSING when there is none. */
	int (*show)(struct store_reader *r, int64_t id, struct arena *a,
		struct outbox_row *ret, struct err *e);
	/* Of every target that has any. */
	int (*counts)(struct store_reader *r, struct arena *a,
		struct outbox_count **ret, size_t *ret_n, struct err *e);
};

/* "planned", ...; of an operator's word: false, there is none such. */
struct slice outbox_state_name(enum outbox_state state);
bool outbox_state_parse(struct slice word, enum outbox_state *ret);
/* "active", "paused", "held". */
struct slice outbox_target_state_name(enum outbox_target_state state);

/* SQLite: courier.db. */
extern const struct outbox_ops outbox_sqlite;

#endif
