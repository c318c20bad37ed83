/*
 * The control socket.
 *
 *	          line whole             answered             written
 *	READING ------------> ASKED ----------------> WRITING --------> gone
 *	   | deadline, EOF                               | deadline, EPIPE
 *	   +---------------------> gone <----------------+
 *
 * In ASKED nothing is read: whether the client is still there shows when the
 * answer is written, and a client that has shut down its sending side (as
 * netcat does) still gets one.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/path.h"
#include "daemon/control.h"

enum { ANSWER_MAX = 256 * 1024 * 1024 };

/* One client, from accept(2) to close(2). */
struct control_request {
	struct control *control;	/* NULL: freed meanwhile */
	struct control_request *prev, *next;
	int fd;
	struct ev_io io;
	struct ev_timer deadline;
	struct buf in;
	json_t *args;
	struct buf out;
	size_t sent;
};

struct control {
	struct ev_loop *loop;
	const struct control_ops *ops;
	void *ctx;
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	ino_t ino;		/* of the socket: only our own is removed */
	int fd;
	struct ev_io io;
	struct ev_timer pause;	/* after an accept(2) that failed */
	struct control_request *clients;
	unsigned n;
};

/* ---- a client's life ---- */

/* Stop everything that could still happen to it, and forget it. */
static void
detach(struct control_request *r)
{
	struct control *c = r->control;

	ev_io_stop(c->loop, &r->io);
	ev_timer_stop(c->loop, &r->deadline);
	if (r->prev)
		r->prev->next = r->next;
	else
		c->clients = r->next;
	if (r->next)
		r->next->prev = r->prev;
	c->n--;
	r->control = NULL;
}

static void
request_free(struct control_request *r)
{
	if (r->control) {
		ev_io_start(r->control->loop, &r->control->io);
		detach(r);
	}
	fd_close(&r->fd);
	json_decref(r->args);
	buf_done(&r->in);
	buf_done(&r->out);
	free(r);
}

static void
on_deadline(struct ev_loop *loop, struct ev_timer *w, int events)
{
	(void)loop;
	(void)events;
	request_free(w->data);
}

static void
restart_deadline(struct control_request *r)
{
	r->deadline.repeat = CONTROL_DEADLINE_S;
	ev_timer_again(r->control->loop, &r->deadline);
}

/* ---- the answer ---- */

static void
on_writable(struct ev_loop *loop, struct ev_io *w, int events)
{
	struct control_request *r = w->data;
	struct slice rest = slice_from(buf_slice(&r->out), r->sent);
	ssize_t n = send(r->fd, rest.ptr, rest.len,
		MSG_NOSIGNAL | MSG_DONTWAIT);

	(void)loop;
	(void)events;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0 || (size_t)n == rest.len) {
		request_free(r);
		return;
	}
	r->sent += (size_t)n;
	restart_deadline(r);
}

static int
put_json(const char *bytes, size_t len, void *out)
{
	buf_put(out, slice(bytes, len));
	return 0;
}

void
control_answer(struct control_request *r, json_t *result)
{
	int failed;

	if (!json_object_get(result, "ok"))
		json_object_set_new(result, "ok", json_true());
	failed = json_dump_callback(result, put_json, &r->out, JSON_COMPACT);
	json_decref(result);
	buf_put_byte(&r->out, '\n');
	if (!r->control || failed || !buf_ok(&r->out)) {
		request_free(r);
		return;
	}
	ev_io_set(&r->io, r->fd, EV_WRITE);
	ev_set_cb(&r->io, on_writable);
	ev_io_start(r->control->loop, &r->io);
	restart_deadline(r);
}

void
control_fail(struct control_request *r, enum control_code code,
	const struct err *e)
{
	json_t *o = json_pack("{s:b, s:i, s:s}", "ok", 0, "code", (int)code,
		"error", e->text);

	/* A text that is not UTF-8 cannot be told in JSON. */
	if (!o)
		o = json_pack("{s:b, s:i, s:s}", "ok", 0, "code", (int)code,
			"error", "it failed");
	if (e->hint[0])
		json_object_set_new(o, "hint", json_string(e->hint));
	control_answer(r, o);
}

/* ---- the request ---- */

static void
refuse(struct control_request *r, const char *why)
{
	struct err e;

	err_set(&e, ERR_SYNTAX, "%s", why);
	err_hint(&e, "Send one line of JSON, as {\"verb\":\"status\"}.");
	control_fail(r, CONTROL_USAGE, &e);
}

/* The whole line is there: from READING to ASKED. */
static void
ask(struct control_request *r, struct slice line)
{
	const char *verb;

	ev_io_stop(r->control->loop, &r->io);
	ev_timer_stop(r->control->loop, &r->deadline);
	r->args = json_loadb(line.ptr, line.len, JSON_REJECT_DUPLICATES, NULL);
	verb = json_string_value(json_object_get(r->args, "verb"));
	if (!verb)
		refuse(r, "the request is not an object with a \"verb\"");
	else
		r->control->ops->request(r->control->ctx, r, verb, r->args);
}

