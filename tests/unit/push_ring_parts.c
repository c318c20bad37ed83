/*
 * The ring's pure parts: where a walk is, how patient we are, how a signature
 * is written, and what a document is called.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "feed/render.h"
#include "push/issue.h"
#include "push/patience.h"
#include "push/receivers.h"
#include "push/signature.h"
#include "push/walk.h"

/* ---- walks ---- */

static void
a_walk_that_nothing_disturbs(void **state)
{
	struct walk w;

	(void)state;
	walk_begin(&w, &(struct fanout){ .version = 1, .hi = 100 });
	assert_int_equal(walk_upto(&w), 100);
	assert_false(walk_read(&w, 10, 10, 40));
	assert_int_equal(w.read, 40);
	assert_true(walk_read(&w, 3, 10, 90));
	assert_true(w.over);
	w.taken = 90;
	assert_int_equal(walk_cursor(&w, 50), 49);
	assert_int_equal(walk_cursor(&w, 0), 90);
}

static void
a_walk_goes_on_past_the_end(void **state)
{
	struct walk w;

	(void)state;
	walk_begin(&w, &(struct fanout){ .version = 2, .cursor = 40,
		.stop = 40, .hi = 100 });
	assert_int_equal(w.read, 40);
	assert_int_equal(walk_upto(&w), 100);
	/* A full page, and its last is the last there is. */
	assert_true(walk_read(&w, 10, 10, 100));
	assert_false(w.over);
	assert_int_equal(w.read, 0);
	assert_int_equal(walk_upto(&w), 40);
	assert_true(walk_read(&w, 10, 10, 40));
	assert_true(w.over);
}

/* Between stop and the end nobody is left; then before it. */
static void
a_walk_may_find_nobody(void **state)
{
	struct walk w;

	(void)state;
	walk_begin(&w, &(struct fanout){ .version = 2, .cursor = 40,
		.stop = 40, .hi = 30 });
	assert_true(walk_read(&w, 0, 10, 0));
	assert_false(w.over);
	walk_begin(&w, &(struct fanout){ .version = 2, .cursor = 10,
		.stop = 40, .hi = 100 });
	assert_true(w.passed);
	assert_int_equal(walk_upto(&w), 40);
	assert_true(walk_read(&w, 0, 10, 0));
	assert_true(w.over);
}

/* ---- patience ---- */

static void
patience_grows_and_ends(void **state)
{
	static const int64_t seconds[PATIENCE_TRIES] = { 10, 60, 300, 1800,
		7200, 21600, 43200 };
	struct slice nothing = { 0 };

	(void)state;
	for (int tries = 1; tries <= PATIENCE_TRIES; tries++)
		for (int i = 0; i < 100; i++)
			assert_in_range(patience_next(tries, nothing, 5000),
				5000 + seconds[tries - 1] * 800,
				5000 + seconds[tries - 1] * 1200);
	assert_int_equal(patience_next(PATIENCE_TRIES + 1, nothing, 5000),
		-1);
	assert_in_range(patience_first(0), 8000, 12000);
}

static void
patience_hears_what_it_is_asked(void **state)
{
	int64_t now = 784111777000;	/* Sun, 06 Nov 1994 08:49:37 GMT */

	(void)state;
	assert_int_equal(patience_next(1, S("120"), now), now + 120000);
	assert_int_equal(patience_next(1, S("9999999"), now),
		now + 12 * 3600 * 1000);
	assert_int_equal(patience_next(1,
		S("Sun, 06 Nov 1994 08:59:37 GMT"), now), now + 600000);
	/* Less than we would wait, the past, and nonsense. */
	assert_in_range(patience_next(2, S("1"), now), now + 48000,
		now + 72000);
	assert_in_range(patience_next(1,
		S("Sun, 06 Nov 1994 08:00:00 GMT"), now), now + 8000,
		now + 12000);
	assert_in_range(patience_next(1, S("soon"), now), now + 8000,
		now + 12000);
}

/* ---- hosts ---- */

static void
a_host_is_slow_after_five_failures(void **state)
{
	struct receivers r = { .share = 3 };
	struct receiver *h = receiver_get(&r, S("example.org"));

	(void)state;
	h->flights = 2;
	h->active = 2;
	assert_true(receiver_is_free(&r, h));
	h->fails = RECEIVER_FAILS_MAX;
	assert_true(receiver_is_slow(h));
	assert_false(receiver_is_free(&r, h));
	receiver_leave(&r, h);
	receiver_leave(&r, h);
	/* It is remembered for that. */
	assert_ptr_equal(receiver_get(&r, S("example.org")), h);
	h->flights = 1;
	h->fails = 0;
	receiver_leave(&r, h);
	assert_int_equal(r.hosts.n, 0);
	receivers_done(&r);
}

