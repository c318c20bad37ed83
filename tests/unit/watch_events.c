/*
 * Unit tests of watch: what editors, uploads and mv do.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "watch_world.h"

#define LONG_TEXT \
	"A text that is long enough to be told by its bytes alone.\n" \
	"0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\n" \
	"0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\n" \
	"0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\n" \
	"0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\n" \
	"0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\n" \
	"0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\n" \
	"0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\n" \
	"0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\n"

static void
test_new_file_is_hot(void **state)
{
	struct world *x = *state;
	struct record *r;

	world_start(x);
	world_put(x, "a.txt", "hello");
	r = world_await(x, "a.txt", ITEM_READ);
	assert_true(r->hot);
	assert_false(r->known);
	assert_int_equal(r->len, 5);
}

static void
test_edit_in_place(void **state)
{
	struct world *x = *state;

	world_put_old(x, "a.txt", "one");
	world_start(x);
	world_forget(x);
	world_put(x, "a.txt", "two!");
	assert_int_equal(world_await(x, "a.txt", ITEM_READ)->len, 4);
	world_forget(x);
	world_put(x, "a.txt", "two!");
	world_await(x, "a.txt", ITEM_TOUCHED);
}

static void
test_atomic_replace(void **state)
{
	struct world *x = *state;

	world_put_old(x, "a.txt", "one");
	world_start(x);
	world_forget(x);
	world_put(x, ".a.txt.Xy12", "three");
	world_rename(x, ".a.txt.Xy12", "a.txt");
	assert_true(world_await(x, "a.txt", ITEM_READ)->hot);
	world_run(x, 400);
	assert_int_equal(world_count(x, NULL, ITEM_GONE), 0);
	assert_int_equal(x->n_records, 1);
}

static void
test_vim_never_deletes(void **state)
{
	struct world *x = *state;

	world_put_old(x, "a.txt", "one");
	world_start(x);
	world_forget(x);
	for (int i = 0; i < 3; i++) {
		world_put(x, "4913", "");
		world_unlink(x, "4913");
		world_rename(x, "a.txt", "a.txt~");
		world_run(x, 60);
		world_put(x, "a.txt", i % 2 ? "two" : "three");
		world_unlink(x, "a.txt~");
		world_await(x, "a.txt", ITEM_READ);
		world_run(x, i * 250);
		assert_int_equal(world_count(x, NULL, ITEM_GONE), 0);
		assert_int_equal(x->n_records, 1);
		world_forget(x);
	}
}

static void
test_deletion_is_held(void **state)
{
	struct world *x = *state;

	world_put_old(x, "a.txt", "one");
	world_start(x);
	world_forget(x);
	world_unlink(x, "a.txt");
	world_run(x, 150);
	assert_int_equal(x->n_records, 0);
	world_await(x, "a.txt", ITEM_GONE);
	world_rest(x);
	assert_int_equal(x->watch->tree.n_known, 0);
	assert_null(tree_find_path(&x->watch->tree, S("a.txt")));
}

static void
test_rename_keeps_identity(void **state)
{
	struct world *x = *state;

	world_put_old(x, "a.txt", "short");
	world_start(x);
	world_forget(x);
	world_rename(x, "a.txt", "b.txt");
	assert_string_equal(world_await(x, "b.txt", ITEM_READ)->moved_from,
		"a.txt");
	world_rest(x);
	assert_int_equal(world_count(x, "a.txt", ITEM_GONE), 0);
	assert_int_equal(x->watch->tree.n_known, 1);
}

/*
 * Rename what the batch holds, before that is settled: the new path waits, and
 * is the heir of the old one then, whichever batch is settled first.
 */
static void
rename_meanwhile(struct world *x, struct batch *first, const char *from,
	const char *to, bool first_is_first)
{
	struct batch second;

	world_rename(x, from, to);
	world_run(x, 50);
	assert_int_equal(world_take(x, &second), 1);
	world_look(x, &second);
	assert_int_equal(second.items[0].fate, ITEM_BUSY);
	world_settle(x, first_is_first ? first : &second);
	world_settle(x, first_is_first ? &second : first);
	x->hold = false;
	assert_string_equal(world_await(x, to, ITEM_READ)->moved_from, from);
	world_rest(x);
	assert_int_equal(x->watch->tree.n_known, 1);
}

/*
 * Renamed again while the first rename is being stored: whose heir it is
 * cannot be told before that is done, and it must not be taken for a new one.
 */
