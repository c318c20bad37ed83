/*
 * SHA-256, by OpenSSL.
 */
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/sha256.h"

struct sha256
sha256_of(struct slice s)
{
	struct sha256 h;

	CHECK(EVP_Digest(s.ptr, s.len, h.bytes, NULL, EVP_sha256(), NULL));
	return h;
}

void
sha256_hex(const struct sha256 *h, char ret[static SHA256_HEX + 1])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < SHA256_SIZE; i++) {
		ret[2 * i] = digits[h->bytes[i] >> 4];
		ret[2 * i + 1] = digits[h->bytes[i] & 15];
	}
	ret[SHA256_HEX] = '\0';
}

/* A hex digit's value; -1: it is none. */
static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool
sha256_parse(struct slice hex, struct sha256 *ret)
{
	struct sha256 h;

	if (hex.len != SHA256_HEX)
		return false;
	for (size_t i = 0; i < SHA256_SIZE; i++) {
		int high = digit(hex.ptr[2 * i]);
		int low = digit(hex.ptr[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		h.bytes[i] = (unsigned char)(high * 16 + low);
	}
	*ret = h;
	return true;
}

bool
sha256_same(const struct sha256 *a, const struct sha256 *b)
{
	return CRYPTO_memcmp(a->bytes, b->bytes, SHA256_SIZE) == 0;
}
