/*
 * Unit tests of base/network: addresses, and which network has them.
 */
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/un.h>

#include <cmocka.h>

#include "base/network.h"

static void
test_parse_and_print(void **state)
{
	static const struct {
		const char *text, *printed;	/* NULL: refused */
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "::ffff:192.0.2.1", "192.0.2.1" },
		{ "2001:DB8::1", "2001:db8::1" },
		{ "::1", "::1" },
		{ "", NULL },
		{ "192.0.2", NULL },
		{ "192.0.2.1:80", NULL },
		{ "[::1]", NULL },
		{ "unknown", NULL },
		{ "1111:2222:3333:4444:5555:6666:7777:8888:9999:0000:1111",
			NULL },
	};
	char text[ADDRESS_TEXT];
	struct address a;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		bool parsed = address_parse(slice_str(cases[i].text), &a);

		assert_int_equal(parsed, cases[i].printed != NULL);
		if (!parsed)
			continue;
		address_print(&a, text);
		assert_string_equal(text, cases[i].printed);
	}
}

static void
test_of_sockets(void **state)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(0xc0000201) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	char text[ADDRESS_TEXT];
	struct address a;

	(void)state;
	assert_true(address_of((struct sockaddr *)&v4, &a));
	address_print(&a, text);
	assert_string_equal(text, "192.0.2.1");
	assert_true(address_of((struct sockaddr *)&v6, &a));
	address_print(&a, text);
	assert_string_equal(text, "::1");
	assert_false(address_of((struct sockaddr *)&un, &a));
	assert_false(address_of(NULL, &a));
}

static void
test_networks(void **state)
{
	static const struct {
		const char *network, *address;
		bool has;
	} cases[] = {
		{ "10.0.0.0/8", "10.255.0.1", true },
		{ "10.0.0.0/8", "11.0.0.1", false },
		{ "192.0.2.128/25", "192.0.2.129", true },
		{ "192.0.2.128/25", "192.0.2.127", false },
		{ "192.0.2.1", "192.0.2.1", true },
		{ "192.0.2.1", "192.0.2.2", false },
		{ "0.0.0.0/0", "192.0.2.2", true },
		{ "0.0.0.0/0", "2001:db8::1", false },
		{ "2001:db8::/32", "2001:db8:1::1", true },
		{ "2001:db8::/33", "2001:db8:8000::1", false },
		{ "::/0", "2001:db8::1", true },
	};
	struct network n;
	struct address a;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_true(network_parse(slice_str(cases[i].network), &n));
		assert_true(address_parse(slice_str(cases[i].address), &a));
		if (network_has(&n, &a) != cases[i].has)
			fail_msg("%s in %s", cases[i].address,
				cases[i].network);
	}
	assert_false(network_parse(S("10.0.0.0/33"), &n));
	assert_false(network_parse(S("10.0.0.0/"), &n));
	assert_false(network_parse(S("10.0.0.0/-1"), &n));
	assert_false(network_parse(S("::/129"), &n));
	assert_false(network_parse(S("proxy.example"), &n));
	assert_false(network_parse(S(""), &n));
}

/* A customer's /64 is one client; IPv4 addresses are one each. */
static void
test_clients(void **state)
{
	struct address a, b;

	(void)state;
	address_parse(S("2001:db8::1"), &a);
	address_parse(S("2001:db8::ffff:2"), &b);
	a = address_client(&a);
	b = address_client(&b);
	assert_memory_equal(&a, &b, sizeof(a));
	address_parse(S("192.0.2.1"), &a);
	address_parse(S("192.0.2.2"), &b);
	a = address_client(&a);
	b = address_client(&b);
	assert_memory_not_equal(&a, &b, sizeof(a));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse_and_print),
		cmocka_unit_test(test_of_sockets),
		cmocka_unit_test(test_networks),
		cmocka_unit_test(test_clients),
	};

	return cmocka_run_group_tests_name("base_network", tests, NULL, NULL);
}
