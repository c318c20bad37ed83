/*
 * What is posted to the hub: what it has to be (WebSub section 5.1), and what
 * who posted it is told otherwise.
 */
#include <stdio.h>

#include "assert_slice.h"
#include "daemon/hub_form.h"

static struct arena arena;
static struct hub_conf conf;
static struct err why;

#define GOOD "hub.mode=subscribe&hub.topic=http%3A%2F%2Fn.example%2Ff.atom"
#define HTTP "&hub.callback=http%3A%2F%2Fs.example%2Fx%3Fa%3D1"
#define HTTPS "&hub.callback=https%3A%2F%2Fs.example%2Fx"

static int
read_form(const char *body, struct hub_request *ret)
{
	why = (struct err){ 0 };
	return hub_form_read(&conf, slice_str(body), &arena, ret, &why);
}

static struct hub_request
must_read(const char *body)
{
	struct hub_request r;

	if (read_form(body, &r) < 0)
		fail_msg("%s: %s", body, why.text);
	return r;
}

static void
a_plain_request_is_read(void **state)
{
	struct hub_request r = must_read(GOOD HTTP);

	(void)state;
	assert_int_equal(r.mode, HUB_SUBSCRIBE);
	assert_slice(r.topic, "http://n.example/f.atom");
	assert_slice(r.callback, "http://s.example/x?a=1");
	assert_int_equal(r.secret.len, 0);
	assert_int_equal(r.lease_s, -1);
	assert_slice(r.token, "");
	assert_non_null(r.token.ptr);
}

static void
all_of_it_is_read(void **state)
{
	struct hub_request r = must_read("hub.lease_seconds=3600&hub.secret="
		"a+b%26&hub.verify=sync&hub.verify=async&hub.verify_token=t&"
		"hub.future=1&Hub.Mode=x&" GOOD
		"&hub.callback=HTTPS://S.Example/%7Ex%3f");

	(void)state;
	assert_slice(r.secret, "a b&");
	assert_int_equal(r.lease_s, 3600);
	assert_slice(r.token, "t");
	assert_slice(r.callback, "https://s.example/~x?");
}

/* ---- what is refused, and why ---- */

static void
refusals_name_what_is_wrong(void **state)
{
	static const struct {
		const char *body, *says;
	} cases[] = {
		{ "", "hub.mode is missing" },
		{ "hub.mode=&hub.topic=x", "hub.mode is missing" },
		{ "hub.mode=Subscribe", "hub.mode is neither" },
		{ "hub.mode=publish", "hub.mode is neither" },
		{ "hub.mode=subscribe", "hub.topic is missing" },
		{ GOOD, "hub.callback is missing" },
		{ GOOD "&hub.callback=", "hub.callback is missing" },
		{ GOOD HTTP "&hub.mode=unsubscribe", "hub.mode stands" },
		{ GOOD HTTP "&hub.topic=x", "hub.topic stands" },
		{ GOOD HTTP HTTP, "hub.callback stands" },
		{ GOOD HTTPS "&hub.secret=a&hub.secret=b",
			"hub.secret stands" },
		{ GOOD HTTP "&hub.lease_seconds=1&hub.lease_seconds=2",
			"hub.lease_seconds stands" },
		{ GOOD HTTP "&hub.lease_seconds=-1", "no whole number" },
		{ GOOD HTTP "&hub.lease_seconds=1e3", "no whole number" },
		{ GOOD HTTP "&hub.lease_seconds=+1", "no whole number" },
		{ GOOD HTTP "&hub.secret=s", "only taken with" },
		{ GOOD "&hub.callback=ftp://s.example/", "hub.callback: " },
		{ GOOD "&hub.callback=http://u@s.example/", "hub.callback: " },
		{ GOOD "&hub.callback=http://s.example/%23", "fragment" },
		{ GOOD "&hub.callback=http://s.example/%0d%0a", "0x0d" },
		{ GOOD "&hub.callback=http://s.example:25/", "port 25" },
		{ GOOD "&hub.callback=http://s.example/\xe4", "0xe4" },
		{ GOOD HTTP "&x=%", "%" },
	};
	struct hub_request r;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		if (read_form(cases[i].body, &r) == 0)
			fail_msg("taken: %s", cases[i].body);
		if (!strstr(why.text, cases[i].says))
			fail_msg("%s: %s", cases[i].body, why.text);
	}
}

