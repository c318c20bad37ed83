/*
 * Tokens that will be over: somebody is told in time, and one that lives for
 * weeks is renewed while it is good, though nothing is sent.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "push/engine_parts.h"

enum { WATCH_MS = 3600 * 1000 };

#define DAY_MS (INT64_C(24) * WATCH_MS)

struct watch {
	struct job job;
	struct engine *engine;
	struct arena arena;
	struct token_row *rows;
	size_t n;
	struct err failed;
};

static void
watch_run(struct job *j)
{
	struct watch *w = CONTAINER_OF(j, struct watch, job);
	const struct courier *c = w->engine->c;
	struct store_reader *r = c->ops->reader_take(c->store);

	if (token_sqlite.list(r, &w->arena, &w->rows, &w->n, &w->failed) < 0)
		w->n = 0;
	c->ops->reader_give(c->store, r);
}

/* Once a day. */
static void
warn(struct engine *e, struct lane *l, const struct token_row *t, int64_t now)
{
	int64_t mono = clock_mono_ms(), left = MAX(t->ends - now, 0);
	struct err why;

	if (t->ends == 0 || left > TOKEN_WARN_MS ||
		(l->warned_at && mono - l->warned_at < DAY_MS))
		return;
	l->warned_at = MAX(mono, 1);
	err_set(&why, ERR_REFUSED, "what somebody logged in for ends in %jd "
		"days", (intmax_t)(left / DAY_MS));
	err_hint(&why, "Run \"gazettectl target auth %.*s\" before.",
		ARG(t->target));
	courier_tell(e->c, COURIER_TOKEN_ENDS, t->target, S(""),
		left / DAY_MS, &why);
}

/* One of an hour is renewed when it is needed. */
static bool
is_old(const struct token_row *t, int64_t now)
{
	int64_t life = t->expires - t->got;

	return t->has_access && t->expires > now && life >= 2 * DAY_MS &&
		t->expires - now < life / 4;
}

static void
watch_done(struct job *j)
{
	struct watch *w = CONTAINER_OF(j, struct watch, job);
	struct engine *e = w->engine;
	int64_t now = clock_now_ms();

	engine_job_ended(e);
	if (w->failed.kind != ERR_NONE)
		engine_failed(e, &w->failed);
	for (size_t i = 0; i < w->n; i++) {
		struct lane *l = lane_find(e, w->rows[i].target);

		if (!l || !l->target || !push_keeps_token(l->target))
			continue;
		warn(e, l, &w->rows[i], now);
		if (is_old(&w->rows[i], now) && engine_may_send(e))
			fetch_begin(e, l, FETCH_EARLY, NULL);
	}
	arena_done(&w->arena);
	free(w);
}

void
engine_watch_tokens(struct engine *e)
{
	int64_t now = clock_mono_ms();
	struct watch *w;

	if (now < e->watch_at || !engine_may_send(e))
		return;
	e->watch_at = now + WATCH_MS;
	w = x_calloc(1, sizeof(*w));
	w->engine = e;
	w->job = (struct job){ .run = watch_run, .done = watch_done };
	engine_job_begins(e);
	pool_submit(e->c->pool, &w->job, POOL_NOW);
}
