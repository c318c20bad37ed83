/*
 * Limits on what a client may ask for: whole answers of the same feed in an
 * hour, subscriptions in a minute.  Who asks too often is told to wait.
 */
#ifndef SERVE_LIMIT_H
#define SERVE_LIMIT_H

#include "base/network.h"

enum { LIMIT_HOUR_S = 3600 };

struct limit;

/* A limit of max requests per client, path and period. */
struct limit *limit_new(unsigned max, unsigned period_s);

/* NULL is fine. */
void limit_free(struct limit *l);

/*
 * Count a request of a client for a path, at a monotonic second: 0 when it is
 * within the limit, else how many seconds to wait.
 */
unsigned limit_take(struct limit *l, const struct address *client,
	struct slice path, int64_t now);

#endif
