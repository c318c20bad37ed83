/*
 * Sink: any number of subscribers, one thread, that note who was told when.
 *
 *     sink PORT MEMBERS [CERTIFICATE KEY]
 *
 * Member n is posted to at /n (what stands between is for the caller: "/x/n");
 * below /slow/ answers come after five seconds, below /fail/ they are 500, and
 * below /endless/ they never end.  It says "ready", and then reads commands:
 *
 *     expect N	forget what came; answer when N members have something new
 *
 * An answer is one line of JSON: members, posts, those that were signed, bytes
 * of bodies, and when the first and the last of them was whole, in us of
 * CLOCK_MONOTONIC; and how long a member took at most, of the nearest 99 %.
 *
 * Bodies are read and thrown away: what is measured is who sends them.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "base/defs.h"
#include "now.h"

enum {
	FDS_MAX = 65536, HEAD_MAX = 4096, PIECE = 64 * 1024, EVENTS = 256,
	SLOW_US = 5 * 1000 * 1000, WAIT_MS = 100,
};

struct conn {
	int fd;			/* 0: not in use */
	SSL *tls;
	size_t head;		/* bytes of it that are there */
	size_t left;		/* of the body */
	bool in_body, is_signed, is_endless;
	size_t member;
	double answer_at;	/* us; 0: nothing waits */
	const char *answer;
	char bytes[HEAD_MAX + 1];
};

struct sink {
	int listener, poll;
	SSL_CTX *tls;
	struct conn *conns[FDS_MAX];
	double *told;		/* by member: us; 0: not yet */
	size_t members;
	size_t distinct, expected, posts, n_signed;
	uint64_t bytes;
	double first, last;
	size_t n_late;		/* answers that wait */
	char piece[PIECE];
};