static void
on_readable(struct ev_loop *loop, struct ev_io *w, int events)
{
	struct control_request *r = w->data;
	char bytes[4096];
	ssize_t n = recv(r->fd, bytes, sizeof(bytes), MSG_DONTWAIT), end;

	(void)loop;
	(void)events;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		request_free(r);
		return;
	}
	buf_put(&r->in, slice(bytes, (size_t)n));
	end = slice_find_byte(buf_slice(&r->in), '\n');
	if (end >= 0) {
		ask(r, slice(r->in.ptr, (size_t)end));
	} else if (!buf_ok(&r->in)) {
		ev_io_stop(r->control->loop, &r->io);
		refuse(r, "the request is too long");
	}
}

static void
client_new(struct control *c, int fd)
{
	struct control_request *r = x_calloc(1, sizeof(*r));

	r->control = c;
	r->fd = fd;
	r->in = BUF_INIT(CONTROL_REQUEST_MAX);
	r->out = BUF_INIT(ANSWER_MAX);
	r->next = c->clients;
	if (r->next)
		r->next->prev = r;
	c->clients = r;
	c->n++;
	ev_io_init(&r->io, on_readable, fd, EV_READ);
	r->io.data = r;
	ev_io_start(c->loop, &r->io);
	/* Not again after each byte: who drips does not stay. */
	ev_timer_init(&r->deadline, on_deadline, CONTROL_DEADLINE_S, 0);
	r->deadline.data = r;
	ev_timer_start(c->loop, &r->deadline);
}

/* ---- listening ---- */

static void
on_pause_over(struct ev_loop *loop, struct ev_timer *w, int events)
{
	struct control *c = w->data;

	(void)events;
	ev_io_start(loop, &c->io);
}

static void
on_client(struct ev_loop *loop, struct ev_io *w, int events)
{
	struct control *c = w->data;
	int fd = accept4(c->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)events;
	if (fd >= 0) {
		client_new(c, fd);
		if (c->n == CONTROL_CLIENTS_MAX)
			ev_io_stop(loop, &c->io);
	} else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
		errno == ENOBUFS) {
		/* It stays readable: without a pause the loop would spin. */
		ev_io_stop(loop, &c->io);
		ev_timer_set(&c->pause, 1, 0);
		ev_timer_start(loop, &c->pause);
	}
}

/* Make way: a socket that nobody listens at is left from a crash. */
static int
remove_stale(const struct sockaddr_un *un, struct err *e)
{
	CLEANUP(fd_close) int fd = -1;
	struct stat st;

	if (lstat(un->sun_path, &st) < 0)
		return 0;
	if (!S_ISSOCK(st.st_mode))
		return err_set(e, ERR_CONFIG, "\"%s\" is there and is not a "
			"socket", un->sun_path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)un,
		sizeof(*un)) < 0 && errno == ECONNREFUSED) {
		unlink(un->sun_path);
		return 0;
	}
	err_set(e, ERR_BUSY, "another gazetted answers at \"%s\"",
		un->sun_path);
	return err_hint(e, "Stop it first, or write another control: path.");
}

/*
 * A bound socket that nobody but the owner could reach before its mode was
 * set: fchmod(2) before bind(2) decides with what mode it is born.
 */
static int
listen_at(const struct sockaddr_un *un, struct err *e)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
		0);

	if (fd >= 0 && fchmod(fd, 0600) == 0 &&
		bind(fd, (const struct sockaddr *)un, sizeof(*un)) == 0 &&
		chmod(un->sun_path, 0660) == 0 &&
		listen(fd, CONTROL_CLIENTS_MAX) == 0)
		return fd;
	err_set(e, ERR_IO, "cannot listen at \"%s\": %m", un->sun_path);
	fd_close(&fd);
	return -1;
}

static int
make_folder(const char *path, struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct slice dir = path_parent(slice_str(path));

	return dir_make(AT_FDCWD, arena_copy(&a, dir).ptr, e);
}

int
control_new(struct ev_loop *loop, const char *path,
	const struct control_ops *ops, void *ctx, struct control **ret,
	struct err *e)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct control *c;
	struct stat st;
	int fd;

	if (strlen(path) >= sizeof(un.sun_path))
		return err_set(e, ERR_LIMIT, "the control socket's path is "
			"too long: \"%s\"", path);
	memcpy(un.sun_path, path, strlen(path));
	if (make_folder(path, e) < 0 || remove_stale(&un, e) < 0 ||
		(fd = listen_at(&un, e)) < 0)
		return err_in(e, "the control socket");
	c = x_calloc(1, sizeof(*c));
	c->loop = loop;
	c->ops = ops;
	c->ctx = ctx;
	c->fd = fd;
	memcpy(c->path, un.sun_path, sizeof(c->path));
	c->ino = lstat(path, &st) == 0 ? st.st_ino : 0;
	ev_timer_init(&c->pause, on_pause_over, 1, 0);
	c->pause.data = c;
	ev_io_init(&c->io, on_client, fd, EV_READ);
	c->io.data = c;
	ev_io_start(loop, &c->io);
	*ret = c;
	return 0;
}

void
control_free(struct control *c)
{
	struct control_request *r, *next;
	struct stat st;

	if (!c)
		return;
	ev_io_stop(c->loop, &c->io);
	ev_timer_stop(c->loop, &c->pause);
	for (r = c->clients; r; r = next) {
		next = r->next;
		detach(r);
		/* A request that is kept belongs to who will answer it. */
		if (!r->args || r->out.len > 0)
			request_free(r);
	}
	if (lstat(c->path, &st) == 0 && st.st_ino == c->ino)
		unlink(c->path);
	fd_close(&c->fd);
	free(c);
}
