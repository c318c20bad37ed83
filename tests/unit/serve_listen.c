/*
 * Unit tests of serve/listen: addresses, unix sockets, sockets handed over.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"
#include "serve/listen.h"
#include "serve_fixture.h"

static char dir[] = "/tmp/gazetted-listen-XXXXXX";
static char path[64], address[80];

static struct serve_conf
listen_on(const char *where, struct slice *room)
{
	*room = slice_str(where);
	return (struct serve_conf){ .listen = room, .n_listen = 1 };
}

static int
try_listen(const char *where, struct listener **ret, size_t *ret_n,
	struct err *e)
{
	struct slice room;
	struct serve_conf c = listen_on(where, &room);

	return listen_open(&c, ret, ret_n, e);
}

static void
test_addresses(void **state)
{
	static const struct {
		const char *where, *name;	/* its beginning */
	} cases[] = {
		{ "127.0.0.1:0", "http://127.0.0.1:" },
		{ "[::1]:0", "http://[::1]:" },
		{ "0.0.0.0:0", "http://0.0.0.0:" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct err e = { 0 };
		struct listener *l;
		size_t n;

		if (try_listen(cases[i].where, &l, &n, &e) < 0)
			fail_msg("%s", e.text);
		assert_int_equal(n, 1);
		assert_true(slice_starts(slice_str(l->name),
			slice_str(cases[i].name)));
		assert_true(slice_ends(slice_str(l->name), S("/")));
		listen_close(l, n);
	}
}

static void
test_broken_addresses(void **state)
{
	static const char *const cases[] = { "", "8080", ":8080", "127.0.0.1",
		"127.0.0.1:", "127.0.0.1:http", "127.0.0.1:65536", "::1:80",
		"[]:80", "300.0.0.1:80", "192.0.2.1:0", "unix:",
		"unix:/nonexistent-directory/socket",
		"unix:/an/address/that/is/longer/than/the/one/hundred/and/"
		"seven/bytes/that/the/kernel/has/room/for/in/its/structure/"
		"for/it" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct err e = { 0 };
		struct listener *l;
		size_t n;

		assert_int_equal(try_listen(cases[i], &l, &n, &e), -1);
		assert_non_null(strstr(e.text, "cannot listen on"));
		assert_non_null(strstr(e.text, cases[i]));
	}
}

static void
test_taken_port(void **state)
{
	struct listener *l, *again;
	struct err e = { 0 };
	char where[64], hint[64];
	size_t n, m;
	int port;

	(void)state;
	assert_int_equal(try_listen("127.0.0.1:0", &l, &n, &e), 0);
	port = (int)strtol(strrchr(l->name, ':') + 1, NULL, 10);
	snprintf(where, sizeof(where), "127.0.0.1:%d", port);
	snprintf(hint, sizeof(hint), "sport = :%d", port);
	assert_int_equal(try_listen(where, &again, &m, &e), -1);
	assert_non_null(strstr(e.text, where));
	assert_non_null(strstr(e.text, "Address already in use"));
	assert_non_null(strstr(e.hint, hint));
	listen_close(l, n);
	/* Free again at once. */
	assert_int_equal(try_listen(where, &again, &m, &e), 0);
	listen_close(again, m);
}

/* One that works and one that does not: the first is closed again. */
static void
test_second_fails(void **state)
{
	struct slice where[2] = { slice_str(address), S("nowhere") };
	struct serve_conf c = { .listen = where, .n_listen = 2 };
	struct err e = { 0 };
	struct listener *l;
	size_t n;

	(void)state;
	assert_int_equal(listen_open(&c, &l, &n, &e), -1);
	assert_non_null(strstr(e.text, "nowhere"));
	assert_non_null(strstr(e.hint, "127.0.0.1:8080"));
	assert_int_equal(access(path, F_OK), -1);
	c.n_listen = 0;
	assert_int_equal(listen_open(&c, &l, &n, &e), -1);
}

static int
connect_unix(void)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", path);
	assert_int_equal(connect(fd, (struct sockaddr *)&sun, sizeof(sun)),
		0);
	return fd;
}

