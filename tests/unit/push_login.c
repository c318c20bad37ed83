/*
 * A login: by RFC 7636's example, and by what somebody may bring.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "assert_slice.h"
#include "base/base64.h"
#include "base/sha256.h"
#include "push/login.h"

enum { NOW = 1000000 };

static struct login
a_login(void)
{
	struct login l;

	login_init(&l, NOW);
	snprintf(l.state, sizeof(l.state), "STATE");
	return l;
}

/* The challenge is the verifier's hash, as appendix B has it. */
static void
the_challenge_is_a_hash(void **state)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(100);
	struct sha256 h;
	struct login l, m;

	(void)state;
	h = sha256_of(S("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
	base64_put_url(&b, slice((char *)h.bytes, sizeof(h.bytes)));
	assert_slice(buf_slice(&b),
		"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
	login_init(&l, NOW);
	h = sha256_of(slice_str(l.verifier));
	buf_reset(&b);
	base64_put_url(&b, slice((char *)h.bytes, sizeof(h.bytes)));
	assert_slice(buf_slice(&b), l.challenge);
	assert_int_equal(strlen(l.state), LOGIN_STATE);
	assert_int_equal(strlen(l.verifier), LOGIN_VERIFIER);
	login_init(&m, NOW);
	assert_string_not_equal(l.state, m.state);
	assert_string_not_equal(l.verifier, m.verifier);
}

static void
the_code_is_in_what_is_brought(void **state)
{
	static const char *const texts[] = {
		"https://a.example.org/back?state=STATE&code=a%2Fb",
		" https://a.example.org/back?code=a%2Fb&state=STATE#_=_ \n",
		"code=a%2Fb&state=STATE",
		"?code=a/b&state=STATE&scope=x+y",
	};
	CLEANUP(arena_done) struct arena a = { 0 };
	struct login l = a_login();
	struct slice code;
	struct err e;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		if (login_take(&l, slice_str(texts[i]), NOW, &a, &code,
			&e) < 0)
			fail_msg("%s: %s", texts[i], e.text);
		assert_slice(code, "a/b");
	}
}

static void
anything_else_is_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "", "its \"state\" is another one" },
		{ "a", "its \"state\" is another one" },
		{ "code=1&state=OTHER", "its \"state\" is another one" },
		{ "code=1&state=STATE&state=STATE", "is another one" },
		{ "state=STATE", "there is no \"code\"" },
		{ "state=STATE&code=", "there is no \"code\"" },
		{ "state=STATE&code=1&code=2", "there is no \"code\"" },
		{ "state=STATE&code=%zz", "what was brought" },
		{ "state=STATE&error=access_denied&error_description=No.",
			"the platform says no: access_denied, No." },
	};
	CLEANUP(arena_done) struct arena a = { 0 };
	struct login l = a_login();
	struct slice code;
	struct err e;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(login_take(&l, slice_str(cases[i].text), NOW,
			&a, &code, &e), -1);
		if (!strstr(e.text, cases[i].why))
			fail_msg("%s: %s", cases[i].text, e.text);
	}
}

static void
it_is_good_for_a_while(void **state)
{
	static const struct login none;
	CLEANUP(arena_done) struct arena a = { 0 };
	struct login l = a_login();
	struct slice text = S("state=STATE&code=1"), code;
	struct err e;

	(void)state;
	assert_int_equal(login_take(&l, text, NOW + LOGIN_MS, &a, &code, &e),
		0);
	assert_int_equal(login_take(&l, text, NOW + LOGIN_MS + 1, &a, &code,
		&e), -1);
	assert_int_equal(login_take(&l, text, NOW - 1, &a, &code, &e), -1);
	assert_int_equal(login_take(&none, S("state=&code=1"), NOW, &a, &code,
		&e), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_challenge_is_a_hash),
		cmocka_unit_test(the_code_is_in_what_is_brought),
		cmocka_unit_test(anything_else_is_refused),
		cmocka_unit_test(it_is_good_for_a_while),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
