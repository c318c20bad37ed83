/*
 * The guard: every network that is refused, in every disguise, and every
 * address that is none.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "push/guard.h"

static const struct guard no_guard;

/* ---- the kernel, for this program: its machine is 8.8.4.4 ---- */

int
connect(int fd, const struct sockaddr *to, socklen_t len)
{
	(void)fd;
	(void)to;
	(void)len;
	return 0;
}

int
getsockname(int fd, struct sockaddr *ret, socklen_t *len)
{
	struct sockaddr_in from = { .sin_family = AF_INET };

	(void)fd;
	from.sin_addr.s_addr = htonl(0x08080404);
	*len = sizeof(from);
	memcpy(ret, &from, sizeof(from));
	return 0;
}


/* A socket's address, as libcurl gives it. */
static struct sockaddr_storage
socket_address(const char *text, uint16_t port)
{
	struct sockaddr_storage s = { 0 };
	struct sockaddr_in *v4 = (struct sockaddr_in *)&s;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&s;

	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		return s;
	}
	assert_int_equal(inet_pton(AF_INET6, text, &v6->sin6_addr), 1);
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(port);
	return s;
}

static const char *
refuses(const struct guard *g, const char *text, uint16_t port,
	const struct networks *allow)
{
	struct sockaddr_storage s = socket_address(text, port);

	return guard_refuses(g, (struct sockaddr *)&s, allow);
}

/* First and last of each network, and what embeds them. */
static const char *const refused[] = {
	"0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255",
	"100.64.0.0", "100.127.255.255", "127.0.0.0", "127.0.0.1",
	"127.255.255.255", "169.254.0.0", "169.254.169.254",
	"169.254.255.255", "172.16.0.0", "172.31.255.255", "192.0.0.0",
	"192.0.0.255", "192.0.2.0", "192.0.2.255", "192.88.99.1",
	"192.168.0.0", "192.168.255.255", "198.18.0.0", "198.19.255.255",
	"198.51.100.0", "198.51.100.255", "203.0.113.0", "203.0.113.255",
	"224.0.0.0", "239.255.255.255", "240.0.0.0", "255.255.255.255",
	"::", "::1", "::7f00:1", "fc00::", "fdff:ffff::1", "fe80::",
	"febf::1", "fec0::1", "ff00::", "ff02::1", "2001:db8::",
	"2001:db8:ffff::1", "2001::1", "100::1", "64:ff9b:1::1", "3fff::1",
	"::ffff:127.0.0.1", "::ffff:10.1.2.3", "::ffff:169.254.169.254",
	"64:ff9b::7f00:1", "64:ff9b::192.168.1.1", "64:ff9b::169.254.169.254",
	"2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::5",
	/* IPv4-translated, and all that nobody was given. */
	"::ffff:0:7f00:1", "::ffff:0:a9fe:a9fe", "101::1", "1fff::1",
	"4000::1", "5f00::1", "fbff::1", "fe00::1", "2001:2::1",
	"2001:10::1", "2001:20::1", "2001:1ff::1",
};

static const char *const fine[] = {
	"1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255",
	"100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255",
	"169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0",
	"192.0.3.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
	"198.20.0.0", "198.51.99.255", "203.0.114.0", "223.255.255.255",
	"2606:4700::1", "2a00::1", "64:ff9b::8.8.8.8", "2002:808:808::1",
	"::ffff:8.8.8.8", "2000::1", "2001:200::1", "3ffe::1",
};

static void
addresses_inside_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(refused); i++)
		if (!refuses(&no_guard, refused[i], 80, NULL))
			fail_msg("%s is let through", refused[i]);
	for (size_t i = 0; i < COUNT_OF(fine); i++)
		if (refuses(&no_guard, fine[i], 80, NULL))
			fail_msg("%s is refused", fine[i]);
}

static void
the_reason_is_told(void **state)
{
	(void)state;
	assert_string_equal(refuses(&no_guard, "::1", 80, NULL), "loopback");
	assert_string_equal(refuses(&no_guard, "64:ff9b::7f00:1", 80, NULL),
		"loopback");
	assert_string_equal(refuses(&no_guard, "2001:db8::1", 80, NULL),
		"documentation");
	assert_string_equal(refuses(&no_guard, "169.254.1.1", 80, NULL),
		"link-local");
}

