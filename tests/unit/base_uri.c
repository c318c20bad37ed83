/*
 * Addresses: the examples of RFC 3986 section 5.4, and limits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/uri.h"

struct example {
	const char *ref, *want;
};

static void
references_resolve_as_in_the_rfc(void **state)
{
	static const struct example examples[] = {
		/* 5.4.1: normal examples */
		{ "g:h", "g:h" }, { "g", "http://a/b/c/g" },
		{ "./g", "http://a/b/c/g" }, { "g/", "http://a/b/c/g/" },
		{ "/g", "http://a/g" }, { "//g", "http://g" },
		{ "?y", "http://a/b/c/d;p?y" }, { "g?y", "http://a/b/c/g?y" },
		{ "#s", "http://a/b/c/d;p?q#s" },
		{ "g#s", "http://a/b/c/g#s" },
		{ "g?y#s", "http://a/b/c/g?y#s" },
		{ ";x", "http://a/b/c/;x" }, { "g;x", "http://a/b/c/g;x" },
		{ "g;x?y#s", "http://a/b/c/g;x?y#s" },
		{ "", "http://a/b/c/d;p?q" }, { ".", "http://a/b/c/" },
		{ "./", "http://a/b/c/" }, { "..", "http://a/b/" },
		{ "../", "http://a/b/" }, { "../g", "http://a/b/g" },
		{ "../..", "http://a/" }, { "../../", "http://a/" },
		{ "../../g", "http://a/g" },
		/* 5.4.2: abnormal examples */
		{ "../../../g", "http://a/g" }, { "../../../../g",
			"http://a/g" },
		{ "/./g", "http://a/g" }, { "/../g", "http://a/g" },
		{ "g.", "http://a/b/c/g." }, { ".g", "http://a/b/c/.g" },
		{ "g..", "http://a/b/c/g.." }, { "..g", "http://a/b/c/..g" },
		{ "./../g", "http://a/b/g" }, { "./g/.", "http://a/b/c/g/" },
		{ "g/./h", "http://a/b/c/g/h" },
		{ "g/../h", "http://a/b/c/h" },
		{ "g;x=1/./y", "http://a/b/c/g;x=1/y" },
		{ "g;x=1/../y", "http://a/b/c/y" },
		{ "g?y/./x", "http://a/b/c/g?y/./x" },
		{ "g?y/../x", "http://a/b/c/g?y/../x" },
		{ "g#s/./x", "http://a/b/c/g#s/./x" },
		{ "g#s/../x", "http://a/b/c/g#s/../x" },
		{ "http:g", "http:g" },
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(examples); i++) {
		struct slice got = uri_resolve(S("http://a/b/c/d;p?q"),
			slice_str(examples[i].ref), &a);

		if (!slice_eq(got, slice_str(examples[i].want)))
			fail_msg("\"%s\" is \"%.*s\"", examples[i].ref,
				ARG(got));
	}
	assert_true(slice_eq(uri_resolve(S("http://a"), S("g"), &a),
		S("http://a/g")));
	assert_null(uri_resolve(S("/b"), S("g"), &a).ptr);
	arena_done(&a);
}

static void
long_addresses_are_none(void **state)
{
	struct arena a = { 0 };
	char *s = arena_alloc(&a, URI_MAX + 2);

	(void)state;
	memset(s, 'x', URI_MAX + 1);
	assert_null(uri_resolve(S("http://a/"), slice(s, URI_MAX + 1),
		&a).ptr);
	assert_non_null(uri_resolve(S("http://a/"), slice(s, URI_MAX),
		&a).ptr);
	arena_done(&a);
}

static void
values_of_a_query_are_encoded_whole(void **state)
{
	struct arena a = { 0 };

	(void)state;
	assert_true(slice_eq(uri_query_value(S("a-b._~1 &=+#?/:@%\xe6\xb8\xaf"),
		&a), S("a-b._~1%20%26%3D%2B%23%3F%2F%3A%40%25%E6%B8%AF")));
	assert_true(slice_eq(uri_segment(S("a/b+c d"), false, &a),
		S("a%2Fb+c%20d")));
	assert_true(slice_eq(uri_segment(S("a/b"), true, &a), S("a/b")));
	assert_true(uri_is_segment(S("a/b-1.atom"), true));
	assert_false(uri_is_segment(S("a/b"), false));
	assert_false(uri_is_segment(S("a%20b"), true));
	assert_false(uri_is_segment(slice("a\0b", 3), true));
	assert_true(uri_is_segment(S(""), false));
	arena_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references_resolve_as_in_the_rfc),
		cmocka_unit_test(long_addresses_are_none),
		cmocka_unit_test(values_of_a_query_are_encoded_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
