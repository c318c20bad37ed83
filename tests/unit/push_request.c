/*
 * Requests: how they are built, what is refused, and that nobody sees a
 * secret; and what is read of answers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "assert_slice.h"
#include "push/target.h"

static struct arena arena;
static struct request q;
static struct err e;

static int
begin(void **state)
{
	(void)state;
	e = (struct err){ 0 };
	request_init(&q, &arena);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	request_done(&q);
	arena_reset(&arena);
	return 0;
}

static int
end_all(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

static void
assert_printed(const char *wanted)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(100000);

	assert_int_equal(request_check(&q, &e), 0);
	request_print_masked(&q, &b);
	assert_slice(buf_slice(&b), wanted);
}

static void
assert_wrong(enum err_kind kind, const char *text)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(100000);

	assert_int_equal(request_check(&q, &e), -1);
	assert_int_equal(e.kind, kind);
	assert_slice(slice_from(slice_str(e.text), strlen("cannot build the "
		"request: ")), text);
	/* What cannot be sent is not shown either. */
	request_print_masked(&q, &b);
	assert_slice(buf_slice(&b), "");
	request_done(&q);
	request_init(&q, &arena);
}

/* ---- building ---- */

static void
json_is_written_in_order(void **state)
{
	(void)state;
	request_post(&q, S("https://x.example.org/a?b"));
	request_header(&q, "X-Id", S(" a1 "));
	request_json(&q, "text", S("\xe6\xa1\xa5 \"a\"\n"));
	request_json_number(&q, "n", -7);
	request_json_open(&q, "list", '[');
	request_json(&q, NULL, S("a"));
	request_json_open(&q, NULL, '{');
	request_json_bool(&q, "yes", true);
	request_json_bool(&q, "no", false);
	request_json_close(&q, '}');
	request_json_close(&q, ']');
	request_json(&q, "last", S(""));
	assert_printed("POST https://x.example.org/a?b\nX-Id: a1\n"
		"Content-Type: application/json\n\n"
		"{\"text\":\"\xe6\xa1\xa5 \\\"a\\\"\\n\",\"n\":-7,"
		"\"list\":[\"a\",{\"yes\":true,\"no\":false}],\"last\":\"\"}");
	/* Twice is as good as once. */
	assert_printed("POST https://x.example.org/a?b\nX-Id: a1\n"
		"Content-Type: application/json\n\n"
		"{\"text\":\"\xe6\xa1\xa5 \\\"a\\\"\\n\",\"n\":-7,"
		"\"list\":[\"a\",{\"yes\":true,\"no\":false}],\"last\":\"\"}");
	assert_false(q.repeatable);
}

static void
forms_and_whole_bodies(void **state)
{
	(void)state;
	request_post(&q, S("http://x.example.org/"));
	request_field(&q, "a b", S("\xe6\xa1\xa5&=+ ~"));
	request_field(&q, "c", S(""));
	assert_printed("POST http://x.example.org/\n"
		"Content-Type: application/x-www-form-urlencoded\n\n"
		"a%20b=%E6%A1%A5%26%3D%2B%20~&c=");
	end(state), begin(state);
	request_to(&q, "PUT", S("http://x.example.org/"));
	request_body(&q, "text/plain", S("as it is"));
	assert_printed("PUT http://x.example.org/\nContent-Type: text/plain"
		"\n\nas it is");
	end(state), begin(state);
	request_get(&q, S("http://x.example.org/"));
	request_timeout(&q, 5000);
	assert_printed("GET http://x.example.org/\n\n");
	assert_true(q.repeatable);
	assert_int_equal(q.timeout_ms, 5000);
	end(state), begin(state);
	assert_printed("");
}

