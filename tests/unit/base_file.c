/*
 * Unit tests of base/file: nothing is opened outside, nothing is half there.
 *
 * The layout: <dir>/root is the root that paths are opened beneath, and
 * <dir>/secret lies outside of it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"

static char dir[] = "/tmp/gazetted-file-XXXXXX";
static int outer = -1, root = -1;

static void
put_file(int at, const char *path, const char *text)
{
	struct err e = { 0 };

	if (file_replace(at, path, slice_str(text), -1, &e) < 0)
		fail_msg("%s", e.text);
}

static void
assert_content(const char *path, const char *text)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct err e = { 0 };
	struct slice s;

	if (file_read(root, path, 1000, &a, &s, &e) < 0)
		fail_msg("%s", e.text);
	assert_true(slice_eq(s, slice_str(text)));
	assert_int_equal(s.ptr[s.len], '\0');
}

static void
test_open_beneath(void **state)
{
	CLEANUP(fd_close) int fd = file_open_beneath(root, "in/a.txt",
		O_RDONLY);
	char byte;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(read(fd, &byte, 1), 1);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
}

static void
test_no_way_out(void **state)
{
	static const char *const paths[] = { "../secret", "in/../../secret",
		"/etc/passwd", "link", "link-up/secret", "link-in/a.txt",
		"in/../link", "..", "/" };
	char absolute[PATH_MAX];

	(void)state;
	snprintf(absolute, sizeof(absolute), "%s/secret", dir);
	assert_int_equal(file_open_beneath(root, absolute, O_RDONLY), -1);
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		errno = 0;
		if (file_open_beneath(root, paths[i], O_RDONLY) >= 0)
			fail_msg("%s", paths[i]);
		assert_true(errno == EXDEV || errno == ELOOP);
	}
	assert_int_equal(file_open_beneath(root, "missing", O_RDONLY), -1);
	assert_int_equal(errno, ENOENT);
}

/* A fifo without a writer must not make the reader wait. */
static void
test_fifo_does_not_block(void **state)
{
	CLEANUP(fd_close) int fd = file_open_beneath(root, "fifo", O_RDONLY);
	CLEANUP(arena_done) struct arena a = { 0 };
	struct err e = { 0 };
	struct slice s;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(file_read(root, "fifo", 100, &a, &s, &e), -1);
	assert_non_null(strstr(e.text, "not a regular file"));
}

static void
test_read_refuses(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct slice s = S("untouched");
	struct err e = { 0 };

	(void)state;
	assert_int_equal(file_read(root, "missing", 10, &a, &s, &e), -1);
	assert_int_equal(e.kind, ERR_MISSING);
	assert_int_equal(file_read(root, "in", 10, &a, &s, &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	put_file(root, "eleven", "12345678901");
	assert_int_equal(file_read(root, "eleven", 10, &a, &s, &e), -1);
	assert_int_equal(e.kind, ERR_LIMIT);
	assert_non_null(strstr(e.text, "11 bytes, at most 10"));
	assert_int_equal(file_read(root, "eleven", 11, &a, &s, &e), 0);
	assert_int_equal(s.len, 11);
	put_file(root, "empty", "");
	assert_int_equal(file_read(root, "empty", 0, &a, &s, &e), 0);
	assert_int_equal(s.len, 0);
}

static int
count_files(int at, const char *path)
{
	int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), n = 0;
	DIR *d = fdopendir(fd);

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static void
test_replace(void **state)
{
	struct err e = { 0 };
	struct stat st;

	(void)state;
	put_file(root, "new/folder/a", "one");
	assert_content("new/folder/a", "one");
	assert_int_equal(file_replace(root, "new/folder/a", S("two"),
		1715760000, &e), 0);
	assert_content("new/folder/a", "two");
	assert_int_equal(fstatat(root, "new/folder/a", &st, 0), 0);
	assert_int_equal(st.st_mtim.tv_sec, 1715760000);
	assert_int_equal(st.st_mtim.tv_nsec, 0);
	/* No temporary file stays behind. */
	assert_int_equal(count_files(root, "new/folder"), 1);
}

/* Whoever has the old file open reads it to its end. */
static void
test_replace_is_a_rename(void **state)
{
	CLEANUP(fd_close) int fd = -1;
	char bytes[8] = "";

	(void)state;
	put_file(root, "held", "old");
	fd = openat(root, "held", O_RDONLY | O_CLOEXEC);
	put_file(root, "held", "newer");
	assert_int_equal(read(fd, bytes, sizeof(bytes)), 3);
	assert_string_equal(bytes, "old");
	assert_content("held", "newer");
}

static void
test_replace_fails_whole(void **state)
{
	char name[600];
	struct err e = { 0 };
	int before = count_files(root, ".");

	(void)state;
	/* A folder is in the way: of the rename, and of a parent. */
	assert_int_equal(file_replace(root, "in", S("x"), -1, &e), -1);
	assert_non_null(strstr(e.text, "\"in\""));
	assert_int_equal(file_replace(root, "in/a.txt/b", S("x"), -1, &e), -1);
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(file_replace(root, name, S("x"), -1, &e), -1);
	assert_content("in/a.txt", "inside");
	assert_int_equal(count_files(root, "."), before);
}

static void
test_dir_make(void **state)
{
	struct err e = { 0 };
	char path[PATH_MAX + 10];
	struct stat st;

	(void)state;
	assert_int_equal(dir_make(root, "x/y/z", &e), 0);
	assert_int_equal(dir_make(root, "x/y/z/", &e), 0);
	assert_int_equal(fstatat(root, "x/y/z", &st, 0), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(dir_make(root, "in/a.txt/b", &e), -1);
	memset(path, 'p', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(dir_make(root, path, &e), -1);
	assert_int_equal(e.kind, ERR_LIMIT);
}

static void
test_fd_close_keeps_errno(void **state)
{
	int fd = -1;

	(void)state;
	errno = EINTR;
	fd_close(&fd);
	fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	errno = EINTR;
	fd_close(&fd);
	assert_int_equal(fd, -1);
	assert_int_equal(errno, EINTR);
}

static int
make_tree(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(dir));
	outer = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(outer >= 0);
	put_file(outer, "secret", "secret");
	put_file(outer, "root/in/a.txt", "inside");
	root = openat(outer, "root", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(root >= 0);
	assert_int_equal(symlinkat("../secret", root, "link"), 0);
	assert_int_equal(symlinkat("..", root, "link-up"), 0);
	assert_int_equal(symlinkat("in", root, "link-in"), 0);
	assert_int_equal(mkfifoat(root, "fifo", 0600), 0);
	return 0;
}

static void
remove_all(int at, const char *path)
{
	int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
		O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	while (d && (entry = readdir(d)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			remove_all(fd, entry->d_name);
	if (d)
		closedir(d);
	unlinkat(at, path, d ? AT_REMOVEDIR : 0);
}

static int
remove_tree(void **state)
{
	(void)state;
	fd_close(&root);
	fd_close(&outer);
	remove_all(AT_FDCWD, dir);
	return access(dir, F_OK) == 0;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open_beneath),
		cmocka_unit_test(test_no_way_out),
		cmocka_unit_test(test_fifo_does_not_block),
		cmocka_unit_test(test_read_refuses),
		cmocka_unit_test(test_replace),
		cmocka_unit_test(test_replace_is_a_rename),
		cmocka_unit_test(test_replace_fails_whole),
		cmocka_unit_test(test_dir_make),
		cmocka_unit_test(test_fd_close_keeps_errno),
	};

	return cmocka_run_group_tests_name("base_file", tests, make_tree,
		remove_tree);
}
