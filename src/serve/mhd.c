/*
 * libmicrohttpd in the loop.
 *
 * It parses and writes, and tells us of each request twice: first the head
 * (there it is judged; an answer at that moment also closes), then the whole
 * request (there the owner is asked).
 *
 * It runs in an ev_prepare, that is, once per turn of the loop, after every
 * other callback and before the loop sleeps.  So an answer that came in a
 * callback goes out in the same turn, and its callbacks never nest in the
 * owner's.  When it has more to do at once, an idle watcher keeps the loop
 * from sleeping.
 */
#include <stdarg.h>
#include <stdio.h>

#include "serve/conn.h"
#include "serve/mhd.h"

/* ---- requests ---- */

static struct conn *
conn_of(struct MHD_Connection *mhd)
{
	return MHD_get_connection_info(mhd,
		MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

/*
 * A walk over the fields.  Up to 0.9.77 the library keeps the head in one
 * piece and cuts each line at its first NUL; what stood behind that, folded
 * lines and bare LFs it hides from us.  So each field must begin exactly where
 * the one before it ends, CRLF between them.
 */
struct walk {
	struct head *head;
	const char *next;
	bool torn;
};

static enum MHD_Result
on_field(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_len,
	const char *value, size_t value_len)
{
	struct walk *w = cls;

	(void)kind;
	w->torn |= name != w->next || !value;
	if (!value)
		return MHD_NO;
	w->next = value + value_len + 2;
	gate_field(w->head, slice(name, name_len), slice(value, value_len));
	return MHD_YES;
}

#if MHD_VERSION < 0x00097701
/*
 * When strict, it refuses a request without Host by itself, and writes the
 * head of its answer twice.  Else it leaves that, and spaces in the target,
 * to the gate.
 */
enum { STRICT = 0 };

/* Is the head more than what we were shown of it, or its target two words? */
static bool
is_torn(const struct conn *c, const char *method, const char *url,
	const char *version, const struct walk *w)
{
	size_t size = MHD_get_connection_info(c->mhd,
		MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)->header_size;

	return w->torn || url != method + strlen(method) + 1 ||
		version != url + c->target_len + 1 ||
		memchr(url, ' ', c->target_len) ||
		w->next + 2 != method + size;
}
#else
enum { STRICT = 1 };

static bool
is_torn(const struct conn *c, const char *method, const char *url,
	const char *version, const struct walk *w)
{
	(void)c;
	(void)method;
	(void)url;
	(void)version;
	(void)w;
	return false;
}
#endif

static void
read_head(struct conn *c, const char *method, const char *url,
	const char *version)
{
	struct walk w = { &c->head, version + strlen(version) + 2, false };
	int parts;

	gate_begin(&c->head, slice_str(method), slice_str(url),
		slice_str(version));
	MHD_get_connection_values_n(c->mhd, MHD_HEADER_KIND, on_field, &w);
	/* Arguments and cookies are cut apart, whether we want it or not. */
	parts = MHD_get_connection_values_n(c->mhd, MHD_GET_ARGUMENT_KIND |
		MHD_COOKIE_KIND, NULL, NULL);
	c->head.cost += (size_t)MAX(parts, 0) * HEAD_FIELD_COST +
		c->target_len - strlen(url);
	c->head.bad |= is_torn(c, method, url, version, &w);
}

static void *
on_target(void *cls, const char *target, struct MHD_Connection *mhd)
{
	(void)cls;
	conn_begin(conn_of(mhd), strlen(target ? target : ""));
	return NULL;
}

static enum MHD_Result
on_request(void *cls, struct MHD_Connection *mhd, const char *url,
	const char *method, const char *version, const char *upload,
	size_t *upload_len, void **state)
{
	struct conn *c = conn_of(mhd);

	(void)cls;
	(void)state;
	if (!c->judged) {
		read_head(c, method, url, version);
		return conn_judge(c) ? conn_queue(c) : MHD_YES;
	}
	if (*upload_len > 0) {
		buf_put(&c->form, slice(upload, *upload_len));
		*upload_len = 0;
		return MHD_YES;
	}
	if (!c->answer.response)
		conn_ask(c);
	return c->answer.response ? conn_queue(c) : MHD_YES;
}

static void
on_completed(void *cls, struct MHD_Connection *mhd, void **state,
	enum MHD_RequestTerminationCode why)
{
	(void)cls;
	(void)state;
	(void)why;
	conn_completed(conn_of(mhd));
}

static void
on_connection(void *cls, struct MHD_Connection *mhd, void **context,
	enum MHD_ConnectionNotificationCode what)
{
	struct serve *s = cls;
	struct conn *c = *context;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		conn_free(c);
		return;
	}
	*context = s->arriving;
	s->arriving->mhd = mhd;
	s->arriving = NULL;
}

/* Paths are matched as they were sent, so that "%2f" is never a "/". */
static size_t
on_unescape(void *cls, struct MHD_Connection *mhd, char *s)
{
	(void)cls;
	(void)mhd;
	return strlen(s);
}

static void
on_log(void *cls, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);

static void
on_log(void *cls, const char *fmt, va_list ap)
{
	char text[200];

	if (vsnprintf(text, sizeof(text), fmt, ap) < 0)
		return;
	text[strcspn(text, "\r\n")] = '\0';
	serve_trouble(cls, TROUBLE_LIBRARY, text);
}

/* ---- in the loop ---- */

static void
on_idle(struct ev_loop *loop, ev_idle *w, int revents)
{
	(void)loop;
	(void)w;
	(void)revents;
}

/* Something for the library: it runs before the loop sleeps. */
static void
on_ready(struct ev_loop *loop, ev_io *w, int revents)
{
	(void)loop;
	(void)revents;
	((struct serve *)w->data)->wake = true;
}

static void
on_timer(struct ev_loop *loop, ev_timer *w, int revents)
{
	(void)loop;
	(void)revents;
	((struct serve *)w->data)->wake = true;
}

/* Obey MHD_get_timeout(): at once, at some time, or never. */
static void
plan_next_run(struct serve *s)
{
	MHD_UNSIGNED_LONG_LONG ms;
	bool planned = MHD_get_timeout(s->daemon, &ms) == MHD_YES;

	s->wake = planned && ms == 0;
	if (s->wake)
		ev_idle_start(s->loop, &s->idle);
	else
		ev_idle_stop(s->loop, &s->idle);
	ev_timer_stop(s->loop, &s->timer);
	if (planned && ms > 0) {
		ev_timer_set(&s->timer, (double)ms / 1000., 0.);
		ev_timer_start(s->loop, &s->timer);
	}
}

static void
on_prepare(struct ev_loop *loop, ev_prepare *w, int revents)
{
	struct serve *s = w->data;

	(void)loop;
	(void)revents;
	if (!s->wake)
		return;
	MHD_run(s->daemon);
	plan_next_run(s);
}

void
mhd_add(struct serve *s, int fd, const struct sockaddr_storage *ss,
	socklen_t len, struct peer *peer, bool inside)
{
	s->arriving = conn_new(s, fd, peer);
	s->arriving->inside = inside;
	s->arriving->has_address = address_of((const struct sockaddr *)ss,
		&s->arriving->address);
	if (!ev_is_active(&s->tick))
		ev_timer_again(s->loop, &s->tick);
	/* A failure closes fd, and only then leaves the connection to us. */
	if (MHD_add_connection(s->daemon, fd, (const struct sockaddr *)ss,
		len) != MHD_YES && s->arriving)
		conn_free(s->arriving);
	s->arriving = NULL;
	s->wake = true;
}

static void
start_watchers(struct serve *s, int epoll)
{
	ev_io_init(&s->io, on_ready, epoll, EV_READ);
	ev_prepare_init(&s->prepare, on_prepare);
	ev_idle_init(&s->idle, on_idle);
	ev_timer_init(&s->timer, on_timer, 0., 0.);
	s->io.data = s->prepare.data = s->timer.data = s;
	ev_io_start(s->loop, &s->io);
	ev_prepare_start(s->loop, &s->prepare);
}

int
mhd_start(struct serve *s, struct err *e)
{
	const union MHD_DaemonInfo *info;

	s->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_TURBO |
		MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME |
		MHD_USE_ERROR_LOG, 0, NULL, NULL, on_request, s,
		MHD_OPTION_EXTERNAL_LOGGER, on_log, s,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_MEMORY,
		MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)(s->max_connections + 1),
		MHD_OPTION_CONNECTION_TIMEOUT, 0u,
		/* It is ignored; else sendfile(2) would not be used. */
		MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
		MHD_OPTION_STRICT_FOR_CLIENT, (int)STRICT,
		MHD_OPTION_UNESCAPE_CALLBACK, on_unescape, NULL,
		MHD_OPTION_URI_LOG_CALLBACK, on_target, s,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, s,
		MHD_OPTION_END);
	info = s->daemon ? MHD_get_daemon_info(s->daemon,
		MHD_DAEMON_INFO_EPOLL_FD) : NULL;
	if (!info)
		return err_set(e, ERR_IO, "cannot start libmicrohttpd: %m");
	start_watchers(s, info->epoll_fd);
	return 0;
}

void
mhd_stop(struct serve *s)
{
	if (!s->daemon)
		return;
	ev_io_stop(s->loop, &s->io);
	ev_prepare_stop(s->loop, &s->prepare);
	ev_idle_stop(s->loop, &s->idle);
	ev_timer_stop(s->loop, &s->timer);
	conn_resume_all(s);
	MHD_stop_daemon(s->daemon);
}
