/*
 * The post: starting and stopping the courier, and waking it.
 *
 * In one process a wake-up is a call.  Between two it is a datagram without
 * content: one that is lost costs a second, for the courier also looks by
 * itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/event.h"
#include "base/file.h"
#include "daemon/post.h"

enum { STOP_MS = 5000 };

struct post {
	struct courier courier;
	struct endpoint own[CONFIG_LISTEN_MAX];
	int fd;			/* where the press knocks; -1: it is here */
	char path[108];
	ev_io io;
};

/* ---- what the courier tells ---- */

static const enum event_id events[COURIER_NEWS_COUNT] = {
	[COURIER_DELIVERED] = EV_DELIVERED,
	[COURIER_RETRYING] = EV_RETRYING,
	[COURIER_REJECTED] = EV_REJECTED,
	[COURIER_SKIPPED] = EV_SKIPPED,
	[COURIER_UNKNOWN] = EV_UNKNOWN,
	[COURIER_TARGET_HELD] = EV_TARGET_HELD,
	[COURIER_TARGET_BACK] = EV_TARGET_BACK,
	[COURIER_ALL_HELD] = EV_ALL_HELD,
	[COURIER_FANNED_OUT] = EV_FANNED_OUT,
	[COURIER_SUBSCRIBED] = EV_SUBSCRIBED,
	[COURIER_UNSUBSCRIBED] = EV_UNSUBSCRIBED,
	[COURIER_UNVERIFIED] = EV_UNVERIFIED,
	[COURIER_TOKEN_ENDS] = EV_TOKEN_ENDS,
	[COURIER_STORE_FAILED] = EV_COURIER_STORE_FAILED,
};

static void
on_tell(void *ctx, enum courier_news news, struct slice of,
	struct slice what, int64_t n, const struct err *why)
{
	struct slice text = why ? slice_str(why->text) : S("");
	struct slice hint = why ? slice_str(why->hint) : S("");

	(void)ctx;
	event(events[news], F_TEXT("of", of), F_TEXT("what", what),
		F_NUM("n", n), F_TEXT("why", text), F_TEXT("hint", hint));
}

static const struct courier_ops courier_ops = { .tell = on_tell };

/* ---- life ---- */

/* "127.0.0.1:8080" as an endpoint; false: a unix socket. */
static bool
endpoint_of(struct slice listen, struct endpoint *ret)
{
	ssize_t colon = slice_rfind_byte(listen, ':');
	struct slice host = slice_sub(listen, 0, (size_t)MAX(colon, 0));

	if (slice_starts(host, S("[")) && slice_ends(host, S("]")))
		host = slice_sub(host, 1, host.len - 1);
	ret->port = (uint16_t)slice_number(slice_from(listen,
		(size_t)(colon + 1)), 65535);
	return address_parse(host, &ret->at);
}

static bool
is_needed(const struct config *c)
{
	return c->hub.serve || c->n_targets > 0;
}

int
post_start(struct press *p, struct err *e)
{
	const struct serve_conf *s = &p->config->serve;
	struct courier_open o = {
		.loop = p->loop,
		.pool = p->pool,
		.config = p->config,
		.ops = &courier_ops,
		.ctx = p,
	};
	struct post *post;

	if (p->post || !is_needed(p->config))
		return 0;
	post = x_calloc(1, sizeof(*post));
	post->fd = -1;
	o.own = post->own;
	for (size_t i = 0; i < s->n_listen; i++)
		o.n_own += endpoint_of(s->listen[i], &post->own[o.n_own]);
	if (courier_start(&post->courier, &o, e) < 0) {
		courier_stop(&post->courier);
		free(post);
		return err_in(e, "the courier");
	}
	p->post = post;
	p->courier = &post->courier;
	return 0;
}

/* Before the first target there was no courier. */
static int
start_late(struct press *p, struct err *e)
{
	if (post_start(p, e) < 0)
		return -1;
	return p->store ? 0 : post_listen(p, e);
}

