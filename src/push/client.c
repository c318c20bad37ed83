/*
 * The client: many HTTP exchanges at once, by libcurl, on the loop.
 *
 *	waiting --its turn--> on its way --answer, error, deadline--> done()
 *
 * What happens in one turn of the loop is settled once, before it waits
 * again: who has ended, who may go, and what of it libcurl can do at once.  A
 * step begins at most STARTS_MAX calls, and a turn has STEPS steps, so that
 * others on the loop have theirs.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "push/exchange.h"
#include "push/host_queue.h"
#include "push/sockets.h"

enum {
	TOTAL = 256, PER_HOST = 8, SLOW = 16,	/* where limits do not say */
	STARTS_MAX = 64, STEPS = 3,
	KEPT_CONNECTIONS = 2,	/* for each call that may be on its way */
};

struct ended {
	struct exchange *x;
	CURLcode code;
};

struct client {
	struct client_limits limits;
	char *agent, *ca_file;		/* of the limits */
	struct sockets sockets;
	struct host_queue queue;
	struct memory *memory;
	ev_prepare turn;
	ev_timer again;			/* the turn was not enough */
	struct exchange *idle, *busy;
	unsigned caps[CALL_LANES], active[CALL_LANES];
	struct ended *ended;		/* room for all that are busy, */
	unsigned room;			/* which are no more than that */
	bool is_closing;
};

/* ---- the lists of exchanges ---- */

static void
list_push(struct exchange **list, struct exchange *x)
{
	x->prev = NULL;
	x->next = *list;
	if (x->next)
		x->next->prev = x;
	*list = x;
}

static void
list_remove(struct exchange **list, struct exchange *x)
{
	if (x->prev)
		x->prev->next = x->next;
	else
		*list = x->next;
	if (x->next)
		x->next->prev = x->prev;
}

static struct exchange *
exchange_take(struct client *c)
{
	struct exchange *x = c->idle;

	if (x)
		list_remove(&c->idle, x);
	else
		x = exchange_new(&c->limits);
	list_push(&c->busy, x);
	return x;
}

/* ---- a call's way ---- */

/* Tell the caller; the exchange is free when it has looked. */
static void
settle(struct client *c, struct exchange *x)
{
	struct call *call = x->call;

	c->active[call->lane]--;
	host_queue_ended(&c->queue, call);
	call->done(call);
	exchange_rest(x);
	list_remove(&c->busy, x);
	list_push(&c->idle, x);
}

static void
start(struct client *c, struct call *call)
{
	struct exchange *x = exchange_take(c);

	c->active[call->lane]++;
	if (exchange_begin(x, call, c->memory) < 0) {
		settle(c, x);
		return;
	}
	CHECK(curl_multi_add_handle(c->sockets.multi, x->easy) == CURLM_OK);
}

/* Begin what may go; true: there is more of it. */
static bool
start_some(struct client *c)
{
	unsigned n = 0;

	for (enum call_lane lane = 0; lane < CALL_LANES; lane++)
		while (c->active[lane] < c->caps[lane]) {
			struct call *call = n < STARTS_MAX ?
				host_queue_take(&c->queue, lane) : NULL;

			if (!call)
				break;
			start(c, call);
			n++;
		}
	return n == STARTS_MAX;
}

/*
 * Tell of those that have ended.  All messages are taken first: libcurl looks
 * through those that are left whenever a handle is removed.
 */
static void
settle_ended(struct client *c)
{
	size_t n = 0;
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(c->sockets.multi, &left))) {
		struct ended *e = &c->ended[n++];

		CHECK(m->msg == CURLMSG_DONE);
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &e->x);
		e->code = m->data.result;
	}
	for (size_t i = 0; i < n; i++) {
		struct exchange *x = c->ended[i].x;

		exchange_end(x, c->ended[i].code);
		curl_multi_remove_handle(c->sockets.multi, x->easy);
		settle(c, x);
	}
}

/* What the calls remember is replaced now and then; see memory.h. */
static void
renew_memory(struct client *c)
{
	int64_t now = clock_mono_ms();

	if (c->memory && now < c->memory->until)
		return;
	memory_unref(c->memory);
	c->memory = memory_new(now);
	for (struct exchange *x = c->idle; x; x = x->next)
		exchange_leave(x);
}

