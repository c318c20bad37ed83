/*
 * The shelf: documents of topics, while they are sent.
 *
 * Pool jobs read them.  A document that could not be read is tried again after
 * a while; one that is not there is known to be gone for as long.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "push/ring_parts.h"

enum {
	SHELF_MAX = RING_ROUNDS_MAX + 16,
	SHELF_KEPT_MS = 10000,	/* since it was last asked for */
	SHELF_PAUSE_MS = 5000,
};

struct shelved {
	struct shelved *next;
	int64_t topic_id;
	unsigned generation;	/* what another one reads is thrown away */
	struct issue *issue;	/* NULL: is_reading, or it failed */
	bool is_reading, is_gone;
	int64_t failed_at, asked_at;
};

struct read_job {
	struct job job;
	struct ring *ring;
	int64_t topic_id;
	unsigned generation;
	struct issue *issue;
	struct err failed;
};

static struct shelved *
find(const struct ring *r, int64_t topic_id)
{
	struct shelved *s = r->shelf;

	while (s && s->topic_id != topic_id)
		s = s->next;
	return s;
}

static void
run(struct job *j)
{
	struct read_job *rj = CONTAINER_OF(j, struct read_job, job);

	rj->failed = (struct err){ 0 };
	if (issue_read(rj->issue, &rj->failed) < 0)
		rj->failed.kind = MAX(rj->failed.kind, ERR_IO);
}

static void
take_over(struct shelved *s, struct read_job *rj)
{
	s->is_reading = false;
	/* One that is too large is as good as gone: nobody can have it. */
	s->is_gone = rj->failed.kind == ERR_MISSING ||
		rj->failed.kind == ERR_LIMIT;
	if (rj->failed.kind == ERR_NONE) {
		s->issue = TAKE(rj->issue);
		return;
	}
	s->failed_at = clock_mono_ms();
	courier_tell(rj->ring->c, s->is_gone ? COURIER_REJECTED :
		COURIER_STORE_FAILED, rj->issue->url, S(""), 0, &rj->failed);
}

static void
done(struct job *j)
{
	struct read_job *rj = CONTAINER_OF(j, struct read_job, job);
	struct ring *r = rj->ring;
	bool alive = ring_job_ended(r);
	struct shelved *s = alive ? find(r, rj->topic_id) : NULL;

	if (s && s->generation == rj->generation)
		take_over(s, rj);
	issue_unref(rj->issue);
	free(rj);
	if (!alive)
		return;
	ring_feed(r);
	second_look(r);
}

static void
read_it(struct ring *r, struct shelved *s, struct slice url)
{
	struct read_job *rj = x_calloc(1, sizeof(*rj));

	s->is_reading = true;
	s->is_gone = false;
	rj->job.run = run;
	rj->job.done = done;
	rj->ring = r;
	rj->topic_id = s->topic_id;
	rj->generation = s->generation;
	rj->issue = issue_new(r->config, url);
	ring_job_begins(r);
	pool_submit(r->c->pool, &rj->job, POOL_NOW);
}

static struct shelved *
make_room(struct ring *r, int64_t topic_id, bool needed)
{
	struct shelved *s;

	if (!needed && r->n_shelved >= SHELF_MAX)
		return NULL;
	s = x_calloc(1, sizeof(*s));
	s->topic_id = topic_id;
	s->next = r->shelf;
	r->shelf = s;
	r->n_shelved++;
	ring_work(r);
	return s;
}

struct issue *
shelf_get(struct ring *r, int64_t topic_id, struct slice url, bool needed,
	bool *ret_gone)
{
	struct shelved *s = find(r, topic_id);
	int64_t now = clock_mono_ms();

	*ret_gone = false;
	if (!s)
		s = make_room(r, topic_id, needed);
	if (!s)
		return NULL;
	s->asked_at = now;
	if (!s->issue && !s->is_reading && (!s->failed_at ||
		now - s->failed_at > SHELF_PAUSE_MS))
		read_it(r, s, url);
	*ret_gone = s->is_gone;
	return s->issue;
}

void
shelf_renew(struct ring *r, int64_t topic_id)
{
	struct shelved *s = find(r, topic_id);

	if (!s)
		return;
	s->generation++;
	issue_unref(TAKE(s->issue));
	s->is_reading = s->is_gone = false;
	s->failed_at = 0;
}

static void
forget(struct ring *r, struct shelved **at)
{
	struct shelved *s = *at;

	*at = s->next;
	issue_unref(s->issue);
	free(s);
	r->n_shelved--;
}

void
shelf_look(struct ring *r, int64_t now)
{
	struct shelved **at = &r->shelf;

	while (*at) {
		if (!(*at)->is_reading &&
			now - (*at)->asked_at > SHELF_KEPT_MS)
			forget(r, at);
		else
			at = &(*at)->next;
	}
}

void
shelf_done(struct ring *r)
{
	while (r->shelf)
		forget(r, &r->shelf);
}
