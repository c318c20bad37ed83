/*
 * The client against one peer: what it sends, what it makes of answers, and
 * that it always ends.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "push_peer.h"

/* It ended well, with that status. */
static void
assert_status(const struct call *c, int status)
{
	if (c->failed.kind != ERR_NONE)
		fail_msg("%s", c->failed.text);
	assert_int_equal(c->status, status);
	assert_true(c->sent);
}

static void
assert_failed(const struct call *c, enum err_kind kind, bool sent)
{
	if (c->failed.kind != kind || c->sent != sent)
		fail_msg("kind %d, sent %d: %s", c->failed.kind, c->sent,
			c->failed.text);
}

static void
assert_has(struct slice text, const char *part)
{
	if (slice_find(text, slice_str(part), 0) < 0)
		fail_msg("\"%s\" is not in \"%.*s\"", part, ARG(text));
}

static void
an_answer_is_kept(void **state)
{
	struct call c = peer_call("GET", "/ok");
	struct slice body = peer_ask(&c);

	(void)state;
	assert_status(&c, 200);
	assert_true(c.whole);
	assert_true(slice_eq(body, S("ok")));
	c = peer_call("GET", "/chunked");
	body = peer_ask(&c);
	assert_true(slice_eq(body, S("abcdefg")));
	c = peer_call("GET", "/none");
	body = peer_ask(&c);
	assert_status(&c, 204);
	assert_int_equal(body.len, 0);
}

static void
a_request_is_what_was_asked_for(void **state)
{
	static const char *const headers[] = {
		"Content-Type: application/json", "X-One: 1",
	};
	struct call c = peer_call("POST", "/echo/../a?b=%20c&&d");
	struct slice text;

	(void)state;
	c.url = peer_url("127.0.0.1", "/echo?b=%20c&&d=/../x");
	c.headers = headers;
	c.n_headers = COUNT_OF(headers);
	c.body = S("{\"a\":1}");
	text = peer_ask(&c);
	assert_status(&c, 200);
	assert_true(slice_starts(text,
		S("POST /echo?b=%20c&&d=/../x HTTP/1.1\r\n")));
	assert_has(text, "\r\nContent-Type: application/json\r\n");
	assert_has(text, "\r\nX-One: 1\r\n");
	assert_has(text, "\r\nUser-Agent: test/1\r\n");
	assert_has(text, "\r\nContent-Length: 7\r\n");
	assert_has(text, "\r\n\r\n{\"a\":1}");
	assert_int_equal(slice_find(text, S("Expect"), 0), -1);
	assert_int_equal(slice_find(text, S("Accept-Encoding"), 0), -1);
}

/* A handle that is used again keeps nothing of the call before. */
static void
one_call_leaves_nothing_to_the_next(void **state)
{
	static const char *const headers[] = { "X-Secret: 1" };
	struct call first = peer_call("PUT", "/echo"), c;
	struct slice text;

	(void)state;
	first.headers = headers;
	first.n_headers = 1;
	first.body = S("first");
	first.compressed = true;
	text = peer_ask(&first);
	assert_true(slice_starts(text, S("PUT /echo ")));
	assert_has(text, "\r\nAccept-Encoding: ");
	c = peer_call("GET", "/echo");
	text = peer_ask(&c);
	assert_true(slice_starts(text, S("GET /echo ")));
	assert_int_equal(slice_find(text, S("X-Secret"), 0), -1);
	assert_int_equal(slice_find(text, S("Accept-Encoding"), 0), -1);
	assert_int_equal(slice_find(text, S("first"), 0), -1);
	c = peer_call("POST", "/echo");
	text = peer_ask(&c);
	assert_true(slice_starts(text, S("POST /echo ")));
	assert_has(text, "\r\nContent-Length: 0\r\n");
	c = peer_call("DELETE", "/echo");
	text = peer_ask(&c);
	assert_true(slice_starts(text, S("DELETE /echo ")));
}

static void
a_path_is_left_as_it_is(void **state)
{
	struct call c = peer_call("GET", "/echo/./a/../b//c?x=./..");
	struct slice text = peer_ask(&c);

	(void)state;
	assert_true(slice_starts(text, S("GET /echo/./a/../b//c?x=./.. ")));
}

