/*
 * Unit tests of watch: scans, restarts, polling, roots, and what is no file.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/fsuid.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "watch/system.h"
#include "watch_world.h"

enum { NOBODY = 65534 };

static void
test_unchanged_restart_is_silent(void **state)
{
	struct world *x = *state;
	struct watch_status s;
	char name[32];

	world_mkdir(x, "d");
	world_mkdir(x, "d/e");
	for (int i = 0; i < 50; i++) {
		snprintf(name, sizeof(name), "%s%d.txt", i % 2 ? "d/e/" : "",
			i);
		world_put_old(x, name, name);
	}
	world_start(x);
	assert_int_equal(world_count(x, NULL, ITEM_READ), 50);
	world_restart(x);
	world_start(x);
	world_rest(x);
	assert_int_equal(x->n_records, 0);
	assert_int_equal(x->n_scanned, 2);
	watch_get_status(x->watch, &s);
	assert_int_equal(s.files, 50);
	assert_int_equal(s.scanned, 50);
	assert_int_equal(s.dirs, 3);
	assert_false(s.scanning);
}

static void
test_changes_while_stopped(void **state)
{
	struct world *x = *state;

	world_mkdir(x, "d");
	world_mkdir(x, "lost");
	world_put_old(x, "same.txt", "same");
	world_put_old(x, "edited.txt", "before");
	world_put_old(x, "deleted.txt", "deleted");
	world_put_old(x, "lost/too.txt", "lost");
	world_put_old(x, "moved.txt", "moved");
	world_start(x);
	world_restart(x);
	world_put_old(x, "edited.txt", "after");
	world_unlink(x, "deleted.txt");
	world_unlink(x, "lost/too.txt");
	world_unlink(x, "lost");
	world_rename(x, "moved.txt", "d/here.txt");
	world_start(x);
	world_await(x, "edited.txt", ITEM_READ);
	world_await(x, "deleted.txt", ITEM_GONE);
	world_await(x, "lost/too.txt", ITEM_GONE);
	assert_string_equal(world_await(x, "d/here.txt",
		ITEM_READ)->moved_from, "moved.txt");
	world_rest(x);
	assert_int_equal(x->n_records, 4);
}

static void
test_young_files_settle_first(void **state)
{
	struct world *x = *state;
	int64_t begin;

	world_put(x, "young.txt", "young");
	world_put_old(x, "old.txt", "old");
	begin = clock_mono_ms();
	watch_start(x->watch);
	world_await(x, "old.txt", ITEM_READ);
	assert_int_equal(x->n_scanned, 0);
	assert_false(world_await(x, "young.txt", ITEM_READ)->hot);
	assert_true(clock_mono_ms() - begin > 1500);
	world_await_count(x, &x->n_scanned, 1);
}

/* What an entry that is no file is told to be. */
static void
check_aside(struct world *x, const char *path, const char *text)
{
	struct record *r = world_await(x, path, ITEM_ASIDE);

	if (!strstr(r->why.text, text))
		fail_msg("\"%s\" says \"%s\"", path, r->why.text);
	assert_non_null(strstr(r->why.text, path));
}

static void
make_socket(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(strlen(path) < sizeof(a.sun_path));
	memcpy(a.sun_path, path, strlen(path));
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	close(fd);
}

static void
make_strange(struct world *x)
{
	char full[512];

	assert_int_equal(mkfifo(world_path(x, "fifo.txt", full), 0644), 0);
	make_socket(world_path(x, "socket.txt", full));
	assert_int_equal(symlink("/etc/passwd", world_path(x, "out.txt",
		full)), 0);
	assert_int_equal(symlink("good.txt", world_path(x, "in.txt", full)),
		0);
	assert_int_equal(symlink("..", world_path(x, "up", full)), 0);
	world_mkdir(x, "dir.txt");
	world_put_old(x, "dir.txt/inside.txt", "inside");
	world_put_old(x, "big.txt", "0123456789 and more");
	world_put_old(x, "empty.txt", "");
	world_put_old(x, "good.txt", "good");
}

