/*
 * Listening: TCP, unix sockets, and what the service manager handed over.
 *
 * 1. Sockets handed over (sd_listen_fds(3)) replace the configured ones of
 *    their kind, so the unit alone decides who can connect.  They are
 *    duplicated: a restart of the server inside one process finds the
 *    originals still open.
 * 2. A unix socket that nobody answers is left over from a crash and is
 *    replaced; one that answers belongs to somebody.
 * 3. IPv6 sockets take IPv6 only, so "0.0.0.0:80" and "[::]:80" live together.
 */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/file.h"
#include "serve/listen.h"

enum { HOST_SIZE = 256, PORT_SIZE = 8 };

/* A socket for the unix control channel may come the same way; not ours. */
static const char control_name[] = "control";
/* The name of a socket for operators. */
static const char status_name[] = "status";

/* ---- names ---- */

/* The address that the socket is really bound to. */
static char *
name_of(int fd)
{
	struct sockaddr_storage ss = { 0 };
	socklen_t len = sizeof(ss);
	char host[HOST_SIZE], port[PORT_SIZE], *name = NULL;
	bool v6;

	if (getsockname(fd, (struct sockaddr *)&ss, &len) < 0)
		return x_strdup("?");
	if (ss.ss_family == AF_UNIX) {
		CHECK(asprintf(&name, "unix:%s",
			((struct sockaddr_un *)&ss)->sun_path) >= 0);
		return name;
	}
	if (getnameinfo((struct sockaddr *)&ss, len, host, sizeof(host), port,
		sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return x_strdup("?");
	v6 = ss.ss_family == AF_INET6;
	CHECK(asprintf(&name, "http://%s%s%s:%s/", v6 ? "[" : "", host,
		v6 ? "]" : "", port) >= 0);
	return name;
}

/* ---- TCP ---- */

/* "127.0.0.1:8080" or "[::1]:80"; false: it is neither. */
static bool
split(struct slice s, char host[static HOST_SIZE], char port[static PORT_SIZE])
{
	ssize_t colon = slice_rfind_byte(s, ':');
	struct slice h, p;

	if (colon <= 0)
		return false;
	h = slice(s.ptr, (size_t)colon);
	p = slice_from(s, (size_t)colon + 1);
	if (slice_starts(h, S("[")) && slice_ends(h, S("]")))
		h = slice_sub(h, 1, h.len - 1);
	else if (slice_find_byte(h, ':') >= 0)
		return false;
	if (h.len == 0 || h.len >= HOST_SIZE || slice_number(p, 65535) < 0 ||
		p.len >= PORT_SIZE)
		return false;
	memcpy(host, h.ptr, h.len);
	host[h.len] = '\0';
	memcpy(port, p.ptr, p.len);
	port[p.len] = '\0';
	return true;
}

/* Say why bind(2) or listen(2) failed, and what to do about it. */
static int
bind_failed(struct slice where, const char *port, struct err *e)
{
	int why = errno;

	err_set(e, ERR_IO, "cannot listen on \"%.*s\": %m", ARG(where));
	switch (why) {
	case EADDRINUSE:
		return err_hint(e, "Another program has this port (\"ss -ltnp "
			"sport = :%s\" names it): stop it, or choose another "
			"port in serve.listen.", port);
	case EACCES:
		return err_hint(e, "Ports below 1024 need a privilege: choose "
			"a higher one, or let systemd hand over the socket.");
	case EADDRNOTAVAIL:
		return err_hint(e, "No interface of this machine has that "
			"address; \"ip addr\" lists those that it has.");
	default:
		return -1;
	}
}

static int
bind_to(const struct addrinfo *ai, int *ret)
{
	CLEANUP(fd_close) int fd = socket(ai->ai_family,
		SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on,
		sizeof(on)) < 0)
		return -1;
	if (ai->ai_family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6,
		IPV6_V6ONLY, &on, sizeof(on)) < 0)
		return -1;
	if (bind(fd, ai->ai_addr, ai->ai_addrlen) < 0 ||
		listen(fd, SOMAXCONN) < 0)
		return -1;
	*ret = fd;
	fd = -1;
	return 0;
}

