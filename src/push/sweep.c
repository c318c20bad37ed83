/*
 * The sweep: every topic is looked at now and then, and what has to be done
 * about them is the next turn's.  With another press.db (its first scan has
 * come to its end) it is looked at once.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "push/hub_parts.h"

struct sweep_job {
	struct job job;
	struct hub *hub;
	struct config *config;
	struct sweep *ret;
	struct err failed;
};

void
sweep_free(struct sweep *s)
{
	if (!s)
		return;
	arena_done(&s->arena);
	free(s);
}

static int
read_world(const struct courier *c, struct store_reader *r, struct arena *a,
	struct topics_world *w, struct err *e)
{
	struct moved_series *moved;
	struct feed *feeds;

	if (c->ops->feeds(r, a, &feeds, &w->n_feeds, e) < 0 ||
		c->ops->moved(r, a, &moved, &w->n_moved, e) < 0)
		return -1;
	w->feeds = feeds;
	w->moved = moved;
	return 0;
}

static int
judge_all(const struct sweep_job *j, const struct topics_world *w,
	struct store_reader *r, struct err *e)
{
	const struct subscription_ops *ops = j->hub->ops;
	struct sweep *s = j->ret;
	struct topic_change one;
	struct hub_topic *list;
	int64_t after = 0;
	size_t n = 1;

	while (n > 0) {
		if (ops->topics(r, after, HUB_READ, &s->arena, &list, &n,
			e) < 0)
			return -1;
		for (size_t i = 0; i < n; i++) {
			after = list[i].id;
			if (!topics_judge(w, &list[i], &s->arena, &one))
				continue;
			s->list = ARENA_GROW(&s->arena, s->list, s->n);
			s->list[s->n++] = one;
		}
	}
	return 0;
}

static int
look(const struct sweep_job *j, struct err *e)
{
	const struct courier *c = j->hub->c;
	struct topics_world w = { .config = j->config };
	struct store_reader *r = c->ops->reader_take(c->press);
	int rc = read_world(c, r, &j->ret->arena, &w, e);

	c->ops->reader_give(c->press, r);
	if (rc < 0)
		return -1;
	r = c->ops->reader_take(c->store);
	rc = judge_all(j, &w, r, e);
	c->ops->reader_give(c->store, r);
	return rc;
}

static void
run(struct job *j)
{
	struct sweep_job *s = CONTAINER_OF(j, struct sweep_job, job);

	if (look(s, &s->failed) < 0)
		s->failed.kind = MAX(s->failed.kind, ERR_STORE);
}

static void
done(struct job *j)
{
	struct sweep_job *s = CONTAINER_OF(j, struct sweep_job, job);
	struct hub *h = s->hub;

	h->jobs--;
	h->is_sweeping = false;
	if (s->failed.kind != ERR_NONE) {
		hub_failed(h, &s->failed);
	} else if (s->ret->n > 0 && !h->is_draining) {
		h->swept = TAKE(s->ret);
		turn_start(h);
	}
	sweep_free(s->ret);
	config_unref(s->config);
	free(s);
}

void
sweep_start(struct hub *h)
{
	struct sweep_job *s;

	if (h->is_sweeping || h->swept || h->is_draining)
		return;
	h->next_sweep = clock_mono_ms() + HUB_SWEEP_MS;
	s = x_calloc(1, sizeof(*s));
	s->job = (struct job){ .run = run, .done = done };
	s->hub = h;
	s->config = config_ref(h->config);
	s->ret = x_calloc(1, sizeof(*s->ret));
	h->is_sweeping = true;
	h->jobs++;
	pool_submit(h->c->pool, &s->job, POOL_LATER);
}

void
sweep_see(struct hub *h, struct slice stream)
{
	uint64_t hash = hash64(stream);

	if (stream.len == 0 || h->seen == hash)
		return;
	h->seen = hash;
	h->next_sweep = clock_mono_ms();
}
