/*
 * The hub, over real databases, and callbacks that behave as badly as they can:
 * from what the press keeps to what is subscribed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "assert_slice.h"
#include "base/clock.h"
#include "push/hub_parts.h"
#include "push_peer.h"
#include "store_kit.h"

#define SITE "http://n.example/"
#define TOPIC SITE "feeds/all.atom"

enum { PATIENCE_MS = 20000, DAY_S = 86400 };

static struct courier courier;
static struct network loopback;
static struct channel private_all = { .kind = CHANNEL_ALL,
	.name = S_INIT("all"), .key = S_INIT("all"), .is_private = true };
static unsigned told[COURIER_NEWS_COUNT];
static char why[200];

/* In the daemon this is courier.c's. */
void
courier_tell(struct courier *c, enum courier_news news, struct slice of,
	struct slice what, int64_t n, const struct err *e)
{
	(void)c;
	(void)of;
	(void)what;
	told[news] += (unsigned)n;
	snprintf(why, sizeof(why), "%.199s", e ? e->text : "");
}

/* ---- the databases ---- */

/* The first number that SQL gives in courier.db; -1: none. */
static int64_t
sql(const char *text)
{
	const char *got = kit_sql_of(&kit, "courier.db", text);

	return got ? atoll(got) : -1;
}

static int64_t
n_subscribed(void)
{
	return sql("SELECT count(*) FROM hub_sub");
}

static int64_t
n_pending(void)
{
	return sql("SELECT count(*) FROM hub_pending");
}

struct request_job {
	struct store_job job;
	struct hub_request what;
	bool done;
};

static void
request_run(struct store_job *j, struct store_tx *tx)
{
	struct request_job *r = CONTAINER_OF(j, struct request_job, job);

	CHECK(store_sqlite.put_hub_request(tx, &r->what, &j->failed) == 0);
}

static void
request_done(struct store_job *j)
{
	CONTAINER_OF(j, struct request_job, job)->done = true;
}

/* The press keeps a request, with a lease (-1: unsaid), of that moment. */
static void
keep(enum hub_mode mode, const char *callback, int64_t lease_s, int64_t at)
{
	struct request_job r = { .job = { .run = request_run,
		.done = request_done } };

	r.what = (struct hub_request){ .mode = mode, .at = at,
		.topic = S(TOPIC), .url = S(TOPIC), .feed_id = 1,
		.callback = slice_str(callback), .lease_s = lease_s,
		.token = S("") };
	store_sqlite.submit(kit.store, &r.job);
	while (!r.done)
		ev_run(kit.loop, EVRUN_ONCE);
}

static void
ask(enum hub_mode mode, const char *callback)
{
	keep(mode, callback, -1, clock_now());
}

/* ---- the hub ---- */

static bool
is_quiet(void)
{
	const struct hub *h = courier.hub;

	return h->has_begun && !h->is_reading && !h->turn && !h->ended &&
		h->n_asked == 0 && h->jobs == 0 && !h->is_sweeping;
}

static void
on_time(struct ev_loop *loop, ev_timer *w, int events)
{
	(void)w;
	(void)events;
	ev_break(loop, EVBREAK_ONE);
}

static void
run_ms(int64_t ms)
{
	ev_timer t;

	ev_timer_init(&t, on_time, (double)ms / 1e3, 0);
	ev_timer_start(peer.loop, &t);
	ev_run(peer.loop, 0);
	ev_timer_stop(peer.loop, &t);
}

static void
wait_until(bool (*is_so)(void))
{
	int64_t end = clock_mono_ms() + PATIENCE_MS;

	while (!is_so()) {
		if (clock_mono_ms() > end)
			fail_msg("it does not happen; told last: %s", why);
		run_ms(2);
	}
}

/* Let it look, and wait until there is nothing more to do. */
static void
settle(void)
{
	hub_wake(courier.hub);
	turn_start(courier.hub);
	wait_until(is_quiet);
}

static struct config *
make_config(void)
{
	struct config *c = x_calloc(1, sizeof(*c));

	c->refs = 1;
	c->site.url = S(SITE);
	CHECK(network_parse(S("127.0.0.0/8"), &loopback));
	c->hub = (struct hub_conf){ .serve = true,
		.lease_ms = DAY_S * INT64_C(1000),
		.lease_min_ms = 60 * INT64_C(1000),
		.lease_max_ms = 2 * DAY_S * INT64_C(1000),
		.allow = { &loopback, 1 }, .max = 1000, .per_host = 1000,
		.verify_per_host = 1000 };
	return c;
}

