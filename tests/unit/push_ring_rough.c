/*
 * The ring among subscribers who are dead, slow, endless, gone or moved; and
 * a ring that is killed.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "push_ring_kit.h"

enum { MANY = 1000 };

static int
begin(void **state)
{
	(void)state;
	kit_begin(MANY);
	kit_open();
	return 0;
}

static int
end(void **state)
{
	(void)state;
	kit_close();
	kit_end();
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

static int64_t
retries(void)
{
	return kit_sql("SELECT count(*) FROM hub_retry");
}

static unsigned expected;

static bool
posts_came(void)
{
	return kit.crowd.got >= expected && kit_is_over();
}

/* Let time pass, as far as the ring looks at the clock. */
static void
pass(int64_t ms)
{
	clock_set_ms(clock_now_ms() + ms);
	second_look(kit.courier.ring);
}

static void
await_posts(unsigned n)
{
	expected = n;
	kit_wait(posts_came);
	kit_run(100);
	assert_int_equal(kit.crowd.got, n);
}

/* ---- one of them ---- */

static void
who_fails_is_tried_again_and_then_let_be(void **state)
{
	static const int64_t seconds[] = { 10, 60, 300, 1800, 7200, 21600,
		43200 };
	int64_t due;

	(void)state;
	clock_set_ms(clock_now_ms());
	kit_subscribe(0, 1, NULL);
	kit_sql("UPDATE hub_sub SET expires = expires + 864000");
	kit.crowd.members[0].manner = MANNER_FAILS;
	kit_announce(1);
	for (unsigned i = 0; i < COUNT_OF(seconds); i++) {
		await_posts(i + 1);
		assert_int_equal(kit_sql("SELECT tries FROM hub_retry"),
			i + 1);
		due = kit_sql("SELECT due FROM hub_retry") - clock_now_ms();
		assert_in_range(due, seconds[i] * 800, seconds[i] * 1200);
		pass(due);
	}
	await_posts(8);
	assert_int_equal(retries(), 0);
	assert_int_equal(kit.told[COURIER_REJECTED], 1);
	/* Only the notification was given up. */
	kit_announce(2);
	await_posts(9);
	assert_int_equal(kit.crowd.members[0].of[2], 1);
}

static void
who_is_tried_again_gets_the_latest(void **state)
{
	(void)state;
	clock_set_ms(clock_now_ms());
	kit_subscribe(0, 1, NULL);
	kit.crowd.members[0].manner = MANNER_FAILS;
	kit_announce(1);
	await_posts(1);
	kit.crowd.members[0].manner = MANNER_FINE;
	kit_announce(2);
	await_posts(2);
	assert_int_equal(kit.crowd.members[0].of[2], 1);
	assert_int_equal(retries(), 0);
	pass(3600 * 1000);
	await_posts(2);
}

/* Nobody calls: the ring wakes by itself, also after a start. */
static void
the_time_of_a_second_try_is_kept(void **state)
{
	struct courier *c = &kit.courier;

	(void)state;
	kit_subscribe(0, 1, NULL);
	kit.crowd.members[0].manner = MANNER_FAILS;
	kit_announce(1);
	await_posts(1);
	assert_true(ev_is_active(&c->ring->second.timer));
	assert_in_range((int)ev_timer_remaining(c->loop,
		&c->ring->second.timer), 7, 12);
	kit_close();
	kit_sql("UPDATE hub_retry SET due = due - 9000");
	kit_open();
	await_posts(2);
}

static void
retry_after_is_heard(void **state)
{
	(void)state;
	clock_set_ms(clock_now_ms());
	kit_subscribe(0, 1, NULL);
	kit.crowd.members[0].manner = MANNER_LATER;
	kit_announce(1);
	await_posts(1);
	assert_int_equal(kit_sql("SELECT due FROM hub_retry") -
		clock_now_ms(), 1000 * 1000);
}

static void
who_is_gone_is_not_asked_again(void **state)
{
	(void)state;
	kit_subscribe(0, 2, NULL);
	kit.crowd.members[0].manner = MANNER_GONE;
	kit_announce(1);
	await_posts(2);
	assert_int_equal(kit_sql("SELECT count(*) FROM hub_sub"), 1);
	assert_int_equal(kit.told[COURIER_UNSUBSCRIBED], 1);
	kit_announce(2);
	await_posts(3);
}

static void
nobody_is_followed_elsewhere(void **state)
{
	(void)state;
	kit_subscribe(1, 2, NULL);
	kit.crowd.members[1].manner = MANNER_MOVED;
	kit_announce(1);
	await_posts(1);
	assert_int_equal(kit.crowd.members[0].got, 0);
	assert_int_equal(retries(), 1);
	assert_int_equal(kit_sql("SELECT last_error = 'it answered 302'"
		" FROM hub_retry"), 1);
}

