/*
 * The store of what is withdrawn, held, or waits, and of how edits are
 * announced.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "store_kit.h"

/* ---- jobs that the kit has not ---- */

enum what { BAR, UNBAR, COUNT, MOVE };

struct history_job {
	struct store_job job;
	enum what what;
	struct slice path;
	enum hold from, to;
	struct batch batch;
	int64_t article_id;
	bool reread;
	struct hold_counts counts;
	struct slice *paths;
	size_t n;
	bool done;
};

static int
call(struct history_job *h, struct store_tx *tx, struct err *e)
{
	const struct store_ops *s = &store_sqlite;

	switch (h->what) {
	case BAR:
		return s->bar(tx, &h->batch, h->path, &h->article_id, e);
	case UNBAR:
		return s->unbar(tx, &h->batch, h->path, &h->reread, e);
	case COUNT:
		return s->holds(tx, 0, &h->counts, e);
	case MOVE:
		return s->move_holds(tx, h->from, h->to, h->path,
			&h->batch.arena, &h->paths, &h->n, e);
	}
	return -1;
}

static void
history_run(struct store_job *j, struct store_tx *tx)
{
	if (call(CONTAINER_OF(j, struct history_job, job), tx,
		&j->failed) < 0 && j->failed.kind == ERR_NONE)
		j->failed.kind = ERR_STORE;
}

static void
history_done(struct store_job *j)
{
	CONTAINER_OF(j, struct history_job, job)->done = true;
}

/* The kind of error that it ended with. */
static enum err_kind
run(struct history_job *h)
{
	h->job = (struct store_job){ .run = history_run,
		.done = history_done };
	h->batch.now = 1715760000;
	store_sqlite.submit(kit.store, &h->job);
	while (!h->done)
		ev_run(kit.loop, EVRUN_ONCE);
	arena_done(&h->batch.arena);
	return h->job.failed.kind;
}

static struct hold_counts
counts(void)
{
	struct history_job h = { .what = COUNT };

	assert_int_equal(run(&h), ERR_NONE);
	return h.counts;
}

static size_t
move(enum hold from, enum hold to, const char *below)
{
	struct history_job h = { .what = MOVE, .from = from, .to = to,
		.path = slice_str(below) };

	assert_int_equal(run(&h), ERR_NONE);
	return h.n;
}

/* ---- withdrawn by the operator ---- */

static void
barred_and_back(void **state)
{
	struct history_job bar = { .what = BAR, .path = S_INIT("a.txt") };
	struct history_job again = bar;
	struct history_job unbar = { .what = UNBAR, .path = S_INIT("a.txt") };
	struct entry before, after;

	(void)state;
	SAVE(&kit, { .path = "a.txt", .title = "A" });
	SAVE(&kit, { .path = "b.txt", .title = "B", .related = { "A" } });
	kit_publish_all(&kit);
	before = kit_entry(&kit, "a.txt");
	assert_int_equal(run(&bar), ERR_NONE);
	assert_int_equal(bar.article_id, before.article_id);
	assert_int_equal(bar.batch.n_feeds, 1);
	assert_string_equal(kit_titles(&kit, "all"), "B");
	assert_int_equal(kit_entry(&kit, "b.txt").related[0].article_id, 0);
	assert_int_equal(run(&again), ERR_NONE);
	assert_int_equal(again.batch.n_feeds, 0);

	/* Its file brings it back, read anew, also after a restart. */
	assert_int_equal(run(&unbar), ERR_NONE);
	assert_true(unbar.reread);
	assert_string_equal(kit_titles(&kit, "all"), "B");
	assert_string_equal(kit_sql(&kit, "SELECT hash || size || mtime_ns"
		" FROM file WHERE path = 'a.txt'"), "000");
	SAVE(&kit, { .path = "a.txt", .title = "A" });
	after = kit_entry(&kit, "a.txt");
	assert_int_equal(after.article_id, before.article_id);
	assert_string_equal(kit_titles(&kit, "all"), "A / B");
}

static void
barred_without_a_file(void **state)
{
	struct history_job bar = { .what = BAR, .path = S_INIT("a.txt") };
	struct history_job unbar = { .what = UNBAR, .path = S_INIT("a.txt") };

	(void)state;
	SAVE(&kit, { .path = "a.txt", .title = "A" });
	SAVE(&kit, { .path = "b.txt", .title = "B", .related = { "A" } });
	SAVE(&kit, { .path = "a.txt", .fate = ITEM_GONE,
		.change = CHANGE_KEEP });
	assert_int_equal(run(&bar), ERR_NONE);
	assert_string_equal(kit_titles(&kit, "all"), "B");
	assert_int_equal(run(&unbar), ERR_NONE);
	assert_false(unbar.reread);
	assert_string_equal(kit_titles(&kit, "all"), "A / B");
	assert_int_equal(kit_entry(&kit, "a.txt").state, STATE_KEPT);
	assert_int_equal(kit_feed(&kit, "all").entries, 2);
	assert_true(kit_entry(&kit, "b.txt").related[0].article_id != 0);
}

