/*
 * Unit tests of serve/: deadlines, caps, late answers, clients that vanish.
 *
 * Deadlines are short here; a test waits for what must happen, and the waits
 * for what must not are shorter than any deadline.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "serve_fixture.h"

enum { SHORT_MS = 400, PATIENCE_MS = 15000 };

static int
start(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	fixture_init(f);
	*state = f;
	return 0;
}

static int
stop(void **state)
{
	free(*state);
	return 0;
}

static void
test_silent_client(void **state)
{
	struct fixture *f = *state;
	int64_t begin;
	int fd;

	f->conf.header_ms = SHORT_MS;
	fixture_start(f);
	begin = clock_mono_ms();
	fd = client_connect(f);
	assert_true(is_closed_within(fd, PATIENCE_MS));
	assert_true(clock_mono_ms() - begin >= SHORT_MS);
	close(fd);
	fixture_stop(f);
}

/* Each byte comes in time; the head does not. */
static void
test_slow_header(void **state)
{
	static const char head[] = "GET /plain HTTP/1.1\r\nHost: a\r\nX: ";
	struct fixture *f = *state;
	bool closed = false;
	int fd;

	f->conf.header_ms = SHORT_MS;
	fixture_start(f);
	fd = client_connect(f);
	for (int i = 0; i < 1000 && !closed; i++) {
		char byte[2] = { (size_t)i < strlen(head) ? head[i] : 'x' };

		send_bytes(fd, byte);
		closed = is_closed_within(fd, SHORT_MS / 20);
	}
	assert_true(closed);
	assert_int_equal(f->asked, 0);
	close(fd);
	fixture_stop(f);
}

static void
test_idle_connection(void **state)
{
	struct fixture *f = *state;
	struct reply r;
	int fd;

	f->conf.idle_ms = SHORT_MS;
	fixture_start(f);
	fd = client_connect(f);
	for (int i = 0; i < 3; i++) {
		/* It may rest for less than the deadline, again and again. */
		send_bytes(fd, "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
		r = reply_read(fd, false);
		assert_int_equal(r.status, 200);
		reply_done(&r);
		usleep(SHORT_MS / 4 * 1000);
	}
	assert_true(is_closed_within(fd, PATIENCE_MS));
	close(fd);
	fixture_stop(f);
}

static void
test_client_that_never_reads(void **state)
{
	struct fixture *f = *state;
	int64_t begin;
	int fd;

	f->conf.send_ms = SHORT_MS;
	fixture_start(f);
	fd = client_send(f, "GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
	begin = clock_mono_ms();
	/* What the socket buffers hold is all that ever arrives. */
	while (!f->asked || atomic_load(&f->connections) > 0) {
		assert_true(clock_mono_ms() - begin < PATIENCE_MS);
		usleep(20 * 1000);
	}
	close(fd);
	fixture_stop(f);
}

/* Slow, but steadily more than 1 KB a second: it gets all of it. */
static void
test_client_that_reads_slowly(void **state)
{
	struct fixture *f = *state;
	int small = 64 * 1024, fd;
	size_t have = 0;
	char *bytes = x_malloc(BIG_BODY / 32);
	ssize_t n;

	f->conf.send_ms = SHORT_MS;
	fixture_start(f);
	fd = client_connect(f);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small,
		sizeof(small)), 0);
	send_bytes(fd, "GET /big HTTP/1.0\r\n\r\n");
	while ((n = recv(fd, bytes, BIG_BODY / 32, 0)) > 0) {
		have += (size_t)n;
		if (have < BIG_BODY / 4)
			usleep(SHORT_MS / 20 * 1000);
	}
	assert_int_equal(n, 0);
	assert_true(have > BIG_BODY);
	free(bytes);
	close(fd);
	fixture_stop(f);
}

static void
test_owner_that_never_answers(void **state)
{
	struct fixture *f = *state;
	struct reply r;

	f->conf.send_ms = SHORT_MS;
	fixture_start(f);
	r = ask(f, "GET", "/never", "");
	assert_int_equal(r.status, 503);
	assert_string_equal(reply_header(&r, "Retry-After"), "30");
	reply_done(&r);
	fixture_stop(f);
	assert_int_equal(f->n_kept, 1);
}

static void
test_late_answers(void **state)
{
	enum { MANY = 20 };
	struct fixture *f = *state;
	int fds[MANY];

	fixture_start(f);
	for (int i = 0; i < MANY; i++)
		fds[i] = client_send(f, i % 2 ?
			"GET /late HTTP/1.1\r\nHost: a\r\n\r\n" :
			"GET /late HTTP/1.1\r\nHost: a\r\n"
			"If-None-Match: " FEED_TAG "\r\n\r\n");
	for (int i = 0; i < MANY; i++) {
		struct reply r = reply_read(fds[i], false);

		assert_int_equal(r.status, i % 2 ? 200 : 304);
		reply_done(&r);
		close(fds[i]);
	}
	fixture_stop(f);
}

