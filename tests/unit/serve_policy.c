/*
 * Unit tests of what serve/ decides by who asks, and how often: proxies, the
 * limit on whole answers, forms, the operators' listener, the end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "serve/client.h"
#include "serve/limit.h"
#include "serve_fixture.h"

#define FORM_TYPE "Content-Type: application/x-www-form-urlencoded\r\n"

/* ---- who asks ---- */

static void
test_clients(void **state)
{
	static const struct {
		const char *peer;	/* NULL: a unix socket */
		const char *forwarded, *client;
	} cases[] = {
		{ "198.51.100.7", "", "198.51.100.7" },
		{ "198.51.100.7", "203.0.113.1", "198.51.100.7" },
		{ "10.0.0.1", "", "10.0.0.1" },
		{ "10.0.0.1", "203.0.113.1", "203.0.113.1" },
		{ "10.0.0.1", "192.0.2.9, 203.0.113.1", "203.0.113.1" },
		{ "10.0.0.1", "203.0.113.1, 10.0.0.2", "203.0.113.1" },
		{ "10.0.0.1", "10.0.0.3,10.0.0.2", "10.0.0.3" },
		{ "10.0.0.1", "203.0.113.1, unknown", "10.0.0.1" },
		{ "10.0.0.1", "203.0.113.1:4711", "203.0.113.1" },
		{ "10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1" },
		{ "10.0.0.1", "2001:db8::1", "2001:db8::1" },
		{ "10.0.0.1", ", ,", "10.0.0.1" },
		{ NULL, "203.0.113.1", "203.0.113.1" },
		{ NULL, "192.0.2.9, 203.0.113.1, 10.0.0.1", "203.0.113.1" },
		{ NULL, "", NULL },
		{ NULL, "x", NULL },
	};
	struct network inside;
	struct proxies trusted = { &inside, 1 };

	(void)state;
	assert_true(network_parse(S("10.0.0.0/8"), &inside));
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct address peer, got;
		char text[ADDRESS_TEXT] = "";

		if (cases[i].peer)
			assert_true(address_parse(slice_str(cases[i].peer),
				&peer));
		if (client_find(&trusted, cases[i].peer ? &peer : NULL,
			slice_str(cases[i].forwarded), &got))
			address_print(&got, text);
		if (strcmp(text, cases[i].client ? cases[i].client : ""))
			fail_msg("case %zu: %s", i, text);
	}
}

static void
test_a_proxy_is_believed_where_it_is_trusted(void **state)
{
	static const char header[] = "X-Forwarded-For: 192.0.2.9\r\n"
		"X-Forwarded-For: 203.0.113.1\r\n";
	struct slice loopback = S("127.0.0.0/8");
	struct fixture f;
	struct reply r;

	(void)state;
	for (int trusted = 0; trusted < 2; trusted++) {
		fixture_init(&f);
		f.conf.proxies = &loopback;
		f.conf.n_proxies = (size_t)trusted;
		fixture_start(&f);
		r = ask(&f, "GET", "/plain", header);
		assert_int_equal(r.status, 200);
		reply_done(&r);
		fixture_stop(&f);
		assert_string_equal(f.last_client, trusted ? "203.0.113.1" :
			"127.0.0.1");
	}
}

/* ---- whole answers ---- */

static void
test_limit(void **state)
{
	struct limit *l = limit_new(2, LIMIT_HOUR_S);
	struct address a, b;

	(void)state;
	assert_true(address_parse(S("192.0.2.1"), &a));
	assert_true(address_parse(S("192.0.2.2"), &b));
	assert_int_equal(limit_take(l, &a, S("/f"), 1000), 0);
	assert_int_equal(limit_take(l, &a, S("/f"), 1100), 0);
	assert_int_equal(limit_take(l, &a, S("/f"), 1600), 3000);
	assert_int_equal(limit_take(l, &a, S("/g"), 1600), 0);
	assert_int_equal(limit_take(l, &b, S("/f"), 1600), 0);
	assert_int_equal(limit_take(l, &a, S("/f"), 4599), 1);
	assert_int_equal(limit_take(l, &a, S("/f"), 4600), 0);
	limit_free(l);
	limit_free(NULL);
}

