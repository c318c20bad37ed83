/*
 * Receivers: the hosts that subscribers are at, and how they fare.
 */
#include <stdlib.h>

#include "push/receivers.h"

enum { FAILED_MAX = 20000 };	/* hosts that are remembered for failing */

struct receiver *
receiver_get(struct receivers *r, struct slice name)
{
	struct receiver *h = table_get(&r->hosts, name);

	if (h)
		return h;
	h = x_calloc(1, sizeof(*h) + name.len + 1);
	memcpy(h->text, name.ptr, name.len);
	h->name = slice(h->text, name.len);
	table_set(&r->hosts, h->name, h);
	return h;
}

bool
receiver_is_slow(const struct receiver *h)
{
	return h->fails >= RECEIVER_FAILS_MAX;
}

void
receiver_ended(struct receiver *h, bool answered, int64_t took_ms, int64_t now)
{
	if (answered)
		h->moved = now;
	if (answered && took_ms < RECEIVER_SLOW_MS)
		h->fails = 0;
	else if (h->fails < RECEIVER_FAILS_MAX)
		h->fails++;
}

bool
receiver_is_free(const struct receivers *r, const struct receiver *h)
{
	return h->active < (receiver_is_slow(h) ?
		(unsigned)RECEIVER_SLOW_SHARE : r->share);
}

void
receiver_leave(struct receivers *r, struct receiver *h)
{
	if (--h->flights > 0 || (h->fails > 0 &&
		r->hosts.n < FAILED_MAX))
		return;
	table_remove(&r->hosts, h->name);
	free(h);
}

void
receivers_done(struct receivers *r)
{
	size_t at = 0;
	void *h;

	while (table_next(&r->hosts, &at, &h))
		free(h);
	table_done(&r->hosts);
}