static void
start_hub(void)
{
	struct err e;

	courier.pool = pool_new(peer.loop, 2);
	assert_int_equal(hub_new(&courier, &courier.hub, &e), 0);
	settle();
}

/* As the courier stops. */
static void
stop_hub(void)
{
	hub_drain(courier.hub);
	client_free(TAKE(courier.verifier));
	peer.client = NULL;
	while (hub_has_jobs(courier.hub))
		ev_run(peer.loop, EVRUN_ONCE);
	assert_true(hub_is_drained(courier.hub));
	hub_free(TAKE(courier.hub));
	pool_free(TAKE(courier.pool));
}

static int
begin(void **state)
{
	struct store_open o = { .loop = NULL };
	struct err e;

	memset(told, 0, sizeof(told));
	kit_begin(state);
	peer_begin(state);
	SAVE(&kit, { .path = "a.txt", .title = "A" });
	kit_publish_all(&kit);
	o.state_dir = kit.dir;
	o.loop = peer.loop;
	courier = (struct courier){ .ops = &store_sqlite, .loop = peer.loop,
		.config = make_config(), .verifier = peer.client };
	if (store_sqlite.open_courier(&o, &courier.store, &e) < 0 ||
		store_sqlite.open_reading(kit.dir, &courier.press, &e) < 0)
		fail_msg("%s", e.text);
	start_hub();
	return 0;
}

static int
end(void **state)
{
	clock_set_ms(-1);
	if (courier.hub)
		stop_hub();
	store_sqlite.close(courier.store);
	store_sqlite.close(courier.press);
	config_unref(courier.config);
	peer_end(state);
	return kit_end(state);
}

/* ---- who agrees ---- */

static void
who_agrees_is_subscribed(void **state)
{
	const char *asked;

	(void)state;
	ask(HUB_SUBSCRIBE, peer_url("127.0.0.1", "/agree?mine=1"));
	settle();
	assert_int_equal(n_subscribed(), 1);
	assert_int_equal(n_pending(), 0);
	assert_int_equal(told[COURIER_SUBSCRIBED], 1);
	assert_int_equal(peer.requests, 1);
	asked = peer_target();
	assert_true(slice_starts(slice_str(asked), S("/agree?mine=1&"
		"hub.mode=subscribe&hub.topic=http%3A%2F%2Fn.example%2Ffeeds"
		"%2Fall.atom&hub.challenge=")));
	assert_true(slice_ends(slice_str(asked),
		S("&hub.lease_seconds=86400")));
	assert_in_range(sql("SELECT expires FROM hub_sub"),
		clock_now() + DAY_S - 2, clock_now() + DAY_S);
}

static void
and_is_no_more_when_it_agrees_to_that(void **state)
{
	const char *callback = peer_url("127.0.0.1", "/agree");

	(void)state;
	ask(HUB_SUBSCRIBE, callback);
	settle();
	ask(HUB_UNSUBSCRIBE, callback);
	settle();
	assert_int_equal(n_subscribed(), 0);
	assert_int_equal(told[COURIER_UNSUBSCRIBED], 1);
	assert_null(strstr(peer_target(), "lease"));
}

