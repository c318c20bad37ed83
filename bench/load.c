/*
 * Load: many connections to a server on loopback, one thread.
 *
 *     load run  PORT PATH CONNECTIONS SECONDS STATUS [HEADER...]
 *     load drip PORT PATH CONNECTIONS
 *     load idle PORT PATH CONNECTIONS
 *
 * "run" asks on every connection as soon as the last answer is whole, and
 * prints one line of JSON: answers, failures, connections made, bytes, and how
 * long an answer took (microseconds, from the first byte of the request).
 * "drip" sends a byte of a request a second on each connection and opens it
 * again when the server loses patience; "idle" asks once on each and rests.
 * Both say "ready" when all are open, and end when stdin does.
 *
 * 1. What has not the status that was asked for, or not the length that was
 *    promised, is a failure; so is a connection that ends inside an answer.
 * 2. A 304 has no body, whatever its Content-Length says (RFC 9112 6.3).
 * 3. A server that closes behind an answer is connected to again at once, and
 *    that takes part in the time of the next answer: it is what a reader waits.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "now.h"

enum {
	CONNECTIONS_MAX = 20000,
	SAMPLES_MAX = 8 * 1000 * 1000,
	HEAD_ROOM = 8 * 1024,
	EVENTS = 256,
	TURNS = 100,		/* of a second, for what is not in a hurry */
	TURN_MS = 1000 / TURNS,
};

struct client {
	int fd;
	double asked;		/* when, in us */
	size_t sent;		/* bytes of the request */
	size_t head;		/* bytes of the head that are there */
	size_t body_left;
	bool in_body, closes;
	char *bytes;		/* of the head */
};

struct load {
	struct sockaddr_in to;
	struct buf request;
	int status;		/* that every answer should have */
	int epoll;
	struct client *clients;
	size_t n;
	uint32_t *samples;	/* us */
	size_t answers, failures, connects;
	uint64_t bytes;
};

/* ---- one connection ---- */

static void
client_connect(struct load *l, struct client *c)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = c };
	int on = 1;

	fd_close(&c->fd);
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK(c->fd >= 0);
	if (connect(c->fd, (void *)&l->to, sizeof(l->to)) < 0) {
		perror("load: cannot connect");
		exit(1);
	}
	l->connects++;
	CHECK(setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on,
		sizeof(on)) == 0);
	CHECK(epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &ev) == 0);
	c->sent = 0;
}

/* A request fits into an empty socket buffer, so this does not block. */
static void
client_ask(struct load *l, struct client *c)
{
	c->asked = now_us();
	c->head = 0;
	c->in_body = c->closes = false;
	if (c->fd < 0)
		client_connect(l, c);
	if (send(c->fd, l->request.ptr, l->request.len, MSG_NOSIGNAL) < 0)
		fd_close(&c->fd);
}

static void
client_failed(struct load *l, struct client *c)
{
	l->failures++;
	fd_close(&c->fd);
	client_ask(l, c);
}

static void
client_answered(struct load *l, struct client *c)
{
	if (l->answers < SAMPLES_MAX)
		l->samples[l->answers] = (uint32_t)(now_us() - c->asked);
	l->answers++;
	if (c->closes)
		fd_close(&c->fd);
	client_ask(l, c);
}

/* The head is whole: false when it is not what was asked for. */
static bool
client_judge(struct load *l, struct client *c, size_t head_len)
{
	struct slice head = slice(c->bytes, head_len), line;
	int status = (int)slice_number(slice_sub(head, 9, 12), 999);

	c->body_left = 0;
	while (slice_next_line(&head, &line)) {
		if (slice_starts_nocase(line, S("Content-Length:")))
			c->body_left = (size_t)slice_number(slice_trim(
				slice_from(line, 15)), INT32_MAX);
		if (slice_eq_nocase(line, S("Connection: close")))
			c->closes = true;
	}
	if (status == 304)
		c->body_left = 0;
	c->in_body = true;
	return status == l->status;
}

/* False: the answer is not a right one. */
static bool
client_take(struct load *l, struct client *c, char *p, size_t len)
{
	size_t before = c->head, used;
	ssize_t end;

	if (c->in_body) {
		if (len > c->body_left)
			return false;
		c->body_left -= len;
		return true;
	}
	used = MIN(len, HEAD_ROOM - before);
	memcpy(c->bytes + before, p, used);
	c->head += used;
	end = slice_find(slice(c->bytes, c->head), S("\r\n\r\n"),
		before > 3 ? before - 3 : 0);
	if (end < 0)
		return c->head < HEAD_ROOM;
	used = (size_t)end + 4 - before;
	return client_judge(l, c, (size_t)end + 2) &&
		client_take(l, c, p + used, len - used);
}

static void
client_read(struct load *l, struct client *c)
{
	static char in[256 * 1024];
	ssize_t n = recv(c->fd, in, sizeof(in), MSG_DONTWAIT);

	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0 || !client_take(l, c, in, (size_t)n)) {
		client_failed(l, c);
		return;
	}
	l->bytes += (uint64_t)n;
	if (c->in_body && c->body_left == 0)
		client_answered(l, c);
}

