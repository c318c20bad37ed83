/*
 * Hash tables from a byte string to a pointer.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/table.h"

static uint64_t
hash_key(struct slice key)
{
	static uint64_t seed;

	/* Two threads may both set it only before either has a table. */
	if (__atomic_load_n(&seed, __ATOMIC_RELAXED) == 0) {
		uint64_t none = 0;

		__atomic_compare_exchange_n(&seed, &none, rand_u64() | 1,
			false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
	}
	return hash64_mix(__atomic_load_n(&seed, __ATOMIC_RELAXED), key);
}

/* The slot of key, or the free slot where it would go. */
static size_t
find(const struct table *t, struct slice key, uint64_t hash)
{
	size_t i = hash & (t->room - 1);

	while (t->slots[i].value && (t->slots[i].hash != hash ||
		!slice_eq(t->slots[i].key, key)))
		i = (i + 1) & (t->room - 1);
	return i;
}

static void
grow(struct table *t)
{
	struct table old = *t;

	t->room = old.room ? old.room * 2 : 16;
	t->slots = x_calloc(t->room, sizeof(*t->slots));
	for (size_t i = 0; i < old.room; i++)
		if (old.slots[i].value)
			t->slots[find(t, old.slots[i].key,
				old.slots[i].hash)] = old.slots[i];
	free(old.slots);
}

void *
table_get(const struct table *t, struct slice key)
{
	if (t->n == 0)
		return NULL;
	return t->slots[find(t, key, hash_key(key))].value;
}

void *
table_set(struct table *t, struct slice key, void *value)
{
	uint64_t hash = hash_key(key);
	struct table_slot *s;
	void *old;

	CHECK(value);
	if (t->n + 1 > t->room / 4 * 3)
		grow(t);
	s = &t->slots[find(t, key, hash)];
	old = s->value;
	if (!old)
		t->n++;
	*s = (struct table_slot){ key, value, hash };
	return old;
}

void *
table_remove(struct table *t, struct slice key)
{
	size_t hole, i;
	void *old;

	if (t->n == 0)
		return NULL;
	hole = find(t, key, hash_key(key));
	old = t->slots[hole].value;
	if (!old)
		return NULL;
	t->n--;
	/* Close the gap, so that no probe stops short of its key. */
	for (i = (hole + 1) & (t->room - 1); t->slots[i].value;
		i = (i + 1) & (t->room - 1)) {
		size_t home = t->slots[i].hash & (t->room - 1);

		if (((i - home) & (t->room - 1)) <
			((i - hole) & (t->room - 1)))
			continue;
		t->slots[hole] = t->slots[i];
		hole = i;
	}
	t->slots[hole] = (struct table_slot){ 0 };
	return old;
}

bool
table_next(const struct table *t, size_t *at, void **ret)
{
	while (*at < t->room && !t->slots[*at].value)
		(*at)++;
	if (*at >= t->room)
		return false;
	*ret = t->slots[(*at)++].value;
	return true;
}

void
table_done(struct table *t)
{
	free(t->slots);
	*t = (struct table){ 0 };
}
