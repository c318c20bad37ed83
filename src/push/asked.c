/*
 * How often each host was asked to verify.
 */
#include <stdlib.h>

#include "push/asked.h"

enum {
	MINUTE_MS = 60 * 1000,
	SOON_MS = 250,		/* to be looked at again, if it answers; */
	LATER_MS = 10 * 1000,	/* or if the last one got no answer */
};

struct asked_host {
	struct slice name;
	int64_t since;		/* its minute */
	int64_t times;		/* in that */
	unsigned on_way;
	bool is_silent;
	char text[];
};

static bool
is_over(const struct asked_host *h, int64_t now)
{
	return now - h->since >= MINUTE_MS;
}

static struct asked_host *
host_of(struct asked *a, struct slice name, int64_t now)
{
	struct asked_host *h = table_get(&a->hosts, name);

	if (h)
		return h;
	h = x_calloc(1, sizeof(*h) + name.len + 1);
	memcpy(h->text, name.ptr, name.len);
	h->name = slice(h->text, name.len);
	h->since = now;
	table_set(&a->hosts, h->name, h);
	return h;
}

/* Once a minute: forget who need not be remembered. */
static void
sweep(struct asked *a, int64_t now)
{
	struct table old = a->hosts;
	size_t at = 0;
	void *v;

	if (now - a->swept < MINUTE_MS)
		return;
	a->swept = now;
	a->hosts = (struct table){ 0 };
	while (table_next(&old, &at, &v)) {
		struct asked_host *h = v;

		if (is_over(h, now) && h->on_way == 0)
			free(h);
		else
			table_set(&a->hosts, h->name, h);
	}
	table_done(&old);
}

int64_t
asked_take(struct asked *a, struct slice host, int64_t per_minute, int64_t now)
{
	struct asked_host *h;

	sweep(a, now);
	h = host_of(a, host, now);
	if (is_over(h, now)) {
		h->since = now;
		h->times = 0;
	}
	if (h->times >= per_minute)
		return MINUTE_MS - (now - h->since);
	if (h->on_way >= ASKED_AT_ONCE)
		return h->is_silent ? LATER_MS : SOON_MS;
	h->times++;
	h->on_way++;
	return 0;
}

void
asked_leave(struct asked *a, struct slice host, bool answered)
{
	struct asked_host *h = table_get(&a->hosts, host);

	CHECK(h && h->on_way > 0);
	h->on_way--;
	h->is_silent = !answered;
}

void
asked_done(struct asked *a)
{
	size_t at = 0;
	void *v;

	while (table_next(&a->hosts, &at, &v))
		free(v);
	table_done(&a->hosts);
}
