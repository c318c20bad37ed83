/*
 * The readers of each feed: which programs asked for it, when last, and for
 * how many people as they say.  For "gazettectl feeds" and "feed".
 *
 * 1. Loop thread only.  No addresses are kept, and no person is counted: only
 *    names of programs, and what these say.
 * 2. Memory is bounded whatever is sent: READERS_OF_FEED_MAX a feed,
 *    READERS_MAX of all, and the least recent goes.  Whoever makes up names
 *    pushes others out, until these ask again.
 * 3. A restart forgets: it is about the last day, and costs no write.
 */
#ifndef DAEMON_READERS_H
#define DAEMON_READERS_H

#include "base/arena.h"
#include "daemon/agent.h"

enum {
	READERS_OF_FEED_MAX = 64,
	READERS_MAX = 16 * 1024,
	READERS_DAY_S = 24 * 3600,
};

struct reader {
	struct agent agent;	/* what it said last */
	int format;		/* place in renderers[] */
	uint64_t requests;	/* since it was unknown, or away for a day */
	int64_t last;		/* seconds */
};

struct readers;

/* None yet. */
struct readers *readers_new(void);

/* Somebody asks for a feed in a format. */
void readers_saw(struct readers *r, int64_t feed_id, int format,
	struct slice user_agent, int64_t now);

/* Of one feed, those of the last day, the most subscribers first; how many. */
size_t readers_of(const struct readers *r, int64_t feed_id, int64_t now,
	struct arena *a, struct reader **ret);

/*
 * At least so many people: what aggregators say, and one for each other
 * program.
 */
int64_t readers_people(const struct reader *list, size_t n);

/* How many people a feed has. */
struct reader_count {
	int64_t feed_id;
	int64_t people;
};

/* The same of every feed that anybody asked for in the last day, by id. */
size_t readers_counts(const struct readers *r, int64_t now, struct arena *a,
	struct reader_count **ret);

/* That of one feed in such a list. */
int64_t readers_count_of(const struct reader_count *list, size_t n,
	int64_t feed_id);

/* NULL is fine. */
void readers_free(struct readers *r);

#endif
