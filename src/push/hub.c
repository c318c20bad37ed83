/*
 * The hub: its times, and its life.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "push/hub_parts.h"

/* ---- what its parts say ---- */

void
hub_failed(struct hub *h, const struct err *e)
{
	if (!h->is_failing)
		courier_tell(h->c, COURIER_STORE_FAILED, S(""), S(""), 0, e);
	h->is_failing = true;
}

void
hub_ended(struct hub *h, struct inquiry *i)
{
	i->next = NULL;
	*h->ended_end = i;
	h->ended_end = &i->next;
	turn_start(h);
}

void
hub_close_host(struct hub *h, struct slice host, int64_t until)
{
	struct closed_host *c;

	/* Rows of one host often come together. */
	if (h->closed && slice_eq(slice_str(h->closed->name), host)) {
		h->closed->until = MAX(h->closed->until, until);
		return;
	}
	c = x_calloc(1, sizeof(*c) + host.len + 1);
	memcpy(c->name, host.ptr, host.len);
	c->until = until;
	c->next = h->closed;
	h->closed = c;
}

void
closed_hosts_free(struct closed_host *first)
{
	struct closed_host *c, *next;

	for (c = first; c; c = next) {
		next = c->next;
		free(c);
	}
}

void
hub_expect(struct hub *h, int64_t due)
{
	int64_t wait_ms = MAX(due - clock_now_ms(), 0);

	ev_timer_stop(h->c->loop, &h->due);
	/* Without room an inquiry that ends makes the next turn. */
	if (due == 0 || h->is_draining || h->n_asked >= HUB_ASKED_MAX)
		return;
	/* The clock may be set: the tick's interval is a bound. */
	ev_timer_set(&h->due, (double)MIN(wait_ms, HUB_EXPIRE_MS) / 1e3, 0);
	ev_timer_start(h->c->loop, &h->due);
}

/* ---- time ---- */

static void
on_due(struct ev_loop *loop, ev_timer *w, int events)
{
	(void)loop;
	(void)events;
	turn_start(w->data);
}

/* What nobody wakes us for: another process's press, and time. */
static void
on_tick(struct ev_loop *loop, ev_timer *w, int events)
{
	struct hub *h = w->data;
	int64_t now = clock_mono_ms();

	(void)loop;
	(void)events;
	if (h->turn_failed)
		turn_again(h);
	if (h->is_draining)
		return;
	if (h->config->hub.serve)
		intake_read(h);
	if (now >= h->next_expire)
		turn_start(h);
	if (h->has_begun && now >= h->next_sweep)
		sweep_start(h);
}

void
hub_wake(struct hub *h)
{
	intake_read(h);
}

/* ---- life ---- */

int
hub_new(struct courier *c, struct hub **ret, struct err *e)
{
	struct hub *h = x_calloc(1, sizeof(*h));

	(void)e;
	h->c = c;
	h->ops = &subscription_sqlite;
	h->config = config_ref(c->config);
	h->ended_end = &h->ended;
	ev_init(&h->due, on_due);
	ev_init(&h->tick, on_tick);
	h->tick.repeat = HUB_TICK_MS / 1e3;
	h->due.data = h->tick.data = h;
	ev_timer_again(c->loop, &h->tick);
	turn_start(h);
	*ret = h;
	return 0;
}

void
hub_swap_config(struct hub *h)
{
	config_unref(h->config);
	h->config = config_ref(h->c->config);
	h->next_sweep = clock_mono_ms();
}

void
hub_drain(struct hub *h)
{
	h->is_draining = true;
	ev_timer_stop(h->c->loop, &h->due);
}

bool
hub_is_drained(const struct hub *h)
{
	return h->jobs == 0 && !h->turn;
}

bool
hub_has_jobs(const struct hub *h)
{
	return h->jobs > 0;
}

void
hub_free(struct hub *h)
{
	if (!h)
		return;
	CHECK(h->jobs == 0);
	ev_timer_stop(h->c->loop, &h->due);
	ev_timer_stop(h->c->loop, &h->tick);
	turn_free(h->turn);
	inquiries_free(h->ended);
	closed_hosts_free(h->closed);
	intake_free(h->intake);
	asked_done(&h->asked);
	sweep_free(h->swept);
	arena_done(&h->memory);
	config_unref(h->config);
	free(h);
}
