/*
 * Accepting: connections come in here, within the limits.
 *
 * 1. What is over a limit is closed at once: to refuse is cheaper than to
 *    keep waiting, and those who are in are not harmed.
 * 2. An address is an IPv4 address or an IPv6 /64, which is what one customer
 *    gets.  Unix peers are proxies: only the total counts for them.
 * 3. Out of descriptors, accepting rests until the next tick; without that the
 *    loop would spin on a socket that stays readable.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "serve/accept.h"
#include "serve/mhd.h"

enum { ACCEPT_BURST = 64 };

static struct peer *
peer_get(struct serve *s, const struct address *from)
{
	struct address client = address_client(from);
	struct slice key = slice((const char *)client.byte,
		sizeof(client.byte));
	struct peer *p = table_get(&s->peers, key);

	if (p)
		return p;
	p = x_calloc(1, sizeof(*p));
	p->client = client;
	table_set(&s->peers, slice((const char *)p->client.byte, key.len), p);
	return p;
}

void
accept_release(struct serve *s, struct peer *p)
{
	if (--p->connections > 0)
		return;
	table_remove(&s->peers, slice((const char *)p->client.byte,
		sizeof(p->client.byte)));
	free(p);
}

static void
tell_address(struct serve *s, const struct address *from)
{
	char text[ADDRESS_TEXT], what[ADDRESS_TEXT + 32];

	address_print(from, text);
	snprintf(what, sizeof(what), "max-per-address, by %s", text);
	serve_trouble(s, TROUBLE_ADDRESS, what);
}

/* Is there room for this connection?  If so, it is counted for its peer. */
static bool
admit(struct serve *s, const struct sockaddr_storage *ss, struct peer **ret)
{
	struct address from;
	struct peer *p;

	if (s->status.connections >= s->max_connections) {
		serve_trouble(s, TROUBLE_TOTAL, "max-connections");
		return false;
	}
	*ret = NULL;
	if (!address_of((const struct sockaddr *)ss, &from))
		return true;
	p = peer_get(s, &from);
	if (p->connections >= s->max_per_address) {
		tell_address(s, &from);
		return false;
	}
	p->connections++;
	*ret = p;
	return true;
}

/* Wait for the next tick: somebody may have closed something. */
static void
pause_accepting(struct serve *s)
{
	serve_trouble(s, TROUBLE_FILES, "open files");
	accept_stop(s);
	s->paused = true;
	ev_timer_again(s->loop, &s->tick);
}

/* Take one connection; false when there is no more for now. */
static bool
accept_one(struct serve *s, const struct listener *l)
{
	struct sockaddr_storage ss = { 0 };
	socklen_t len = sizeof(ss);
	struct peer *peer;
	int fd = accept4(l->fd, (struct sockaddr *)&ss, &len,
		SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0 && (errno == EMFILE || errno == ENFILE ||
		errno == ENOBUFS || errno == ENOMEM))
		pause_accepting(s);
	if (fd < 0)
		return errno == EINTR || errno == ECONNABORTED;
	if (admit(s, &ss, &peer)) {
		mhd_add(s, fd, &ss, len, peer, l->inside);
		return true;
	}
	s->status.refused++;
	close(fd);
	return true;
}

static void
on_connection(struct ev_loop *loop, ev_io *w, int revents)
{
	const struct listener *l = CONTAINER_OF(w, struct listener, io);

	(void)loop;
	(void)revents;
	for (int i = 0; i < ACCEPT_BURST; i++)
		if (!accept_one(w->data, l))
			return;
}

void
accept_start(struct serve *s)
{
	for (size_t i = 0; i < s->n_listeners; i++) {
		struct listener *l = &s->listeners[i];

		ev_io_init(&l->io, on_connection, l->fd, EV_READ);
		l->io.data = s;
		ev_io_start(s->loop, &l->io);
	}
	s->paused = false;
}

void
accept_stop(struct serve *s)
{
	for (size_t i = 0; i < s->n_listeners; i++)
		ev_io_stop(s->loop, &s->listeners[i].io);
}
