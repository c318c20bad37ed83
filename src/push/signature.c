/*
 * X-Hub-Signature: proof that a document came from us (WebSub section 7.1).
 */
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "push/signature.h"

static const struct {
	const char *name;
	const EVP_MD *(*md)(void);
} methods[] = {
	[SIGNATURE_SHA1] = { "sha1", EVP_sha1 },
	[SIGNATURE_SHA256] = { "sha256", EVP_sha256 },
	[SIGNATURE_SHA384] = { "sha384", EVP_sha384 },
	[SIGNATURE_SHA512] = { "sha512", EVP_sha512 },
};

void
signature_line(enum signature method, struct slice secret, struct slice body,
	char ret[static SIGNATURE_LINE])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned len;
	char *to = stpcpy(stpcpy(stpcpy(ret, "X-Hub-Signature: "),
		methods[method].name), "=");

	CHECK(HMAC(methods[method].md(), secret.ptr, (int)secret.len,
		(const unsigned char *)body.ptr, body.len, mac, &len));
	for (unsigned i = 0; i < len; i++) {
		*to++ = digits[mac[i] >> 4];
		*to++ = digits[mac[i] & 15];
	}
	*to = '\0';
}