static struct call *looked_at;
static char type[64], location[64], retry_after[64], early[8];

static void
copy(struct slice s, char ret[64])
{
	snprintf(ret, 64, "%.*s", ARG(s.ptr ? s : S("(none)")));
}

static void (*keep)(struct call *);

static void
look(struct call *c)
{
	looked_at = c;
	copy(c->type, type);
	copy(c->location, location);
	copy(c->retry_after, retry_after);
	early[0] = call_header(c, S("x-early")).ptr ? 'y' : 'n';
	keep(c);
}

static void
ask_and_look(struct call *c)
{
	keep = c->done;
	c->done = look;
	peer_ask(c);
	assert_ptr_equal(looked_at, c);
}

static void
headers_of_an_answer_are_found(void **state)
{
	struct call c = peer_call("GET", "/gone");

	(void)state;
	ask_and_look(&c);
	assert_status(&c, 410);
	assert_string_equal(type, "text/plain");
	assert_string_equal(retry_after, "120");
	assert_string_equal(location, "(none)");
}

static void
a_redirect_is_not_followed(void **state)
{
	struct call c = peer_call("GET", "/moved");

	(void)state;
	ask_and_look(&c);
	assert_status(&c, 302);
	assert_string_equal(location, "/ok");
	assert_int_equal(peer.requests, 1);
}

static void
early_hints_are_passed_over(void **state)
{
	struct call c = peer_call("GET", "/hints");

	(void)state;
	ask_and_look(&c);
	assert_status(&c, 200);
	assert_int_equal(early[0], 'n');
}

/* ---- limits ---- */

static void
an_answer_that_is_too_long_is_an_error(void **state)
{
	struct call c = peer_call("GET", "/big/1048576");

	(void)state;
	peer_ask(&c);
	assert_status(&c, 200);
	c = peer_call("GET", "/big/1048577");
	peer_ask(&c);
	assert_failed(&c, ERR_LIMIT, true);
	assert_int_equal(c.status, 200);
	c = peer_call("GET", "/endless");
	c.answer_max = 5000;
	peer_ask(&c);
	assert_failed(&c, ERR_LIMIT, true);
}

static void
an_answer_that_nobody_reads_is_cut(void **state)
{
	static const char *const paths[] = { "/big/100000", "/endless" };
	struct slice body;
	struct call c;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		c = peer_call("POST", paths[i]);
		c.answer_max = CALL_ANSWER_CUT;
		c.cut = true;
		body = peer_ask(&c);
		assert_status(&c, 200);
		assert_int_equal(body.len, CALL_ANSWER_CUT);
		assert_false(c.whole);
	}
	c = peer_call("POST", "/drip");
	c.cut = true;
	c.total_ms = 200;
	peer_ask(&c);
	assert_status(&c, 200);
	assert_false(c.whole);
	c = peer_call("POST", "/big/4096");
	c.answer_max = CALL_ANSWER_CUT;
	c.cut = true;
	peer_ask(&c);
	assert_true(c.whole);
}

static void
what_is_packed_counts_unpacked(void **state)
{
	struct call c = peer_call("GET", "/bomb");
	struct slice body;

	(void)state;
	c.compressed = true;
	peer_ask(&c);
	assert_failed(&c, ERR_LIMIT, true);
	/* Who did not ask for it gets it as it is. */
	c = peer_call("GET", "/bomb");
	body = peer_ask(&c);
	assert_status(&c, 200);
	assert_true(slice_starts(body, S("\x1f\x8b")));
}

static void
a_head_has_limits(void **state)
{
	static const char *const paths[] = { "/many-lines", "/long-head" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		struct call c = peer_call("GET", paths[i]);

		peer_ask(&c);
		assert_failed(&c, ERR_LIMIT, true);
		assert_int_equal(c.status, 0);
	}
}

