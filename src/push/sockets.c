/*
 * libcurl's multi handle on libev: its sockets and its one timer.
 *
 * What is due at once is only noted: the client runs it once for everything
 * that came together, before the loop waits again.  A timer that is to go off
 * later than it would is left alone, and set anew when it does: libcurl moves
 * it with almost every step, and hardly ever needs it.
 */
#include <stdlib.h>

#include "push/sockets.h"

struct socket_watch {
	ev_io io;
	struct sockets *sockets;
	struct socket_watch *next;	/* of those to spare */
};

static void
act(struct sockets *s, curl_socket_t fd, int events)
{
	int running;

	s->has_news = true;
	CHECK(curl_multi_socket_action(s->multi, fd, events, &running) ==
		CURLM_OK);
}

static void
on_ready(struct ev_loop *loop, ev_io *w, int events)
{
	struct socket_watch *watch = w->data;

	(void)loop;
	act(watch->sockets, w->fd, (events & EV_READ ? CURL_CSELECT_IN : 0) |
		(events & EV_WRITE ? CURL_CSELECT_OUT : 0) |
		(events & EV_ERROR ? CURL_CSELECT_ERR : 0));
}

static struct socket_watch *
watch_new(struct sockets *s)
{
	struct socket_watch *w = s->spare;

	if (w)
		s->spare = w->next;
	else
		w = x_calloc(1, sizeof(*w));
	w->sockets = s;
	ev_init(&w->io, on_ready);
	w->io.data = w;
	return w;
}

static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *assigned)
{
	struct sockets *s = arg;
	struct socket_watch *w = assigned;
	int events = (what & CURL_POLL_IN ? EV_READ : 0) |
		(what & CURL_POLL_OUT ? EV_WRITE : 0);

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (!w)
			return 0;
		ev_io_stop(s->loop, &w->io);
		w->next = s->spare;
		s->spare = w;
		return 0;
	}
	if (!w) {
		w = watch_new(s);
		CHECK(curl_multi_assign(s->multi, fd, w) == CURLM_OK);
	}
	ev_io_stop(s->loop, &w->io);
	ev_io_set(&w->io, fd, events);
	ev_io_start(s->loop, &w->io);
	return 0;
}

static void
on_timer(struct ev_loop *loop, ev_timer *w, int events)
{
	(void)events;
	ev_timer_stop(loop, w);
	((struct sockets *)w->data)->is_due = true;
}

static int
on_timeout(CURLM *multi, long ms, void *arg)
{
	struct sockets *s = arg;

	(void)multi;
	if (ms == 0)
		s->is_due = true;
	if (ms < 0)
		ev_timer_stop(s->loop, &s->timer);
	if (ms <= 0)
		return 0;
	if (ev_is_active(&s->timer) &&
		ev_timer_remaining(s->loop, &s->timer) <= (double)ms / 1e3)
		return 0;
	ev_timer_stop(s->loop, &s->timer);
	ev_timer_set(&s->timer, (double)ms / 1e3, 0);
	ev_timer_start(s->loop, &s->timer);
	return 0;
}

void
sockets_init(struct sockets *s, struct ev_loop *loop)
{
	*s = (struct sockets){ .multi = curl_multi_init(), .loop = loop };
	CHECK(s->multi);
	ev_init(&s->timer, on_timer);
	s->timer.data = s;
	curl_multi_setopt(s->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(s->multi, CURLMOPT_SOCKETDATA, s);
	curl_multi_setopt(s->multi, CURLMOPT_TIMERFUNCTION, on_timeout);
	curl_multi_setopt(s->multi, CURLMOPT_TIMERDATA, s);
}

void
sockets_run(struct sockets *s)
{
	s->is_due = false;
	act(s, CURL_SOCKET_TIMEOUT, 0);
}

void
sockets_done(struct sockets *s)
{
	struct socket_watch *w;

	curl_multi_cleanup(s->multi);
	ev_timer_stop(s->loop, &s->timer);
	while ((w = s->spare)) {
		s->spare = w->next;
		free(w);
	}
}
