/*
 * The courier: starting its parts in order, and stopping them in reverse.
 *
 * Start: the databases, the clients, then who uses them; each part goes on
 * where it was stopped.  Stop: nothing new, then what is on its way, which has
 * deadlines, then everything is freed.
 */
#include <stdio.h>

#include "push/courier.h"
#include "push/engine.h"
#include "push/hub.h"
#include "push/ring.h"

void
courier_tell(struct courier *c, enum courier_news news, struct slice of,
	struct slice what, int64_t n, const struct err *why)
{
	c->tell->tell(c->ctx, news, of, what, n, why);
}

static int
open_stores(struct courier *c, struct err *e)
{
	struct store_open o = {
		.state_dir = c->config->courier.state_dir,
		.loop = c->loop,
	};

	c->ops = &store_sqlite;
	if (c->ops->open_courier(&o, &c->store, e) < 0)
		return -1;
	return c->ops->open_reading(c->config->state_dir, &c->press, e);
}

/* For targets, or for what strangers name. */
static struct client *
open_client(struct courier *c, const struct courier_open *o, unsigned total,
	unsigned per_host, bool for_strangers)
{
	const struct site *s = &c->config->site;
	char agent[300];
	struct client_limits l = {
		.total = total,
		.per_host = per_host,
		.agent = agent,
		.ca_file = c->config->courier.ca_file,
		.guard = { o->own, o->n_own, for_strangers },
	};

	snprintf(agent, sizeof(agent), "gazetted/" PACKAGE_VERSION
		" (+%.*s)", ARG(s->url));
	return client_new(c->loop, &l);
}

int
courier_start(struct courier *c, const struct courier_open *o, struct err *e)
{
	const struct hub_conf *h = &o->config->hub;

	c->loop = o->loop;
	c->pool = o->pool;
	c->config = config_ref(o->config);
	c->tell = o->ops;
	c->ctx = o->ctx;
	if (open_stores(c, e) < 0)
		return -1;
	c->targets = open_client(c, o, 0, 0, false);
	c->callbacks = open_client(c, o, (unsigned)h->concurrency,
		(unsigned)h->host_concurrency, true);
	c->verifier = open_client(c, o, (unsigned)h->concurrency,
		(unsigned)h->host_concurrency, true);
	/* The ring first: what the engine plans wakes it. */
	if (ring_new(c, &c->ring, e) < 0 || hub_new(c, &c->hub, e) < 0)
		return -1;
	return engine_new(c, &c->engine, e);
}

void
courier_wake(struct courier *c)
{
	engine_wake(c->engine);
	hub_wake(c->hub);
}

void
courier_swap_config(struct courier *c, struct config *config)
{
	unsigned total = (unsigned)config->hub.concurrency;
	unsigned per_host = (unsigned)config->hub.host_concurrency;

	client_set_caps(c->callbacks, total, per_host);
	client_set_caps(c->verifier, total, per_host);
	config_unref(c->config);
	c->config = config_ref(config);
	ring_swap_config(c->ring);
	hub_swap_config(c->hub);
	engine_swap_config(c->engine);
}

void
courier_drain(struct courier *c)
{
	c->stopping = true;
	engine_drain(c->engine);
	hub_drain(c->hub);
	ring_drain(c->ring);
}

bool
courier_is_drained(const struct courier *c)
{
	return client_pending(c->targets) == 0 &&
		client_pending(c->callbacks) == 0 &&
		engine_is_drained(c->engine) && hub_is_drained(c->hub) &&
		ring_is_drained(c->ring) &&
		c->ops->pending(c->store) == 0;
}

/* What is on its way is cancelled.  Jobs come to their end: they read. */
static void
stop_parts(struct courier *c)
{
	if (c->hub)
		hub_drain(c->hub);
	client_free(TAKE(c->verifier));
	client_free(TAKE(c->callbacks));
	client_free(TAKE(c->targets));
	while ((c->engine && engine_has_jobs(c->engine)) ||
		(c->hub && hub_has_jobs(c->hub)) ||
		(c->ring && ring_has_jobs(c->ring)))
		ev_run(c->loop, EVRUN_ONCE);
	engine_free(TAKE(c->engine));
	hub_free(TAKE(c->hub));
	ring_free(TAKE(c->ring));
}

void
courier_stop(struct courier *c)
{
	stop_parts(c);
	if (c->ops) {
		c->ops->close(TAKE(c->press));
		c->ops->close(TAKE(c->store));
	}
	config_unref(TAKE(c->config));
}
