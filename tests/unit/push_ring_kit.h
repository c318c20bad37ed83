/*
 * What the ring's tests share: a courier of a database, a client and a ring,
 * a published document, and a crowd that subscribes to it.
 */
#ifndef UNIT_PUSH_RING_KIT_H
#define UNIT_PUSH_RING_KIT_H

#include "push/ring_parts.h"
#include "push_crowd.h"

enum { KIT_FEED = 7, KIT_TOPIC = 3 };

struct ring_kit {
	char dir[64];
	struct courier courier;
	struct crowd crowd;
	struct network loopback;
	unsigned told[COURIER_NEWS_COUNT];
	char why[200];			/* of what was told last */
	int64_t fanned_out;		/* by the last fan-out that ended */
};

extern struct ring_kit kit;

/* A directory, and a crowd of so many; and the end of both. */
void kit_begin(size_t members);
void kit_end(void);

/* Open the courier and its ring; stop it as the daemon does. */
void kit_open(void);
void kit_close(void);

/*
 * Members from..to (not with `to`) subscribe under the ids 10 and up, each on
 * a host of its own, with the secret (NULL: none), for an hour.
 */
void kit_subscribe(size_t from, size_t to, const char *secret);

/* Run SQL on courier.db; the first number that it gives, or 0. */
int64_t kit_sql(const char *sql);

/* Publish a version, and announce it: in the file, and to the ring. */
void kit_write(unsigned version);
void kit_announce(unsigned version);

/* Run the loop until it is so; fails after some seconds. */
void kit_wait(bool (*is_so)(void));
/* Run the loop so long. */
void kit_run(int64_t ms);

/* Has every fan-out ended, and is all of it in the database? */
bool kit_is_over(void);

#endif
