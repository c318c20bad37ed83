/*
 * The press's rows: what a batch does to articles, feeds, links, and to what
 * is announced.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "assert_slice.h"
#include "store_kit.h"

#define assert_titles(slug, wanted) \
	assert_string_equal(kit_titles(&kit, (slug)), (wanted))

/* ---- articles ---- */

static void
an_article_comes_back_as_it_was_stored(void **state)
{
	struct entry e;

	(void)state;
	SAVE(&kit, { .path = "2024/clip.txt", .title = "The clip",
		.date = 1000, .topics = { "gba" } });
	e = kit_entry(&kit, "2024/clip.txt");
	assert_slice(e.uid, "tag:news.example.org,2024:2024/clip");
	assert_slice(e.slug, "clip");
	assert_slice(e.title, "The clip");
	assert_slice(e.headline, "The clip");
	assert_slice(e.html, "<p>Text.</p>");
	assert_slice(e.summary, "A summary.");
	assert_slice(e.lang, "en");
	assert_int_equal(e.published, 1000);
	assert_int_equal(e.updated, 1000);
	assert_int_equal(e.state, STATE_LIVE);
	assert_int_equal(e.n_people, 2);
	assert_slice(e.people[1].name, "Bo Li");
	assert_int_equal(e.people[1].role, ROLE_EDITOR);
	assert_int_equal(e.series_id, 0);
	assert_int_equal(kit_counts(&kit).articles, 1);
	assert_string_equal(kit_sql(&kit, "SELECT ino FROM file"), "-1");
}

static void
an_update_keeps_the_names(void **state)
{
	struct entry before, after;

	(void)state;
	SAVE(&kit, { .path = "clip.txt", .title = "The clip" });
	before = kit_entry(&kit, "clip.txt");
	SAVE(&kit, { .path = "clip.txt", .title = "The staple",
		.body = "Bent." });
	after = kit_entry(&kit, "clip.txt");
	assert_slice(after.uid, before.uid.ptr);
	assert_slice(after.slug, before.slug.ptr);
	assert_slice(after.title, "The staple");
	assert_slice(after.html, "<p>Bent.</p>");
	assert_int_equal(after.published, before.published);
	assert_int_equal(after.updated, before.updated + 1);
	assert_true(after.revision > before.revision);
}

static void
a_withdrawn_article_leaves_and_comes_back(void **state)
{
	struct entry before, gone, back;

	(void)state;
	SAVE(&kit, { .path = "clip.txt", .title = "The clip",
		.topics = { "gba" } });
	before = kit_entry(&kit, "clip.txt");
	SAVE(&kit, { .path = "clip.txt", .fate = ITEM_GONE });
	gone = kit_entry(&kit, "clip.txt");
	assert_int_equal(gone.state, STATE_WITHDRAWN);
	assert_titles("all", "");
	assert_int_equal(kit_feed(&kit, "gba").entries, 0);
	assert_int_equal(kit_counts(&kit).withdrawn, 1);
	assert_int_equal(kit_counts(&kit).files, 0);

	SAVE(&kit, { .path = "clip.txt", .title = "The clip" });
	back = kit_entry(&kit, "clip.txt");
	assert_slice(back.uid, before.uid.ptr);
	assert_int_equal(back.published, before.published);
	assert_int_equal(back.state, STATE_LIVE);
	assert_titles("all", "The clip");
	assert_int_equal(kit_feed(&kit, "all").entries, 1);
	/* It came back without its topic. */
	assert_int_equal(kit_feed(&kit, "gba").entries, 0);
	assert_titles("gba", "");
}

static void
a_kept_article_stays_without_its_file(void **state)
{
	(void)state;
	SAVE(&kit, { .path = "clip.txt", .title = "The clip" });
	SAVE(&kit, { .path = "clip.txt", .fate = ITEM_GONE,
		.change = CHANGE_KEEP });
	assert_int_equal(kit_entry(&kit, "clip.txt").state, STATE_KEPT);
	assert_titles("all", "The clip");
	assert_int_equal(kit_counts(&kit).files, 0);
	SAVE(&kit, { .path = "clip.txt", .title = "The clip" });
	assert_int_equal(kit_entry(&kit, "clip.txt").state, STATE_LIVE);
	assert_int_equal(kit_counts(&kit).articles, 1);
}