static void
test_client_gone_before_the_answer(void **state)
{
	struct fixture *f = *state;
	struct reply r;

	fixture_start(f);
	for (int i = 0; i < 10; i++) {
		int fd = client_send(f,
			"GET /late HTTP/1.1\r\nHost: a\r\n\r\n");

		/* Half of them in the rudest way. */
		if (i % 2)
			assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER,
				&(struct linger){ 1, 0 },
				sizeof(struct linger)), 0);
		usleep(1000);
		close(fd);
	}
	r = ask(f, "GET", "/late", "");
	assert_int_equal(r.status, 200);
	reply_done(&r);
	fixture_stop(f);
}

/* The server ends first; the fixture answers what it kept to nobody. */
static void
test_server_gone_before_the_answer(void **state)
{
	struct fixture *f = *state;
	int fds[3];

	fixture_start(f);
	fds[0] = client_send(f, "GET /never HTTP/1.1\r\nHost: a\r\n\r\n");
	fds[1] = client_send(f, "GET /never HTTP/1.1\r\nHost: a\r\n\r\n");
	fds[2] = client_send(f, "GET /late HTTP/1.1\r\nHost: a\r\n\r\n");
	while (f->asked < 3)
		usleep(1000);
	fixture_stop(f);
	assert_int_equal(f->n_kept, 2);
	for (size_t i = 0; i < COUNT_OF(fds); i++) {
		assert_true(is_closed_within(fds[i], PATIENCE_MS));
		close(fds[i]);
	}
}

/* Fill a cap, see the next one refused at once and the old ones unharmed. */
static void
check_cap(struct fixture *f, int cap, const char *limit)
{
	int fds[8];

	fixture_start(f);
	for (int i = 0; i < cap; i++) {
		struct reply r;

		fds[i] = client_send(f, "GET /plain HTTP/1.1\r\nHost: a\r\n"
			"\r\n");
		r = reply_read(fds[i], false);
		assert_int_equal(r.status, 200);
		reply_done(&r);
	}
	for (int i = 0; i < 3; i++) {
		int fd = client_connect(f);

		assert_true(is_closed_within(fd, PATIENCE_MS));
		close(fd);
	}
	for (int i = 0; i < cap; i++) {
		struct reply r;

		send_bytes(fds[i], "GET /plain HTTP/1.1\r\nHost: a\r\n"
			"Connection: close\r\n\r\n");
		r = reply_read(fds[i], false);
		assert_int_equal(r.status, 200);
		reply_done(&r);
		assert_true(is_closed_within(fds[i], PATIENCE_MS));
		close(fds[i]);
	}
	fds[0] = client_send(f, "GET /plain HTTP/1.0\r\n\r\n");
	assert_true(is_closed_within(fds[0], PATIENCE_MS));
	close(fds[0]);
	fixture_stop(f);
	assert_string_equal(f->limit, limit);
	assert_int_equal(f->status.refused, 3);
	assert_int_equal(f->status.requests, 2 * cap + 1);
}

static void
test_cap_in_total(void **state)
{
	struct fixture *f = *state;

	f->conf.max_connections = 5;
	check_cap(f, 5, "max-connections");
}

static void
test_cap_per_address(void **state)
{
	struct fixture *f = *state;

	f->conf.max_per_address = 2;
	check_cap(f, 2, "max-per-address, by 127.0.0.1");
}

/* The library complains of what clients do; that is told, but not often. */
static void
test_complaints_are_passed_on(void **state)
{
	struct fixture *f = *state;

	fixture_start(f);
	for (int i = 0; i < 3; i++) {
		struct reply r;
		int fd = client_send(f, "GET / HTTP/9.9\r\n\r\n");

		r = reply_read(fd, false);
		assert_int_equal(r.status, 505);
		reply_done(&r);
		close(fd);
	}
	fixture_stop(f);
	assert_true(strlen(f->complaint) > 0);
	assert_null(strchr(f->complaint, '\n'));
}

#define LIMIT_TEST(test) cmocka_unit_test_setup_teardown(test, start, stop)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		LIMIT_TEST(test_silent_client),
		LIMIT_TEST(test_slow_header),
		LIMIT_TEST(test_idle_connection),
		LIMIT_TEST(test_client_that_never_reads),
		LIMIT_TEST(test_client_that_reads_slowly),
		LIMIT_TEST(test_owner_that_never_answers),
		LIMIT_TEST(test_late_answers),
		LIMIT_TEST(test_client_gone_before_the_answer),
		LIMIT_TEST(test_server_gone_before_the_answer),
		LIMIT_TEST(test_cap_in_total),
		LIMIT_TEST(test_cap_per_address),
		LIMIT_TEST(test_complaints_are_passed_on),
	};

	return cmocka_run_group_tests_name("serve_limits", tests, NULL, NULL);
}
