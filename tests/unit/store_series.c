/*
 * Series in the store: which articles are in them, in whatever order they
 * came; which parts there are; who stands beside whom; merging.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "store_kit.h"

enum { DAY = 86400, START = 1500000000 };

static struct arena arena;

/* Every member with its series and part, in the order of paths. */
static const char *
members(void)
{
	const char *s = kit_sql(&kit, "SELECT group_concat(x, ' ') FROM ("
		"SELECT a.path || '=' || s.key || p.number AS x FROM part p"
		" JOIN article a ON a.id = p.article_id"
		" JOIN series s ON s.id = p.series_id"
		" JOIN feed f ON f.series_id = s.id"
		" JOIN feed_member m ON m.feed_id = f.id"
		" AND m.article_id = a.id ORDER BY a.path)");

	return s ? s : "";
}

static struct series_info
info(const char *name)
{
	struct store_reader *r = store_sqlite.reader_take(kit.store);
	struct series_info s = { 0 };
	struct err e;
	int rc = store_sqlite.series_named(r, slice_str(name),
		slice_str(name), &arena, &s, &e);

	store_sqlite.reader_give(kit.store, r);
	if (rc < 0)
		fail_msg("%s", e.text);
	return s;
}

static const char *
list(const int *numbers, size_t n)
{
	struct slice s = S("");

	for (size_t i = 0; i < n; i++)
		s = arena_printf(&arena, "%.*s%s%d", ARG(s), i ? " " : "",
			numbers[i]);
	return s.ptr;
}

#define WEAK(file, key, number, day) \
	{ .path = file, .title = file, .series = key, .part = number, \
	.weak = true, .date = START + (day) * DAY }

/* ---- confirming ---- */

static void
pair_test(void **state)
{
	(void)state;
	SAVE(&kit, WEAK("a", "k", 1, 0), WEAK("b", "k", 1, 1));
	assert_string_equal(members(), "");
	SAVE(&kit, WEAK("c", "k", 2, 401));
	assert_string_equal(members(), "a=k1 b=k1 c=k2");
}

static void
far_in_time_test(void **state)
{
	(void)state;
	SAVE(&kit, WEAK("a", "k", 1, 0));
	SAVE(&kit, WEAK("b", "k", 2, 401));
	assert_string_equal(members(), "");
	/* Neither is in, but both are near to the third. */
	SAVE(&kit, WEAK("c", "k", 3, 200));
	assert_string_equal(members(), "a=k1 b=k2 c=k3");
}

static void
joining_is_no_news_test(void **state)
{
	(void)state;
	SAVE(&kit, WEAK("a", "k", 1, 0));
	kit_publish_all(&kit);
	SAVE(&kit, WEAK("b", "k", 2, 1));
	kit_publish_all(&kit);
	assert_string_equal(kit_sql(&kit, "SELECT count(*) FROM announce"
		" WHERE kind = 'article'"), "2");
	assert_string_equal(kit_sql(&kit, "SELECT count(*) FROM unpublished"),
		"0");
	assert_string_equal(kit_sql(&kit, "SELECT version || ' ' || revision"
		" FROM article WHERE path = 'a'"), "1 2");
	assert_int_equal(kit_feed(&kit, "k").entries, 2);
}

static void
for_life_test(void **state)
{
	(void)state;
	SAVE(&kit, WEAK("a", "k", 1, 0), WEAK("b", "k", 2, 0));
	SAVE(&kit, { .path = "b", .fate = ITEM_GONE });
	assert_int_equal(kit_feed(&kit, "k").entries, 1);
	SAVE(&kit, { .path = "a", .title = "a", .body = "New.", .series = "k",
		.part = 1, .weak = true });
	assert_string_equal(kit_titles(&kit, "k"), "k 1 | a");
	/* Another name is another article. */
	SAVE(&kit, { .path = "a", .title = "a", .series = "other",
		.part = 1, .weak = true });
	assert_int_equal(kit_feed(&kit, "k").entries, 0);
	SAVE(&kit, WEAK("b", "k", 2, 0));
	assert_int_equal(kit_feed(&kit, "k").entries, 1);
}

/* ---- in whatever order ---- */

