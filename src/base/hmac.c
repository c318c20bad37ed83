/*
 * HMAC over the digests of OpenSSL, which are looked up once a signer: its own
 * HMAC looks them up, and allocates, for every key.
 */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>

#include "base/hmac.h"

enum { BLOCK_MAX = 128, INNER_PAD = 0x36, OUTER_PAD = 0x5c };

static const struct {
	const char *name;
	size_t block;
} kinds[HMAC_KINDS] = {
	[HMAC_SHA1] = { "sha1", 64 },
	[HMAC_SHA256] = { "sha256", 64 },
	[HMAC_SHA384] = { "sha384", 128 },
	[HMAC_SHA512] = { "sha512", 128 },
};

struct hmac {
	EVP_MD *digest;
	EVP_MD_CTX *context;
	size_t block;
};

struct hmac *
hmac_new(enum hmac_kind kind)
{
	struct hmac *h = x_calloc(1, sizeof(*h));

	h->digest = EVP_MD_fetch(NULL, kinds[kind].name, NULL);
	h->context = EVP_MD_CTX_new();
	h->block = kinds[kind].block;
	CHECK(h->digest && h->context);
	return h;
}

/* The digest of two pieces, one behind the other. */
static size_t
digest_of(struct hmac *h, struct slice a, struct slice b, unsigned char *ret)
{
	unsigned len = 0;

	CHECK(EVP_DigestInit_ex2(h->context, h->digest, NULL) &&
		EVP_DigestUpdate(h->context, a.ptr, a.len) &&
		EVP_DigestUpdate(h->context, b.ptr, b.len) &&
		EVP_DigestFinal_ex(h->context, ret, &len));
	return len;
}

/* The key as a block: a long one is hashed, a short one filled up. */
static void
put_key(struct hmac *h, struct slice key, unsigned char *block)
{
	memset(block, 0, h->block);
	if (key.len > h->block)
		digest_of(h, key, slice(NULL, 0), block);
	else if (key.len > 0)
		memcpy(block, key.ptr, key.len);
}

size_t
hmac_sign(struct hmac *h, struct slice key, struct slice s,
	unsigned char ret[static HMAC_MAX])
{
	unsigned char pad[BLOCK_MAX], inner[HMAC_MAX];
	struct slice padded = slice((char *)pad, h->block);
	size_t len;

	put_key(h, key, pad);
	for (size_t i = 0; i < h->block; i++)
		pad[i] ^= INNER_PAD;
	len = digest_of(h, padded, s, inner);
	for (size_t i = 0; i < h->block; i++)
		pad[i] ^= INNER_PAD ^ OUTER_PAD;
	digest_of(h, padded, slice((char *)inner, len), ret);
	OPENSSL_cleanse(pad, sizeof(pad));
	return len;
}

size_t
hmac_hex(struct hmac *h, struct slice key, struct slice s,
	char ret[static HMAC_HEX_MAX + 1])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char mac[HMAC_MAX];
	size_t len = hmac_sign(h, key, s, mac);

	for (size_t i = 0; i < len; i++) {
		ret[2 * i] = digits[mac[i] >> 4];
		ret[2 * i + 1] = digits[mac[i] & 15];
	}
	ret[2 * len] = '\0';
	return 2 * len;
}

const char *
hmac_name(enum hmac_kind kind)
{
	return kinds[kind].name;
}

void
hmac_free(struct hmac *h)
{
	if (!h)
		return;
	EVP_MD_CTX_free(h->context);
	EVP_MD_free(h->digest);
	free(h);
}
