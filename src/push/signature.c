/*
 * X-Hub-Signature: proof that a document came from us (WebSub section 7.1).
 */
#include <stdio.h>

#include "push/signature.h"

static const enum hmac_kind kinds[] = {
	[SIGNATURE_SHA1] = HMAC_SHA1,
	[SIGNATURE_SHA256] = HMAC_SHA256,
	[SIGNATURE_SHA384] = HMAC_SHA384,
	[SIGNATURE_SHA512] = HMAC_SHA512,
};

void
signature_line(struct signers *s, enum signature method, struct slice secret,
	struct slice body, char ret[static SIGNATURE_LINE])
{
	enum hmac_kind kind = kinds[method];
	int at = snprintf(ret, SIGNATURE_LINE, "X-Hub-Signature: %s=",
		hmac_name(kind));

	if (!s->of[kind])
		s->of[kind] = hmac_new(kind);
	hmac_hex(s->of[kind], secret, body, ret + at);
}

void
signers_done(struct signers *s)
{
	for (size_t i = 0; i < HMAC_KINDS; i++)
		hmac_free(TAKE(s->of[i]));
}
