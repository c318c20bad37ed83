/*
 * Hashes of content: XXH3.
 */
#include <stdio.h>
#include <xxhash.h>

#include "base/hash.h"

uint64_t
hash64(struct slice s)
{
	return XXH3_64bits(s.ptr, s.len);
}

uint64_t
hash64_mix(uint64_t so_far, struct slice s)
{
	return XXH3_64bits_withSeed(s.ptr, s.len, so_far + s.len);
}

void
hash128_hex(struct slice s, char ret[static HASH_HEX + 1])
{
	XXH128_hash_t h = XXH3_128bits(s.ptr, s.len);

	snprintf(ret, HASH_HEX + 1, "%016llx%016llx",
		(unsigned long long)h.high64, (unsigned long long)h.low64);
}
