/*
 * Answers for gazettectl: what the daemon says of itself.
 */
#ifndef DAEMON_ANSWER_H
#define DAEMON_ANSWER_H

#include <jansson.h>

#include "daemon/press.h"

/* Open the control socket. */
int answer_start(struct press *p, struct err *e) MUST_USE;

/* Close it.  A socket that was never opened is fine. */
void answer_stop(struct press *p);

/* One sentence of health, as for the service manager. */
void answer_summary(const struct press *p, char *ret, size_t size);

/* Is the first scan stored, and every feed of it published? */
bool answer_published(const struct press *p);

/* What the loop knows of how it is, as an object. */
json_t *answer_health(const struct press *p);

/* Is anything wrong that an operator should see? */
bool answer_healthy(const struct press *p);

#endif
