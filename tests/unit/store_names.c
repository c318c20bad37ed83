/*
 * Names: ids and slugs that are taken, and identity.log, which brings them
 * back when the database is lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "store_kit.h"

#define assert_names(path, wanted_uid, wanted_slug) \
	assert_named(kit_entry(&kit, (path)), \
		"tag:news.example.org,2024:" wanted_uid, (wanted_slug))

static void
assert_named(struct entry e, const char *uid, const char *slug)
{
	assert_string_equal(e.uid.ptr, uid);
	assert_string_equal(e.slug.ptr, slug);
}

/* ---- minting ---- */

static void
names_that_are_taken_get_a_number(void **state)
{
	(void)state;
	SAVE(&kit, { .path = "a/clip.txt", .title = "A" },
		{ .path = "a/clip.md", .title = "B" },
		{ .path = "b/clip.txt", .title = "C" },
		{ .path = "a/clip.html", .title = "D" });
	assert_names("a/clip.txt", "a/clip", "clip");
	assert_names("a/clip.md", "a/clip~2", "clip-2");
	assert_names("b/clip.txt", "b/clip", "clip-3");
	assert_names("a/clip.html", "a/clip~3", "clip-4");
}

static void
numbers_have_no_gaps(void **state)
{
	char path[100][32];

	(void)state;
	for (int i = 0; i < 100; i++) {
		snprintf(path[i], sizeof(path[i]), "d%d/index.txt", i);
		SAVE(&kit, { .path = path[i], .title = path[i] });
	}
	assert_string_equal(kit_entry(&kit, "d99/index.txt").slug.ptr,
		"index-100");
	assert_string_equal(kit_sql(&kit, "SELECT count(DISTINCT slug)"
		" FROM article"), "100");
}

static void
names_of_withdrawn_articles_stay_taken(void **state)
{
	(void)state;
	SAVE(&kit, { .path = "clip.txt", .title = "A" });
	SAVE(&kit, { .path = "gone.txt", .from = "clip.txt", .title = "A" });
	SAVE(&kit, { .path = "gone.txt", .fate = ITEM_GONE });
	SAVE(&kit, { .path = "clip.txt", .title = "B" });
	assert_names("clip.txt", "clip~2", "clip-2");
}

static void
slugs_keep_any_script(void **state)
{
	(void)state;
	SAVE(&kit, { .path = "\xe6\xb8\xaf/\xe6\xb9\xbe \xe5\x8c\xba.txt",
		.title = "A" }, { .path = "b\xff\x01.txt", .title = "B" },
		{ .path = "no-ending", .title = "C" },
		{ .path = "x.y/two.dots.txt", .title = "D" });
	assert_names("\xe6\xb8\xaf/\xe6\xb9\xbe \xe5\x8c\xba.txt",
		"%E6%B8%AF/%E6%B9%BE%20%E5%8C%BA",
		"\xe6\xb9\xbe \xe5\x8c\xba");
	assert_names("b\xff\x01.txt", "b%FF%01", "b%FF%01");
	assert_names("no-ending", "no-ending", "no-ending");
	assert_names("x.y/two.dots.txt", "x.y/two.dots", "two.dots");
}

static void
no_article_has_the_id_of_a_feed(void **state)
{
	(void)state;
	SAVE(&kit, { .path = "w1.txt", .title = "One", .series = "wonders",
		.part = 1 });
	SAVE(&kit, { .path = "series/wonders.txt", .title = "A" },
		{ .path = "all.txt", .title = "B" });
	assert_names("series/wonders.txt", "series/wonders~2", "wonders");
	assert_names("all.txt", "all~2", "all");
	SAVE(&kit, { .path = "topics/gba.txt", .title = "C" });
	SAVE(&kit, { .path = "t.txt", .title = "D", .topics = { "gba" } });
	assert_string_equal(kit_feed(&kit, "gba").uid.ptr,
		"tag:news.example.org,2024:topics/gba~2");
}

static void
the_authority_is_frozen(void **state)
{
	struct store_open o = { .state_dir = kit.dir, .loop = kit.loop,
		.authority = S("other.example,2030") };
	struct err e;

	(void)state;
	kit_close(&kit);
	assert_int_equal(store_sqlite.open(&o, &kit.store, &kit.fresh, &e),
		0);
	SAVE(&kit, { .path = "a.txt", .title = "A" });
	assert_names("a.txt", "a", "a");
}

/* ---- identity.log ---- */

static void
lose_database(void)
{
	kit_close(&kit);
	kit_remove(&kit, "press.db");
	kit_remove(&kit, "press.db-wal");
	kit_remove(&kit, "press.db-shm");
	kit_open(&kit);
}