static void
what_cannot_be_published(void **state)
{
	struct history_job gone = { .what = UNBAR, .path = S_INIT("a.txt") };
	struct history_job none = { .what = BAR, .path = S_INIT("x.txt") };

	(void)state;
	SAVE(&kit, { .path = "a.txt", .title = "A" });
	SAVE(&kit, { .path = "a.txt", .fate = ITEM_GONE });
	assert_int_equal(run(&gone), ERR_REFUSED);
	assert_int_equal(run(&none), ERR_MISSING);
}

static void
a_barred_file_keeps_its_article_when_it_moves(void **state)
{
	struct history_job bar = { .what = BAR, .path = S_INIT("a.txt") };

	(void)state;
	SAVE(&kit, { .path = "a.txt", .title = "A" });
	assert_int_equal(run(&bar), ERR_NONE);
	/* As series_decide() says of it: nothing. */
	SAVE(&kit, { .path = "b.txt", .title = "A", .from = "a.txt",
		.fate = ITEM_TOUCHED });
	assert_int_equal(kit_entry(&kit, "b.txt").state, STATE_WITHDRAWN);
	assert_false(kit_has(&kit, "a.txt"));
	assert_int_equal(kit_counts(&kit).withdrawn, 1);
}

/* ---- tombstones ---- */

static void
tombstones(void **state)
{
	struct feed f;

	(void)state;
	SAVE(&kit, { .path = "a.txt", .title = "A", .topics = { "t" } });
	SAVE(&kit, { .path = "b.txt", .title = "B" });
	SAVE(&kit, { .path = "a.txt", .fate = ITEM_GONE });
	f = kit_feed(&kit, "all");
	assert_int_equal(f.n_gone, 1);
	assert_true(slice_eq(f.gone[0].uid, S("tag:news.example.org,2024:a")));
	assert_true(f.gone[0].when > kit_entry(&kit, "a.txt").updated);
	assert_int_equal(kit_feed(&kit, "t").n_gone, 1);
	SAVE(&kit, { .path = "a.txt", .title = "A" });
	assert_int_equal(kit_feed(&kit, "all").n_gone, 0);

	/* An old one, beyond the newest numbers, is told no more. */
	SAVE(&kit, { .path = "a.txt", .fate = ITEM_GONE });
	kit_change(&kit, "UPDATE article SET gone = 5 WHERE gone > 0");
	assert_int_equal(kit_feed(&kit, "all").n_gone, 1);
	kit_change(&kit, "WITH n (i) AS (VALUES (1) UNION ALL SELECT i + 1"
		" FROM n WHERE i < 60) INSERT INTO feed_entry SELECT f.id,"
		" f.last_seq + n.i, a.id, 0 FROM n, feed f, article a"
		" WHERE f.slug = 'all' AND a.path = 'b.txt'");
	assert_int_equal(kit_feed(&kit, "all").n_gone, 0);
}

static void
what_is_corrected_or_back_is_seen_again(void **state)
{
	(void)state;
	SAVE(&kit, { .path = "a.txt", .title = "A" });
	SAVE(&kit, { .path = "a.txt", .title = "A", .body = "Other." });
	assert_string_equal(kit_sql(&kit, "SELECT count(*) FROM feed_entry"),
		"1");
	SAVE(&kit, { .path = "a.txt", .title = "A", .body = "Right.",
		.change = CHANGE_CORRECT });
	SAVE(&kit, { .path = "a.txt", .fate = ITEM_GONE });
	SAVE(&kit, { .path = "a.txt", .title = "A" });
	assert_string_equal(kit_sql(&kit, "SELECT count(*) FROM feed_entry"),
		"3");
	assert_string_equal(kit_titles(&kit, "all"), "A");
}

/* ---- announcements ---- */

static const char *
last_action(void)
{
	kit_publish_all(&kit);
	return kit_sql(&kit, "SELECT action FROM announce"
		" WHERE kind = 'article' ORDER BY seq DESC LIMIT 1");
}

static void
edits_are_announced_as_what_they_are(void **state)
{
	(void)state;
	SAVE(&kit, { .path = "a.txt", .title = "A" });
	assert_string_equal(last_action(), "published");
	SAVE(&kit, { .path = "a.txt", .title = "A", .body = "1",
		.change = CHANGE_AMEND });
	assert_string_equal(last_action(), "minor");
	SAVE(&kit, { .path = "a.txt", .title = "A", .body = "2" });
	assert_string_equal(last_action(), "updated");
	SAVE(&kit, { .path = "a.txt", .title = "A", .body = "3",
		.change = CHANGE_CORRECT });
	/* Several at once are the greatest of them. */
	SAVE(&kit, { .path = "a.txt", .title = "A", .body = "4",
		.change = CHANGE_AMEND });
	assert_string_equal(last_action(), "corrected");
	SAVE(&kit, { .path = "a.txt", .title = "A", .body = "5",
		.change = CHANGE_AMEND });
	assert_string_equal(last_action(), "minor");
}

