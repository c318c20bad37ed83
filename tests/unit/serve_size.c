/*
 * Unit tests of serve/ over the wire: how large a request may be, in bytes and
 * in parts, and that whatever is too large is told so.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "serve/gate.h"
#include "serve_fixture.h"

static struct fixture f;

static void
refuse(const char *request, int status)
{
	int fd = client_send(&f, request);
	struct reply r = reply_read(fd, false);

	assert_int_equal(r.status, status);
	assert_true(is_closed_within(fd, 5000));
	reply_done(&r);
	close(fd);
}

static void
test_too_large(void **state)
{
	size_t room = 21 * 1024;
	char *request = x_calloc(1, room + 100);
	char *p = stpcpy(request, "GET /");

	(void)state;
	memset(p, 'a', room - 1024);
	refuse(strcat(request, " HTTP/1.1\r\nHost: a\r\n\r\n"), 414);

	p = stpcpy(request, "GET / HTTP/1.1\r\nHost: a\r\nX: ");
	memset(p, 'b', room - 1024);
	p[room - 1024] = '\0';
	refuse(strcat(request, "\r\n\r\n"), 431);

	p = stpcpy(request, "GET / HTTP/1.1\r\nHost: a\r\n");
	for (int i = 0; i < 200; i++)
		p = stpcpy(p, "X: y\r\n");
	refuse(strcat(request, "\r\n"), 431);
	free(request);
}

/* Whatever a head's size: an answer, never a closed door. */
static void
test_every_size_is_answered(void **state)
{
	char *request = x_calloc(1, 32 * 1024);

	(void)state;
	for (size_t size = 1024; size < HEAD_MEMORY - 1024; size += 253) {
		char *p = stpcpy(request, "GET /feed.atom HTTP/1.1\r\nHost: a"
			"\r\nConnection: close\r\nX: ");
		struct reply r;
		int fd;

		memset(p, 'c', size);
		memcpy(p + size, "\r\n\r\n", 5);
		fd = client_send(&f, request);
		r = reply_read(fd, false);
		if (r.status != (size < HEAD_MAX - 256 ? 200 : 431) &&
			!(r.status == 200 && size < HEAD_MAX))
			fail_msg("%zu bytes: %d", size, r.status);
		reply_done(&r);
		close(fd);
	}
	free(request);
}

/* What the library cuts apart costs memory as well, more than it has bytes. */
static void
test_many_parts(void **state)
{
	static const struct {
		const char *begin, *part;
	} cases[] = {
		{ "GET /plain?a=b", "&c=d" },
		{ "GET /plain HTTP/1.1\r\nCookie: a=b", "; c=d" },
	};
	char *request = x_calloc(1, 8 * 1024);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		for (int parts = 1; parts < 60; parts += 8) {
			char *p = stpcpy(request, cases[i].begin);
			struct reply r;
			int fd;

			for (int k = 0; k < parts; k++)
				p = stpcpy(p, cases[i].part);
			stpcpy(p, i ? "\r\nHost: a\r\n\r\n" :
				" HTTP/1.1\r\nHost: a\r\n\r\n");
			fd = client_send(&f, request);
			r = reply_read(fd, false);
			if (r.status != 200)
				fail_msg("%zu, %d parts: %d", i, parts,
					r.status);
			reply_done(&r);
			close(fd);
		}
	}
	free(request);
}

/* A large head in small pieces is still in one piece for the gate. */
static void
test_large_head_in_pieces(void **state)
{
	int fd = client_send(&f, "GET /plain?");
	struct reply r;

	(void)state;
	for (int i = 0; i < 8; i++) {
		send_bytes(fd, "a=b&c=d%20e&f");
		usleep(1000);
	}
	send_bytes(fd, " HTTP/1.1\r\nHost: a\r\nCookie: a=b; c=d\r\n");
	for (int i = 0; i < 30; i++) {
		send_bytes(fd, "X-Some-Header: and a value of middling length, "
			"as they are\r");
		usleep(1000);
		send_bytes(fd, "\n");
	}
	send_bytes(fd, "\r\n");
	r = reply_read(fd, false);
	assert_int_equal(r.status, 200);
	reply_done(&r);
	close(fd);
}

static int
start(void **state)
{
	(void)state;
	fixture_init(&f);
	fixture_start(&f);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	fixture_stop(&f);
	return 0;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_every_size_is_answered),
		cmocka_unit_test(test_many_parts),
		cmocka_unit_test(test_large_head_in_pieces),
	};

	return cmocka_run_group_tests_name("serve_size", tests, start, stop);
}
