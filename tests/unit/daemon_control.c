/*
 * The control socket, with clients that do what clients do: ask at once or in
 * pieces, stop in the middle, ask too much, never read, go away.
 *
 * The loop and the clients share one thread: turn() lets the loop run until
 * nothing happens any more.
 */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "daemon/control.h"

enum { BIG = 4 * 1024 * 1024 };

struct fixture {
	struct ev_loop *loop;
	struct control *control;
	char dir[32];
	char path[64];
	struct control_request *kept;	/* by the verb "keep" */
	unsigned asked;
};

static void
on_request(void *ctx, struct control_request *r, const char *verb,
	json_t *args)
{
	struct fixture *f = ctx;
	struct err e;
	char *big;

	f->asked++;
	if (slice_eq(slice_str(verb), S("echo"))) {
		control_answer(r, json_pack("{s:O}", "args", args));
	} else if (slice_eq(slice_str(verb), S("keep"))) {
		f->kept = r;
	} else if (slice_eq(slice_str(verb), S("big"))) {
		big = x_malloc(BIG);
		memset(big, 'x', BIG);
		control_answer(r, json_pack("{s:s#}", "big", big, BIG));
		free(big);
	} else if (slice_eq(slice_str(verb), S("sick"))) {
		control_answer(r, json_pack("{s:b}", "ok", 0));
	} else {
		err_set(&e, ERR_MISSING, "no such thing");
		err_hint(&e, "Try \"echo\".");
		control_fail(r, CONTROL_NOT_FOUND, &e);
	}
}

static const struct control_ops ops = { .request = on_request };

static int
setup(void **state)
{
	struct fixture *f = x_calloc(1, sizeof(*f));
	struct err e;

	memcpy(f->dir, S("/tmp/gazetted-XXXXXX").ptr, 21);
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->path, sizeof(f->path), "%s/run/control.sock", f->dir);
	f->loop = ev_loop_new(EVFLAG_AUTO);
	assert_int_equal(control_new(f->loop, f->path, &ops, f, &f->control,
		&e), 0);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;
	char run[64];

	control_free(f->control);
	assert_int_equal(access(f->path, F_OK), -1);
	snprintf(run, sizeof(run), "%s/run", f->dir);
	assert_int_equal(rmdir(run), 0);
	assert_int_equal(rmdir(f->dir), 0);
	ev_loop_destroy(f->loop);
	free(f);
	return 0;
}

static void
turn(struct fixture *f)
{
	for (int i = 0; i < 300; i++)
		ev_run(f->loop, EVRUN_NOWAIT);
}

/* Let seconds pass for timers that nobody has touched meanwhile. */
static void
wait_for(struct fixture *f, double seconds)
{
	int64_t end = clock_mono_ms() + (int64_t)(seconds * 1000);

	while (clock_mono_ms() < end) {
		ev_run(f->loop, EVRUN_NOWAIT);
		poll(NULL, 0, 10);
	}
}

static int
client(struct fixture *f)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(un.sun_path, sizeof(un.sun_path), "%s", f->path);
	assert_int_equal(connect(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	return fd;
}

static void
say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL),
		strlen(text));
}

/* All that the server sends until it closes. */
static json_t *
hear(struct fixture *f, int fd)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(2 * BIG);
	json_t *answer;
	ssize_t n = -1;
	char *p;

	for (int i = 0; n != 0 && i < 10000; i++) {
		ev_run(f->loop, EVRUN_NOWAIT);
		p = buf_reserve(&b, 65536);
		n = recv(fd, p, 65536, MSG_DONTWAIT);
		if (n < 0 && errno != EAGAIN && errno != ECONNRESET)
			fail_msg("recv: %d", errno);
		if (n > 0)
			buf_commit(&b, (size_t)n);
	}
	assert_int_equal(n, 0);
	close(fd);
	if (b.len == 0)
		return NULL;
	assert_int_equal(b.ptr[b.len - 1], '\n');
	answer = json_loadb(b.ptr, b.len, 0, NULL);
	assert_non_null(answer);
	return answer;
}

static void
assert_refused(struct fixture *f, int fd, int code, const char *error)
{
	json_t *a = hear(f, fd);

	assert_true(json_is_false(json_object_get(a, "ok")));
	assert_int_equal(json_integer_value(json_object_get(a, "code")),
		code);
	assert_string_equal(json_string_value(json_object_get(a, "error")),
		error);
	assert_non_null(json_object_get(a, "hint"));
	json_decref(a);
}