static void
leases_are_clamped(void **state)
{
	static const struct {
		int64_t asked;
		const char *granted;
	} cases[] = {
		{ 1, "=60" }, { 61, "=61" }, { INT32_MAX, "=172800" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		keep(HUB_SUBSCRIBE, peer_url("127.0.0.1", "/agree"),
			cases[i].asked, clock_now());
		settle();
		assert_true(slice_ends(slice_str(peer_target()),
			slice_str(cases[i].granted)));
	}
	assert_int_equal(n_subscribed(), 1);
}

/* ---- who does not ---- */

static void
another_answer_is_final(void **state)
{
	static const char *const paths[] = {
		"/ok", "/none", "/gone", "/moved", "/agree-more", "/big/100",
		"/endless", "/bomb", "/garbage",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		ask(HUB_SUBSCRIBE, peer_url("127.0.0.1", paths[i]));
		settle();
		assert_int_equal(n_pending(), 0);
		assert_int_equal(told[COURIER_UNVERIFIED], i + 1);
	}
	assert_int_equal(peer.requests, COUNT_OF(paths));
	assert_int_equal(n_subscribed(), 0);
}

static void
no_answer_is_another_try(void **state)
{
	static const int64_t pauses[] = { 10000, 60000, 300000 };
	int64_t now = clock_now_ms(), wait;

	(void)state;
	clock_set_ms(now);
	ask(HUB_SUBSCRIBE, peer_url("127.0.0.1", "/reset"));
	settle();
	for (size_t i = 0; i < COUNT_OF(pauses); i++) {
		assert_int_equal(peer.requests, i + 1);
		assert_int_equal(n_pending(), 1);
		assert_int_equal(sql("SELECT tries FROM hub_pending"), i + 1);
		wait = sql("SELECT due FROM hub_pending") - now;
		assert_in_range(wait, pauses[i] * 4 / 5, pauses[i] * 6 / 5);
		settle();
		clock_set_ms(now += wait);
		settle();
	}
	assert_int_equal(peer.requests, COUNT_OF(pauses) + 1);
	assert_int_equal(n_pending(), 0);
	assert_int_equal(told[COURIER_UNVERIFIED], 1);
}

static void
who_must_not_be_called_is_not(void **state)
{
	(void)state;
	courier.config->hub.allow.n = 0;
	ask(HUB_SUBSCRIBE, peer_url("127.0.0.1", "/agree"));
	settle();
	assert_int_equal(peer.connections, 0);
	assert_int_equal(n_pending(), 0);
	assert_int_equal(told[COURIER_UNVERIFIED], 1);
	assert_non_null(strstr(why, "refused"));
}

/* ---- limits ---- */

static void
a_host_is_not_asked_more_than_it_may_be(void **state)
{
	char path[20];

	(void)state;
	courier.config->hub.verify_per_host = 2;
	for (int i = 0; i < 5; i++) {
		snprintf(path, sizeof(path), "/agree/%d", i);
		ask(HUB_SUBSCRIBE, peer_url("127.0.0.1", path));
	}
	settle();
	assert_int_equal(peer.requests, 2);
	assert_int_equal(n_subscribed(), 2);
	assert_int_equal(n_pending(), 3);
	assert_in_range(sql("SELECT min(due) FROM hub_pending"),
		clock_now_ms() + 50000, clock_now_ms() + 60000);
	ask(HUB_SUBSCRIBE, peer_url("127.0.0.2", "/agree"));
	settle();
	assert_int_equal(n_subscribed(), 3);
}

static void
who_waited_for_an_hour_is_not_asked(void **state)
{
	(void)state;
	keep(HUB_SUBSCRIBE, peer_url("127.0.0.1", "/agree"), -1,
		clock_now() - PENDING_S - 1);
	settle();
	assert_int_equal(peer.requests, 0);
	assert_int_equal(n_pending(), 0);
	assert_int_equal(told[COURIER_UNVERIFIED], 1);
}

static void
what_is_too_much_is_denied(void **state)
{
	(void)state;
	courier.config->hub.max = 1;
	ask(HUB_SUBSCRIBE, peer_url("127.0.0.1", "/agree/1"));
	settle();
	ask(HUB_SUBSCRIBE, peer_url("127.0.0.1", "/agree/2"));
	settle();
	assert_int_equal(n_subscribed(), 1);
	assert_int_equal(n_pending(), 0);
	assert_true(slice_starts(slice_str(peer_target()), S("/agree/2?"
		"hub.mode=denied&hub.topic=http%3A%2F%2Fn.example%2F")));
	assert_non_null(strstr(peer_target(), "&hub.reason=this%20hub"));
	assert_null(strstr(peer_target(), "challenge"));
}

static void
a_crowd_is_taken(void **state)
{
	char path[20];

	(void)state;
	for (int i = 0; i < 700; i++) {
		snprintf(path, sizeof(path), "/agree/%d", i);
		ask(HUB_SUBSCRIBE, peer_url("127.0.0.1", path));
	}
	settle();
	/* A host has a share: what is beyond is taken soon. */
	while (n_pending() > 0)
		run_ms(50);
	wait_until(is_quiet);
	assert_int_equal(n_subscribed(), 700);
	assert_int_equal(peer.requests, 700);
	assert_int_equal(told[COURIER_SUBSCRIBED], 700);
}

/* ---- time ---- */

static void
leases_end(void **state)
{
	int64_t now = clock_now_ms();

	(void)state;
	clock_set_ms(now);
	ask(HUB_SUBSCRIBE, peer_url("127.0.0.1", "/agree"));
	settle();
	stop_hub();
	clock_set_ms(now + (DAY_S + 1) * INT64_C(1000));
	start_hub();
	settle();
	assert_int_equal(n_subscribed(), 0);
	assert_int_equal(told[COURIER_UNSUBSCRIBED], 1);
}

/* A clock that goes wrong for a minute must not cost all subscriptions. */
static void
a_clock_that_jumps_ends_no_lease(void **state)
{
	int64_t now = clock_now_ms();

	(void)state;
	clock_set_ms(now);
	ask(HUB_SUBSCRIBE, peer_url("127.0.0.1", "/agree"));
	settle();
	clock_set_ms(now + (DAY_S + 1) * INT64_C(1000));
	courier.hub->next_expire = 0;
	settle();
	assert_int_equal(n_subscribed(), 1);
	clock_set_ms(now);
	courier.hub->next_expire = 0;
	settle();
	assert_int_equal(n_subscribed(), 1);
}

static void
a_topic_that_is_private_now_is_over(void **state)
{
	(void)state;
	ask(HUB_SUBSCRIBE, peer_url("127.0.0.1", "/agree"));
	settle();
	courier.config->channels = &private_all;
	courier.config->n_channels = 1;
	sweep_start(courier.hub);
	wait_until(is_quiet);
	settle();
	assert_int_equal(n_subscribed(), 0);
	assert_int_equal(n_pending(), 0);
	assert_non_null(strstr(peer_target(), "hub.mode=denied"));
	assert_non_null(strstr(peer_target(), "not%20public"));
	courier.config->n_channels = 0;
}

/* ---- lives ---- */

static void
nothing_is_lost_or_taken_twice_over_a_restart(void **state)
{
	(void)state;
	ask(HUB_SUBSCRIBE, peer_url("127.0.0.1", "/agree"));
	ask(HUB_SUBSCRIBE, peer_url("127.0.0.2", "/silent"));
	hub_wake(courier.hub);
	/* The other is being asked. */
	while (n_subscribed() == 0 || courier.hub->n_asked != 1)
		run_ms(2);
	stop_hub();
	assert_int_equal(n_pending(), 1);
	ask(HUB_SUBSCRIBE, peer_url("127.0.0.3", "/agree"));
	peer_limits(&(struct client_limits){ .agent = "test/2" });
	courier.verifier = peer.client;
	courier.pool = pool_new(peer.loop, 2);
	assert_int_equal(hub_new(&courier, &courier.hub, &(struct err){ 0 }),
		0);
	while (n_subscribed() < 2 || atomic_load(&peer.requests) < 4)
		run_ms(2);
	assert_int_equal(peer.requests, 4);
	assert_int_equal(n_pending(), 1);
	assert_int_equal(courier.hub->cursor.seq, 3);
}

/* Its numbers begin anew, and so does the cursor. */
static void
another_press_db_is_read_from_its_beginning(void **state)
{
	(void)state;
	ask(HUB_SUBSCRIBE, peer_url("127.0.0.1", "/agree/1"));
	ask(HUB_SUBSCRIBE, peer_url("127.0.0.1", "/agree/2"));
	settle();
	assert_int_equal(courier.hub->cursor.seq, 2);
	kit_change(&kit, "DELETE FROM hub_request");
	kit_change(&kit, "DELETE FROM sqlite_sequence"
		" WHERE name = 'hub_request'");
	/* A backup: the same database, an hour younger. */
	ask(HUB_SUBSCRIBE, peer_url("127.0.0.1", "/agree/3"));
	settle();
	assert_int_equal(n_subscribed(), 3);
	assert_int_equal(courier.hub->cursor.seq, 1);
	/* Another one. */
	kit_change(&kit, "UPDATE meta SET value = 'other'"
		" WHERE key = 'stream'");
	ask(HUB_SUBSCRIBE, peer_url("127.0.0.1", "/agree/4"));
	settle();
	assert_int_equal(n_subscribed(), 4);
	assert_int_equal(peer.requests, 5);
	assert_slice(courier.hub->cursor.stream, "other");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_agrees_is_subscribed),
		TEST(and_is_no_more_when_it_agrees_to_that),
		TEST(leases_are_clamped),
		TEST(another_answer_is_final),
		TEST(no_answer_is_another_try),
		TEST(who_must_not_be_called_is_not),
		TEST(a_host_is_not_asked_more_than_it_may_be),
		TEST(who_waited_for_an_hour_is_not_asked),
		TEST(what_is_too_much_is_denied),
		TEST(a_crowd_is_taken),
		TEST(leases_end),
		TEST(a_clock_that_jumps_ends_no_lease),
		TEST(a_topic_that_is_private_now_is_over),
		TEST(nothing_is_lost_or_taken_twice_over_a_restart),
		TEST(another_press_db_is_read_from_its_beginning),
	};

	return cmocka_run_group_tests_name("push_hub", tests, NULL, NULL);
}