static void
a_ping_is_told_that_it_is_not_needed(void **state)
{
	struct hub_request r;

	(void)state;
	assert_int_equal(read_form("hub.mode=publish&hub.url=x", &r), -1);
	assert_non_null(strstr(why.hint, "knows its topics"));
}

/* ---- limits ---- */

/* GOOD HTTPS, and a parameter of so many bytes. */
static int
read_long(const char *name, size_t len)
{
	static char body[4096];
	struct hub_request r;
	int n = snprintf(body, sizeof(body), "%s%s&%s=", GOOD, HTTPS, name);

	memset(body + n, 'x', len);
	body[(size_t)n + len] = '\0';
	return read_form(body, &r);
}

static void
a_secret_is_shorter_than_200_bytes(void **state)
{
	(void)state;
	assert_int_equal(read_long("hub.secret", 199), 0);
	assert_int_equal(read_long("hub.secret", 200), -1);
	assert_non_null(strstr(why.text, "200 bytes"));
}

static void
a_token_is_no_novel(void **state)
{
	(void)state;
	assert_int_equal(read_long("hub.verify_token", HUB_TOKEN_MAX), 0);
	assert_int_equal(read_long("hub.verify_token", HUB_TOKEN_MAX + 1), -1);
}

static void
a_topic_is_no_longer_than_a_callback(void **state)
{
	static char body[HUB_TOPIC_MAX + 200];
	struct hub_request r;
	int n;

	(void)state;
	n = snprintf(body, sizeof(body), "hub.mode=subscribe%s&hub.topic=",
		HTTP);
	memset(body + n, 'x', HUB_TOPIC_MAX + 1);
	assert_int_equal(read_form(body, &r), -1);
	body[n + HUB_TOPIC_MAX] = '\0';
	assert_int_equal(read_form(body, &r), 0);
}

static void
leases_are_read_as_far_as_they_go(void **state)
{
	(void)state;
	assert_int_equal(must_read(GOOD HTTP "&hub.lease_seconds=0").lease_s,
		0);
	assert_int_equal(must_read(GOOD HTTP "&hub.lease_seconds=").lease_s,
		-1);
	assert_int_equal(must_read(GOOD HTTP "&hub.lease_seconds="
		"99999999999999999999999").lease_s, HUB_LEASE_ENDLESS);
}

static void
what_unsubscribes_has_no_lease(void **state)
{
	struct hub_request r = must_read("hub.mode=unsubscribe&hub.topic=x"
		HTTP "&hub.lease_seconds=for+ever");

	(void)state;
	assert_int_equal(r.mode, HUB_UNSUBSCRIBE);
	assert_int_equal(r.lease_s, -1);
}

/* ---- the configuration ---- */

static void
plain_secrets_and_ports_are_settings(void **state)
{
	uint16_t port = 25;
	struct hub_request r;

	(void)state;
	conf.plain_secrets = true;
	assert_slice(must_read(GOOD HTTP "&hub.secret=s").secret, "s");
	conf.ports.list = &port;
	conf.ports.n = 1;
	must_read(GOOD "&hub.callback=http://s.example:25/");
	assert_int_equal(read_form(GOOD HTTP, &r), -1);
}

static int
forget(void **state)
{
	(void)state;
	conf = (struct hub_conf){ 0 };
	arena_done(&arena);
	return 0;
}

#define TEST(test) cmocka_unit_test_teardown(test, forget)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_plain_request_is_read),
		TEST(all_of_it_is_read),
		TEST(refusals_name_what_is_wrong),
		TEST(a_ping_is_told_that_it_is_not_needed),
		TEST(a_secret_is_shorter_than_200_bytes),
		TEST(a_token_is_no_novel),
		TEST(a_topic_is_no_longer_than_a_callback),
		TEST(leases_are_read_as_far_as_they_go),
		TEST(what_unsubscribes_has_no_lease),
		TEST(plain_secrets_and_ports_are_settings),
	};

	return cmocka_run_group_tests_name("daemon_hub_form", tests, NULL,
		NULL);
}
