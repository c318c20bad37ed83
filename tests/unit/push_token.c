/*
 * Tokens, over real databases and a peer: one request for all that wait, kept
 * before it is used, refused once and not twice, and never seen.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "push_engine_kit.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, FETCHED_MAX = 20, USED_MAX = 200 };

#define DAY (INT64_C(24) * 60 * MINUTE)

/* What the platform says to a request for a token: next, then the last one. */
struct grant {
	struct verdict verdict;
	bool has_refresh;
	int64_t life_ms, ends_ms;
	const char *why;
};

static struct platform {
	struct grant grants[FETCHED_MAX];
	size_t n_grants;
	const char *path;		/* of the peer, for tokens */
	char asked_by[FETCHED_MAX][40];	/* refresh tokens; "-", "refused" */
	size_t fetched;
	char used[USED_MAX][40];	/* access tokens, by delivery */
	size_t n_used;
	bool needs_login;
	size_t uncommitted;
} there;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* ---- the target ---- */

static void
note_use(const struct delivery *d)
{
	pthread_mutex_lock(&lock);
	if (there.n_used < USED_MAX)
		snprintf(there.used[there.n_used++], sizeof(there.used[0]),
			"%.*s", ARG(d->token->access));
	pthread_mutex_unlock(&lock);
}

static int
compose(const struct delivery *d, struct request *q, struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };

	assert_non_null(d->token);
	note_use(d);
	if (d->token->serial > 0 && desk_sql("SELECT max(serial) FROM token") <
		d->token->serial)
		there.uncommitted++;
	if (desk_repeat.compose(d, q, e) < 0)
		return -1;
	request_header(q, "Authorization", arena_printf(&a, "Bearer %.*s",
		ARG(d->token->access)));
	return 0;
}

static struct verdict
judge(const struct delivery *d, const struct response *r, struct err *e)
{
	struct verdict v = desk_repeat.judge(d, r, e);

	/* As a target does that says too much. */
	if (v.kind == VERDICT_RETRY)
		response_tell(r, "the peer", e);
	return v;
}

static void
note_fetch(const struct delivery *d)
{
	const struct token *t = d->token;
	char *at = there.asked_by[there.fetched % FETCHED_MAX];

	pthread_mutex_lock(&lock);
	snprintf(at, sizeof(there.asked_by[0]), "%.*s%s",
		t && t->refresh.len ? (int)t->refresh.len : 1,
		t && t->refresh.len ? t->refresh.ptr : "-",
		t && t->is_refused ? " refused" : "");
	there.fetched++;
	pthread_mutex_unlock(&lock);
}

static int
fetch(const struct delivery *d, struct request *q, struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct slice by = d->token ? d->token->refresh : S("none");

	note_fetch(d);
	if (there.needs_login && (!d->token || d->token->refresh.len == 0))
		return target_needs_login(d, e);
	request_post(q, arena_printf(&a, "%s?secret=%.*s",
		peer_url("127.0.0.1", there.path), ARG(by)));
	return request_check(q, e);
}

static struct verdict
fetched(const struct delivery *d, const struct response *r,
	struct token *ret, struct err *e)
{
	size_t n = MIN(there.fetched - 1, MAX(there.n_grants, 1) - 1);
	const struct grant *g = &there.grants[n];

	if (g->why)
		err_set(e, ERR_REFUSED, "%s", g->why);
	else
		response_tell(r, "the platform", e);
	*ret = (struct token){
		.access = arena_printf(r->a, "access-%zu", there.fetched),
		.refresh = g->has_refresh ? arena_printf(r->a, "refresh-%zu",
			there.fetched) : S(""),
		.expires = g->life_ms ? d->now_ms + g->life_ms : 0,
		.ends = g->ends_ms ? d->now_ms + g->ends_ms : 0,
	};
	return g->verdict;
}

static int
login(const struct delivery *d, const struct login *l, struct buf *ret,
	struct err *e)
{
	(void)d;
	(void)e;
	buf_printf(ret, "https://x.example.org/in?state=%s&challenge=%s",
		l->state, l->challenge);
	return 0;
}

static int
redeem(const struct delivery *d, const struct login *l, struct request *q,
	struct err *e)
{
	(void)e;
	note_fetch(d);
	request_post(q, slice_str(peer_url("127.0.0.1", there.path)));
	request_field(q, "code", l->code);
	request_field(q, "verifier", slice_str(l->verifier));
	return request_check(q, e);
}

