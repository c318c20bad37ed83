/*
 * The readers of each feed (what is kept, and what is not: readers.h).
 *
 * A reader is in two lists: that of its feed, which is short and is searched;
 * and that of all, the latest first, whose end goes when there are too many.
 */
#include <stdlib.h>
#include <sys/queue.h>

#include "base/table.h"
#include "daemon/readers.h"

struct feed_seen;

struct seen {
	struct reader reader;
	struct feed_seen *feed;
	TAILQ_ENTRY(seen) of_feed, of_all;	/* the latest first */
};

TAILQ_HEAD(seen_list, seen);

struct feed_seen {
	int64_t id;		/* the key of by_feed */
	struct seen_list list;
	size_t n;
};

struct readers {
	struct table by_feed;
	struct seen_list all;
	size_t n;
};

static struct slice
id_key(const int64_t *id)
{
	return slice((const char *)id, sizeof(*id));
}

static void
forget(struct readers *r, struct seen *s)
{
	struct feed_seen *f = s->feed;

	TAILQ_REMOVE(&r->all, s, of_all);
	TAILQ_REMOVE(&f->list, s, of_feed);
	free(s);
	r->n--;
	if (--f->n > 0)
		return;
	table_remove(&r->by_feed, id_key(&f->id));
	free(f);
}

static struct feed_seen *
feed_of(struct readers *r, int64_t id)
{
	struct feed_seen *f = table_get(&r->by_feed, id_key(&id));

	if (f)
		return f;
	f = x_calloc(1, sizeof(*f));
	f->id = id;
	TAILQ_INIT(&f->list);
	table_set(&r->by_feed, id_key(&f->id), f);
	return f;
}

static struct seen *
find(const struct feed_seen *f, int format, const char *name)
{
	struct seen *s;

	TAILQ_FOREACH(s, &f->list, of_feed)
		if (s->reader.format == format &&
			strcmp(s->reader.agent.name, name) == 0)
			return s;
	return NULL;
}

static struct seen *
add(struct readers *r, struct feed_seen *f, int format)
{
	struct seen *s = x_calloc(1, sizeof(*s));

	s->reader.format = format;
	s->feed = f;
	TAILQ_INSERT_HEAD(&f->list, s, of_feed);
	TAILQ_INSERT_HEAD(&r->all, s, of_all);
	f->n++;
	r->n++;
	/* Neither can be the one that came just now. */
	if (f->n > READERS_OF_FEED_MAX)
		forget(r, TAILQ_LAST(&f->list, seen_list));
	if (r->n > READERS_MAX)
		forget(r, TAILQ_LAST(&r->all, seen_list));
	return s;
}

static void
move_to_front(struct readers *r, struct seen *s)
{
	TAILQ_REMOVE(&s->feed->list, s, of_feed);
	TAILQ_INSERT_HEAD(&s->feed->list, s, of_feed);
	TAILQ_REMOVE(&r->all, s, of_all);
	TAILQ_INSERT_HEAD(&r->all, s, of_all);
}

struct readers *
readers_new(void)
{
	struct readers *r = x_calloc(1, sizeof(*r));

	TAILQ_INIT(&r->all);
	return r;
}

void
readers_saw(struct readers *r, int64_t feed_id, int format,
	struct slice user_agent, int64_t now)
{
	struct feed_seen *f = feed_of(r, feed_id);
	struct agent agent;
	struct seen *s;

	agent_read(user_agent, &agent);
	s = find(f, format, agent.name);
	if (s)
		move_to_front(r, s);
	else
		s = add(r, f, format);
	if (now - s->reader.last > READERS_DAY_S)
		s->reader.requests = 0;
	s->reader.agent = agent;
	s->reader.requests++;
	s->reader.last = now;
}

static int
compare(const void *left, const void *right)
{
	const struct reader *a = left, *b = right;

	if (a->agent.subscribers != b->agent.subscribers)
		return a->agent.subscribers < b->agent.subscribers ? 1 : -1;
	if (a->requests != b->requests)
		return a->requests < b->requests ? 1 : -1;
	if (a->format != b->format)
		return a->format - b->format;
	return strcmp(a->agent.name, b->agent.name);
}

size_t
readers_of(const struct readers *r, int64_t feed_id, int64_t now,
	struct arena *a, struct reader **ret)
{
	const struct feed_seen *f = table_get(&r->by_feed, id_key(&feed_id));
	const struct seen *s;
	size_t n = 0;

	if (!f)
		return 0;
	*ret = ARENA_ARRAY(a, struct reader, f->n);
	TAILQ_FOREACH(s, &f->list, of_feed)
		if (now - s->reader.last <= READERS_DAY_S)
			(*ret)[n++] = s->reader;
	qsort(*ret, n, sizeof(**ret), compare);
	return n;
}

static int64_t
people_of(const struct reader *r)
{
	return r->agent.subscribers < 0 ? 1 : r->agent.subscribers;
}

int64_t
readers_people(const struct reader *list, size_t n)
{
	int64_t people = 0;

	for (size_t i = 0; i < n; i++)
		people += people_of(&list[i]);
	return people;
}

static int
compare_counts(const void *left, const void *right)
{
	const struct reader_count *a = left, *b = right;

	return a->feed_id < b->feed_id ? -1 : a->feed_id > b->feed_id;
}

size_t
readers_counts(const struct readers *r, int64_t now, struct arena *a,
	struct reader_count **ret)
{
	const struct seen *s;
	size_t n = 0, at = 0;
	void *f;

	*ret = ARENA_ARRAY(a, struct reader_count, r->by_feed.n + 1);
	while (table_next(&r->by_feed, &at, &f)) {
		struct reader_count *c = &(*ret)[n++];

		c->feed_id = ((struct feed_seen *)f)->id;
		TAILQ_FOREACH(s, &((struct feed_seen *)f)->list, of_feed)
			if (now - s->reader.last <= READERS_DAY_S)
				c->people += people_of(&s->reader);
	}
	qsort(*ret, n, sizeof(**ret), compare_counts);
	return n;
}

int64_t
readers_count_of(const struct reader_count *list, size_t n, int64_t feed_id)
{
	const struct reader_count key = { .feed_id = feed_id }, *found =
		n == 0 ? NULL : bsearch(&key, list, n, sizeof(*list),
		compare_counts);

	return found ? found->people : 0;
}

void
readers_free(struct readers *r)
{
	if (!r)
		return;
	while (!TAILQ_EMPTY(&r->all))
		forget(r, TAILQ_FIRST(&r->all));
	table_done(&r->by_feed);
	free(r);
}
