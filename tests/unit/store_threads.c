/*
 * Readers on pool threads while the store's thread writes: what they see is
 * whole.  Built with ThreadSanitizer, this also shows that nothing is shared
 * without a lock.
 *
 * Every article of a batch has the same body; so a feed in which two bodies
 * are seen is half of one transaction and half of another.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/pool.h"
#include "store_kit.h"

enum { ROUNDS = 60, READERS = 3, FILES = 4 };

struct look {
	struct job job;
	struct kit *kit;
	struct pool *pool;
	atomic_bool *stop;
	size_t looks;
	const char *broken;
};

/* One look: the head, the list and the bodies, all of one moment. */
static const char *
look(struct store_reader *r, struct arena *a)
{
	struct slice body = { 0 };
	struct feed *list, f;
	struct entry entry;
	struct err e;
	size_t n;

	if (store_sqlite.feeds(r, a, &list, &n, &e) < 0)
		return "feeds";
	if (n == 0)
		return NULL;
	f = list[0];
	if (store_sqlite.feed_entries(r, &f, FEED_LIVE_MAX, a, &e) < 0)
		return "feed_entries";
	if (f.n != f.entries)
		return "the head and the list are of two moments";
	for (size_t i = 0; i < f.n; i++) {
		if (store_sqlite.entry(r, &f.list[i], a, &entry,
			&e) < 0)
			return "entry";
		if (i > 0 && !slice_eq(entry.html, body))
			return "two bodies";
		body = entry.html;
	}
	return NULL;
}

static void
look_run(struct job *j)
{
	struct look *l = CONTAINER_OF(j, struct look, job);
	struct arena a = { 0 };

	while (!atomic_load(l->stop) && !l->broken) {
		struct store_reader *r = store_sqlite.reader_take(
			l->kit->store);

		l->broken = look(r, &a);
		store_sqlite.reader_give(l->kit->store, r);
		arena_reset(&a);
		l->looks++;
	}
	arena_done(&a);
}

static void
look_done(struct job *j)
{
	(void)j;
}

static void
write_rounds(struct kit *k)
{
	static const char *const paths[FILES] = { "a.txt", "b.txt", "c.txt",
		"d.txt" };
	char body[32];

	for (int i = 0; i < ROUNDS; i++) {
		struct piece p[FILES] = { 0 };

		snprintf(body, sizeof(body), "Round %d.", i);
		for (int f = 0; f < FILES; f++)
			p[f] = (struct piece){ .path = paths[f],
				.title = paths[f], .body = body };
		kit_write(k, p, FILES, false);
	}
}

static void
readers_see_whole_transactions(void **state)
{
	struct look looks[READERS] = { 0 };
	atomic_bool stop = false;
	struct pool *pool;
	struct kit k;

	(void)state;
	kit_setup(&k);
	pool = pool_new(k.loop, READERS);
	for (int i = 0; i < READERS; i++) {
		looks[i] = (struct look){ .kit = &k, .stop = &stop,
			.job = { .run = look_run, .done = look_done } };
		pool_submit(pool, &looks[i].job, POOL_NOW);
	}
	write_rounds(&k);
	atomic_store(&stop, true);
	pool_free(pool);
	for (int i = 0; i < READERS; i++) {
		if (looks[i].broken)
			fail_msg("%s", looks[i].broken);
		assert_true(looks[i].looks > 0);
	}
	assert_int_equal(kit_feed(&k, "all").wanted, ROUNDS);
	kit_teardown(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(readers_see_whole_transactions),
	};

	return cmocka_run_group_tests_name("store_threads", tests, NULL,
		NULL);
}
