/*
 * One callback that is asked whether it meant it, or told that it is denied
 * (WebSub sections 5.2 and 5.3).
 *
 *	taken --+--> too old, or the host has had enough --> ended
 *	        '--> asked --+--> 2xx, and the challenge --> in force
 *	                     +--> another answer -----------> nothing
 *	                     '--> no answer --> again, a few times
 *
 * Our parameters stand behind those that the callback brings, whatever they
 * are called, and no answer is anything but the challenge, whole, with a 2xx:
 * not a redirect, not one that is cut, and not one with a line end behind it.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/uri.h"
#include "push/hub_parts.h"
#include "push/patience.h"

enum {
	TRIES_MAX = 3,		/* after the first */
	CHALLENGE_WORDS = 2,	/* of 64 bits */
	CHALLENGE_LEN = 16 * CHALLENGE_WORDS,
	SECOND = 1000,
};

/* ---- what is asked ---- */

static struct slice
make_challenge(struct arena *a)
{
	return arena_printf(a, "%016jx%016jx", (uintmax_t)rand_u64(),
		(uintmax_t)rand_u64());
}

/* The lease that is granted, in seconds. */
static int64_t
grant(const struct hub_conf *h, int64_t asked_s)
{
	int64_t ms = asked_s < 0 ? h->lease_ms : asked_s * SECOND;

	return MAX(h->lease_min_ms, MIN(ms, h->lease_max_ms)) / SECOND;
}

/* What to put between the callback and the first parameter of ours. */
static const char *
joint(struct slice callback)
{
	if (slice_find_byte(callback, '?') < 0)
		return "?";
	return slice_ends(callback, S("?")) || slice_ends(callback, S("&")) ?
		"" : "&";
}

static struct slice
put_parameter(struct slice url, const char *name, struct slice value,
	struct arena *a)
{
	return arena_printf(a, "%.*s&hub.%s=%.*s", ARG(url), name,
		ARG(uri_query_value(value, a)));
}

static struct slice
make_url(struct inquiry *i)
{
	static const char *const modes[] = {
		[HUB_SUBSCRIBE] = "subscribe",
		[HUB_UNSUBSCRIBE] = "unsubscribe", [HUB_DENIED] = "denied",
	};
	const struct pending *p = &i->what;
	struct arena *a = &i->arena;
	struct slice url = arena_printf(a, "%.*s%shub.mode=%s",
		ARG(p->callback), joint(p->callback), modes[p->mode]);

	url = put_parameter(url, "topic", p->topic, a);
	if (p->mode == HUB_DENIED)
		url = put_parameter(url, "reason", p->reason, a);
	else
		url = put_parameter(url, "challenge", i->challenge, a);
	if (p->mode == HUB_SUBSCRIBE)
		url = arena_printf(a, "%.*s&hub.lease_seconds=%jd", ARG(url),
			(intmax_t)i->lease_s);
	if (p->token.len > 0)
		url = put_parameter(url, "verify_token", p->token, a);
	return url;
}

/* ---- what came of it ---- */

/* No answer: there may be one later. */
static void
try_again(struct inquiry *i)
{
	int tries = i->what.tries + 1;

	if (tries > TRIES_MAX)
		return;
	i->settled.end = PENDING_RETRY;
	i->settled.due = patience_next(tries, slice(NULL, 0), clock_now_ms());
}

static void
judge_answer(struct inquiry *i)
{
	const struct call *call = &i->call;

	if (i->what.mode == HUB_DENIED)
		return;
	if (call->status / 100 != 2) {
		err_set(&i->why, ERR_REFUSED, "the callback answered %d",
			call->status);
	} else if (!call->whole || !slice_eq(call->answer, i->challenge)) {
		err_set(&i->why, ERR_REFUSED, "the callback did not repeat "
			"the challenge, and nothing else");
	} else {
		i->settled.end = PENDING_VERIFIED;
		/* It runs from the moment of the request (section 5.3). */
		i->settled.expires = (clock_now_ms() - call->took_ms) /
			SECOND + i->lease_s;
	}
}

static void
on_done(struct call *call)
{
	struct inquiry *i = CONTAINER_OF(call, struct inquiry, call);

	i->settled.end = PENDING_DROPPED;
	if (call->failed.kind == ERR_NONE)
		judge_answer(i);
	else
		i->why = call->failed;
	if (call->failed.kind == ERR_IO)
		try_again(i);
	if (call->failed.kind == ERR_BUSY) {
		/* We stop: nobody was asked, and the next one will be. */
		i->settled.end = PENDING_LATER;
		i->settled.due = clock_now_ms();
	}
	hub_ended(i->hub, i);
}

/* ---- one of them ---- */

static void
take_over(struct inquiry *i, const struct pending *p)
{
	struct arena *a = &i->arena;

	i->what = *p;
	i->what.topic = arena_copy(a, p->topic);
	i->what.url = arena_copy(a, p->url);
	i->what.callback = arena_copy(a, p->callback);
	i->what.host = arena_copy(a, p->host);
	i->what.token = arena_copy(a, p->token);
	i->what.reason = arena_copy(a, p->reason);
	i->settled.id = p->id;
}

static void
ask(struct inquiry *i)
{
	i->challenge = make_challenge(&i->arena);
	i->lease_s = grant(&i->config->hub, i->what.lease_s);
	i->call = (struct call){
		.method = "GET",
		.url = make_url(i).ptr,
		.answer_max = CHALLENGE_LEN,
		.cut = true,
		.allow = &i->config->hub.allow,
		.lane = i->what.tries > 0 ? CALL_SLOW : CALL_NORMAL,
		.done = on_done,
	};
	i->is_counted = true;
	client_send(i->hub->c->verifier, &i->call);
}

/* Nobody came to it in all that time. */
static bool
is_too_old(const struct pending *p)
{
	return p->tries == 0 && clock_now() - p->since > PENDING_S;
}

void
inquiry_begin(struct hub *h, const struct pending *p)
{
	struct inquiry *i = x_calloc(1, sizeof(*i));
	int64_t wait_ms = 0;

	h->n_asked++;
	i->hub = h;
	i->config = config_ref(h->config);
	take_over(i, p);
	if (is_too_old(p)) {
		i->settled.end = PENDING_DROPPED;
		err_set(&i->why, ERR_LIMIT, "it was asked for too much of the "
			"host in an hour");
		hub_ended(h, i);
		return;
	}
	wait_ms = asked_take(&h->asked, p->host, h->config->hub.verify_per_host,
		clock_mono_ms());
	if (wait_ms == 0) {
		ask(i);
		return;
	}
	i->settled.end = PENDING_LATER;
	i->settled.due = clock_now_ms() + wait_ms;
	hub_close_host(h, i->what.host, i->settled.due);
	hub_ended(h, i);
}

static void
inquiry_free(struct inquiry *i)
{
	i->hub->n_asked--;
	if (i->is_counted)
		asked_leave(&i->hub->asked, i->what.host,
			i->call.failed.kind == ERR_NONE);
	config_unref(i->config);
	arena_done(&i->arena);
	free(i);
}

void
inquiries_free(struct inquiry *first)
{
	struct inquiry *i, *next;

	for (i = first; i; i = next) {
		next = i->next;
		inquiry_free(i);
	}
}