/* ---- all of them ---- */

static int
compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static uint32_t
percentile(const struct load *l, double share)
{
	size_t n = MIN(l->answers, (size_t)SAMPLES_MAX);

	return n ? l->samples[(size_t)((double)(n - 1) * share)] : 0;
}

static int
load_run(struct load *l, int64_t seconds)
{
	struct epoll_event events[EVENTS];
	double from = now_us(), end = from + (double)seconds * 1e6;

	l->samples = x_malloc(SAMPLES_MAX * sizeof(*l->samples));
	for (size_t i = 0; i < l->n; i++)
		client_ask(l, &l->clients[i]);
	while (now_us() < end) {
		int n = epoll_wait(l->epoll, events, EVENTS, 1000);

		for (int i = 0; i < n; i++)
			client_read(l, events[i].data.ptr);
	}
	end = now_us();
	qsort(l->samples, MIN(l->answers, (size_t)SAMPLES_MAX),
		sizeof(*l->samples), compare);
	printf("{\"answers\": %zu, \"failures\": %zu, \"connects\": %zu, "
		"\"bytes\": %ju, \"seconds\": %.3f, \"p50\": %u, "
		"\"p99\": %u}\n", l->answers, l->failures, l->connects,
		(uintmax_t)l->bytes, (end - from) / 1e6, percentile(l, 0.5),
		percentile(l, 0.99));
	free(l->samples);
	return 0;
}

/* Until stdin ends: what the server sends is read, and closed is opened. */
static void
load_rest(struct load *l, void (*each_turn)(struct load *l))
{
	struct epoll_event events[EVENTS], in = { .events = EPOLLIN };
	double next = now_us();
	char bytes[4096];

	printf("ready\n");
	fflush(stdout);
	CHECK(epoll_ctl(l->epoll, EPOLL_CTL_ADD, STDIN_FILENO, &in) == 0);
	for (;;) {
		int n = epoll_wait(l->epoll, events, EVENTS, TURN_MS);

		for (int i = 0; i < n; i++) {
			struct client *c = events[i].data.ptr;

			if (!c)
				return;
			if (recv(c->fd, bytes, sizeof(bytes), 0) <= 0)
				client_connect(l, c);
		}
		if (each_turn && now_us() >= next) {
			each_turn(l);
			next += TURN_MS * 1e3;
		}
	}
}

/* A byte for every so-manieth of them, so that a second has each once. */
static void
drip(struct load *l)
{
	static size_t turn;

	for (size_t i = turn++ % TURNS; i < l->n; i += TURNS) {
		struct client *c = &l->clients[i];

		/* Never the whole request: its last byte stays here. */
		if (c->sent + 1 < l->request.len)
			(void)!send(c->fd, l->request.ptr + c->sent++, 1,
				MSG_NOSIGNAL);
	}
}

static int
load_drip(struct load *l)
{
	for (size_t i = 0; i < l->n; i++)
		client_connect(l, &l->clients[i]);
	load_rest(l, drip);
	return 0;
}

static int
load_idle(struct load *l)
{
	char bytes[4096];

	for (size_t i = 0; i < l->n; i++) {
		struct client *c = &l->clients[i];

		client_ask(l, c);
		if (recv(c->fd, bytes, sizeof(bytes), 0) <= 0)
			return 1;
	}
	load_rest(l, NULL);
	return 0;
}

static void
load_init(struct load *l, char **argv, int64_t port, int64_t n)
{
	l->to = (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	CHECK(l->epoll >= 0);
	buf_printf(&l->request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n",
		argv[3]);
	l->n = (size_t)n;
	l->clients = x_calloc(l->n, sizeof(*l->clients));
	for (size_t i = 0; i < l->n; i++) {
		l->clients[i].fd = -1;
		l->clients[i].bytes = x_malloc(HEAD_ROOM);
	}
}

int
main(int argc, char **argv)
{
	struct load l = { .request = BUF_INIT(64 * 1024) };
	int64_t port = argc > 4 ? slice_number(slice_str(argv[2]), 65535) : -1;
	int64_t n = argc > 4 ?
		slice_number(slice_str(argv[4]), CONNECTIONS_MAX) : -1;
	bool run = argc > 6 && !strcmp(argv[1], "run");

	if (port <= 0 || n <= 0 || (!run && argc != 5)) {
		fprintf(stderr, "usage: load run PORT PATH CONNECTIONS "
			"SECONDS STATUS [HEADER...]\n"
			"       load drip|idle PORT PATH CONNECTIONS\n");
		return 2;
	}
	load_init(&l, argv, port, n);
	for (int i = 7; i < argc; i++)
		buf_printf(&l.request, "%s\r\n", argv[i]);
	buf_put_str(&l.request, "\r\n");
	CHECK(buf_ok(&l.request));
	if (!run)
		return argv[1][0] == 'd' ? load_drip(&l) : load_idle(&l);
	l.status = (int)slice_number(slice_str(argv[6]), 999);
	return load_run(&l, slice_number(slice_str(argv[5]), 3600));
}
