/*
 * Ed25519 signatures (RFC 8032): anybody can check them, and needs no secret.
 */
#ifndef BASE_SIGN_H
#define BASE_SIGN_H

#include "base/err.h"
#include "base/slice.h"

enum { SIGN_SEED = 32, SIGN_PUBLIC = 32, SIGN_SIZE = 64 };

struct sign_key;

/*
 * Read a private key: PEM (PKCS #8, not encrypted), or base64 of the 32 bytes
 * of its seed, which the 32 of the public key may follow.
 */
int sign_key_read(struct slice text, struct sign_key **ret, struct err *e)
	MUST_USE;

/* The signature of the bytes.  One thread at a time may use a key. */
void sign_put(struct sign_key *k, struct slice s,
	unsigned char ret[static SIGN_SIZE]);

/* The public key, for those who check. */
void sign_public(const struct sign_key *k,
	unsigned char ret[static SIGN_PUBLIC]);

/* Free it.  NULL is fine. */
void sign_key_free(struct sign_key *k);

#endif
