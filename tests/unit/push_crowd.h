/*
 * A crowd of subscribers: one thread that answers for all of them.
 *
 * Member n is posted to at "http://127.0.0.1:PORT/n"; what it is sent begins
 * with "version N".  How it answers is its manner, which may change any time.
 */
#ifndef UNIT_PUSH_CROWD_H
#define UNIT_PUSH_CROWD_H

#include <stdatomic.h>

#include "base/slice.h"

enum { CROWD_VERSIONS = 8, CROWD_HEAD = 1024 };

enum manner {
	MANNER_FINE,
	MANNER_GONE,		/* 410 */
	MANNER_FAILS,		/* 500 */
	MANNER_LATER,		/* 503, Retry-After: 1000 */
	MANNER_MOVED,		/* 302, to the member before it */
	MANNER_SLOW,		/* fine, after 1.5 s */
	MANNER_TARDY,		/* fine, after 0.5 s */
	MANNER_SILENT,		/* it never answers */
	MANNER_ENDLESS,		/* 200, and a body that never ends */
	MANNER_ENDLESS_HEAD,
};

struct member {
	atomic_uint manner;		/* enum manner */
	atomic_uint got;		/* posts */
	atomic_uint of[CROWD_VERSIONS];	/* by version */
	atomic_uint latest;
	atomic_bool went_back;		/* an older one came after a newer */
	_Atomic int64_t at_us;		/* of the last post */
	char head[CROWD_HEAD];		/* of the last post */
};

struct crowd {
	struct member *members;
	size_t n;
	uint16_t port;
	atomic_uint got;		/* posts to all */
	/* Called before the answer to that post, on the crowd's thread. */
	atomic_uint call_at;		/* set last; 0: never */
	void (*call)(void *);
	void *arg;
	struct crowd_thread *thread;
};

void crowd_start(struct crowd *c, size_t n);
void crowd_stop(struct crowd *c);
/* Forget what was posted. */
void crowd_forget(struct crowd *c);

/* How many members have got this version so often? */
size_t crowd_count(const struct crowd *c, unsigned version, unsigned times);

/* The value of a header in what a member was sent last; "": none. */
const char *crowd_header(const struct crowd *c, size_t member,
	const char *name);

int64_t crowd_now_us(void);

#endif
