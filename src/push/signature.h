/*
 * X-Hub-Signature: proof that a document came from us (WebSub section 7.1).
 */
#ifndef PUSH_SIGNATURE_H
#define PUSH_SIGNATURE_H

#include "base/slice.h"
#include "model/push.h"

/* "X-Hub-Signature: sha512=" and 128 digits. */
enum { SIGNATURE_LINE = 160 };

/* The header line: the HMAC of the body by the secret, which is not empty. */
void signature_line(enum signature method, struct slice secret,
	struct slice body, char ret[static SIGNATURE_LINE]);

#endif
