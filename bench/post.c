/*
 * Post: what bare libcurl does, with the HMAC of every request; the floor.
 *
 *     post PORT MEMBERS FILE CONCURRENCY [CA-FILE]
 *
 * Member n is at http://127.0.0.1:PORT/n; with CA-FILE, it is at one of 500
 * hosts, https://hN.bench.localhost:PORT/n.  It says "ready", and for each
 * line of input ("1", "2", ...: no matter) posts the file once to every member
 * and prints {"begun": us, "ended": us, "failures": n}.
 *
 * Nothing is stored, judged, or tried again.  As many handles as may be on
 * their way are used again and again, in one multi handle on libev, as
 * libcurl's own example has it (docs/examples/evhiperfifo.c).
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>
#include <ev.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "now.h"

enum { HEADERS = 3, HOSTS = 500, SIGNATURE = 100, URL_MAX = 300 };

struct post {
	CURL *easy;
	struct curl_slist lines[HEADERS];
	char signature[SIGNATURE], url[URL_MAX];
};

struct poster {
	struct ev_loop *loop;
	CURLM *multi;
	ev_timer timer;
	struct slice body;
	const char *port;
	bool has_hosts;
	size_t members, next, done, failures;
};

static size_t
throw_away(char *bytes, size_t size, size_t n, void *arg)
{
	(void)bytes;
	(void)arg;
	return size * n;
}

static void
sign(struct poster *p, struct post *x, size_t member)
{
	static const char digits[] = "0123456789abcdef";
	char secret[40], *to = x->signature;
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned len;

	snprintf(secret, sizeof(secret), "secret of member %zu", member);
	HMAC(EVP_sha256(), secret, (int)strlen(secret),
		(const unsigned char *)p->body.ptr, p->body.len, mac, &len);
	to = stpcpy(to, "X-Hub-Signature: sha256=");
	for (unsigned i = 0; i < len; i++) {
		*to++ = digits[mac[i] >> 4];
		*to++ = digits[mac[i] & 15];
	}
	*to = '\0';
}

/* False: all are posted to. */
static bool
post_next(struct poster *p, struct post *x)
{
	size_t member = p->next++;

	if (member >= p->members)
		return false;
	sign(p, x, member);
	if (p->has_hosts)
		snprintf(x->url, sizeof(x->url),
			"https://h%zu.bench.localhost:%s/%zu", member % HOSTS,
			p->port, member);
	else
		snprintf(x->url, sizeof(x->url), "http://127.0.0.1:%s/%zu",
			p->port, member);
	curl_easy_setopt(x->easy, CURLOPT_URL, x->url);
	curl_multi_add_handle(p->multi, x->easy);
	return true;
}

static void
settle(struct poster *p)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(p->multi, &left))) {
		CURL *easy = m->easy_handle;
		struct post *x;
		long status = 0;

		curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, &x);
		p->failures += m->data.result != CURLE_OK || status != 200;
		curl_multi_remove_handle(p->multi, easy);
		p->done++;
		post_next(p, x);
	}
	if (p->done == p->members)
		ev_break(p->loop, EVBREAK_ONE);
}

/* ---- libcurl on libev ---- */

static void
on_ready(struct ev_loop *loop, ev_io *w, int events)
{
	struct poster *p = w->data;
	int running;

	(void)loop;
	curl_multi_socket_action(p->multi, w->fd,
		(events & EV_READ ? CURL_CSELECT_IN : 0) |
		(events & EV_WRITE ? CURL_CSELECT_OUT : 0), &running);
	settle(p);
}

static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *assigned)
{
	struct poster *p = arg;
	ev_io *w = assigned;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (w)
			ev_io_stop(p->loop, w);
		free(w);
		return 0;
	}
	if (!w) {
		w = x_calloc(1, sizeof(*w));
		ev_init(w, on_ready);
		w->data = p;
		curl_multi_assign(p->multi, fd, w);
	}
	ev_io_stop(p->loop, w);
	ev_io_set(w, fd, (what & CURL_POLL_IN ? EV_READ : 0) |
		(what & CURL_POLL_OUT ? EV_WRITE : 0));
	ev_io_start(p->loop, w);
	return 0;
}

