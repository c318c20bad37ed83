/*
 * The parts of the ring, for each other.
 *
 *	ring.c		wakes, feeds, stops
 *	round.c		one topic's version on its way: pages, and the window
 *			of what is not settled yet
 *	flight.c	one delivery: sent, judged, settled
 *	second.c	who is tried again
 *	shelf.c		the documents, while they are sent
 *	acks.c		results, committed many at a time
 *
 * All of it belongs to the loop's thread; jobs own what they work on.
 */
#ifndef PUSH_RING_PARTS_H
#define PUSH_RING_PARTS_H

#include "base/buf.h"
#include "push/issue.h"
#include "push/receivers.h"
#include "push/ring.h"
#include "push/signature.h"
#include "push/walk.h"

enum {
	RING_ROUNDS_MAX = 32,	/* topics under way; others wait their turn */
	RING_FLIGHTS_MAX = 2048,	/* with those that wait for a host */
	RING_TURN = 64,		/* deliveries begun in a turn of the loop, */
	RING_TURN_BYTES = 2 * 1024 * 1024,	/* and bytes signed */
	RING_TICK_MS = 250,
	ROUND_PAGE = 500, ROUND_FIRST_PAGE = 64,
	ROUND_AHEAD = 1000,	/* others that settle before one is slow, */
	ROUND_SLOW_MS = 1000,	/* or this long */
	ACKS_MAX = 200, ACKS_MS = 50,
	ACKS_BACKLOG = 2000,	/* results; with more, nothing is sent */
	FLIGHT_BUCKETS = 4096,
};

/* ---- a delivery ---- */

struct flight {
	struct call call;
	struct ring *ring;
	struct receiver *host;
	struct issue *issue;
	struct round *round;		/* whose window it is in; NULL: none */
	struct flight *prev, *next;	/* in that window */
	struct flight *behind;		/* waiting for the same host; spare */
	struct flight *chain;		/* in the same bucket */
	int64_t sub_id, version;
	int64_t began;			/* clock_mono_ms() */
	uint64_t left;			/* how many had left the window */
	int tries;
	bool is_sent;			/* the client has it */
	bool has_row;			/* of hub_retry, maybe */
	bool is_second;			/* because of that row */
	bool is_outdated;		/* its round has a newer version */
	bool is_awaited;		/* there is a newer one for it */
	const char *headers[ISSUE_HEADERS + 1];
	char signature[SIGNATURE_LINE];
	struct buf url;
};

/* The flight to a subscriber that is under way; NULL: none. */
struct flight *flight_find(const struct ring *r, int64_t sub_id);

/*
 * Send an issue to a subscriber, who has no flight, or let it wait for its
 * host.  The caller puts it into a window.
 */
struct flight *flight_begin(struct ring *r, const struct subscriber *s,
	struct receiver *host, struct issue *issue, int64_t version);

/* It is in a window and too slow: let the others pass. */
void flight_step_aside(struct flight *f);

/* Free them; the client has none, and no window. */
void flights_done(struct ring *r);

/* ---- a topic's version on its way ---- */

struct page;

struct round {
	struct ring *ring;
	struct round *next;
	int64_t topic_id;
	char *url;
	struct walk walk;
	unsigned generation;	/* pages of another one are thrown away */
	struct page *page, *ahead;
	size_t at;		/* in the page */
	bool is_reading;
	bool is_again;		/* an older version was under way */
	bool is_dirty;		/* the cursor can move */
	bool is_frozen;		/* and must not: what was sent is not known */
	bool is_ending;		/* a job takes its row away */
	uint64_t taken, left;		/* from the pages; the window */
	struct flight *first, *last;	/* the window, in the ring's order */
	int64_t n_done, n_later;
};

/* Begin a round, or let the one of its topic go on with a newer version. */
void round_begin(struct ring *r, const struct fanout *f);

/* Send to the next subscriber; false: nothing can be sent now. */
bool round_feed(struct round *o);

/* A flight leaves the window: it is settled, or has a row. */
void round_leave(struct flight *f);

/* Time has passed, or many others: who is slow steps aside. */
void round_look(struct round *o, int64_t now);
void round_look_ahead(struct round *o);

/* Where it is now; false: nothing has changed. */
bool round_move(struct round *o, struct fanout_move *ret);

/* Free it; its flights are nobody's. */
void round_free(struct round *o);

/* ---- documents ---- */

struct shelved;

/* Let the next shelf_get() be of what is published now. */
void shelf_renew(struct ring *r, int64_t topic_id);

/*
 * The document of a topic; NULL: it is being read, unless *ret_gone: there is
 * none.  needed: else it is only read if there is room.
 */
struct issue *shelf_get(struct ring *r, int64_t topic_id, struct slice url,
	bool needed, bool *ret_gone);

/* Forget what nobody has asked for lately. */
void shelf_look(struct ring *r, int64_t now);

/* Forget everything. */
void shelf_done(struct ring *r);

/* ---- results ---- */

struct ack_job;

struct acks {
	struct settlement *list;
	size_t n, room;
	unsigned results;	/* since the last commit */
	int64_t due;		/* the first that waits; 0: nobody */
	ev_timer timer, again;
	struct ack_job *job;	/* on its way, or to be tried again */
};

/* Begin with none. */
void acks_init(struct ring *r);

/* There is one result more. */
void acks_count(struct ring *r);

/* None more, but a round may be over. */
void acks_touch(struct ring *r);

/* There is one more, and it is a row. */
void acks_put(struct ring *r, const struct settlement *s);

/* Is everything committed? */
bool acks_are_empty(const struct ring *r);

/* The inside. */
void acks_done(struct ring *r);

/* ---- second tries ---- */

struct second {
	ev_timer timer;
	bool is_reading;
	bool again;		/* look again afterwards */
	bool is_hungry;		/* somebody was left out */
	unsigned active;	/* flights, */
	unsigned slow;		/* and those in the slow lane */
	int64_t after_due, after_id;
};

/* Begin; second_look() looks for the first time. */
void second_init(struct ring *r);

/* Somebody may be due. */
void second_look(struct ring *r);

/* Somebody will be due. */
void second_expect(struct ring *r, int64_t due);

/* One of its flights, which was in that lane, has ended. */
void second_ended(struct ring *r, enum call_lane lane);

/* ---- all of it ---- */

struct ring {
	struct courier *c;
	struct config *config;
	const struct fanout_ops *ops;
	unsigned jobs;			/* on their way */
	bool is_dead;			/* freed with the last of them */
	bool is_draining;
	bool is_loading, load_again;
	struct round *rounds, *turn;	/* whose turn it is */
	size_t n_rounds;
	unsigned generations;
	struct shelved *shelf;
	size_t n_shelved;
	struct receivers receivers;
	struct signers signers;
	struct flight *buckets[FLIGHT_BUCKETS];
	struct flight *spare;
	unsigned n_flights, n_sent, sent_max;
	size_t bytes;			/* signed in this turn of the loop */
	unsigned begun;			/* deliveries in it */
	struct acks acks;
	struct second second;
	ev_timer tick, more;
};

/* Send what can be sent. */
void ring_feed(struct ring *r);

/* Somebody is under way: look after it now and then. */
void ring_work(struct ring *r);

/* May another delivery begin? */
bool ring_has_room(const struct ring *r);

/* A job begins; it ends, and false: the ring is gone. */
void ring_job_begins(struct ring *r);
bool ring_job_ended(struct ring *r);

/* A settlement by which a subscriber is due at once, with a version. */
void ring_put_later(struct ring *r, int64_t sub_id, int64_t version);

#endif