enum { MADE = 10, KEYS = 3, SEEDS = 40 };

static const char *const keys[KEYS] = { "ka", "kb", "kc" };
static const char *const paths[MADE] = { "p0", "p1", "p2", "p3", "p4", "p5",
	"p6", "p7", "p8", "p9" };

/* Chances that a seed repeats. */
static uint64_t seed;

static size_t
chance(size_t n)
{
	seed = seed * 6364136223846793005U + 1442695040888963407U;
	return (size_t)((seed >> 33) % n);
}

static void
make(struct piece *p, size_t i)
{
	*p = (struct piece){ .path = paths[i], .title = paths[i],
		.date = START + (int64_t)chance(1500) * DAY };
	if (chance(5) > 0) {
		p->series = keys[chance(KEYS)];
		p->part = 1 + (int)chance(4);
		p->weak = chance(8) > 0;
		p->last = chance(6) == 0;
	}
	if (chance(6) == 0) {
		p->related[0] = "listed";
		p->marks[0] = (struct mark){ .strength = MARK_WEAK,
			.key = slice_str(keys[chance(KEYS)]),
			.number = 1 + (int)chance(4) };
	}
}

static bool
is_linked(const struct piece *all, size_t i)
{
	for (size_t k = 0; k < MADE; k++)
		if (k != i && all[k].related[0] && !all[i].last &&
			slice_eq(all[k].marks[0].key,
			slice_str(all[i].series)) &&
			all[k].marks[0].number == all[i].part)
			return true;
	return false;
}

/* What confirm.c says in words, without any cleverness. */
static bool
is_made(const struct piece *all, const char *key)
{
	for (size_t i = 0; i < MADE; i++) {
		if (all[i].series != key)
			continue;
		if (!all[i].weak || is_linked(all, i))
			return true;
		for (size_t k = 0; k < MADE; k++)
			if (all[k].series == key && (all[k].part !=
				all[i].part || all[k].last != all[i].last) &&
				llabs(all[k].date - all[i].date) <= 400 * DAY)
				return true;
	}
	return false;
}

static int
number_of(const struct piece *all, size_t i)
{
	int highest = 0;

	if (!all[i].last)
		return all[i].part;
	for (size_t k = 0; k < MADE; k++)
		if (all[k].series == all[i].series && !all[k].last)
			highest = MAX(highest, all[k].part);
	return MAX(all[i].part, highest + 1);
}

static const char *
expected(const struct piece *all)
{
	struct slice s = S("");

	for (size_t i = 0; i < MADE; i++)
		if (all[i].series && is_made(all, all[i].series))
			s = arena_printf(&arena, "%.*s%s%s=%s%d", ARG(s),
				s.len ? " " : "", all[i].path, all[i].series,
				number_of(all, i));
	return arena_copy(&arena, s).ptr;
}

static void
shuffle(struct piece *all)
{
	for (size_t i = MADE - 1; i > 0; i--) {
		size_t k = chance(i + 1);
		struct piece p = all[i];

		all[i] = all[k];
		all[k] = p;
	}
}

static void
save_in_batches(const struct piece *all, bool adopting)
{
	size_t n;

	for (size_t i = 0; i < MADE; i += n) {
		n = 1 + chance(4);
		n = MIN(n, MADE - i);
		kit_write(&kit, all + i, n, adopting);
	}
	if (adopting)
		kit_number(&kit);
}

static void
any_order_test(void **state)
{
	struct piece all[MADE], mixed[MADE];

	(void)state;
	for (uint64_t run = 0; run < SEEDS; run++) {
		seed = run;
		for (size_t i = 0; i < MADE; i++)
			make(&all[i], i);
		memcpy(mixed, all, sizeof(all));
		for (int way = 0; way < 3; way++) {
			kit_teardown(&kit);
			kit_setup(&kit);
			shuffle(mixed);
			save_in_batches(mixed, way == 0);
			if (strcmp(members(), expected(all)) != 0)
				fail_msg("seed %llu, way %d:\n%s\n%s",
					(unsigned long long)run, way,
					members(), expected(all));
		}
	}
}

/* ---- parts ---- */