static void
a_moved_file_is_the_same_article(void **state)
{
	struct entry before, after;
	int64_t wanted;

	(void)state;
	SAVE(&kit, { .path = "clip.txt", .title = "The clip" });
	before = kit_entry(&kit, "clip.txt");
	wanted = kit_feed(&kit, "all").wanted;
	SAVE(&kit, { .path = "new.txt", .from = "clip.txt",
		.title = "The clip" }, { .path = "clip.txt",
		.fate = ITEM_GONE });
	after = kit_entry(&kit, "new.txt");
	assert_slice(after.uid, before.uid.ptr);
	assert_int_equal(after.revision, before.revision);
	assert_int_equal(kit_feed(&kit, "all").wanted, wanted);
	assert_false(kit_has(&kit, "clip.txt"));
	assert_int_equal(kit_counts(&kit).files, 1);
}

static void
the_old_name_of_a_moved_file_is_free(void **state)
{
	(void)state;
	SAVE(&kit, { .path = "clip.txt", .title = "The clip" });
	/* In one batch with the move, and the newcomer first. */
	SAVE(&kit, { .path = "clip.txt", .title = "The staple" },
		{ .path = "new.txt", .from = "clip.txt",
		.title = "The clip" });
	assert_slice(kit_entry(&kit, "new.txt").uid,
		"tag:news.example.org,2024:clip");
	assert_slice(kit_entry(&kit, "clip.txt").uid,
		"tag:news.example.org,2024:clip~2");
	assert_slice(kit_entry(&kit, "clip.txt").slug, "clip-2");
	assert_int_equal(kit_counts(&kit).articles, 2);
}

static void
two_files_change_places(void **state)
{
	(void)state;
	SAVE(&kit, { .path = "a.txt", .title = "A" },
		{ .path = "b.txt", .title = "B" });
	SAVE(&kit, { .path = "a.txt", .from = "b.txt", .title = "B" },
		{ .path = "b.txt", .from = "a.txt", .title = "A" });
	assert_slice(kit_entry(&kit, "a.txt").slug, "b");
	assert_slice(kit_entry(&kit, "b.txt").slug, "a");
	assert_int_equal(kit_counts(&kit).files, 2);
}

static void
a_file_set_aside_keeps_the_last_good_version(void **state)
{
	struct store_reader *r;
	struct arena a = { 0 };
	struct aside *list;
	struct err e;
	size_t n;

	(void)state;
	SAVE(&kit, { .path = "clip.txt", .title = "The clip" });
	SAVE(&kit, { .path = "clip.txt", .fate = ITEM_ASIDE },
		{ .path = "bad.txt", .fate = ITEM_ASIDE });
	assert_titles("all", "The clip");
	assert_int_equal(kit_counts(&kit).aside, 2);
	r = store_sqlite.reader_take(kit.store);
	assert_int_equal(store_sqlite.asides(r, 1, &a, &list, &n, &e), 0);
	store_sqlite.reader_give(kit.store, r);
	assert_int_equal(n, 1);
	assert_slice(list[0].path, "bad.txt");
	assert_slice(list[0].why, "not an article");
	assert_slice(list[0].hint, "Write it again.");
	arena_done(&a);

	SAVE(&kit, { .path = "clip.txt", .title = "The clip",
		.body = "Better." }, { .path = "bad.txt", .fate = ITEM_GONE });
	assert_int_equal(kit_counts(&kit).aside, 0);
	assert_slice(kit_entry(&kit, "clip.txt").html, "<p>Better.</p>");
	assert_int_equal(kit_counts(&kit).articles, 1);
}

static void
a_withdrawn_article_is_found_behind_a_broken_file(void **state)
{
	struct slice uid;

	(void)state;
	SAVE(&kit, { .path = "clip.txt", .title = "The clip" });
	uid = kit_entry(&kit, "clip.txt").uid;
	SAVE(&kit, { .path = "clip.txt", .fate = ITEM_GONE });
	SAVE(&kit, { .path = "clip.txt", .fate = ITEM_ASIDE });
	assert_titles("all", "");
	SAVE(&kit, { .path = "clip.txt", .title = "The clip" });
	assert_slice(kit_entry(&kit, "clip.txt").uid, uid.ptr);
	assert_titles("all", "The clip");
}

/* ---- channels ---- */

