/*
 * The engine's pure parts: schedule, breaker, rate, the guards, the fence, and
 * what each verdict means for a row.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "push/backfill.h"
#include "push/breaker.h"
#include "push/fence.h"
#include "push/outcome.h"
#include "push/rate.h"
#include "push/schedule.h"
#include "push/target.h"

enum { NOW = 1000000, SECOND = 1000, HOUR = 3600 * SECOND };

/* ---- the schedule ---- */

static void
pauses_grow_and_end(void **state)
{
	int64_t before = 0;

	(void)state;
	for (int tries = 1; tries <= SCHEDULE_TRIES; tries++) {
		int64_t pause = schedule_pause(tries, 0);

		/* A fifth up or down cannot hide that they grow by half. */
		assert_true(pause >= before * 2 / 3);
		before = pause;
	}
	assert_in_range(schedule_pause(1, 0), 1600, 2400);
	assert_in_range(before, 12 * HOUR * 4 / 5, 12 * HOUR / 5 * 6);
	assert_int_equal(schedule_pause(SCHEDULE_TRIES + 1, 0), -1);
}

static void
pauses_are_not_all_the_same(void **state)
{
	bool differ = false;

	(void)state;
	for (int i = 0; i < 100; i++)
		differ |= schedule_pause(5, 0) != schedule_pause(5, 0);
	assert_true(differ);
}

static void
a_peer_that_says_when_is_believed(void **state)
{
	(void)state;
	assert_int_equal(schedule_pause(1, 3 * SECOND), 3 * SECOND);
	/* But not that it wants to be asked all the time. */
	assert_in_range(schedule_pause(9, SECOND), 96 * 60 * SECOND,
		144 * 60 * SECOND);
	assert_int_equal(schedule_pause(1, INT64_MAX), 24 * HOUR);
	assert_int_equal(schedule_pause(SCHEDULE_TRIES + 1, SECOND), -1);
}

/* ---- the breaker ---- */

static void
a_breaker_opens_and_closes(void **state)
{
	struct breaker b = { 0 };

	(void)state;
	for (int i = 1; i < BREAKER_FAILS; i++)
		breaker_failed(&b, NOW);
	assert_int_equal(breaker_wait(&b, NOW), 0);
	assert_false(breaker_is_half_open(&b));
	breaker_failed(&b, NOW);
	assert_in_range(breaker_wait(&b, NOW), NOW + 8 * SECOND,
		NOW + 12 * SECOND);
	assert_true(breaker_is_half_open(&b));
	assert_int_equal(breaker_wait(&b, NOW + 12 * SECOND), 0);
	breaker_worked(&b);
	assert_false(breaker_is_half_open(&b));
	assert_int_equal(breaker_wait(&b, NOW), 0);
}

static void
a_breaker_is_open_for_ten_minutes_at_most(void **state)
{
	struct breaker b = { 0 };

	(void)state;
	for (int i = 0; i < 5000; i++)
		breaker_failed(&b, NOW);
	assert_in_range(breaker_wait(&b, NOW), NOW + 480 * SECOND,
		NOW + 720 * SECOND);
	/* The clock went back: nobody waits for that. */
	assert_int_equal(breaker_wait(&b, NOW - 24 * HOUR), 0);
}

/* ---- rates ---- */

static void
a_rate_is_a_burst_and_then_even(void **state)
{
	const struct quota q = { .n = 4, .ms = 4 * SECOND };
	struct rate r = { 0 };
	int64_t now = NOW;

	(void)state;
	for (int i = 0; i < 4; i++) {
		assert_int_equal(rate_wait(&r, &q, now), 0);
		rate_take(&r, &q, now);
	}
	for (int i = 0; i < 10; i++) {
		int64_t at = rate_wait(&r, &q, now);

		assert_int_equal(at, now + SECOND);
		now = at;
		assert_int_equal(rate_wait(&r, &q, now), 0);
		rate_take(&r, &q, now);
	}
}

static void
no_rate_and_a_clock_that_goes_back(void **state)
{
	const struct quota none = { 0 }, q = { .n = 1, .ms = 1000 };
	struct rate r = { 0 };

	(void)state;
	rate_take(&r, &none, NOW);
	assert_int_equal(rate_wait(&r, &none, NOW), 0);
	rate_take(&r, &q, NOW);
	assert_int_equal(rate_wait(&r, &q, NOW - HOUR), 0);
	rate_take(&r, &q, NOW - HOUR);
	assert_int_equal(rate_wait(&r, &q, NOW - HOUR),
		NOW - HOUR + SECOND);
}

/* ---- the guards ---- */