static void
every_call_ends_by_its_deadline(void **state)
{
	static const char *const paths[] = { "/drip", "/silent",
		"/half-head" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		struct call c = peer_call("POST", paths[i]);
		int64_t began = clock_mono_ms();

		c.total_ms = 150;
		peer_ask(&c);
		assert_failed(&c, ERR_IO, true);
		assert_non_null(strstr(c.failed.text, "took too long"));
		assert_in_range(clock_mono_ms() - began, 100, 2000);
		assert_in_range(c.took_ms, 100, 2000);
	}
}

static void
what_was_cut_off_is_an_error(void **state)
{
	static const char *const paths[] = { "/reset", "/reset-mid" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		struct call c = peer_call("POST", paths[i]);

		c.body = S("once");
		peer_ask(&c);
		assert_failed(&c, ERR_IO, true);
		assert_int_equal(peer.requests, i + 1);
	}
}

static void
what_is_not_http_is_an_error(void **state)
{
	struct call c = peer_call("GET", "/garbage");

	(void)state;
	peer_ask(&c);
	assert_failed(&c, ERR_SYNTAX, true);
}

/* ---- what is certainly not sent ---- */

static void
nothing_is_sent_where_nobody_listens(void **state)
{
	struct call c = peer_call("POST", "/ok");

	(void)state;
	c.url = "http://127.0.0.1:1/";
	peer_ask(&c);
	assert_failed(&c, ERR_IO, false);
	assert_non_null(strstr(c.failed.text, "cannot connect"));
}

static void
nothing_is_sent_where_tls_fails(void **state)
{
	struct call c = peer_call("POST", "/ok");
	char url[64];

	(void)state;
	/* The peer waits for a head that never ends. */
	snprintf(url, sizeof(url), "https://127.0.0.1:%d/", peer.port);
	c.url = url;
	c.total_ms = c.connect_ms = 150;
	peer_ask(&c);
	assert_failed(&c, ERR_IO, false);
}

static void
what_is_no_address_is_not_sent(void **state)
{
	static const char *const urls[] = { "", "http://", "ftp://127.0.0.1/",
		"file:///etc/passwd", "http://u:p@127.0.0.1/",
		"gopher://127.0.0.1/" };
	static const char *const broken[] = { "X: y\r\nZ: w" };
	static const char *many[CALL_HEADERS_MAX + 1];
	struct call c;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(urls); i++) {
		c = peer_call("GET", "/ok");
		c.url = urls[i];
		peer_ask(&c);
		assert_failed(&c, ERR_SYNTAX, false);
	}
	c = peer_call("GET", "/ok");
	c.headers = broken;
	c.n_headers = 1;
	peer_ask(&c);
	assert_failed(&c, ERR_SYNTAX, false);
	for (size_t i = 0; i < COUNT_OF(many); i++)
		many[i] = "X: y";
	c = peer_call("GET", "/ok");
	c.headers = many;
	c.n_headers = CALL_HEADERS_MAX;
	peer_ask(&c);
	assert_status(&c, 200);
	c.n_headers++;
	peer_ask(&c);
	assert_failed(&c, ERR_LIMIT, false);
}

/* ---- the guard ---- */

static void
strangers_do_not_reach_inside(void **state)
{
	static const char *const hosts[] = { "127.0.0.1", "127.1",
		"2130706433", "0x7f000001", "0177.0.0.1", "[::1]",
		"[::ffff:127.0.0.1]", "localhost", "a.localhost", "0.0.0.0",
		"10.0.0.1", "169.254.169.254", "192.168.1.1",
		"[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(hosts); i++) {
		struct call c = peer_call("POST", "/ok");

		c.url = peer_url(hosts[i], "/ok");
		c.allow = NULL;
		peer_ask(&c);
		assert_failed(&c, ERR_REFUSED, false);
		assert_true(c.failed.hint[0] != '\0');
	}
	assert_int_equal(peer.connections, 0);
}

/* A connection that was opened for a friend is not lent to a stranger. */
static void
strangers_get_no_connection_that_is_there(void **state)
{
	struct call friend = peer_call("POST", "/ok");
	struct call stranger = peer_call("POST", "/ok");

	(void)state;
	peer_ask(&friend);
	assert_status(&friend, 200);
	stranger.allow = NULL;
	peer_ask(&stranger);
	assert_failed(&stranger, ERR_REFUSED, false);
	assert_int_equal(peer.requests, 1);
	peer_ask(&friend);
	assert_status(&friend, 200);
}