static void
parts_test(void **state)
{
	struct series_info s;

	(void)state;
	SAVE(&kit, { .path = "a", .title = "a", .series = "k", .part = 1,
		.total = 5 }, { .path = "b", .title = "b", .series = "k",
		.part = 3 }, { .path = "c", .title = "c", .series = "k",
		.part = 3 }, { .path = "d", .title = "d", .series = "k",
		.part = 4 });
	SAVE(&kit, { .path = "d", .fate = ITEM_GONE });
	s = info("k");
	assert_string_equal(list(s.parts, s.n_parts), "1 3");
	assert_string_equal(list(s.missing, s.n_missing), "2 5");
	assert_string_equal(list(s.withdrawn, s.n_withdrawn), "4");
	assert_string_equal(list(s.twice, s.n_twice), "3");
	assert_false(s.complete);
	SAVE(&kit, { .path = "e", .title = "e", .series = "k", .part = 2 },
		{ .path = "f", .title = "f", .series = "k", .part = 5 });
	assert_true(info("k").complete);
}

static void
links_know_missing_parts_test(void **state)
{
	struct series_info s;

	(void)state;
	SAVE(&kit, { .path = "a", .title = "a", .series = "k", .part = 1,
		.related = { "k 3" }, .marks = { { .strength = MARK_STRONG,
		.key = S("k"), .number = 3 } } });
	s = info("k");
	assert_string_equal(list(s.missing, s.n_missing), "2 3");
}

static struct entry
page(const char *slug)
{
	struct store_reader *r = store_sqlite.reader_take(kit.store);
	struct entry entry = { 0 };
	struct err e;
	int rc = store_sqlite.entry_by_slug(r, slice_str(slug), &arena,
		&entry, &e);

	store_sqlite.reader_give(kit.store, r);
	assert_int_equal(rc, 0);
	return entry;
}

static void
neighbours_test(void **state)
{
	struct entry e;

	(void)state;
	SAVE(&kit, { .path = "a", .title = "Nothing but the sea",
		.series = "k", .part = 1, .date = START },
		{ .path = "b", .title = "Nothing but the seas", .series = "k",
		.part = 1, .date = START + DAY },
		{ .path = "c", .title = "Another", .series = "k", .part = 1,
		.date = START + 2 * DAY },
		{ .path = "d", .title = "d", .series = "k", .part = 4,
		.date = START });
	/* Of the twins the newer one has the place. */
	e = page("c");
	assert_int_equal(slice_cmp(e.prev.slug, S("b")), 0);
	assert_int_equal(slice_cmp(e.next.slug, S("d")), 0);
	e = page("a");
	assert_int_equal(e.prev.article_id, 0);
	assert_int_equal(slice_cmp(e.next.slug, S("c")), 0);
	assert_int_equal(page("d").next.article_id, 0);
	assert_int_equal(page("d").prev.part, 1);
}

static void
the_listed_twin_test(void **state)
{
	const struct mark two = { .strength = MARK_STRONG, .key = S("k"),
		.number = 2 };

	(void)state;
	SAVE(&kit, { .path = "a", .title = "One", .series = "k", .part = 2 },
		{ .path = "l", .title = "Lists", .related = { "k 2 | Two",
		"k 2 | Three" }, .marks = { two, two } });
	SAVE(&kit, { .path = "b", .title = "Two", .series = "k", .part = 2,
		.date = START + DAY });
	assert_int_equal(slice_cmp(kit_entry(&kit, "l").related[0].slug,
		S("b")), 0);
	/* Of nobody's title: the one that changed last. */
	assert_int_equal(slice_cmp(kit_entry(&kit, "l").related[1].slug,
		S("a")), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST_FRESH(pair_test),
		KIT_TEST_FRESH(far_in_time_test),
		KIT_TEST_FRESH(joining_is_no_news_test),
		KIT_TEST_FRESH(for_life_test),
		KIT_TEST_FRESH(any_order_test),
		KIT_TEST_FRESH(parts_test),
		KIT_TEST_FRESH(links_know_missing_parts_test),
		KIT_TEST_FRESH(neighbours_test),
		KIT_TEST_FRESH(the_listed_twin_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