/* Who takes a slot nearly as long as one that is dead counts as one. */
static void
a_host_is_slow_after_five_slow_answers(void **state)
{
	struct receiver h = { .fails = 0 };

	(void)state;
	for (int i = 0; i < RECEIVER_FAILS_MAX - 1; i++)
		receiver_ended(&h, true, 9000, 7 + i);
	assert_int_equal(h.moved, 7 + RECEIVER_FAILS_MAX - 2);
	assert_false(receiver_is_slow(&h));
	receiver_ended(&h, true, RECEIVER_SLOW_MS, 20);
	assert_true(receiver_is_slow(&h));
	receiver_ended(&h, false, 1, 21);
	assert_int_equal(h.moved, 20);
	assert_true(receiver_is_slow(&h));
	receiver_ended(&h, true, RECEIVER_SLOW_MS - 1, 22);
	assert_int_equal(h.fails, 0);
	assert_int_equal(h.moved, 22);
}

/* ---- signatures ---- */

static void
signatures_by_every_method(void **state)
{
	/* RFC 2202 and 4231, test case 2. */
	static const char *const lines[] = {
		[SIGNATURE_SHA1] = "X-Hub-Signature: sha1="
			"effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
		[SIGNATURE_SHA256] = "X-Hub-Signature: sha256="
			"5bdcc146bf60754e6a042426089575c7"
			"5a003f089d2739839dec58b964ec3843",
		[SIGNATURE_SHA384] = "X-Hub-Signature: sha384="
			"af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47"
			"e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
		[SIGNATURE_SHA512] = "X-Hub-Signature: sha512="
			"164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd6"
			"10270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fd"
			"caeab1a34d4a6b4b636e070a38bce737",
	};
	struct signers signers = { 0 };
	char line[SIGNATURE_LINE];

	(void)state;
	for (enum signature m = 0; m < COUNT_OF(lines); m++) {
		signature_line(&signers, m, S("Jefe"),
			S("what do ya want for nothing?"), line);
		assert_string_equal(line, lines[m]);
	}
	signers_done(&signers);
}

/* ---- documents ---- */

/* Every format is sent as the type that it is served as. */
static void
a_format_has_one_type(void **state)
{
	struct config *c = x_calloc(1, sizeof(*c));
	char url[100], line[100];
	struct err e;

	(void)state;
	c->refs = 1;
	c->site.url = S("https://example.org/");
	c->publish_dir = "/nowhere";
	for (size_t i = 0; renderers[i]; i++) {
		struct issue *s;

		snprintf(url, sizeof(url), "https://example.org/feeds/all.%s",
			renderers[i]->ending);
		snprintf(line, sizeof(line), "Content-Type: %s",
			renderers[i]->type);
		s = issue_new(c, slice_str(url));
		assert_int_equal(issue_read(s, &e), -1);
		assert_int_equal(e.kind, ERR_MISSING);
		assert_string_equal(s->headers[0], line);
		issue_unref(s);
	}
	config_unref(c);
}

static void
only_our_own_documents_are_read(void **state)
{
	static const char *const urls[] = {
		"https://example.org.evil/feeds/all.atom",
		"http://example.org/feeds/all.atom",
		"https://example.org/../../etc/x.atom",
		"https://example.org/%2e%2e/%2e%2e/x.atom",
		"https://example.org/feeds/all%00.atom",
		"https://example.org/feeds/all.html",
	};
	struct config *c = x_calloc(1, sizeof(*c));
	struct err e;

	(void)state;
	c->refs = 1;
	c->site.url = S("https://example.org/");
	c->publish_dir = "/tmp";
	for (size_t i = 0; i < COUNT_OF(urls); i++) {
		struct issue *s = issue_new(c, slice_str(urls[i]));

		assert_int_equal(issue_read(s, &e), -1);
		issue_unref(s);
	}
	config_unref(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_walk_that_nothing_disturbs),
		cmocka_unit_test(a_walk_goes_on_past_the_end),
		cmocka_unit_test(a_walk_may_find_nobody),
		cmocka_unit_test(patience_grows_and_ends),
		cmocka_unit_test(patience_hears_what_it_is_asked),
		cmocka_unit_test(a_host_is_slow_after_five_failures),
		cmocka_unit_test(a_host_is_slow_after_five_slow_answers),
		cmocka_unit_test(signatures_by_every_method),
		cmocka_unit_test(a_format_has_one_type),
		cmocka_unit_test(only_our_own_documents_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
