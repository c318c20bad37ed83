/*
 * An index: from a hash to the numbers of the files that have it.
 *
 * Open addressing with linear probing; a slot holds the hash beside the
 * number, so neither probing nor growing touches the files: 100,000 files are
 * remembered at every start, and each one not in the cache costs more than the
 * rest together.
 * 1. Two files may have one hash: whoever asks compares what he looks for.
 * 2. Hashes are seeded by the caller: the keys come from outside.
 */
#ifndef WATCH_INDEX_H
#define WATCH_INDEX_H

#include "base/defs.h"

struct index_slot {
	uint32_t hash;
	uint32_t id;	/* 0: free */
};

struct index {
	struct index_slot *slots;
	size_t room;
	size_t n;
};

/* Add a number; false if `most` of this hash are there already. */
bool index_add(struct index *x, uint64_t hash, uint32_t id, size_t most);

/* Remove it; nothing if it is not there. */
void index_remove(struct index *x, uint64_t hash, uint32_t id);

/*
 * The next number with this hash: start with *at = 0; 0 at the end.  The index
 * must not change meanwhile.
 */
uint32_t index_next(const struct index *x, uint64_t hash, size_t *at);

/* Free what it holds; it is empty then. */
void index_done(struct index *x);

#endif