static void
what_is_wrong_is_told(void **state)
{
	(void)state;
	request_post(&q, S("ftp://x.example.org/"));
	assert_wrong(ERR_CONFIG, "the address is not one of http or https");
	request_post(&q, slice(memset(arena_text(&arena, 5000), 'x', 5000),
		5000));
	assert_wrong(ERR_LIMIT, "the address is longer than 4096 bytes");
	request_get(&q, S("https://x.example.org/"));
	request_field(&q, "a", S("b"));
	assert_wrong(ERR_SYNTAX, "a GET has no body");
	request_field(&q, "a", S("b"));
	assert_wrong(ERR_SYNTAX, "there is no address to send it to");
	request_post(&q, S("https://x.example.org/"));
	request_field(&q, "a", S("b"));
	request_json(&q, "a", S("b"));
	assert_wrong(ERR_SYNTAX, "two bodies of different kinds");
	request_body(&q, "text/plain", S("a"));
	request_body(&q, "text/plain", S("b"));
	assert_wrong(ERR_SYNTAX, "two bodies of different kinds");
	request_timeout(&q, REQUEST_TIMEOUT_MAX + 1);
	assert_wrong(ERR_LIMIT, "a time-out of 600001 ms");
	/* The first reason stays. */
	request_wrong(&q, ERR_REFUSED, "no %s", "title");
	request_post(&q, S("ftp://x.example.org/"));
	assert_wrong(ERR_REFUSED, "no title");
}

static void
headers_are_lines(void **state)
{
	static const char *const names[] = { "Host", "content-length", "A B",
		"", "A:", "\xe6\xa1\xa5", "TRANSFER-ENCODING", "Expect" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		request_post(&q, S("https://x.example.org/"));
		request_header(&q, names[i], S("x"));
		assert_int_equal(request_check(&q, &e), -1);
		assert_int_equal(e.kind, ERR_CONFIG);
		end(NULL), begin(NULL);
	}
	request_header(&q, "X-A", S("b\r\nX-C: d"));
	assert_wrong(ERR_SYNTAX, "the value of the header \"X-A\" is not one "
		"line of text");
	request_header(&q, "X-A", S("b\0c"));
	assert_wrong(ERR_SYNTAX, "the value of the header \"X-A\" is not one "
		"line of text");
	request_header(&q, "X-A", S(" "));
	assert_wrong(ERR_SYNTAX, "the value of the header \"X-A\" is empty");
	request_header(&q, "X-A", S("b"));
	request_header(&q, "x-a", S("b"));
	assert_wrong(ERR_CONFIG, "the header \"x-a\" a second time");
	request_header(&q, "X-A", slice(memset(arena_text(&arena, 9000), 'x',
		9000), 9000));
	assert_wrong(ERR_LIMIT, "the header \"X-A\" is too much");
	for (int i = 0; i <= REQUEST_HEADERS_MAX; i++)
		request_header(&q, arena_printf(&arena, "X-%d", i).ptr,
			S("a"));
	assert_wrong(ERR_LIMIT, "the header \"X-24\" is too much");
}

static void
json_has_its_places(void **state)
{
	(void)state;
	request_post(&q, S("https://x.example.org/"));
	request_json(&q, NULL, S("a"));
	assert_wrong(ERR_SYNTAX, "a value \"\" in the wrong place");
	request_json_open(&q, "a", '[');
	request_json(&q, "b", S("a"));
	assert_wrong(ERR_SYNTAX, "a value \"b\" in the wrong place");
	request_json_open(&q, "a", '[');
	assert_wrong(ERR_SYNTAX, "a bracket \"[\" is not closed");
	request_json_open(&q, "a", '[');
	request_json_close(&q, '}');
	assert_wrong(ERR_SYNTAX, "a bracket \"}\" in the wrong place");
	request_json(&q, "a", S("b"));
	request_json_close(&q, '}');
	assert_wrong(ERR_SYNTAX, "a bracket \"}\" in the wrong place");
	request_json_close(&q, ']');
	assert_wrong(ERR_SYNTAX, "a bracket \"]\" in the wrong place");
	for (int i = 0; i < REQUEST_DEPTH_MAX; i++)
		request_json_open(&q, i ? NULL : "a", '[');
	assert_wrong(ERR_LIMIT, "more than 16 brackets");
	request_post(&q, S("https://x.example.org/"));
	request_json(&q, "a", S("\xff"));
	assert_wrong(ERR_SYNTAX, "the text is not UTF-8");
	/* The outermost object is whole: nothing can come behind it. */
	request_post(&q, S("https://x.example.org/"));
	request_json(&q, "a", S("b"));
	assert_int_equal(request_check(&q, &e), 0);
	request_json(&q, "c", S("d"));
	assert_wrong(ERR_SYNTAX, "a value \"c\" in the wrong place");
}

