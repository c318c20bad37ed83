/*
 * Unit tests of serve/negotiate: the variant, and whether the client has it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "serve/negotiate.h"

#define T "0123456789abcdef"
#define TAG "\"" T "\""
#define GZIP_TAG "\"" T "-gz\""
#define BROTLI_TAG "\"" T "-br\""
#define DATE "Wed, 15 May 2024 08:00:00 GMT"
#define LATER "Wed, 15 May 2024 08:00:01 GMT"
#define EARLIER "Wed, 15 May 2024 07:59:59 GMT"

/* Short, for the tables. */
enum { ID = CODING_IDENTITY, GZ = CODING_GZIP, BR = CODING_BROTLI,
	NONE = -1 };

/* "a|b" as two lines; NULL as none. */
static struct lines
lines(const char *text)
{
	struct slice rest = slice_str(text);
	struct lines l = { 0 };

	if (text)
		while (slice_next_field(&rest, '|', &l.line[l.n]))
			l.n++;
	return l;
}

static struct document
document(bool with_gzip)
{
	struct document d = { .status = 200, .mtime = 1715760000, .etag = T };

	d.body[CODING_IDENTITY] = S("a body that is longer than its gzip");
	if (with_gzip)
		d.body[CODING_GZIP] = S("short");
	return d;
}