static void
the_watermark(void **state)
{
	const struct outbox_target t = { .since_at = 100500 };

	(void)state;
	assert_true(backfill_is_before(&t, &(struct announcement){
		.at = 99 }));
	assert_false(backfill_is_before(&t, &(struct announcement){
		.at = 100 }));
	assert_false(backfill_is_before(&t, &(struct announcement){
		.at = 101 }));
}

static void
the_age(void **state)
{
	const struct target t = { .max_age_ms = 24 * HOUR };
	const int64_t day = 86400, now = 100 * day;

	(void)state;
	assert_false(backfill_is_old(&t, true, now - day, now, now * 1000));
	assert_true(backfill_is_old(&t, true, now - day - 1, now,
		now * 1000));
	/* An edit of it is news. */
	assert_false(backfill_is_old(&t, false, 0, now, now * 1000));
	assert_true(backfill_is_old(&t, false, now, 0, now * 1000));
	assert_false(backfill_is_old(&(struct target){ 0 }, true, 0, 0,
		now * 1000));
}

/* What waits for its share of the day may be a day older. */
static void
the_age_of_what_has_waited(void **state)
{
	const struct target t = { .max_age_ms = 24 * HOUR,
		.cap = { .n = 1, .ms = 24 * HOUR } };
	const int64_t day = 86400;

	(void)state;
	assert_false(backfill_is_stale(&t, 0, 2 * day * 1000));
	assert_true(backfill_is_stale(&t, 0, (2 * day + 1) * 1000));
	assert_false(backfill_is_stale(&(struct target){ 0 }, 0,
		2000 * day * 1000));
}

static void
fuse_and_cap_count_articles_once(void **state)
{
	const struct quota q = { .n = 10, .ms = 1 }, none = { 0 };
	const struct outbox_starts s = { .n = 7 };
	struct outbox_row r = { .plan = { .article_id = 1 } };

	(void)state;
	assert_int_equal(backfill_left(&q, &s, 0), 3);
	assert_int_equal(backfill_left(&q, &s, 2), 1);
	assert_int_equal(backfill_left(&q, &s, 5), 0);
	assert_int_equal(backfill_left(&none, &s, 5), INT64_MAX);
	assert_true(backfill_counts(&r));
	r.started = 1;
	assert_false(backfill_counts(&r));
	r = (struct outbox_row){ .plan = { .article_id = 1, .asked = true } };
	assert_false(backfill_counts(&r));
	r = (struct outbox_row){ .plan = { .article_id = 1,
		.action = S("withdrawn") } };
	assert_false(backfill_counts(&r));
	r = (struct outbox_row){ .plan = { .feed_id = 1 } };
	assert_false(backfill_counts(&r));
}

/* ---- the fence ---- */

static struct fence
fitting(void)
{
	return (struct fence){
		.cursor = { .known = true, .seq = 7, .stream = S("aa"),
			.mark = S("a1 published 1 5") },
		.instance = S("me"), .self = S("me"),
		.begun = 3, .last = 9, .stream = S("aa"),
		.mark = S("a1 published 1 5"),
		.witness = { .known = true, .seq = 7, .begun = 3,
			.stream = S("aa") },
	};
}

static const char *
refused(const struct fence *f)
{
	static struct err e;

	return fence_check(f, &e) < 0 ? e.text : "";
}

static void
what_fits_passes(void **state)
{
	struct fence f = fitting();

	(void)state;
	assert_string_equal(refused(&f), "");
	/* More was announced, or sent, than the witness saw. */
	f.witness.seq = 2;
	f.witness.begun = 0;
	assert_string_equal(refused(&f), "");
	/* There is no press.db now; announcements are forgotten. */
	f.last = 0;
	f.stream = f.mark = S("");
	assert_string_equal(refused(&f), "");
	f = fitting();
	f.mark = S("");
	assert_string_equal(refused(&f), "");
}

static void
what_is_new_passes(void **state)
{
	struct fence f = { .self = S("me"), .last = 100, .stream = S("aa"),
		.witness = { .known = true, .seq = 900, .begun = 40,
			.stream = S("aa") } };

	(void)state;
	assert_string_equal(refused(&f), "");
	/* Nothing was announced yet by the one that is gone. */
	f = fitting();
	f.cursor.seq = f.witness.seq = 0;
	f.stream = S("bb");
	assert_string_equal(refused(&f), "");
	assert_false(fence_is_anew(&f));
}

