/*
 * The hub's desk: a form is checked, kept, and answered.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/event.h"
#include "base/uri.h"
#include "daemon/feeds.h"
#include "daemon/flow.h"
#include "daemon/hub_desk.h"
#include "daemon/hub_form.h"
#include "daemon/post.h"
#include "daemon/site.h"
#include "serve/limit.h"

enum {
	PERIOD_S = 60,
	WAITING_MAX = 2000,	/* requests that are being written */
	BUSY_S = 30,
	REASON_MAX = 1000,
};

struct hub_desk {
	struct press *press;
	struct limit *limit;
	int64_t per_address;	/* what it allows */
	size_t waiting;
};

/* ---- answers ---- */

static void
refuse(struct serve_request *r, unsigned status, unsigned wait_s,
	const struct err *e)
{
	char text[REASON_MAX];

	snprintf(text, sizeof(text), "%s\n%s%s", e->text, e->hint,
		e->hint[0] ? "\n" : "");
	serve_say(r, &(struct serve_reply){ .status = status,
		.text = slice_str(text), .wait_s = wait_s });
}

static void
refuse_busy(struct serve_request *r)
{
	struct err e;

	err_set(&e, ERR_BUSY, "the hub is busy");
	err_hint(&e, "Please ask again in a while.");
	refuse(r, 503, BUSY_S, &e);
}

/* ---- limits ---- */

/*
 * How long must the client wait?  Who is not known (a proxy does not say) is
 * one client with all others of that kind.
 */
static unsigned
limit_client(struct hub_desk *h, const struct serve_request *r)
{
	int64_t max = h->press->config->hub.per_address;
	struct address client = { 0 };

	if (!h->limit || h->per_address != max) {
		limit_free(h->limit);
		h->limit = limit_new((unsigned)max, PERIOD_S);
		h->per_address = max;
	}
	if (!serve_client(r, &client))
		client = (struct address){ 0 };
	return limit_take(h->limit, &client, S("/hub"),
		clock_mono_ms() / 1000);
}

static bool
is_within_limits(struct hub_desk *h, struct serve_request *r)
{
	unsigned wait_s = limit_client(h, r);
	struct err e;

	if (wait_s > 0) {
		err_set(&e, ERR_LIMIT, "there are more than %jd requests in a "
			"minute from this address",
			(intmax_t)h->per_address);
		refuse(r, 429, wait_s, &e);
		return false;
	}
	/* Before the end of the first scan nobody knows the topics. */
	if (h->waiting < WAITING_MAX && !flow_adopting(h->press->flow))
		return true;
	refuse_busy(r);
	return false;
}

/* ---- topics ---- */

/*
 * Which document it is: any spelling of its address.  What is private and what
 * is not there are refused alike.
 */
static int
find_topic(const struct press *p, struct hub_request *q, struct arena *a,
	struct err *e)
{
	struct slice base = uri_normal(p->config->site.url, a);
	struct slice topic = uri_normal(q->topic, a), path;

	if (slice_starts(topic, base)) {
		path = site_path(arena_printf(a, "/%.*s", ARG(slice_from(
			topic, base.len))), a);
		if (feeds_find_topic(p->feeds, path, &q->feed_id)) {
			q->url = site_address(&p->config->site, path, a);
			return 0;
		}
	}
	err_set(e, ERR_MISSING, "hub.topic is no feed of this site");
	return err_hint(e, "Use the address that the feed itself gives as "
		"\"self\".");
}

/* ---- keeping ---- */

struct kept {
	struct store_job job;
	struct hub_desk *desk;
	struct serve_request *request;
	struct arena arena;
	struct hub_request what;
};

static void
kept_free(struct kept *k)
{
	arena_done(&k->arena);
	free(k);
}

static void
kept_run(struct store_job *j, struct store_tx *tx)
{
	struct kept *k = CONTAINER_OF(j, struct kept, job);

	if (k->desk->press->ops->put_hub_request(tx, &k->what,
		&j->failed) < 0)
		j->failed.kind = MAX(j->failed.kind, ERR_IO);
}

static void
kept_done(struct store_job *j)
{
	struct kept *k = CONTAINER_OF(j, struct kept, job);
	struct press *p = k->desk->press;

	k->desk->waiting--;
	if (j->failed.kind == ERR_NONE) {
		serve_say(k->request, &(struct serve_reply){ .status = 202,
			.text = S("accepted: the callback will be asked\n") });
		post_wake(p);
	} else {
		if (j->failed.kind != ERR_BUSY)
			event_err(EV_STORE_FAILED, "while", S("keeping a "
				"request to the hub"), &j->failed);
		refuse_busy(k->request);
	}
	kept_free(k);
}

void
hub_desk_post(struct hub_desk *h, struct slice form, struct serve_request *r)
{
	struct press *p = h->press;
	struct kept *k;
	struct err e = { 0 };

	if (!p->config->hub.serve) {
		serve_answer(r, NULL);
		return;
	}
	if (!is_within_limits(h, r))
		return;
	k = x_calloc(1, sizeof(*k));
	k->job = (struct store_job){ .run = kept_run, .done = kept_done };
	k->desk = h;
	k->request = r;
	if (hub_form_read(&p->config->hub, form, &k->arena, &k->what,
		&e) < 0 || find_topic(p, &k->what, &k->arena, &e) < 0) {
		kept_free(k);
		refuse(r, 400, 0, &e);
		return;
	}
	k->what.at = clock_now();
	h->waiting++;
	p->ops->submit(p->store, &k->job);
}

bool
hub_desk_show(struct hub_desk *h, struct slice path, struct serve_request *r)
{
	if (!h->press->config->hub.serve || !gate_is_hub(path))
		return false;
	serve_say(r, &(struct serve_reply){ .status = 405,
		.allow = "POST, OPTIONS",
		.text = S("a hub is posted to (WebSub section 5.1)\n") });
	return true;
}

/* ---- life ---- */

struct hub_desk *
hub_desk_new(struct press *p)
{
	struct hub_desk *h = x_calloc(1, sizeof(*h));

	h->press = p;
	return h;
}

void
hub_desk_free(struct hub_desk *h)
{
	if (!h)
		return;
	limit_free(h->limit);
	free(h);
}
