/*
 * A real server on loopback, and a client without opinions.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/compress.h"
#include "serve_fixture.h"

/* ---- the owner ---- */

static struct document *
make_document(size_t parts, bool with_gzip)
{
	struct document *d = document_new();
	struct buf b = BUF_INIT(16 * 1024 * 1024), gz = b;
	size_t len;
	char *p;

	for (size_t i = 0; i < parts; i++)
		buf_put(&b, S(FEED_PART));
	if (with_gzip) {
		gzip_put(&gz, buf_slice(&b));
		p = buf_steal(&gz, &len);
		document_set_body(d, CODING_GZIP, p, len);
	}
	p = buf_steal(&b, &len);
	document_set_body(d, CODING_IDENTITY, p, len);
	d->type = "application/atom+xml; charset=utf-8";
	d->mtime = 1715760000;
	d->max_age = 300;
	memcpy(d->etag, FEED_ETAG, sizeof(d->etag));
	return d;
}

static struct document *
make_feed(void)
{
	struct document *d = make_document(20, true);

	document_set_links(d, S("<https://hub.example/>; rel=\"hub\""));
	d->csp = "default-src 'none'";
	return d;
}

static struct document *
make_other(struct slice path)
{
	struct document *d = make_document(1, false);

	if (slice_eq(path, S("/empty")))
		document_set_body(d, CODING_IDENTITY, x_calloc(1, 1), 0);
	if (slice_eq(path, S("/gone")))
		d->status = 410;
	if (slice_eq(path, S("/future")))
		d->mtime = 2240000000;
	if (slice_eq(path, S("/private")))
		d->is_private = true;
	if (slice_eq(path, S("/login"))) {
		d->status = 401;
		d->challenge = "Bearer realm=\"feeds\"";
	}
	if (slice_eq(path, S("/delta"))) {
		d->status = 226;
		memcpy(d->delta_base, FEED_BASE, sizeof(d->delta_base));
	}
	if (slice_eq(path, S("/big")))
		document_set_body(d, CODING_IDENTITY, x_calloc(1, BIG_BODY),
			BIG_BODY);
	return d;
}

struct late {
	ev_timer timer;
	struct serve_request *request;
};

static void
on_late(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct late *l = (struct late *)w;

	(void)loop;
	(void)revents;
	serve_answer(l->request, make_feed());
	free(l);
}

static void
answer_late(struct fixture *f, struct serve_request *r)
{
	struct late *l = calloc(1, sizeof(*l));

	assert_non_null(l);
	l->request = r;
	ev_timer_init(&l->timer, on_late, LATE_MS / 1000., 0.);
	ev_timer_start(f->loop, &l->timer);
}

static void
on_find(void *ctx, struct slice path, struct serve_request *r)
{
	static const char *const others[] = { "/plain", "/empty", "/gone",
		"/future", "/big", "/private", "/login", "/delta" };
	struct fixture *f = ctx;
	struct address client;

	f->asked++;
	snprintf(f->last_path, sizeof(f->last_path), "%.*s", ARG(path));
	if (serve_client(r, &client))
		address_print(&client, f->last_client);
	snprintf(f->last_token, sizeof(f->last_token), "%.*s",
		ARG(serve_argument(r, S("token"))));
	snprintf(f->last_agent, sizeof(f->last_agent), "%.*s",
		ARG(serve_head(r)->user_agent));
	if (strcmp(f->last_token, "partner") == 0)
		serve_admit(r);
	if (slice_eq(path, S("/late"))) {
		answer_late(f, r);
		return;
	}
	if (slice_eq(path, S("/never")) && f->n_kept < COUNT_OF(f->kept)) {
		f->kept[f->n_kept++] = r;
		return;
	}
	if (slice_eq(path, S("/moved"))) {
		serve_redirect(r, S("/feed.atom"));
		return;
	}
	if (slice_eq(path, S("/elsewhere"))) {
		serve_redirect(r, S("//evil.example/"));
		return;
	}
	if (slice_eq(path, S("/feed.atom"))) {
		serve_answer(r, make_feed());
		return;
	}
	if (slice_eq(path, S("/hot"))) {
		serve_answer(r, document_ref(f->hot));
		return;
	}
	if (slice_eq(path, S("/huge"))) {
		serve_answer(r, document_ref(f->huge));
		return;
	}
	if (slice_starts(path, S("/popular/"))) {
		serve_answer(r, document_ref(f->popular[slice_number(
			slice_from(path, 9), POPULAR - 1)]));
		return;
	}
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		if (slice_eq(path, slice_str(others[i]))) {
			serve_answer(r, make_other(path));
			return;
		}
	}
	serve_answer(r, NULL);
}

