/*
 * What else there is on an article's topics; and when a page that was read
 * may be old.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "store_kit.h"

enum { START = 1500000000 };

static struct arena arena;

/* The news on an article's page, by their paths. */
static const char *
news(const char *path, size_t max)
{
	struct entry of = kit_entry(&kit, path), *list;
	struct store_reader *r = store_sqlite.reader_take(kit.store);
	struct slice s = S("");
	struct err e;
	size_t n;

	assert_int_equal(store_sqlite.news(r, of.article_id, max, &arena,
		&list, &n, &e), 0);
	store_sqlite.reader_give(kit.store, r);
	for (size_t i = 0; i < n; i++)
		s = arena_printf(&arena, "%.*s%s%.*s", ARG(s), i ? " " : "",
			ARG(list[i].path));
	return s.ptr;
}

static void
the_newest_of_any_topic_test(void **state)
{
	(void)state;
	SAVE(&kit, { .path = "a", .title = "a", .topics = { "t" },
		.date = START + 1 },
		{ .path = "b", .title = "b", .topics = { "t", "u" },
		.date = START + 5 },
		{ .path = "c", .title = "c", .topics = { "u" },
		.date = START + 3 },
		{ .path = "d", .title = "d", .topics = { "v" },
		.date = START + 9 },
		{ .path = "e", .title = "e", .topics = { "t" },
		.date = START + 7 });
	assert_string_equal(news("b", 9), "e c a");
	assert_string_equal(news("b", 2), "e c");
	assert_string_equal(news("c", 9), "b");
	assert_string_equal(news("d", 9), "");
	/* What is withdrawn, or has left the topic, is no news. */
	SAVE(&kit, { .path = "e", .fate = ITEM_GONE });
	SAVE(&kit, { .path = "c", .title = "c", .body = "Moved.",
		.topics = { "v" } });
	assert_string_equal(news("b", 9), "a");
}

static void
corrections_are_listed_once_test(void **state)
{
	(void)state;
	SAVE(&kit, { .path = "a", .title = "a", .topics = { "t" },
		.date = START },
		{ .path = "b", .title = "b", .topics = { "t" },
		.date = START });
	SAVE(&kit, { .path = "a", .title = "a", .body = "New.",
		.topics = { "t" }, .change = CHANGE_CORRECT });
	assert_string_equal(news("b", 9), "a");
}

static void
commits_are_counted_test(void **state)
{
	uint64_t before = store_sqlite.commits(kit.store);

	(void)state;
	SAVE(&kit, { .path = "a", .title = "a" });
	assert_true(store_sqlite.commits(kit.store) > before);
}

static int
done(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(the_newest_of_any_topic_test),
		KIT_TEST(corrections_are_listed_once_test),
		KIT_TEST(commits_are_counted_test),
	};

	return cmocka_run_group_tests(tests, NULL, done);
}
