/*
 * The client and many calls: how many at once, who goes next, and that names
 * which resolve slowly hold nobody up.
 *
 * Names are looked up by this program's own getaddrinfo(3), which libcurl
 * finds instead of the system's.
 */
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "push_peer.h"

enum { SLOW_NAME_MS = 400 };

static atomic_int looked_up, looking;

/*
 * "slow.test" takes long and is nothing, "inside.test" is 10.0.0.1, all else
 * is 127.0.0.1.
 */
int
getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
	struct addrinfo **ret)
{
	struct sockaddr_in *at = calloc(1, sizeof(*at));
	struct timespec t = { 0, SLOW_NAME_MS * 1000000L };

	(void)hints;
	atomic_fetch_add(&looked_up, 1);
	if (!strcmp(name, "slow.test")) {
		atomic_fetch_add(&looking, 1);
		nanosleep(&t, NULL);
		atomic_fetch_sub(&looking, 1);
		free(at);
		return EAI_NONAME;
	}
	at->sin_family = AF_INET;
	at->sin_port = htons((uint16_t)atoi(service ? service : "0"));
	at->sin_addr.s_addr = htonl(!strcmp(name, "inside.test") ?
		0x0a000001 : INADDR_LOOPBACK);
	*ret = calloc(1, sizeof(**ret));
	**ret = (struct addrinfo){ .ai_family = AF_INET,
		.ai_socktype = SOCK_STREAM, .ai_protocol = IPPROTO_TCP,
		.ai_addrlen = sizeof(*at), .ai_addr = (struct sockaddr *)at };
	return 0;
}

void
freeaddrinfo(struct addrinfo *a)
{
	free(a->ai_addr);
	free(a);
}

/* n calls to a host, sent. */
static struct call *
send_many(size_t n, const char *host, const char *path, enum call_lane lane)
{
	struct call *calls = calloc(n, sizeof(*calls));

	for (size_t i = 0; i < n; i++) {
		calls[i] = peer_call("POST", path);
		calls[i].url = peer_url(host, path);
		calls[i].lane = lane;
		peer_send(&calls[i]);
	}
	return calls;
}

static void
nobody_is_called_more_often_at_once(void **state)
{
	struct call *a, *b;

	(void)state;
	peer_limits(&(struct client_limits){ .total = 100, .per_host = 3 });
	a = send_many(12, "127.0.0.1", "/slow", CALL_NORMAL);
	peer_wait(12);
	assert_int_equal(peer.most, 3);
	free(a);

	/* The host is one, whatever it is written like. */
	atomic_store(&peer.most, 0);
	a = send_many(9, "LocalHost", "/slow", CALL_NORMAL);
	b = send_many(9, "localhost", "/slow", CALL_SLOW);
	peer_wait(18);
	assert_int_equal(peer.most, 3);
	free(a);
	free(b);
}

static void
all_of_them_have_a_limit(void **state)
{
	struct call *calls[8];
	char host[16];

	(void)state;
	peer_limits(&(struct client_limits){ .total = 5, .per_host = 2 });
	for (int i = 0; i < 8; i++) {
		snprintf(host, sizeof(host), "127.0.0.%d", i + 1);
		calls[i] = send_many(4, host, "/slow", CALL_NORMAL);
	}
	assert_int_equal(client_pending(peer.client), 32);
	peer_wait(32);
	assert_int_equal(peer.most, 5);
	assert_int_equal(client_pending(peer.client), 0);
	for (int i = 0; i < 8; i++)
		free(calls[i]);
}

/* They may change while calls wait: from the next one on. */
static void
limits_can_be_others(void **state)
{
	struct call *a, *b;

	(void)state;
	peer_limits(&(struct client_limits){ .total = 2, .per_host = 1,
		.slow = 1 });
	client_set_caps(peer.client, 40, 20);
	a = send_many(40, "127.0.0.1", "/slow", CALL_NORMAL);
	b = send_many(40, "127.0.0.2", "/slow", CALL_NORMAL);
	peer_wait(80);
	assert_int_equal(peer.most, 40);
	free(a);
	free(b);

	atomic_store(&peer.most, 0);
	client_set_caps(peer.client, 3, 2);
	a = send_many(4, "127.0.0.1", "/slow", CALL_NORMAL);
	b = send_many(4, "127.0.0.2", "/slow", CALL_NORMAL);
	peer_wait(8);
	assert_int_equal(peer.most, 3);
	free(a);
	free(b);
}

