/*
 * The first scan's own database: nothing of it is seen before its end, and
 * whatever ends it too early costs nobody a name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "store_kit.h"

static bool
is_there(const char *name)
{
	struct stat st;

	return stat(kit_path(&kit, name), &st) == 0;
}

static void
adopt_first(void)
{
	ADOPT(&kit, { .path = "a/clip.txt", .title = "A", .date = 1000 },
		{ .path = "b/clip.txt", .title = "B", .date = 2000,
		.series = "wonders", .part = 1 });
}

static void
adopt_second(void)
{
	ADOPT(&kit, { .path = "c/clip.txt", .title = "C", .date = 3000 });
}

static void
assert_names(void)
{
	assert_string_equal(kit_entry(&kit, "a/clip.txt").slug.ptr, "clip");
	assert_string_equal(kit_entry(&kit, "b/clip.txt").slug.ptr,
		"clip-2");
	assert_string_equal(kit_entry(&kit, "c/clip.txt").slug.ptr,
		"clip-3");
	assert_string_equal(kit_feed(&kit, "wonders").uid.ptr,
		"tag:news.example.org,2024:series/wonders");
	assert_string_equal(kit_titles(&kit, "all"), "C / wonders 1 | B / A");
}

static void
nothing_is_seen_before_the_end(void **state)
{
	(void)state;
	assert_true(kit.fresh);
	adopt_first();
	assert_false(kit_has(&kit, "a/clip.txt"));
	assert_int_equal(kit_counts(&kit).articles, 0);
	assert_false(is_there("press.db"));
	adopt_second();
	kit_number(&kit);
	assert_names();
	assert_false(is_there("press.db.first"));
	assert_string_equal(kit_sql(&kit, "PRAGMA journal_mode"), "wal");
	assert_string_equal(kit_sql(&kit, "PRAGMA integrity_check"), "ok");
	assert_null(kit_sql(&kit, "PRAGMA foreign_key_check"));
	kit_close(&kit);
	kit_open(&kit);
	assert_false(kit.fresh);
	assert_names();
}

/* A daemon that dies after so many steps. */
static void
die_after(int steps)
{
	pid_t child;
	int status;

	kit_close(&kit);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		kit_open(&kit);
		if (steps > 0)
			adopt_first();
		if (steps > 1)
			adopt_second();
		if (steps > 2)
			kit_number(&kit);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	kit_open(&kit);
}

/* Whenever it dies, the next one gives the names that were given. */
static void
names_outlive_a_crash(void **state)
{
	(void)state;
	for (int steps = 0; steps < 3; steps++) {
		die_after(steps);
		assert_true(kit.fresh);
		assert_int_equal(kit_counts(&kit).articles, 0);
	}
	/* In another order than before. */
	adopt_second();
	adopt_first();
	kit_number(&kit);
	assert_names();
	assert_string_equal(kit_sql(&kit, "SELECT count(*) FROM identity"),
		"0");
}

static void
what_is_whole_outlives_a_crash(void **state)
{
	(void)state;
	die_after(3);
	assert_false(kit.fresh);
	assert_names();
}

/* Of another life: its pages must not be taken for ours. */
static void
an_old_log_is_removed(void **state)
{
	FILE *f;

	(void)state;
	kit_close(&kit);
	f = fopen(kit_path(&kit, "press.db-wal"), "w");
	assert_non_null(f);
	fputs("Of another database.", f);
	fclose(f);
	kit_open(&kit);
	assert_false(is_there("press.db-wal"));
	adopt_first();
	adopt_second();
	kit_number(&kit);
	assert_names();
}

static void
an_end_that_fails_can_be_repeated(void **state)
{
	struct piece p = { .path = "c/clip.txt", .title = "C", .date = 3000 };
	struct kit_batch b;

	(void)state;
	adopt_first();
	assert_int_equal(mkdir(kit_path(&kit, "press.db"), 0700), 0);
	kit_fill(&b, &p, 1);
	kit_submit(&kit, &b);
	kit_wait(&kit, &b);
	assert_int_equal(b.job.failed.kind, ERR_STORE);
	assert_non_null(strstr(b.job.failed.text, "press.db"));
	assert_true(b.job.failed.hint[0] != '\0');
	assert_false(kit_has(&kit, "a/clip.txt"));
	kit_done(&b);

	assert_int_equal(rmdir(kit_path(&kit, "press.db")), 0);
	kit_number(&kit);
	assert_names();
}

