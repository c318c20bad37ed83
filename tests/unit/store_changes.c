/*
 * The store of what became of articles in each channel, and of who came.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "store_kit.h"

static struct arena arena;

/* A page of a feed's changes; its arena is freed by the next call. */
static struct changes
changes_of(const char *slug, int64_t after, size_t max)
{
	struct store_reader *r = store_sqlite.reader_take(kit.store);
	struct changes page;
	struct err e;

	arena_done(&arena);
	if (store_sqlite.changes(r, kit_feed(&kit, slug).id, after, max,
		&arena, &page, &e) < 0)
		fail_msg("%s", e.text);
	store_sqlite.reader_give(kit.store, r);
	return page;
}

/* "published A / withdrawn / ..." */
static const char *
told(const char *slug, int64_t after)
{
	static const char *const words[] = { "published", "updated",
		"corrected", "withdrawn" };
	static char text[1000];
	struct changes page = changes_of(slug, after, 100);
	size_t at = 0;

	text[0] = '\0';
	for (size_t i = 0; i < page.n; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at,
			"%s%s%s%.*s", i ? " / " : "",
			words[page.list[i].action],
			page.list[i].title.len ? " " : "",
			ARG(page.list[i].title));
	return text;
}

static void
a_life_is_told(void **state)
{
	(void)state;
	SAVE(&kit, { .path = "a.txt", .title = "A", .topics = { "t" } });
	assert_string_equal(told("all", 0), "");
	kit_publish_all(&kit);
	assert_string_equal(told("all", 0), "published A");
	SAVE(&kit, { .path = "a.txt", .title = "A", .body = "More.",
		.topics = { "t" } });
	SAVE(&kit, { .path = "a.txt", .title = "A", .body = "Other.",
		.topics = { "t" }, .change = CHANGE_CORRECT });
	/* What cannot be fetched is not told. */
	assert_string_equal(told("all", 0), "published A");
	kit_publish_all(&kit);
	assert_string_equal(told("all", 0),
		"published A / updated A / corrected A");
	SAVE(&kit, { .path = "a.txt", .fate = ITEM_GONE,
		.change = CHANGE_WITHDRAW });
	kit_publish_all(&kit);
	assert_string_equal(told("all", 0),
		"withdrawn / withdrawn / withdrawn / withdrawn");
	assert_string_equal(told("t", 3), "withdrawn");
	SAVE(&kit, { .path = "a.txt", .title = "A", .topics = { "t" },
		.change = CHANGE_RESTORE });
	kit_publish_all(&kit);
	assert_string_equal(told("all", 4), "published A");
}

static void
who_leaves_a_channel_is_told_there(void **state)
{
	(void)state;
	SAVE(&kit, { .path = "a.txt", .title = "A", .topics = { "t", "u" } });
	SAVE(&kit, { .path = "a.txt", .title = "A", .topics = { "u" },
		.change = CHANGE_MINOR });
	kit_publish_all(&kit);
	assert_string_equal(told("t", 0), "withdrawn / withdrawn");
	assert_string_equal(told("u", 0), "published A / updated A");
}

static void
a_first_scan_is_no_change(void **state)
{
	(void)state;
	ADOPT(&kit, { .path = "a.txt", .title = "A" });
	kit_number(&kit);
	kit_publish_all(&kit);
	assert_string_equal(told("all", 0), "");
	assert_true(changes_of("all", 0, 1).stream.len == 8);
}

static void
pages_are_bounded_and_whole(void **state)
{
	struct changes page;

	(void)state;
	SAVE(&kit, { .path = "a.txt", .title = "A" },
		{ .path = "b.txt", .title = "B" },
		{ .path = "c.txt", .title = "C" });
	kit_publish_all(&kit);
	page = changes_of("all", 0, 2);
	assert_int_equal(page.n, 2);
	assert_true(page.more);
	assert_int_equal(page.list[0].seq, 1);
	page = changes_of("all", page.list[1].seq, 2);
	assert_int_equal(page.n, 1);
	assert_false(page.more);
	assert_int_equal(page.list[0].seq, 3);
	page = changes_of("all", INT64_MAX - 1, 0);
	assert_int_equal(page.n, 0);
	assert_false(page.more);
}

/* ---- partners ---- */

struct count_job {
	struct store_job job;
	struct partner_seen *list;
	size_t n;
	bool done;
};

static void
count_run(struct store_job *j, struct store_tx *tx)
{
	struct count_job *c = CONTAINER_OF(j, struct count_job, job);

	assert_int_equal(store_sqlite.put_partners(tx, c->list, c->n,
		&j->failed), 0);
}

static void
count_done(struct store_job *j)
{
	CONTAINER_OF(j, struct count_job, job)->done = true;
}

static void
put(struct partner_seen *list, size_t n)
{
	struct count_job c = { .list = list, .n = n };

	c.job = (struct store_job){ .run = count_run, .done = count_done };
	store_sqlite.submit(kit.store, &c.job);
	while (!c.done)
		ev_run(kit.loop, EVRUN_ONCE);
	assert_int_equal(c.job.failed.kind, ERR_NONE);
}

static void
partners_are_remembered(void **state)
{
	struct partner_seen a = { S("A"), 3, 100 }, b = { S("B"), 1, 50 };
	struct store_reader *r;
	struct partner_seen *list;
	struct err e;
	size_t n;

	(void)state;
	put((struct partner_seen[]){ a, b }, 2);
	a.requests = 4;
	put(&a, 1);
	kit_close(&kit);
	kit_open(&kit);
	r = store_sqlite.reader_take(kit.store);
	assert_int_equal(store_sqlite.partners(r, &arena, &list, &n, &e), 0);
	store_sqlite.reader_give(kit.store, r);
	assert_int_equal(n, 2);
	assert_int_equal(list[0].requests, 4);
	assert_int_equal(list[1].last_seen, 50);
	arena_done(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(a_life_is_told),
		KIT_TEST(who_leaves_a_channel_is_told_there),
		KIT_TEST_FRESH(a_first_scan_is_no_change),
		KIT_TEST(pages_are_bounded_and_whole),
		KIT_TEST(partners_are_remembered),
	};
	int rc = cmocka_run_group_tests(tests, NULL, NULL);

	arena_done(&arena);
	return rc;
}