static void
test_codings(void **state)
{
	static const struct {
		const char *accept;
		unsigned identity, gzip;
	} cases[] = {
		{ NULL, 1, 0 },
		{ "", 1, 0 },
		{ "gzip", 1, 1000 },
		{ "GZIP", 1, 1000 },
		{ "x-gzip", 1, 1000 },
		{ "deflate, gzip;q=0.5", 1, 500 },
		{ "gzip;q=1.0", 1, 1000 },
		{ "gzip ; q=0.25 , br", 1, 250 },
		{ "gzip;Q=0.001", 1, 1 },
		{ "gzip;q=0", 1, 0 },
		{ "gzip;q=0.000", 1, 0 },
		{ "*", 1000, 1000 },
		{ "*;q=0.5", 500, 500 },
		{ "*;q=0", 0, 0 },
		{ "*;q=0, identity", 1000, 0 },
		{ "gzip, *;q=0", 0, 1000 },
		{ "identity;q=0", 0, 0 },
		{ "identity;q=0, *", 0, 1000 },
		{ "identity, gzip;q=0.1", 1000, 100 },
		{ "br|gzip", 1, 1000 },
		{ "br", 1, 0 },
		{ "gzip;q=1.5", 1, 0 },
		{ "gzip;q=-1", 1, 0 },
		{ "gzip;q=", 1, 0 },
		{ "gzip;q=0.1234", 1, 0 },
		{ "gzip;level=9", 1, 1000 },
		{ ",, gzip,", 1, 1000 },
		{ "gzipped", 1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct lines l = lines(cases[i].accept);
		unsigned q[CODING_COUNT];

		negotiate_codings(&l, q);
		if (q[ID] != cases[i].identity || q[GZ] != cases[i].gzip)
			fail_msg("\"%s\": identity %u, gzip %u",
				cases[i].accept, q[ID], q[GZ]);
	}
}

static void
test_tags(void **state)
{
	static const struct {
		const char *list;
		bool listed;
	} cases[] = {
		{ NULL, false },
		{ "", false },
		{ TAG, true },
		{ "W/" TAG, true },
		{ "\"x\", " TAG, true },
		{ "\"x\",W/" TAG ",\"y\"", true },
		{ "\"x\"|" TAG, true },
		{ "*", true },
		{ " * ", true },
		{ ",, " TAG, true },
		{ "\"a,b\"\t," TAG, true },
		{ "\"x\"", false },
		{ T, false },
		{ "\"" T, false },
		{ "w/" TAG, false },
		{ GZIP_TAG, false },
		{ "\"\"", false },
		{ "\"*\"", false },
		{ "x " TAG, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct lines l = lines(cases[i].list);

		if (negotiate_tag_listed(&l, S(T)) != cases[i].listed)
			fail_msg("%s", cases[i].list);
	}
}

static void
test_next_tag(void **state)
{
	struct slice list = S(" W/\"a-gz\" , \"b\"; \"c\""), one;

	(void)state;
	assert_true(negotiate_next_tag(&list, &one));
	assert_true(slice_eq(negotiate_plain_tag(one), S("a")));
	assert_true(negotiate_next_tag(&list, &one));
	assert_true(slice_eq(negotiate_plain_tag(one), S("b")));
	assert_false(negotiate_next_tag(&list, &one));
	assert_true(slice_eq(negotiate_plain_tag(S("a-br")), S("a")));
	assert_true(slice_eq(negotiate_plain_tag(S("-br")), S("")));
}

static void
test_instance_manipulations(void **state)
{
	static const struct {
		const char *a_im;
		bool wanted;
	} cases[] = {
		{ NULL, false },
		{ "", false },
		{ "feed", true },
		{ "Feed", true },
		{ "vcdiff, feed;q=0.5, gzip", true },
		{ "gzip|feed", true },
		{ "feed;q=0", false },
		{ "feeds", false },
		{ "vcdiff;feed", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct lines l = lines(cases[i].a_im);

		if (negotiate_wants_feed(&l) != cases[i].wanted)
			fail_msg("%s", cases[i].a_im);
	}
}

static void
test_variant_tags(void **state)
{
	struct document d = document(true);
	char tag[TAG_SIZE];

	(void)state;
	assert_true(slice_eq(negotiate_tag(&d, CODING_IDENTITY, tag), S(T)));
	assert_true(slice_eq(negotiate_tag(&d, CODING_GZIP, tag), S(T "-gz")));
	assert_true(slice_eq(negotiate_tag(&d, CODING_BROTLI, tag),
		S(T "-br")));
	memset(d.etag, 'f', HASH_HEX);
	assert_int_equal(negotiate_tag(&d, CODING_GZIP, tag).len, HASH_HEX + 3);
	d.etag[0] = '\0';
	assert_int_equal(negotiate_tag(&d, CODING_GZIP, tag).len, 0);
}

struct choice_case {
	const char *accept, *none_match, *since;
	enum verdict verdict;
	int coding;
};

static void
check_choices(const struct choice_case *cases, size_t n,
	const struct document *d)
{
	for (size_t i = 0; i < n; i++) {
		struct head h = {
			.accept_encoding = lines(cases[i].accept),
			.if_none_match = lines(cases[i].none_match),
			.if_modified_since = slice_str(cases[i].since),
		};
		struct choice c = negotiate(&h, d);

		if (c.verdict != cases[i].verdict || (cases[i].coding != NONE
			&& (int)c.coding != cases[i].coding))
			fail_msg("case %zu: verdict %d, coding %d", i,
				c.verdict, c.coding);
	}
}

static void
test_choice(void **state)
{
	static const struct choice_case cases[] = {
		{ NULL, NULL, NULL, VERDICT_FULL, ID },
		{ "gzip", NULL, NULL, VERDICT_FULL, GZ },
		{ "gzip;q=0.5, identity;q=0.9", NULL, NULL, VERDICT_FULL, ID },
		{ "gzip;q=0.9, identity;q=0.9", NULL, NULL, VERDICT_FULL, GZ },
		{ "gzip;q=0", NULL, NULL, VERDICT_FULL, ID },
		{ "*;q=0, identity", NULL, NULL, VERDICT_FULL, ID },
		{ "identity;q=0", NULL, NULL, VERDICT_NONE, NONE },
		{ "identity;q=0, *", NULL, NULL, VERDICT_FULL, GZ },
		{ "*;q=0", TAG, NULL, VERDICT_NONE, NONE },
		/* Tags: the variant that the client has, if it may have it. */
		{ NULL, TAG, NULL, VERDICT_SAME, ID },
		{ "gzip", GZIP_TAG, NULL, VERDICT_SAME, GZ },
		{ "gzip", TAG, NULL, VERDICT_SAME, ID },
		{ "identity, gzip;q=0.1", GZIP_TAG, NULL, VERDICT_SAME, GZ },
		{ "gzip", TAG ", " GZIP_TAG, NULL, VERDICT_SAME, GZ },
		{ NULL, GZIP_TAG, NULL, VERDICT_FULL, ID },
		{ "gzip;q=0", GZIP_TAG, NULL, VERDICT_FULL, ID },
		{ "gzip, identity;q=0", TAG, NULL, VERDICT_FULL, GZ },
		{ "gzip", "*", NULL, VERDICT_SAME, GZ },
		{ NULL, "*", NULL, VERDICT_SAME, ID },
		/* 1715760000 and the lengths of the bodies, as nginx writes. */
		{ NULL, "\"66446b80-23\"", NULL, VERDICT_SAME, ID },
		{ "gzip", "W/\"66446b80-5\"", NULL, VERDICT_SAME, GZ },
		{ NULL, "\"66446b80-5\"", NULL, VERDICT_FULL, ID },
		{ "gzip", "\"66446b80-6\"", NULL, VERDICT_FULL, GZ },
		/* Dates count only where there is no tag. */
		{ NULL, NULL, DATE, VERDICT_SAME, ID },
		{ NULL, NULL, LATER, VERDICT_SAME, ID },
		{ "gzip", NULL, DATE, VERDICT_SAME, GZ },
		{ NULL, NULL, EARLIER, VERDICT_FULL, ID },
		{ NULL, NULL, "yesterday", VERDICT_FULL, ID },
		{ NULL, "\"x\"", DATE, VERDICT_FULL, ID },
		{ NULL, "", DATE, VERDICT_FULL, ID },
		{ NULL, TAG, EARLIER, VERDICT_SAME, ID },
	};
	struct document d = document(true);

	(void)state;
	check_choices(cases, COUNT_OF(cases), &d);
}

static void
test_choice_without_gzip(void **state)
{
	static const struct choice_case cases[] = {
		{ "gzip", NULL, NULL, VERDICT_FULL, ID },
		{ "gzip", GZIP_TAG, NULL, VERDICT_FULL, ID },
		{ "gzip, identity;q=0", NULL, NULL, VERDICT_NONE, NONE },
	};
	struct document d = document(false);

	(void)state;
	check_choices(cases, COUNT_OF(cases), &d);
}

static void
test_choice_with_brotli(void **state)
{
	static const struct choice_case cases[] = {
		{ "gzip, br", NULL, NULL, VERDICT_FULL, BR },
		{ "BR", NULL, NULL, VERDICT_FULL, BR },
		{ "gzip;q=0.5, br;q=0.9", NULL, NULL, VERDICT_FULL, BR },
		{ "br;q=0.5, gzip", NULL, NULL, VERDICT_FULL, GZ },
		{ "br;q=0, gzip", NULL, NULL, VERDICT_FULL, GZ },
		{ "*", NULL, NULL, VERDICT_FULL, BR },
		/* A rank that changed since costs no transfer. */
		{ "br, gzip", GZIP_TAG, NULL, VERDICT_SAME, GZ },
		{ "gzip", BROTLI_TAG, NULL, VERDICT_FULL, GZ },
	};
	struct document d = document(true);

	(void)state;
	d.body[CODING_BROTLI] = S("tiny");
	check_choices(cases, COUNT_OF(cases), &d);
}

static void
test_only_a_200_is_conditional(void **state)
{
	static const struct choice_case cases[] = {
		{ NULL, "*", NULL, VERDICT_FULL, ID },
		{ NULL, TAG, NULL, VERDICT_FULL, ID },
		{ "gzip", NULL, LATER, VERDICT_FULL, GZ },
	};
	struct document d = document(true);

	(void)state;
	d.status = 410;
	check_choices(cases, COUNT_OF(cases), &d);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codings),
		cmocka_unit_test(test_tags),
		cmocka_unit_test(test_next_tag),
		cmocka_unit_test(test_instance_manipulations),
		cmocka_unit_test(test_variant_tags),
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_choice_without_gzip),
		cmocka_unit_test(test_choice_with_brotli),
		cmocka_unit_test(test_only_a_200_is_conditional),
	};

	return cmocka_run_group_tests_name("serve_negotiate", tests, NULL,
		NULL);
}