/* A plain request, to see that the server still does what it is for. */
static void
assert_serves(struct fixture *f)
{
	int fd = client(f);
	json_t *a;

	say(fd, "{\"verb\":\"echo\",\"path\":\"新闻/a.txt\"}\n");
	a = hear(f, fd);
	assert_true(json_is_true(json_object_get(a, "ok")));
	assert_string_equal(json_string_value(json_object_get(
		json_object_get(a, "args"), "path")), "新闻/a.txt");
	json_decref(a);
}

static void
test_round_trip(void **state)
{
	struct fixture *f = *state;
	struct stat st;
	int fd;

	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
	assert_serves(f);
	fd = client(f);
	say(fd, "{\"verb\":\"nonsense\"}\n");
	assert_refused(f, fd, CONTROL_NOT_FOUND, "no such thing");
}

static void
test_own_ok_stays(void **state)
{
	struct fixture *f = *state;
	int fd = client(f);
	json_t *a;

	say(fd, "{\"verb\":\"sick\"}\n");
	a = hear(f, fd);
	assert_true(json_is_false(json_object_get(a, "ok")));
	json_decref(a);
}

static void
test_byte_by_byte(void **state)
{
	static const char text[] = "{\"verb\":\"echo\"}\n";
	struct fixture *f = *state;
	int fd = client(f);
	json_t *a;

	for (size_t i = 0; text[i]; i++) {
		assert_int_equal(f->asked, 0);
		assert_int_equal(send(fd, text + i, 1, 0), 1);
		turn(f);
	}
	assert_int_equal(f->asked, 1);
	a = hear(f, fd);
	assert_true(json_is_true(json_object_get(a, "ok")));
	json_decref(a);
}

/* Who has nothing more to say may still listen (as netcat does). */
static void
test_half_closed(void **state)
{
	struct fixture *f = *state;
	int fd = client(f);
	json_t *a;

	say(fd, "{\"verb\":\"echo\"}\n");
	assert_int_equal(shutdown(fd, SHUT_WR), 0);
	turn(f);
	a = hear(f, fd);
	assert_true(json_is_true(json_object_get(a, "ok")));
	json_decref(a);
}

static void
test_not_a_request(void **state)
{
	static const char *const texts[] = { "\n", "status\n", "[]\n", "{}\n",
		"{\"verb\":1}\n", "{\"verb\":\"echo\"\n",
		"{\"verb\":\"echo\",\"verb\":\"echo\"}\n",
		"{\"verb\":\"\xff\"}\n",
	};
	struct fixture *f = *state;
	int fd;

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		fd = client(f);
		say(fd, texts[i]);
		assert_refused(f, fd, CONTROL_USAGE,
			"the request is not an object with a \"verb\"");
	}
	assert_int_equal(f->asked, 0);
	assert_serves(f);
}

static void
test_too_long(void **state)
{
	struct fixture *f = *state;
	int fd = client(f);
	char text[4097];

	memset(text, ' ', 4096);
	text[4096] = '\0';
	for (int i = 0; i <= CONTROL_REQUEST_MAX / 4096; i++) {
		say(fd, text);
		turn(f);
	}
	assert_refused(f, fd, CONTROL_USAGE, "the request is too long");
	assert_serves(f);
}

static void
test_answered_later(void **state)
{
	struct fixture *f = *state;
	int fd = client(f);
	json_t *a;

	say(fd, "{\"verb\":\"keep\"}\n");
	turn(f);
	assert_non_null(f->kept);
	assert_serves(f);
	control_answer(f->kept, json_pack("{s:i}", "late", 1));
	a = hear(f, fd);
	assert_int_equal(json_integer_value(json_object_get(a, "late")), 1);
	json_decref(a);
}

static void
test_client_goes_away(void **state)
{
	struct fixture *f = *state;
	struct err e;
	int fd = client(f);

	say(fd, "{\"verb\":\"ke");
	turn(f);
	close(fd);
	fd = client(f);
	say(fd, "{\"verb\":\"keep\"}\n");
	turn(f);
	close(fd);
	turn(f);
	err_set(&e, ERR_IO, "too late");
	control_fail(f->kept, CONTROL_FAILED, &e);
	fd = client(f);
	say(fd, "{\"verb\":\"big\"}\n");
	turn(f);
	close(fd);
	turn(f);
	assert_serves(f);
}

