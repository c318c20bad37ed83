/*
 * What is signed with: HMAC by the vectors of RFC 4231 and 2202, Ed25519 by
 * those of RFC 8032, base64 by those of RFC 4648.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/base64.h"
#include "base/hmac.h"
#include "base/sign.h"

/* Bytes from hex digits. */
static struct slice
bytes(const char *hex, unsigned char *ret)
{
	size_t n = strlen(hex) / 2;

	for (size_t i = 0; i < n; i++) {
		char two[3] = { hex[2 * i], hex[2 * i + 1], '\0' };

		ret[i] = (unsigned char)strtoul(two, NULL, 16);
	}
	return slice((char *)ret, n);
}

struct mac_case {
	enum hmac_kind kind;
	const char *key;	/* hex; or n bytes of `fill` */
	unsigned char fill;
	size_t n;
	const char *data;
	const char *mac;
};

#define LONG_KEY_TEXT "Test Using Larger Than Block-Size Key - Hash Key First"

static const struct mac_case macs[] = {
	{ HMAC_SHA1, .fill = 0x0b, .n = 20, .data = "Hi There",
		.mac = "b617318655057264e28bc0b6fb378c8ef146be00" },
	{ HMAC_SHA256, .fill = 0x0b, .n = 20, .data = "Hi There",
		.mac = "b0344c61d8db38535ca8afceaf0bf12b"
			"881dc200c9833da726e9376c2e32cff7" },
	{ HMAC_SHA384, .fill = 0x0b, .n = 20, .data = "Hi There",
		.mac = "afd03944d84895626b0825f4ab46907f"
			"15f9dadbe4101ec682aa034c7cebc59c"
			"faea9ea9076ede7f4af152e8b2fa9cb6" },
	{ HMAC_SHA512, .fill = 0x0b, .n = 20, .data = "Hi There",
		.mac = "87aa7cdea5ef619d4ff0b4241a1d6cb0"
			"2379f4e2ce4ec2787ad0b30545e17cde"
			"daa833b7d6b8a702038b274eaea3f4e4"
			"be9d914eeb61f1702e696c203a126854" },
	{ HMAC_SHA256, .key = "4a656665",
		.data = "what do ya want for nothing?",
		.mac = "5bdcc146bf60754e6a042426089575c7"
			"5a003f089d2739839dec58b964ec3843" },
	{ HMAC_SHA256, .fill = 0xaa, .n = 131, .data = LONG_KEY_TEXT,
		.mac = "60e431591ee0b67f0d8a26aacbf5b77f"
			"8e0bc6213728c5140546040f0ee37f54" },
	{ HMAC_SHA512, .fill = 0xaa, .n = 131, .data = LONG_KEY_TEXT,
		.mac = "80b24263c7c1a3ebb71493c1dd7be8b4"
			"9b46d1f41b4aeec1121b013783f8f352"
			"6b56d037e05f2598bd0fd2215d6a1e52"
			"95e64f73f63f0aec8b915a985d786598" },
	/* No key and no text: as Python's hmac module says. */
	{ HMAC_SHA256, .key = "", .data = "",
		.mac = "b613679a0814d9ec772f95d778c35fc5"
			"ff1697c493715653c6c712144292c5ad" },
};

static void
macs_are_those_of_the_standards(void **state)
{
	unsigned char key[256];
	char hex[HMAC_HEX_MAX + 1];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(macs); i++) {
		const struct mac_case *c = &macs[i];
		struct hmac *h = hmac_new(c->kind);
		struct slice k;

		memset(key, c->fill, sizeof(key));
		k = c->key ? bytes(c->key, key) : slice((char *)key, c->n);
		/* Twice: nothing of the first is left in the signer. */
		for (int n = 0; n < 2; n++) {
			assert_int_equal(hmac_hex(h, k, slice_str(c->data),
				hex), strlen(c->mac));
			assert_string_equal(hex, c->mac);
			hmac_hex(h, S("other"), S("text"), hex);
		}
		hmac_free(h);
	}
	assert_string_equal(hmac_name(HMAC_SHA384), "sha384");
	hmac_free(NULL);
}

