/*
 * A hash table from a byte string to a pointer.
 *
 * Open addressing, linear probing; the hash is seeded per process, because the
 * keys come from outside.  The key is borrowed: it must live as long as its
 * entry, so it usually lies inside the value.
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include "base/slice.h"

struct table_slot {
	struct slice key;
	void *value;	/* NULL: free */
	uint64_t hash;
};

struct table {
	struct table_slot *slots;
	size_t room;
	size_t n;
};

/* The value of key, or NULL. */
void *table_get(const struct table *t, struct slice key);

/* Set key to value (not NULL); returns the value that was there, or NULL. */
void *table_set(struct table *t, struct slice key, void *value);

/* Remove key; returns the value that was there, or NULL. */
void *table_remove(struct table *t, struct slice key);

/*
 * Walk: start with *at = 0; false at the end.  The table must not change
 * meanwhile.
 */
bool table_next(const struct table *t, size_t *at, void **ret);

/* Free the table, not the values. */
void table_done(struct table *t);

#endif