static void
test_big_answer(void **state)
{
	struct fixture *f = *state;
	int fd = client(f);
	json_t *a;

	say(fd, "{\"verb\":\"big\"}\n");
	turn(f);
	a = hear(f, fd);
	assert_int_equal(json_string_length(json_object_get(a, "big")), BIG);
	json_decref(a);
}

/* A full house waits in the kernel's queue, and is served in the end. */
static void
test_too_many_clients(void **state)
{
	struct fixture *f = *state;
	int fds[CONTROL_CLIENTS_MAX], late;
	json_t *a;

	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++)
		fds[i] = client(f);
	turn(f);
	late = client(f);
	say(late, "{\"verb\":\"echo\"}\n");
	turn(f);
	assert_int_equal(f->asked, 0);
	close(fds[0]);
	a = hear(f, late);
	assert_true(json_is_true(json_object_get(a, "ok")));
	json_decref(a);
	for (size_t i = 1; i < CONTROL_CLIENTS_MAX; i++)
		close(fds[i]);
	turn(f);
}

/* Neither who drips nor who never reads stays for longer than the deadline. */
static void
test_deadlines(void **state)
{
	struct fixture *f = *state;
	int silent = client(f), deaf = client(f), dripping = client(f);
	char byte;

	say(deaf, "{\"verb\":\"big\"}\n");
	turn(f);
	say(dripping, "{");
	wait_for(f, CONTROL_DEADLINE_S / 2.);
	say(dripping, " ");
	wait_for(f, CONTROL_DEADLINE_S / 2. + 0.5);
	assert_int_equal(recv(silent, &byte, 1, MSG_DONTWAIT), 0);
	assert_int_equal(recv(dripping, &byte, 1, MSG_DONTWAIT), 0);
	assert_int_equal(send(deaf, "x", 1, MSG_NOSIGNAL), -1);
	close(silent);
	close(dripping);
	close(deaf);
	assert_serves(f);
}

/* The daemon ends while somebody's request is in the pool. */
static void
test_freed_with_a_request(void **state)
{
	struct fixture *f = *state;
	int asking = client(f), silent = client(f);
	struct control_request *kept;

	say(asking, "{\"verb\":\"keep\"}\n");
	turn(f);
	kept = f->kept;
	control_free(TAKE(f->control));
	control_answer(kept, json_object());
	assert_null(hear(f, asking));
	assert_null(hear(f, silent));
}

static void
test_one_daemon_a_socket(void **state)
{
	struct fixture *f = *state;
	struct control *second = NULL;
	char path[96];
	struct err e;

	assert_int_equal(control_new(f->loop, f->path, &ops, f, &second, &e),
		-1);
	assert_int_equal(e.kind, ERR_BUSY);
	assert_true(e.hint[0]);
	/* The refused one must not have removed the other's. */
	assert_serves(f);
	snprintf(path, sizeof(path), "%s/run", f->dir);
	assert_int_equal(control_new(f->loop, path, &ops, f, &second, &e),
		-1);
	assert_int_equal(e.kind, ERR_CONFIG);
}

static void
test_stale_socket(void **state)
{
	struct fixture *f = *state;
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct err e;

	/* As after a kill -9: the name is there, and nobody listens. */
	control_free(TAKE(f->control));
	snprintf(un.sun_path, sizeof(un.sun_path), "%s", f->path);
	assert_int_equal(bind(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	close(fd);
	assert_int_equal(access(f->path, F_OK), 0);
	assert_int_equal(control_new(f->loop, f->path, &ops, f, &f->control,
		&e), 0);
	assert_serves(f);
}

static void
test_path_too_long(void **state)
{
	struct fixture *f = *state;
	char path[256];
	struct control *second;
	struct err e;

	memset(path, 'x', sizeof(path) - 1);
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(control_new(f->loop, path, &ops, f, &second, &e),
		-1);
	assert_int_equal(e.kind, ERR_LIMIT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_round_trip),
		TEST(test_own_ok_stays),
		TEST(test_byte_by_byte),
		TEST(test_half_closed),
		TEST(test_not_a_request),
		TEST(test_too_long),
		TEST(test_answered_later),
		TEST(test_client_goes_away),
		TEST(test_big_answer),
		TEST(test_too_many_clients),
		TEST(test_deadlines),
		TEST(test_freed_with_a_request),
		TEST(test_one_daemon_a_socket),
		TEST(test_stale_socket),
		TEST(test_path_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