static void
a_body_has_a_limit(void **state)
{
	char *big = x_calloc(1, REQUEST_BODY_MAX + 1);

	(void)state;
	memset(big, 'x', REQUEST_BODY_MAX + 1);
	request_post(&q, S("https://x.example.org/"));
	request_body(&q, "text/plain", slice(big, REQUEST_BODY_MAX));
	assert_int_equal(request_check(&q, &e), 0);
	end(NULL), begin(NULL);
	request_post(&q, S("https://x.example.org/"));
	request_body(&q, "text/plain", slice(big, REQUEST_BODY_MAX + 1));
	free(big);
	assert_wrong(ERR_LIMIT, "the body is longer than 16777216 bytes");
}

/* ---- secrets ---- */

static void
secrets_are_masked_wherever_they_are(void **state)
{
	(void)state;
	request_hide(&q, S("p\"w /d"));
	request_hide(&q, S("key"));
	request_hide(&q, S("keystone"));
	request_hide(&q, S(""));
	request_post(&q, S("https://x.example.org/key/p%22w%20%2Fd"));
	request_header(&q, "Authorization", S("Bearer keystone"));
	request_header(&q, "X-Raw", S("<p\"w /d>"));
	request_json(&q, "a", S("p\"w /d"));
	request_json(&q, "b", S("the keys"));
	assert_printed("POST https://x.example.org/***/***\n"
		"Authorization: Bearer ***\nX-Raw: <***>\n"
		"Content-Type: application/json\n\n"
		"{\"a\":\"***\",\"b\":\"the ***s\"}");
}

static void
assert_masked(const char *text, const char *wanted)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(1000);

	request_mask(&q, slice_str(text), &b);
	assert_slice(buf_slice(&b), wanted);
}

static void
secrets_that_overlap_leave_nothing(void **state)
{
	(void)state;
	request_hide(&q, S("abc"));
	request_hide(&q, S("bcde"));
	request_hide(&q, S("aa"));
	assert_masked("xabcdey", "x***y");
	assert_masked("abcabc", "***");
	assert_masked("abc abc", "*** ***");
	assert_masked("aaaax", "***x");
	assert_masked("", "");
	assert_masked("ab", "ab");
	assert_masked("abcde", "***");
}

static void
too_many_secrets_are_a_fault(void **state)
{
	(void)state;
	request_post(&q, S("https://x.example.org/"));
	for (int i = 0; i <= REQUEST_SECRETS_MAX; i++)
		request_hide(&q, arena_printf(&arena, "s%d", i));
	assert_wrong(ERR_LIMIT, "more than 64 secrets");
}

static void
the_hash_is_of_what_is_shown(void **state)
{
	struct sha256 one, two;

	(void)state;
	request_hide(&q, S("one"));
	request_post(&q, S("https://x.example.org/one"));
	assert_int_equal(request_check(&q, &e), 0);
	one = request_hash(&q);
	end(NULL), begin(NULL);
	request_hide(&q, S("other"));
	request_post(&q, S("https://x.example.org/other"));
	assert_int_equal(request_check(&q, &e), 0);
	two = request_hash(&q);
	assert_true(sha256_same(&one, &two));
	request_header(&q, "X-A", S("b"));
	two = request_hash(&q);
	assert_false(sha256_same(&one, &two));
}

/* ---- answers ---- */

static void
assert_quote(const char *body, const char *wanted)
{
	struct response r = { .a = &arena, .body = slice_str(body) };

	assert_slice(response_quote(&r), wanted);
}

