/*
 * The ring: everybody gets the latest version, once, whatever comes between.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "push_ring_kit.h"

enum { MANY = 1200 };

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

static void
everybody_gets_it_once(void **state)
{
	(void)state;
	kit_subscribe(0, MANY, NULL);
	kit_announce(1);
	kit_wait(kit_is_over);
	assert_int_equal(crowd_count(&kit.crowd, 1, 1), MANY);
	assert_int_equal(kit.crowd.got, MANY);
	assert_int_equal(kit.fanned_out, MANY);
	assert_int_equal(kit.told[COURIER_FANNED_OUT], 1);
	assert_int_equal(kit_sql("SELECT count(*) FROM hub_fanout"), 0);
	assert_int_equal(kit_sql("SELECT count(*) FROM hub_retry"), 0);
}

/* The databases are a copy, or a backup: nobody is told until they are
 * adopted, neither who is next nor who has a row. */
static void
nothing_leaves_behind_a_fence(void **state)
{
	(void)state;
	kit.courier.is_fenced = true;
	kit_subscribe(0, 3, NULL);
	kit_sql("INSERT INTO hub_retry (sub_id, version, tries, due,"
		" last_error) VALUES (12, 1, 1, 1, '')");
	kit_announce(1);
	second_look(kit.courier.ring);
	kit_run(200);
	assert_int_equal(kit.crowd.got, 0);
	kit.courier.is_fenced = false;
	kit_wait(kit_is_over);
	assert_int_equal(crowd_count(&kit.crowd, 1, 1), 3);
}

static void
a_request_has_what_it_must_have(void **state)
{
	(void)state;
	kit_subscribe(0, 1, NULL);
	kit_subscribe(1, 2, "a secret");
	kit_announce(1);
	kit_wait(kit_is_over);
	assert_string_equal(crowd_header(&kit.crowd, 0, "Content-Type"),
		"application/atom+xml; charset=utf-8");
	assert_string_equal(crowd_header(&kit.crowd, 0, "Link"),
		"<http://news.example.org/hub>; rel=\"hub\", "
		"<https://hub.example.net/>; rel=\"hub\", "
		"<http://news.example.org/feeds/all.atom>; rel=\"self\"");
	assert_string_equal(crowd_header(&kit.crowd, 0, "X-Hub-Signature"),
		"");
	assert_string_equal(crowd_header(&kit.crowd, 0, "Expect"), "");
	/* "version 1\n" and 2038 dots, by "a secret": openssl dgst -hmac */
	assert_string_equal(crowd_header(&kit.crowd, 1, "X-Hub-Signature"),
		"sha256=6f4e05774031a38b3cedbe11bac9e702"
		"0aec471b4e3c48647a1a8517422b845f");
}

static void
another_secret_signs_the_next_version(void **state)
{
	char first[200];

	(void)state;
	kit_subscribe(0, 1, "one");
	kit_announce(1);
	kit_wait(kit_is_over);
	snprintf(first, sizeof(first), "%s", crowd_header(&kit.crowd, 0,
		"X-Hub-Signature"));
	kit_sql("UPDATE hub_sub SET secret = cast('two' AS BLOB)");
	kit_announce(2);
	kit_wait(kit_is_over);
	assert_string_not_equal(crowd_header(&kit.crowd, 0,
		"X-Hub-Signature"), first);
	assert_int_equal(strlen(first), strlen("sha256=") + 64);
}

static bool
some_have_it(void)
{
	return kit.crowd.got > MANY / 3;
}

/* Everybody has the latest, and nobody got an older one behind a newer. */
static void
assert_latest(unsigned version)
{
	for (size_t i = 0; i < MANY; i++) {
		const struct member *m = &kit.crowd.members[i];

		assert_int_equal(m->latest, version);
		assert_in_range(m->got, 1, version);
		assert_false(m->went_back);
	}
}

static void
a_newer_version_takes_over(void **state)
{
	(void)state;
	kit_subscribe(0, MANY, NULL);
	kit_announce(1);
	kit_wait(some_have_it);
	kit_announce(2);
	kit_wait(kit_is_over);
	assert_latest(2);
	assert_int_equal(crowd_count(&kit.crowd, 2, 1), MANY);
	/* All of them, where the machine had other things to do. */
	assert_in_range(crowd_count(&kit.crowd, 1, 1), MANY / 3, MANY);
	assert_int_equal(kit_sql("SELECT count(*) FROM hub_fanout"), 0);
}

/* One that comes when the end of the ring was passed, too. */
static bool
it_is_past_the_end(void)
{
	return kit_sql("SELECT count(*) FROM hub_fanout WHERE cursor < stop")
		== 1 || kit_is_over();
}

