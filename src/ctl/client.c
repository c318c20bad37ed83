/*
 * The other end of the control socket: one line out, one line back.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/slice.h"
#include "ctl/client.h"
#include "daemon/config_defaults.h"
#include "daemon/config_read.h"

enum { ANSWER_MAX = 256 * 1024 * 1024 };

static void
add_path(struct client_paths *p, const char *path)
{
	for (size_t i = 0; i < p->n; i++)
		if (slice_eq(slice_str(p->list[i]), slice_str(path)))
			return;
	CHECK(p->n < CLIENT_PATHS_MAX);
	p->list[p->n++] = path;
}

static void
add_default(struct client_paths *p, const struct config_defaults *d,
	struct arena *a)
{
	add_path(p, d->control ? d->control :
		arena_printf(a, "%s/control.sock", d->state_dir).ptr);
}

void
client_find(const char *socket, const char *config,
	struct client_paths *ret, struct arena *a)
{
	struct config_defaults d;
	bool sure = socket != NULL;
	const char *named = socket ? socket :
		config_find_control(config, a, &sure);

	*ret = (struct client_paths){ 0 };
	if (named)
		add_path(ret, named);
	/* Another place would be another daemon. */
	if (sure)
		return;
	config_defaults_system(&d, a);
	add_default(ret, &d, a);
	config_defaults_user(&d, a);
	add_default(ret, &d, a);
}

bool
client_find_apart(const char *socket, const char *config,
	struct client_paths *ret, struct arena *a)
{
	const char *apart = socket ? NULL : config_find_courier(config, a);

	*ret = (struct client_paths){ 0 };
	if (!apart || access(apart, F_OK) < 0)
		return false;
	add_path(ret, apart);
	return true;
}

void
client_find_courier(const char *socket, const char *config,
	struct client_paths *ret, struct arena *a)
{
	struct client_paths usual;

	client_find(socket, config, &usual, a);
	client_find_apart(socket, config, ret, a);
	for (size_t i = 0; i < usual.n; i++)
		add_path(ret, usual.list[i]);
}

/* What the operator can do about a socket that does not answer. */
static int
hint_unreachable(struct err *e, int reason)
{
	if (reason == EACCES)
		return err_hint(e, "Ask as root, or as a member of the "
			"socket's group.");
	return err_hint(e, "Is it running?  Start it (\"systemctl start "
		"gazetted\"), or name its socket with --socket.");
}

static int
connect_to(const char *path, struct err *e)
{
	struct timeval wait = { .tv_sec = CLIENT_TIMEOUT_S };
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int reason;

	if (strlen(path) >= sizeof(un.sun_path)) {
		fd_close(&fd);
		return err_set(e, ERR_CONFIG, "the socket's path is too "
			"long: \"%s\"", path);
	}
	memcpy(un.sun_path, path, strlen(path));
	if (fd >= 0 &&
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait,
			sizeof(wait)) == 0 &&
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait,
			sizeof(wait)) == 0 &&
		connect(fd, (const struct sockaddr *)&un, sizeof(un)) == 0)
		return fd;
	reason = errno;
	err_set(e, ERR_IO, "cannot reach gazetted at \"%s\": %m", path);
	fd_close(&fd);
	return hint_unreachable(e, reason);
}

/* The first that answers; else the error of the most telling. */
static int
connect_any(const struct client_paths *paths, struct err *e)
{
	struct err why;
	int fd;

	for (size_t i = 0; i < paths->n; i++) {
		errno = 0;
		fd = connect_to(paths->list[i], &why);
		if (fd >= 0)
			return fd;
		if (i == 0 || errno != ENOENT)
			*e = why;
	}
	return -1;
}

static int
send_request(int fd, const json_t *request, struct err *e)
{
	char *text = json_dumps(request, JSON_COMPACT);
	int done;

	if (!text)
		return err_set(e, ERR_SYNTAX, "the request is not UTF-8");
	done = fd_write(fd, slice_str(text), e);
	free(text);
	return done < 0 ? -1 : fd_write(fd, S("\n"), e);
}

static int
read_answer(int fd, struct buf *b, struct err *e)
{
	ssize_t n;
	char *p;

	while ((p = buf_reserve(b, 64 * 1024))) {
		n = read(fd, p, 64 * 1024);
		if (n == 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return err_set(e, ERR_IO, errno == EAGAIN ?
				"gazetted does not answer" :
				"cannot read the answer: %m");
		if (n > 0)
			buf_commit(b, (size_t)n);
	}
	return err_set(e, ERR_LIMIT, "the answer is too long");
}

int
client_ask(const struct client_paths *paths, const json_t *request,
	json_t **ret, struct err *e)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(ANSWER_MAX);
	CLEANUP(fd_close) int fd = connect_any(paths, e);
	json_t *answer;

	if (fd < 0 || send_request(fd, request, e) < 0 ||
		read_answer(fd, &b, e) < 0)
		return -1;
	answer = json_loadb(buf_slice(&b).ptr, b.len, 0, NULL);
	if (!json_is_object(answer)) {
		json_decref(answer);
		return err_set(e, ERR_SYNTAX, b.len ? "the answer is not "
			"JSON" : "gazetted closed the connection");
	}
	*ret = answer;
	return 0;
}
