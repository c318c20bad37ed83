/*
 * SHA-256: for what must not be forged or guessed, as tokens (hash.h is for
 * everything else).
 */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include "base/slice.h"

enum { SHA256_SIZE = 32, SHA256_HEX = 64 };

struct sha256 {
	unsigned char bytes[SHA256_SIZE];
};

/* The hash of the bytes. */
struct sha256 sha256_of(struct slice s);

/* As 64 lower-case hex digits and a NUL. */
void sha256_hex(const struct sha256 *h, char ret[static SHA256_HEX + 1]);

/* Read 64 hex digits, in either case; false: they are something else. */
bool sha256_parse(struct slice hex, struct sha256 *ret);

/* Are they the same?  Takes as long whatever they hold. */
bool sha256_same(const struct sha256 *a, const struct sha256 *b);

#endif
