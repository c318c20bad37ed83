/*
 * Unit tests of watch: the tree and the queue, without disk and loop.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "watch/queue.h"

/* A moment, far from any wall clock. */
enum { NOW = 1000000 };

struct fixture {
	struct tree t;
	struct queue q;
	struct dir *top;
};

static int
setup(void **state)
{
	struct fixture *x = x_calloc(1, sizeof(*x));

	tree_init(&x->t);
	queue_init(&x->q);
	x->top = tree_add_top(&x->t, 0, S(""));
	*state = x;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *x = *state;

	queue_done(&x->q);
	tree_done(&x->t);
	free(x);
	clock_set_ms(-1);
	return 0;
}

static struct file *
add(struct fixture *x, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct dir *d = tree_make_dir(&x->t, x->top, slice(path,
		slash ? (size_t)(slash - path) : 0));

	return tree_make(&x->t, d, slice_str(slash ? slash + 1 : path));
}

static struct file *
add_known(struct fixture *x, const char *path, uint64_t ino, uint64_t hash)
{
	struct file_stamp s = { .dev = 1, .ino = ino, .btime_ns = 7,
		.size = 1000 };
	struct file *f = add(x, path);

	tree_remember(&x->t, f, &s, hash);
	return f;
}

static void
test_paths(void **state)
{
	struct fixture *x = *state;
	struct file *f = add(x, "a/b/c.txt");
	char path[32] = "";

	assert_ptr_equal(tree_find_path(&x->t, S("a/b/c.txt")), f);
	assert_ptr_equal(add(x, "a/b/c.txt"), f);
	assert_null(tree_find_path(&x->t, S("a/b")));
	assert_null(tree_find_path(&x->t, S("c.txt")));
	assert_non_null(tree_find_dir(&x->t, S("a")));
	tree_put_path(f, path);
	assert_string_equal(path, "a/b/c.txt");
	assert_int_equal(tree_path_len(f), 9);
	/* What nothing needs is freed, up to the top. */
	tree_release(&x->t, f);
	assert_null(tree_find_dir(&x->t, S("a")));
	assert_int_equal(x->t.dirs.n, 1);
}

static void
test_many_files(void **state)
{
	enum { MANY = 20000 };
	struct fixture *x = *state;
	char path[64];

	for (uint64_t i = 0; i < MANY; i++) {
		snprintf(path, sizeof(path), "d%d/%d.txt", (int)i % 100,
			(int)i);
		add_known(x, path, i + 1, i * 3 + 1);
	}
	assert_int_equal(x->t.n_known, MANY);
	for (uint64_t i = 0; i < MANY; i += 2) {
		snprintf(path, sizeof(path), "d%d/%d.txt", (int)i % 100,
			(int)i);
		tree_forget(&x->t, tree_find_path(&x->t, slice_str(path)));
		tree_release(&x->t, tree_find_path(&x->t, slice_str(path)));
	}
	for (uint64_t i = 0; i < MANY; i++) {
		struct file_stamp s = { .dev = 1, .ino = i + 1 };
		bool there = i % 2;
		size_t at = 0;

		snprintf(path, sizeof(path), "d%d/%d.txt", (int)i % 100,
			(int)i);
		assert_true(!!tree_find_path(&x->t, slice_str(path)) == there);
		assert_true(!!tree_next_inode(&x->t, &s, &at) == there);
		at = 0;
		assert_true(!!tree_next_hash(&x->t, i * 3 + 1, &at) == there);
	}
}

static void
test_copies_do_not_make_a_long_chain(void **state)
{
	struct fixture *x = *state;
	struct file *f;
	size_t at = 0;
	char path[32];
	int n = 0;

	for (int i = 0; i < 100; i++) {
		snprintf(path, sizeof(path), "%d.txt", i);
		add_known(x, path, 5, 99);
	}
	while (tree_next_hash(&x->t, 99, &at))
		n++;
	assert_int_equal(n, TREE_SAME_MAX);
	/* Those left out can be forgotten like the others. */
	for (int i = 0; i < 100; i++) {
		snprintf(path, sizeof(path), "%d.txt", i);
		f = tree_find_path(&x->t, slice_str(path));
		tree_forget(&x->t, f);
		tree_release(&x->t, f);
	}
	at = 0;
	assert_null(tree_next_hash(&x->t, 99, &at));
	assert_int_equal(x->t.by[BY_NAME].n, 0);
}