static void
quotes_are_one_line_that_prints(void **state)
{
	char *big = memset(arena_text(&arena, 500), 'x', 500);
	struct slice cut;

	(void)state;
	assert_quote("", "");
	assert_quote("\n \r\n  no  \nnever", "no");
	assert_quote("a\x1b[31m\tb", "a [31m b");
	assert_quote("\xff\xfe", "");
	assert_quote("good\xff" "bad", "");
	assert_quote("\xe6\xa1\xa5", "\xe6\xa1\xa5");
	assert_quote("\xe6\xa1", "");
	memcpy(big + RESPONSE_QUOTE_MAX - 1, "\xe6\xa1\xa5", 3);
	big[500] = '\0';
	cut = response_quote(&(struct response){ .a = &arena,
		.body = slice(big, 500) });
	assert_int_equal(cut.len, RESPONSE_QUOTE_MAX - 1 + 3);
	assert_true(slice_ends(cut, S("x...")));
}

static void
the_first_header_of_a_name(void **state)
{
	struct response r = { .head = S("HTTP/1.1 200 OK\r\nnocolon\r\n"
		"X-A:  one \r\nx-a: two\r\n") };

	(void)state;
	assert_slice(response_header(&r, S("x-A")), "one");
	assert_null(response_header(&r, S("X-B")).ptr);
	assert_null(response_header(&r, S("nocolo")).ptr);
}

/* ---- what a status usually means ---- */

static struct verdict
usual(unsigned can, int status, int64_t retry_after_ms)
{
	const struct target_ops ops = { .can = can };
	const struct target t = { .ops = &ops };
	const struct delivery d = { .target = &t };
	const struct response r = { .a = &arena, .status = status,
		.retry_after_ms = retry_after_ms };

	e = (struct err){ 0 };
	return target_judge(&d, "the peer", &r, &e);
}