static void
a_series_has_a_feed_and_parts(void **state)
{
	struct store_reader *r;
	struct arena a = { 0 };
	struct series_info *s;
	struct entry e;
	struct err err;
	struct feed f;
	size_t n;

	(void)state;
	SAVE(&kit, { .path = "w1.txt", .title = "One", .series = "wonders",
		.part = 1, .date = 1000 }, { .path = "w3.txt",
		.title = "Three", .series = "wonders", .part = 3,
		.date = 1000, .total = 5 });
	f = kit_feed(&kit, "wonders");
	assert_int_equal(f.kind, CHANNEL_SERIES);
	assert_slice(f.uid, "tag:news.example.org,2024:series/wonders");
	assert_int_equal(f.entries, 2);
	assert_true(f.complete);
	assert_titles("wonders", "wonders 3 | Three / wonders 1 | One");
	e = kit_entry(&kit, "w3.txt");
	assert_int_equal(e.part, 3);
	assert_slice(e.part_label, "#");
	assert_slice(e.series_title, "wonders");
	assert_slice(e.series_slug, "wonders");

	r = store_sqlite.reader_take(kit.store);
	assert_int_equal(store_sqlite.series(r, 10, &a, &s, &n, &err), 0);
	store_sqlite.reader_give(kit.store, r);
	assert_int_equal(n, 1);
	assert_int_equal(s[0].total, 5);
	assert_int_equal(s[0].n_parts, 2);
	assert_int_equal(s[0].n_missing, 3);
	assert_int_equal(s[0].missing[2], 5);
	arena_done(&a);
}

static void
an_edit_changes_the_channels(void **state)
{
	struct feed wonders, gba;

	(void)state;
	SAVE(&kit, { .path = "w.txt", .title = "One", .series = "wonders",
		.part = 1, .topics = { "gba" } });
	wonders = kit_feed(&kit, "wonders");
	gba = kit_feed(&kit, "gba");
	SAVE(&kit, { .path = "w.txt", .title = "One", .body = "More.",
		.topics = { "gba", "green" } });
	assert_titles("wonders", "");
	assert_titles("gba", "One");
	assert_titles("green", "One");
	assert_int_equal(kit_feed(&kit, "wonders").entries, 0);
	assert_int_equal(kit_feed(&kit, "wonders").wanted,
		wonders.wanted + 1);
	assert_int_equal(kit_feed(&kit, "gba").wanted, gba.wanted + 1);
	assert_int_equal(kit_entry(&kit, "w.txt").series_id, 0);

	SAVE(&kit, { .path = "w.txt", .title = "One", .series = "wonders",
		.part = 2 });
	assert_titles("wonders", "wonders 2 | One");
	assert_titles("gba", "");
	assert_int_equal(kit_entry(&kit, "w.txt").part, 2);
}

static void
a_batch_raises_a_feed_once(void **state)
{
	struct kit_batch b;

	(void)state;
	kit_fill(&b, (struct piece[]){ { .path = "a.txt", .title = "A" },
		{ .path = "b.txt", .title = "B" } }, 2);
	kit_submit(&kit, &b);
	kit_wait(&kit, &b);
	assert_int_equal(b.batch.n_feeds, 1);
	assert_int_equal(b.batch.changed, 2);
	assert_int_equal(b.batch.feeds[0], kit_feed(&kit, "all").id);
	assert_int_equal(kit_feed(&kit, "all").wanted, 1);
	kit_done(&b);
}

static void
the_newest_fifty_are_listed(void **state)
{
	struct feed f;
	char path[60][32];

	(void)state;
	for (int i = 0; i < 60; i++) {
		snprintf(path[i], sizeof(path[i]), "a%02d.txt", i);
		SAVE(&kit, { .path = path[i], .title = path[i],
			.date = 1000 + i });
	}
	f = kit_feed(&kit, "all");
	assert_int_equal(f.entries, 60);
	assert_int_equal(f.n, FEED_LIVE_MAX);
	assert_false(f.complete);
	assert_slice(f.list[0].title, "a59.txt");
	assert_slice(f.list[49].title, "a10.txt");
}