static void
what_does_not_fit_is_refused(void **state)
{
	struct fence f = fitting();

	(void)state;
	f.self = S("another");
	assert_string_equal(refused(&f), "courier.db belongs to another "
		"installation, which may be telling the same");
	f = fitting();
	f.stream = S("bb");
	assert_string_equal(refused(&f), "press.db is another one: it "
		"announces anew");
	assert_true(fence_is_anew(&f));
	f = fitting();
	f.last = 6;
	f.mark = S("");
	assert_string_equal(refused(&f), "press.db is an older one: what it "
		"announces was sent before");
	assert_true(fence_is_anew(&f));
	f = fitting();
	f.mark = S("a1 published 1 6");
	assert_true(fence_is_anew(&f));
	assert_string_not_equal(refused(&f), "");
	f = fitting();
	f.witness.seq = 8;
	assert_string_equal(refused(&f), "courier.db is an older one: what "
		"was sent since it was saved is not in it");
	assert_false(fence_is_anew(&f));
	f = fitting();
	f.witness.begun = 4;
	assert_string_not_equal(refused(&f), "");
}

static void
who_we_are(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct courier_conf c = { .instance = S("paper one") };
	struct slice self;

	(void)state;
	assert_true(slice_eq(fence_self(&c, &a), S("paper one")));
	c.instance = S("");
	self = fence_self(&c, &a);
	assert_int_equal(self.len, 32);
	assert_true(slice_eq(self, fence_self(&c, &a)));
}

static void
marks_tell_announcements_apart(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct announcement n = { .kind = ANNOUNCED_ARTICLE,
		.article_id = 4, .action = S("published"), .version = 2,
		.at = 77 };

	(void)state;
	assert_string_equal(fence_mark(&n, &a).ptr, "a4 published 2 77");
	n = (struct announcement){ .kind = ANNOUNCED_FEED, .feed_id = 4,
		.action = S("published"), .version = 2, .at = 77 };
	assert_string_equal(fence_mark(&n, &a).ptr, "f4 published 2 77");
}

static void
the_witness_is_kept(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	char dir[] = "fence.XXXXXX";
	struct fence f = fitting();
	struct witness w;
	struct err e;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_false(fence_read_witness(dir, &a).known);
	f.witness.known = false;
	assert_int_equal(fence_write_witness(dir, &f, &e), 0);
	w = fence_read_witness(dir, &a);
	assert_true(w.known);
	assert_int_equal(w.seq, 7);
	assert_int_equal(w.begun, 3);
	assert_true(slice_eq(w.stream, S("aa")));
	/* Half a file is none. */
	assert_int_equal(truncate(arena_printf(&a, "%s/courier.seen",
		dir).ptr, 3), 0);
	assert_false(fence_read_witness(dir, &a).known);
	assert_int_equal(unlink(arena_printf(&a, "%s/courier.seen",
		dir).ptr), 0);
	assert_int_equal(rmdir(dir), 0);
}

/* ---- outcomes ---- */

static struct outbox_row row;
static struct err why;

static struct happened
happened(enum verdict_kind kind, unsigned can)
{
	row = (struct outbox_row){ .id = 5, .step = 1, .tries = 2,
		.sent = 4 };
	err_set(&why, ERR_REFUSED, "the peer says so");
	return (struct happened){ .row = &row, .can = can, .now_ms = NOW,
		.judged = true, .status = 500, .verdict = { .kind = kind,
		.memo = S("m") }, .why = &why };
}

static struct happened
answered(enum verdict_kind kind)
{
	struct happened h = happened(kind, CAN_READ_BACK);

	h.asked = true;
	return h;
}

static struct outbox_settled
settled(const struct happened *h)
{
	return outcome_of(h).settled;
}

static void
done_and_next(void **state)
{
	struct happened h = happened(VERDICT_DONE, CAN_BLIND);
	struct outbox_settled s = settled(&h);

	(void)state;
	assert_int_equal(s.id, 5);
	assert_int_equal(s.state, OUTBOX_DONE);
	assert_true(slice_eq(s.memo, S("m")) && !s.keeps_memo);
	assert_int_equal(s.why.len, 0);
	h = happened(VERDICT_NEXT, CAN_BLIND);
	s = settled(&h);
	assert_int_equal(s.state, OUTBOX_READY);
	assert_int_equal(s.due, NOW);
	assert_int_equal(s.step, 2);
	assert_int_equal(s.tries, 0);
	assert_true(slice_eq(s.memo, S("m")) && !s.keeps_memo);
	row.step = OUTCOME_STEPS_MAX;
	assert_int_equal(settled(&h).state, OUTBOX_REJECTED);
}