static void
what_is_listed_is_allowed(void **state)
{
	struct network list[2];
	struct networks allow = { list, COUNT_OF(list) };

	(void)state;
	assert_true(network_parse(S("10.1.0.0/16"), &list[0]));
	assert_true(network_parse(S("fd00:1::/32"), &list[1]));
	assert_null(refuses(&no_guard, "10.1.2.3", 80, &allow));
	assert_null(refuses(&no_guard, "::ffff:10.1.2.3", 80, &allow));
	assert_null(refuses(&no_guard, "fd00:1::5", 80, &allow));
	assert_non_null(refuses(&no_guard, "10.2.0.1", 80, &allow));
	assert_non_null(refuses(&no_guard, "fd00:2::5", 80, &allow));
	/* A gateway on the way is another thing. */
	assert_non_null(refuses(&no_guard, "64:ff9b::10.1.2.3", 80, &allow));
}

static void
sockets_of_another_kind_are_refused(void **state)
{
	struct sockaddr s = { .sa_family = AF_UNIX };

	(void)state;
	assert_non_null(guard_refuses(&no_guard, &s, NULL));
}

static void
what_we_listen_at_is_refused(void **state)
{
	struct endpoint own[2] = { { .port = 8080 }, { .port = 443 } };
	struct guard g = { own, COUNT_OF(own), false };
	struct network all;
	struct networks allow = { &all, 1 };

	(void)state;
	assert_true(address_parse(S("8.8.8.8"), &own[0].at));
	assert_true(address_parse(S("0.0.0.0"), &own[1].at));
	assert_string_equal(refuses(&g, "8.8.8.8", 8080, NULL), "our own");
	assert_string_equal(refuses(&g, "::ffff:8.8.8.8", 8080, NULL),
		"our own");
	assert_string_equal(refuses(&g, "2002:808:808::", 8080, NULL),
		"our own");
	assert_null(refuses(&g, "8.8.8.8", 80, NULL));
	assert_null(refuses(&g, "8.8.4.4", 8080, NULL));
	/* The wildcard is every address that this machine has. */
	assert_null(refuses(&g, "8.8.8.8", 443, NULL));
	assert_string_equal(refuses(&g, "8.8.4.4", 443, NULL), "our own");
	assert_true(network_parse(S("0.0.0.0/0"), &all));
	assert_null(refuses(&g, "8.8.8.8", 8080, &allow));
}

/* Somebody else's port of this machine may be behind a packet filter. */
static void
this_machine_is_refused_to_strangers(void **state)
{
	struct guard g = { .not_here = true };
	struct network own;
	struct networks allow = { &own, 1 };

	(void)state;
	assert_string_equal(refuses(&g, "8.8.4.4", 6379, NULL),
		"this machine's");
	assert_non_null(refuses(&g, "::ffff:8.8.4.4", 6379, NULL));
	assert_null(refuses(&g, "8.8.8.8", 6379, NULL));
	assert_null(refuses(&no_guard, "8.8.4.4", 6379, NULL));
	assert_true(network_parse(S("8.8.4.4"), &own));
	assert_null(refuses(&g, "8.8.4.4", 6379, &allow));
}

struct url_case {
	const char *url;
	enum err_kind kind;
};

