/*
 * Unit tests of watch: the files that an article is read with.
 */
#include <stdio.h>

#include "watch/name.h"
#include "watch_world.h"

static void
test_kinds_of_names(void **state)
{
	static const struct {
		const char *name;
		enum file_kind kind;
	} names[] = {
		{ "a.txt", FILE_ARTICLE }, { "a.TXT", FILE_ARTICLE },
		{ "a.meta.yaml", FILE_SIDECAR },
		{ "a.txt.meta.yaml", FILE_SIDECAR },
		{ "_defaults.meta.yaml", FILE_DEFAULTS },
		{ ".meta.yaml", FILE_FOREIGN }, { "a.yaml", FILE_FOREIGN },
		{ "a.jpg", FILE_PICTURE }, { "a.JPEG", FILE_PICTURE },
		{ "a.png", FILE_PICTURE }, { "a.gif", FILE_PICTURE },
		{ "a.webp", FILE_PICTURE }, { "a.avif", FILE_PICTURE },
		{ "a.svg", FILE_FOREIGN }, { "a.jpg.exe", FILE_FOREIGN },
		{ "jpg", FILE_FOREIGN }, { "a", FILE_FOREIGN },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		assert_int_equal(name_kind(slice_str(names[i].name)),
			names[i].kind);
}

static void
test_stems_and_bases(void **state)
{
	static const char *const bases[][2] = {
		{ "a-2", "a" }, { "a-b-12", "a-b" }, { "a-64", "a" },
		{ "a-65", NULL }, { "a-02", NULL }, { "a-0", NULL },
		{ "a-", NULL }, { "-2", NULL }, { "a2", NULL },
		{ "a-2b", NULL }, { "", NULL },
	};

	(void)state;
	assert_true(slice_eq(name_stem(S("a.b.jpg")), S("a.b")));
	assert_true(slice_eq(name_stem(S("a.meta.yaml")), S("a")));
	for (size_t i = 0; i < COUNT_OF(bases); i++) {
		struct slice base = name_base(slice_str(bases[i][0]));

		assert_true(slice_eq(base, slice_str(bases[i][1])));
	}
}

/* Each file once, although they belong together. */
static void
test_a_first_scan_reads_each_once(void **state)
{
	struct world *x = *state;

	world_put_old(x, "_defaults.meta.yaml", "a: b");
	world_mkdir(x, "d");
	world_put_old(x, "d/_defaults.meta.yaml", "a: b");
	for (int i = 0; i < 40; i++) {
		char name[64];

		snprintf(name, sizeof(name), "%sa%d.txt", i % 2 ? "d/" : "",
			i);
		world_put_old(x, name, name);
		snprintf(name, sizeof(name), "%sa%d.meta.yaml",
			i % 2 ? "d/" : "", i);
		world_put_old(x, name, name);
		snprintf(name, sizeof(name), "%sa%d.jpg", i % 2 ? "d/" : "",
			i);
		world_put_old(x, name, name);
	}
	world_start(x);
	world_rest(x);
	assert_int_equal(x->n_records, 122);
	assert_int_equal(world_count(x, NULL, ITEM_READ), 122);
	world_restart(x);
	world_start(x);
	world_rest(x);
	assert_int_equal(x->n_records, 0);
}

static void
begin(struct world *x)
{
	world_mkdir(x, "d");
	world_put_old(x, "a.txt", "a");
	world_put_old(x, "d/a.txt", "a in d");
	world_put_old(x, "d/b.txt", "b in d");
	world_start(x);
	world_rest(x);
	world_forget(x);
}

/* What was read since, other than the companion itself. */
static void
expect_read(struct world *x, const char *companion, const char *a,
	const char *b)
{
	size_t others = 0;

	world_rest(x);
	for (size_t i = 0; i < x->n_records; i++)
		others += strcmp(x->records[i].path, companion) != 0;
	assert_int_equal(others, (a != NULL) + (b != NULL));
	if (a)
		assert_int_equal(world_count(x, a, ITEM_READ), 1);
	if (b)
		assert_int_equal(world_count(x, b, ITEM_READ), 1);
	world_forget(x);
}

static void
test_a_sidecar_comes_changes_and_goes(void **state)
{
	struct world *x = *state;

	begin(x);
	world_put_old(x, "d/a.meta.yaml", "x: 1");
	world_await(x, "d/a.meta.yaml", ITEM_READ);
	expect_read(x, "d/a.meta.yaml", "d/a.txt", NULL);
	world_put_old(x, "d/a.meta.yaml", "x: 22");
	world_await(x, "d/a.meta.yaml", ITEM_READ);
	expect_read(x, "d/a.meta.yaml", "d/a.txt", NULL);
	world_unlink(x, "d/a.meta.yaml");
	world_await(x, "d/a.meta.yaml", ITEM_GONE);
	expect_read(x, "d/a.meta.yaml", "d/a.txt", NULL);
}

static void
test_defaults_reach_all_below(void **state)
{
	struct world *x = *state;

	begin(x);
	world_put_old(x, "d/_defaults.meta.yaml", "x: 1");
	world_await(x, "d/_defaults.meta.yaml", ITEM_READ);
	expect_read(x, "d/_defaults.meta.yaml", "d/a.txt", "d/b.txt");
	world_put_old(x, "_defaults.meta.yaml", "x: 1");
	world_await(x, "_defaults.meta.yaml", ITEM_READ);
	world_rest(x);
	assert_int_equal(world_count(x, NULL, ITEM_READ), 4);
	world_forget(x);
	world_unlink(x, "d/_defaults.meta.yaml");
	world_await(x, "d/_defaults.meta.yaml", ITEM_GONE);
	expect_read(x, "d/_defaults.meta.yaml", "d/a.txt", "d/b.txt");
}

static void
test_pictures_by_their_name(void **state)
{
	struct world *x = *state;

	begin(x);
	world_put_old(x, "d/a.jpg", "one");
	world_await(x, "d/a.jpg", ITEM_READ);
	expect_read(x, "d/a.jpg", "d/a.txt", NULL);
	world_put_old(x, "d/a-7.PNG", "seven");
	world_await(x, "d/a-7.PNG", ITEM_READ);
	expect_read(x, "d/a-7.PNG", "d/a.txt", NULL);
	world_put_old(x, "d/c.png", "nobody's");
	world_await(x, "d/c.png", ITEM_READ);
	world_rest(x);
	assert_int_equal(world_count(x, NULL, ITEM_READ), 1);
	world_forget(x);
	/* The picture is that article's own now. */
	world_put_old(x, "d/a-7.txt", "its article");
	world_await(x, "d/a-7.txt", ITEM_READ);
	expect_read(x, "d/a-7.txt", "d/a.txt", NULL);
}

static void
test_changes_while_stopped(void **state)
{
	struct world *x = *state;

	begin(x);
	world_put_old(x, "d/b.meta.yaml", "x: 1");
	world_await(x, "d/b.txt", ITEM_READ);
	world_rest(x);
	world_restart(x);
	world_put_old(x, "a.jpg", "new");
	world_put_old(x, "d/b.meta.yaml", "x: 2, and longer");
	world_start(x);
	world_rest(x);
	assert_int_equal(world_count(x, "a.txt", ITEM_READ), 1);
	assert_int_equal(world_count(x, "d/b.txt", ITEM_READ), 1);
	assert_int_equal(x->n_records, 4);
}

/* A crash came between the companion's row and the article's. */
static void
test_a_crash_between_the_two(void **state)
{
	struct world *x = *state;

	begin(x);
	world_put_old(x, "d/b.meta.yaml", "x: 1");
	world_await(x, "d/b.txt", ITEM_READ);
	world_rest(x);
	tree_find_path(&x->watch->tree, S("d/b.txt"))->with = 0;
	world_restart(x);
	world_start(x);
	world_rest(x);
	assert_int_equal(x->n_records, 1);
	assert_int_equal(world_count(x, "d/b.txt", ITEM_READ), 1);
}

static void
test_a_failing_store_forgets_no_doubt(void **state)
{
	struct slice path = S("a.txt");
	struct batch b = { .doubted = &path, .n_doubted = 1 };
	struct world *x = *state;

	begin(x);
	watch_settle(x->watch, &b);
	x->fail = true;
	world_await(x, "a.txt", ITEM_READ);
	x->fail = false;
	world_forget(x);
	world_await(x, "a.txt", ITEM_READ);
	expect_read(x, "", "a.txt", NULL);
}

static void
test_a_renamed_article_is_no_moved_picture(void **state)
{
	struct world *x = *state;

	begin(x);
	world_rename(x, "d/a.txt", "d/c.jpg");
	assert_string_equal(world_await(x, "d/c.jpg", ITEM_READ)->moved_from,
		"");
	world_await(x, "d/a.txt", ITEM_GONE);
}

static void
test_named_pictures_doubt_their_articles(void **state)
{
	struct slice paths[] = { S_INIT("a.txt"), S_INIT("none.txt") };
	struct batch b = { .doubted = paths, .n_doubted = 2 };
	struct world *x = *state;

	begin(x);
	watch_settle(x->watch, &b);
	world_await(x, "a.txt", ITEM_READ);
	expect_read(x, "", "a.txt", NULL);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds_of_names),
		cmocka_unit_test(test_stems_and_bases),
		TEST(test_a_first_scan_reads_each_once),
		TEST(test_a_sidecar_comes_changes_and_goes),
		TEST(test_defaults_reach_all_below),
		TEST(test_pictures_by_their_name),
		TEST(test_changes_while_stopped),
		TEST(test_a_crash_between_the_two),
		TEST(test_a_failing_store_forgets_no_doubt),
		TEST(test_a_renamed_article_is_no_moved_picture),
		TEST(test_named_pictures_doubt_their_articles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