static void
waiting_and_retrying(void **state)
{
	struct happened h = happened(VERDICT_WAIT, CAN_BLIND);
	struct outbox_settled s = settled(&h);

	(void)state;
	assert_int_equal(s.due, NOW + OUTCOME_WAIT_MS);
	assert_int_equal(s.step, 1);
	assert_int_equal(outcome_of(&h).health, OUTCOME_WORKED);
	row.tries = OUTCOME_WAITS_MAX;
	assert_int_equal(settled(&h).state, OUTBOX_REJECTED);
	h = happened(VERDICT_RETRY, CAN_BLIND);
	s = settled(&h);
	assert_int_equal(s.state, OUTBOX_READY);
	assert_int_equal(s.tries, 3);
	assert_true(s.keeps_memo);
	assert_in_range(s.due, NOW + 12 * SECOND, NOW + 18 * SECOND);
	assert_int_equal(outcome_of(&h).health, OUTCOME_FAILED);
	h.verdict.wait_ms = 30 * SECOND;
	assert_int_equal(settled(&h).due, NOW + 30 * SECOND);
	assert_int_equal(outcome_of(&h).health, OUTCOME_NEITHER);
	row.tries = SCHEDULE_TRIES;
	assert_int_equal(settled(&h).state, OUTBOX_REJECTED);
}

static void
who_waited_has_not_failed(void **state)
{
	struct happened h = happened(VERDICT_WAIT, CAN_BLIND);

	(void)state;
	row.tries = row.waits = SCHEDULE_TRIES - 1;
	assert_int_equal(settled(&h).tries, SCHEDULE_TRIES);
	assert_int_equal(settled(&h).waits, SCHEDULE_TRIES);
	h = happened(VERDICT_RETRY, CAN_BLIND);
	row.tries = row.waits = SCHEDULE_TRIES;
	assert_int_equal(settled(&h).state, OUTBOX_READY);
	assert_in_range(settled(&h).due, NOW + SECOND, NOW + 3 * SECOND);
	assert_int_equal(settled(&h).waits, SCHEDULE_TRIES);
	row.tries += SCHEDULE_TRIES;
	assert_int_equal(settled(&h).state, OUTBOX_REJECTED);
	/* Asked about, and found not to be there. */
	h = answered(VERDICT_RETRY);
	row.sent = SCHEDULE_TRIES + 1;
	row.waits = SCHEDULE_TRIES;
	assert_int_equal(settled(&h).state, OUTBOX_READY);
	/* Another step begins anew. */
	h = happened(VERDICT_NEXT, CAN_BLIND);
	row.waits = 2;
	assert_int_equal(settled(&h).waits, 0);
}

static void
credentials_are_read_anew_once(void **state)
{
	struct happened h = happened(VERDICT_AUTH, CAN_BLIND);
	struct outcome o = outcome_of(&h);

	(void)state;
	assert_true(o.is_refused);
	assert_int_equal(o.settled.state, OUTBOX_READY);
	assert_int_equal(o.settled.hold.len, 0);
	h.auths = 1;
	o = outcome_of(&h);
	assert_int_equal(o.settled.state, OUTBOX_READY);
	assert_true(slice_eq(o.settled.hold, S("the peer says so")));
}

static void
what_is_in_doubt_is_never_guessed(void **state)
{
	struct happened h = happened(VERDICT_UNKNOWN, CAN_BLIND);

	(void)state;
	assert_int_equal(settled(&h).state, OUTBOX_UNKNOWN);
	assert_int_equal(settled(&h).due, 0);
	h = happened(VERDICT_UNKNOWN, CAN_READ_BACK);
	assert_int_equal(settled(&h).state, OUTBOX_UNKNOWN);
	assert_int_equal(settled(&h).due, NOW + OUTCOME_ASK_MS);
	h = happened(VERDICT_UNKNOWN, CAN_REPEAT);
	assert_int_equal(settled(&h).state, OUTBOX_READY);
	assert_int_equal(settled(&h).tries, 3);
	h = happened(VERDICT_UNKNOWN, CAN_BLIND);
	h.repeatable = true;
	assert_int_equal(settled(&h).state, OUTBOX_READY);
}

static void
rejecting_and_holding(void **state)
{
	struct happened h = happened(VERDICT_REJECT, CAN_BLIND);
	struct outbox_settled s;

	(void)state;
	assert_int_equal(settled(&h).state, OUTBOX_REJECTED);
	assert_int_equal(outcome_of(&h).health, OUTCOME_WORKED);
	h = happened(VERDICT_HOLD, CAN_BLIND);
	s = settled(&h);
	assert_int_equal(s.state, OUTBOX_READY);
	assert_int_equal(s.tries, 2);
	assert_true(slice_eq(s.hold, S("the peer says so")));
}