static const struct setting settings[] = {
	{ "key", SETTING_TEXT, .check = target_check_credential,
		.help = "A credential." },
	{ 0 },
};

static const struct target_ops machine = { .name = "machine",
	.help = "Gets its tokens by itself.", .settings = settings,
	.can = CAN_ARTICLES | CAN_REPEAT, .compose = compose, .judge = judge,
	.fetch = fetch, .fetched = fetched };
static const struct target_ops person = { .name = "person",
	.help = "Somebody logs in for it.", .settings = settings,
	.can = CAN_ARTICLES | CAN_REPEAT, .compose = compose, .judge = judge,
	.fetch = fetch, .fetched = fetched, .login = login,
	.redeem = redeem };

/* ---- beginning ---- */

static void
grants(struct grant g)
{
	there.grants[there.n_grants++] = g;
}

static void
keep_key(const char *text)
{
	CLEANUP(fd_close) int fd = open(kit_path(&kit, "key"),
		O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct err e;

	assert_int_equal(fd_write(fd, slice_str(text), &e), 0);
}

static void
app(const struct target_ops *ops)
{
	keep_key("canary-credential\n");
	desk_target("app", ops);
	desk_open();
	desk_settle();
}

static int
begin(void **state)
{
	there = (struct platform){ .path = "/ok" };
	return desk_begin(state);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, desk_end)

static int64_t
one(const char *sql)
{
	return desk_sql(sql);
}

static bool
is_held(void)
{
	return one("SELECT count(*) FROM target WHERE state = 2") == 1;
}

static void
resume(void)
{
	desk_order((struct engine_order){ .verb = ENGINE_RESUME,
		.target = S("app") });
}

/* ---- once for all ---- */

static void
a_hundred_wait_for_one(void **state)
{
	char name[20];

	(void)state;
	there.path = "/slow";
	app(&machine);
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "a%d.txt", i);
		SAVE(&kit, { .path = name, .title = name });
	}
	desk_publish();
	assert_int_equal(one("SELECT count(*) FROM delivery WHERE state = 3"),
		100);
	assert_int_equal(there.fetched, 1);
	assert_int_equal(there.n_used, 100);
	assert_int_equal(there.uncommitted, 0);
	assert_string_equal(there.used[99], "access-1");
}

static void
a_restart_has_it(void **state)
{
	(void)state;
	app(&machine);
	NEWS({ .path = "a.txt", .title = "A" });
	desk_close();
	desk_open();
	desk_settle();
	NEWS({ .path = "b.txt", .title = "B" });
	assert_int_equal(there.fetched, 1);
	assert_string_equal(there.used[1], "access-1");
}

static void
nothing_is_fetched_for_nothing(void **state)
{
	(void)state;
	app(&machine);
	desk_later(MINUTE);
	assert_int_equal(there.fetched, 0);
}

/* ---- it ends ---- */

static void
one_that_is_nearly_over_is_refreshed(void **state)
{
	(void)state;
	grants((struct grant){ .has_refresh = true, .life_ms = 9 * MINUTE });
	clock_set_ms(clock_now_ms());
	app(&machine);
	NEWS({ .path = "a.txt", .title = "A" });
	desk_later(6 * MINUTE);
	NEWS({ .path = "b.txt", .title = "B" });
	assert_int_equal(there.fetched, 1);
	desk_later(2 * MINUTE);
	NEWS({ .path = "c.txt", .title = "C" });
	assert_int_equal(there.fetched, 2);
	assert_string_equal(there.asked_by[1], "refresh-1");
	assert_string_equal(there.used[2], "access-2");
}

/* What the next answer does not say stays. */
static void
a_refresh_token_may_stay_the_same(void **state)
{
	(void)state;
	grants((struct grant){ .has_refresh = true, .life_ms = 4 * MINUTE });
	grants((struct grant){ .life_ms = 4 * MINUTE });
	clock_set_ms(clock_now_ms());
	app(&machine);
	for (int i = 0; i < 3; i++) {
		NEWS({ .path = i ? i > 1 ? "c.txt" : "b.txt" : "a.txt",
			.title = "T" });
		desk_later(4 * MINUTE);
	}
	assert_int_equal(there.fetched, 3);
	assert_string_equal(there.asked_by[2], "refresh-1");
}

