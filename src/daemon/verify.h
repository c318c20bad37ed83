/*
 * Verification: is what is published what the store says, by the judgement of
 * others?  For "gazettectl verify".
 *
 *	        start              all were compared        all were seen
 *	IDLE ---------> COMPARING --------------------> TREE -----------> IDLE
 *	                  ^   | some differ    some stray |  ^
 *	                  +---+ after a pause             +--+
 *
 * 1. It runs in pool jobs of a few milliseconds, behind everything else.
 * 2. The newsroom goes on meanwhile, so what differs is looked at again after
 *    a pause, twice; what differs still is told.  A feed that is published
 *    whenever it is looked at is counted as busy, and nothing is said of it.
 * 3. There is one run at a time; who asks for another gets its number.
 * 4. A run that nobody asks for any more ends by itself.
 */
#ifndef DAEMON_VERIFY_H
#define DAEMON_VERIFY_H

#include <jansson.h>

#include "daemon/press.h"

struct verify;

/* Nothing runs yet. */
struct verify *verify_new(struct press *p);

/*
 * How far the run of this number is, or what it found, put into the answer.
 * 0: start one.
 */
void verify_ask(struct verify *v, int64_t run, json_t *answer);

/* All jobs must have been done.  NULL is fine. */
void verify_free(struct verify *v);

#endif