/* ---- holds ---- */

static void
hold(const char *path, enum hold how)
{
	struct kit_batch b;
	struct piece p = { .path = path, .fate = ITEM_GONE,
		.change = CHANGE_HOLD };

	kit_fill(&b, &p, 1);
	b.hold = how;
	kit_submit(&kit, &b);
	kit_wait(&kit, &b);
	assert_int_equal(b.job.failed.kind, ERR_NONE);
	assert_true(b.batch.holds);
	assert_int_equal(b.batch.changed, 0);
	kit_done(&b);
}

static void
holds(void **state)
{
	struct hold_counts n;

	(void)state;
	SAVE(&kit, { .path = "a.txt", .title = "A" },
		{ .path = "d/b.txt", .title = "B" },
		{ .path = "d/c.txt", .title = "C" });
	hold("a.txt", HOLD_COUNTED);
	hold("d/b.txt", HOLD_COUNTED);
	hold("d/c.txt", HOLD_ASK);
	n = counts();
	assert_int_equal(n.counted, 2);
	assert_int_equal(n.asked, 1);
	assert_int_equal(n.live, 3);
	assert_int_equal(kit_feed(&kit, "all").n, 3);
	assert_int_equal(move(HOLD_COUNTED, HOLD_GUARD, ""), 2);
	assert_int_equal(counts().guarded, 2);

	/* A folder, a file; a name that only begins the same. */
	assert_int_equal(move(HOLD_NOT, HOLD_CONFIRMED, "d/"), 0);
	assert_int_equal(move(HOLD_NOT, HOLD_CONFIRMED, "d"), 2);
	assert_int_equal(move(HOLD_NOT, HOLD_CONFIRMED, "a.tx"), 0);
	assert_int_equal(counts().passed, 2);

	/* There again. */
	SAVE(&kit, { .path = "a.txt", .fate = ITEM_SAME });
	assert_int_equal(counts().guarded, 0);

	/* Confirmed, they count no more; by itself, one does. */
	SAVE(&kit, { .path = "d/b.txt", .fate = ITEM_GONE });
	assert_int_equal(counts().recent, 0);
	assert_int_equal(counts().live, 2);
}

static void
withdrawals_count(void **state)
{
	(void)state;
	SAVE(&kit, { .path = "a.txt", .title = "A" },
		{ .path = "b.txt", .title = "B" });
	SAVE(&kit, { .path = "a.txt", .fate = ITEM_GONE });
	assert_int_equal(counts().recent, 1);
	assert_int_equal(counts().live, 1);
	/* Not by deletion: its file is there. */
	SAVE(&kit, { .path = "b.txt", .title = "B",
		.change = CHANGE_WITHDRAW });
	assert_int_equal(counts().recent, 1);
	assert_int_equal(counts().live, 0);
}

/* ---- what waits ---- */

static void
what_waits(void **state)
{
	struct store_reader *r;
	struct file_waits w;
	struct file_state s;
	struct slice *due;
	struct arena a = { 0 };
	struct err e;
	size_t n;

	(void)state;
	SAVE(&kit, { .path = "a.txt", .title = "A" },
		{ .path = "b.txt", .title = "B" },
		{ .path = "c.txt", .title = "C" });
	kit_change(&kit, "UPDATE file SET release = 100 WHERE path = 'a.txt';"
		"UPDATE file SET release = 200 WHERE path = 'b.txt';"
		"UPDATE file SET release = 9223372036854775807"
		" WHERE path = 'c.txt'");
	r = store_sqlite.reader_take(kit.store);
	assert_int_equal(store_sqlite.waits(r, &w, &e), 0);
	assert_int_equal(w.drafts, 1);
	assert_int_equal(w.waiting, 2);
	assert_int_equal(w.next, 100);
	assert_int_equal(store_sqlite.due(r, 199, 10, &a, &due, &n, &e), 0);
	assert_int_equal(n, 1);
	assert_true(slice_eq(due[0], S("a.txt")));
	assert_int_equal(store_sqlite.file_state(r, S("b.txt"), &s, &e), 0);
	assert_int_equal(s.release, 200);
	assert_true(s.known && !s.barred);
	assert_int_equal(store_sqlite.file_state(r, S("x.txt"), &s, &e), 0);
	assert_false(s.known || s.barred || s.release || s.held);
	store_sqlite.reader_give(kit.store, r);
	arena_done(&a);
}

#define TEST(name) KIT_TEST_FRESH(name)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(barred_and_back),
		TEST(barred_without_a_file),
		TEST(what_cannot_be_published),
		TEST(a_barred_file_keeps_its_article_when_it_moves),
		TEST(tombstones),
		TEST(what_is_corrected_or_back_is_seen_again),
		TEST(edits_are_announced_as_what_they_are),
		TEST(holds),
		TEST(withdrawals_count),
		TEST(what_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
