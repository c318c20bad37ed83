/*
 * Unit tests of serve/ over the wire: large bodies that many ask for.
 *
 * After the second has asked, the body is sent from a file.  That must not be
 * seen in the bytes, nor be waited for, and descriptors are few.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "serve_fixture.h"

/* As many as body_file.c has at most. */
enum { FILES_MAX = 64, PATIENCE_MS = 20 * 1000, SWEEP_MS = 250 };

static struct fixture f;

/* How many files without a name are open in this process. */
static size_t
files_open(void)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *d;
	struct stat st;
	size_t n = 0;

	assert_non_null(dir);
	while ((d = readdir(dir)))
		n += fstatat(dirfd(dir), d->d_name, &st, 0) == 0 &&
			S_ISREG(st.st_mode) && st.st_nlink == 0;
	closedir(dir);
	return n;
}

static void
await_files(size_t n)
{
	int64_t end = clock_mono_ms() + PATIENCE_MS;

	while (files_open() != n) {
		if (clock_mono_ms() > end)
			fail_msg("%zu files, not %zu", files_open(), n);
		usleep(10 * 1000);
	}
}

static void
assert_popular(const struct reply *r, size_t n)
{
	size_t len = strlen(FEED_PART);

	assert_int_equal(r->status, 200);
	assert_int_equal(r->body_len, (POPULAR_PARTS + n) * len);
	for (size_t i = 0; i < r->body_len; i += len)
		assert_memory_equal(r->body + i, FEED_PART, len);
	assert_string_equal(reply_header(r, "ETag"), FEED_TAG);
}

static void
ask_popular(size_t n)
{
	struct reply r;
	char path[32];

	snprintf(path, sizeof(path), "/popular/%zu", n);
	r = ask(&f, "GET", path, "");
	assert_popular(&r, n);
	reply_done(&r);
}

static void
test_all_get_the_same(void **state)
{
	struct reply first = ask(&f, "GET", "/popular/1", "");

	(void)state;
	assert_popular(&first, 1);
	await_files(0);
	for (int i = 0; files_open() == 0 && i < 1000; i++)
		ask_popular(1);
	assert_int_equal(files_open(), 1);
	for (int i = 0; i < 3; i++) {
		struct reply next = ask(&f, i == 1 ? "HEAD" : "GET",
			"/popular/1", "");

		if (i != 1)
			assert_popular(&next, 1);
		/* All but the date. */
		assert_string_equal(strstr(next.head, "\r\nX-"),
			strstr(first.head, "\r\nX-"));
		reply_done(&next);
	}
	reply_done(&first);
	/* Nobody asks any more. */
	await_files(0);
}

/* A body that waits for company in the socket would take 0.2 s each time. */
static void
test_nothing_waits_in_the_socket(void **state)
{
	static const char *const requests[] = {
		"GET /popular/2 HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET /hot HTTP/1.1\r\nHost: a\r\n\r\n",
		"HEAD /popular/2 HTTP/1.1\r\nHost: a\r\n\r\n",
	};
	int64_t begin = clock_mono_ms();
	int fd = client_connect(&f);

	(void)state;
	for (size_t i = 0; i < 60; i++) {
		struct reply r;

		send_bytes(fd, requests[i % 3]);
		r = reply_read(fd, i % 3 == 2);
		assert_int_equal(r.status, 200);
		if (i % 3 == 0)
			assert_popular(&r, 2);
		reply_done(&r);
	}
	close(fd);
	assert_true(clock_mono_ms() - begin < 60 / 3 * 200 / 2);
}

static void
test_pipelined(void **state)
{
	int fd = client_connect(&f);

	(void)state;
	for (size_t i = 0; i < 8; i++)
		send_bytes(fd, "GET /popular/3 HTTP/1.1\r\nHost: a\r\n\r\n");
	for (size_t i = 0; i < 8; i++) {
		struct reply r = reply_read(fd, false);

		assert_popular(&r, 3);
		reply_done(&r);
	}
	close(fd);
}

static void
test_files_are_few(void **state)
{
	size_t most = 0;

	(void)state;
	for (size_t n = 0; n < POPULAR; n++) {
		for (int i = 0; i < 3; i++)
			ask_popular(n);
		most = MAX(most, files_open());
	}
	assert_in_range(most, 1, FILES_MAX);
	await_files(0);
}

/* It does not read: more than buffers hold stays with the server. */
static int
slow_client(void)
{
	return client_send(&f, "GET /huge HTTP/1.1\r\nHost: a\r\n\r\n");
}

/* From now on /huge is in a file, as long as somebody asks for it. */
static void
move_huge(void)
{
	int64_t end = clock_mono_ms() + PATIENCE_MS;

	while (files_open() == 0) {
		struct reply r = ask(&f, "GET", "/huge", "");

		assert_int_equal(r.body_len, HUGE_PARTS * strlen(FEED_PART));
		reply_done(&r);
		assert_true(clock_mono_ms() < end);
	}
}

/* On a slow machine its place may be given away before it is asked for. */
static int
slow_client_of_a_file(void)
{
	for (int i = 0; i < 10; i++) {
		int fd;

		move_huge();
		fd = slow_client();
		/* Nobody else asks for it, and its place is given away. */
		usleep(4 * SWEEP_MS * 1000);
		if (files_open() == 1)
			return fd;
		close(fd);
	}
	fail_msg("no file, ten times");
	return -1;
}

static void
test_a_file_stays_while_it_is_sent(void **state)
{
	int fd = slow_client_of_a_file();
	struct reply r = reply_read(fd, false);

	(void)state;
	assert_int_equal(r.body_len, HUGE_PARTS * strlen(FEED_PART));
	reply_done(&r);
	close(fd);
	await_files(0);
}

static void
test_who_goes_away_takes_nothing_along(void **state)
{
	(void)state;
	move_huge();
	for (int i = 0; i < 20; i++) {
		int fd = slow_client();

		usleep(1000 * (i % 5));
		close(fd);
	}
	ask_popular(6);
	await_files(0);
}

static int
start(void **state)
{
	(void)state;
	fixture_init(&f);
	/* The server looks at all an eighth as often. */
	f.conf.header_ms = SWEEP_MS * 8;
	f.files = ".";
	fixture_start(&f);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	fixture_stop(&f);
	return files_open() == 0 ? 0 : -1;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_get_the_same),
		cmocka_unit_test(test_nothing_waits_in_the_socket),
		cmocka_unit_test(test_pipelined),
		cmocka_unit_test(test_files_are_few),
		cmocka_unit_test(test_a_file_stays_while_it_is_sent),
		cmocka_unit_test(test_who_goes_away_takes_nothing_along),
	};

	return cmocka_run_group_tests_name("serve_ready", tests, start, stop);
}