static const struct url_case urls[] = {
	{ "http://example.org/cb", ERR_NONE },
	{ "https://example.org", ERR_NONE },
	{ "HTTPS://EXAMPLE.ORG:443/?a=b&c=%20d", ERR_NONE },
	{ "http://example.org:80/", ERR_NONE },
	{ "http://example.org:1024/", ERR_NONE },
	{ "http://example.org:65535/@user?x=a@b", ERR_NONE },
	{ "http://[2606:4700::1]:8080/cb", ERR_NONE },
	{ "http://xn--fsq.example/", ERR_NONE },
	{ "", ERR_SYNTAX },
	{ "example.org/cb", ERR_SYNTAX },
	{ "ftp://example.org/", ERR_SYNTAX },
	{ "file:///etc/passwd", ERR_SYNTAX },
	{ "gopher://example.org/", ERR_SYNTAX },
	{ "javascript:alert(1)", ERR_SYNTAX },
	{ "http:example.org", ERR_SYNTAX },
	{ "http:/example.org", ERR_SYNTAX },
	{ "http://", ERR_SYNTAX },
	{ "http:///path", ERR_SYNTAX },
	{ "http://?x", ERR_SYNTAX },
	{ "http://:80/", ERR_SYNTAX },
	{ "http://user@example.org/", ERR_SYNTAX },
	{ "http://user:word@example.org/", ERR_SYNTAX },
	{ "http://@example.org/", ERR_SYNTAX },
	{ "http://a@b@example.org/", ERR_SYNTAX },
	{ "http://example.org/#part", ERR_SYNTAX },
	{ "http://example.org#@evil.example/", ERR_SYNTAX },
	{ "http://example.org/a b", ERR_SYNTAX },
	{ " http://example.org/", ERR_SYNTAX },
	{ "http://example.org/\r\nX: y", ERR_SYNTAX },
	{ "http://example.org/\t", ERR_SYNTAX },
	{ "http://example.org/\x7f", ERR_SYNTAX },
	{ "http://example.org\\@evil.example/", ERR_SYNTAX },
	{ "http://ex\xc3\xa4mple.org/", ERR_SYNTAX },
	{ "http://[::1", ERR_SYNTAX },
	{ "http://example.org:99999/", ERR_SYNTAX },
	{ "http://example.org:-1/", ERR_SYNTAX },
	{ "http://example.org:8o8o/", ERR_SYNTAX },
	{ "http://example.org:22/", ERR_REFUSED },
	{ "http://example.org:25/", ERR_REFUSED },
	{ "http://example.org:1023/", ERR_REFUSED },
	{ "http://example.org:0/", ERR_REFUSED },
};

static void
addresses_of_strangers_are_checked(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(urls); i++) {
		struct err e = { 0 };
		int r = guard_check_url(slice_str(urls[i].url), NULL, &e);

		if (r != (urls[i].kind == ERR_NONE ? 0 : -1) ||
			e.kind != urls[i].kind)
			fail_msg("\"%s\" gives %d (%s)", urls[i].url, e.kind,
				e.text);
	}
}

static void
a_nul_byte_ends_nothing(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(guard_check_url(slice("http://a.example/\0b", 19),
		NULL, &e), -1);
	assert_int_equal(e.kind, ERR_SYNTAX);
	assert_non_null(strstr(e.hint, "%00"));
}

static void
lengths_have_a_limit(void **state)
{
	char url[GUARD_URL_MAX + 2] = "http://example.org/";
	size_t len = strlen(url);
	struct err e;

	(void)state;
	memset(url + len, 'x', sizeof(url) - 1 - len);
	assert_int_equal(guard_check_url(slice(url, GUARD_URL_MAX), NULL, &e),
		0);
	assert_int_equal(guard_check_url(slice(url, GUARD_URL_MAX + 1), NULL,
		&e), -1);
	assert_int_equal(e.kind, ERR_LIMIT);
}

static void
ports_can_be_listed(void **state)
{
	static const uint16_t list[] = { 22, 443 };
	struct guard_ports ports = { list, COUNT_OF(list) };
	struct err e;

	(void)state;
	assert_int_equal(guard_check_url(S("http://a.example:22/"), &ports,
		&e), 0);
	assert_int_equal(guard_check_url(S("https://a.example/"), &ports,
		&e), 0);
	assert_int_equal(guard_check_url(S("http://a.example/"), &ports,
		&e), -1);
	assert_int_equal(e.kind, ERR_REFUSED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_inside_are_refused),
		cmocka_unit_test(the_reason_is_told),
		cmocka_unit_test(what_is_listed_is_allowed),
		cmocka_unit_test(sockets_of_another_kind_are_refused),
		cmocka_unit_test(what_we_listen_at_is_refused),
		cmocka_unit_test(this_machine_is_refused_to_strangers),
		cmocka_unit_test(addresses_of_strangers_are_checked),
		cmocka_unit_test(a_nul_byte_ends_nothing),
		cmocka_unit_test(lengths_have_a_limit),
		cmocka_unit_test(ports_can_be_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
