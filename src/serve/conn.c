/*
 * Connections: their phases, deadlines, and the request under way.
 *
 *	accept -> HEADER --head, passed--> ASKED --answer--> SENDING --> close
 *	            ^  `----refused by the gate-------------->  |
 *	            `----request line---- IDLE <---kept alive---'
 *
 * 1. Each phase has one list; all in it wait equally long, so the list is in
 *    the order of the deadlines and looking at its head is enough.
 * 2. A first request must be whole header_ms after accept; a kept connection
 *    may rest for idle_ms, then its head has header_ms again.
 * 3. An answer may take long if the client takes 1 KB a second: every fifth of
 *    send_ms is looked at, and three in a row without progress end it.  So a
 *    client that fills its buffers and then sleeps is gone within send_ms.  Of
 *    a unix socket nobody knows the progress: there send_ms is all.
 * 4. A connection is ended with shutdown(2), never close(2): the descriptor is
 *    libmicrohttpd's, which then sees the end and cleans up.
 * 5. The form of a POST is part of its head, as the deadline goes.
 * 6. Asked of the owner, a connection is suspended and libmicrohttpd does not
 *    watch it; an owner who takes send_ms is answered for with 503.
 */
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "serve/accept.h"
#include "serve/conn.h"

enum { LOOKS = 5, STALLS_MAX = 3, BYTES_PER_MS = 1, TICK_MS = 1000 };

static void
list_remove(struct conn_list *l, struct conn *c)
{
	*(c->prev ? &c->prev->next : &l->head) = c->next;
	*(c->next ? &c->next->prev : &l->tail) = c->prev;
	c->prev = c->next = NULL;
}

static void
list_append(struct conn_list *l, struct conn *c)
{
	c->prev = l->tail;
	*(l->tail ? &l->tail->next : &l->head) = c;
	l->tail = c;
}

/* Enter a phase (again): its deadline begins. */
static void
enter(struct conn *c, enum phase p)
{
	struct conn_list *lists = c->serve->lists;

	list_remove(&lists[c->phase], c);
	c->phase = p;
	c->due = clock_mono_ms() + lists[p].wait_ms;
	list_append(&lists[p], c);
}

struct conn *
conn_new(struct serve *s, int fd, struct peer *peer)
{
	struct conn *c = x_calloc(1, sizeof(*c));

	c->serve = s;
	c->fd = fd;
	c->peer = peer;
	c->form = BUF_INIT(FORM_MAX);
	c->phase = PHASE_HEADER;
	c->due = clock_mono_ms() + s->lists[PHASE_HEADER].wait_ms;
	list_append(&s->lists[PHASE_HEADER], c);
	s->status.connections++;
	return c;
}

/* What the owner will answer is not wanted any more. */
static void
let_go(struct conn *c)
{
	if (c->request)
		c->request->conn = NULL;
	c->request = NULL;
}

void
conn_free(struct conn *c)
{
	struct serve *s = c->serve;

	let_go(c);
	body_file_unref(c->file);
	respond_done(&c->answer);
	buf_done(&c->form);
	list_remove(&s->lists[c->phase], c);
	s->status.connections--;
	if (c->peer)
		accept_release(s, c->peer);
	free(c);
}

/* ---- one request ---- */

void
conn_begin(struct conn *c, size_t target_len)
{
	c->target_len = target_len;
	c->judged = false;
	if (c->phase == PHASE_IDLE)
		enter(c, PHASE_HEADER);
}

bool
conn_client(const struct conn *c, struct address *ret)
{
	return client_find(&c->serve->proxies, c->has_address ? &c->address :
		NULL, c->head.forwarded, ret);
}

unsigned
conn_judge(struct conn *c)
{
	unsigned status = gate_judge(&c->head);

	if (status == 0 && c->inside && c->head.method == METHOD_POST)
		status = MHD_HTTP_METHOD_NOT_ALLOWED;
	c->judged = true;
	if (status) {
		c->serve->status.refused++;
		conn_answer(c, respond_and_close(status,
			gate_is_hub(c->head.path)));
	}
	return status;
}

/*
 * How long must the client wait, that asks for a feed without a condition?
 * Such a request is counted, whatever becomes of it.
 */
static unsigned
limit_whole(const struct conn *c)
{
	char text[ADDRESS_TEXT], what[ADDRESS_TEXT + 32];
	struct serve *s = c->serve;
	struct address client;
	unsigned wait_s;

	if (!s->limit || c->inside || gate_is_conditional(&c->head) ||
		!slice_starts(c->head.path, S("/feeds/")) ||
		!conn_client(c, &client))
		return 0;
	wait_s = limit_take(s->limit, &client, c->head.path,
		clock_mono_ms() / 1000);
	if (wait_s == 0)
		return 0;
	address_print(&client, text);
	snprintf(what, sizeof(what), "unconditional-max, by %s", text);
	serve_trouble(s, TROUBLE_WHOLE, what);
	return wait_s;
}