static void
feeds_of_an_article(void **state)
{
	struct store_reader *r;
	struct arena a = { 0 };
	struct feed *list;
	struct err e;
	size_t n;

	(void)state;
	SAVE(&kit, { .path = "a.txt", .title = "A", .topics = { "gba" } });
	r = store_sqlite.reader_take(kit.store);
	assert_int_equal(store_sqlite.feeds_of(r, kit_entry(&kit,
		"a.txt").article_id, &a, &list, &n, &e), 0);
	assert_int_equal(n, 2);
	assert_slice(list[1].slug, "gba");
	assert_int_equal(store_sqlite.feed(r, 99, &a, list, &e), -1);
	assert_int_equal(e.kind, ERR_MISSING);
	store_sqlite.reader_give(kit.store, r);
	arena_done(&a);
}

/* ---- what is announced ---- */

static const char *
announced(void)
{
	const char *text = kit_sql(&kit, "SELECT group_concat(action, ' ')"
		" FROM (SELECT action FROM announce WHERE kind = 'article'"
		" ORDER BY seq)");

	return text ? text : "";
}

static void
an_article_is_announced_when_all_its_feeds_are_there(void **state)
{
	(void)state;
	SAVE(&kit, { .path = "a.txt", .title = "A", .topics = { "gba" } });
	assert_string_equal(announced(), "");
	kit_publish(&kit, "gba", true);
	assert_string_equal(announced(), "");
	assert_int_equal(kit_feed(&kit, "gba").published, 1);
	kit_publish(&kit, "all", true);
	assert_string_equal(announced(), "published");
	assert_string_equal(kit_sql(&kit, "SELECT channels FROM announce"
		" WHERE kind = 'article'"), "1 2");
	assert_string_equal(kit_sql(&kit, "SELECT count(*) FROM announce"
		" WHERE kind = 'feed'"), "2");
	assert_string_equal(kit_feed(&kit, "all").copies[0].etag,
		"0123456789abcdef0123456789abcdef");
}

static void
each_change_is_announced_once(void **state)
{
	(void)state;
	SAVE(&kit, { .path = "a.txt", .title = "A" });
	kit_publish_all(&kit);
	kit_publish(&kit, "all", false);
	assert_string_equal(announced(), "published");
	SAVE(&kit, { .path = "a.txt", .title = "A", .body = "1" });
	SAVE(&kit, { .path = "a.txt", .title = "A", .body = "2" });
	kit_publish_all(&kit);
	assert_string_equal(announced(), "published updated");
	/* Only shown differently. */
	SAVE(&kit, { .path = "a.txt", .title = "A", .body = "3",
		.change = CHANGE_MINOR });
	kit_publish_all(&kit);
	assert_string_equal(announced(), "published updated");
	SAVE(&kit, { .path = "a.txt", .fate = ITEM_GONE });
	kit_publish_all(&kit);
	SAVE(&kit, { .path = "a.txt", .title = "A" });
	kit_publish_all(&kit);
	assert_string_equal(announced(),
		"published updated withdrawn restored");
	assert_string_equal(kit_sql(&kit, "SELECT count(*) FROM unpublished"),
		"0");
}

static void
what_came_and_went_is_not_announced(void **state)
{
	(void)state;
	SAVE(&kit, { .path = "a.txt", .title = "A" });
	SAVE(&kit, { .path = "a.txt", .fate = ITEM_GONE });
	kit_publish_all(&kit);
	assert_string_equal(announced(), "");
	SAVE(&kit, { .path = "a.txt", .title = "A" });
	kit_publish_all(&kit);
	assert_string_equal(announced(), "published");
}

static void
an_article_does_not_wait_for_later_versions(void **state)
{
	struct feed all;

	(void)state;
	SAVE(&kit, { .path = "a.txt", .title = "A" });
	all = kit_feed(&kit, "all");
	SAVE(&kit, { .path = "b.txt", .title = "B" });
	assert_int_equal(kit_feed(&kit, "all").wanted, all.wanted + 1);
	kit_publish(&kit, "all", true);
	assert_string_equal(announced(), "published published");
}

/* ---- links ---- */

static int64_t
target(const char *path, size_t n)
{
	struct entry e = kit_entry(&kit, path);

	assert_true(n < e.n_related);
	return e.related[n].article_id;
}

static struct mark
part_mark(int number)
{
	return (struct mark){ .strength = MARK_STRONG, .key = S("wonders"),
		.name = S("wonders"), .number = number };
}

