/*
 * The server: its life, and the owner's answers.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "serve/accept.h"
#include "serve/conn.h"
#include "serve/mhd.h"

enum { TROUBLE_PAUSE_MS = 60 * 1000, DRAIN_MS = 5000, DRAIN_LEAST_MS = 250,
	DRAIN_LOOK_MS = 20 };

void
serve_trouble(struct serve *s, enum trouble kind, const char *what)
{
	int64_t now = clock_mono_ms();

	if (s->told[kind] && now - s->told[kind] < TROUBLE_PAUSE_MS)
		return;
	s->told[kind] = now;
	if (s->ops->trouble)
		s->ops->trouble(s->ctx, what, kind != TROUBLE_LIBRARY);
}

static void
on_tick(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct serve *s = w->data;

	(void)revents;
	conn_expire(s);
	ready_sweep(s->ready);
	if (s->paused && !s->drain_from)
		accept_start(s);
	/* An idle server sleeps; the next connection starts the tick. */
	if (s->status.connections > 0)
		return;
	ready_sweep(s->ready);
	ev_timer_stop(loop, w);
}

/* Whom we believe, and what is too much. */
static void
set_policy(struct serve *s, const struct serve_conf *c)
{
	struct proxies *p = &s->proxies;

	p->list = x_calloc(MAX(c->n_proxies, (size_t)1), sizeof(*p->list));
	for (size_t i = 0; i < c->n_proxies; i++)
		CHECK(network_parse(c->proxies[i], &p->list[p->n++]));
	if (c->unconditional_max > 0)
		s->limit = limit_new((unsigned)c->unconditional_max,
			LIMIT_HOUR_S);
}

int
serve_new(struct ev_loop *loop, const struct serve_conf *c,
	const struct serve_ops *ops, void *ctx, struct serve **ret,
	struct err *e)
{
	struct serve *s = x_calloc(1, sizeof(*s));

	s->loop = loop;
	s->ops = ops;
	s->ctx = ctx;
	s->ready = ready_new();
	s->max_connections = (size_t)MAX(1, c->max_connections);
	s->max_per_address = (size_t)MAX(1, c->max_per_address);
	conn_set_deadlines(s, c);
	set_policy(s, c);
	ev_init(&s->tick, on_tick);
	s->tick.repeat = (double)conn_tick_ms(s) / 1000.;
	s->tick.data = s;
	if (listen_open(c, &s->listeners, &s->n_listeners, e) < 0 ||
		mhd_start(s, e) < 0) {
		serve_free(s);
		return -1;
	}
	accept_start(s);
	*ret = s;
	return 0;
}

void
serve_use_files(struct serve *s, struct pool *pool, const char *dir)
{
	ready_use_files(s->ready, pool, dir);
}

const char *
serve_address(const struct serve *s, size_t n)
{
	return n < s->n_listeners ? s->listeners[n].name : NULL;
}

const struct head *
serve_head(const struct serve_request *r)
{
	return r->conn ? &r->conn->head : NULL;
}

struct slice
serve_argument(const struct serve_request *r, struct slice name)
{
	const char *value = NULL;
	size_t len = 0;

	if (!r->conn || MHD_lookup_connection_value_n(r->conn->mhd,
		MHD_GET_ARGUMENT_KIND, name.ptr, name.len, &value,
		&len) != MHD_YES || !value)
		return slice(NULL, 0);
	return slice(value, len);
}

bool
serve_client(const struct serve_request *r, struct address *ret)
{
	return r->conn && conn_client(r->conn, ret);
}

/* The request is over; its connection, or NULL when the client is gone. */
static struct conn *
request_end(struct serve_request *r)
{
	struct conn *c = r->conn;

	free(r);
	return c;
}

void
serve_admit(struct serve_request *r)
{
	r->admitted = true;
}

/* Is the document for whom the request may be?  What says no is for all. */
static bool
is_meant(const struct document *d, bool admitted)
{
	return d->is_private == admitted || d->status >= 400;
}

void
serve_answer(struct serve_request *r, struct document *d)
{
	bool admitted = r->admitted;
	struct conn *c = request_end(r);

	if (!c) {
		document_unref(d);
	} else if (!d) {
		conn_answer(c, respond_text(MHD_HTTP_NOT_FOUND,
			S("not found\n")));
	} else if (!is_meant(d, admitted)) {
		document_unref(d);
		conn_answer(c, respond_and_close(
			MHD_HTTP_SERVICE_UNAVAILABLE, false));
	} else if (c->suspended || c->serve->drain_from) {
		conn_answer(c, respond_document(&c->head, d));
	} else {
		/* It is queued before anything else happens. */
		conn_answer(c, ready_document(c->serve->ready, &c->head, d));
	}
}

void
serve_say(struct serve_request *r, const struct serve_reply *what)
{
	struct conn *c = request_end(r);

	if (c)
		conn_answer(c, respond_reply(what));
}

void
serve_redirect(struct serve_request *r, struct slice path)
{
	struct conn *c = request_end(r);

	if (c)
		conn_answer(c, respond_redirect(path));
}

void
serve_get_status(const struct serve *s, struct serve_status *ret)
{
	*ret = s->status;
}

void
serve_drain(struct serve *s)
{
	accept_stop(s);
	s->drain_from = clock_mono_ms();
	/* Whoever waits for us does so in the loop: keep that awake. */
	s->tick.repeat = DRAIN_LOOK_MS / 1000.;
	ev_timer_again(s->loop, &s->tick);
}

bool
serve_is_drained(const struct serve *s)
{
	int64_t since = clock_mono_ms() - s->drain_from;

	if (s->status.connections == 0 || since >= DRAIN_MS)
		return true;
	return since >= DRAIN_LEAST_MS && !s->lists[PHASE_ASKED].head &&
		!s->lists[PHASE_SENDING].head;
}

void
serve_free(struct serve *s)
{
	if (!s)
		return;
	if (s->n_listeners)
		accept_stop(s);
	listen_close(s->listeners, s->n_listeners);
	mhd_stop(s);
	ev_timer_stop(s->loop, &s->tick);
	table_done(&s->peers);
	limit_free(s->limit);
	ready_free(s->ready);
	free(s->proxies.list);
	free(s);
}
