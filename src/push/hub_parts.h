/*
 * The parts of the hub, for each other.
 *
 *	hub.c		wakes, times, stops
 *	intake.c	requests, from press.db
 *	turn.c		all that is to be written at a time
 *	inquiry.c	one callback that is asked, or told
 *	asked.c		how often each host was
 *	sweep.c		topics, now and then
 *	topics.c	which of them are over, or another feed's
 *
 * All of it belongs to the loop's thread; jobs own what they work on.
 */
#ifndef PUSH_HUB_PARTS_H
#define PUSH_HUB_PARTS_H

#include "base/steady.h"
#include "push/asked.h"
#include "push/hub.h"
#include "push/topics.h"

enum {
	HUB_READ = 500,		/* requests that are read at a time */
	HUB_TAKE = 256,		/* rows that are taken at a time */
	HUB_ASKED_MAX = 1024,	/* that are taken, in all */
	HUB_EXPIRE = 500,	/* subscriptions that end at a time */
	HUB_TICK_MS = 1000,
	HUB_EXPIRE_MS = 60 * 1000,
	HUB_SWEEP_MS = 5 * 60 * 1000,
};

/* ---- requests that were read ---- */

struct intake {
	struct arena arena;
	struct hub_request *list;
	size_t n;
	struct hub_cursor cursor;	/* behind them */
};

/* Read what is behind the cursor, if nothing is being read. */
void intake_read(struct hub *h);

/* Wipe the secrets, and free.  NULL is fine. */
void intake_free(struct intake *i);

/* ---- one callback ---- */

struct inquiry {
	struct call call;
	struct hub *hub;
	struct config *config;
	struct inquiry *next;		/* of those that have ended */
	struct arena arena;
	struct pending what;
	struct slice challenge;
	int64_t lease_s;		/* that is granted */
	bool is_counted;		/* its host knows of it */
	struct pending_settled settled;
	bool is_outdated;		/* there was a newer request by then */
	struct err why;			/* kind ERR_NONE: it is as asked */
};

/*
 * What was taken is asked, or told; or it ends at once, because it is too old
 * or its host is asked too often.
 */
void inquiry_begin(struct hub *h, const struct pending *p);

/* Free them, one after the other; their hosts know. */
void inquiries_free(struct inquiry *first);

/* ---- topics ---- */

struct sweep {
	struct arena arena;
	struct topic_change *list;
	size_t n;
};

/* Look at all of them, if that is not under way. */
void sweep_start(struct hub *h);

/* The numbers of press.db are those of that stream: is it another one now? */
void sweep_see(struct hub *h, struct slice stream);

/* NULL is fine. */
void sweep_free(struct sweep *s);

/* ---- what is written ---- */

struct turn;

/* A host that is not to be asked before. */
struct closed_host {
	struct closed_host *next;
	int64_t until;			/* wall clock, milliseconds */
	char name[];
};

/* Write what there is to write, or when the present turn is over. */
void turn_start(struct hub *h);

/* The one that failed, again. */
void turn_again(struct hub *h);

/* Free one that is not on its way.  NULL is fine. */
void turn_free(struct turn *t);

/* Free them, one after the other. */
void closed_hosts_free(struct closed_host *first);

/* ---- all of it ---- */

struct hub {
	struct courier *c;
	struct config *config;
	const struct subscription_ops *ops;
	unsigned jobs;			/* on their way */
	bool is_draining;

	struct arena memory;		/* of the cursor */
	struct hub_cursor cursor;
	bool has_begun;			/* the cursor is known */
	bool is_reading;		/* until it is written, too */
	bool read_again;
	struct intake *intake;		/* to be written */

	struct turn *turn;		/* on its way, or failed */
	bool turn_failed, turn_wanted;
	struct inquiry *ended, **ended_end;	/* to be written */
	struct closed_host *closed;		/* the same */
	struct sweep *swept;			/* the same */
	bool is_sweeping;
	uint64_t seen;				/* hash of the last stream */
	bool is_failing;			/* and it was told */

	size_t n_asked;			/* taken, and not settled */
	struct asked asked;
	int64_t next_expire, next_sweep;	/* clock_mono_ms() */
	struct steady steady;
	ev_timer due, tick;
};

/* The databases do not do what they should; it is told once. */
void hub_failed(struct hub *h, const struct err *e);

/* A row is due at that moment (wall clock, milliseconds). */
void hub_expect(struct hub *h, int64_t due);

/* An inquiry has ended: write it. */
void hub_ended(struct hub *h, struct inquiry *i);

/* Do not ask that host before. */
void hub_close_host(struct hub *h, struct slice host, int64_t until);

#endif
