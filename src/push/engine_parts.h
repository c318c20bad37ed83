/*
 * The parts of the engine, for each other.
 *
 *	engine.c	wakes, waits, stops
 *	look.c		one look at press.db: plans, in a transaction
 *	recover.c	what was interrupted, and what is over
 *	lane.c		a target's lane: what it may send now
 *	pick.c		what is due, read for all lanes that may send
 *	errand.c	one step of one delivery, from ready to settled
 *	prepare.c	a delivery, filled with all that a target may see
 *	carry.c		a request for the client, an answer for targets
 *	fetch.c		a token, for all deliveries of a target that wait
 *	entrance.c	a token that somebody logged in for
 *	expiry.c	tokens that will be over
 *	picture_choose.c	its pictures
 *	outcome.c	what a verdict means for the outbox
 *	order.c		what the operator wants
 *	preview.c	what would be sent
 *
 * All of it belongs to the loop's thread; jobs own what they work on.
 */
#ifndef PUSH_ENGINE_PARTS_H
#define PUSH_ENGINE_PARTS_H

#include "base/steady.h"
#include "push/breaker.h"
#include "push/engine.h"
#include "push/keys.h"
#include "push/outcome.h"
#include "push/rate.h"
#include "push/target.h"

enum {
	ENGINE_POLL_MS = 1000,
	LANE_WIDTH_MAX = 4,	/* documents of feeds: each is a subject */
	ENGINE_PRUNE_MS = 3600 * 1000,
	ENGINE_PRUNE_MAX = 1000,	/* rows of one transaction */
};

/* ---- a target's lane ---- */

struct lane {
	struct lane *next;
	char *name;
	const struct target *target;	/* in engine.config; NULL: gone */
	struct breaker breaker;		/* as courier.db has it, or will */
	struct rate rate;
	unsigned auths;			/* refused credentials in a row */
	unsigned width;			/* errands at once */
	int64_t errands[LANE_WIDTH_MAX];	/* under way; ids, 0: free */
	unsigned n_errands;
	unsigned unbegun;		/* that the guards do not count yet */
	int64_t wait_until;		/* cap and pace have more, ms */
	int64_t rest_until;		/* after a database failed, ms */
	int64_t limit_until;		/* the target said so, ms */
	bool is_dirty;			/* something may be due */
	bool is_holding;		/* that is just being written */
	bool is_told;			/* held, and the operator knows */
	bool is_fetching;		/* a token: all others wait */
	int fetch_fails;		/* in a row */
	int64_t fetch_at;		/* after that, ms; 0: now */
	int64_t refused_serial;		/* of the token refused last */
	struct login login;		/* somebody's; until 0: none */
	int64_t warned_at;		/* that its token ends; monotonic, ms */
};

/* Let the lanes be those of e->config. */
void lanes_follow(struct engine *e);

/* How many errands may begin now; 0: none, and *ret_wait says when (0: when
 * one ends). */
unsigned lane_room(const struct lane *l, int64_t now_ms, int64_t *ret_wait);

/* The lane of that name; NULL: there is none. */
struct lane *lane_find(struct engine *e, struct slice name);

/* Something may be due in each. */
void lanes_touch(struct engine *e);

/* The target goes on: its breaker is closed, as courier.db says. */
void lane_mend(struct engine *e, struct slice name);

/* Hold the lane's target, and tell. */
void lane_hold(struct engine *e, struct lane *l, const struct err *why);

/* Free them. */
void lanes_done(struct engine *e);

/* ---- one step of one delivery ---- */

struct errand;

/* Begin with what is due; it may turn out that it is not. */
void errand_begin(struct engine *e, struct lane *l,
	const struct outbox_row *row);

/* ---- what is sent, and what comes back ---- */

/* The exchange of a request; lane and done() are the caller's. */
struct call carry_request(const struct request *q, const struct config *c);

/* What was answered, in the arena's memory. */
struct response carry_answer(const struct call *call, struct arena *a);

/* ---- a token ---- */

enum fetch_why {
	FETCH_NEEDED,	/* a delivery waits */
	FETCH_EARLY,	/* the one that there is, is good, but not for long */
	FETCH_LOGIN,	/* somebody brought a code */
};

/*
 * Get one for the lane's target, unless one is being got.  `order`, of a
 * login, gets the answer; else the lane goes on, or is held.
 */
void fetch_begin(struct engine *e, struct lane *l, enum fetch_why why,
	struct engine_login *order);

/* Tell of tokens that somebody has to see to, and renew others in time. */
void engine_watch_tokens(struct engine *e);

/* ---- a delivery, filled ---- */

/* All that is needed to compose one; its memory is an arena's. */
struct prepared {
	struct outbox_row row;
	struct delivery delivery;
	struct request request;		/* request_done() it */
	struct keys keys;		/* prepared_done() frees them */
	bool needs_token;		/* first: nothing is composed */
	bool asks;			/* the request asks what became of it */
	/* It is not sent: */
	bool is_settled;
	struct verdict verdict;		/* REJECT, HOLD, or */
	bool is_skipped;		/* this; `why` says why */
	struct err why;
};

/* What prepare needs to know; pool threads. */
struct prepare {
	const struct courier *courier;	/* only what any thread may use */
	const struct config *config;
	const struct target *target;
	int64_t now_ms;
	bool is_preview;		/* of one that was or may be sent */
};

/*
 * Fill it for p->row, and compose.  -1: a database cannot be read, try later.
 * A row that is not to be sent is settled.
 */
int prepare_delivery(const struct prepare *c, struct prepared *p,
	struct arena *a, struct err *e) MUST_USE;

/* Free what is not the arena's. */
void prepared_done(struct prepared *p);

/* ---- all of it ---- */

struct look;
struct pick;

struct engine {
	struct courier *c;
	struct config *config;
	const struct outbox_ops *outbox;
	struct lane *lanes;
	size_t n_lanes;
	unsigned jobs;			/* on their way */
	unsigned n_errands;
	struct steady steady;
	struct err held;		/* kind ERR_NONE: it is not */
	bool is_recovering, is_recovered;	/* what was interrupted */
	bool is_draining;
	bool is_looking, look_again;
	bool is_picking, pick_again;
	bool has_failed;		/* a database; it was told */
	int64_t next_due;		/* of rows, ms; 0: none */
	int64_t prune_at, watch_at;	/* monotonic, ms */
	ev_timer poll, due;
};

/* A job begins; it ends. */
void engine_job_begins(struct engine *e);
void engine_job_ended(struct engine *e);

/* Tell that a database failed, unless that is known; or that it is back. */
void engine_failed(struct engine *e, const struct err *why);
void engine_works(struct engine *e);

/* Nothing goes any more, or it does again (kind ERR_NONE). */
void engine_set_held(struct engine *e, const struct err *why);

/* May anything be planned or sent? */
bool engine_may_send(const struct engine *e);

/*
 * Is the clock right?  If not, everything is held: one that is wrong makes old
 * news of what is new, and the reverse.
 */
bool engine_believes_clock(struct engine *e);

/* Resolve what was interrupted; forget what is over, now and then. */
void engine_recover(struct engine *e);
void engine_prune(struct engine *e);

/* Look at press.db, now on this thread, or soon by a job. */
void engine_look_now(struct engine *e);
void engine_look(struct engine *e);

/*
 * Let the witness know what courier.db has (fence.h); a look does it, too.
 * For the end, when there is time to wait for a disk.
 */
void engine_tell_witness(struct engine *e);

/* Begin what is due. */
void engine_pick(struct engine *e);

/* Set the timer by when something is due. */
void engine_expect(struct engine *e);

#endif
