/*
 * HMAC (RFC 2104): proof that bytes come from somebody who knows a secret.
 *
 * Setting OpenSSL up costs more than hashing a page, so who signs much keeps a
 * signer, which is used by one thread at a time.
 */
#ifndef BASE_HMAC_H
#define BASE_HMAC_H

#include "base/slice.h"

enum hmac_kind {
	HMAC_SHA1, HMAC_SHA256, HMAC_SHA384, HMAC_SHA512,
	HMAC_KINDS,
};

enum { HMAC_MAX = 64, HMAC_HEX_MAX = 2 * HMAC_MAX };

struct hmac;

/* A signer of that kind. */
struct hmac *hmac_new(enum hmac_kind kind);

/* The HMAC of the bytes; returns its size.  An empty key is one, too. */
size_t hmac_sign(struct hmac *h, struct slice key, struct slice s,
	unsigned char ret[static HMAC_MAX]);

/* The same as lower-case hex digits and a NUL; returns how many digits. */
size_t hmac_hex(struct hmac *h, struct slice key, struct slice s,
	char ret[static HMAC_HEX_MAX + 1]);

/* "sha256", ... */
const char *hmac_name(enum hmac_kind kind);

/* Free it, and what it knows of the last key.  NULL is fine. */
void hmac_free(struct hmac *h);

#endif