static void
on_find_inside(void *ctx, struct slice path, struct serve_request *r)
{
	struct document *d = make_document(1, false);

	(void)ctx;
	document_set_body(d, CODING_IDENTITY, strndup(path.ptr, path.len),
		path.len);
	serve_answer(r, d);
}

static void
on_post(void *ctx, struct slice form, struct serve_request *r)
{
	struct fixture *f = ctx;

	snprintf(f->last_form, sizeof(f->last_form), "%.*s", ARG(form));
	if (slice_eq(form, S("wait")))
		serve_say(r, &(struct serve_reply){ .status = 429,
			.text = slice_str(f->last_form), .wait_s = 17 });
	else if (slice_eq(form, S("other")))
		serve_say(r, &(struct serve_reply){ .status = 405,
			.text = S("no\n"), .allow = "POST" });
	else
		serve_answer(r, make_document(1, false));
}

static void
on_trouble(void *ctx, const char *what, bool is_limit)
{
	struct fixture *f = ctx;

	if (is_limit)
		snprintf(f->limit, sizeof(f->limit), "%s", what);
	else
		snprintf(f->complaint, sizeof(f->complaint), "%s", what);
}

static const struct serve_ops ops = {
	.find = on_find,
	.find_inside = on_find_inside,
	.post = on_post,
	.trouble = on_trouble,
};
static const struct serve_ops ops_without_hub = {
	.find = on_find,
	.find_inside = on_find_inside,
	.trouble = on_trouble,
};

/* ---- the server ---- */

void
fixture_init(struct fixture *f)
{
	signal(SIGPIPE, SIG_IGN);
	*f = (struct fixture){ .conf = { .n_listen = 1, .header_ms = 10000,
		.idle_ms = 10000, .send_ms = 10000, .max_connections = 100,
		.max_per_address = 100 } };
	f->listen[0] = S("127.0.0.1:0");
	f->conf.listen = f->listen;
}

static void
on_stop(struct ev_loop *loop, ev_async *w, int revents)
{
	(void)w;
	(void)revents;
	ev_break(loop, EVBREAK_ALL);
}

/* The server's state is the loop's; what other threads may see is this. */
static void
on_look(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct fixture *f = w->data;
	struct serve_status now;

	(void)loop;
	(void)revents;
	serve_get_status(f->serve, &now);
	atomic_store(&f->connections, now.connections);
}

static void *
run_loop(void *cls)
{
	struct fixture *f = cls;

	ev_run(f->loop, 0);
	return NULL;
}

void
fixture_pause(struct fixture *f)
{
	ev_async_send(f->loop, &f->stop);
	assert_int_equal(pthread_join(f->thread, NULL), 0);
}

void
fixture_go(struct fixture *f)
{
	assert_int_equal(pthread_create(&f->thread, NULL, run_loop, f), 0);
}

/* Of the n-th listener; 0: there is none. */
static int
port_of(const struct fixture *f, size_t n)
{
	const char *address = serve_address(f->serve, n);

	return address ? (int)strtol(strrchr(address, ':') + 1, NULL, 10) : 0;
}

void
fixture_start(struct fixture *f)
{
	struct err e = { 0 };

	f->hot = make_feed();
	f->huge = make_document(HUGE_PARTS, false);
	for (size_t i = 0; i < POPULAR; i++)
		f->popular[i] = make_document(POPULAR_PARTS + i, false);
	f->loop = ev_loop_new(EVFLAG_AUTO);
	assert_non_null(f->loop);
	ev_async_init(&f->stop, on_stop);
	ev_async_start(f->loop, &f->stop);
	ev_timer_init(&f->look, on_look, 0.01, 0.01);
	f->look.data = f;
	ev_timer_start(f->loop, &f->look);
	if (serve_new(f->loop, &f->conf, f->no_hub ? &ops_without_hub : &ops,
		f, &f->serve, &e) < 0)
		fail_msg("%s", e.text);
	if (f->files) {
		f->pool = pool_new(f->loop, 1);
		serve_use_files(f->serve, f->pool, f->files);
	}
	f->port = port_of(f, 0);
	f->status_port = port_of(f, 1);
	fixture_go(f);
}