/* Go on with whatever can; true: there is more. */
static bool
step(struct client *c)
{
	bool more = false;

	if (c->sockets.is_due)
		sockets_run(&c->sockets);
	if (c->sockets.has_news) {
		c->sockets.has_news = false;
		settle_ended(c);
	}
	if (c->queue.n > 0) {
		renew_memory(c);
		more = start_some(c);
	}
	return more || c->sockets.is_due || c->sockets.has_news;
}

static void
on_turn(struct ev_loop *loop, ev_prepare *w, int events)
{
	(void)events;
	for (unsigned i = 0; i < STEPS; i++)
		if (!step(w->data))
			return;
	ev_timer_start(loop, &((struct client *)w->data)->again);
}

/* It only keeps the loop from waiting. */
static void
on_again(struct ev_loop *loop, ev_timer *w, int events)
{
	(void)loop;
	(void)w;
	(void)events;
}

/* ---- the interface ---- */

void
client_set_caps(struct client *c, unsigned total, unsigned per_host)
{
	unsigned all;

	c->caps[CALL_NORMAL] = total ? total : TOTAL;
	c->queue.per_host = per_host ? per_host : PER_HOST;
	all = c->caps[CALL_NORMAL] + c->caps[CALL_SLOW];
	curl_multi_setopt(c->sockets.multi, CURLMOPT_MAXCONNECTS,
		(long)(all * KEPT_CONNECTIONS));
	if (all <= c->room)
		return;
	c->ended = x_realloc(c->ended, all * sizeof(*c->ended));
	c->room = all;
}

struct client *
client_new(struct ev_loop *loop, const struct client_limits *l)
{
	struct client *c = x_calloc(1, sizeof(*c));

	CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
	/* Else the loop would stand still while a name is looked up. */
	CHECK(curl_version_info(CURLVERSION_NOW)->features &
		CURL_VERSION_ASYNCHDNS);
	c->limits = *l;
	if (l->agent)
		c->limits.agent = c->agent = x_strdup(l->agent);
	if (l->ca_file)
		c->limits.ca_file = c->ca_file = x_strdup(l->ca_file);
	c->caps[CALL_SLOW] = l->slow ? l->slow : SLOW;
	sockets_init(&c->sockets, loop);
	client_set_caps(c, l->total, l->per_host);
	ev_timer_init(&c->again, on_again, 0, 0);
	ev_prepare_init(&c->turn, on_turn);
	c->turn.data = c;
	ev_prepare_start(loop, &c->turn);
	return c;
}

void
client_send(struct client *c, struct call *call)
{
	CHECK(!c->is_closing);
	call->failed.kind = ERR_NONE;
	call->sent = call->whole = false;
	call->status = 0;
	call->head = call->type = call->location = call->retry_after =
		call->answer = slice(NULL, 0);
	call->took_ms = 0;
	host_queue_put(&c->queue, call);
}

size_t
client_pending(const struct client *c)
{
	size_t n = c->queue.n;

	for (enum call_lane lane = 0; lane < CALL_LANES; lane++)
		n += c->active[lane];
	return n;
}

static void
cancel(struct call *call)
{
	err_set(&call->failed, ERR_BUSY, "the client was stopped");
}

static void
cancel_busy(struct client *c)
{
	struct exchange *x;

	while ((x = c->busy)) {
		curl_multi_remove_handle(c->sockets.multi, x->easy);
		exchange_end(x, CURLE_ABORTED_BY_CALLBACK);
		if (x->call->failed.kind != ERR_NONE)
			cancel(x->call);
		settle(c, x);
	}
}

/* With nothing on its way, every host that waits is in its ring. */
static void
cancel_waiting(struct client *c)
{
	struct call *call;

	for (enum call_lane lane = 0; lane < CALL_LANES; lane++)
		while ((call = host_queue_take(&c->queue, lane))) {
			cancel(call);
			host_queue_ended(&c->queue, call);
			call->done(call);
		}
}

void
client_free(struct client *c)
{
	struct exchange *x;

	if (!c)
		return;
	c->is_closing = true;
	cancel_busy(c);
	cancel_waiting(c);
	while ((x = c->idle)) {
		list_remove(&c->idle, x);
		exchange_free(x);
	}
	ev_prepare_stop(c->sockets.loop, &c->turn);
	ev_timer_stop(c->sockets.loop, &c->again);
	sockets_done(&c->sockets);
	host_queue_done(&c->queue);
	memory_unref(c->memory);
	free(c->ended);
	free(c->agent);
	free(c->ca_file);
	free(c);
	curl_global_cleanup();
}
