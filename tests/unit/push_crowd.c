/*
 * A crowd of subscribers: one thread that answers for all of them.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "push_crowd.h"

enum {
	CONNS_MAX = 4096, READ_MAX = 64 * 1024, SLOW_US = 1500 * 1000,
	TARDY_US = 500 * 1000,
	WAIT_MS = 20, EVENTS = 64,
};

struct conn {
	char *bytes;		/* NULL: not in use */
	size_t len;
	enum manner endless;	/* MANNER_FINE: it is not */
	int64_t answer_at;	/* 0: nothing waits */
};

struct crowd_thread {
	pthread_t id;
	int listener, poll;
	atomic_bool stop;
	struct conn conns[CONNS_MAX];	/* by descriptor */
};

static const char fine[] =
	"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

int64_t
crowd_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void
hang_up(struct crowd_thread *t, int fd)
{
	free(t->conns[fd].bytes);
	t->conns[fd] = (struct conn){ 0 };
	close(fd);
}

static void
say(int fd, const char *text)
{
	/* What is said is short: it fits, or the other side is gone. */
	if (send(fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return;
}

static void
watch(struct crowd_thread *t, int fd, unsigned events)
{
	struct epoll_event ev = { .events = events, .data.fd = fd };

	epoll_ctl(t->poll, EPOLL_CTL_MOD, fd, &ev);
}

static void
answer(struct crowd *c, int fd, size_t id)
{
	struct crowd_thread *t = c->thread;
	struct conn *k = &t->conns[fd];
	char text[200];

	switch ((enum manner)c->members[id].manner) {
	case MANNER_FINE:
		say(fd, fine);
		break;
	case MANNER_GONE:
		say(fd, "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n");
		break;
	case MANNER_FAILS:
		say(fd, "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
		break;
	case MANNER_LATER:
		say(fd, "HTTP/1.1 503 No\r\nRetry-After: 1000\r\n"
			"Content-Length: 0\r\n\r\n");
		break;
	case MANNER_MOVED:
		snprintf(text, sizeof(text), "HTTP/1.1 302 Found\r\n"
			"Location: http://127.0.0.1:%u/%zu\r\n"
			"Content-Length: 0\r\n\r\n", c->port, id - 1);
		say(fd, text);
		break;
	case MANNER_SLOW:
		k->answer_at = crowd_now_us() + SLOW_US;
		break;
	case MANNER_TARDY:
		k->answer_at = crowd_now_us() + TARDY_US;
		break;
	case MANNER_SILENT:
		break;
	case MANNER_ENDLESS:
		say(fd, "HTTP/1.1 200 OK\r\n\r\n");
		k->endless = MANNER_ENDLESS;
		watch(t, fd, EPOLLOUT);
		break;
	case MANNER_ENDLESS_HEAD:
		say(fd, "HTTP/1.1 200 OK\r\n");
		k->endless = MANNER_ENDLESS_HEAD;
		watch(t, fd, EPOLLOUT);
		break;
	}
}

static void
note(struct crowd *c, size_t id, const char *head, size_t head_len,
	unsigned version)
{
	struct member *m = &c->members[id];
	unsigned total;

	memset(m->head, 0, sizeof(m->head));
	memcpy(m->head, head, MIN(head_len, sizeof(m->head) - 1));
	if (version < m->latest)
		m->went_back = true;
	m->latest = version;
	m->of[version % CROWD_VERSIONS]++;
	m->at_us = crowd_now_us();
	m->got++;
	total = ++c->got;
	if (total == c->call_at)
		c->call(c->arg);
}

/* Take one request off what was read; false: it is not whole. */
static bool
take_request(struct crowd *c, int fd)
{
	struct conn *k = &c->thread->conns[fd];
	unsigned version = 0;
	size_t id = 0, length = 0, head;
	char *end, *field;

	k->bytes[k->len] = '\0';
	end = strstr(k->bytes, "\r\n\r\n");
	if (!end)
		return false;
	head = (size_t)(end - k->bytes) + 4;
	field = strcasestr(k->bytes, "\r\nContent-Length:");
	if (field)
		length = strtoul(field + 17, NULL, 10);
	if (k->len < head + length)
		return false;
	if (sscanf(k->bytes, "POST /%zu ", &id) != 1 || id >= c->n ||
		sscanf(k->bytes + head, "version %u", &version) != 1) {
		say(fd, "HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n");
	} else {
		note(c, id, k->bytes, head, version);
		answer(c, fd, id);
	}
	k->len -= head + length;
	memmove(k->bytes, k->bytes + head + length, k->len);
	return true;
}

static void
on_bytes(struct crowd *c, int fd)
{
	struct conn *k = &c->thread->conns[fd];
	ssize_t n = recv(fd, k->bytes + k->len, READ_MAX - k->len, 0);

	if (n <= 0) {
		if (n == 0 || errno != EAGAIN)
			hang_up(c->thread, fd);
		return;
	}
	k->len += (size_t)n;
	while (k->len > 0 && take_request(c, fd))
		;
}

static void
pour(struct crowd_thread *t, int fd)
{
	static const char junk[] = "X-More: and more\r\n";

	if (send(fd, junk, sizeof(junk) - 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0
		&& errno != EAGAIN)
		hang_up(t, fd);
}

static void
on_guest(struct crowd_thread *t)
{
	int fd = accept4(t->listener, NULL, NULL,
		SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct epoll_event ev = { .events = EPOLLIN, .data.fd = fd };

	if (fd < 0)
		return;
	CHECK(fd < CONNS_MAX);
	t->conns[fd] = (struct conn){ .bytes = x_malloc(READ_MAX + 1) };
	epoll_ctl(t->poll, EPOLL_CTL_ADD, fd, &ev);
}

static void
answer_late(struct crowd_thread *t)
{
	int64_t now = crowd_now_us();

	for (int fd = 0; fd < CONNS_MAX; fd++) {
		struct conn *k = &t->conns[fd];

		if (!k->bytes || k->answer_at == 0 || k->answer_at > now)
			continue;
		k->answer_at = 0;
		say(fd, fine);
	}
}

static void *
work(void *arg)
{
	struct crowd *c = arg;
	struct crowd_thread *t = c->thread;
	struct epoll_event got[EVENTS];

	while (!t->stop) {
		int n = epoll_wait(t->poll, got, EVENTS, WAIT_MS);

		for (int i = 0; i < n; i++) {
			int fd = got[i].data.fd;

			if (fd == t->listener)
				on_guest(t);
			else if (t->conns[fd].endless)
				pour(t, fd);
			else
				on_bytes(c, fd);
		}
		answer_late(t);
	}
	return NULL;
}

void
crowd_start(struct crowd *c, size_t n)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct crowd_thread *t = x_calloc(1, sizeof(*t));
	struct epoll_event ev = { .events = EPOLLIN };
	socklen_t len = sizeof(at);

	*c = (struct crowd){ .n = n, .thread = t };
	c->members = x_calloc(n, sizeof(*c->members));
	t->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC |
		SOCK_NONBLOCK, 0);
	CHECK(bind(t->listener, (struct sockaddr *)&at, len) == 0 &&
		listen(t->listener, 4096) == 0 &&
		getsockname(t->listener, (struct sockaddr *)&at, &len) == 0);
	c->port = ntohs(at.sin_port);
	t->poll = epoll_create1(EPOLL_CLOEXEC);
	ev.data.fd = t->listener;
	epoll_ctl(t->poll, EPOLL_CTL_ADD, t->listener, &ev);
	CHECK(pthread_create(&t->id, NULL, work, c) == 0);
}

void
crowd_stop(struct crowd *c)
{
	struct crowd_thread *t = c->thread;

	t->stop = true;
	pthread_join(t->id, NULL);
	for (int fd = 0; fd < CONNS_MAX; fd++)
		if (t->conns[fd].bytes)
			hang_up(t, fd);
	close(t->listener);
	close(t->poll);
	free(t);
	free(c->members);
}

void
crowd_forget(struct crowd *c)
{
	for (size_t i = 0; i < c->n; i++) {
		struct member *m = &c->members[i];

		m->got = m->latest = 0;
		m->went_back = false;
		for (size_t v = 0; v < CROWD_VERSIONS; v++)
			m->of[v] = 0;
	}
	c->got = 0;
}

size_t
crowd_count(const struct crowd *c, unsigned version, unsigned times)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		n += c->members[i].of[version % CROWD_VERSIONS] == times;
	return n;
}

const char *
crowd_header(const struct crowd *c, size_t member, const char *name)
{
	static char value[CROWD_HEAD];
	const char *at = c->members[member].head;
	size_t len = strlen(name);

	while ((at = strstr(at, "\r\n"))) {
		at += 2;
		if (strncasecmp(at, name, len) || at[len] != ':')
			continue;
		snprintf(value, sizeof(value), "%.*s",
			(int)strcspn(at + len + 2, "\r"), at + len + 2);
		return value;
	}
	return "";
}
