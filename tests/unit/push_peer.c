/*
 * A peer on loopback that behaves as the path asks it to.
 */
#include <arpa/inet.h>
#include <libdeflate.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/slice.h"
#include "push_peer.h"

enum { BOMB = 8 * 1024 * 1024, PATIENCE_S = 20, KEPT_MAX = 8192 };

struct peer peer;
static struct network loopback_list[2];
static struct networks loopback = { loopback_list, 2 };
static char kept[KEPT_MAX];
static size_t kept_len;

static void
pause_ms(int ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&t, NULL);
}

static bool
say_bytes(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

static bool
say(int fd, const char *text)
{
	return say_bytes(fd, text, strlen(text));
}

/* Read one request, body and all; false: there is none. */
static bool
hear(int fd, char *ret, size_t size)
{
	size_t len = 0, want = 0;

	while (want == 0 || len < want) {
		ssize_t n = recv(fd, ret + len, size - 1 - len, 0);
		char *end, *body;

		if (n <= 0)
			return false;
		len += (size_t)n;
		ret[len] = '\0';
		if (want > 0 || !(end = strstr(ret, "\r\n\r\n")))
			continue;
		body = strstr(ret, "Content-Length: ");
		want = (size_t)(end + 4 - ret) + (body && body < end ?
			strtoul(body + 16, NULL, 10) : 0);
		if (want >= size)
			return false;
	}
	return true;
}

static bool
say_text(int fd, const char *status, const char *more, struct slice body)
{
	char head[512];

	snprintf(head, sizeof(head), "HTTP/1.1 %s\r\nContent-Type: "
		"text/plain\r\nContent-Length: %zu\r\n%s\r\n", status,
		body.len, more);
	return say(fd, head) && say_bytes(fd, body.ptr, body.len);
}

static bool
say_big(int fd, size_t n)
{
	char *bytes = calloc(1, n + 1);
	bool ok;

	memset(bytes, 'b', n);
	ok = say_text(fd, "200 OK", "", slice(bytes, n));
	free(bytes);
	return ok;
}

/* The same again and again, until the client has enough. */
static bool
say_for_ever(int fd, const char *head, const char *text, int ms)
{
	bool ok = say(fd, head);

	while (ok) {
		pause_ms(ms);
		ok = say(fd, text);
	}
	return false;
}

static bool
reset(int fd)
{
	struct linger at_once = { 1, 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	return false;
}

static bool
say_bomb(int fd)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(9);
	char *zeros = calloc(1, BOMB), *packed = malloc(BOMB);
	size_t n = libdeflate_gzip_compress(c, zeros, BOMB, packed, BOMB);
	bool ok = say_text(fd, "200 OK", "Content-Encoding: gzip\r\n",
		slice(packed, n));

	libdeflate_free_compressor(c);
	free(zeros);
	free(packed);
	return ok;
}

static bool
say_slow(int fd)
{
	int n = atomic_fetch_add(&peer.at_once, 1) + 1, most;

	for (most = atomic_load(&peer.most); n > most;)
		if (atomic_compare_exchange_weak(&peer.most, &most, n))
			break;
	pause_ms(SLOW_MS);
	atomic_fetch_sub(&peer.at_once, 1);
	return say_text(fd, "200 OK", "", S("slow"));
}

#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"

static bool
is_for(const char *request, const char *path)
{
	const char *at = strchr(request, ' ');
	size_t len = strlen(path);

	return at && !strncmp(at + 1, path, len) && strchr(" ?/", at[1 + len]);
}

/* What a subscriber says that means it (WebSub section 5.3.1). */
static bool
say_challenge(int fd, const char *request, const char *more)
{
	const char *at = strstr(request, "hub.challenge=");
	char text[200];

	if (!at)
		return say_text(fd, "200 OK", "", S(""));
	at += strlen("hub.challenge=");
	snprintf(text, sizeof(text), "%.*s%s", (int)strcspn(at, "& "), at,
		more);
	return say_text(fd, "200 OK", "", slice_str(text));
}

/* Those that answer as a peer should. */
static int
answer_well(int fd, const char *r)
{
	if (is_for(r, "/ok"))
		return say_text(fd, "200 OK", "", S("ok"));
	if (is_for(r, "/echo"))
		return say_text(fd, "200 OK", "", slice_str(r));
	if (is_for(r, "/agree"))
		return say_challenge(fd, r, "");
	if (is_for(r, "/agree-more"))
		return say_challenge(fd, r, "\n");
	if (is_for(r, "/none"))
		return say(fd, "HTTP/1.1 204 No Content\r\n\r\n");
	if (is_for(r, "/gone"))
		return say_text(fd, "410 Gone", "Retry-After:  120 \r\n",
			S("gone"));
	if (is_for(r, "/moved"))
		return say_text(fd, "302 Found", "Location: /ok\r\n", S(""));
	if (is_for(r, "/hints"))
		return say(fd, "HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n")
			&& say_text(fd, "200 OK", "", S("late"));
	if (is_for(r, "/chunked"))
		return say(fd, HEAD "Transfer-Encoding: chunked\r\n\r\n"
			"3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nX-Last: 1\r\n\r\n");
	if (is_for(r, "/big"))
		return say_big(fd, strtoul(strstr(r, "/big/") + 5, NULL, 10));
	if (is_for(r, "/slow"))
		return say_slow(fd);
	return -1;
}

static bool
answer(int fd, const char *r, int count)
{
	static char blank[CALL_HEAD_MAX];
	int good = answer_well(fd, r);

	if (good >= 0)
		return good > 0;
	if (is_for(r, "/one-only"))
		return count == 1 && say_text(fd, "200 OK", "", S("ok"));
	if (is_for(r, "/endless"))
		return say_for_ever(fd, HEAD "\r\n", "endless ", 0);
	if (is_for(r, "/drip"))
		return say_for_ever(fd, HEAD "\r\n", ".", 10);
	if (is_for(r, "/half-head"))
		return say_for_ever(fd, HEAD, "X: y\r\n", 10);
	if (is_for(r, "/many-lines"))
		return say_for_ever(fd, HEAD, "X: y\r\n", 0);
	if (is_for(r, "/long-head"))
		return say_for_ever(fd, HEAD, memset(blank, 'x',
			sizeof(blank) - 1), 0);
	if (is_for(r, "/garbage"))
		return say(fd, "220 mail.example ESMTP\r\n\r\n") && false;
	if (is_for(r, "/bomb"))
		return say_bomb(fd);
	if (is_for(r, "/reset-mid"))
		return say(fd, HEAD "Content-Length: 100\r\n\r\nhalf") &&
			(pause_ms(20), reset(fd));
	if (is_for(r, "/silent"))
		return recv(fd, blank, 1, 0) > 0;
	return reset(fd);
}

static void
keep_target(const char *request)
{
	const char *at = strchr(request, ' ');

	pthread_mutex_lock(&peer.lock);
	if (at)
		snprintf(peer.target, sizeof(peer.target), "%.*s",
			(int)strcspn(at + 1, " "), at + 1);
	pthread_mutex_unlock(&peer.lock);
}

static void *
serve(void *arg)
{
	int *fd = arg;
	char *request = malloc(PEER_HEAD_MAX);

	for (int count = 1; hear(*fd, request, PEER_HEAD_MAX); count++) {
		keep_target(request);
		atomic_fetch_add(&peer.requests, 1);
		if (!answer(*fd, request, count))
			break;
	}
	free(request);
	pthread_mutex_lock(&peer.lock);
	close(*fd);
	*fd = -1;
	pthread_mutex_unlock(&peer.lock);
	return NULL;
}

static void *
accept_all(void *arg)
{
	int fd, one = 1;

	(void)arg;
	while ((fd = accept(peer.fd, NULL, NULL)) >= 0) {
		int n = atomic_load(&peer.connections);

		if (n == PEER_THREADS_MAX)
			abort();
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		peer.fds[n] = fd;
		pthread_create(&peer.threads[n], NULL, serve, &peer.fds[n]);
		atomic_store(&peer.connections, n + 1);
	}
	return NULL;
}

/* ---- the client's side ---- */

void
peer_limits(const struct client_limits *l)
{
	client_free(peer.client);
	peer.client = client_new(peer.loop, l);
}

int
peer_begin(void **state)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);

	(void)state;
	peer = (struct peer){ .loop = ev_loop_new(0),
		.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
	pthread_mutex_init(&peer.lock, NULL);
	/* Every host of 127/8 is a host of its own. */
	assert_int_equal(bind(peer.fd, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(peer.fd, SOMAXCONN), 0);
	assert_int_equal(getsockname(peer.fd, (struct sockaddr *)&at, &len),
		0);
	peer.port = ntohs(at.sin_port);
	assert_int_equal(pthread_create(&peer.thread, NULL, accept_all, NULL),
		0);
	assert_true(network_parse(S("127.0.0.0/8"), &loopback_list[0]));
	assert_true(network_parse(S("::1"), &loopback_list[1]));
	peer_limits(&(struct client_limits){ .agent = "test/1" });
	return 0;
}

int
peer_end(void **state)
{
	(void)state;
	client_free(peer.client);
	ev_loop_destroy(peer.loop);
	shutdown(peer.fd, SHUT_RDWR);
	pthread_join(peer.thread, NULL);
	close(peer.fd);
	pthread_mutex_lock(&peer.lock);
	for (int i = 0; i < peer.connections; i++)
		if (peer.fds[i] >= 0)
			shutdown(peer.fds[i], SHUT_RDWR);
	pthread_mutex_unlock(&peer.lock);
	for (int i = 0; i < peer.connections; i++)
		pthread_join(peer.threads[i], NULL);
	pthread_mutex_destroy(&peer.lock);
	return 0;
}

const char *
peer_url(const char *host, const char *path)
{
	static char urls[PEER_THREADS_MAX][128];
	static size_t n;
	char *url = urls[n++ % PEER_THREADS_MAX];

	snprintf(url, sizeof(urls[0]), "http://%s:%d%s", host, peer.port,
		path);
	return url;
}

static void
on_done(struct call *call)
{
	kept_len = MIN(call->answer.len, sizeof(kept));
	if (kept_len > 0)
		memcpy(kept, call->answer.ptr, kept_len);
	peer.done[peer.n_done++ % PEER_THREADS_MAX] = call;
	ev_break(peer.loop, EVBREAK_ONE);
}

const char *
peer_target(void)
{
	static char copy[PEER_TARGET_MAX];

	pthread_mutex_lock(&peer.lock);
	memcpy(copy, peer.target, sizeof(copy));
	pthread_mutex_unlock(&peer.lock);
	return copy;
}

struct call
peer_call(const char *method, const char *path)
{
	return (struct call){ .method = method, .allow = &loopback,
		.url = peer_url("127.0.0.1", path), .done = on_done };
}

void
peer_send(struct call *call)
{
	client_send(peer.client, call);
}

void
peer_wait(size_t n)
{
	int64_t end = clock_mono_ms() + PATIENCE_S * 1000;
	size_t until = peer.n_done + n;

	while (peer.n_done < until) {
		if (clock_mono_ms() > end)
			fail_msg("%zu of %zu are not done", until - peer.n_done,
				n);
		ev_run(peer.loop, EVRUN_ONCE);
	}
}

struct slice
peer_ask(struct call *call)
{
	peer_send(call);
	peer_wait(1);
	return slice(kept, kept_len);
}
