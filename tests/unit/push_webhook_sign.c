/*
 * Signatures of webhooks, by the vectors of Standard Webhooks' libraries; and
 * keys that are none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base64.h"
#include "push/webhook.h"

#define MESSAGE "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330." \
	"{\"test\": 2432232314}"
#define SHARED "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define SHARED_SIGNATURE "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
#define PRIVATE "whsk_VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk="
#define PRIVATE_SIGNATURE "v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXB" \
	"NwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag=="
/* The same key as the one above, as openssl(1) writes it. */
#define PEM "-----BEGIN PRIVATE KEY-----\n" \
	"MC4CAQAwBQYDK2VwBCIEIFRFU1RTSUdOSU5HS0VZRE9OT1RVU0VUSElTRk9SQU5Z\n" \
	"-----END PRIVATE KEY-----\n"

enum { MANY = 4096 };

/* Sign the libraries' message by what a credential file holds. */
static void
sign(struct buf *b, const char *file)
{
	struct secret *s = secret_of(slice_str(file));
	struct err e;

	assert_int_equal(webhook_sign(b, s, S(MESSAGE), &e), 0);
	secret_free(s);
}

static void
signatures_are_those_of_the_libraries(void **state)
{
	static const char *const cases[][2] = {
		{ SHARED, SHARED_SIGNATURE },
		{ PRIVATE, PRIVATE_SIGNATURE },
		{ PEM, PRIVATE_SIGNATURE },
		{ SHARED "\n\n  " PRIVATE "\r\n",
			SHARED_SIGNATURE " " PRIVATE_SIGNATURE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(buf_done) struct buf b = BUF_INIT(MANY);

		sign(&b, cases[i][0]);
		assert_string_equal(b.ptr, cases[i][1]);
	}
}

static void
a_key_of_no_kind_is_refused_unseen(void **state)
{
	static const char *const cases[] = {
		"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsk_",
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
		"whsec_bW9yZSB0aGFuIHR3ZW50eS4uLg==",
		"whsec_!fKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
		"whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
		"whpk_VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk=",
		"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIE\n",
		SHARED "\nwhsec_short",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct secret *s = secret_of(slice_str(cases[i]));
		CLEANUP(buf_done) struct buf b = BUF_INIT(MANY);
		struct err e = { 0 };

		assert_int_equal(webhook_sign(&b, s, S("x"), &e), -1);
		assert_int_equal(e.kind, ERR_CONFIG);
		assert_null(strstr(e.text, "MfKQ"));
		assert_null(strstr(e.text, "VEVT"));
		assert_true(strlen(e.hint) > 0);
		secret_free(s);
	}
}

static void
a_key_may_have_24_to_64_bytes(void **state)
{
	(void)state;
	for (size_t n = 20; n < 70; n++) {
		CLEANUP(buf_done) struct buf text = BUF_INIT(MANY);
		CLEANUP(buf_done) struct buf b = BUF_INIT(MANY);
		char key[70] = "k";
		struct secret *s;
		struct err e;

		buf_put_str(&text, "whsec_");
		base64_put(&text, slice(key, n));
		s = secret_of(buf_slice(&text));
		assert_int_equal(webhook_sign(&b, s, S("x"), &e),
			n >= 24 && n <= 64 ? 0 : -1);
		secret_free(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signatures_are_those_of_the_libraries),
		cmocka_unit_test(a_key_of_no_kind_is_refused_unseen),
		cmocka_unit_test(a_key_may_have_24_to_64_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
