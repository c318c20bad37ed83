/*
 * Credentials: every way to show a token, and what is none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "serve/credential.h"

static void
tokens_are_found(void **state)
{
	static const struct {
		const char *authorization, *argument, *token;
	} cases[] = {
		{ "Bearer abc", NULL, "abc" },
		{ "bearer  abc ", NULL, "abc" },
		{ "Bearer", NULL, NULL },
		{ "Bearer ", NULL, "" },
		{ "Bearerabc", NULL, NULL },
		{ "Basic dTphYmM=", NULL, "abc" },	/* u:abc */
		{ "BASIC dTphYjpj", NULL, "ab:c" },	/* u:ab:c */
		{ "Basic YWJjOg==", NULL, "abc" },	/* abc: */
		{ "Basic OmFiYw==", NULL, "abc" },	/* :abc */
		{ "Basic Og==", NULL, "" },		/* : */
		{ "Basic YWJj", NULL, "abc" },		/* abc */
		{ "Basic ####", NULL, NULL },
		{ "Digest abc", NULL, NULL },
		{ "", "abc", "abc" },
		{ "", "a%62c", "abc" },
		{ "", "", "" },
		{ "", "a%zz", NULL },
		{ "", "a%00", NULL },
		/* Who sends a field means that. */
		{ "Bearer abc", "def", "abc" },
		{ "Basic ####", "def", NULL },
		{ "Digest abc", "def", "def" },
		{ "", NULL, NULL },
	};
	CLEANUP(arena_done) struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct slice argument = cases[i].argument ?
			slice_str(cases[i].argument) : slice(NULL, 0);
		struct slice got = credential_token(slice_str(
			cases[i].authorization), argument, &a);

		if (!cases[i].token ? got.ptr != NULL : !slice_eq(got,
			slice_str(cases[i].token)))
			fail_msg("\"%s\" and \"%s\" gave \"%.*s\"",
				cases[i].authorization, cases[i].argument ?
				cases[i].argument : "(none)", ARG(got));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