/* The owner answers now or later; what it does not know is not there. */
static void
ask_owner(struct conn *c)
{
	const struct serve_ops *ops = c->serve->ops;
	void *ctx = c->serve->ctx;
	struct serve_request *r = x_calloc(1, sizeof(*r));

	r->conn = c;
	c->request = r;
	if (c->head.method == METHOD_POST && ops->post)
		ops->post(ctx, buf_slice(&c->form), r);
	else if (c->head.method == METHOD_POST)
		serve_answer(r, NULL);
	else if (c->inside)
		ops->find_inside(ctx, c->head.path, r);
	else
		ops->find(ctx, c->head.path, r);
}

void
conn_ask(struct conn *c)
{
	struct serve *s = c->serve;
	unsigned wait_s;

	s->status.requests++;
	if (c->head.method == METHOD_OPTIONS) {
		conn_answer(c, respond_options(gate_is_hub(
			c->head.path)));
		return;
	}
	if (slice_eq(c->head.path, S("/healthz"))) {
		conn_answer(c, respond_text(MHD_HTTP_OK, S("ok\n")));
		return;
	}
	wait_s = limit_whole(c);
	if (wait_s > 0) {
		s->status.limited++;
		conn_answer(c, respond_wait(wait_s));
		return;
	}
	ask_owner(c);
	if (c->answer.response)
		return;
	enter(c, PHASE_ASKED);
	c->suspended = true;
	MHD_suspend_connection(c->mhd);
}

static void
resume(struct conn *c)
{
	if (!c->suspended)
		return;
	c->suspended = false;
	MHD_resume_connection(c->mhd);
	c->serve->wake = true;
}

void
conn_answer(struct conn *c, struct answer a)
{
	c->request = NULL;
	c->answer = a;
	c->stalls = 0;
	if (a.status == MHD_HTTP_NOT_MODIFIED)
		c->serve->status.not_modified++;
	enter(c, PHASE_SENDING);
	resume(c);
}

/*
 * The head and a body in a file take two calls; corked, they share packets.
 * libmicrohttpd does not cork where TCP_NODELAY is set.
 */
static void
set_cork(struct conn *c, int on)
{
	setsockopt(c->fd, IPPROTO_TCP, TCP_CORK, &on, sizeof(on));
}

static void
end_file(struct conn *c)
{
	if (!c->file)
		return;
	set_cork(c, 0);
	body_file_unref(TAKE(c->file));
}

enum MHD_Result
conn_queue(struct conn *c)
{
	enum MHD_Result queued;

	if (c->serve->drain_from)
		respond_is_last(&c->answer);
	c->file = body_file_ref(c->answer.file);
	if (c->file)
		set_cork(c, 1);
	queued = MHD_queue_response(c->mhd, c->answer.status,
		c->answer.response);
	respond_done(&c->answer);
	return queued;
}

void
conn_completed(struct conn *c)
{
	end_file(c);
	respond_done(&c->answer);
	buf_done(&c->form);
	c->form = BUF_INIT(FORM_MAX);
	if (c->phase != PHASE_CLOSING)
		enter(c, PHASE_IDLE);
}

/* ---- deadlines ---- */

/* How many bytes the client has taken so far; 0 where nobody knows. */
static uint64_t
bytes_acked(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) < 0)
		return 0;
	return info.tcpi_bytes_acked;
}

static void
look_at_progress(struct conn *c)
{
	uint64_t acked = bytes_acked(c->fd);
	uint64_t least = (uint64_t)c->serve->lists[PHASE_SENDING].wait_ms *
		BYTES_PER_MS;

	c->stalls = acked >= c->acked + least ? 0 : c->stalls + 1;
	c->acked = acked;
	if (c->stalls < (c->peer ? STALLS_MAX : LOOKS)) {
		enter(c, PHASE_SENDING);
		return;
	}
	shutdown(c->fd, SHUT_RDWR);
	enter(c, PHASE_CLOSING);
}

static void
expire(struct conn *c)
{
	switch (c->phase) {
	case PHASE_SENDING:
		look_at_progress(c);
		break;
	case PHASE_ASKED:
		let_go(c);
		conn_answer(c, respond_and_close(
			MHD_HTTP_SERVICE_UNAVAILABLE, false));
		break;
	default:
		shutdown(c->fd, SHUT_RDWR);
		enter(c, PHASE_CLOSING);
		break;
	}
}

void
conn_set_deadlines(struct serve *s, const struct serve_conf *c)
{
	s->lists[PHASE_HEADER].wait_ms = MAX(1, c->header_ms);
	s->lists[PHASE_IDLE].wait_ms = MAX(1, c->idle_ms);
	s->lists[PHASE_ASKED].wait_ms = MAX(1, c->send_ms);
	s->lists[PHASE_SENDING].wait_ms = MAX(1, c->send_ms / LOOKS);
}

int64_t
conn_tick_ms(const struct serve *s)
{
	int64_t least = TICK_MS * 8;

	for (int p = 0; p < PHASE_CLOSING; p++)
		least = MIN(least, s->lists[p].wait_ms);
	return MAX(10, least / 8);
}

void
conn_expire(struct serve *s)
{
	int64_t now = clock_mono_ms();
	struct conn *c;

	for (int p = 0; p < PHASE_CLOSING; p++)
		while ((c = s->lists[p].head) && c->due <= now)
			expire(c);
}

void
conn_resume_all(struct serve *s)
{
	for (struct conn *c = s->lists[PHASE_ASKED].head; c; c = c->next)
		resume(c);
}
