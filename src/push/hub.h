/*
 * The hub: requests for subscriptions, verified; and subscriptions, until they
 * end.  What is then sent to them is the ring's.
 *
 *	requests --intake--> pending --take--> asked --answer--> settled:
 *	(press.db)             ^                 |         a subscription,
 *	                       '--- no answer ---'         or nothing
 *
 * 1. A request is taken over and the cursor moved in one transaction; what was
 *    being verified when the process died is verified anew.
 * 2. Only the callback's own answer makes, changes or ends a subscription
 *    (WebSub section 5.3); no answer is another try, a few times.
 * 3. A host is asked so many times a minute, whoever wants it to be: nobody
 *    can make us flood somebody else.
 * 4. Memory is bounded: what does not fit waits in the database.
 */
#ifndef PUSH_HUB_H
#define PUSH_HUB_H

#include "model/subscription.h"
#include "push/courier.h"

/*
 * A hub over c->press, c->store and c->verifier, which goes on with every row
 * that is there.  *c is borrowed.
 */
int hub_new(struct courier *c, struct hub **ret, struct err *e) MUST_USE;

/* There may be requests in press.db: look now, not in a second. */
void hub_wake(struct hub *h);

/* c->config is another one; what is on its way keeps the old. */
void hub_swap_config(struct hub *h);

/*
 * Start nothing new.  Who is being asked is not waited for: the next hub asks
 * again.
 */
void hub_drain(struct hub *h);
bool hub_is_drained(const struct hub *h);

/* Are jobs of its own on their way? */
bool hub_has_jobs(const struct hub *h);

/*
 * Free it, after c->verifier, which has its calls, and when it has no jobs.
 * NULL is fine.
 */
void hub_free(struct hub *h);

#endif
