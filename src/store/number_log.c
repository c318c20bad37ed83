/*
 * The logs of a first scan: numbers from 1 for each feed, by the date of the
 * articles, then by part, then as they came.
 *
 * Articles are sorted once, and memberships by feed and by the place of their
 * article; a query that sorts them all takes five times as long.
 */
#include <stdlib.h>

#include "store/tx.h"

struct arrival {
	int64_t article_id, published, part, size;
};

struct arrivals {
	struct arrival *list;
	size_t n, room;
	size_t *places;		/* in the list, by article_id */
	int64_t last_id;
};

struct member {
	int64_t feed_id;
	size_t place;		/* of its article */
	int64_t seq;
};

struct members {
	struct member *list;
	size_t n, room;
};

static void
arrivals_done(struct arrivals *a)
{
	free(a->list);
	free(a->places);
}

static void
members_done(struct members *m)
{
	free(m->list);
}

static int
compare_numbers(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

static int
compare_arrivals(const void *left, const void *right)
{
	const struct arrival *a = left, *b = right;

	if (a->published != b->published)
		return compare_numbers(a->published, b->published);
	if (a->part != b->part)
		return compare_numbers(a->part, b->part);
	return compare_numbers(a->article_id, b->article_id);
}

static int
compare_members(const void *left, const void *right)
{
	const struct member *a = left, *b = right;

	if (a->feed_id != b->feed_id)
		return compare_numbers(a->feed_id, b->feed_id);
	return compare_numbers((int64_t)a->place, (int64_t)b->place);
}

/* By place: near enough to the order of the table. */
static int
compare_articles(const void *left, const void *right)
{
	const struct member *a = left, *b = right;

	return compare_numbers((int64_t)a->place, (int64_t)b->place);
}

/* Room for one more at the end of a list. */
static void *
one_more(void *list, size_t n, size_t *room, size_t size)
{
	if (n < *room)
		return list;
	*room = *room ? *room * 2 : 1024;
	return x_realloc(list, *room * size);
}

static int
read_arrivals(struct db *db, struct arrivals *a, struct err *e)
{
	struct query q = query_start(db, "SELECT a.id, a.published,"
		" coalesce(p.number, 0), a.size FROM article a"
		" LEFT JOIN part p ON p.article_id = a.id ORDER BY a.id");

	while (query_row(&q)) {
		a->list = one_more(a->list, a->n, &a->room,
			sizeof(*a->list));
		a->list[a->n++] = (struct arrival){ query_int(&q, 0),
			query_int(&q, 1), query_int(&q, 2), query_int(&q, 3) };
	}
	return query_done(&q, e);
}

/* Oldest first, and each one's place; ids were given one after the other. */
static void
sort_arrivals(struct arrivals *a)
{
	if (a->n == 0)
		return;
	a->last_id = a->list[a->n - 1].article_id;
	a->places = x_calloc((size_t)a->last_id + 1, sizeof(*a->places));
	qsort(a->list, a->n, sizeof(*a->list), compare_arrivals);
	for (size_t i = 0; i < a->n; i++)
		a->places[a->list[i].article_id] = i;
}

static int
read_members(struct db *db, const struct arrivals *a, struct members *m,
	struct err *e)
{
	struct query q = query_start(db,
		"SELECT article_id, feed_id FROM feed_member");

	while (query_row(&q)) {
		int64_t article_id = query_int(&q, 0);

		CHECK(article_id <= a->last_id);
		m->list = one_more(m->list, m->n, &m->room,
			sizeof(*m->list));
		m->list[m->n++] = (struct member){ query_int(&q, 1),
			a->places[article_id], 0 };
	}
	return query_done(&q, e);
}

/* Number the entries of one feed, from *at on. */
static int
number_feed(struct writer *w, const struct arrivals *a, struct members *m,
	size_t *at, struct err *e)
{
	int64_t id = m->list[*at].feed_id;
	struct channel_row *r;

	if (channel_by_id(w, id, &r, e) < 0)
		return -1;
	channel_touch(w, r);
	for (; *at < m->n && m->list[*at].feed_id == id; ++*at) {
		const struct arrival *x = &a->list[m->list[*at].place];

		if (log_put(w, r, x->article_id, 0, x->size, e) < 0)
			return -1;
		m->list[*at].seq = r->last_seq;
	}
	return 0;
}

static int
put_member(struct db *db, const struct arrivals *a, const struct member *m,
	struct err *e)
{
	struct query q = query_start(db, "INSERT INTO feed_member"
		" (article_id, feed_id, seq) VALUES (?, ?, ?)");

	query_put_int(&q, a->list[m->place].article_id);
	query_put_int(&q, m->feed_id);
	query_put_int(&q, m->seq);
	return query_run(&q, e);
}

/* Each member learns its number: writing all anew is faster than updates. */
static int
write_members(struct db *db, const struct arrivals *a, struct members *m,
	struct err *e)
{
	qsort(m->list, m->n, sizeof(*m->list), compare_articles);
	if (db_exec(db, "DELETE FROM feed_member", e) < 0)
		return -1;
	for (size_t i = 0; i < m->n; i++)
		if (put_member(db, a, &m->list[i], e) < 0)
			return -1;
	return 0;
}

int
number_log(struct writer *w, struct err *e)
{
	CLEANUP(arrivals_done) struct arrivals a = { 0 };
	CLEANUP(members_done) struct members m = { 0 };

	if (read_arrivals(w->db, &a, e) < 0)
		return -1;
	sort_arrivals(&a);
	if (read_members(w->db, &a, &m, e) < 0)
		return -1;
	if (m.n == 0)
		return 0;
	qsort(m.list, m.n, sizeof(*m.list), compare_members);
	for (size_t at = 0; at < m.n;)
		if (number_feed(w, &a, &m, &at, e) < 0)
			return -1;
	return write_members(w->db, &a, &m, e);
}
