/*
 * The post: the courier as the daemon runs it, in this process or in another.
 *
 * The press only says that there is something new (post_wake); what it is, the
 * courier reads in press.db.
 */
#ifndef DAEMON_POST_H
#define DAEMON_POST_H

#include "daemon/press.h"
#include "push/courier.h"

/*
 * Start the courier in this process, if the configuration has anything to
 * push.  Called again, it does what is still to do.
 */
int post_start(struct press *p, struct err *e) MUST_USE;

/* Listen for the press of another process.  After post_start(). */
int post_listen(struct press *p, struct err *e) MUST_USE;

/* There is news in press.db: tell the courier, wherever it is. */
void post_wake(struct press *p);

/* The configuration is another one now: the courier learns of it. */
void post_swap_config(struct press *p);

/* Let what is on its way come to its end, a few seconds at most; free. */
void post_stop(struct press *p);

#endif