static void
links_resolve_at_once(void **state)
{
	struct entry e;

	(void)state;
	SAVE(&kit, { .path = "w1.txt", .title = "One", .series = "wonders",
		.part = 1 });
	SAVE(&kit, { .path = "b.txt", .title = "B", .related = {
		"Wonders #1: quite another title", "wonders 1 | ONE", "One",
		"Nothing here" }, .marks = { part_mark(1) } });
	e = kit_entry(&kit, "w1.txt");
	assert_int_equal(target("b.txt", 0), e.article_id);
	assert_int_equal(target("b.txt", 1), e.article_id);
	assert_int_equal(target("b.txt", 2), e.article_id);
	assert_int_equal(target("b.txt", 3), 0);
	e = kit_entry(&kit, "b.txt");
	assert_slice(e.related[0].slug, "w1");
	assert_slice(e.related[0].path, "w1.txt");
	assert_slice(e.related[3].title, "Nothing here");
	assert_slice(e.related_label, "Related links:");
}

static void
links_resolve_when_their_article_arrives(void **state)
{
	struct entry before, after;
	int64_t wanted;

	(void)state;
	SAVE(&kit, { .path = "b.txt", .title = "B", .topics = { "gba" },
		.related = { "Wonders, part two" },
		.marks = { part_mark(2) } });
	kit_publish_all(&kit);
	before = kit_entry(&kit, "b.txt");
	wanted = kit_feed(&kit, "gba").wanted;
	SAVE(&kit, { .path = "w2.txt", .title = "Two", .series = "wonders",
		.part = 2 });
	after = kit_entry(&kit, "b.txt");
	assert_int_equal(after.related[0].article_id,
		kit_entry(&kit, "w2.txt").article_id);
	assert_true(after.revision > before.revision);
	assert_int_equal(after.updated, before.updated);
	assert_int_equal(kit_feed(&kit, "gba").wanted, wanted + 1);
	kit_publish_all(&kit);
	assert_string_equal(announced(), "published published");

	SAVE(&kit, { .path = "w2.txt", .fate = ITEM_GONE });
	assert_int_equal(target("b.txt", 0), 0);
	assert_int_equal(kit_feed(&kit, "gba").wanted, wanted + 2);
	assert_true(kit_entry(&kit, "b.txt").revision > after.revision);
	SAVE(&kit, { .path = "w2.txt", .title = "Two", .series = "wonders",
		.part = 2 });
	assert_int_not_equal(target("b.txt", 0), 0);
}

static void
a_missing_part_is_known_from_a_link(void **state)
{
	struct store_reader *r;
	struct arena a = { 0 };
	struct series_info *s;
	struct err e;
	size_t n;

	(void)state;
	SAVE(&kit, { .path = "w1.txt", .title = "One", .series = "wonders",
		.part = 1, .related = { "Wonders 3" },
		.marks = { part_mark(3) } });
	r = store_sqlite.reader_take(kit.store);
	assert_int_equal(store_sqlite.series(r, 10, &a, &s, &n, &e), 0);
	store_sqlite.reader_give(kit.store, r);
	assert_int_equal(s[0].n_missing, 2);
	assert_int_equal(s[0].missing[1], 3);
	arena_done(&a);
}

/* ---- the first scan ---- */

static const char *
log_of(const char *slug)
{
	char sql[300];

	snprintf(sql, sizeof(sql), "SELECT group_concat(t, ' ') FROM"
		" (SELECT l.seq || a.title AS t FROM feed_entry l"
		" JOIN feed f ON f.id = l.feed_id JOIN article a"
		" ON a.id = l.article_id WHERE f.slug = '%s'"
		" ORDER BY l.seq)", slug);
	return kit_sql(&kit, sql);
}

static uint64_t
rules(void)
{
	struct store_reader *r = store_sqlite.reader_take(kit.store);
	uint64_t ret = 1;
	struct err e;

	assert_int_equal(store_sqlite.rules(r, &ret, &e), 0);
	store_sqlite.reader_give(kit.store, r);
	return ret;
}

static void
the_rules_of_a_scan_are_remembered(void **state)
{
	(void)state;
	assert_true(rules() == 0);
	kit_number(&kit);
	assert_true(rules() == KIT_RULES);
	kit_close(&kit);
	kit_open(&kit);
	assert_true(rules() == KIT_RULES);
}

