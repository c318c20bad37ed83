/*
 * A flight: one document on its way to one subscriber.
 *
 *	begin --host is free--> with the client --answer--> settled
 *	  |                        ^     |
 *	  '--> waits for its host -'     '--slow--> steps aside: has a row,
 *	         |                                  and is settled by itself
 *	         '--slow--> has a row, due now
 *
 * What answers with 2xx has it; 410 ends the subscription; everything else,
 * redirects too, is tried again (WebSub section 7).
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "push/patience.h"
#include "push/ring_parts.h"

enum { URL_MAX = 4096, TOO_MANY = 429, SERVER_FAULT = 500 };

/* ---- who is under way ---- */

static struct flight **
bucket(struct ring *r, int64_t sub_id)
{
	return &r->buckets[(uint64_t)sub_id % FLIGHT_BUCKETS];
}

struct flight *
flight_find(const struct ring *r, int64_t sub_id)
{
	struct flight *f = r->buckets[(uint64_t)sub_id % FLIGHT_BUCKETS];

	while (f && f->sub_id != sub_id)
		f = f->chain;
	return f;
}

static struct flight *
flight_take(struct ring *r, int64_t sub_id)
{
	struct flight **at = bucket(r, sub_id), *f = r->spare;

	if (f)
		r->spare = f->behind;
	else {
		f = x_calloc(1, sizeof(*f));
		f->ring = r;
		f->url = BUF_INIT(URL_MAX);
	}
	f->sub_id = sub_id;
	f->chain = *at;
	*at = f;
	r->n_flights++;
	return f;
}

/* It is over; who waits behind it for its host is not told. */
static void
flight_give(struct flight *f)
{
	struct ring *r = f->ring;
	struct flight **at = bucket(r, f->sub_id);

	while (*at != f)
		at = &(*at)->chain;
	*at = f->chain;
	issue_unref(TAKE(f->issue));
	receiver_leave(&r->receivers, TAKE(f->host));
	f->behind = r->spare;
	r->spare = f;
	r->n_flights--;
}

/* ---- waiting for a host ---- */

static void
wait_in_line(struct flight *f)
{
	struct receiver *h = f->host;

	f->behind = NULL;
	if (h->first)
		h->last->behind = f;
	else
		h->first = f;
	h->last = f;
	h->waiting++;
}

static void
leave_line(struct flight *f)
{
	struct receiver *h = f->host;
	struct flight **at = &h->first, *before = NULL;

	while (*at != f) {
		before = *at;
		at = &before->behind;
	}
	*at = f->behind;
	if (h->last == f)
		h->last = before;
	h->waiting--;
}

void
flights_done(struct ring *r)
{
	struct flight *f;

	/* The client has none, so they wait. */
	for (size_t i = 0; i < FLIGHT_BUCKETS; i++)
		while ((f = r->buckets[i])) {
			leave_line(f);
			flight_give(f);
		}
	while ((f = r->spare)) {
		r->spare = f->behind;
		buf_done(&f->url);
		free(f);
	}
}

/* ---- sending ---- */

static void
hand_over(struct flight *f)
{
	struct ring *r = f->ring;

	f->is_sent = true;
	f->host->active++;
	r->n_sent++;
	client_send(r->c->callbacks, &f->call);
}

/* It leaves without having been sent; its row says that it is due. */
static void
turn_back(struct flight *f)
{
	struct ring *r = f->ring;
	bool is_second = f->is_second;
	enum call_lane lane = f->call.lane;

	leave_line(f);
	round_leave(f);
	if (!f->is_outdated && !is_second)
		ring_put_later(r, f->sub_id, f->version);
	flight_give(f);
	if (is_second)
		second_ended(r, lane);
}

/* A host that does not answer is served from the rows, in the slow lane. */
static void
turn_all_back(struct receiver *h)
{
	struct flight *f = h->first, *behind;

	for (; f; f = behind) {
		behind = f->behind;
		turn_back(f);
	}
}

static void
send_waiting(struct ring *r, struct receiver *h)
{
	struct flight *f;

	while (!r->is_draining && h->first &&
		receiver_is_free(&r->receivers, h)) {
		f = h->first;
		leave_line(f);
		hand_over(f);
	}
}

/* ---- the end ---- */

static void
explain(const struct flight *f, struct settlement *s)
{
	const struct call *c = &f->call;

	if (c->failed.kind == ERR_NONE)
		snprintf(s->why, sizeof(s->why), "it answered %d", c->status);
	else
		snprintf(s->why, sizeof(s->why), "%.*s",
			(int)sizeof(s->why) - 1, c->failed.text);
}

static void
judge(const struct flight *f, struct settlement *s)
{
	const struct call *c = &f->call;
	bool answered = c->failed.kind == ERR_NONE;

	*s = (struct settlement){ .sub_id = f->sub_id,
		.version = f->version };
	if (answered && c->status / 100 == 2)
		return;
	explain(f, s);
	s->what = answered && c->status == 410 ? SETTLED_GONE : SETTLED_RETRY;
	s->tries = f->tries + 1;
	s->due = patience_next(s->tries, c->retry_after, clock_now_ms());
	/* Given up: the notification, never the subscription. */
	if (s->what == SETTLED_RETRY && s->due < 0)
		s->what = SETTLED_DONE;
}

