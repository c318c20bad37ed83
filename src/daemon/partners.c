/*
 * Partners at the door: who may read what of "/feeds/", and who came.
 *
 * 1. The configuration in force decides at each request: a partner who is
 *    revoked, and a token whose time has come, are out at the reload or the
 *    second, whatever is in memory.
 * 2. Counting costs no request a disk: what changed is stored once a minute,
 *    and at the end.  A crash loses a minute of counting.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/event.h"
#include "base/table.h"
#include "daemon/assets.h"
#include "daemon/partners.h"
#include "model/access.h"
#include "model/address.h"
#include "serve/credential.h"

enum { FLUSH_S = 60 };

/* How often a partner came, under its name: it outlives a reload. */
struct tally {
	int64_t requests, last_seen;
	bool changed;
	char name[];
};

struct partners {
	struct press *press;
	struct table by_name;
	ev_timer flush;
	bool changed;		/* a tally that is not stored */
	bool storing;
};

/* ---- counting ---- */

static struct tally *
tally_of(struct partners *ps, struct slice name)
{
	struct tally *t = table_get(&ps->by_name, name);

	if (t)
		return t;
	t = x_calloc(1, sizeof(*t) + name.len + 1);
	memcpy(t->name, name.ptr, name.len);
	table_set(&ps->by_name, slice_str(t->name), t);
	return t;
}

static void
count(struct partners *ps, const struct partner *p)
{
	struct tally *t = tally_of(ps, p->name);

	t->requests++;
	t->last_seen = clock_now();
	t->changed = ps->changed = true;
	if (ev_is_active(&ps->flush))
		return;
	ev_timer_set(&ps->flush, FLUSH_S, 0.);
	ev_timer_start(ps->press->loop, &ps->flush);
}

struct store_seen {
	struct store_job job;
	struct partners *partners;
	struct arena arena;
	struct partner_seen *list;
	size_t n;
};

static void
seen_run(struct store_job *j, struct store_tx *tx)
{
	struct store_seen *s = CONTAINER_OF(j, struct store_seen, job);

	if (s->partners->press->ops->put_partners(tx, s->list, s->n,
		&j->failed) < 0)
		j->failed.kind = MAX(j->failed.kind, ERR_IO);
}

static void
seen_done(struct store_job *j)
{
	struct store_seen *s = CONTAINER_OF(j, struct store_seen, job);

	s->partners->storing = false;
	if (j->failed.kind != ERR_NONE)
		event_err(EV_STORE_FAILED, "while", S("counting what partners "
			"asked for"), &j->failed);
	arena_done(&s->arena);
	free(s);
}

static void
take_changed(struct partners *ps, struct store_seen *s)
{
	size_t at = 0;
	void *v;

	s->list = ARENA_ARRAY(&s->arena, struct partner_seen, ps->by_name.n);
	while (table_next(&ps->by_name, &at, &v)) {
		struct tally *t = v;

		if (!t->changed)
			continue;
		t->changed = false;
		s->list[s->n++] = (struct partner_seen){ .name = arena_copy(
			&s->arena, slice_str(t->name)),
			.requests = t->requests, .last_seen = t->last_seen };
	}
}

void
partners_flush(struct press *p)
{
	struct partners *ps = p->partners;
	struct store_seen *s;

	if (!ps || !ps->changed || ps->storing)
		return;
	s = x_calloc(1, sizeof(*s));
	s->job = (struct store_job){ .run = seen_run, .done = seen_done };
	s->partners = ps;
	take_changed(ps, s);
	ps->changed = false;
	ps->storing = true;
	p->ops->submit(p->store, &s->job);
}

static void
on_flush(struct ev_loop *loop, ev_timer *w, int events)
{
	struct partners *ps = w->data;

	(void)loop;
	(void)events;
	partners_flush(ps->press);
}

/* ---- the door ---- */

/* Who asks; NULL: nobody that we know. */
static const struct partner *
who(struct press *p, const struct serve_request *r)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	const struct head *h = serve_head(r);

	if (!h)
		return NULL;
	return partner_of_token(p->config, credential_token(h->authorization,
		serve_argument(r, S("token")), &a), clock_now());
}

bool
partners_admit(struct press *p, struct slice path, struct serve_request *r)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	const struct channel *ch = NULL;
	const struct partner *partner;
	struct slice rest;
	struct feed f;

	/* The arena is not free, and most newsrooms have nothing private. */
	if (config_has_private(p->config) &&
		address_parse_feed(path, &a, &f, &rest))
		ch = channel_of_feed(p->config, &f);
	if (!ch || !ch->is_private)
		return true;
	partner = who(p, r);
	if (!partner) {
		serve_answer(r, assets_denied(p->assets));
		return false;
	}
	count(p->partners, partner);
	if (partner_may_read(partner, ch)) {
		serve_admit(r);
		return true;
	}
	serve_answer(r, assets_nothing(p->assets));
	return false;
}

bool
partners_conceal(struct press *p, struct serve_request *r)
{
	if (!config_has_private(p->config) || who(p, r))
		return false;
	serve_answer(r, assets_denied(p->assets));
	return true;
}

/* ---- telling ---- */

static json_t *
channel_names(const struct partner *p)
{
	static const char *const folders[] = { [CHANNEL_ALL] = "",
		[CHANNEL_SERIES] = "series/", [CHANNEL_TOPIC] = "topics/" };
	json_t *list = json_array();

	for (size_t i = 0; i < p->n_channels; i++) {
		const struct channel *ch = p->channels[i];

		json_array_append_new(list, json_sprintf("%s%.*s",
			folders[ch->kind], ARG(ch->name)));
	}
	return list;
}

static size_t
valid_tokens(const struct partner *p, int64_t now)
{
	size_t n = 0;

	for (size_t i = 0; !p->revoked && i < p->n_tokens; i++)
		n += p->tokens[i].until == 0 || now < p->tokens[i].until;
	return n;
}

json_t *
partners_list(const struct press *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->config->n_partners; i++) {
		const struct partner *one = &p->config->partners[i];
		const struct tally *t = table_get(&p->partners->by_name,
			one->name);

		json_array_append_new(list, json_pack(
			"{s:s%, s:b, s:I, s:I, s:I, s:o}",
			"name", one->name.ptr, one->name.len,
			"revoked", one->revoked,
			"tokens", (json_int_t)valid_tokens(one, clock_now()),
			"requests", (json_int_t)(t ? t->requests : 0),
			"last_seen", (json_int_t)(t ? t->last_seen : 0),
			"channels", channel_names(one)));
	}
	return list;
}

/* ---- life ---- */

int
partners_load(struct press *p, struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct store_reader *r = p->ops->reader_take(p->store);
	struct partners *ps = x_calloc(1, sizeof(*ps));
	struct partner_seen *list;
	size_t n = 0;
	int rc = p->ops->partners(r, &a, &list, &n, e);

	p->ops->reader_give(p->store, r);
	ps->press = p;
	ev_timer_init(&ps->flush, on_flush, FLUSH_S, 0.);
	ps->flush.data = ps;
	p->partners = ps;
	for (size_t i = 0; rc == 0 && i < n; i++) {
		struct tally *t = tally_of(ps, list[i].name);

		t->requests = list[i].requests;
		t->last_seen = list[i].last_seen;
	}
	return rc;
}

void
partners_free(struct partners *ps)
{
	size_t at = 0;
	void *v;

	if (!ps)
		return;
	ev_timer_stop(ps->press->loop, &ps->flush);
	while (table_next(&ps->by_name, &at, &v))
		free(v);
	table_done(&ps->by_name);
	free(ps);
}
