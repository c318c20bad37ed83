/*
 * The progress line of the first scan, on a terminal.
 */
#ifndef DAEMON_PROGRESS_H
#define DAEMON_PROGRESS_H

#include "daemon/press.h"

struct progress {
	bool on;
	bool shown;
	int64_t started;	/* monotonic ms */
};

/* Shows something only if wanted and stderr is a terminal. */
void progress_init(struct progress *p, bool wanted);

/* Draw the line: done, of how many, rate, time left. */
void progress_show(struct progress *p, const struct press *press);

/* Wipe the line. */
void progress_end(struct progress *p);

#endif