static void
test_rename_of_what_is_being_stored(void **state)
{
	struct world *x = *state;
	struct batch first;

	world_put_old(x, "a.txt", "short");
	world_start(x);
	world_forget(x);
	x->hold = true;
	world_rename(x, "a.txt", "b.txt");
	world_run(x, 50);
	assert_int_equal(world_take(x, &first), 1);
	world_look(x, &first);
	assert_true(slice_eq(first.items[0].moved_from, S("a.txt")));
	rename_meanwhile(x, &first, "b.txt", "c.txt", true);
}

/* The same of a file that nobody knew before. */
static void
test_rename_of_what_is_stored_first(void **state)
{
	struct world *x = *state;
	struct batch first;

	world_start(x);
	world_forget(x);
	x->hold = true;
	world_put(x, "a.txt", "short");
	world_run(x, 50);
	assert_int_equal(world_take(x, &first), 1);
	world_look(x, &first);
	assert_int_equal(first.items[0].fate, ITEM_READ);
	rename_meanwhile(x, &first, "a.txt", "b.txt", true);
}

/* The same of one that is known, and was edited before it was renamed. */
static void
test_rename_of_an_edit_being_stored(void **state)
{
	struct world *x = *state;
	struct batch first;

	world_put_old(x, "a.txt", "short");
	world_start(x);
	world_forget(x);
	x->hold = true;
	world_put(x, "a.txt", "longer");
	world_run(x, 50);
	assert_int_equal(world_take(x, &first), 1);
	world_look(x, &first);
	assert_int_equal(first.items[0].fate, ITEM_READ);
	rename_meanwhile(x, &first, "a.txt", "b.txt", false);
}

/*
 * Renamed, and just then being written: it cannot be read yet, so nobody knows
 * what it was, and the path that is gone waits for it.
 */
static void
test_rename_of_what_is_being_written(void **state)
{
	struct world *x = *state;
	struct batch b;

	world_put_old(x, "a.txt", "short");
	world_start(x);
	world_forget(x);
	x->hold = true;
	world_rename(x, "a.txt", "b.txt");
	world_run(x, 50);
	assert_int_equal(world_take(x, &b), 1);
	b.items[0].fate = ITEM_BUSY;
	world_settle(x, &b);
	world_run(x, 2 * QUEUE_HOLD_MS);
	assert_int_equal(world_take(x, &b), 1);
	b.items[0].fate = ITEM_BUSY;
	world_settle(x, &b);
	/* The deletion is ripe by now, and the new path waits. */
	assert_int_equal(world_take(x, &b), 0);
	x->hold = false;
	assert_string_equal(world_await(x, "b.txt", ITEM_READ)->moved_from,
		"a.txt");
	world_rest(x);
	assert_int_equal(x->watch->tree.n_known, 1);
}

static void
test_rename_twice(void **state)
{
	struct world *x = *state;

	world_put_old(x, "a.txt", "short");
	world_start(x);
	world_forget(x);
	world_rename(x, "a.txt", "b.txt");
	world_rename(x, "b.txt", "c.txt");
	assert_string_equal(world_await(x, "c.txt", ITEM_READ)->moved_from,
		"a.txt");
	world_rest(x);
	assert_int_equal(world_count(x, NULL, ITEM_READ), 1);
}

static void
test_rename_and_edit(void **state)
{
	struct world *x = *state;

	world_put_old(x, "a.txt", "short");
	world_start(x);
	world_forget(x);
	x->hold = true;
	world_rename(x, "a.txt", "b.txt");
	world_put(x, "b.txt", "other words");
	world_run(x, 100);
	x->hold = false;
	assert_string_equal(world_await(x, "b.txt", ITEM_READ)->moved_from,
		"a.txt");
}

static void
test_copy_is_another(void **state)
{
	struct world *x = *state;

	world_put_old(x, "a.txt", LONG_TEXT);
	world_start(x);
	world_forget(x);
	world_put(x, "b.txt", LONG_TEXT);
	assert_string_equal(world_await(x, "b.txt", ITEM_READ)->moved_from,
		"");
	assert_int_equal(x->watch->tree.n_known, 2);
}

static void
test_copy_and_delete_is_a_move(void **state)
{
	struct world *x = *state;

	world_put_old(x, "a.txt", LONG_TEXT);
	world_start(x);
	world_forget(x);
	x->hold = true;
	world_put(x, "b.txt", LONG_TEXT);
	world_unlink(x, "a.txt");
	world_run(x, 50);
	x->hold = false;
	assert_string_equal(world_await(x, "b.txt", ITEM_READ)->moved_from,
		"a.txt");
	world_rest(x);
	assert_int_equal(world_count(x, "a.txt", ITEM_GONE), 0);
}