/* One that has much does not make one that has little wait. */
static void
hosts_go_in_turn(void **state)
{
	struct call *a, *b, *c;

	(void)state;
	peer_limits(&(struct client_limits){ .total = 1 });
	a = send_many(20, "127.0.0.1", "/ok", CALL_NORMAL);
	b = send_many(3, "127.0.0.2", "/ok", CALL_NORMAL);
	c = send_many(1, "127.0.0.3", "/ok", CALL_NORMAL);
	peer_wait(24);
	assert_ptr_equal(peer.done[0], &a[0]);
	assert_ptr_equal(peer.done[1], &b[0]);
	assert_ptr_equal(peer.done[2], &c[0]);
	assert_ptr_equal(peer.done[3], &a[1]);
	assert_ptr_equal(peer.done[4], &b[1]);
	assert_ptr_equal(peer.done[5], &a[2]);
	assert_ptr_equal(peer.done[6], &b[2]);
	for (size_t i = 3; i < 20; i++)
		assert_ptr_equal(peer.done[i + 4], &a[i]);
	free(a);
	free(b);
	free(c);
}

/* Hosts that do not answer fill their lane, and no other. */
static void
the_slow_lane_is_apart(void **state)
{
	struct call *slow, *good;
	int64_t began = clock_mono_ms();

	(void)state;
	peer_limits(&(struct client_limits){ .total = 4, .per_host = 50,
		.slow = 2 });
	slow = send_many(6, "127.0.0.9", "/silent", CALL_SLOW);
	for (int i = 0; i < 6; i++)
		slow[i].total_ms = 200;
	good = send_many(50, "127.0.0.1", "/ok", CALL_NORMAL);
	peer_wait(50);
	assert_in_range(clock_mono_ms() - began, 0, 190);
	for (int i = 0; i < 50; i++)
		assert_int_equal(good[i].status, 200);
	peer_wait(6);
	/* Three rounds of two. */
	assert_in_range(clock_mono_ms() - began, 590, 5000);
	free(slow);
	free(good);
}

static struct client *again_client;
static int again_left;
static void (*again_done)(struct call *);

static void
send_again(struct call *c)
{
	assert_int_equal(c->status, 200);
	if (again_left-- > 0)
		client_send(again_client, c);
	else
		again_done(c);
}

static void
a_call_can_be_sent_again_when_it_is_done(void **state)
{
	struct call c = peer_call("POST", "/ok");

	(void)state;
	again_client = peer.client;
	again_left = 200;
	again_done = c.done;
	c.done = send_again;
	peer_send(&c);
	peer_wait(1);
	assert_int_equal(peer.requests, 201);
	assert_int_equal(peer.connections, 1);
}

static void
nothing_happens_inside_send(void **state)
{
	struct call c = peer_call("POST", "/ok");

	(void)state;
	c.url = "not an address";
	peer_send(&c);
	assert_int_equal(peer.n_done, 0);
	peer_wait(1);
	assert_int_equal(c.failed.kind, ERR_SYNTAX);
}

static void
what_is_left_is_told_at_the_end(void **state)
{
	struct call *a, *b;

	(void)state;
	peer_limits(&(struct client_limits){ .total = 2, .per_host = 2 });
	a = send_many(5, "127.0.0.1", "/silent", CALL_NORMAL);
	b = send_many(5, "127.0.0.2", "/silent", CALL_SLOW);
	while (peer.requests < 4)
		ev_run(peer.loop, EVRUN_NOWAIT);
	client_free(peer.client);
	peer.client = NULL;
	assert_int_equal(peer.n_done, 10);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(a[i].failed.kind, ERR_BUSY);
		assert_int_equal(a[i].sent, i < 2);
		assert_int_equal(b[i].failed.kind, ERR_BUSY);
		assert_int_equal(b[i].sent, i < 2);
	}
	free(a);
	free(b);
	client_free(NULL);
}

