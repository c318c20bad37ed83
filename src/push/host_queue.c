/*
 * Who goes next: calls that wait, by host, and hosts in turn.
 */
#include <stdlib.h>

#include "base/uri.h"
#include "push/host_queue.h"

struct host_line {
	struct call *first, *last;
	struct client_host *next;	/* in the ring */
	bool is_in_ring;
};

struct client_host {
	struct host_line lines[CALL_LANES];
	unsigned active;		/* on their way */
	size_t len;
	char name[];			/* lower case */
};

static struct slice
name_of(const struct client_host *h)
{
	return slice(h->name, h->len);
}

/* Names are equal in either case; too long ones are one host, and fail. */
static struct slice
fold_host(const char *url, char ret[static HOST_NAME_MAX_LEN])
{
	struct slice host = slice_sub(uri_host(slice_str(url)), 0,
		HOST_NAME_MAX_LEN);

	for (size_t i = 0; i < host.len; i++) {
		char c = host.ptr[i];

		ret[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	return slice(ret, host.len);
}

static struct client_host *
find_host(struct host_queue *q, const char *url)
{
	char folded[HOST_NAME_MAX_LEN];
	struct slice name = fold_host(url, folded);
	struct client_host *h = table_get(&q->hosts, name);

	if (h)
		return h;
	h = x_calloc(1, sizeof(*h) + name.len + 1);
	h->len = name.len;
	memcpy(h->name, name.ptr, name.len);
	table_set(&q->hosts, name_of(h), h);
	return h;
}

/* Put it at the end of the ring, if it has something that may go. */
static void
line_up(struct host_queue *q, struct client_host *h, enum call_lane lane)
{
	struct host_ring *ring = &q->rings[lane];
	struct host_line *line = &h->lines[lane];

	if (line->is_in_ring || !line->first || h->active >= q->per_host)
		return;
	line->is_in_ring = true;
	line->next = NULL;
	if (ring->last)
		ring->last->lines[lane].next = h;
	else
		ring->first = h;
	ring->last = h;
}

void
host_queue_put(struct host_queue *q, struct call *call)
{
	struct client_host *h = find_host(q, call->url);
	struct host_line *line = &h->lines[call->lane];

	call->host = h;
	call->next = NULL;
	if (line->first)
		line->last->next = call;
	else
		line->first = call;
	line->last = call;
	q->n++;
	line_up(q, h, call->lane);
}

static struct client_host *
take_host(struct host_queue *q, enum call_lane lane)
{
	struct host_ring *ring = &q->rings[lane];
	struct client_host *h = ring->first;

	if (!h)
		return NULL;
	ring->first = h->lines[lane].next;
	if (!ring->first)
		ring->last = NULL;
	h->lines[lane].is_in_ring = false;
	return h;
}

struct call *
host_queue_take(struct host_queue *q, enum call_lane lane)
{
	struct client_host *h = take_host(q, lane);
	struct call *call;

	/* The other lane may have filled it since it stood there. */
	while (h && h->active >= q->per_host)
		h = take_host(q, lane);
	if (!h)
		return NULL;
	call = h->lines[lane].first;
	h->lines[lane].first = call->next;
	h->active++;
	q->n--;
	line_up(q, h, lane);
	return call;
}

void
host_queue_ended(struct host_queue *q, struct call *call)
{
	struct client_host *h = call->host;
	bool waits = false;

	h->active--;
	for (enum call_lane lane = 0; lane < CALL_LANES; lane++) {
		line_up(q, h, lane);
		waits |= h->lines[lane].first != NULL;
	}
	if (waits || h->active > 0)
		return;
	table_remove(&q->hosts, name_of(h));
	free(h);
}

void
host_queue_done(struct host_queue *q)
{
	CHECK(q->hosts.n == 0);
	table_done(&q->hosts);
}