static void
test_one_heir_only(void **state)
{
	struct world *x = *state;
	size_t heirs = 0;

	world_put_old(x, "a.txt", LONG_TEXT);
	world_start(x);
	world_forget(x);
	x->hold = true;
	world_put(x, "b.txt", LONG_TEXT);
	world_put(x, "c.txt", LONG_TEXT);
	world_unlink(x, "a.txt");
	world_run(x, 50);
	x->hold = false;
	world_await(x, "b.txt", ITEM_READ);
	world_await(x, "c.txt", ITEM_READ);
	for (size_t i = 0; i < x->n_records; i++)
		heirs += x->records[i].moved_from[0] != '\0';
	assert_int_equal(heirs, 1);
}

static void
test_directory_rename_keeps_identity(void **state)
{
	struct world *x = *state;
	char name[32], was[32];

	world_mkdir(x, "old");
	world_mkdir(x, "old/in");
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "old/in/%d.txt", i);
		world_put_old(x, name, name);
	}
	world_start(x);
	world_forget(x);
	world_rename(x, "old", "new");
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "new/in/%d.txt", i);
		snprintf(was, sizeof(was), "old/in/%d.txt", i);
		assert_string_equal(world_await(x, name,
			ITEM_READ)->moved_from, was);
	}
	world_rest(x);
	assert_int_equal(world_count(x, NULL, ITEM_GONE), 0);
	assert_null(tree_find_dir(&x->watch->tree, S("old")));
	/* The kernel's watches went with it. */
	world_put(x, "new/in/more.txt", "more");
	assert_true(world_await(x, "new/in/more.txt", ITEM_READ)->hot);
}

static void
test_directory_moved_out_and_deleted(void **state)
{
	struct world *x = *state;
	struct watch_status s;

	world_mkdir(x, "d");
	world_mkdir(x, "d/e");
	world_put_old(x, "d/a.txt", "a");
	world_put_old(x, "d/e/b.txt", "b");
	world_start(x);
	watch_get_status(x->watch, &s);
	assert_int_equal(s.dirs, 3);
	world_forget(x);
	world_rename(x, "d", ".away");
	world_await(x, "d/a.txt", ITEM_GONE);
	world_await(x, "d/e/b.txt", ITEM_GONE);
	world_rest(x);
	watch_get_status(x->watch, &s);
	assert_int_equal(s.dirs, 1);
	assert_int_equal(s.files, 0);
	assert_int_equal(x->watch->tree.dirs.n, 1);
}

static void
test_new_directories_lose_nothing(void **state)
{
	enum { FILES = 2000 };
	struct world *x = *state;
	char name[64];

	world_start(x);
	for (int i = 0; i < FILES; i++) {
		if (i % 100 == 0) {
			snprintf(name, sizeof(name), "d%d", i / 100);
			world_mkdir(x, name);
			snprintf(name, sizeof(name), "d%d/e", i / 100);
			world_mkdir(x, name);
		}
		snprintf(name, sizeof(name), "d%d/e/%d.txt", i / 100, i);
		world_put(x, name, name);
		if (i % 37 == 0)
			world_run(x, 1);
	}
	world_run(x, 2500);
	world_rest(x);
	for (int i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "d%d/e/%d.txt", i / 100, i);
		world_await(x, name, ITEM_READ);
	}
	assert_int_equal(x->watch->tree.n_known, FILES);
}

static void
test_ignored_names(void **state)
{
	static const char *const names[] = { ".a.txt", "a.txt~", "a.txt.swp",
		"a.txt.tmp", "a.txt.part", "4913", "a.docx", "a.pdf", "txt" };
	struct world *x = *state;
	struct watch_status s;

	world_mkdir(x, ".git");
	world_put_old(x, ".git/x.txt", "no");
	for (size_t i = 0; i < COUNT_OF(names); i++)
		world_put_old(x, names[i], "no");
	world_start(x);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		world_put(x, names[i], "still no");
	world_put(x, "b.TXT", "yes");
	world_await(x, "b.TXT", ITEM_READ);
	assert_int_equal(x->n_records, 1);
	watch_get_status(x->watch, &s);
	assert_int_equal(s.passed_over, 3);
	assert_true(watch_is_article_name(S("d/e/a.txt")));
	assert_false(watch_is_article_name(S("d.txt/e")));
	assert_false(watch_is_article_name(S(".txt")));
	assert_false(watch_is_article_name(S("")));
}

