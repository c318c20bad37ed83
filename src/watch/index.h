/*
 * Indexes of files, chained through the files themselves.
 */
#ifndef WATCH_INDEX_H
#define WATCH_INDEX_H

#include "base/slice.h"

struct file;

enum index_kind { INDEX_NAME, INDEX_INODE, INDEX_HASH, INDEX_COUNT };

/*
 * Of one inode or content, no more files than this are indexed: a directory
 * full of copies must not make a chain that is walked for each of them.
 */
enum { INDEX_SAME_MAX = 8 };

struct index {
	struct file **buckets;
	size_t room;
	size_t n;
};

/* The key of a file in an index, and of what is looked for. */
uint64_t index_key(uint64_t seed, const struct file *f, enum index_kind k);
uint64_t index_key_name(uint64_t seed, const void *dir, struct slice name);
uint64_t index_key_inode(uint64_t seed, uint64_t dev, uint64_t ino);
uint64_t index_key_hash(uint64_t seed, uint64_t hash);

/* Put a file in, unless INDEX_SAME_MAX of its kind are. */
void index_add(struct index *x, uint64_t seed, struct file *f,
	enum index_kind k);

/* Take it out; nothing if it is not in. */
void index_remove(struct index *x, uint64_t seed, struct file *f,
	enum index_kind k);

/* The chain where files with this key are, among others; or NULL. */
struct file *index_chain(const struct index *x, uint64_t key);

void index_done(struct index *x);

#endif