static void
test_short_files_have_no_hash(void **state)
{
	struct file_stamp s = { .dev = 1, .ino = 2, .size = 511 };
	struct fixture *x = *state;
	size_t at = 0;

	tree_remember(&x->t, add(x, "a.txt"), &s, 42);
	assert_null(tree_next_hash(&x->t, 42, &at));
	s.size = 512;
	tree_remember(&x->t, add(x, "a.txt"), &s, 42);
	at = 0;
	assert_non_null(tree_next_hash(&x->t, 42, &at));
	assert_int_equal(x->t.n_known, 1);
}

static void
test_stamps(void **state)
{
	struct file_stamp a = { 1, 2, 3, 4, 5, 6 }, b = a;

	(void)state;
	b.dev = 9;	/* renumbered at boot */
	assert_true(stamp_same(&a, &b));
	assert_false(stamp_same_file(&a, &b));
	b = a;
	b.ctime_ns = 7;
	assert_false(stamp_same(&a, &b));
	assert_true(stamp_same_file(&a, &b));
	b.btime_ns = 8;	/* the inode number was used again */
	assert_false(stamp_same_file(&a, &b));
	a.btime_ns = b.btime_ns = 0;
	assert_true(stamp_same_file(&a, &b));
	b.mtime_ns = 9;
	assert_false(stamp_same_file(&a, &b));
}

static void
test_hot_before_cold_before_gone(void **state)
{
	struct fixture *x = *state;
	struct file_stamp old = { .size = 1 };
	struct file *gone = add_known(x, "gone.txt", 1, 1);
	struct file *cold = add(x, "cold.txt"), *hot = add(x, "hot.txt");
	int64_t now = NOW;

	queue_event(&x->q, gone, HAPPENED_GONE, now);
	queue_found(&x->q, cold, &old, false, now);
	queue_event(&x->q, hot, HAPPENED_SAVED, now);
	assert_ptr_equal(queue_peek(&x->q, false, 0)->file, hot);
	queue_take(&x->q, hot->dirty);
	assert_ptr_equal(queue_peek(&x->q, false, 0)->file, cold);
	queue_take(&x->q, cold->dirty);
	assert_null(queue_peek(&x->q, false, 0));
	assert_int_equal(queue_next_due(&x->q), now + QUEUE_HOLD_MS);
	now += QUEUE_HOLD_MS;
	queue_advance(&x->q, now, 10);
	/* What is new and on its way may be what has gone. */
	assert_null(queue_peek(&x->q, false, 0));
	queue_settle(&x->q, hot->dirty, now);
	queue_settle(&x->q, cold->dirty, now);
	assert_null(queue_peek(&x->q, true, 0));
	assert_ptr_equal(queue_peek(&x->q, false, 0)->file, gone);
	assert_int_equal(x->q.n, 1);
}

static void
test_back_again_is_ready_at_once(void **state)
{
	struct fixture *x = *state;
	struct file *f = add_known(x, "a.txt", 1, 1);

	queue_event(&x->q, f, HAPPENED_GONE, NOW);
	assert_null(queue_peek(&x->q, false, 0));
	queue_event(&x->q, f, HAPPENED_MADE, NOW + 1);
	assert_null(queue_peek(&x->q, false, 0));
	queue_event(&x->q, f, HAPPENED_SAVED, NOW + 2);
	assert_ptr_equal(queue_peek(&x->q, true, 0)->file, f);
	assert_int_equal(x->q.n_waiting, 0);
	assert_false(f->dirty->made);
}

static void
test_unknown_and_deleted_is_nothing(void **state)
{
	struct fixture *x = *state;
	struct file *f = add(x, "a.txt");

	queue_event(&x->q, f, HAPPENED_MADE, NOW);
	queue_event(&x->q, f, HAPPENED_GONE, NOW);
	assert_null(f->dirty);
	queue_event(&x->q, f, HAPPENED_GONE, NOW);
	assert_null(f->dirty);
	assert_int_equal(x->q.n, 0);
}