static void
test_writer_is_waited_for(void **state)
{
	struct world *x = *state;
	char full[512];
	int fd;

	world_start(x);
	fd = open(world_path(x, "slow.txt", full), O_WRONLY | O_CREAT, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "half", 4), 4);
	world_run(x, 1500);
	assert_int_equal(world_count(x, "slow.txt", ITEM_READ), 0);
	assert_int_equal(write(fd, " and half", 9), 9);
	close(fd);
	assert_int_equal(world_await(x, "slow.txt", ITEM_READ)->len, 13);
}

static void
test_hard_link_is_found(void **state)
{
	struct world *x = *state;
	char from[512], to[512];

	world_put_old(x, "a.txt", "one");
	world_start(x);
	assert_int_equal(link(world_path(x, "a.txt", from),
		world_path(x, "b.txt", to)), 0);
	assert_string_equal(world_await(x, "b.txt", ITEM_READ)->moved_from,
		"");
}

static void
test_taken_path_comes_back(void **state)
{
	struct world *x = *state;
	struct batch b, other;

	world_start(x);
	x->hold = true;
	world_put(x, "a.txt", "one");
	world_run(x, 50);
	assert_true(x->dirty);
	assert_int_equal(world_take(x, &b), 1);
	world_put(x, "a.txt", "three");
	world_run(x, 50);
	assert_int_equal(world_take(x, &other), 0);
	world_look(x, &b);
	world_settle(x, &b);
	world_run(x, 20);
	assert_int_equal(world_take(x, &b), 1);
	world_look(x, &b);
	assert_int_equal(b.items[0].fate, ITEM_SAME);
	world_settle(x, &b);
	world_run(x, 20);
	assert_int_equal(world_take(x, &b), 0);
}

static void
test_failed_batch_is_tried_again(void **state)
{
	struct world *x = *state;

	world_start(x);
	x->fail = true;
	world_put(x, "a.txt", "one");
	world_await(x, "a.txt", ITEM_READ);
	x->fail = false;
	world_forget(x);
	assert_int_equal(x->watch->tree.n_known, 0);
	assert_true(world_await(x, "a.txt", ITEM_READ)->hot);
	assert_int_equal(x->watch->tree.n_known, 1);
}

static void
test_overflow_scans_everything(void **state)
{
	struct inotify_event e = { .wd = -1, .mask = IN_Q_OVERFLOW };
	struct world *x = *state;
	struct watch_status s;

	world_put_old(x, "a.txt", "one");
	world_start(x);
	/* As if these events had been lost. */
	inotify_set(x->watch, x->watch->roots[0].top, -1);
	world_run(x, 20);
	world_put_old(x, "b.txt", "two");
	world_unlink(x, "a.txt");
	world_run(x, 100);
	assert_int_equal(world_count(x, "b.txt", ITEM_READ), 0);
	inotify_handle(x->watch, &e);
	inotify_handle(x->watch, &e);
	world_await(x, "b.txt", ITEM_READ);
	world_await(x, "a.txt", ITEM_GONE);
	world_await_count(x, &x->n_scanned, 2);
	watch_get_status(x->watch, &s);
	assert_int_equal(s.overflows, 2);
	assert_int_equal(x->n_overflow, 2);
	world_put(x, "c.txt", "three");
	assert_true(world_await(x, "c.txt", ITEM_READ)->hot);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_new_file_is_hot),
		TEST(test_edit_in_place),
		TEST(test_atomic_replace),
		TEST(test_vim_never_deletes),
		TEST(test_deletion_is_held),
		TEST(test_rename_keeps_identity),
		TEST(test_rename_of_what_is_being_stored),
		TEST(test_rename_of_what_is_stored_first),
		TEST(test_rename_of_an_edit_being_stored),
		TEST(test_rename_of_what_is_being_written),
		TEST(test_rename_twice),
		TEST(test_rename_and_edit),
		TEST(test_copy_is_another),
		TEST(test_copy_and_delete_is_a_move),
		TEST(test_one_heir_only),
		TEST(test_directory_rename_keeps_identity),
		TEST(test_directory_moved_out_and_deleted),
		TEST(test_new_directories_lose_nothing),
		TEST(test_ignored_names),
		TEST(test_writer_is_waited_for),
		TEST(test_hard_link_is_found),
		TEST(test_taken_path_comes_back),
		TEST(test_failed_batch_is_tried_again),
		TEST(test_overflow_scans_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