static void
a_new_credential_gets_a_new_one(void **state)
{
	(void)state;
	grants((struct grant){ .has_refresh = true });
	app(&machine);
	NEWS({ .path = "a.txt", .title = "A" });
	keep_key("another\n");
	NEWS({ .path = "b.txt", .title = "B" });
	assert_int_equal(there.fetched, 2);
	assert_string_equal(there.asked_by[1], "-");
	assert_string_equal(there.used[1], "access-2");
}

/* ---- it is refused ---- */

static void
a_refused_one_is_fetched_anew_once(void **state)
{
	(void)state;
	grants((struct grant){ .has_refresh = true });
	desk_will(verdict_auth());
	app(&machine);
	NEWS({ .path = "a.txt", .title = "A" });
	assert_string_equal(desk_rows(), "1 app a1 done");
	assert_int_equal(there.fetched, 2);
	assert_string_equal(there.asked_by[1], "refresh-1 refused");
	assert_string_equal(there.used[1], "access-2");
	assert_int_equal(desk.told[COURIER_TARGET_HELD], 0);
}

static void
a_second_refusal_holds(void **state)
{
	(void)state;
	desk_will(verdict_auth());
	desk_will(verdict_auth());
	app(&machine);
	NEWS({ .path = "a.txt", .title = "A" });
	assert_string_equal(desk_rows(), "1 app a1 ready");
	assert_true(is_held());
	assert_int_equal(there.fetched, 2);
	assert_int_equal(desk.told[COURIER_TARGET_HELD], 1);
	resume();
	assert_string_equal(desk_rows(), "1 app a1 done");
	assert_int_equal(there.fetched, 3);
}

/* ---- none can be got ---- */

static void
a_busy_platform_is_left_alone(void **state)
{
	(void)state;
	grants((struct grant){ .verdict = verdict_retry(5 * MINUTE),
		.why = "busy" });
	grants((struct grant){ 0 });
	clock_set_ms(clock_now_ms());
	app(&machine);
	NEWS({ .path = "a.txt", .title = "A" });
	assert_int_equal(there.fetched, 1);
	assert_string_equal(desk.why.text, "the token: busy");
	desk_later(4 * MINUTE);
	assert_int_equal(there.fetched, 1);
	desk_later(2 * MINUTE);
	assert_int_equal(there.fetched, 2);
	assert_string_equal(desk_rows(), "1 app a1 done");
}

static void
one_that_is_over_is_none(void **state)
{
	(void)state;
	grants((struct grant){ .life_ms = SECOND, .why = "-" });
	app(&machine);
	NEWS({ .path = "a.txt", .title = "A" });
	assert_int_equal(there.n_used, 0);
	assert_string_equal(desk.why.text,
		"the token: the token is over already");
	assert_false(is_held());
}

static void
refused_credentials_hold(void **state)
{
	(void)state;
	grants((struct grant){ .verdict = verdict_auth(), .why = "no" });
	app(&machine);
	NEWS({ .path = "a.txt", .title = "A" });
	assert_true(is_held());
	assert_int_equal(there.fetched, 1);
	assert_string_equal(desk.why.text, "the token: no");
	assert_string_equal(desk_rows(), "1 app a1 ready");
}

/* A machine has another way, and takes it. */
static void
a_refused_refresh_token_is_forgotten(void **state)
{
	(void)state;
	grants((struct grant){ .has_refresh = true });
	grants((struct grant){ .verdict = verdict_auth(), .why = "spent" });
	grants((struct grant){ .has_refresh = true });
	desk_will(verdict_auth());
	app(&machine);
	NEWS({ .path = "a.txt", .title = "A" });
	assert_string_equal(desk_rows(), "1 app a1 done");
	assert_int_equal(there.fetched, 3);
	assert_string_equal(there.asked_by[1], "refresh-1 refused");
	assert_string_equal(there.asked_by[2], "-");
}

/* ---- the answer is lost ---- */