static void
check_strange(struct world *x)
{
	check_aside(x, "fifo.txt", "is a fifo, not a file");
	check_aside(x, "socket.txt", "is a socket, not a file");
	check_aside(x, "out.txt", "is a symbolic link");
	check_aside(x, "in.txt", "is a symbolic link");
	check_aside(x, "dir.txt", "is a directory, not a file");
	check_aside(x, "big.txt", "is too big: 19 bytes, at most 10");
	world_await(x, "dir.txt/inside.txt", ITEM_READ);
	assert_int_equal(world_await(x, "empty.txt", ITEM_READ)->len, 0);
	world_await(x, "good.txt", ITEM_READ);
	world_rest(x);
	assert_int_equal(x->n_records, 9);
}

static void
test_strange_entries_found(void **state)
{
	struct world *x = *state;

	x->max_size = 10;
	make_strange(x);
	world_start(x);
	check_strange(x);
	/* Told once: neither a scan nor a restart repeats it. */
	world_forget(x);
	watch_rescan(x->watch, S(""));
	world_await_count(x, &x->n_scanned, 2);
	world_rest(x);
	assert_int_equal(x->n_records, 0);
}

static void
test_strange_entries_appearing(void **state)
{
	struct world *x = *state;

	x->max_size = 10;
	world_start(x);
	make_strange(x);
	check_strange(x);
	world_forget(x);
	world_unlink(x, "fifo.txt");
	world_await(x, "fifo.txt", ITEM_GONE);
	world_put(x, "fifo.txt", "a file");
	world_await(x, "fifo.txt", ITEM_READ);
}

/* An item for a path that nobody remembers. */
static struct item
item_of(struct world *x, const char *rel)
{
	return (struct item){ .path = slice_str(rel), .rel = rel,
		.root_fd = x->watch->roots[0].fd, .hot = true };
}

static void
test_nothing_leads_out_of_the_root(void **state)
{
	static const char *const paths[] = { "../../etc/passwd", "/etc/passwd",
		"up/etc/passwd", "d/../../../etc/hostname" };
	struct world *x = *state;
	struct arena a = { 0 };
	char full[512];

	world_mkdir(x, "d");
	assert_int_equal(symlink("/", world_path(x, "up", full)), 0);
	world_start(x);
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		struct item it = item_of(x, paths[i]);

		watch_reconcile(&it, 1000000, &a);
		assert_true(it.fate == ITEM_ASIDE || it.fate == ITEM_GONE);
		assert_int_equal(it.bytes.len, 0);
	}
	arena_done(&a);
}

static void
test_vanished_file(void **state)
{
	struct world *x = *state;
	struct arena a = { 0 };
	struct item it;

	world_start(x);
	it = item_of(x, "never.txt");
	watch_reconcile(&it, 1000, &a);
	assert_int_equal(it.fate, ITEM_GONE);
	assert_non_null(strstr(it.why.text, "\"never.txt\" vanished"));
	/* A known one is not believed to be gone until it was held. */
	it = item_of(x, "never.txt");
	it.known = true;
	watch_reconcile(&it, 1000, &a);
	assert_int_equal(it.fate, ITEM_BUSY);
	assert_true(it.missing);
	it = item_of(x, "never.txt");
	it.known = it.held = true;
	watch_reconcile(&it, 1000, &a);
	assert_int_equal(it.fate, ITEM_GONE);
	assert_int_equal(it.why.text[0], '\0');
	arena_done(&a);
}

static void
test_racy_write_is_seen(void **state)
{
	struct world *x = *state;
	struct arena a = { 0 };
	struct item it;

	world_start(x);
	world_put(x, "a.txt", "new");
	it = item_of(x, "a.txt");
	watch_reconcile(&it, 1000, &a);
	assert_int_equal(it.fate, ITEM_READ);
	/* The same stamp, other bytes. */
	it.known = true;
	it.known_stamp = it.stamp;
	it.known_hash = it.hash + 1;
	watch_reconcile(&it, 1000, &a);
	assert_int_equal(it.fate, ITEM_READ);
	it.known_hash = it.hash;
	watch_reconcile(&it, 1000, &a);
	assert_int_equal(it.fate, ITEM_SAME);
	arena_done(&a);
}