static void
newer_ones_take_over_again_and_again(void **state)
{
	(void)state;
	kit_subscribe(0, MANY, NULL);
	kit_announce(1);
	kit_wait(some_have_it);
	kit_announce(2);
	kit_wait(it_is_past_the_end);
	kit_announce(3);
	kit_announce(4);
	kit_announce(5);
	kit_wait(kit_is_over);
	assert_latest(5);
}

static void
an_older_version_changes_nothing(void **state)
{
	(void)state;
	kit_subscribe(0, MANY, NULL);
	kit_announce(5);
	kit_wait(some_have_it);
	kit_announce(4);
	kit_write(5);
	kit_wait(kit_is_over);
	assert_int_equal(kit.crowd.got, MANY);
}

static void
who_comes_later_is_not_told(void **state)
{
	(void)state;
	kit_subscribe(0, MANY - 1, NULL);
	kit_announce(1);
	kit_subscribe(MANY - 1, MANY, NULL);
	kit_wait(kit_is_over);
	assert_int_equal(kit.crowd.got, MANY - 1);
	assert_int_equal(kit.crowd.members[MANY - 1].got, 0);
}

static void
an_expired_lease_gets_nothing(void **state)
{
	(void)state;
	kit_subscribe(0, 10, NULL);
	kit_sql("UPDATE hub_sub SET expires = 1 WHERE id % 2 = 0");
	kit_announce(1);
	kit_wait(kit_is_over);
	for (size_t i = 0; i < 10; i++)
		assert_int_equal(kit.crowd.members[i].got, i % 2);
}

/* The page was read while the lease still ran. */
static void
a_lease_may_end_on_the_way(void **state)
{
	(void)state;
	kit_subscribe(0, MANY, NULL);
	kit_announce(1);
	kit_wait(some_have_it);
	clock_set_ms(clock_now_ms() + 7200 * 1000);
	kit_wait(kit_is_over);
	assert_in_range(kit.crowd.got, MANY / 3, MANY - 1);
	assert_int_equal(kit_sql("SELECT count(*) FROM hub_fanout"), 0);
	assert_int_equal(kit_sql("SELECT count(*) FROM hub_retry"), 0);
}

static void
nobody_subscribes(void **state)
{
	(void)state;
	kit_announce(1);
	kit_wait(kit_is_over);
	assert_int_equal(kit.told[COURIER_FANNED_OUT], 0);
	assert_int_equal(kit_sql("SELECT count(*) FROM hub_fanout"), 0);
}

/* A document that was taken away is owed to nobody. */
static void
a_document_that_is_not_there_ends_the_round(void **state)
{
	(void)state;
	kit_subscribe(0, 10, NULL);
	kit_sql("UPDATE hub_topic SET url ="
		" 'http://news.example.org/feeds/gone.atom'");
	kit_announce(1);
	kit_wait(kit_is_over);
	assert_int_equal(kit.crowd.got, 0);
	assert_non_null(strstr(kit.why, "gone.atom"));
	assert_int_equal(kit_sql("SELECT count(*) FROM hub_fanout"), 0);
}

/* Nor is one that is too large to be sent, however often it is looked at. */
static void
a_document_that_is_too_large_ends_the_round(void **state)
{
	char path[128];

	(void)state;
	kit_subscribe(0, 10, NULL);
	kit_write(1);
	snprintf(path, sizeof(path), "%s/www/feeds/huge.atom", kit.dir);
	assert_int_equal(close(creat(path, 0600)), 0);
	assert_int_equal(truncate(path, ISSUE_BYTES_MAX + 1), 0);
	kit_sql("UPDATE hub_topic SET url ="
		" 'http://news.example.org/feeds/huge.atom'");
	kit_announce(1);
	kit_wait(kit_is_over);
	assert_int_equal(kit.crowd.got, 0);
	assert_non_null(strstr(kit.why, "huge.atom"));
	assert_int_equal(kit.told[COURIER_REJECTED], 1);
}

static void
a_stopped_ring_goes_on(void **state)
{
	(void)state;
	kit_subscribe(0, MANY, NULL);
	kit_announce(1);
	kit_wait(some_have_it);
	kit_close();
	assert_in_range(kit.crowd.got, MANY / 3, MANY - 1);
	kit_open();
	kit_wait(kit_is_over);
	assert_int_equal(crowd_count(&kit.crowd, 1, 1), MANY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(everybody_gets_it_once),
		TEST(nothing_leaves_behind_a_fence),
		TEST(a_request_has_what_it_must_have),
		TEST(another_secret_signs_the_next_version),
		TEST(a_newer_version_takes_over),
		TEST(newer_ones_take_over_again_and_again),
		TEST(an_older_version_changes_nothing),
		TEST(who_comes_later_is_not_told),
		TEST(an_expired_lease_gets_nothing),
		TEST(a_lease_may_end_on_the_way),
		TEST(nobody_subscribes),
		TEST(a_document_that_is_not_there_ends_the_round),
		TEST(a_document_that_is_too_large_ends_the_round),
		TEST(a_stopped_ring_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
