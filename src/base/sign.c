/*
 * Ed25519 signatures, by OpenSSL.
 */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/sign.h"

enum { TEXT_MAX = 4096 };

struct sign_key {
	EVP_PKEY *key;
	EVP_MD_CTX *context;
};

static void
bio_free(BIO **b)
{
	BIO_free(*b);
}

/* An encrypted key would ask for its password on the terminal. */
static int
no_password(char *buf, int size, int writing, void *arg)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)arg;
	return -1;
}

static EVP_PKEY *
key_of_pem(struct slice text)
{
	CLEANUP(bio_free) BIO *b = BIO_new_mem_buf(text.ptr, (int)text.len);
	EVP_PKEY *key;

	CHECK(b);
	key = PEM_read_bio_PrivateKey(b, NULL, no_password, NULL);
	if (!key || EVP_PKEY_is_a(key, "ED25519"))
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

/* With the public key behind the seed, that has to be the seed's. */
static bool
fits(EVP_PKEY *key, struct slice public)
{
	unsigned char own[SIGN_PUBLIC];
	size_t len = sizeof(own);

	return public.len == 0 ||
		(EVP_PKEY_get_raw_public_key(key, own, &len) &&
		memcmp(own, public.ptr, sizeof(own)) == 0);
}

static EVP_PKEY *
key_of_base64(struct slice text)
{
	struct arena a = { 0 };
	struct slice raw = base64_decode(text, &a);
	EVP_PKEY *key = NULL;

	if (raw.ptr && (raw.len == SIGN_SEED ||
		raw.len == SIGN_SEED + SIGN_PUBLIC))
		key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL,
			(const unsigned char *)raw.ptr, SIGN_SEED);
	if (key && !fits(key, slice_from(raw, SIGN_SEED))) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	if (raw.ptr)
		OPENSSL_cleanse((void *)(uintptr_t)raw.ptr, raw.len);
	arena_done(&a);
	return key;
}

int
sign_key_read(struct slice text, struct sign_key **ret, struct err *e)
{
	EVP_PKEY *key = NULL;
	struct sign_key *k;

	if (text.len <= TEXT_MAX)
		key = slice_starts(text, S("-----BEGIN")) ?
			key_of_pem(text) : key_of_base64(text);
	if (!key) {
		err_set(e, ERR_SYNTAX, "that is no Ed25519 private key");
		return err_hint(e, "Make one with \"openssl genpkey "
			"-algorithm ed25519\".");
	}
	k = x_calloc(1, sizeof(*k));
	k->key = key;
	k->context = EVP_MD_CTX_new();
	CHECK(k->context);
	*ret = k;
	return 0;
}

void
sign_put(struct sign_key *k, struct slice s,
	unsigned char ret[static SIGN_SIZE])
{
	size_t len = SIGN_SIZE;

	CHECK(EVP_MD_CTX_reset(k->context) && EVP_DigestSignInit(k->context,
		NULL, NULL, NULL, k->key) && EVP_DigestSign(k->context, ret,
		&len, (const unsigned char *)s.ptr, s.len) &&
		len == SIGN_SIZE);
}

void
sign_public(const struct sign_key *k, unsigned char ret[static SIGN_PUBLIC])
{
	size_t len = SIGN_PUBLIC;

	CHECK(EVP_PKEY_get_raw_public_key(k->key, ret, &len) &&
		len == SIGN_PUBLIC);
}

void
sign_key_free(struct sign_key *k)
{
	if (!k)
		return;
	EVP_MD_CTX_free(k->context);
	EVP_PKEY_free(k->key);
	free(k);
}