static const char fine[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
static const char failing[] =
	"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n";
static const char endless[] = "HTTP/1.1 200 OK\r\n\r\n";

/* ---- bytes ---- */

static ssize_t
take(struct conn *k, char *to, size_t room)
{
	int n;

	if (!k->tls)
		return recv(k->fd, to, room, 0);
	n = SSL_read(k->tls, to, (int)room);
	if (n > 0)
		return n;
	switch (SSL_get_error(k->tls, n)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		errno = EAGAIN;
		return -1;
	default:
		return 0;
	}
}

/* Short answers fit, or the other side is gone, which reading will tell. */
static void
say(struct conn *k, const char *text)
{
	ssize_t n = k->tls ? SSL_write(k->tls, text, (int)strlen(text)) :
		send(k->fd, text, strlen(text), MSG_NOSIGNAL);

	(void)n;
}

static void
hang_up(struct sink *s, struct conn *k)
{
	s->conns[k->fd] = NULL;
	s->n_late -= k->answer_at > 0;
	SSL_free(k->tls);
	close(k->fd);
	free(k);
}

/* ---- what came ---- */

static int
by_size(const void *left, const void *right)
{
	double l = *(const double *)left, r = *(const double *)right;

	return l < r ? -1 : l > r;
}

/* By when 99 of 100 had it. */
static double
nearest(const struct sink *s)
{
	double *list = x_calloc(s->distinct, sizeof(*list)), ret;
	size_t n = 0;

	for (size_t i = 0; i < s->members; i++)
		if (s->told[i] > 0)
			list[n++] = s->told[i];
	qsort(list, n, sizeof(*list), by_size);
	ret = list[n * 99 / 100];
	free(list);
	return ret;
}

static void
report(struct sink *s)
{
	printf("{\"members\": %zu, \"posts\": %zu, \"signed\": %zu, "
		"\"bytes\": %ju, \"first\": %.0f, \"last\": %.0f, "
		"\"nearest\": %.0f}\n", s->distinct, s->posts, s->n_signed,
		(uintmax_t)s->bytes, s->first, s->last, nearest(s));
	fflush(stdout);
	s->expected = 0;
}

static void
note(struct sink *s, const struct conn *k)
{
	double now = now_us();

	s->posts++;
	s->n_signed += k->is_signed;
	if (k->member >= s->members || s->told[k->member] > 0)
		return;
	s->told[k->member] = now;
	s->last = now;
	if (s->distinct++ == 0)
		s->first = now;
	if (s->distinct == s->expected)
		report(s);
}

static void
answer(struct sink *s, struct conn *k)
{
	if (k->is_endless) {
		struct epoll_event ev = { .events = EPOLLOUT, .data.ptr = k };

		say(k, endless);
		epoll_ctl(s->poll, EPOLL_CTL_MOD, k->fd, &ev);
	} else if (k->answer == NULL) {
		k->answer_at = now_us() + SLOW_US;
		s->n_late++;
	} else {
		say(k, k->answer);
	}
}

/* ---- requests ---- */

static void
read_head(struct conn *k)
{
	char *fields = strchr(k->bytes, '\n'), *slash, *length;

	k->answer = fine;
	k->in_body = true;
	CHECK(fields);
	*fields++ = '\0';
	length = strcasestr(fields, "content-length:");
	k->left = length ? strtoul(length + 15, NULL, 10) : 0;
	k->is_signed = strcasestr(fields, "\nx-hub-signature:") != NULL;
	/* "POST /fail/17 HTTP/1.1": the last slash is not the member's. */
	*strrchr(k->bytes, ' ') = '\0';
	k->is_endless = strstr(k->bytes, "/endless/") != NULL;
	if (strstr(k->bytes, "/slow/"))
		k->answer = NULL;
	if (strstr(k->bytes, "/fail/"))
		k->answer = failing;
	slash = strrchr(k->bytes, '/');
	k->member = slash ? strtoul(slash + 1, NULL, 10) : 0;
}

/* Bytes of the body that are there already are counted off. */
static void
on_head(struct sink *s, struct conn *k, const char *end)
{
	size_t head = (size_t)(end - k->bytes) + 4, more = k->head - head;

	k->bytes[head - 1] = '\0';
	read_head(k);
	CHECK(more <= k->left);
	k->left -= more;
	s->bytes += more;
	k->head = 0;
}

static void
on_bytes(struct sink *s, struct conn *k)
{
	for (;;) {
		ssize_t n = k->in_body ? take(k, s->piece,
			MIN(k->left, (size_t)PIECE)) :
			take(k, k->bytes + k->head, HEAD_MAX - k->head);

		if (n <= 0) {
			if (n == 0 || errno != EAGAIN)
				hang_up(s, k);
			return;
		}
		if (k->in_body) {
			k->left -= (size_t)n;
			s->bytes += (size_t)n;
		} else {
			char *end;

			k->head += (size_t)n;
			k->bytes[k->head] = '\0';
			end = strstr(k->bytes, "\r\n\r\n");
			if (end)
				on_head(s, k, end);
		}
		if (!k->in_body || k->left > 0)
			continue;
		k->in_body = false;
		note(s, k);
		answer(s, k);
		if (!k->tls)
			return;
	}
}

/* ---- the rest ---- */

static void
on_guest(struct sink *s)
{
	struct epoll_event ev = { .events = EPOLLIN };
	struct conn *k;
	int fd, on = 1;

	while ((fd = accept4(s->listener, NULL, NULL,
		SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		CHECK(fd < FDS_MAX);
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		k = x_calloc(1, sizeof(*k));
		k->fd = fd;
		if (s->tls) {
			k->tls = SSL_new(s->tls);
			SSL_set_fd(k->tls, fd);
			SSL_set_accept_state(k->tls);
		}
		s->conns[fd] = k;
		ev.data.ptr = k;
		epoll_ctl(s->poll, EPOLL_CTL_ADD, fd, &ev);
	}
}

static void
answer_late(struct sink *s)
{
	double now = now_us();

	for (int fd = 0; fd < FDS_MAX && s->n_late > 0; fd++) {
		struct conn *k = s->conns[fd];

		if (!k || k->answer_at == 0 || k->answer_at > now)
			continue;
		k->answer_at = 0;
		s->n_late--;
		say(k, fine);
	}
}

/* False: nobody commands any more. */
static bool
on_command(struct sink *s)
{
	char line[100];
	ssize_t n = read(STDIN_FILENO, line, sizeof(line) - 1);

	if (n <= 0)
		return false;
	line[n] = '\0';
	CHECK(sscanf(line, "expect %zu", &s->expected) == 1);
	memset(s->told, 0, s->members * sizeof(*s->told));
	s->distinct = s->posts = s->n_signed = 0;
	s->bytes = 0;
	return true;
}

static void
pour(struct sink *s, struct conn *k)
{
	static const char junk[PIECE];

	if (send(k->fd, junk, sizeof(junk), MSG_NOSIGNAL) < 0 &&
		errno != EAGAIN)
		hang_up(s, k);
}

static void
serve(struct sink *s)
{
	static char is_guest, is_command;
	struct epoll_event got[EVENTS];
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = &is_guest };

	epoll_ctl(s->poll, EPOLL_CTL_ADD, s->listener, &ev);
	ev.data.ptr = &is_command;
	epoll_ctl(s->poll, EPOLL_CTL_ADD, STDIN_FILENO, &ev);
	for (;;) {
		int n = epoll_wait(s->poll, got, EVENTS,
			s->n_late > 0 ? WAIT_MS : -1);

		for (int i = 0; i < n; i++) {
			struct conn *k = got[i].data.ptr;

			if (got[i].data.ptr == &is_guest)
				on_guest(s);
			else if (got[i].data.ptr == &is_command) {
				if (!on_command(s))
					return;
			} else if (got[i].events & EPOLLOUT)
				pour(s, k);
			else
				on_bytes(s, k);
		}
		answer_late(s);
	}
}

static void
listen_at(struct sink *s, const char *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int on = 1;

	s->poll = epoll_create1(EPOLL_CLOEXEC);
	s->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK |
		SOCK_CLOEXEC, 0);
	setsockopt(s->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(s->listener, (struct sockaddr *)&at, sizeof(at)) < 0 ||
		listen(s->listener, 4096) < 0) {
		perror("sink: cannot listen");
		exit(1);
	}
}

int
main(int argc, char **argv)
{
	struct sink *s = x_calloc(1, sizeof(*s));

	if (argc != 3 && argc != 5) {
		fprintf(stderr, "usage: sink PORT MEMBERS [CERTIFICATE "
			"KEY]\n");
		return 2;
	}
	s->members = strtoul(argv[2], NULL, 10);
	s->told = x_calloc(s->members, sizeof(*s->told));
	if (argc == 5) {
		s->tls = SSL_CTX_new(TLS_server_method());
		CHECK(SSL_CTX_use_certificate_chain_file(s->tls, argv[3]) &&
			SSL_CTX_use_PrivateKey_file(s->tls, argv[4],
				SSL_FILETYPE_PEM));
	}
	listen_at(s, argv[1]);
	puts("ready");
	fflush(stdout);
	serve(s);
	return 0;
}