static void
test_unreadable_file(void **state)
{
	struct world *x = *state;
	struct arena a = { 0 };
	struct item it;
	char full[512];

	assert_int_equal(chmod(x->dir, 0755), 0);
	world_start(x);
	world_put(x, "a.txt", "secret");
	assert_int_equal(chmod(world_path(x, "a.txt", full), 0), 0);
	it = item_of(x, "a.txt");
	/* Root may read all; another user's view is this thread's alone. */
	if (geteuid() == 0)
		setfsuid(NOBODY);
	watch_reconcile(&it, 1000, &a);
	if (geteuid() == 0)
		setfsuid(0);
	assert_int_equal(it.fate, ITEM_ASIDE);
	assert_non_null(strstr(it.why.text, "cannot read \"a.txt\""));
	assert_non_null(strstr(it.why.hint, "chmod a+r"));
	arena_done(&a);
}

static void
test_too_deep(void **state)
{
	struct world *x = *state;
	char path[512] = "";

	for (int i = 0; i < WATCH_DEPTH_MAX + 2; i++) {
		strcat(path, i ? "/d" : "d");
		world_mkdir(x, path);
	}
	strcat(path, "/a.txt");
	world_put_old(x, path, "deep");
	world_put_old(x, "b.txt", "b");
	world_start(x);
	world_await(x, "b.txt", ITEM_READ);
	assert_int_equal(x->n_failed, 1);
	assert_non_null(strstr(x->why.text, "too many directories"));
	assert_int_equal(world_count(x, path, ITEM_READ), 0);
}

static void
test_polling(void **state)
{
	struct world *x = *state;
	struct watch_status s;

	x->watch->pretend_system = "NFS";
	world_mkdir(x, "d");
	world_put_old(x, "d/a.txt", "a");
	world_start(x);
	assert_int_equal(x->n_polled, 1);
	assert_string_equal(x->where, x->dir);
	assert_non_null(strstr(x->why.text, "NFS gives no events"));
	assert_non_null(strstr(x->why.hint, "within 0.1 s"));
	watch_get_status(x->watch, &s);
	assert_int_equal(s.dirs, 0);
	assert_int_equal(s.dirs_polled, 2);
	world_put_old(x, "d/b.txt", "b");
	world_await(x, "d/b.txt", ITEM_READ);
	world_forget(x);
	world_put_old(x, "d/b.txt", "changed");
	world_await(x, "d/b.txt", ITEM_READ);
	world_rename(x, "d/b.txt", "c.txt");
	assert_string_equal(world_await(x, "c.txt", ITEM_READ)->moved_from,
		"d/b.txt");
	world_unlink(x, "d/a.txt");
	world_await(x, "d/a.txt", ITEM_GONE);
	world_mkdir(x, "e");
	world_put_old(x, "e/e.txt", "e");
	world_await(x, "e/e.txt", ITEM_READ);
	assert_int_equal(x->n_polled, 1);
	assert_int_equal(world_count(x, "d/b.txt", ITEM_GONE), 0);
}