/* Two listeners, and the caps per address do not count on the second. */
static void
test_unix_socket(void **state)
{
	struct slice where[2] = { S("127.0.0.1:0"), slice_str(address) };
	struct fixture f;
	struct stat st;
	int fds[3];

	(void)state;
	fixture_init(&f);
	f.conf.listen = where;
	f.conf.n_listen = 2;
	f.conf.max_per_address = 1;
	fixture_start(&f);
	assert_string_equal(serve_address(f.serve, 1), address);
	assert_null(serve_address(f.serve, 2));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0666);
	for (size_t i = 0; i < COUNT_OF(fds); i++) {
		struct reply r;

		fds[i] = connect_unix();
		send_bytes(fds[i], "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
		r = reply_read(fds[i], false);
		assert_int_equal(r.status, 200);
		reply_done(&r);
	}
	for (size_t i = 0; i < COUNT_OF(fds); i++)
		close(fds[i]);
	fixture_stop(&f);
	assert_int_equal(access(path, F_OK), -1);
}

static void
test_stale_unix_socket(void **state)
{
	struct listener *l, *again;
	struct err e = { 0 };
	size_t n, m;

	(void)state;
	assert_int_equal(try_listen(address, &l, &n, &e), 0);
	/* Somebody listens there: hands off. */
	assert_int_equal(try_listen(address, &again, &m, &e), -1);
	assert_non_null(strstr(e.text, "another program answers"));
	assert_true(strlen(e.hint) > 0);
	/* As after a crash: the file is there, nobody answers. */
	fd_close(&l->fd);
	assert_int_equal(access(path, F_OK), 0);
	if (try_listen(address, &again, &m, &e) < 0)
		fail_msg("%s", e.text);
	/* The first one's end does not remove what is the second's now. */
	listen_close(l, n);
	assert_int_equal(access(path, F_OK), 0);
	listen_close(again, m);
	assert_int_equal(access(path, F_OK), -1);
}

static void
test_file_in_the_way(void **state)
{
	struct listener *l;
	struct err e = { 0 };
	size_t n;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(try_listen(address, &l, &n, &e), -1);
	assert_non_null(strstr(e.text, "is not a socket"));
	assert_int_equal(unlink(path), 0);
}

/* As the service manager does: descriptors from 3 on, told in variables. */
static void
hand_over(int fd, const char *name)
{
	char pid[32];

	assert_true(dup2(fd, 3) == 3);
	snprintf(pid, sizeof(pid), "%ld", (long)getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", "1", 1);
	setenv("LISTEN_FDNAMES", name, 1);
}

static void
test_inherited(void **state)
{
	struct listener *outer, *l;
	struct err e = { 0 };
	size_t n, m;

	(void)state;
	assert_int_equal(try_listen("127.0.0.1:0", &outer, &n, &e), 0);
	hand_over(outer->fd, "http");
	for (int i = 0; i < 2; i++) {
		/* Instead of the configured one, and again after an end. */
		assert_int_equal(try_listen("nowhere", &l, &m, &e), 0);
		assert_int_equal(m, 1);
		assert_string_equal(l->name, outer->name);
		listen_close(l, m);
	}
	hand_over(outer->fd, "control");
	assert_int_equal(try_listen("nowhere", &l, &m, &e), -1);
	hand_over(STDERR_FILENO, "http");
	assert_int_equal(try_listen("nowhere", &l, &m, &e), -1);
	assert_non_null(strstr(e.text, "not a listening stream socket"));
	unsetenv("LISTEN_PID");
	listen_close(outer, n);
	/* Descriptor 3 stays reserved. */
	assert_true(dup2(STDERR_FILENO, 3) == 3);
}

static int
make_dir(void **state)
{
	(void)state;
	/* So that nothing else of this process gets descriptor 3. */
	assert_true(fcntl(3, F_GETFD) >= 0 || dup2(STDERR_FILENO, 3) == 3);
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/socket", dir);
	snprintf(address, sizeof(address), "unix:%s", path);
	return 0;
}

static int
remove_dir(void **state)
{
	(void)state;
	return rmdir(dir);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_broken_addresses),
		cmocka_unit_test(test_taken_port),
		cmocka_unit_test(test_second_fails),
		cmocka_unit_test(test_unix_socket),
		cmocka_unit_test(test_stale_unix_socket),
		cmocka_unit_test(test_file_in_the_way),
		cmocka_unit_test(test_inherited),
	};

	return cmocka_run_group_tests_name("serve_listen", tests, make_dir,
		remove_dir);
}
