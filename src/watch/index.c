/*
 * An index: from a hash to the numbers of the files that have it.
 */
#include <stdlib.h>

#include "watch/index.h"

enum { ROOM_FIRST = 64 };

static size_t
place_of(const struct index *x, uint32_t hash, size_t at)
{
	return (hash + at) & (x->room - 1);
}

static void
put(struct index *x, struct index_slot s)
{
	size_t at = 0;

	while (x->slots[place_of(x, s.hash, at)].id)
		at++;
	x->slots[place_of(x, s.hash, at)] = s;
}

static void
grow(struct index *x)
{
	struct index old = *x;

	x->room = old.room ? old.room * 2 : ROOM_FIRST;
	x->slots = x_calloc(x->room, sizeof(*x->slots));
	for (size_t i = 0; i < old.room; i++)
		if (old.slots[i].id)
			put(x, old.slots[i]);
	free(old.slots);
}

uint32_t
index_next(const struct index *x, uint64_t hash, size_t *at)
{
	if (x->n == 0)
		return 0;
	for (;;) {
		const struct index_slot *s = &x->slots[place_of(x,
			(uint32_t)hash, (*at)++)];

		if (!s->id || s->hash == (uint32_t)hash)
			return s->id;
	}
}

bool
index_add(struct index *x, uint64_t hash, uint32_t id, size_t most)
{
	size_t at = 0, same = 0;

	while (index_next(x, hash, &at))
		same++;
	if (same >= most)
		return false;
	if ((x->n + 1) * 5 > x->room * 4)
		grow(x);
	put(x, (struct index_slot){ (uint32_t)hash, id });
	x->n++;
	return true;
}

/* Close the gap, so that no probe stops short of its key. */
static void
close_gap(struct index *x, size_t hole)
{
	size_t i = hole, mask = x->room - 1;

	for (;;) {
		i = (i + 1) & mask;
		if (!x->slots[i].id)
			break;
		if (((i - x->slots[i].hash) & mask) < ((i - hole) & mask))
			continue;
		x->slots[hole] = x->slots[i];
		hole = i;
	}
	x->slots[hole] = (struct index_slot){ 0 };
}

void
index_remove(struct index *x, uint64_t hash, uint32_t id)
{
	size_t at = 0;
	uint32_t found;

	while ((found = index_next(x, hash, &at)) && found != id)
		continue;
	if (!found)
		return;
	x->n--;
	close_gap(x, place_of(x, (uint32_t)hash, at - 1));
}

void
index_done(struct index *x)
{
	free(x->slots);
	*x = (struct index){ 0 };
}
