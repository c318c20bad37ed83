/*
 * Signatures of Standard Webhooks (specification 1.0.0, "Signature scheme").
 *
 * 1. How a key is written says what it is: "whsec_" and base64 of 24 to 64
 *    bytes is HMAC-SHA256 (v1); "whsk_" and base64, or PEM, is Ed25519 (v1a),
 *    of which the receiver has the public half only.
 * 2. Each key signs, so that old and new ones overlap while receivers change
 *    theirs.
 */
#include <openssl/crypto.h>

#include "base/base64.h"
#include "base/hmac.h"
#include "base/sign.h"
#include "push/webhook.h"

enum { KEY_MIN = 24, KEY_MAX = 64 };	/* bytes of an HMAC's */

static const struct slice shared_prefix = S_INIT("whsec_");
static const struct slice private_prefix = S_INIT("whsk_");

static void
put(struct buf *b, const char *version, const unsigned char *bytes,
	size_t len)
{
	if (b->len > 0)
		buf_put_byte(b, ' ');
	buf_put_str(b, version);
	buf_put_byte(b, ',');
	base64_put(b, slice((const char *)bytes, len));
}

static int
sign_shared(struct buf *b, struct slice text, struct slice bytes,
	struct err *e)
{
	struct arena a = { 0 };
	struct slice key = base64_decode(text, &a);
	unsigned char mac[HMAC_MAX];
	bool fits = key.ptr && key.len >= KEY_MIN && key.len <= KEY_MAX;
	struct hmac *h;

	if (fits) {
		h = hmac_new(HMAC_SHA256);
		put(b, "v1", mac, hmac_sign(h, key, bytes, mac));
		hmac_free(h);
	}
	if (key.ptr)
		OPENSSL_cleanse((void *)(uintptr_t)key.ptr, key.len);
	arena_done(&a);
	if (fits)
		return 0;
	err_set(e, ERR_CONFIG, "behind \"whsec_\" is not base64 of %d to %d "
		"bytes", KEY_MIN, KEY_MAX);
	return err_hint(e, "Make one: echo \"whsec_$(openssl rand -base64 "
		"32)\".");
}

static int
sign_private(struct buf *b, struct slice text, struct slice bytes,
	struct err *e)
{
	unsigned char signature[SIGN_SIZE];
	struct sign_key *key;

	if (sign_key_read(text, &key, e) < 0) {
		e->kind = ERR_CONFIG;
		return -1;
	}
	sign_put(key, bytes, signature);
	sign_key_free(key);
	put(b, "v1a", signature, sizeof(signature));
	return 0;
}

static int
sign_by(struct buf *b, struct slice value, struct slice bytes, struct err *e)
{
	if (slice_starts(value, shared_prefix))
		return sign_shared(b, slice_from(value, shared_prefix.len),
			bytes, e);
	if (slice_starts(value, private_prefix))
		return sign_private(b, slice_from(value, private_prefix.len),
			bytes, e);
	err_set(e, ERR_CONFIG, "the key begins neither with \"whsec_\" nor "
		"with \"whsk_\"");
	return err_hint(e, "Make one: echo \"whsec_$(openssl rand -base64 "
		"32)\".");
}

int
webhook_sign(struct buf *b, const struct secret *s, struct slice bytes,
	struct err *e)
{
	if (slice_starts(secret_text(s), S("-----BEGIN")))
		return sign_private(b, secret_text(s), bytes, e);
	for (size_t i = 0; i < secret_count(s); i++)
		if (sign_by(b, secret_value(s, i), bytes, e) < 0)
			return -1;
	return 0;
}
