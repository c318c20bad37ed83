/*
 * The limit on whole answers: who asks without a condition, again and again
 * for the same feed, is told to wait.
 */
#ifndef SERVE_LIMIT_H
#define SERVE_LIMIT_H

#include "base/network.h"

struct limit;

/* A limit of max requests per client, path and hour. */
struct limit *limit_new(unsigned max);

/* NULL is fine. */
void limit_free(struct limit *l);

/*
 * Count a request of a client for a path, at a monotonic second: 0 when it is
 * within the limit, else how many seconds to wait.
 */
unsigned limit_take(struct limit *l, const struct address *client,
	struct slice path, int64_t now);

#endif
