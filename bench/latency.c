/*
 * Latency: from rename(2) to a reader's having the new text.
 *
 * It saves a changed article as an editor's tool does (a file beside it, then
 * rename), then asks for a feed of the article over one kept-alive connection
 * until the new text stands in it.  In C, because the question costs less than
 * what it measures.
 *
 *     latency PORT < CHANGES
 *
 * A change is a line: the offset at which to insert a paragraph, a tab, the
 * article's path, a tab, the feed's path.  To stdout goes a line for each:
 * "seen" and microseconds.  Before them come "poll" lines: what one question
 * takes when nothing has changed, which is the measure's own share.  A change
 * that is not seen within 10 s ends the run: that is a fault, not a figure.
 *
 * 1. The clock starts just before rename(2): writing the file is not counted.
 * 2. It stops when the whole answer with the new text has been read.
 * 3. Between two questions it pauses, so as not to take the processor from
 *    the server that it measures; between two changes it rests.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "now.h"

enum {
	ANSWER_MAX = 64 * 1024 * 1024,
	ARTICLE_MAX = 4 * 1024 * 1024,
	POLLS = 1000,		/* to learn what a question costs */
	POLL_PAUSE_US = 100,
	REST_US = 20 * 1000,
	GIVE_UP_US = 10 * 1000 * 1000,
};

struct client {
	int fd;
	struct buf in;		/* one answer, whole */
};

struct answer {
	int status;
	struct slice body;
};

struct change {
	size_t offset;
	const char *path;
	const char *feed;
	char text[64];		/* the new paragraph; in no other change */
};

static void
pause_us(long us)
{
	struct timespec t = { us / 1000000, us % 1000000 * 1000 };

	nanosleep(&t, NULL);
}

static void
client_done(struct client *c)
{
	fd_close(&c->fd);
	buf_done(&c->in);
}

static int
client_connect(struct client *c, uint16_t port, struct err *e)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct timeval wait = { .tv_sec = 10 };
	int on = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (void *)&to, sizeof(to)) < 0)
		return err_set(e, ERR_IO, "cannot connect: %m");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	return 0;
}

/* Read on until the answer has len bytes, or at least one more. */
static int
client_fill(struct client *c, size_t len, struct err *e)
{
	do {
		size_t room = 64 * 1024;
		char *p = buf_reserve(&c->in, room);
		ssize_t n;

		if (!p)
			return err_set(e, ERR_LIMIT, "the answer is too big");
		n = read(c->fd, p, room);
		if (n < 0)
			return err_set(e, ERR_IO, "cannot read: %m");
		if (n == 0)
			return err_set(e, ERR_IO, "the server hung up");
		buf_commit(&c->in, (size_t)n);
	} while (c->in.len < len);
	return 0;
}

/* The value of a header's line, if it is the one called name. */
static bool
header_is(struct slice line, struct slice name, struct slice *ret)
{
	if (!slice_starts_nocase(line, name))
		return false;
	*ret = slice_trim(slice_from(line, name.len));
	return true;
}

/* Read the head; *ret_total: the bytes of head and body. */
static int
client_head(struct client *c, struct answer *ret, size_t *ret_total,
	struct err *e)
{
	struct slice head, line, value;
	ssize_t end;
	int64_t length = 0;

	while ((end = slice_find(buf_slice(&c->in), S("\r\n\r\n"), 0)) < 0)
		if (client_fill(c, 0, e) < 0)
			return -1;
	head = slice_sub(buf_slice(&c->in), 0, (size_t)end);
	ret->status = (int)slice_number(slice_sub(head, 9, 12), 999);
	while (slice_next_line(&head, &line)) {
		if (header_is(line, S("Content-Length:"), &value))
			length = slice_number(value, ANSWER_MAX);
	}
	if (length < 0)
		return err_set(e, ERR_SYNTAX, "the answer has no length");
	*ret_total = (size_t)end + 4 + (size_t)length;
	return 0;
}

/*
 * Ask for the whole feed.  Not a conditional request: with the libmicrohttpd
 * of Debian 12 a 304 ends the connection, and what is measured is not TCP.
 */
static int
client_get(struct client *c, const char *feed, struct answer *ret,
	struct err *e)
{
	CLEANUP(buf_done) struct buf q = BUF_INIT(4096);
	size_t total = 0, body;

	buf_printf(&q, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n", feed);
	buf_put_str(&q, "\r\n");
	CHECK(buf_ok(&q));
	buf_reset(&c->in);
	if (fd_write(c->fd, buf_slice(&q), e) < 0 ||
		client_head(c, ret, &total, e) < 0)
		return -1;
	if (c->in.len < total && client_fill(c, total, e) < 0)
		return -1;
	body = (size_t)slice_find(buf_slice(&c->in), S("\r\n\r\n"), 0) + 4;
	ret->body = slice_from(buf_slice(&c->in), body);
	if (ret->status != 200)
		return err_set(e, ERR_REFUSED, "\"%s\" answered %d", feed,
			ret->status);
	return 0;
}

/* Write the changed article beside the old one, as *ret_temp. */
static int
change_write(const struct change *c, struct arena *a, const char **ret_temp,
	struct err *e)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(ARTICLE_MAX);
	CLEANUP(fd_close) int fd = -1;
	struct slice path = slice_str(c->path), old;
	size_t dir = (size_t)(slice_rfind_byte(path, '/') + 1);

