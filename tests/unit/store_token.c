/*
 * Tokens in courier.db: kept whole, dropped by number, and never listed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "assert_slice.h"
#include "model/token.h"
#include "store_kit.h"

static const struct token_ops *const ops = &token_sqlite;

static struct store *store;
static struct arena arena;

/* What is done in one job. */
struct deed {
	struct store_job job;
	int (*run)(struct store_tx *tx, struct deed *d, struct err *e);
	struct token token;
	int64_t number;
	bool is_done;
};

static void
deed_run(struct store_job *j, struct store_tx *tx)
{
	struct deed *d = CONTAINER_OF(j, struct deed, job);

	if (d->run(tx, d, &j->failed) < 0)
		j->failed.kind = MAX(j->failed.kind, ERR_IO);
}

static void
deed_done(struct store_job *j)
{
	CONTAINER_OF(j, struct deed, job)->is_done = true;
}

static struct err
do_it(struct deed *d)
{
	d->job = (struct store_job){ .run = deed_run, .done = deed_done };
	store_sqlite.submit(store, &d->job);
	while (!d->is_done)
		ev_run(kit.loop, EVRUN_ONCE);
	return d->job.failed;
}

static int
run_begin(struct store_tx *tx, struct deed *d, struct err *e)
{
	return ops->begin(tx, S("x"), d->number, e);
}

static int
run_keep(struct store_tx *tx, struct deed *d, struct err *e)
{
	return ops->keep(tx, S("x"), &d->token, &d->number, e);
}

static int
run_drop(struct store_tx *tx, struct deed *d, struct err *e)
{
	return ops->drop(tx, S("x"), d->number, e);
}

static int
run_forget(struct store_tx *tx, struct deed *d, struct err *e)
{
	(void)d;
	return ops->forget(tx, S("x"), e);
}

static int64_t
must(int (*run)(struct store_tx *, struct deed *, struct err *),
	int64_t number, struct token t)
{
	struct deed d = { .run = run, .number = number, .token = t };
	struct err e = do_it(&d);

	if (e.kind != ERR_NONE)
		fail_msg("%s", e.text);
	return d.number;
}

static const struct token none;
static const struct token full = { .access = S_INIT("A"),
	.refresh = S_INIT("R"), .extra = S_INIT("E"), .got = 1, .expires = 2,
	.ends = 3, .made_with = S_INIT("M") };

/* "A R E got 1 expires 2 ends 3 serial 1 asked 0 refused 0 M" */
static const char *
got(void)
{
	struct store_reader *r = store_sqlite.reader_take(store);
	struct token t;
	struct err e;
	int ret = ops->get(r, S("x"), &arena, &t, &e);

	store_sqlite.reader_give(store, r);
	if (ret < 0)
		return e.kind == ERR_MISSING ? "none" : "failed";
	return arena_printf(&arena, "%.*s %.*s %.*s got %jd expires %jd "
		"ends %jd serial %jd asked %jd refused %d %.*s",
		ARG(t.access), ARG(t.refresh), ARG(t.extra), (intmax_t)t.got,
		(intmax_t)t.expires, (intmax_t)t.ends, (intmax_t)t.serial,
		(intmax_t)t.asked, t.is_refused, ARG(t.made_with)).ptr;
}

static void
what_is_kept_is_there(void **state)
{
	(void)state;
	assert_string_equal(got(), "none");
	must(run_begin, 7, none);
	assert_string_equal(got(), "   got 0 expires 0 ends 0 serial 0 "
		"asked 7 refused 0 ");
	assert_int_equal(must(run_keep, 0, full), 1);
	assert_string_equal(got(), "A R E got 1 expires 2 ends 3 serial 1 "
		"asked 0 refused 0 M");
	/* While the next is asked for, the last is there. */
	must(run_begin, 9, none);
	assert_string_equal(got(), "A R E got 1 expires 2 ends 3 serial 1 "
		"asked 9 refused 0 M");
	assert_int_equal(must(run_keep, 0, full), 2);
}

static void
a_refused_one_goes_but_no_newer_one(void **state)
{
	(void)state;
	must(run_keep, 0, full);
	must(run_keep, 0, full);
	must(run_drop, 1, none);
	assert_string_equal(got(), "A R E got 1 expires 2 ends 3 serial 2 "
		"asked 0 refused 0 M");
	must(run_drop, 2, none);
	assert_string_equal(got(), " R E got 1 expires 2 ends 3 serial 2 "
		"asked 0 refused 1 M");
	must(run_keep, 0, full);
	assert_string_equal(got(), "A R E got 1 expires 2 ends 3 serial 3 "
		"asked 0 refused 0 M");
}

/* Its number goes on. */
static void
nothing_is_left_of_a_forgotten_one(void **state)
{
	(void)state;
	must(run_keep, 0, full);
	must(run_begin, 9, none);
	must(run_forget, 0, none);
	assert_string_equal(got(), "   got 1 expires 0 ends 0 serial 1 "
		"asked 0 refused 0 ");
	assert_int_equal(must(run_keep, 0, full), 2);
}

static void
one_that_is_too_long_is_refused(void **state)
{
	struct deed d = { .run = run_keep, .token = full };

	(void)state;
	d.token.extra = slice(arena_text(&arena, TOKEN_TEXT_MAX + 1),
		TOKEN_TEXT_MAX + 1);
	assert_int_equal(do_it(&d).kind, ERR_LIMIT);
	assert_string_equal(got(), "none");
}

static void
a_list_has_no_secrets(void **state)
{
	struct store_reader *r;
	struct token_row *rows;
	struct err e;
	size_t n;

	(void)state;
	must(run_keep, 0, full);
	r = store_sqlite.reader_take(store);
	assert_int_equal(ops->list(r, &arena, &rows, &n, &e), 0);
	store_sqlite.reader_give(store, r);
	assert_int_equal(n, 1);
	assert_slice(rows[0].target, "x");
	assert_true(rows[0].has_access && rows[0].has_refresh);
	assert_int_equal(rows[0].expires, 2);
	assert_int_equal(rows[0].ends, 3);
}

static int
begin(void **state)
{
	struct store_open o = { 0 };
	struct err e;

	if (kit_begin(state) != 0)
		return -1;
	o.state_dir = kit.dir;
	o.loop = kit.loop;
	return store_sqlite.open_courier(&o, &store, &e);
}

static int
end(void **state)
{
	store_sqlite.close(TAKE(store));
	arena_done(&arena);
	return kit_end(state);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_kept_is_there),
		TEST(a_refused_one_goes_but_no_newer_one),
		TEST(nothing_is_left_of_a_forgotten_one),
		TEST(one_that_is_too_long_is_refused),
		TEST(a_list_has_no_secrets),
	};

	return cmocka_run_group_tests_name("store_token", tests, NULL, NULL);
}
