/*
 * The engine: what the outbox owes, sent; and what it is to owe, planned.
 *
 *	announcements --plan--> outbox --pick--> prepare --> begin --> send
 *	(press.db)              (courier.db)     (pool)      (commit)    |
 *	                           ^                                     |
 *	                           '--settle (commit) <-- judge (pool) <-'
 *
 * 1. The cursor moves in the transaction that plans: exactly once.
 * 2. `sending` is committed before the first byte, and what was interrupted
 *    is resumed, asked about, or left in doubt; never guessed.
 * 3. Of a target and subject one delivery is on its way at a time, and of a
 *    target no more than its lane allows.
 * 4. While the databases are not to be believed (the fence) nothing is planned
 *    and nothing is sent.
 * 5. Nothing here looks at a clock but through base/clock.h, nor waits.
 */
#ifndef PUSH_ENGINE_H
#define PUSH_ENGINE_H

#include "base/sha256.h"
#include "model/outbox.h"
#include "push/courier.h"
#include "push/login.h"

/*
 * An engine over c->store, c->press and c->targets, which goes on where the
 * last one stopped.  *c is borrowed.  It reads both databases before it
 * returns, so that it knows what was announced before it was there.
 */
int engine_new(struct courier *c, struct engine **ret, struct err *e)
	MUST_USE;

/* There may be something new in press.db, or in the outbox. */
void engine_wake(struct engine *e);

/* c->config is another one; what is on its way keeps the old. */
void engine_swap_config(struct engine *e);

/* Start nothing new. */
void engine_drain(struct engine *e);
bool engine_is_drained(const struct engine *e);

/* Is a job of its own on its way? */
bool engine_has_jobs(const struct engine *e);

/*
 * Free it, after c->targets, which has its calls: what they were about is
 * found `sending` at the next start.  It has no jobs.  NULL is fine.
 */
void engine_free(struct engine *e);

/* Why nothing is planned or sent at all; NULL: it is. */
const struct err *engine_is_held(const struct engine *e);

/* ---- what the operator wants ---- */

enum engine_verb {
	/*
	 * Believe the clock as it is, and the databases, if they do not fit;
	 * n: rows held.
	 */
	ENGINE_ADOPT,
	ENGINE_PAUSE,		/* the target, because of `why` */
	ENGINE_RESUME,		/* the target */
	ENGINE_HOLD,		/* as PAUSE, by the engine itself */
	ENGINE_ACT,		/* `act` on the delivery `id` */
	ENGINE_TEST,		/* send the target a ping; n: rows added */
	/* Owe an article to the target again, or for the first time. */
	ENGINE_AGAIN,
	/*
	 * Owe the target what was published in [from, to) and was never owed
	 * to it, one article every every_ms; n: how many.
	 */
	ENGINE_BACKFILL,
};

/* The caller fills the first part and keeps all of it until done(). */
struct engine_order {
	enum engine_verb verb;
	struct slice target;		/* its name */
	struct slice why;
	enum outbox_verb act;
	int64_t id;
	struct slice path;		/* of the article, for the store */
	int64_t from, to;		/* seconds */
	int64_t every_ms;
	bool dry;			/* BACKFILL: only count */
	void (*done)(struct engine_order *);
	/*
	 * The result.  failed.kind is ERR_NONE: done, and committed;
	 * ERR_MISSING: no such target, delivery or article; ERR_REFUSED: not
	 * in that state.
	 */
	int64_t n;
	struct err failed;
	/* The engine's own. */
	struct engine *engine;
	struct config *config;
	struct job job;
	struct store_job store_job;
	struct arena arena;
	struct outbox_planned *list;
	size_t n_list;
	struct outbox_cursor cursor;
	struct slice self;
	bool fits, is_anew;
};

/* Carry it out; done() comes later, on the loop, exactly once. */
void engine_order(struct engine *e, struct engine_order *o);

/* ---- logging in ---- */

/*
 * Somebody logs in for a target (push/login.h): without `brought` a login
 * begins, and *url is what he opens; then he brings what he got there, and the
 * target has a token.
 */
struct engine_login {
	struct slice target;		/* its name */
	struct slice brought;
	void (*done)(struct engine_login *);
	/* The result; its memory is the arena's. */
	struct err failed;
	struct slice url;
	struct arena arena;
	/* The engine's own. */
	struct engine *engine;
	struct config *config;
	struct login login;
	struct job job;
};

/* Carry it out; done() comes later, on the loop, exactly once. */
void engine_login(struct engine *e, struct engine_login *l);

/* Free what came of it; fit for done(). */
void engine_login_done(struct engine_login *l);

/* ---- what would be sent ---- */

/* One delivery, as it is or would be sent. */
struct engine_shown {
	int64_t id;			/* 0: it is not in the outbox */
	struct slice target, subject, action;
	enum outbox_state state;	/* it is, or would be, so */
	int step;
	struct slice why;		/* it is not sent (now); may be empty */
	struct slice request;		/* masked; empty: nothing is sent */
	char hash[SHA256_HEX + 1];	/* of the request; "": none */
};

/*
 * One delivery of the outbox by `id`; else the article at `path` for the
 * target, or for every one that is told of it.  No network.
 */
struct engine_preview {
	int64_t id;
	struct slice path, target;
	void (*done)(struct engine_preview *);
	/* The result; its memory is the arena's. */
	struct err failed;
	struct engine_shown *list;
	size_t n;
	struct arena arena;
	/* The engine's own. */
	struct engine *engine;
	struct config *config;
	struct job job;
};

/* Show it; done() comes later, on the loop, exactly once. */
void engine_preview(struct engine *e, struct engine_preview *p);

/* Free what came of it; fit for done(). */
void engine_preview_done(struct engine_preview *p);

#endif