static void
a_lost_answer_is_asked_for_again(void **state)
{
	(void)state;
	there.path = "/reset";
	clock_set_ms(clock_now_ms());
	app(&machine);
	NEWS({ .path = "a.txt", .title = "A" });
	assert_int_equal(there.n_used, 0);
	assert_int_equal(one("SELECT count(*) FROM token WHERE asked > 0"),
		1);
	there.path = "/ok";
	desk_later(3 * SECOND);
	assert_string_equal(desk_rows(), "1 app a1 done");
	assert_int_equal(one("SELECT count(*) FROM token WHERE asked > 0"),
		0);
}

/* Then the refresh token may be spent, and only somebody can help. */
static void
a_spent_refresh_token_needs_somebody(void **state)
{
	(void)state;
	grants((struct grant){ .has_refresh = true, .life_ms = 4 * MINUTE });
	grants((struct grant){ .verdict = verdict_auth(), .why = "spent" });
	clock_set_ms(clock_now_ms());
	app(&person);
	NEWS({ .path = "a.txt", .title = "A" });
	there.path = "/reset";
	there.needs_login = true;
	desk_later(4 * MINUTE);
	NEWS({ .path = "b.txt", .title = "B" });
	assert_false(is_held());
	there.path = "/ok";
	there.fetched = 1;
	desk_later(3 * SECOND);
	assert_true(is_held());
	assert_string_equal(desk.why.text, "the token: the answer to an "
		"earlier request was lost: spent");
	assert_string_equal(desk.why.hint, "Run \"gazettectl target auth "
		"app\", then \"resume\".");
	assert_int_equal(one("SELECT count(*) FROM token WHERE refresh <> ''"
		" OR access <> ''"), 0);
}

/* ---- somebody logs in ---- */

static bool answered;

static void
on_login(struct engine_login *l)
{
	(void)l;
	answered = true;
}

static struct engine_login
go(const char *name, const char *brought)
{
	struct engine_login l = { .target = slice_str(name),
		.brought = slice_str(brought), .done = on_login };

	answered = false;
	engine_login(desk.courier.engine, &l);
	while (!answered)
		ev_run(kit.loop, EVRUN_ONCE);
	desk_settle();
	return l;
}

/* What the address leads to. */
static const char *
leads_to(const struct engine_login *l, char *ret, size_t size)
{
	struct slice query = slice_from(l->url,
		(size_t)slice_find(l->url, S("state="), 0)), state;

	slice_next_field(&query, '&', &state);
	snprintf(ret, size, "http://127.0.0.1/back?%.*s&code=c%%2B1#x",
		ARG(state));
	return ret;
}

static void
a_login_gives_a_token(void **state)
{
	struct engine_login l;
	char back[400];

	(void)state;
	there.needs_login = true;
	grants((struct grant){ .has_refresh = true });
	app(&person);
	NEWS({ .path = "a.txt", .title = "A" });
	assert_true(is_held());
	l = go("app", "");
	assert_int_equal(l.failed.kind, ERR_NONE);
	leads_to(&l, back, sizeof(back));
	engine_login_done(&l);
	l = go("app", "http://127.0.0.1/back?state=another&code=1");
	assert_int_equal(l.failed.kind, ERR_REFUSED);
	engine_login_done(&l);
	l = go("app", back);
	assert_int_equal(l.failed.kind, ERR_NONE);
	engine_login_done(&l);
	resume();
	assert_string_equal(desk_rows(), "1 app a1 done");
	/* A code is good once. */
	l = go("app", back);
	assert_int_equal(l.failed.kind, ERR_REFUSED);
	engine_login_done(&l);
}

static void
not_every_target_has_a_login(void **state)
{
	struct engine_login l;

	(void)state;
	app(&machine);
	l = go("app", "");
	assert_int_equal(l.failed.kind, ERR_REFUSED);
	engine_login_done(&l);
	l = go("nobody", "");
	assert_int_equal(l.failed.kind, ERR_MISSING);
	engine_login_done(&l);
}

/* ---- ahead of time ---- */

static void
watch(void)
{
	desk.courier.engine->watch_at = 0;
	engine_watch_tokens(desk.courier.engine);
	desk_settle();
}

static void
a_long_one_is_renewed_while_it_is_good(void **state)
{
	(void)state;
	grants((struct grant){ .has_refresh = true, .life_ms = 60 * DAY });
	app(&machine);
	NEWS({ .path = "a.txt", .title = "A" });
	watch();
	assert_int_equal(there.fetched, 1);
	one("UPDATE token SET got = got - 50 * 86400000,"
		" expires = expires - 50 * 86400000");
	watch();
	assert_int_equal(there.fetched, 2);
	assert_string_equal(there.asked_by[1], "refresh-1");
	watch();
	assert_int_equal(there.fetched, 2);
}