static void
an_endless_answer_is_an_answer(void **state)
{
	(void)state;
	kit_subscribe(0, 1, NULL);
	kit.crowd.members[0].manner = MANNER_ENDLESS;
	kit_announce(1);
	await_posts(1);
	assert_int_equal(retries(), 0);
	assert_int_equal(kit.fanned_out, 1);
}

static bool
slow_has_answered(void)
{
	return retries() == 0 && kit_is_over();
}

/* It has a row while it is under way, and loses it by its answer. */
static void
who_is_slow_is_not_waited_for(void **state)
{
	(void)state;
	kit_subscribe(0, 10, NULL);
	kit.crowd.members[4].manner = MANNER_SLOW;
	kit_announce(1);
	kit_wait(kit_is_over);
	assert_int_equal(kit.fanned_out, 9);
	assert_int_equal(retries(), 1);
	kit_wait(slow_has_answered);
	assert_int_equal(kit.crowd.got, 10);
}

/* ---- many of them ---- */

static bool
others_are_served(void)
{
	return crowd_count(&kit.crowd, 1, 1) >= MANY - 1;
}

static void
some_bad_ones_hold_nobody_up(void **state)
{
	struct crowd *c = &kit.crowd;
	int64_t begun;

	(void)state;
	kit_subscribe(0, MANY, "secret");
	kit_sql("UPDATE hub_sub SET callback = 'http://127.0.0.1:1/dead'"
		" WHERE id = 15");
	c->members[100].manner = MANNER_SILENT;
	c->members[200].manner = MANNER_ENDLESS;
	c->members[300].manner = MANNER_ENDLESS_HEAD;
	c->members[400].manner = MANNER_FAILS;
	begun = crowd_now_us();
	kit_announce(1);
	kit_wait(others_are_served);
	for (size_t i = 0; i < MANY; i++)
		if (i != 5)
			assert_in_range(c->members[i].at_us - begun, 0,
				5 * 1000 * 1000);
	kit_wait(kit_is_over);
	assert_int_equal(c->members[5].got, 0);
	assert_int_equal(kit.fanned_out, MANY - 4);
	/* Dead, silent, endless head, and 500. */
	assert_int_equal(retries(), 4);
	assert_int_equal(c->got, MANY - 1);
}

/* Every host fails: others are served, and each of them is tried once. */
static void
a_dead_host_goes_to_the_slow_lane(void **state)
{
	struct ring *r = kit.courier.ring;
	struct receiver *h;

	(void)state;
	kit_subscribe(0, MANY, NULL);
	kit_sql("UPDATE hub_sub SET callback = 'http://127.0.0.1:1/' || id,"
		" host = 'dead' WHERE id < 510");
	kit_announce(1);
	kit_wait(kit_is_over);
	assert_int_equal(kit.fanned_out, MANY - 500);
	assert_int_equal(kit.crowd.got, MANY - 500);
	h = receiver_get(&r->receivers, S("dead"));
	assert_true(receiver_is_slow(h));
	assert_int_equal(retries(), 500);
	assert_in_range(r->second.active, 0, RECEIVER_SLOW_SHARE);
}

/* One host has many subscriptions, and takes them one after the other. */
static void
a_host_is_not_overrun(void **state)
{
	struct ring *r = kit.courier.ring;

	(void)state;
	r->receivers.share = 2;
	kit_subscribe(0, MANY, NULL);
	kit_sql("UPDATE hub_sub SET host = 'one'");
	kit_announce(1);
	kit_wait(others_are_served);
	kit_wait(slow_has_answered);
	assert_int_equal(crowd_count(&kit.crowd, 1, 1), MANY);
}

static size_t served_from, served_to;

static bool
they_are_served(void)
{
	for (size_t i = served_from; i < served_to; i++)
		if (kit.crowd.members[i].got == 0)
			return false;
	return true;
}

/* Members from..to are served, before so many seconds have passed. */
static void
assert_served(size_t from, size_t to, int64_t seconds)
{
	int64_t begun = crowd_now_us();

	served_from = from;
	served_to = to;
	kit_wait(they_are_served);
	assert_in_range(crowd_now_us() - begun, 0, seconds * 1000000);
}

/* There is no room for all that waits for a host which is never quite slow. */
static void
who_dawdles_holds_nobody_up(void **state)
{
	enum { TARDY = 2500, ALL = TARDY + 100 };

	(void)state;
	kit_begin(ALL);
	kit_open();
	kit.courier.ring->receivers.share = 2;
	kit_subscribe(0, ALL, NULL);
	for (size_t i = 0; i < TARDY; i++)
		kit.crowd.members[i].manner = MANNER_TARDY;
	kit_sql("UPDATE hub_sub SET host = 'one' WHERE id < 2510");
	kit_announce(1);
	assert_served(TARDY, ALL, 5);
	kit_close();
	kit_end();
}

