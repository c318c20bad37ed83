/*
 * X-Hub-Signature: proof that a document came from us (WebSub section 7.1).
 */
#ifndef PUSH_SIGNATURE_H
#define PUSH_SIGNATURE_H

#include "base/hmac.h"
#include "model/push.h"

/* "X-Hub-Signature: sha512=" and the digits. */
enum { SIGNATURE_LINE = 32 + HMAC_HEX_MAX };

/* A signer for each method that was needed.  One thread at a time. */
struct signers {
	struct hmac *of[HMAC_KINDS];
};

/* The header line: the HMAC of the body by the secret. */
void signature_line(struct signers *s, enum signature method,
	struct slice secret, struct slice body,
	char ret[static SIGNATURE_LINE]);

/* Free the inside. */
void signers_done(struct signers *s);

#endif
