/*
 * OAuth 1.0a: by the examples of RFC 5849 and of X's documentation, and by two
 * that independent programs agree on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "assert_slice.h"
#include "base/oauth1.h"

struct signed_case {
	struct oauth1 who;
	const char *method, *url;
	const char *form;	/* as it is posted; NULL: another body */
	const char *base;	/* NULL: not told */
	const char *signature;	/* as the header has it; NULL: not told */
};

#define TEXT(name, lit) .name = S_INIT(lit)

static const struct signed_case cases[] = {
	/* RFC 5849 section 3.4.1.1: whose secrets are not told. */
	{ { TEXT(consumer_key, "9djdj82h48djs9d2"),
			TEXT(token, "kkk9d7dh3k39sjv7"),
			TEXT(nonce, "7d8f3e4a"), .now = 137131201,
			.is_bare = true },
		"POST", "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40="
			"&a2=r%20b", "c2&a3=2+q",
		"POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D"
		"2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26"
		"oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D"
		"7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26"
		"oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7",
		NULL },
	/* RFC 5849 section 1.2. */
	{ { TEXT(consumer_key, "dpf43f3p2l4k3l03"),
			TEXT(consumer_secret, "kd94hf93k423kf44"),
			TEXT(token, "nnch734d00sl2jdk"),
			TEXT(token_secret, "pfkkdhi9sl3r4s00"),
			TEXT(nonce, "chapoH"), .now = 137131202,
			.is_bare = true },
		"GET", "http://photos.example.net/photos?file=vacation.jpg"
			"&size=original", NULL, NULL,
		"MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D" },
	/* The example of X's documentation, "Creating a signature". */
	{ { TEXT(consumer_key, "xvz1evFS4wEEPTGEFPHBog"),
			TEXT(consumer_secret,
				"kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw"),
			TEXT(token, "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZe"
				"S9weJAEb"),
			TEXT(token_secret,
				"LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE"),
			TEXT(nonce,
				"kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg"),
			.now = 1318622958 },
		"POST", "https://api.twitter.com/1.1/statuses/update.json"
			"?include_entities=true",
		"status=Hello%20Ladies%20%2b%20Gentlemen%2c%20a%20signed%20"
			"OAuth%20request%21", NULL,
		"hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D" },
	/* Two libraries of npm and OpenSSL agree on these. */
	{ { TEXT(consumer_key, "ck"), TEXT(consumer_secret, "cs&%"),
			TEXT(token, "tk"), TEXT(token_secret, "ts"),
			TEXT(nonce, "nonce123"), .now = 1715673600 },
		"POST", "https://api.x.com/2/tweets", NULL, NULL,
		"xYRgMdZnLIIsrrFX1F0e4tx6nto%3D" },
	{ { TEXT(consumer_key, "ck"), TEXT(consumer_secret, "cs&%"),
			TEXT(token, "tk"), TEXT(token_secret, "ts"),
			TEXT(nonce, "nonce123"), .now = 1715673600 },
		"POST", "https://api.x.com/1.1/statuses/update.json"
			"?include_entities=true",
		"status=Guangdong%27s+Solution+2024+%E2%91%A1+%7C+a%2Bb+%26+"
			"c*d+%21%28x%29", NULL,
		"JuOquAUfhOiS1QwbhBsXdhracYw%3D" },
};

static const struct form *
form_of(const struct signed_case *c, struct arena *a, struct form *f)
{
	struct err e;

	if (!c->form)
		return NULL;
	assert_int_equal(form_parse(slice_str(c->form), a, f, &e), 0);
	return f;
}

static void
test_vectors(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct signed_case *c = &cases[i];
		CLEANUP(arena_done) struct arena a = { 0 };
		CLEANUP(buf_done) struct buf b = BUF_INIT(OAUTH1_HEADER_MAX);
		CLEANUP(buf_done) struct buf base = BUF_INIT(4096);
		struct form f;
		const struct form *form = form_of(c, &a, &f);
		struct err e;

		assert_int_equal(oauth1_put_base(&base, &c->who, c->method,
			slice_str(c->url), form, &e), 0);
		if (c->base)
			assert_slice(buf_slice(&base), c->base);
		assert_int_equal(oauth1_put(&b, &c->who, c->method,
			slice_str(c->url), form, &e), 0);
		if (c->signature)
			assert_true(slice_ends(buf_slice(&b), arena_printf(&a,
				"oauth_signature=\"%s\"", c->signature)));
	}
}

/* The header says who it is from, in a form that every server reads. */
static void
test_header(void **state)
{
	const struct oauth1 o = { S_INIT("key"), S_INIT("secret"), S_INIT(""),
		S_INIT(""), S_INIT("n"), .now = 1 };
	CLEANUP(buf_done) struct buf b = BUF_INIT(OAUTH1_HEADER_MAX);
	struct err e;

	(void)state;
	assert_int_equal(oauth1_put(&b, &o, "GET",
		S("https://example.org:443"), NULL, &e), 0);
	assert_true(slice_starts(buf_slice(&b), S("OAuth oauth_consumer_key="
		"\"key\", oauth_nonce=\"n\", oauth_signature_method="
		"\"HMAC-SHA1\", oauth_timestamp=\"1\", oauth_version=\"1.0\", "
		"oauth_signature=\"")));
	assert_int_equal(slice_find(buf_slice(&b), S("secret"), 0), -1);
}

/* What stands behind the address and for nothing is not signed. */
static void
test_address(void **state)
{
	static const char *const urls[][2] = {
		{ "https://Example.org", "https%3A%2F%2Fexample.org%2F" },
		{ "https://example.org:443/a#b",
			"https%3A%2F%2Fexample.org%2Fa" },
		{ "https://example.org:8443/a?",
			"https%3A%2F%2Fexample.org%3A8443%2Fa" },
		{ "http://example.org:443/",
			"http%3A%2F%2Fexample.org%3A443%2F" },
	};
	const struct oauth1 o = { .nonce = S("n") };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(urls); i++) {
		CLEANUP(arena_done) struct arena a = { 0 };
		CLEANUP(buf_done) struct buf b = BUF_INIT(4096);
		struct err e;

		assert_int_equal(oauth1_put_base(&b, &o, "GET",
			slice_str(urls[i][0]), NULL, &e), 0);
		assert_true(slice_starts(buf_slice(&b), arena_printf(&a,
			"GET&%s&oauth_consumer_key", urls[i][1])));
	}
}

static void
test_wrong(void **state)
{
	static const char *const urls[] = {
		"ftp://example.org/", "", "https://example.org/?a=%zz",
	};
	const struct oauth1 o = { .nonce = S("n") };
	CLEANUP(buf_done) struct buf small = BUF_INIT(16);
	struct err e;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(urls); i++) {
		CLEANUP(buf_done) struct buf b = BUF_INIT(4096);

		assert_int_equal(oauth1_put(&b, &o, "GET", slice_str(urls[i]),
			NULL, &e), -1);
	}
	assert_int_equal(oauth1_put(&small, &o, "GET",
		S("https://example.org/"), NULL, &e), -1);
	assert_int_equal(e.kind, ERR_LIMIT);
}

static void
test_nonce(void **state)
{
	char text[OAUTH1_NONCE + 1];

	(void)state;
	assert_slice(oauth1_nonce(0xfeed, text), "000000000000feed");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_nonce),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