static void
what_reading_back_says(void **state)
{
	struct happened h = answered(VERDICT_DONE);

	(void)state;
	assert_int_equal(settled(&h).state, OUTBOX_DONE);
	/* That step was applied, and there are others. */
	h = answered(VERDICT_NEXT);
	assert_int_equal(settled(&h).state, OUTBOX_READY);
	assert_int_equal(settled(&h).step, 2);
	assert_true(slice_eq(settled(&h).memo, S("m")));
	/* It was sent four times: that is how long it waits now. */
	h = answered(VERDICT_RETRY);
	assert_int_equal(settled(&h).state, OUTBOX_READY);
	assert_int_equal(settled(&h).tries, 4);
	assert_in_range(settled(&h).due, NOW + 48 * SECOND,
		NOW + 72 * SECOND);
	row.sent = SCHEDULE_TRIES + 1;
	assert_int_equal(settled(&h).state, OUTBOX_REJECTED);
	h = answered(VERDICT_UNKNOWN);
	assert_int_equal(settled(&h).state, OUTBOX_UNKNOWN);
	assert_int_equal(settled(&h).due, 0);
	h = answered(VERDICT_WAIT);
	assert_int_equal(settled(&h).state, OUTBOX_UNKNOWN);
	assert_in_range(settled(&h).due, NOW + 12 * SECOND,
		NOW + 18 * SECOND);
	h = answered(VERDICT_HOLD);
	assert_int_equal(settled(&h).state, OUTBOX_UNKNOWN);
	assert_true(settled(&h).hold.len > 0);
}

/* Nobody answered: that says nothing of what was asked. */
static void
when_asking_fails(void **state)
{
	static const enum verdict_kind kinds[] = { VERDICT_RETRY,
		VERDICT_UNKNOWN };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		struct happened h = answered(kinds[i]);

		h.judged = false;
		assert_int_equal(settled(&h).state, OUTBOX_UNKNOWN);
		assert_in_range(settled(&h).due, NOW + 12 * SECOND,
			NOW + 18 * SECOND);
		assert_int_equal(outcome_of(&h).health, OUTCOME_FAILED);
		/* In the end people have to look. */
		row.tries = SCHEDULE_TRIES;
		assert_int_equal(settled(&h).due, 0);
	}
}

static void
what_a_failed_exchange_means(void **state)
{
	static const struct {
		enum err_kind kind;
		bool sent;
		enum verdict_kind verdict;
	} cases[] = {
		{ ERR_IO, false, VERDICT_RETRY },
		{ ERR_IO, true, VERDICT_UNKNOWN },
		{ ERR_LIMIT, true, VERDICT_UNKNOWN },
		{ ERR_SYNTAX, true, VERDICT_UNKNOWN },
		{ ERR_SYNTAX, false, VERDICT_HOLD },
		{ ERR_REFUSED, false, VERDICT_HOLD },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(outcome_of_failure(&(struct err){
			.kind = cases[i].kind }, cases[i].sent).kind,
			cases[i].verdict);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pauses_grow_and_end),
		cmocka_unit_test(pauses_are_not_all_the_same),
		cmocka_unit_test(a_peer_that_says_when_is_believed),
		cmocka_unit_test(a_breaker_opens_and_closes),
		cmocka_unit_test(a_breaker_is_open_for_ten_minutes_at_most),
		cmocka_unit_test(a_rate_is_a_burst_and_then_even),
		cmocka_unit_test(no_rate_and_a_clock_that_goes_back),
		cmocka_unit_test(the_watermark),
		cmocka_unit_test(the_age),
		cmocka_unit_test(the_age_of_what_has_waited),
		cmocka_unit_test(fuse_and_cap_count_articles_once),
		cmocka_unit_test(what_fits_passes),
		cmocka_unit_test(what_is_new_passes),
		cmocka_unit_test(what_does_not_fit_is_refused),
		cmocka_unit_test(who_we_are),
		cmocka_unit_test(marks_tell_announcements_apart),
		cmocka_unit_test(the_witness_is_kept),
		cmocka_unit_test(done_and_next),
		cmocka_unit_test(waiting_and_retrying),
		cmocka_unit_test(who_waited_has_not_failed),
		cmocka_unit_test(credentials_are_read_anew_once),
		cmocka_unit_test(what_is_in_doubt_is_never_guessed),
		cmocka_unit_test(rejecting_and_holding),
		cmocka_unit_test(what_reading_back_says),
		cmocka_unit_test(when_asking_fails),
		cmocka_unit_test(what_a_failed_exchange_means),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