/* More clients than it has room for: it forgets, and stays as it is. */
static void
test_limit_under_a_flood(void **state)
{
	struct limit *l = limit_new(1, LIMIT_HOUR_S);
	struct address a;
	size_t refused = 0;

	(void)state;
	assert_true(address_parse(S("10.0.0.0"), &a));
	for (unsigned i = 0; i < 200000; i++) {
		memcpy(a.byte + 13, &i, 3);
		assert_int_equal(limit_take(l, &a, S("/f"), 1000 + i / 100),
			0);
		refused += limit_take(l, &a, S("/f"), 1000 + i / 100) > 0;
	}
	assert_int_equal(refused, 200000);
	limit_free(l);
}

static void
test_whole_answers_are_limited(void **state)
{
	static const struct {
		const char *path, *headers;
		int status;
	} cases[] = {
		{ "/feeds/a.atom", "", 404 },
		{ "/feeds/a.atom", "", 404 },
		{ "/feeds/a.atom", "", 429 },
		{ "/feeds/a.atom?x", "", 429 },
		{ "/feeds/a.atom", "If-None-Match: \"x\"\r\n", 404 },
		{ "/feeds/a.atom", "If-Modified-Since: x\r\n", 404 },
		{ "/feeds/b.atom", "", 404 },
		{ "/plain", "", 200 },
		{ "/plain", "", 200 },
		{ "/plain", "", 200 },
	};
	struct fixture f;

	(void)state;
	fixture_init(&f);
	f.conf.unconditional_max = 2;
	fixture_start(&f);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct reply r = ask(&f, "GET", cases[i].path,
			cases[i].headers);

		if (r.status != cases[i].status)
			fail_msg("case %zu: %d", i, r.status);
		if (r.status == 429) {
			assert_string_equal(reply_header(&r, "Cache-Control"),
				"no-store");
			assert_in_range(strtol(reply_header(&r, "Retry-After"),
				NULL, 10), 3500, 3600);
		}
		reply_done(&r);
	}
	fixture_stop(&f);
	assert_string_equal(f.limit, "unconditional-max, by 127.0.0.1");
	assert_int_equal(f.status.limited, 2);
}

/* ---- forms ---- */

static void
test_a_form_reaches_the_hub(void **state)
{
	struct fixture f;
	struct reply r;
	int fd;

	(void)state;
	fixture_init(&f);
	fixture_start(&f);
	fd = client_send(&f, "POST /hub HTTP/1.1\r\nHost: a\r\n" FORM_TYPE
		"Content-Length: 10\r\n\r\nhub.");
	usleep(20 * 1000);
	send_bytes(fd, "mode=x" "POST /hub HTTP/1.1\r\nHost: a\r\n" FORM_TYPE
		"Content-Length: 3\r\n\r\na=b");
	for (int i = 0; i < 2; i++) {
		r = reply_read(fd, false);
		assert_int_equal(r.status, 200);
		reply_done(&r);
		if (i == 1)
			assert_string_equal(f.last_form, "a=b");
	}
	close(fd);
	fixture_stop(&f);
	fixture_init(&f);
	f.no_hub = true;
	fixture_start(&f);
	r = ask(&f, "POST", "/hub", FORM_TYPE "Content-Length: 0\r\n");
	assert_int_equal(r.status, 404);
	reply_done(&r);
	fixture_stop(&f);
}

static struct reply
post(const struct fixture *f, const char *form)
{
	char text[200];
	struct reply r;
	int fd;

	snprintf(text, sizeof(text), "POST /hub HTTP/1.1\r\nHost: a\r\n"
		FORM_TYPE "Content-Length: %zu\r\n\r\n%s", strlen(form),
		form);
	fd = client_send(f, text);
	r = reply_read(fd, false);
	close(fd);
	return r;
}

static void
assert_allows(const struct fixture *f, const char *method, unsigned status)
{
	struct reply r = ask(f, method, "/hub", "");

	assert_int_equal(r.status, status);
	assert_header(&r, "Allow", "POST, OPTIONS");
	reply_done(&r);
}