/* The database does not see to it yet that one row goes with another. */
static void
what_was_set_aside_goes_with_its_file(void **state)
{
	(void)state;
	ADOPT(&kit, { .path = "a.txt", .fate = ITEM_ASIDE },
		{ .path = "b.txt", .fate = ITEM_ASIDE });
	ADOPT(&kit, { .path = "a.txt", .fate = ITEM_GONE });
	kit_number(&kit);
	assert_int_equal(kit_counts(&kit).aside, 1);
	assert_null(kit_sql(&kit, "PRAGMA foreign_key_check"));
}

/* ---- its related links ---- */

static struct mark
part_mark(int number)
{
	return (struct mark){ .strength = MARK_STRONG, .key = S("wonders"),
		.name = S("wonders"), .number = number };
}

/* Where the link of an article leads to: a path; "" for nowhere. */
static const char *
leads_to(const char *path, size_t n)
{
	struct entry e = kit_entry(&kit, path);

	assert_true(n < e.n_related);
	return e.related[n].article_id ? e.related[n].path.ptr : "";
}

static void
links_lead_where_they_should(void **state)
{
	(void)state;
	ADOPT(&kit, { .path = "a.txt", .title = "A",
		.related = { "B", "Wonders 1: B", "D", "A" },
		.marks = { { 0 }, part_mark(1) } });
	ADOPT(&kit, { .path = "b.txt", .title = "B",
		.related = { "A", "Nobody" } },
		{ .path = "w.txt", .title = "W", .series = "wonders",
		.part = 1 }, { .path = "d.txt", .title = "D" });
	/* The second of that name, and a guess that comes to nothing. */
	ADOPT(&kit, { .path = "a2.txt", .title = "A", .related = { "D" } });
	ADOPT(&kit, { .path = "d.txt", .fate = ITEM_GONE });
	kit_number(&kit);
	assert_string_equal(leads_to("a.txt", 0), "b.txt");
	assert_string_equal(leads_to("a.txt", 1), "w.txt");
	assert_string_equal(leads_to("a.txt", 2), "");
	assert_string_equal(leads_to("a.txt", 3), "a2.txt");
	assert_string_equal(leads_to("b.txt", 1), "");
	assert_string_equal(leads_to("b.txt", 0), "a.txt");
	assert_string_equal(leads_to("a2.txt", 0), "");
	SAVE(&kit, { .path = "n.txt", .title = "Nobody" });
	assert_string_equal(leads_to("b.txt", 1), "n.txt");
}

/* A guess from a batch that was taken back is not believed. */
static void
links_forget_what_was_taken_back(void **state)
{
	struct piece p = { .path = "b.txt", .title = "B" };
	struct kit_batch b;

	(void)state;
	kit_fill(&b, &p, 1);
	b.batch.adopting = true;
	b.fail = true;
	kit_submit(&kit, &b);
	kit_wait(&kit, &b);
	kit_done(&b);
	ADOPT(&kit, { .path = "c.txt", .title = "C" },
		{ .path = "a.txt", .title = "A", .related = { "B" } });
	kit_number(&kit);
	assert_string_equal(leads_to("a.txt", 0), "");
}

#define TEST(name) KIT_TEST_FRESH(name)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_seen_before_the_end),
		TEST(names_outlive_a_crash),
		TEST(what_is_whole_outlives_a_crash),
		TEST(an_old_log_is_removed),
		TEST(an_end_that_fails_can_be_repeated),
		TEST(what_was_set_aside_goes_with_its_file),
		TEST(links_lead_where_they_should),
		TEST(links_forget_what_was_taken_back),
	};

	return cmocka_run_group_tests_name("store_first", tests, NULL, NULL);
}