/* The dead that are due come first, and there are more than can go at once. */
static void
the_dead_hold_nobody_up_who_is_tried_again(void **state)
{
	(void)state;
	kit_subscribe(300, 301, NULL);
	kit_announce(1);
	assert_served(300, 301, 5);
	kit_wait(kit_is_over);
	crowd_forget(&kit.crowd);
	kit_subscribe(0, 300, NULL);
	for (size_t i = 0; i < 300; i++)
		kit.crowd.members[i].manner = MANNER_SILENT;
	kit_sql("INSERT INTO hub_retry SELECT id, 1, 1, 'dead', 1 FROM hub_sub"
		" WHERE id < 310");
	kit_sql("INSERT INTO hub_retry SELECT id, 0, 2, '', 1 FROM hub_sub"
		" WHERE id = 310");
	second_look(kit.courier.ring);
	assert_served(300, 301, 5);
}

/* As many as can go are under way when the next one is due. */
static void
who_is_due_without_room_is_not_forgotten(void **state)
{
	(void)state;
	kit_subscribe(0, 129, NULL);
	for (size_t i = 0; i < 128; i++)
		kit.crowd.members[i].manner = MANNER_SLOW;
	kit_write(1);
	kit_sql("INSERT INTO hub_retry SELECT id, 0, 1, '', 1 FROM hub_sub"
		" WHERE id < 138");
	kit_sql("INSERT INTO hub_retry SELECT id, 0, 1000 *"
		" (1 + strftime('%s')), '', 1 FROM hub_sub WHERE id = 138");
	second_look(kit.courier.ring);
	assert_served(128, 129, 10);
}

/* ---- kill -9 ---- */

static char program[] = "push_ring_rough";
static pid_t child;

static void
on_post(void *arg)
{
	(void)arg;
	kill(child, SIGKILL);
}

/* This program as another process, on the same directory: until killed. */
static void
be_killed(const char *dir)
{
	snprintf(kit.dir, sizeof(kit.dir), "%s", dir);
	kit_open();
	for (;;)
		ev_run(kit.courier.loop, EVRUN_ONCE);
}

static void
kill_at(unsigned post)
{
	char *argv[] = { program, kit.dir, NULL };
	struct crowd *c = &kit.crowd;
	int status;

	c->call_at = 0;
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		execv("/proc/self/exe", argv);
		_exit(1);
	}
	c->call_at = post;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	c->call_at = 0;
}

/* How many of those that the cursor has passed got it twice? */
static size_t
passed_twice(int64_t cursor)
{
	size_t n = 0;

	for (size_t i = 0; i < MANY && (int64_t)i + 10 <= cursor; i++)
		n += kit.crowd.members[i].of[1] > 1;
	return n;
}

/*
 * Nobody is lost; who is told twice was answered after the last commit, or was
 * under way, or has a row.  How many those are the disk decides.
 */
static void
a_killed_ring_loses_nobody(void **state)
{
	static const unsigned posts[] = { 1, 60, 199, 201, 400, 555, 999 };
	int64_t cursor, rows;
	size_t twice;

	(void)state;
	kit_begin(MANY);
	kit.crowd.call = on_post;
	kit_open();
	kit_subscribe(0, MANY, NULL);
	kit_write(1);
	kit_close();
	for (size_t i = 0; i < COUNT_OF(posts); i++) {
		crowd_forget(&kit.crowd);
		kit_sql("DELETE FROM hub_retry");
		kit_sql("INSERT INTO hub_fanout VALUES (3, 1, 0, 0, 10000)");
		kill_at(posts[i]);
		cursor = kit_sql("SELECT cursor FROM hub_fanout");
		rows = kit_sql("SELECT count(*) FROM hub_retry");
		kit_open();
		kit_wait(kit_is_over);
		kit_wait(slow_has_answered);
		kit_close();
		assert_int_equal(crowd_count(&kit.crowd, 1, 0), 0);
		assert_in_range(passed_twice(cursor), 0, rows);
		twice = crowd_count(&kit.crowd, 1, 2);
		assert_int_equal(crowd_count(&kit.crowd, 1, 1), MANY - twice);
	}
	kit_end();
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(who_fails_is_tried_again_and_then_let_be),
		TEST(who_is_tried_again_gets_the_latest),
		TEST(the_time_of_a_second_try_is_kept),
		TEST(retry_after_is_heard),
		TEST(who_is_gone_is_not_asked_again),
		TEST(nobody_is_followed_elsewhere),
		TEST(an_endless_answer_is_an_answer),
		TEST(who_is_slow_is_not_waited_for),
		TEST(some_bad_ones_hold_nobody_up),
		TEST(a_dead_host_goes_to_the_slow_lane),
		TEST(a_host_is_not_overrun),
		cmocka_unit_test(who_dawdles_holds_nobody_up),
		TEST(the_dead_hold_nobody_up_who_is_tried_again),
		TEST(who_is_due_without_room_is_not_forgotten),
		cmocka_unit_test(a_killed_ring_loses_nobody),
	};

	if (argc == 2)
		be_killed(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