void
post_swap_config(struct press *p)
{
	struct err e;

	if (p->courier)
		courier_swap_config(p->courier, p->config);
	else if (p->runs_courier && start_late(p, &e) < 0)
		event_err(EV_COURIER_STORE_FAILED, "while",
			S("starting the courier"), &e);
}

/* Something must happen now and then, or the loop would not turn. */
static void
on_tick(struct ev_loop *loop, struct ev_timer *t, int events_)
{
	(void)loop;
	(void)t;
	(void)events_;
}

static void
let_finish(struct press *p)
{
	int64_t until = clock_mono_ms() + STOP_MS;
	ev_timer tick;

	courier_drain(p->courier);
	ev_timer_init(&tick, on_tick, .02, .02);
	ev_timer_start(p->loop, &tick);
	while (!courier_is_drained(p->courier) && clock_mono_ms() < until)
		ev_run(p->loop, EVRUN_ONCE);
	ev_timer_stop(p->loop, &tick);
}

/* ---- between two processes ---- */

/* The socket lies beside the courier's control socket. */
static bool
wake_path(const struct config *c, struct sockaddr_un *ret)
{
	int len;

	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	len = snprintf(ret->sun_path, sizeof(ret->sun_path), "%s.wake",
		c->courier.control);
	return len > 0 && (size_t)len < sizeof(ret->sun_path);
}

static void
on_knock(struct ev_loop *loop, struct ev_io *io, int events_)
{
	struct post *post = io->data;
	char any[16];

	(void)loop;
	(void)events_;
	while (recv(post->fd, any, sizeof(any), MSG_DONTWAIT) >= 0)
		continue;
	courier_wake(&post->courier);
}

int
post_listen(struct press *p, struct err *e)
{
	struct post *post = p->post;
	struct sockaddr_un un;

	if (!post || post->fd >= 0)
		return 0;
	if (!wake_path(p->config, &un))
		return err_set(e, ERR_LIMIT, "the courier's control path is "
			"too long: \"%s\"", p->config->courier.control);
	unlink(un.sun_path);
	post->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
		0);
	if (post->fd < 0 || bind(post->fd, (const struct sockaddr *)&un,
		sizeof(un)) < 0 || chmod(un.sun_path, 0660) < 0)
		return err_set(e, ERR_IO, "cannot listen at \"%s\": %m",
			un.sun_path);
	memcpy(post->path, un.sun_path, sizeof(post->path));
	ev_io_init(&post->io, on_knock, post->fd, EV_READ);
	post->io.data = post;
	ev_io_start(p->loop, &post->io);
	return 0;
}

/* Nobody may be there: the courier looks by itself when it comes. */
static void
knock(struct press *p)
{
	struct sockaddr_un un;

	if (p->knock_fd <= 0)
		p->knock_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC |
			SOCK_NONBLOCK, 0);
	if (p->knock_fd > 0 && wake_path(p->config, &un))
		(void)!sendto(p->knock_fd, "", 1, MSG_DONTWAIT,
			(const struct sockaddr *)&un, sizeof(un));
}

void
post_wake(struct press *p)
{
	if (p->courier)
		courier_wake(p->courier);
	else if (!p->runs_courier && is_needed(p->config))
		knock(p);
}

void
post_stop(struct press *p)
{
	struct post *post = p->post;

	if (p->knock_fd > 0)
		fd_close(&p->knock_fd);
	if (!post)
		return;
	let_finish(p);
	/* Nobody asks any more; who is being answered reads its databases. */
	while (p->courier_answers > 0)
		ev_run(p->loop, EVRUN_ONCE);
	courier_stop(&post->courier);
	if (post->fd >= 0) {
		ev_io_stop(p->loop, &post->io);
		unlink(post->path);
	}
	fd_close(&post->fd);
	p->courier = NULL;
	free(TAKE(p->post));
}
