/*
 * Indexes of files, chained through the files themselves.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "watch/tree.h"

enum { ROOM_FIRST = 64 };

uint64_t
index_key_name(uint64_t seed, const void *dir, struct slice name)
{
	return hash64_mix(seed ^ (uintptr_t)dir, name);
}

uint64_t
index_key_inode(uint64_t seed, uint64_t dev, uint64_t ino)
{
	uint64_t both[2] = { dev, ino };

	return hash64_mix(seed, slice((const char *)both, sizeof(both)));
}

uint64_t
index_key_hash(uint64_t seed, uint64_t hash)
{
	return hash64_mix(seed, slice((const char *)&hash, sizeof(hash)));
}

uint64_t
index_key(uint64_t seed, const struct file *f, enum index_kind k)
{
	switch (k) {
	case INDEX_NAME:
		return index_key_name(seed, f->dir, slice(f->name,
			f->name_len));
	case INDEX_INODE:
		return index_key_inode(seed, f->stamp.dev, f->stamp.ino);
	default:
		return index_key_hash(seed, f->hash);
	}
}

/* Do both count against INDEX_SAME_MAX?  A name is always unique. */
static bool
is_same(const struct file *a, const struct file *b, enum index_kind k)
{
	if (k == INDEX_INODE)
		return a->stamp.ino == b->stamp.ino &&
			a->stamp.dev == b->stamp.dev;
	return k == INDEX_HASH && a->hash == b->hash;
}

static void
push(struct index *x, uint64_t key, struct file *f, enum index_kind k)
{
	struct file **head = &x->buckets[key & (x->room - 1)];

	f->next[k] = *head;
	*head = f;
}

static void
grow(struct index *x, uint64_t seed, enum index_kind k)
{
	struct index old = *x;
	struct file *f, *next;

	x->room = old.room ? old.room * 2 : ROOM_FIRST;
	x->buckets = x_calloc(x->room, sizeof(struct file *));
	for (size_t i = 0; i < old.room; i++)
		for (f = old.buckets[i]; f; f = next) {
			next = f->next[k];
			push(x, index_key(seed, f, k), f, k);
		}
	free(old.buckets);
}

struct file *
index_chain(const struct index *x, uint64_t key)
{
	return x->n ? x->buckets[key & (x->room - 1)] : NULL;
}

void
index_add(struct index *x, uint64_t seed, struct file *f, enum index_kind k)
{
	uint64_t key = index_key(seed, f, k);
	int same = 0;

	for (struct file *g = index_chain(x, key); g; g = g->next[k])
		same += is_same(f, g, k);
	if (same >= INDEX_SAME_MAX)
		return;
	if (x->n >= x->room)
		grow(x, seed, k);
	push(x, key, f, k);
	x->n++;
	f->indexed |= (uint8_t)(1U << k);
}

void
index_remove(struct index *x, uint64_t seed, struct file *f,
	enum index_kind k)
{
	struct file **at;

	if (!(f->indexed & (1U << k)))
		return;
	at = &x->buckets[index_key(seed, f, k) & (x->room - 1)];
	while (*at != f)
		at = &(*at)->next[k];
	*at = f->next[k];
	x->n--;
	f->indexed &= (uint8_t)~(1U << k);
}

void
index_done(struct index *x)
{
	free(x->buckets);
	*x = (struct index){ 0 };
}
