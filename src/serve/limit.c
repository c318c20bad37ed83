/*
 * Limits on what a client may ask for.
 *
 * A reader that never sends a condition costs as much as a hundred that do.
 * Whoever is told to wait often asks on all the same, so saying no must be
 * cheap: one look into a table, before anything is looked up.
 *
 * 1. The memory is fixed.  A flood of other clients can make it forget, so
 *    that somebody gets more than the limit; never less.
 * 2. A period begins with the first request, and the counter starts anew with
 *    the first one after it.
 * 3. Keys are hashes with a secret: nobody can choose whom to push out.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "serve/limit.h"

enum { SETS = 4096, WAYS = 4 };

struct slot {
	uint64_t key;
	int64_t since;	/* the first request of its period */
	unsigned count;	/* 0: free */
};

struct limit {
	unsigned max, period_s;
	uint64_t secret;
	struct slot slots[SETS][WAYS];
};

struct limit *
limit_new(unsigned max, unsigned period_s)
{
	struct limit *l = x_calloc(1, sizeof(*l));

	l->max = max;
	l->period_s = period_s;
	l->secret = rand_u64();
	return l;
}

void
limit_free(struct limit *l)
{
	free(l);
}

/* The key's slot; else the one to take: a free one, or the oldest. */
static struct slot *
slot_of(struct limit *l, uint64_t key, int64_t now)
{
	struct slot *set = l->slots[key % SETS], *best = &set[0];

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].count > 0 && now - set[i].since >= l->period_s)
			set[i].count = 0;
		if (set[i].count > 0 && set[i].key == key)
			return &set[i];
		if (best->count > 0 && (set[i].count == 0 ||
			set[i].since < best->since))
			best = &set[i];
	}
	*best = (struct slot){ .key = key, .since = now };
	return best;
}

unsigned
limit_take(struct limit *l, const struct address *client, struct slice path,
	int64_t now)
{
	struct address a = address_client(client);
	uint64_t key = hash64_mix(hash64_mix(l->secret, slice(
		(const char *)a.byte, sizeof(a.byte))), path);
	struct slot *s = slot_of(l, key, now);

	if (s->count >= l->max)
		return (unsigned)(l->period_s - (now - s->since));
	s->count++;
	return 0;
}