/* Does the host answer, whatever it says of this subscription? */
static bool
is_alive(const struct call *c)
{
	return c->failed.kind == ERR_NONE && c->status < SERVER_FAULT &&
		c->status != TOO_MANY;
}

static void
note_host(struct flight *f)
{
	struct receiver *h = f->host;

	h->active--;
	f->ring->n_sent--;
	receiver_ended(h, is_alive(&f->call), f->call.took_ms,
		clock_mono_ms());
	if (receiver_is_slow(h))
		turn_all_back(h);
}

static void
tell(const struct flight *f, const struct settlement *s)
{
	struct courier *c = f->ring->c;
	struct err why = { 0 };

	if (!s->why[0])
		return;
	err_set(&why, ERR_REFUSED, "%s", s->why);
	courier_tell(c, s->what == SETTLED_GONE ? COURIER_UNSUBSCRIBED :
		s->what == SETTLED_RETRY ? COURIER_RETRYING :
		COURIER_REJECTED, f->issue->url, f->host->name, 1, &why);
}

/*
 * What is outdated and has no row needs none: the newer version is on its way
 * to that subscriber, too.
 */
static void
settle(struct flight *f)
{
	struct ring *r = f->ring;
	struct settlement s;

	judge(f, &s);
	tell(f, &s);
	if (f->round && s.what == SETTLED_DONE)
		f->round->n_done++;
	else if (f->round)
		f->round->n_later++;
	/* It has left when the results are committed, which may be now. */
	round_leave(f);
	if (s.what == SETTLED_GONE || f->has_row ||
		(s.what == SETTLED_RETRY && !f->is_outdated))
		acks_put(r, &s);
	else
		acks_count(r);
}

/* The client was freed: nobody knows, so it is sent again after the start. */
static void
abandon(struct flight *f)
{
	struct ring *r = f->ring;

	if (f->round)
		f->round->is_frozen = true;
	f->host->active--;
	r->n_sent--;
	round_leave(f);
	flight_give(f);
}

static void
on_done(struct call *call)
{
	struct flight *f = CONTAINER_OF(call, struct flight, call);
	struct ring *r = f->ring;
	bool is_second = f->is_second, is_awaited = f->is_awaited;
	enum call_lane lane = call->lane;
	struct round *o = f->round;

	if (call->failed.kind == ERR_BUSY) {
		abandon(f);
		return;
	}
	settle(f);
	note_host(f);
	send_waiting(r, f->host);
	flight_give(f);
	if (o)
		round_look_ahead(o);
	if (is_second)
		second_ended(r, lane);
	if (is_awaited)
		second_look(r);
	ring_feed(r);
}

void
flight_step_aside(struct flight *f)
{
	struct settlement s = { .what = SETTLED_RETRY, .sub_id = f->sub_id,
		.version = f->version,
		.due = patience_first(clock_now_ms()) };

	if (!f->is_sent) {
		/* A host that gets on with it is waited for, with room. */
		if (clock_mono_ms() - f->host->moved > ROUND_SLOW_MS ||
			f->ring->n_flights > RING_FLIGHTS_MAX / 2)
			turn_back(f);
		return;
	}
	f->has_row = true;
	f->round->n_later++;
	round_leave(f);
	acks_put(f->ring, &s);
}

/* ---- the beginning ---- */

/* What is said to this subscriber alone is the signature. */
static void
fill_call(struct flight *f, const struct subscriber *s)
{
	const struct issue *issue = f->issue;
	struct call *c = &f->call;
	size_t n = 0;

	for (; n < ISSUE_HEADERS; n++)
		f->headers[n] = issue->headers[n];
	if (s->secret.len > 0) {
		signature_line(&f->ring->signers,
			issue->config->hub.signature, s->secret, issue->body,
			f->signature);
		f->headers[n++] = f->signature;
		f->ring->bytes += issue->body.len;
	}
	buf_reset(&f->url);
	buf_put(&f->url, s->callback);
	c->method = "POST";
	c->url = buf_slice(&f->url).ptr;
	c->headers = f->headers;
	c->n_headers = n;
	c->body = issue->body;
	c->answer_max = CALL_ANSWER_CUT;
	c->cut = true;
	c->lane = s->failed || receiver_is_slow(f->host) ? CALL_SLOW :
		CALL_NORMAL;
	c->allow = &issue->config->hub.allow;
	c->done = on_done;
}

struct flight *
flight_begin(struct ring *r, const struct subscriber *s,
	struct receiver *host, struct issue *issue, int64_t version)
{
	struct flight *f = flight_take(r, s->id);

	f->host = host;
	host->flights++;
	f->issue = issue_ref(issue);
	f->round = NULL;
	f->version = version;
	f->began = clock_mono_ms();
	f->tries = s->tries;
	f->is_sent = f->is_second = f->is_outdated = f->is_awaited = false;
	f->has_row = s->waits;
	fill_call(f, s);
	r->begun++;
	if (!host->first && receiver_is_free(&r->receivers, host))
		hand_over(f);
	else
		wait_in_line(f);
	ring_work(r);
	return f;
}