static void
a_lost_database_gives_the_same_names(void **state)
{
	(void)state;
	SAVE(&kit, { .path = "clip.txt", .title = "A", .date = 1000 },
		{ .path = "b/clip.txt", .title = "B", .date = 2000,
		.series = "wonders", .part = 1 });
	SAVE(&kit, { .path = "moved.txt", .from = "clip.txt",
		.title = "A" });
	lose_database();
	assert_true(kit.fresh);
	/* In another order, with other dates, and something at the old name. */
	ADOPT(&kit, { .path = "clip.txt", .title = "Z" },
		{ .path = "b/clip.txt", .title = "B", .date = 9000,
		.series = "wonders", .part = 1 },
		{ .path = "moved.txt", .title = "A", .date = 9000 });
	kit_number(&kit);
	assert_names("moved.txt", "clip", "clip");
	assert_names("b/clip.txt", "b/clip", "clip-2");
	assert_names("clip.txt", "clip~2", "clip-3");
	assert_int_equal(kit_entry(&kit, "moved.txt").published, 1000);
	assert_int_equal(kit_entry(&kit, "moved.txt").updated, 9000);
	assert_int_equal(kit_entry(&kit, "b/clip.txt").published, 2000);
	assert_string_equal(kit_feed(&kit, "wonders").uid.ptr,
		"tag:news.example.org,2024:series/wonders");
	assert_string_equal(kit_sql(&kit, "SELECT count(*) FROM identity"),
		"0");

	/* And once more, from what was logged in both lives. */
	lose_database();
	ADOPT(&kit, { .path = "clip.txt", .title = "Z" });
	kit_number(&kit);
	assert_names("clip.txt", "clip~2", "clip-3");
}

static void
a_file_that_moved_meanwhile_is_known_by_its_bytes(void **state)
{
	(void)state;
	SAVE(&kit, { .path = "a.txt", .title = "A", .date = 1000 },
		{ .path = "b.txt", .title = "Twin" },
		{ .path = "c.txt", .title = "Twin" });
	lose_database();
	ADOPT(&kit, { .path = "new.txt", .title = "A" },
		{ .path = "twin.txt", .title = "Twin" });
	kit_number(&kit);
	assert_names("new.txt", "a", "a");
	assert_int_equal(kit_entry(&kit, "new.txt").published, 1000);
	assert_names("twin.txt", "twin", "twin");
	/* Where it is now was logged: its bytes do not matter any more. */
	lose_database();
	ADOPT(&kit, { .path = "new.txt", .title = "Edited" });
	kit_number(&kit);
	assert_names("new.txt", "a", "a");
}

static void
names_that_nobody_claims_stay_taken(void **state)
{
	(void)state;
	SAVE(&kit, { .path = "clip.txt", .title = "A" });
	SAVE(&kit, { .path = "gone.txt", .from = "clip.txt", .title = "A" });
	SAVE(&kit, { .path = "gone.txt", .fate = ITEM_GONE });
	lose_database();
	ADOPT(&kit, { .path = "clip.txt", .title = "B" });
	kit_number(&kit);
	assert_names("clip.txt", "clip~2", "clip-2");
}

static void
append(const char *text)
{
	FILE *f = fopen(kit_path(&kit, "identity.log"), "a");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void
a_torn_line_is_cut_off(void **state)
{
	(void)state;
	SAVE(&kit, { .path = "a.txt", .title = "A", .date = 1000 });
	kit_close(&kit);
	append("article\ttag:torn,2024:b\tb.t");
	kit_open(&kit);
	SAVE(&kit, { .path = "b.txt", .title = "B", .date = 2000 });
	kit_close(&kit);
	append("garbage\n\narticle\t%zz\tx\ty\tz\tw\nauthority\tx\ty\n"
		"article\ttag:torn,2024:c\tc.txt");
	kit_remove(&kit, "press.db");
	kit_open(&kit);
	ADOPT(&kit, { .path = "b.txt", .title = "B" },
		{ .path = "a.txt", .title = "A" },
		{ .path = "c.txt", .title = "C" });
	kit_number(&kit);
	assert_names("a.txt", "a", "a");
	assert_names("b.txt", "b", "b");
	assert_names("c.txt", "c", "c");
	assert_int_equal(kit_entry(&kit, "b.txt").published, 2000);
}

static void
a_failed_job_names_nothing(void **state)
{
	struct kit_batch b;

	(void)state;
	kit_fill(&b, (struct piece[]){ { .path = "a.txt", .title = "A" } },
		1);
	b.fail = true;
	kit_submit(&kit, &b);
	kit_wait(&kit, &b);
	assert_int_equal(b.job.failed.kind, ERR_IO);
	kit_done(&b);
	lose_database();
	kit_number(&kit);
	assert_string_equal(kit_sql(&kit, "SELECT count(*) FROM identity"),
		"0");
}

#define TEST(name) KIT_TEST_FRESH(name)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(names_that_are_taken_get_a_number),
		TEST(numbers_have_no_gaps),
		TEST(names_of_withdrawn_articles_stay_taken),
		TEST(slugs_keep_any_script),
		TEST(no_article_has_the_id_of_a_feed),
		TEST(the_authority_is_frozen),
		TEST(a_lost_database_gives_the_same_names),
		TEST(a_file_that_moved_meanwhile_is_known_by_its_bytes),
		TEST(names_that_nobody_claims_stay_taken),
		TEST(a_torn_line_is_cut_off),
		TEST(a_failed_job_names_nothing),
	};

	return cmocka_run_group_tests_name("store_names", tests, NULL, NULL);
}