static void
test_limit_of_watches(void **state)
{
	struct world *x = *state;
	struct watch_status s;

	world_start(x);
	x->watch->pretend_errno = ENOSPC;
	world_mkdir(x, "d");
	world_mkdir(x, "e");
	world_put_old(x, "d/a.txt", "a");
	world_await_count(x, &x->n_polled, 1);
	assert_string_equal(x->where, x->dir);
	assert_non_null(strstr(x->why.hint, "fs.inotify.max_user_watches"));
	world_rest(x);
	watch_get_status(x->watch, &s);
	assert_int_equal(s.dirs_polled, 2);
	world_put_old(x, "d/b.txt", "b");
	world_await(x, "d/b.txt", ITEM_READ);
	/* There are watches again: polling ends by itself. */
	x->watch->pretend_errno = 0;
	world_run(x, 400);
	watch_get_status(x->watch, &s);
	assert_int_equal(s.dirs_polled, 0);
	assert_int_equal(s.dirs, 3);
	world_put(x, "e/c.txt", "c");
	assert_true(world_await(x, "e/c.txt", ITEM_READ)->hot);
}

static void
test_systems_without_events(void **state)
{
	(void)state;
	assert_string_equal(system_without_events(0x6969), "NFS");
	assert_string_equal(system_without_events(0x65735546), "FUSE");
	assert_null(system_without_events(0xef53));	/* ext4 */
	assert_null(system_without_events(0x01021994));	/* tmpfs */
}

static void
test_root_moved_away_and_back(void **state)
{
	struct world *x = *state;
	char away[128];

	world_mkdir(x, "d");
	world_put_old(x, "d/a.txt", "a");
	world_put_old(x, "b.txt", "b");
	world_start(x);
	world_forget(x);
	snprintf(away, sizeof(away), "%s.away", x->dir);
	assert_int_equal(rename(x->dir, away), 0);
	world_await_count(x, &x->n_gone, 1);
	world_run(x, 400);
	assert_int_equal(x->n_records, 0);
	assert_int_equal(rename(away, x->dir), 0);
	world_await_count(x, &x->n_back, 1);
	world_await_count(x, &x->n_scanned, 2);
	world_rest(x);
	assert_int_equal(x->n_records, 0);
	assert_int_equal(x->n_gone, 1);
	world_put(x, "d/c.txt", "c");
	assert_true(world_await(x, "d/c.txt", ITEM_READ)->hot);
}

static void
test_root_removed_and_made_anew(void **state)
{
	struct world *x = *state;
	struct watch_status s;
	struct batch b;

	world_put_old(x, "a.txt", "a");
	world_start(x);
	world_forget(x);
	/* All at once: the deletion is still held when the root goes. */
	world_unlink(x, "a.txt");
	assert_int_equal(rmdir(x->dir), 0);
	world_await_count(x, &x->n_gone, 1);
	world_run(x, 300);
	assert_int_equal(world_count(x, NULL, ITEM_GONE), 0);
	assert_int_equal(world_take(x, &b), 0);
	watch_get_status(x->watch, &s);
	assert_int_equal(s.roots_gone, 1);
	assert_int_equal(s.files, 1);
	assert_int_equal(mkdir(x->dir, 0755), 0);
	world_put_old(x, "b.txt", "b");
	world_await_count(x, &x->n_back, 1);
	world_await(x, "b.txt", ITEM_READ);
	world_await(x, "a.txt", ITEM_GONE);
}

static void
test_root_missing_at_start(void **state)
{
	struct world *x = *state;

	assert_int_equal(rmdir(x->dir), 0);
	world_start(x);
	assert_int_equal(x->n_gone, 1);
	assert_int_equal(x->n_scanned, 1);
	assert_int_equal(mkdir(x->dir, 0755), 0);
	world_await_count(x, &x->n_scanned, 2);
	assert_int_equal(x->n_back, 1);
	world_put(x, "a.txt", "a");
	world_await(x, "a.txt", ITEM_READ);
}

