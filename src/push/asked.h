/*
 * How often each host was asked to verify.
 *
 * 1. No more than so many times in a minute, which begins with the first.
 * 2. No more than ASKED_AT_ONCE at a time: who hangs takes no room from others.
 * 3. A host is forgotten when its minute is over and nothing is on its way.
 */
#ifndef PUSH_ASKED_H
#define PUSH_ASKED_H

#include "base/table.h"

enum { ASKED_AT_ONCE = 64 };

struct asked {
	struct table hosts;
	int64_t swept;
};

/*
 * Ask a host once more, at a moment of clock_mono_ms(): 0 when it may be, else
 * how many milliseconds to wait.
 */
int64_t asked_take(struct asked *a, struct slice host, int64_t per_minute,
	int64_t now);

/* It has answered, or has not. */
void asked_leave(struct asked *a, struct slice host, bool answered);

/* The inside. */
void asked_done(struct asked *a);

#endif