static void
our_own_listener_is_refused(void **state)
{
	struct endpoint own = { .port = (uint16_t)peer.port };
	struct network none = { .bits = 128 };
	struct networks other = { &none, 1 };
	struct call c = peer_call("POST", "/ok");

	(void)state;
	assert_true(address_parse(S("0.0.0.0"), &own.at));
	peer_limits(&(struct client_limits){ .guard = { &own, 1 } });
	c.allow = &other;
	peer_ask(&c);
	assert_failed(&c, ERR_REFUSED, false);
	c = peer_call("POST", "/ok");
	peer_ask(&c);
	assert_status(&c, 200);
}

static void
proxies_are_not_asked(void **state)
{
	struct call c = peer_call("GET", "/ok");

	(void)state;
	setenv("http_proxy", "http://127.0.0.1:1/", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1/", 1);
	peer_limits(&(struct client_limits){ .agent = "test/1" });
	peer_ask(&c);
	assert_status(&c, 200);
	unsetenv("http_proxy");
	unsetenv("ALL_PROXY");
}

/* ---- connections ---- */

static void
connections_are_used_again(void **state)
{
	struct call c = peer_call("POST", "/ok");

	(void)state;
	for (int i = 0; i < 5; i++)
		peer_ask(&c);
	assert_status(&c, 200);
	assert_int_equal(peer.requests, 5);
	assert_int_equal(peer.connections, 1);
}

static void
a_fresh_call_has_its_own(void **state)
{
	struct call c = peer_call("POST", "/ok"), fresh = c;

	(void)state;
	fresh.fresh = true;
	peer_ask(&c);
	peer_ask(&fresh);
	peer_ask(&fresh);
	assert_int_equal(peer.connections, 3);
	/* Nobody uses theirs again, and the first is still there. */
	peer_ask(&c);
	assert_int_equal(peer.connections, 3);
	assert_status(&c, 200);
}

/* libcurl sends again what dies on a connection that it had kept. */
static void
a_fresh_call_is_sent_once(void **state)
{
	struct call c = peer_call("POST", "/one-only"), fresh = c;

	(void)state;
	c.body = fresh.body = S("once");
	fresh.fresh = true;
	peer_ask(&c);
	assert_int_equal(peer.requests, 1);
	peer_ask(&c);
	assert_status(&c, 200);
	assert_int_equal(peer.requests, 3);
	peer_ask(&fresh);
	assert_status(&fresh, 200);
	assert_int_equal(peer.requests, 4);
	/* And what dies on a new one is not sent again either. */
	fresh.url = peer_url("127.0.0.1", "/reset");
	peer_ask(&fresh);
	assert_failed(&fresh, ERR_IO, true);
	assert_int_equal(peer.requests, 5);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, peer_begin, peer_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_answer_is_kept),
		TEST(a_request_is_what_was_asked_for),
		TEST(one_call_leaves_nothing_to_the_next),
		TEST(a_path_is_left_as_it_is),
		TEST(headers_of_an_answer_are_found),
		TEST(a_redirect_is_not_followed),
		TEST(early_hints_are_passed_over),
		TEST(an_answer_that_is_too_long_is_an_error),
		TEST(an_answer_that_nobody_reads_is_cut),
		TEST(what_is_packed_counts_unpacked),
		TEST(a_head_has_limits),
		TEST(every_call_ends_by_its_deadline),
		TEST(what_was_cut_off_is_an_error),
		TEST(what_is_not_http_is_an_error),
		TEST(nothing_is_sent_where_nobody_listens),
		TEST(nothing_is_sent_where_tls_fails),
		TEST(what_is_no_address_is_not_sent),
		TEST(strangers_do_not_reach_inside),
		TEST(strangers_get_no_connection_that_is_there),
		TEST(our_own_listener_is_refused),
		TEST(proxies_are_not_asked),
		TEST(connections_are_used_again),
		TEST(a_fresh_call_has_its_own),
		TEST(a_fresh_call_is_sent_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