static void
test_second_root_has_a_prefix(void **state)
{
	struct world *x = *state;
	struct record *r;
	char dir[128];

	snprintf(dir, sizeof(dir), "%s/.second", x->dir);
	assert_int_equal(mkdir(dir, 0755), 0);
	x->config.roots[1] = (struct content_root){ .dir = dir,
		.prefix = S("two") };
	x->config.n_roots = 2;
	world_restart(x);
	world_put_old(x, "a.txt", "a");
	world_mkdir(x, "two");
	world_put_old(x, "two/hidden.txt", "no");
	world_mkdir(x, ".second/d");
	world_put_old(x, ".second/d/b.txt", "b");
	world_start(x);
	world_await(x, "a.txt", ITEM_READ);
	world_await(x, "two/d/b.txt", ITEM_READ);
	assert_int_equal(x->n_records, 2);
	assert_int_equal(x->n_failed, 1);
	world_forget(x);
	world_put(x, ".second/c.txt", "c");
	r = world_await(x, "two/c.txt", ITEM_READ);
	assert_string_equal(r->moved_from, "");
	world_rename(x, ".second/c.txt", ".second/d/e.txt");
	assert_string_equal(world_await(x, "two/d/e.txt",
		ITEM_READ)->moved_from, "two/c.txt");
	watch_rescan(x->watch, S("two/d/b.txt"));
	world_await(x, "two/d/b.txt", ITEM_SAME);
}

static void
test_rescan_of_paths(void **state)
{
	struct world *x = *state;
	char name[300];

	world_mkdir(x, "d");
	world_put_old(x, "d/a.txt", "a");
	world_start(x);
	/* Unwatched behind its back, so that only a rescan can tell. */
	inotify_set(x->watch, tree_find_dir(&x->watch->tree, S("d")), -1);
	world_run(x, 50);
	world_forget(x);
	world_put(x, "d/b.txt", "b");
	world_run(x, 50);
	assert_int_equal(x->n_records, 0);
	watch_rescan(x->watch, S("d/b.txt"));
	assert_true(world_await(x, "d/b.txt", ITEM_READ)->hot);
	world_unlink(x, "d/a.txt");
	watch_rescan(x->watch, S("d/a.txt"));
	world_await(x, "d/a.txt", ITEM_GONE);
	world_forget(x);
	world_put_old(x, "d/c.txt", "c");
	watch_rescan(x->watch, S("d/"));
	world_await(x, "d/c.txt", ITEM_READ);
	watch_rescan(x->watch, S("not/there.txt"));
	/* What no path can be is no harm. */
	memset(name, 'x', sizeof(name));
	memcpy(name + sizeof(name) - 4, ".txt", 4);
	watch_rescan(x->watch, slice(name, sizeof(name)));
	watch_rescan(x->watch, slice(name, sizeof(name) - 1));
	watch_rescan(x->watch, S("d/../../x.txt"));
	world_rest(x);
}

static void
test_new_rules(void **state)
{
	struct world *x = *state;

	world_mkdir(x, "d");
	world_put_old(x, "a.txt", "a");
	world_put_old(x, "d/b.txt", "b");
	world_start(x);
	world_await(x, "d/b.txt", ITEM_READ);
	world_rest(x);
	world_forget(x);
	watch_distrust(x->watch);
	world_await(x, "a.txt", ITEM_READ);
	assert_false(world_await(x, "d/b.txt", ITEM_READ)->hot);
	/* Once is enough. */
	world_forget(x);
	watch_rescan(x->watch, S(""));
	world_await_count(x, &x->n_scanned, 3);
	world_rest(x);
	assert_int_equal(x->n_records, 0);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_unchanged_restart_is_silent),
		TEST(test_new_rules),
		TEST(test_changes_while_stopped),
		TEST(test_young_files_settle_first),
		TEST(test_strange_entries_found),
		TEST(test_strange_entries_appearing),
		TEST(test_nothing_leads_out_of_the_root),
		TEST(test_vanished_file),
		TEST(test_racy_write_is_seen),
		TEST(test_unreadable_file),
		TEST(test_too_deep),
		TEST(test_polling),
		TEST(test_limit_of_watches),
		cmocka_unit_test(test_systems_without_events),
		TEST(test_root_moved_away_and_back),
		TEST(test_root_removed_and_made_anew),
		TEST(test_root_missing_at_start),
		TEST(test_second_root_has_a_prefix),
		TEST(test_rescan_of_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