static void
test_young_settles(void **state)
{
	struct fixture *x = *state;
	struct file_stamp young = { .mtime_ns = 9500LL * 1000000 };
	struct file *f = add(x, "a.txt"), *g = add(x, "b.txt");

	clock_set_ms(10000);
	queue_found(&x->q, f, &young, false, NOW);
	assert_int_equal(queue_next_due(&x->q), NOW + 1500);
	assert_int_equal(x->q.n_settling, 1);
	/* One that is only moved was whole before. */
	queue_found(&x->q, g, &young, true, NOW);
	assert_ptr_equal(queue_peek(&x->q, true, 0)->file, g);
	queue_advance(&x->q, NOW + 1500, 10);
	assert_int_equal(x->q.n_settling, 0);
	assert_int_equal(x->q.n_waiting, 0);
}

static void
test_busy_waits_longer_each_time(void **state)
{
	static const int pauses[] = { 100, 200, 400, 800, 1600, 2000, 2000 };
	struct fixture *x = *state;
	struct file *f = add(x, "a.txt");
	int64_t now = NOW;

	queue_event(&x->q, f, HAPPENED_SAVED, now);
	for (size_t i = 0; i < COUNT_OF(pauses); i++) {
		queue_take(&x->q, f->dirty);
		queue_retry_busy(&x->q, f->dirty, now);
		assert_int_equal(queue_next_due(&x->q) - now, pauses[i]);
		now = queue_next_due(&x->q);
		queue_advance(&x->q, now, 1);
		assert_int_equal(f->dirty->lane, LANE_HOT);
	}
}

static void
test_again_while_taken(void **state)
{
	struct fixture *x = *state;
	struct file *f = add_known(x, "a.txt", 1, 1);

	queue_event(&x->q, f, HAPPENED_SAVED, NOW);
	queue_take(&x->q, f->dirty);
	queue_event(&x->q, f, HAPPENED_GONE, NOW);
	queue_missing(&x->q, f, NOW);
	assert_int_equal(x->q.n, 1);
	assert_null(queue_peek(&x->q, false, 0));
	queue_settle(&x->q, f->dirty, NOW);
	assert_int_equal(f->dirty->lane, LANE_GONE);
	assert_int_equal(queue_next_due(&x->q), NOW + QUEUE_HOLD_MS);
	/* Settled for good: nothing happened meanwhile. */
	queue_advance(&x->q, NOW + QUEUE_HOLD_MS, 1);
	queue_take(&x->q, f->dirty);
	queue_settle(&x->q, f->dirty, NOW);
	assert_null(f->dirty);
}

static void
test_due_in_order(void **state)
{
	enum { MANY = 500 };
	struct fixture *x = *state;
	struct file *files[MANY];
	int64_t last = 0;
	char path[32];

	for (int i = 0; i < MANY; i++) {
		snprintf(path, sizeof(path), "%d.txt", i);
		files[i] = add(x, path);
		queue_event(&x->q, files[i], HAPPENED_MADE,
			NOW + i * 7919 % MANY);
	}
	for (int i = 0; i < MANY; i += 3)
		queue_cancel(&x->q, files[i]->dirty);
	while (x->q.n_waiting > 0) {
		assert_true(queue_next_due(&x->q) >= last);
		last = queue_next_due(&x->q);
		queue_advance(&x->q, last, 1);
	}
	assert_int_equal(x->q.n, MANY - (MANY + 2) / 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_paths),
		TEST(test_many_files),
		TEST(test_copies_do_not_make_a_long_chain),
		TEST(test_short_files_have_no_hash),
		TEST(test_stamps),
		TEST(test_hot_before_cold_before_gone),
		TEST(test_back_again_is_ready_at_once),
		TEST(test_unknown_and_deleted_is_nothing),
		TEST(test_young_settles),
		TEST(test_busy_waits_longer_each_time),
		TEST(test_again_while_taken),
		TEST(test_due_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