static const struct {
	const char *seed, *public, *message, *signature;
} signatures[] = {
	{ "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
	  "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
	  "",
	  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
	  "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
	{ "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
	  "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
	  "72",
	  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
	  "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" },
	{ "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
	  "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
	  "af82",
	  "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
	  "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a" },
};

/* The key in base64: the seed, with the public key behind it or not. */
static struct sign_key *
read_key(const char *seed, const char *public)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(200);
	unsigned char raw[SIGN_SEED + SIGN_PUBLIC];
	struct sign_key *key = NULL;
	struct err e;

	bytes(seed, raw);
	bytes(public, raw + SIGN_SEED);
	base64_put(&text, slice((char *)raw,
		SIGN_SEED + strlen(public) / 2));
	if (sign_key_read(buf_slice(&text), &key, &e) < 0)
		assert_int_equal(e.kind, ERR_SYNTAX);
	return key;
}

static void
signatures_are_those_of_the_standard(void **state)
{
	unsigned char message[4], expected[SIGN_SIZE], got[SIGN_SIZE];
	unsigned char public[SIGN_PUBLIC], own[SIGN_PUBLIC];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(signatures); i++) {
		struct sign_key *key = read_key(signatures[i].seed,
			i % 2 ? signatures[i].public : "");
		struct slice m = bytes(signatures[i].message, message);

		assert_non_null(key);
		bytes(signatures[i].signature, expected);
		bytes(signatures[i].public, public);
		for (int n = 0; n < 2; n++) {
			sign_put(key, m, got);
			assert_memory_equal(got, expected, SIGN_SIZE);
		}
		sign_public(key, own);
		assert_memory_equal(own, public, SIGN_PUBLIC);
		sign_key_free(key);
	}
	/* The public key of somebody else. */
	assert_null(read_key(signatures[0].seed, signatures[1].public));
	sign_key_free(NULL);
}

static const char pem[] = "-----BEGIN PRIVATE KEY-----\n"
	"MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
	"-----END PRIVATE KEY-----\n";

/* A key of another kind. */
static const char x25519[] = "-----BEGIN PRIVATE KEY-----\n"
	"MC4CAQAwBQYDK2VuBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
	"-----END PRIVATE KEY-----\n";

static void
keys_are_read_in_pem_or_refused(void **state)
{
	static const char *const bad[] = {
		"", "AAAA", "-----BEGIN PRIVATE KEY-----",
		"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
		x25519,
	};
	unsigned char got[SIGN_SIZE], expected[SIGN_SIZE];
	struct sign_key *key = NULL;
	struct err e;

	(void)state;
	assert_int_equal(sign_key_read(slice_str(pem), &key, &e), 0);
	sign_put(key, S(""), got);
	bytes(signatures[0].signature, expected);
	assert_memory_equal(got, expected, SIGN_SIZE);
	sign_key_free(key);
	key = NULL;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		assert_int_equal(sign_key_read(slice_str(bad[i]), &key, &e),
			-1);
		assert_null(key);
		assert_int_equal(e.kind, ERR_SYNTAX);
		assert_true(e.hint[0] != '\0');
	}
}

static void
base64_is_written_with_padding(void **state)
{
	static const char *const cases[][2] = {
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" },
		{ "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "\xff\xfe\xfd", "//79" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(buf_done) struct buf b = BUF_INIT(100);

		base64_put(&b, slice_str(cases[i][0]));
		assert_true(slice_eq(buf_slice(&b), slice_str(cases[i][1])));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(macs_are_those_of_the_standards),
		cmocka_unit_test(signatures_are_those_of_the_standard),
		cmocka_unit_test(keys_are_read_in_pem_or_refused),
		cmocka_unit_test(base64_is_written_with_padding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