static void
on_timer(struct ev_loop *loop, ev_timer *w, int events)
{
	struct poster *p = w->data;
	int running;

	(void)loop;
	(void)events;
	curl_multi_socket_action(p->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	settle(p);
}

static int
on_timeout(CURLM *multi, long ms, void *arg)
{
	struct poster *p = arg;

	(void)multi;
	ev_timer_stop(p->loop, &p->timer);
	if (ms < 0)
		return 0;
	ev_timer_set(&p->timer, (double)ms / 1e3, 0);
	ev_timer_start(p->loop, &p->timer);
	return 0;
}

/* ---- life ---- */

static void
prepare(struct poster *p, struct post *x, const char *ca_file,
	struct curl_slist *names)
{
	static char type[] =
		"Content-Type: application/atom+xml; charset=utf-8";
	static char no_expect[] = "Expect:";

	x->easy = curl_easy_init();
	x->lines[0] = (struct curl_slist){ type, &x->lines[1] };
	x->lines[1] = (struct curl_slist){ no_expect, &x->lines[2] };
	x->lines[2] = (struct curl_slist){ x->signature, NULL };
	curl_easy_setopt(x->easy, CURLOPT_PRIVATE, x);
	curl_easy_setopt(x->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(x->easy, CURLOPT_POSTFIELDS, p->body.ptr);
	curl_easy_setopt(x->easy, CURLOPT_POSTFIELDSIZE_LARGE,
		(curl_off_t)p->body.len);
	curl_easy_setopt(x->easy, CURLOPT_HTTPHEADER, x->lines);
	curl_easy_setopt(x->easy, CURLOPT_WRITEFUNCTION, throw_away);
	if (ca_file) {
		curl_easy_setopt(x->easy, CURLOPT_CAINFO, ca_file);
		curl_easy_setopt(x->easy, CURLOPT_CAPATH, NULL);
	}
	if (names)
		curl_easy_setopt(x->easy, CURLOPT_RESOLVE, names);
}

static void
post_all(struct poster *p, struct post *list, size_t n)
{
	double begun = now_us();

	p->next = p->done = p->failures = 0;
	for (size_t i = 0; i < n && post_next(p, &list[i]); i++)
		;
	ev_run(p->loop, 0);
	printf("{\"begun\": %.0f, \"ended\": %.0f, \"failures\": %zu}\n",
		begun, now_us(), p->failures);
	fflush(stdout);
}

/* Every "hN.bench.localhost:PORT" is here. */
static struct curl_slist *
name_all(const char *port)
{
	struct curl_slist *names = NULL;
	char line[100];

	for (unsigned i = 0; i < HOSTS; i++) {
		snprintf(line, sizeof(line),
			"h%u.bench.localhost:%s:127.0.0.1", i, port);
		names = curl_slist_append(names, line);
	}
	return names;
}

int
main(int argc, char **argv)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct poster p = { 0 };
	struct curl_slist *names = NULL;
	struct post *list;
	char line[100];
	size_t n;
	struct err e;

	if (argc != 5 && argc != 6) {
		fprintf(stderr, "usage: post PORT MEMBERS FILE CONCURRENCY "
			"[CA-FILE]\n");
		return 2;
	}
	if (file_read(AT_FDCWD, argv[3], SIZE_MAX / 2, &a, &p.body, &e) < 0) {
		fprintf(stderr, "post: %s\n", e.text);
		return 1;
	}
	p.port = argv[1];
	p.members = strtoul(argv[2], NULL, 10);
	n = strtoul(argv[4], NULL, 10);
	p.has_hosts = argc == 6;
	if (p.has_hosts)
		names = name_all(p.port);
	p.loop = ev_loop_new(EVFLAG_AUTO);
	p.multi = curl_multi_init();
	ev_init(&p.timer, on_timer);
	p.timer.data = &p;
	curl_multi_setopt(p.multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(p.multi, CURLMOPT_SOCKETDATA, &p);
	curl_multi_setopt(p.multi, CURLMOPT_TIMERFUNCTION, on_timeout);
	curl_multi_setopt(p.multi, CURLMOPT_TIMERDATA, &p);
	/* Room for several connections to each host, so that none is lost. */
	curl_multi_setopt(p.multi, CURLMOPT_MAXCONNECTS, 4L * HOSTS);
	list = x_calloc(n, sizeof(*list));
	for (size_t i = 0; i < n; i++)
		prepare(&p, &list[i], argc == 6 ? argv[5] : NULL,
			i == 0 ? names : NULL);
	puts("ready");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin))
		post_all(&p, list, n);
	return 0;
}