/* ---- names ---- */

static void
a_name_that_leads_inside_is_refused(void **state)
{
	struct call c = peer_call("POST", "/ok");

	(void)state;
	c.url = peer_url("inside.test", "/ok");
	peer_ask(&c);
	assert_int_equal(c.failed.kind, ERR_REFUSED);
	assert_false(c.sent);
	assert_non_null(strstr(c.failed.text, "private"));
}

static void
names_are_looked_up_once(void **state)
{
	struct call c = peer_call("POST", "/ok");

	(void)state;
	c.url = peer_url("once.test", "/ok");
	c.fresh = true;
	atomic_store(&looked_up, 0);
	for (int i = 0; i < 5; i++)
		peer_ask(&c);
	assert_int_equal(c.status, 200);
	assert_int_equal(looked_up, 1);
	assert_int_equal(peer.connections, 5);
}

static void
tests_say_what_names_mean(void **state)
{
	struct call c = peer_call("POST", "/ok");
	char name[64];
	const char *const names[] = { name, NULL };

	(void)state;
	snprintf(name, sizeof(name), "slow.test:%d:127.0.0.1", peer.port);
	peer_limits(&(struct client_limits){ .names = names });
	c.url = peer_url("slow.test", "/ok");
	peer_ask(&c);
	assert_int_equal(c.status, 200);
}

static int ticks;

static void
tick(struct ev_loop *loop, ev_timer *w, int events)
{
	(void)loop;
	(void)w;
	(void)events;
	ticks++;
}

static void
a_slow_name_holds_nobody_up(void **state)
{
	struct call slow = peer_call("POST", "/ok"), good = slow;
	int64_t began = clock_mono_ms();
	ev_timer timer;

	(void)state;
	ticks = 0;
	ev_timer_init(&timer, tick, 0.01, 0.01);
	ev_timer_start(peer.loop, &timer);
	slow.url = peer_url("slow.test", "/ok");
	peer_send(&slow);
	peer_send(&good);
	peer_wait(1);
	assert_ptr_equal(peer.done[0], &good);
	peer_wait(1);
	ev_timer_stop(peer.loop, &timer);
	assert_int_equal(slow.failed.kind, ERR_IO);
	assert_false(slow.sent);
	assert_non_null(strstr(slow.failed.text, "cannot resolve"));
	assert_in_range(clock_mono_ms() - began, SLOW_NAME_MS, 5000);
	assert_in_range(ticks, SLOW_NAME_MS / 20, 1000);
}

/* Not even the end of its own deadline waits for the name. */
static void
a_slow_name_can_be_given_up(void **state)
{
	struct call *c;
	int64_t began = clock_mono_ms();

	(void)state;
	c = send_many(3, "slow.test", "/ok", CALL_NORMAL);
	c[0].connect_ms = 50;
	peer_wait(1);
	assert_ptr_equal(peer.done[0], &c[0]);
	assert_false(c[0].sent);
	client_free(peer.client);
	peer.client = NULL;
	assert_in_range(clock_mono_ms() - began, 40, SLOW_NAME_MS - 50);
	assert_int_equal(c[1].failed.kind, ERR_BUSY);
	/* The threads end by themselves, before the program does. */
	while (looking > 0)
		nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
	nanosleep(&(struct timespec){ 0, 50000000 }, NULL);
	free(c);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, peer_begin, peer_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nobody_is_called_more_often_at_once),
		TEST(all_of_them_have_a_limit),
		TEST(limits_can_be_others),
		TEST(hosts_go_in_turn),
		TEST(the_slow_lane_is_apart),
		TEST(a_call_can_be_sent_again_when_it_is_done),
		TEST(nothing_happens_inside_send),
		TEST(what_is_left_is_told_at_the_end),
		TEST(a_name_that_leads_inside_is_refused),
		TEST(names_are_looked_up_once),
		TEST(tests_say_what_names_mean),
		TEST(a_slow_name_holds_nobody_up),
		TEST(a_slow_name_can_be_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