void
fixture_stop(struct fixture *f)
{
	fixture_pause(f);
	serve_get_status(f->serve, &f->status);
	if (f->pool)
		pool_free(f->pool);
	serve_free(f->serve);
	for (size_t i = 0; i < f->n_kept; i++)
		serve_answer(f->kept[i], make_feed());
	/* What was to be answered late is answered to nobody. */
	ev_async_stop(f->loop, &f->stop);
	ev_timer_stop(f->loop, &f->look);
	ev_run(f->loop, 0);
	ev_loop_destroy(f->loop);
	document_unref(f->hot);
	document_unref(f->huge);
	for (size_t i = 0; i < POPULAR; i++)
		document_unref(f->popular[i]);
}

/* ---- the client ---- */

int
client_connect(const struct fixture *f)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)f->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval patience = { .tv_sec = 20 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		sizeof(patience)), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	return fd;
}

void
send_bytes(int fd, const char *bytes)
{
	size_t len = strlen(bytes);
	ssize_t n;

	/* The server may close before it has read all: that is its right. */
	while (len > 0 && (n = send(fd, bytes, len, MSG_NOSIGNAL)) > 0) {
		bytes += n;
		len -= (size_t)n;
	}
}

int
client_send(const struct fixture *f, const char *bytes)
{
	int fd = client_connect(f);

	send_bytes(fd, bytes);
	return fd;
}

/* One byte; false at the end. */
static bool
read_byte(int fd, char *ret)
{
	return recv(fd, ret, 1, 0) == 1;
}

static size_t
read_up_to(int fd, char *to, size_t len)
{
	size_t have = 0;
	ssize_t n;

	while (have < len && (n = recv(fd, to + have, len - have, 0)) > 0)
		have += (size_t)n;
	return have;
}

struct reply
reply_read(int fd, bool without_body)
{
	struct reply r = { 0 };
	const char *length;
	size_t len = 0;

	/* Byte by byte, so that nothing of the next reply is taken. */
	while (len + 1 < sizeof(r.head) && read_byte(fd, r.head + len)) {
		len++;
		if (len >= 4 && !memcmp(r.head + len - 4, "\r\n\r\n", 4))
			break;
	}
	if (strncmp(r.head, "HTTP/1.1 ", 9) != 0)
		return r;
	r.status = (int)strtol(r.head + 9, NULL, 10);
	length = reply_header(&r, "Content-Length");
	if (without_body || !length || r.status == 304)
		return r;
	r.body_len = strtoul(length, NULL, 10);
	r.body = x_calloc(1, r.body_len + 1);
	assert_int_equal(read_up_to(fd, r.body, r.body_len), r.body_len);
	return r;
}

void
reply_done(struct reply *r)
{
	free(r->body);
	*r = (struct reply){ 0 };
}

/* Walk the header lines; the n-th of that name. */
static bool
nth_header(const struct reply *r, const char *name, int n, struct slice *ret)
{
	struct slice rest = slice_str(r->head), line;

	while (slice_next_line(&rest, &line)) {
		if (!slice_starts_nocase(line, slice_str(name)) ||
			slice_sub(line, strlen(name), strlen(name) + 1)
				.ptr[0] != ':' || n-- > 0)
			continue;
		*ret = slice_trim(slice_from(line, strlen(name) + 1));
		return true;
	}
	return false;
}

const char *
reply_header(const struct reply *r, const char *name)
{
	static char value[1024];
	struct slice found;

	if (!nth_header(r, name, 0, &found))
		return NULL;
	snprintf(value, sizeof(value), "%.*s", ARG(found));
	return value;
}

int
reply_count(const struct reply *r, const char *name)
{
	struct slice found;
	int n = 0;

	while (nth_header(r, name, n, &found))
		n++;
	return n;
}

void
assert_header(const struct reply *r, const char *name, const char *value)
{
	const char *got = reply_header(r, name);

	if (!got && value)
		fail_msg("no %s in\n%s", name, r->head);
	else if (!value)
		assert_null(got);
	else
		assert_string_equal(got, value);
}

struct reply
ask(const struct fixture *f, const char *method, const char *path,
	const char *headers)
{
	char request[4096];
	struct reply r;
	int fd;

	snprintf(request, sizeof(request), "%s %s HTTP/1.1\r\nHost: "
		"127.0.0.1\r\n%s\r\n", method, path, headers);
	fd = client_send(f, request);
	r = reply_read(fd, !strcmp(method, "HEAD"));
	close(fd);
	return r;
}

bool
is_closed_within(int fd, int ms)
{
	int64_t end = clock_mono_ms() + ms;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char bytes[4096];

	for (;;) {
		int64_t left = end - clock_mono_ms();

		if (left <= 0 || poll(&p, 1, (int)left) <= 0)
			return false;
		if (recv(fd, bytes, sizeof(bytes), 0) <= 0)
			return true;
	}
}
