/*
 * Secrets: which files are taken for one, and what is in them.
 */
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/secret.h"

static char dir[PATH_MAX];

static int
begin(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	snprintf(dir, sizeof(dir), "%s/secret-XXXXXX", tmp ? tmp : "/tmp");
	unsetenv("CREDENTIALS_DIRECTORY");
	return mkdtemp(dir) ? 0 : -1;
}

static const char *
path_of(const char *name)
{
	static char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static int
end(void **state)
{
	static const char *const names[] = { "a", "link", "fifo", "sub" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		(void)remove(path_of(names[i]));
	return rmdir(dir);
}

static void
put(struct slice text, mode_t mode)
{
	CLEANUP(fd_close) int fd = open(path_of("a"),
		O_WRONLY | O_CREAT | O_TRUNC, 0600);
	struct err e;

	assert_true(fd >= 0);
	assert_int_equal(fd_write(fd, text, &e), 0);
	assert_int_equal(fchmod(fd, mode), 0);
}

/* Reading the file fails like that, and says what to look for. */
static void
assert_refused(const char *name, enum err_kind kind, const char *part)
{
	struct secret *s = NULL;
	struct err e;

	assert_int_equal(secret_read(dir, slice_str(name), &s, &e), -1);
	assert_null(s);
	assert_int_equal(e.kind, kind);
	if (!strstr(e.text, part))
		fail_msg("\"%s\" is not in \"%s\"", part, e.text);
}

static struct secret *
must_read(void)
{
	struct secret *s;
	struct err e;

	if (secret_read(dir, S("a"), &s, &e) < 0)
		fail_msg("%s", e.text);
	return s;
}

static void
assert_value(const struct secret *s, size_t i, const char *text)
{
	assert_true(slice_eq(secret_value(s, i), slice_str(text)));
}

static void
lines_are_values(void **state)
{
	struct secret *s;

	(void)state;
	put(S("one\n"), 0600);
	s = must_read();
	assert_int_equal(secret_count(s), 1);
	assert_value(s, 0, "one");
	secret_free(s);

	put(S("\n new one \r\nold one"), 0400);
	s = must_read();
	assert_int_equal(secret_count(s), 2);
	assert_value(s, 0, "new one");
	assert_value(s, 1, "old one");
	assert_true(slice_eq(secret_text(s), S("new one \r\nold one")));
	secret_free(s);
	secret_free(NULL);
}

static void
a_key_has_more_lines_than_there_are_values(void **state)
{
	struct secret *s;

	(void)state;
	put(S("-----BEGIN X-----\n1\n2\n3\n4\n5\n6\n7\n8\n9\n"
		"-----END X-----\n"), 0600);
	s = must_read();
	assert_true(slice_starts(secret_text(s), S("-----BEGIN")));
	assert_true(slice_ends(secret_text(s), S("-----")));
	secret_free(s);
	put(S("1\n2\n3\n4\n5\n6\n7\n8\n9\n"), 0600);
	assert_refused("a", ERR_SYNTAX, "more than 8");
}

static void
files_that_are_no_secret_are_refused(void **state)
{
	static char big[SECRET_MAX + 1];

	(void)state;
	memset(big, 'x', sizeof(big));
	assert_refused("a", ERR_MISSING, "cannot open");
	put(S("x"), 0640);
	assert_refused("a", ERR_REFUSED, "others may read it (mode 0640)");
	put(S("x"), 0604);
	assert_refused("a", ERR_REFUSED, "others may read it");
	put(S("\n \n"), 0600);
	assert_refused("a", ERR_SYNTAX, "holds no secret");
	put(S(""), 0600);
	assert_refused("a", ERR_SYNTAX, "holds no secret");
	put(slice("a\0b", 3), 0600);
	assert_refused("a", ERR_SYNTAX, "NUL");
	put(slice(big, sizeof(big)), 0600);
	assert_refused("a", ERR_LIMIT, "at most 65536");
	assert_int_equal(symlink("a", path_of("link")), 0);
	assert_refused("link", ERR_REFUSED, "symbolic link");
	assert_int_equal(mkfifo(path_of("fifo"), 0600), 0);
	assert_refused("fifo", ERR_REFUSED, "not a regular file");
	assert_int_equal(mkdir(path_of("sub"), 0700), 0);
	assert_refused("sub", ERR_REFUSED, "not a regular file");
}

static void
names_lead_nowhere_else(void **state)
{
	static const char *const bad[] = { "", ".", "..", "../a", "a/b", "/a",
		".hidden" };

	(void)state;
	put(S("x"), 0600);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_refused(bad[i], ERR_CONFIG, "no name of a credential");
}

static void
the_directory_of_systemd_may_be_the_groups(void **state)
{
	struct secret *s;

	(void)state;
	put(S("x"), 0440);
	assert_refused("a", ERR_REFUSED, "others may read it");
	setenv("CREDENTIALS_DIRECTORY", dir, 1);
	s = must_read();
	secret_free(s);
	put(S("x"), 0444);
	assert_refused("a", ERR_REFUSED, "others may read it");
}

static void
a_stranger_s_file_is_refused(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	put(S("x"), 0600);
	assert_int_equal(chown(path_of("a"), 12345, 0), 0);
	assert_refused("a", ERR_REFUSED, "belongs to somebody else");
}

static void
bytes_can_be_one_too(void **state)
{
	struct secret *s = secret_of(S("of a test"));

	(void)state;
	assert_value(s, 0, "of a test");
	secret_free(s);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lines_are_values),
		TEST(a_key_has_more_lines_than_there_are_values),
		TEST(files_that_are_no_secret_are_refused),
		TEST(names_lead_nowhere_else),
		TEST(the_directory_of_systemd_may_be_the_groups),
		TEST(a_stranger_s_file_is_refused),
		TEST(bytes_can_be_one_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