static void
a_status_usually_means(void **state)
{
	static const struct {
		int status;
		enum verdict_kind repeat, blind;
	} cases[] = {
		{ 200, VERDICT_DONE, VERDICT_DONE },
		{ 299, VERDICT_DONE, VERDICT_DONE },
		{ 0, VERDICT_RETRY, VERDICT_UNKNOWN },
		{ 101, VERDICT_RETRY, VERDICT_UNKNOWN },
		{ 301, VERDICT_HOLD, VERDICT_HOLD },
		{ 304, VERDICT_HOLD, VERDICT_HOLD },
		{ 400, VERDICT_REJECT, VERDICT_REJECT },
		{ 401, VERDICT_AUTH, VERDICT_AUTH },
		{ 403, VERDICT_REJECT, VERDICT_REJECT },
		{ 404, VERDICT_RETRY, VERDICT_RETRY },
		{ 408, VERDICT_RETRY, VERDICT_UNKNOWN },
		{ 410, VERDICT_HOLD, VERDICT_HOLD },
		{ 413, VERDICT_REJECT, VERDICT_REJECT },
		{ 429, VERDICT_RETRY, VERDICT_RETRY },
		{ 500, VERDICT_RETRY, VERDICT_UNKNOWN },
		{ 503, VERDICT_RETRY, VERDICT_UNKNOWN },
		{ 599, VERDICT_RETRY, VERDICT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int status = cases[i].status;

		if (usual(CAN_REPEAT, status, 0).kind != cases[i].repeat ||
			usual(CAN_BLIND, status, 0).kind != cases[i].blind ||
			usual(CAN_READ_BACK, status, 0).kind !=
			cases[i].blind)
			fail_msg("%d", status);
	}
	assert_int_equal(usual(CAN_REPEAT, 503, 7000).wait_ms, 7000);
	assert_int_equal(usual(CAN_BLIND, 429, 7000).wait_ms, 7000);
	assert_string_equal(e.text, "the peer answered 429");
	assert_int_equal(e.kind, ERR_REFUSED);
}

/* ---- words, channels, credentials ---- */

static void
words_have_a_meaning_each(void **state)
{
	enum delivery_action action;

	(void)state;
	for (int i = 0; i < ACTION_COUNT; i++) {
		assert_true(delivery_action_parse(delivery_action_name(i),
			&action));
		assert_int_equal(action, i);
	}
	assert_false(delivery_action_parse(S("publish"), &action));
	assert_slice(delivery_action_name(ACTION_WITHDRAWN), "withdrawn");
	for (int i = 0; i < VERDICT_COUNT; i++)
		assert_true(verdict_name(i).len > 0);
}

static void
channels_are_wanted_by_name(void **state)
{
	struct slice alias = S("bay");
	struct channel configured = { .kind = CHANNEL_TOPIC, .key = S("gba"),
		.slug = S("greater-bay"), .aliases = &alias, .n_aliases = 1 };
	struct config c = { .channels = &configured, .n_channels = 1 };
	struct feed gba = { .kind = CHANNEL_TOPIC, .key = S("gba"),
		.slug = S("greater-bay") };
	struct feed series = { .kind = CHANNEL_SERIES, .key = S("bridges"),
		.slug = S("bridges-2") };
	struct feed all = { .kind = CHANNEL_ALL, .slug = S("all") };
	struct want w = { .kind = CHANNEL_TOPIC };
	struct target t = { .wants = &w };

	(void)state;
	assert_true(target_wants_channel(&c, &t, &all));
	assert_true(target_wants_channel(&c, &t, &gba));
	t.n_wants = 1;
	assert_true(target_wants_channel(&c, &t, &gba));
	assert_false(target_wants_channel(&c, &t, &series));
	assert_false(target_wants_channel(&c, &t, &all));
	w.key = S("gba");
	assert_true(target_wants_channel(&c, &t, &gba));
	w.key = S("greater-bay");
	assert_true(target_wants_channel(&c, &t, &gba));
	w.key = S("bay");
	assert_true(target_wants_channel(&c, &t, &gba));
	w.key = S("bridges");
	assert_false(target_wants_channel(&c, &t, &gba));
	assert_false(target_wants_channel(&c, &t, &series));
	w.kind = CHANNEL_SERIES;
	assert_true(target_wants_channel(&c, &t, &series));
	w = (struct want){ .kind = CHANNEL_ALL };
	assert_true(target_wants_channel(&c, &t, &all));
	assert_false(target_wants_channel(&c, &t, &gba));
}

struct conf {
	int64_t n;
	struct slice token;
	struct slice *keys;
	size_t n_keys;
	struct slice other;
};

static const struct setting conf_words[] = {
	{ "n", SETTING_INT, SETTING_FIELD(struct conf, n) },
	{ "token", SETTING_TEXT, SETTING_FIELD(struct conf, token),
		.check = target_check_credential },
	{ "keys", SETTING_TEXTS, SETTING_FIELDS(struct conf, keys, n_keys),
		.check = target_check_credential },
	{ "other", SETTING_TEXT, SETTING_FIELD(struct conf, other) },
	{ 0 },
};

static void
credentials_are_those_of_the_settings(void **state)
{
	const struct target_ops ops = { .settings = conf_words };
	struct slice keys[] = { S_INIT("k1"), S_INIT("k2") };
	struct conf conf = { .keys = keys, .n_keys = 2, .other = S("x") };
	struct target t = { .ops = &ops, .conf = &conf };
	struct slice *names;

	(void)state;
	assert_int_equal(target_credentials(&t, &names, &arena), 2);
	assert_slice(names[1], "k2");
	conf.token = S("t");
	assert_int_equal(target_credentials(&t, &names, &arena), 3);
	assert_slice(names[0], "t");
	assert_int_equal(target_check_credential(S("x-oauth"), &e), 0);
	assert_int_equal(target_check_credential(S("../x"), &e), -1);
	assert_int_equal(target_check_credential(S(""), &e), -1);
}

static void
a_credential_that_is_not_there_says_why(void **state)
{
	struct err why = { .kind = ERR_IO, .text = "cannot open \"b\"" };
	struct credential list[] = {
		{ .name = S("a"), .secret = (void *)&why },
		{ .name = S("b"), .why = &why },
	};
	struct delivery d = { .credentials = list, .n_credentials = 2 };

	(void)state;
	assert_ptr_equal(delivery_secret(&d, S("a"), &e), &why);
	assert_null(delivery_secret(&d, S("b"), &e));
	assert_string_equal(e.text, "cannot open \"b\"");
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_null(delivery_secret(&d, S("c"), &e));
	assert_string_equal(e.text, "there is no credential \"c\"");
	assert_int_equal(e.kind, ERR_CONFIG);
}

/* ---- what is done for a target that forgets it ---- */

static struct slice long_memo;

static int
compose_with_a_fault(const struct delivery *d, struct request *r,
	struct err *err)
{
	(void)d;
	request_hide(r, S("hush"));
	return err_set(err, ERR_REFUSED, "no \"hush\" for you");
}

static int
compose_unchecked(const struct delivery *d, struct request *r,
	struct err *err)
{
	(void)d, (void)err;
	request_post(r, S("https://x.example.org/"));
	request_hide(r, S("hush"));
	request_json(r, "a", S("hush"));
	return 0;
}

static struct verdict
judge_too_much(const struct delivery *d, const struct response *r,
	struct err *err)
{
	(void)d;
	if (r->status == 200)
		return verdict_done_as(long_memo);
	if (r->status == 202)
		return verdict_next(long_memo);
	response_tell(r, "the peer", err);
	return verdict_retry(INT64_MAX);
}

static void
what_a_target_forgets_is_done_for_it(void **state)
{
	struct target_ops ops = { .compose = compose_with_a_fault,
		.judge = judge_too_much };
	const struct target t = { .ops = &ops };
	const struct delivery d = { .target = &t };
	struct response r = { .a = &arena, .status = 503,
		.body = S("who is hush?") };
	struct request p;
	struct verdict v;

	(void)state;
	long_memo = slice(arena_text(&arena, DELIVERY_MEMO_MAX + 1),
		DELIVERY_MEMO_MAX + 1);
	assert_int_equal(push_compose(&d, &arena, &p, &e), -1);
	assert_string_equal(e.text, "no \"***\" for you");
	request_done(&p);
	ops.compose = compose_unchecked;
	assert_int_equal(push_compose(&d, &arena, &p, &e), 0);
	assert_slice(p.body, "{\"a\":\"hush\"}");
	v = push_judge(&d, &p, &r, &e);
	assert_string_equal(e.text, "the peer answered 503: who is ***?");
	assert_int_equal(v.wait_ms, 24 * 3600 * 1000);
	/* Nor is half of a secret shown that a long line was cut in. */
	r.body = arena_printf(&arena, "%0*dhush", RESPONSE_QUOTE_MAX - 2, 0);
	push_judge(&d, &p, &r, &e);
	assert_null(strstr(e.text, "hu"));
	r.status = 200;
	v = push_judge(&d, &p, &r, &e);
	assert_int_equal(v.kind, VERDICT_DONE);
	assert_int_equal(v.memo.len, 0);
	r.status = 202;
	v = push_judge(&d, &p, &r, &e);
	assert_int_equal(v.kind, VERDICT_UNKNOWN);
	request_done(&p);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(json_is_written_in_order),
		TEST(forms_and_whole_bodies),
		TEST(what_is_wrong_is_told),
		TEST(headers_are_lines),
		TEST(json_has_its_places),
		TEST(a_body_has_a_limit),
		TEST(secrets_are_masked_wherever_they_are),
		TEST(secrets_that_overlap_leave_nothing),
		TEST(too_many_secrets_are_a_fault),
		TEST(the_hash_is_of_what_is_shown),
		TEST(quotes_are_one_line_that_prints),
		TEST(the_first_header_of_a_name),
		TEST(a_status_usually_means),
		TEST(words_have_a_meaning_each),
		TEST(channels_are_wanted_by_name),
		TEST(credentials_are_those_of_the_settings),
		TEST(a_credential_that_is_not_there_says_why),
		TEST(what_a_target_forgets_is_done_for_it),
	};

	return cmocka_run_group_tests(tests, NULL, end_all);
}