static void
test_the_hub_says_a_few_words(void **state)
{
	struct fixture f;
	struct reply r;

	(void)state;
	fixture_init(&f);
	fixture_start(&f);
	r = post(&f, "wait");
	assert_int_equal(r.status, 429);
	assert_header(&r, "Retry-After", "17");
	assert_header(&r, "Content-Type", "text/plain; charset=utf-8");
	assert_header(&r, "Cache-Control", "no-store");
	assert_string_equal(r.body, "wait");
	reply_done(&r);
	r = post(&f, "other");
	assert_int_equal(r.status, 405);
	assert_header(&r, "Allow", "POST");
	reply_done(&r);
	assert_allows(&f, "PUT", 405);
	assert_allows(&f, "OPTIONS", 204);
	fixture_stop(&f);
}

static void
test_a_form_that_never_ends(void **state)
{
	struct fixture f;
	int fd;

	(void)state;
	fixture_init(&f);
	f.conf.header_ms = 300;
	fixture_start(&f);
	fd = client_send(&f, "POST /hub HTTP/1.1\r\nHost: a\r\n" FORM_TYPE
		"Content-Length: 10\r\n\r\nhub.");
	assert_true(is_closed_within(fd, 5000));
	close(fd);
	fixture_stop(&f);
}

/* ---- the operators' listener ---- */

static void
test_status_is_another_place(void **state)
{
	struct slice where = S("127.0.0.1:0");
	struct fixture f;
	struct reply r;

	(void)state;
	fixture_init(&f);
	f.conf.status = &where;
	f.conf.n_status = 1;
	fixture_start(&f);
	r = ask(&f, "GET", "/status", "");
	assert_int_equal(r.status, 404);
	reply_done(&r);
	f.port = f.status_port;
	r = ask(&f, "GET", "/status", "");
	assert_int_equal(r.status, 200);
	assert_string_equal(r.body, "/status");
	reply_done(&r);
	r = ask(&f, "POST", "/hub", FORM_TYPE "Content-Length: 0\r\n");
	assert_int_equal(r.status, 405);
	reply_done(&r);
	r = ask(&f, "GET", "/healthz", "");
	assert_int_equal(r.status, 200);
	reply_done(&r);
	fixture_stop(&f);
}

/* ---- the end ---- */

/* What was asked is answered, and the connection closed behind that. */
static void
test_drain(void **state)
{
	struct fixture f;
	struct reply r;
	int late, idle;

	(void)state;
	fixture_init(&f);
	fixture_start(&f);
	idle = client_send(&f, "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
	r = reply_read(idle, false);
	reply_done(&r);
	late = client_send(&f, "GET /late HTTP/1.1\r\nHost: a\r\n\r\n");
	while (f.asked < 2)
		usleep(1000);
	fixture_pause(&f);
	serve_drain(f.serve);
	fixture_go(&f);
	r = reply_read(late, false);
	assert_int_equal(r.status, 200);
	assert_string_equal(reply_header(&r, "Connection"), "close");
	reply_done(&r);
	send_bytes(idle, "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
	r = reply_read(idle, false);
	assert_int_equal(r.status, 200);
	assert_string_equal(reply_header(&r, "Connection"), "close");
	reply_done(&r);
	assert_true(is_closed_within(idle, 5000));
	close(idle);
	close(late);
	fixture_pause(&f);
	assert_true(serve_is_drained(f.serve));
	fixture_go(&f);
	fixture_stop(&f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clients),
		cmocka_unit_test(test_a_proxy_is_believed_where_it_is_trusted),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_limit_under_a_flood),
		cmocka_unit_test(test_whole_answers_are_limited),
		cmocka_unit_test(test_a_form_reaches_the_hub),
		cmocka_unit_test(test_the_hub_says_a_few_words),
		cmocka_unit_test(test_a_form_that_never_ends),
		cmocka_unit_test(test_status_is_another_place),
		cmocka_unit_test(test_drain),
	};

	return cmocka_run_group_tests_name("serve_policy", tests, NULL, NULL);
}