static void
the_first_scan_is_numbered_by_age(void **state)
{
	(void)state;
	assert_true(kit.fresh);
	ADOPT(&kit, { .path = "b.txt", .title = "B", .date = 2000 },
		{ .path = "c.txt", .title = "C", .date = 3000 });
	/* Nobody sees a half of it. */
	assert_false(kit_has(&kit, "b.txt"));
	ADOPT(&kit, { .path = "a.txt", .title = "A", .date = 1000,
		.topics = { "gba" }, .related = { "b" } });
	kit_number(&kit);
	assert_string_equal(log_of("all"), "1A 2B 3C");
	assert_string_equal(log_of("gba"), "1A");
	assert_titles("all", "C / B / A");
	assert_int_equal(target("a.txt", 0),
		kit_entry(&kit, "b.txt").article_id);

	kit_publish_all(&kit);
	assert_string_equal(announced(), "");
	SAVE(&kit, { .path = "d.txt", .title = "D", .date = 500 });
	assert_string_equal(log_of("all"), "1A 2B 3C 4D");
	kit_publish_all(&kit);
	assert_string_equal(announced(), "published");
}

static void
an_adopted_article_is_announced_when_it_changes(void **state)
{
	(void)state;
	ADOPT(&kit, { .path = "a.txt", .title = "A" });
	kit_number(&kit);
	SAVE(&kit, { .path = "a.txt", .title = "A", .body = "More." });
	kit_publish_all(&kit);
	assert_string_equal(announced(), "updated");
}

static void
an_unfinished_first_scan_begins_again(void **state)
{
	(void)state;
	ADOPT(&kit, { .path = "a.txt", .title = "A", .date = 2000 });
	kit_close(&kit);
	kit_open(&kit);
	assert_true(kit.fresh);
	ADOPT(&kit, { .path = "b.txt", .title = "B", .date = 1000 });
	ADOPT(&kit, { .path = "a.txt", .title = "A", .date = 3000 });
	kit_number(&kit);
	assert_string_equal(log_of("all"), "1B 2A");
	kit_close(&kit);
	kit_open(&kit);
	assert_false(kit.fresh);
}

static void
whoever_does_not_adopt_ends_the_first_scan(void **state)
{
	(void)state;
	ADOPT(&kit, { .path = "a.txt", .title = "A", .date = 2000 });
	SAVE(&kit, { .path = "b.txt", .title = "B", .date = 1000 });
	assert_string_equal(log_of("all"), "1A 2B");
	kit_publish_all(&kit);
	assert_string_equal(announced(), "published");
}

#define TEST(name) KIT_TEST(name)
#define TEST_FRESH(name) KIT_TEST_FRESH(name)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_article_comes_back_as_it_was_stored),
		TEST(an_update_keeps_the_names),
		TEST(a_withdrawn_article_leaves_and_comes_back),
		TEST(a_kept_article_stays_without_its_file),
		TEST(a_moved_file_is_the_same_article),
		TEST(the_old_name_of_a_moved_file_is_free),
		TEST(two_files_change_places),
		TEST(a_file_set_aside_keeps_the_last_good_version),
		TEST(a_withdrawn_article_is_found_behind_a_broken_file),
		TEST(a_series_has_a_feed_and_parts),
		TEST(an_edit_changes_the_channels),
		TEST(a_batch_raises_a_feed_once),
		TEST(the_newest_fifty_are_listed),
		TEST(feeds_of_an_article),
		TEST(an_article_is_announced_when_all_its_feeds_are_there),
		TEST(each_change_is_announced_once),
		TEST(what_came_and_went_is_not_announced),
		TEST(an_article_does_not_wait_for_later_versions),
		TEST(links_resolve_at_once),
		TEST(links_resolve_when_their_article_arrives),
		TEST(a_missing_part_is_known_from_a_link),
		TEST_FRESH(the_rules_of_a_scan_are_remembered),
		TEST_FRESH(the_first_scan_is_numbered_by_age),
		TEST_FRESH(an_adopted_article_is_announced_when_it_changes),
		TEST_FRESH(an_unfinished_first_scan_begins_again),
		TEST_FRESH(whoever_does_not_adopt_ends_the_first_scan),
	};

	return cmocka_run_group_tests_name("store_press", tests, NULL, NULL);
}