static int
open_tcp(struct slice where, struct listener *ret, struct err *e)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICSERV | AI_PASSIVE };
	struct addrinfo *list;
	char host[HOST_SIZE], port[PORT_SIZE];
	int failed, bound;

	if (!split(where, host, port)) {
		err_set(e, ERR_CONFIG, "cannot listen on \"%.*s\": it is not "
			"an address", ARG(where));
		return err_hint(e, "Write \"127.0.0.1:8080\", \"[::1]:8080\" "
			"or \"unix:/run/name.sock\".");
	}
	failed = getaddrinfo(host, port, &hints, &list);
	if (failed)
		return err_set(e, ERR_CONFIG, "cannot listen on \"%.*s\": %s",
			ARG(where), gai_strerror(failed));
	bound = bind_to(list, &ret->fd);
	freeaddrinfo(list);
	return bound < 0 ? bind_failed(where, port, e) : 0;
}

/* ---- unix sockets ---- */

/* Does somebody accept connections there? */
static bool
is_alive(const struct sockaddr_un *sun)
{
	CLEANUP(fd_close) int fd = socket(AF_UNIX,
		SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	/* EAGAIN is a full backlog: somebody is there, and busy. */
	return fd < 0 || connect(fd, (const struct sockaddr *)sun,
		sizeof(*sun)) == 0 || errno != ECONNREFUSED;
}

/* The path is taken: remove it if it is a socket that nobody answers. */
static int
clear_stale(const struct sockaddr_un *sun, struct err *e)
{
	const char *path = sun->sun_path;
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 : err_set(e, ERR_IO,
			"cannot look at \"%s\": %m", path);
	if (!S_ISSOCK(st.st_mode))
		return err_set(e, ERR_CONFIG, "cannot listen on \"unix:%s\": "
			"it exists and is not a socket", path);
	if (is_alive(sun)) {
		err_set(e, ERR_IO, "cannot listen on \"unix:%s\": another "
			"program answers there", path);
		return err_hint(e, "Stop that program (\"ss -lxp\" names it), "
			"or choose another path in serve.listen.");
	}
	if (unlink(path) < 0 && errno != ENOENT)
		return err_set(e, ERR_IO, "cannot remove the stale socket "
			"\"%s\": %m", path);
	return 0;
}

/*
 * What we serve is public, so everybody on this machine may connect: a proxy
 * runs as another user.  What is for operators is for our group.  The mode is
 * set before anybody can connect: a socket that does not listen yet refuses.
 */
static int
bind_unix(int fd, const struct sockaddr_un *sun, struct listener *ret,
	struct err *e)
{
	if (bind(fd, (const struct sockaddr *)sun, sizeof(*sun)) < 0 ||
		chmod(sun->sun_path, ret->inside ? 0660 : 0666) < 0 ||
		listen(fd, SOMAXCONN) < 0)
		return err_set(e, ERR_IO, "cannot listen on \"unix:%s\": %m",
			sun->sun_path);
	ret->path = x_strdup(sun->sun_path);
	return 0;
}

static int
open_unix(struct slice path, struct listener *ret, struct err *e)
{
	CLEANUP(fd_close) int fd = -1;
	struct sockaddr_un sun = { .sun_family = AF_UNIX };

	if (path.len == 0 || path.len >= sizeof(sun.sun_path))
		return err_set(e, ERR_CONFIG, "cannot listen on \"unix:%.*s\": "
			"the path must have 1 to %zu bytes", ARG(path),
			sizeof(sun.sun_path) - 1);
	memcpy(sun.sun_path, path.ptr, path.len);
	if (clear_stale(&sun, e) < 0)
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return err_set(e, ERR_IO, "cannot make a socket: %m");
	if (bind_unix(fd, &sun, ret, e) < 0)
		return -1;
	ret->fd = fd;
	fd = -1;
	return 0;
}

static int
open_configured(struct slice where, struct listener *ret, struct err *e)
{
	int opened = slice_starts(where, S("unix:")) ?
		open_unix(slice_from(where, 5), ret, e) :
		open_tcp(where, ret, e);

	if (opened < 0)
		return -1;
	ret->name = name_of(ret->fd);
	return 0;
}

/* ---- inherited sockets ---- */

static int
adopt(int inherited, struct listener *ret, struct err *e)
{
	int flags;

	if (sd_is_socket(inherited, AF_UNSPEC, SOCK_STREAM, 1) <= 0)
		return err_set(e, ERR_CONFIG, "the inherited descriptor %d is "
			"not a listening stream socket", inherited);
	ret->fd = fcntl(inherited, F_DUPFD_CLOEXEC, 3);
	if (ret->fd < 0 || (flags = fcntl(ret->fd, F_GETFL)) < 0 ||
		fcntl(ret->fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return err_set(e, ERR_IO, "cannot take over the inherited "
			"descriptor %d: %m", inherited);
	ret->name = name_of(ret->fd);
	return 0;
}

static void
free_names(char **names)
{
	for (size_t i = 0; names && names[i]; i++)
		free(names[i]);
	free(names);
}

static int
adopt_all(struct listener **ret, size_t *ret_n, struct err *e)
{
	char **names = NULL;
	int n = sd_listen_fds_with_names(0, &names), failed = 0;

	for (int i = 0; i < n && !failed; i++) {
		struct listener l = { .fd = -1,
			.inside = !strcmp(names[i], status_name) };

		if (!strcmp(names[i], control_name))
			continue;
		failed = adopt(SD_LISTEN_FDS_START + i, &l, e);
		*ret = x_realloc(*ret, (*ret_n + 1) * sizeof(**ret));
		(*ret)[(*ret_n)++] = l;
	}
	free_names(names);
	return failed;
}

struct listening {
	struct listener *list;
	size_t n;
};

static bool
has_kind(const struct listening *l, bool inside)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->list[i].inside == inside)
			return true;
	return false;
}

/* Open what the configuration says of a kind, unless that is there. */
static int
open_kind(struct listening *l, const struct slice *where, size_t n,
	bool inside, struct err *e)
{
	if (has_kind(l, inside))
		return 0;
	for (size_t i = 0; i < n; i++) {
		l->list = x_realloc(l->list, (l->n + 1) * sizeof(*l->list));
		l->list[l->n] = (struct listener){ .fd = -1,
			.inside = inside };
		if (open_configured(where[i], &l->list[l->n++], e) < 0)
			return -1;
	}
	return 0;
}

int
listen_open(const struct serve_conf *c, struct listener **ret, size_t *ret_n,
	struct err *e)
{
	struct listening l = { 0 };
	int rc = adopt_all(&l.list, &l.n, e);

	if (rc == 0)
		rc = open_kind(&l, c->listen, c->n_listen, false, e);
	if (rc == 0)
		rc = open_kind(&l, c->status, c->n_status, true, e);
	if (rc == 0 && !has_kind(&l, false))
		rc = err_set(e, ERR_CONFIG, "there is nothing to listen on");
	if (rc < 0) {
		listen_close(l.list, l.n);
		return -1;
	}
	*ret = l.list;
	*ret_n = l.n;
	return 0;
}

/*
 * Remove the socket at a path where we do not listen any more.  Whoever
 * answers there took our place, and keeps it.
 */
static void
remove_path(const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	struct err ignored;

	memcpy(sun.sun_path, path, strlen(path));
	if (clear_stale(&sun, &ignored) < 0)
		return;
}

void
listen_close(struct listener *l, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		fd_close(&l[i].fd);
		if (l[i].path)
			remove_path(l[i].path);
		free(l[i].path);
		free(l[i].name);
	}
	free(l);
}
