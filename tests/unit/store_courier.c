/*
 * What the courier has of the store: press.db to be read, whoever writes it,
 * and a database of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "store_kit.h"

static struct arena arena;

/* "published 2 to 1,2 / feed 1 v1 / ..." */
static const char *
announced(struct store *press, int64_t after, int64_t *ret_last)
{
	struct store_reader *r = store_sqlite.reader_take(press);
	static char text[2000];
	struct announcement *list;
	struct slice stream;
	size_t n, at = 0;
	struct err e;

	arena_done(&arena);
	text[0] = '\0';
	if (store_sqlite.announcements(r, after, 100, &arena, &list, &n,
		&e) < 0 || store_sqlite.announced(r, &arena, ret_last,
		&stream, &e) < 0) {
		snprintf(text, sizeof(text), "%s", e.text);
		n = 0;
	}
	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at,
			"%s%.*s %s%jd", at ? " / " : "", ARG(list[i].action),
			list[i].kind == ANNOUNCED_FEED ? "feed " : "",
			(intmax_t)(list[i].kind == ANNOUNCED_FEED ?
			list[i].feed_id : list[i].article_id));
	store_sqlite.reader_give(press, r);
	return text;
}

static struct store *
must_read(const char *dir)
{
	struct store *ret;
	struct err e;

	if (store_sqlite.open_reading(dir, &ret, &e) < 0)
		fail_msg("%s", e.text);
	return ret;
}

static void
what_is_published_is_read(void **state)
{
	struct store *press = must_read(kit.dir);
	int64_t last;

	(void)state;
	assert_string_equal(announced(press, 0, &last), "");
	SAVE(&kit, { .path = "a.txt", .title = "A" });
	assert_string_equal(announced(press, 0, &last), "");
	kit_publish_all(&kit);
	assert_string_equal(announced(press, 0, &last),
		"published 1 / published feed 1");
	assert_int_equal(last, 2);
	assert_string_equal(announced(press, 1, &last), "published feed 1");
	SAVE(&kit, { .path = "a.txt", .fate = ITEM_GONE,
		.change = CHANGE_WITHDRAW });
	kit_publish_all(&kit);
	assert_string_equal(announced(press, 2, &last),
		"withdrawn 1 / published feed 1");
	store_sqlite.close(press);
}

/* A withdrawn article has an entry, whose state says so. */
static void
an_entry_is_found_by_its_number(void **state)
{
	struct store *press = must_read(kit.dir);
	struct store_reader *r;
	struct entry entry;
	struct err e;

	(void)state;
	SAVE(&kit, { .path = "a.txt", .title = "A", .body = "Text." });
	SAVE(&kit, { .path = "a.txt", .fate = ITEM_GONE,
		.change = CHANGE_WITHDRAW });
	r = store_sqlite.reader_take(press);
	assert_int_equal(store_sqlite.entry_by_id(r, 1, &arena, &entry, &e),
		0);
	assert_int_equal(entry.state, STATE_WITHDRAWN);
	assert_int_equal(store_sqlite.entry_by_id(r, 2, &arena, &entry, &e),
		-1);
	assert_int_equal(e.kind, ERR_MISSING);
	store_sqlite.reader_give(press, r);
	store_sqlite.close(press);
}

/* No press.db yet; then one; then another one under the same name. */
static void
the_file_is_followed(void **state)
{
	struct store *press = must_read(kit.dir);
	int64_t last;

	(void)state;
	assert_string_equal(announced(press, 0, &last), "");
	kit_number(&kit);
	SAVE(&kit, { .path = "a.txt", .title = "A" });
	kit_publish_all(&kit);
	assert_string_equal(announced(press, 0, &last),
		"published 1 / published feed 1");
	kit_close(&kit);
	kit_remove(&kit, "press.db");
	kit_remove(&kit, "press.db-wal");
	kit_remove(&kit, "press.db-shm");
	assert_string_equal(announced(press, 0, &last), "");
	kit_open(&kit);
	kit_number(&kit);
	assert_string_equal(announced(press, 0, &last), "");
	assert_int_equal(last, 0);
	store_sqlite.close(press);
}

static void
another_schema_is_waited_for(void **state)
{
	struct store *press = must_read(kit.dir);
	int64_t last;

	(void)state;
	kit_change(&kit, "PRAGMA user_version = 1000");
	assert_non_null(strstr(announced(press, 0, &last), "has schema 1000"));
	store_sqlite.close(press);
}

static void
one_courier_at_a_time(void **state)
{
	struct store_open o = { .state_dir = kit.dir, .loop = kit.loop };
	struct store *one, *two;
	struct stat st;
	struct err e;

	(void)state;
	assert_int_equal(store_sqlite.open_courier(&o, &one, &e), 0);
	assert_int_equal(stat(kit_path(&kit, "courier.db"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(store_sqlite.open_courier(&o, &two, &e), -1);
	assert_non_null(strstr(e.text, "in use by process"));
	store_sqlite.close(one);
	assert_int_equal(store_sqlite.open_courier(&o, &one, &e), 0);
	store_sqlite.close(one);
}

static int
forget(void **state)
{
	arena_done(&arena);
	return kit_end(state);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, kit_begin, forget)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_published_is_read),
		TEST(an_entry_is_found_by_its_number),
		cmocka_unit_test_setup_teardown(the_file_is_followed,
			kit_begin_fresh, forget),
		TEST(another_schema_is_waited_for),
		TEST(one_courier_at_a_time),
	};

	return cmocka_run_group_tests_name("store_courier", tests, NULL, NULL);
}
