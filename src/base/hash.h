/*
 * Hashes of content: XXH3, fast and not cryptographic.  They tell whether
 * bytes changed; they prove nothing about who made them.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/slice.h"

enum { HASH_HEX = 32 };

/* XXH3-64 of the bytes. */
uint64_t hash64(struct slice s);

/* The same over several pieces: start with hash64_mix(0, first). */
uint64_t hash64_mix(uint64_t so_far, struct slice s);

/* XXH3-128 of the bytes as 32 lower-case hex digits and a NUL. */
void hash128_hex(struct slice s, char ret[static HASH_HEX + 1]);

#endif