static void
somebody_is_told_in_time(void **state)
{
	(void)state;
	grants((struct grant){ .has_refresh = true, .ends_ms = 90 * DAY });
	app(&person);
	NEWS({ .path = "a.txt", .title = "A" });
	watch();
	assert_int_equal(desk.told[COURIER_TOKEN_ENDS], 0);
	one("UPDATE token SET ends = ends - 84 * 86400000");
	watch();
	assert_int_equal(desk.told[COURIER_TOKEN_ENDS], 1);
	assert_non_null(strstr(desk.why.hint, "target auth app"));
	/* Not every hour. */
	watch();
	assert_int_equal(desk.told[COURIER_TOKEN_ENDS], 1);
}

/* ---- never seen ---- */

static void
assert_unseen(const char *text)
{
	static const char *const secrets[] = { "access-1", "access-2",
		"refresh-1", "refresh-2", "canary-credential" };

	for (size_t i = 0; i < COUNT_OF(secrets); i++)
		if (strstr(text, secrets[i]))
			fail_msg("%s is seen in %s", secrets[i], text);
}

static void
assert_masked(struct engine_preview p)
{
	assert_int_equal(p.n, 1);
	assert_true(slice_find(p.list[0].request, S("Authorization: Bearer "
		"***"), 0) > 0);
	assert_unseen(p.list[0].request.ptr);
	engine_preview_done(&p);
}

static void
a_preview_needs_none_and_shows_none(void **state)
{
	(void)state;
	desk.needs_secret = true;
	app(&machine);
	desk_order((struct engine_order){ .verb = ENGINE_PAUSE,
		.target = S("app"), .why = S("a test") });
	NEWS({ .path = "a.txt", .title = "A" });
	assert_masked(desk_preview(1, ""));
	assert_int_equal(there.fetched, 0);
	resume();
	assert_masked(desk_preview(1, ""));
}

/* A peer that sends all of it back: nothing of that is kept or told. */
static void
an_echo_shows_nothing(void **state)
{
	(void)state;
	desk.path = "/echo?access_token=access-1&key=canary-credential";
	desk.needs_secret = true;
	there.path = "/echo";
	grants((struct grant){ .has_refresh = true, .life_ms = 4 * MINUTE });
	grants((struct grant){ .verdict = verdict_retry(0) });
	desk_will(verdict_retry(0));
	clock_set_ms(clock_now_ms());
	app(&machine);
	NEWS({ .path = "a.txt", .title = "A" });
	assert_non_null(strstr(desk.why.text, "the peer answered 200: POST"));
	assert_unseen(desk.why.text);
	desk_later(4 * MINUTE);
	assert_non_null(strstr(desk.why.text, "the platform answered 200"));
	assert_unseen(desk.why.text);
	assert_int_equal(one("SELECT count(*) FROM delivery WHERE"
		" why || memo || hash LIKE '%access-%' OR"
		" why || memo || hash LIKE '%refresh-%' OR"
		" why || memo || hash LIKE '%canary%'"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_hundred_wait_for_one),
		TEST(a_restart_has_it),
		TEST(nothing_is_fetched_for_nothing),
		TEST(one_that_is_nearly_over_is_refreshed),
		TEST(a_refresh_token_may_stay_the_same),
		TEST(a_new_credential_gets_a_new_one),
		TEST(a_refused_one_is_fetched_anew_once),
		TEST(a_second_refusal_holds),
		TEST(a_busy_platform_is_left_alone),
		TEST(one_that_is_over_is_none),
		TEST(refused_credentials_hold),
		TEST(a_refused_refresh_token_is_forgotten),
		TEST(a_lost_answer_is_asked_for_again),
		TEST(a_spent_refresh_token_needs_somebody),
		TEST(a_login_gives_a_token),
		TEST(not_every_target_has_a_login),
		TEST(a_long_one_is_renewed_while_it_is_good),
		TEST(somebody_is_told_in_time),
		TEST(a_preview_needs_none_and_shows_none),
		TEST(an_echo_shows_nothing),
	};

	return cmocka_run_group_tests_name("push_token", tests, NULL, NULL);
}