	if (file_read(AT_FDCWD, c->path, ARTICLE_MAX, a, &old, e) < 0)
		return -1;
	buf_put(&b, slice_sub(old, 0, c->offset));
	buf_printf(&b, "%s\n\n", c->text);
	buf_put(&b, slice_from(old, c->offset));
	CHECK(buf_ok(&b));
	*ret_temp = arena_printf(a, "%.*s.bench", (int)dir, path.ptr).ptr;
	fd = open(*ret_temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return err_set(e, ERR_IO, "cannot open \"%s\": %m", *ret_temp);
	return fd_write(fd, buf_slice(&b), e);
}

/* Ask until the new text is there; *ret_us: since `from`. */
static int
change_await(const struct change *c, struct client *cl, double from,
	double *ret_us, struct err *e)
{
	struct answer got;

	while (now_us() - from < GIVE_UP_US) {
		if (client_get(cl, c->feed, &got, e) < 0)
			return -1;
		if (slice_find(got.body, slice_str(c->text), 0) >= 0) {
			*ret_us = now_us() - from;
			return 0;
		}
		pause_us(POLL_PAUSE_US);
	}
	return err_set(e, ERR_MISSING, "\"%s\" never showed it", c->feed);
}

static int
change_measure(const struct change *c, struct client *cl, struct arena *a,
	struct err *e)
{
	const char *temp;
	struct answer before;
	double from, us = 0;

	if (change_write(c, a, &temp, e) < 0 ||
		client_get(cl, c->feed, &before, e) < 0)
		return -1;
	pause_us(REST_US);
	from = now_us();
	if (rename(temp, c->path) < 0)
		return err_set(e, ERR_IO, "cannot rename \"%s\": %m", temp);
	if (change_await(c, cl, from, &us, e) < 0)
		return -1;
	printf("seen %.1f\n", us);
	return 0;
}

static int
change_parse(struct slice line, int number, struct arena *a,
	struct change *ret, struct err *e)
{
	struct slice offset = S(""), path = S("");
	int64_t at;

	slice_next_field(&line, '\t', &offset);
	slice_next_field(&line, '\t', &path);
	at = slice_number(offset, ARTICLE_MAX);
	if (at < 0 || path.len == 0 || line.len == 0)
		return err_set(e, ERR_SYNTAX, "cannot read change %d", number);
	ret->offset = (size_t)at;
	ret->path = arena_copy(a, path).ptr;
	ret->feed = arena_copy(a, line).ptr;
	snprintf(ret->text, sizeof(ret->text),
		"The desk changed this for the %dth time.", number);
	return 0;
}

/* What a question costs when there is nothing new. */
static int
polls_measure(struct client *cl, const char *feed, struct err *e)
{
	struct answer got;
	double from;
	int i;

	for (i = 0; i <= POLLS; i++) {
		from = now_us();
		if (client_get(cl, feed, &got, e) < 0)
			return -1;
		if (i > 0)	/* the first one fetches the feed */
			printf("poll %.1f\n", now_us() - from);
		pause_us(POLL_PAUSE_US);
	}
	return 0;
}

static int
changes_measure(struct client *cl, struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	char line[2 * 4096];
	struct change c;
	int number = 0;

	while (fgets(line, sizeof(line), stdin)) {
		arena_reset(&a);
		if (change_parse(slice_trim(slice_str(line)), ++number, &a,
				&c, e) < 0)
			return -1;
		if (number == 1 && polls_measure(cl, c.feed, e) < 0)
			return -1;
		if (change_measure(&c, cl, &a, e) < 0)
			return err_in(e, "change %d", number);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	CLEANUP(client_done) struct client cl = {
		.fd = -1, .in = BUF_INIT(ANSWER_MAX) };
	struct err e = { 0 };
	int64_t port = argc == 2 ?
		slice_number(slice_str(argv[1]), UINT16_MAX) : -1;

	if (port <= 0) {
		fprintf(stderr, "usage: latency PORT < CHANGES\n");
		return 2;
	}
	prctl(PR_SET_TIMERSLACK, 1UL);	/* else a pause takes 50 us more */
	if (client_connect(&cl, (uint16_t)port, &e) == 0 &&
		changes_measure(&cl, &e) == 0)
		return 0;
	fprintf(stderr, "latency: %s\n", e.text);
	return 1;
}
