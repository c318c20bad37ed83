/*
 * What every target promises, whatever it is: asked of each entry of
 * push_targets[], with the settings of each of its exchange files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <fcntl.h>
#include <jansson.h>

#include "base/file.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "push/retry_after.h"
#include "push_script.h"

enum {
	TEXT_MAX = 64 * 1024 * 1024, STATUS_END = 600, STEPS = 3,
	BIG_APART = 100,	/* statuses of what takes its time */
};

#define BROKEN(s, fmt, ...) \
	fail_msg("%s (%s): " fmt, (s)->path, (s)->target.ops->name, \
		__VA_ARGS__)

static char *files[SCRIPT_FILES_MAX];
static size_t n_files;

/* Do it for every exchange file; how often, for one type. */
static size_t
each_script(void (*check)(struct script *s), const struct target_ops *only)
{
	size_t n = 0;

	for (size_t i = 0; i < n_files; i++) {
		struct script *s = script_read(files[i]);

		if (!only || s->target.ops == only) {
			check(s);
			n++;
		}
		script_free(s);
	}
	return n;
}

/* ---- the table ---- */

static bool
is_word(struct slice s, const char *others)
{
	for (size_t i = 0; i < s.len; i++)
		if ((s.ptr[i] < 'a' || s.ptr[i] > 'z') &&
			(s.ptr[i] < '0' || s.ptr[i] > '9') &&
			!strchr(others, s.ptr[i]))
			return false;
	return s.len > 0;
}

static bool
is_sentence(const char *s)
{
	return s && s[0] >= 'A' && s[0] <= 'Z' && s[strlen(s) - 1] == '.';
}

static void
nothing(struct script *s)
{
	(void)s;
}

static void
check_ops(const struct target_ops *ops)
{
	unsigned doubt = ops->can & (CAN_BLIND | CAN_REPEAT | CAN_READ_BACK);

	assert_true(is_word(slice_str(ops->name), "-"));
	assert_true(is_sentence(ops->help));
	assert_non_null(ops->settings);
	assert_non_null(ops->compose);
	assert_non_null(ops->judge);
	/* What becomes of a delivery in doubt is said, and only once. */
	assert_true(doubt && !(doubt & (doubt - 1)));
	assert_int_equal(doubt == CAN_READ_BACK, ops->ask != NULL);
	assert_int_equal(doubt == CAN_READ_BACK, ops->answer != NULL);
	assert_int_equal(ops->fetch != NULL, ops->fetched != NULL);
	assert_int_equal(ops->login != NULL, ops->redeem != NULL);
	assert_true(ops->fetch || (!ops->login && !ops->keeps_token));
	assert_true(ops->can & (CAN_ARTICLES | CAN_FEEDS | CAN_TOPICS));
	/* Of articles each counts: the latest is that of a feed. */
	assert_true(!(ops->can & CAN_LATEST) ||
		ops->can & (CAN_FEEDS | CAN_TOPICS));
	if (each_script(nothing, ops) == 0)
		fail_msg("%s has no exchange file", ops->name);
}

static void
the_table_is_whole(void **state)
{
	(void)state;
	for (size_t i = 0; push_targets[i]; i++) {
		check_ops(push_targets[i]);
		assert_ptr_equal(push_target_find(slice_str(
			push_targets[i]->name)), push_targets[i]);
	}
	assert_null(push_target_find(S("nul")));
	assert_null(push_target_find(S("")));
}

/* gazetted-targets(5) has a section for the type, and an item for the word. */
static void
assert_documented(struct slice manual, const struct target_ops *ops)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct slice head = arena_printf(&a, "\n.Ss %s\n", ops->name);
	ssize_t at = slice_find(manual, head, 0), end;

	if (at < 0)
		fail_msg("%s has no section in gazetted-targets(5)",
			ops->name);
	manual = slice_from(manual, (size_t)at + head.len);
	if ((end = slice_find(manual, S("\n.S"), 0)) >= 0)
		manual = slice_sub(manual, 0, (size_t)end + 1);
	for (const struct setting *s = ops->settings; s->name; s++) {
		at = slice_find(manual, arena_printf(&a, "\n.It Ic %s ",
			s->name), 0);
		if (at < 0 || (s->preset && slice_find(manual,
			slice_str(s->preset), (size_t)at) < 0))
			fail_msg("\"%s\" of %s is not documented", s->name,
				ops->name);
	}
}

static void
every_word_is_documented(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct slice manual;
	struct err e;

	(void)state;
	assert_int_equal(file_read(AT_FDCWD, TESTS_DIR
		"/../docs/gazetted-targets.5", TEXT_MAX, &a, &manual, &e), 0);
	for (size_t i = 0; push_targets[i]; i++) {
		const struct setting *s = push_targets[i]->settings;

		assert_documented(manual, push_targets[i]);
		for (; s->name; s++) {
			assert_true(is_word(slice_str(s->name), "-"));
			assert_true(is_sentence(s->help));
		}
	}
}

/* ---- requests ---- */

static struct slice
printed(const struct request *q, struct arena *a)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(TEXT_MAX);

	request_print_masked(q, &b);
	assert_true(buf_ok(&b));
	return arena_copy(a, buf_slice(&b));
}

/* The same delivery gives the same request, down to each byte. */
static void
assert_same(const struct script *s, const struct request *q,
	const struct request *p)
{
	struct sha256 h = request_hash(q), g = request_hash(p);

	if (!slice_eq(q->body, p->body) || q->n_headers != p->n_headers ||
		q->repeatable != p->repeatable ||
		q->timeout_ms != p->timeout_ms ||
		!slice_eq(slice_str(q->method), slice_str(p->method)) ||
		!slice_eq(slice_str(q->url), slice_str(p->url)) ||
		!sha256_same(&h, &g))
		BROKEN(s, "%s", "two requests of one delivery differ");
	for (size_t i = 0; i < q->n_headers; i++)
		assert_string_equal(q->headers[i], p->headers[i]);
}

static void
assert_sound(const struct script *s, const struct delivery *d,
	const struct request *q)
{
	json_error_t wrong;
	json_t *json;

	if (d->target->ops->can & CAN_REPEAT && !q->repeatable)
		BROKEN(s, "%s", "it can repeat, and the request cannot");
	if (q->form != REQUEST_JSON)
		return;
	json = json_loadb(q->body.ptr, q->body.len, JSON_REJECT_DUPLICATES,
		&wrong);
	if (!json)
		BROKEN(s, "its JSON is none: %s in\n%.*s", wrong.text,
			ARG(q->body));
	json_decref(json);
}

/* No file in the credentials directory, and no line of one, is shown. */
static void
assert_no_secret(const struct script *s, struct slice text)
{
	const struct delivery *d = &s->delivery;

	for (size_t i = 0; i < d->n_credentials; i++) {
		const struct secret *secret = d->credentials[i].secret;

		for (size_t k = 0; k < secret_count(secret); k++)
			if (slice_find(text, secret_value(secret, k), 0) >= 0)
				BROKEN(s, "a secret is shown in\n%.*s",
					ARG(text));
	}
	if (d->token && d->token->access.len > 0 && slice_find(text,
		d->token->access, 0) >= 0)
		BROKEN(s, "the token is shown in\n%.*s", ARG(text));
}

/* Whatever is refused has a reason. */
static void
assert_reason(const struct script *s, const struct err *e)
{
	struct slice text = slice_str(e->text);

	if (e->kind == ERR_NONE || text.len == 0 || !utf8_valid(text))
		BROKEN(s, "no reason: \"%s\"", e->text);
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < ' ')
			BROKEN(s, "a control byte in \"%s\"", e->text);
	if (e->hint[0] && !is_sentence(e->hint))
		BROKEN(s, "the hint \"%s\" is no sentence", e->hint);
	assert_no_secret(s, text);
	assert_no_secret(s, slice_str(e->hint));
}

/* Compose it twice, in memory that looks different. */
static void
compose_twice(struct script *s, const struct delivery *d)
{
	CLEANUP(arena_done) struct arena a = { 0 }, b = { 0 };
	CLEANUP(request_done) struct request q, p;
	struct err e = { 0 }, f = { 0 };
	int got;

	memset(arena_text(&b, 4096), 'x', 4096);
	got = push_compose(d, &a, &q, &e);
	assert_int_equal(push_compose(d, &b, &p, &f), got);
	if (got < 0) {
		assert_reason(s, &e);
		assert_string_equal(e.text, f.text);
		return;
	}
	assert_same(s, &q, &p);
	assert_sound(s, d, &q);
	assert_no_secret(s, printed(&q, &a));
}

static void
each_action(struct script *s, struct delivery *d)
{
	for (int i = 0; i < ACTION_COUNT; i++)
		for (unsigned step = 0; step < STEPS; step++) {
			d->action = i;
			d->step = step;
			d->memo = step ? S("a \"memo\"\n\x01") : S("");
			compose_twice(s, d);
		}
}

static struct delivery
about(const struct script *s, enum delivery_subject subject)
{
	struct delivery d = s->delivery;

	d.subject = subject;
	d.entry = subject == DELIVER_ARTICLE ? &s->entry : NULL;
	d.feed = subject == DELIVER_FEED || subject == DELIVER_TOPIC ?
		&s->feed : NULL;
	d.series = d.feed && s->feed.kind == CHANNEL_SERIES ? &s->series :
		NULL;
	if (subject != DELIVER_ARTICLE)
		d.n_channels = 0;
	d.topic = subject == DELIVER_TOPIC ?
		S("https://www.example.org/feeds/all.atom") : S("");
	return d;
}

/* All that it can be told of, and whatever may be tried. */
static void
check_subjects(struct script *s)
{
	for (int i = DELIVER_ARTICLE; i <= DELIVER_PING; i++) {
		struct delivery d = about(s, i);
		struct delivery asked = d;

		asked.entry = NULL;
		if (push_wants(&asked))
			each_action(s, &d);
	}
}

static void
the_same_delivery_is_the_same_request(void **state)
{
	(void)state;
	each_script(check_subjects, NULL);
}

/* ---- strange articles ---- */

static struct slice
repeated(struct slice s, size_t n, struct arena *a)
{
	char *p = arena_text(a, s.len * n);

	for (size_t i = 0; i < n; i++)
		memcpy(p + i * s.len, s.ptr, s.len);
	return slice(p, s.len * n);
}

static void
check_strange(struct script *s)
{
	struct delivery d = about(s, DELIVER_ARTICLE);
	struct entry bare = { .article_id = 1, .revision = 1, .uid = S("x"),
		.slug = S("x"), .path = S("x.txt") };
	struct entry usual = s->entry, *e = &s->entry;

	if (!push_wants(&d))
		return;
	*e = bare;
	d.n_channels = 0;
	compose_twice(s, &d);
	*e = usual;
	e->title = e->headline = e->summary = S("\"\\\t\n</b>&\xe2\x80\xa8"
		"\xf0\x9f\x8c\x89\x01\x7f");
	compose_twice(s, &d);
	e->title = repeated(S("\xe6\xa1\xa5"), ARTICLE_TITLE_MAX / 3,
		&s->arena);
	e->html = repeated(S("<p>\"a\"</p>\n"), 400000, &s->arena);
	compose_twice(s, &d);
	*e = usual;
	e->state = STATE_WITHDRAWN;
	d.action = ACTION_WITHDRAWN;
	e->html = e->summary = S("");
	compose_twice(s, &d);
	*e = usual;
}

static void
strange_articles_are_said_or_refused(void **state)
{
	(void)state;
	each_script(check_strange, NULL);
}

/* ---- credentials ---- */

static void
check_missing(struct script *s)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	CLEANUP(request_done) struct request q = { 0 };
	struct delivery d = s->delivery;
	struct slice *names;
	struct err e = { 0 };

	request_init(&q, &a);
	if (target_credentials(&s->target, &names, &a) == 0)
		return;
	d.n_credentials = 0;
	if ((push_keeps_token(&s->target) ? push_fetch(&d, NULL, &a, &q, &e) :
		push_compose(&d, &a, &q, &e)) == 0)
		BROKEN(s, "%s", "it needs no credential that it names");
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_reason(s, &e);
}

static void
a_missing_credential_holds_the_target(void **state)
{
	(void)state;
	each_script(check_missing, NULL);
}

/* ---- hostile answers ---- */

static void
assert_verdict(const struct script *s, const struct response *r, bool is_ask,
	const struct verdict *v, const struct err *e)
{
	static const bool answers[VERDICT_COUNT] = {
		[VERDICT_DONE] = true, [VERDICT_NEXT] = true,
		[VERDICT_RETRY] = true, [VERDICT_WAIT] = true,
		[VERDICT_AUTH] = true, [VERDICT_UNKNOWN] = true,
		[VERDICT_HOLD] = true,
	};

	if ((unsigned)v->kind >= VERDICT_COUNT || (is_ask &&
		!answers[v->kind]))
		BROKEN(s, "no verdict on %d: %d", r->status, (int)v->kind);
	if (v->wait_ms < 0 || v->wait_ms > RETRY_AFTER_MAX_MS ||
		v->memo.len > DELIVERY_MEMO_MAX)
		BROKEN(s, "a verdict on %d without limits", r->status);
	if (v->kind != VERDICT_DONE && v->kind != VERDICT_NEXT)
		assert_reason(s, e);
}

/* The same answer means the same. */
static void
judge_twice(struct script *s, const struct delivery *d,
	const struct request *q, const struct response *r)
{
	bool can_ask = d->target->ops->answer != NULL;

	for (int is_ask = 0; is_ask <= can_ask; is_ask++) {
		struct err e = { 0 }, f = { 0 };
		struct verdict v = is_ask ? push_answer(d, q, r, &e) :
			push_judge(d, q, r, &e);
		struct verdict w = is_ask ? push_answer(d, q, r, &f) :
			push_judge(d, q, r, &f);

		assert_verdict(s, r, is_ask, &v, &e);
		/* It may be applied: it must not be sent again. */
		if (q->method && !is_ask && !q->repeatable &&
			r->status >= 500 && !r->retry_after_ms &&
			v.kind == VERDICT_RETRY)
			BROKEN(s, "%d is retried blindly", r->status);
		assert_int_equal(v.kind, w.kind);
		assert_int_equal(v.wait_ms, w.wait_ms);
		assert_true(slice_eq(v.memo, w.memo));
		assert_string_equal(e.text, f.text);
	}
}

/* With each status, or with every so many of them. */
static void
judge_all(struct script *s, const struct delivery *d,
	const struct request *q, struct response r, int apart)
{
	for (r.status = 0; r.status < STATUS_END; r.status += apart) {
		r.a = &(struct arena){ 0 };
		judge_twice(s, d, q, &r);
		arena_done(r.a);
	}
}

/* Everything that we said, secrets and all, comes back as their answer. */
static struct slice
echo(const struct request *q, struct arena *a)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(TEXT_MAX);

	for (size_t i = 0; i < q->n_secrets; i++) {
		buf_put(&b, q->secrets[i]);
		buf_put_byte(&b, ' ');
	}
	return arena_copy(a, buf_slice(&b));
}

static void
check_answers(struct script *s)
{
	static const struct slice bodies[] = {
		S_INIT(""), S_INIT("\0\0\0\0"), S_INIT("{\"error\":"),
		S_INIT("{\"id\":\"\",\"error\":{\"code\":190}}"),
		S_INIT("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["),
		S_INIT("\xff\xfe\xc0\xaf"), S_INIT("\n\r\n \t\x1b[31mred\x07"),
		S_INIT("null"), S_INIT("{\"id\":1e400,\"ok\":true}"),
		S_INIT("<html>\xe6\xa1\xa5.</html>"), S_INIT("no."),
	};
	static const struct slice heads[] = {
		S_INIT(""), S_INIT(":\n:::\nRetry-After\nRetry-After:\r\n\r"),
		S_INIT("Location: \x01\nContent-Type: ;;;;\n"),
	};
	CLEANUP(request_done) struct request q;
	struct delivery d = s->delivery;
	struct slice big = repeated(S("\xe6\xa1\xa5{\"a\":["), 100000,
		&s->arena);
	struct err e;

	if (push_compose(&d, &s->arena, &q, &e) < 0)
		return;
	for (size_t i = 0; i < COUNT_OF(bodies); i++)
		judge_all(s, &d, &q, (struct response){ .body = bodies[i],
			.head = heads[i % COUNT_OF(heads)],
			.type = i % 2 ? S("application/json") : S(""),
			.retry_after_ms = i % 3 ? 0 : RETRY_AFTER_MAX_MS }, 1);
	judge_all(s, &d, &q, (struct response){ .body = big }, BIG_APART);
	judge_all(s, &d, &q, (struct response){
		.body = echo(&q, &s->arena) }, 1);
}

static void
any_answer_has_a_verdict(void **state)
{
	(void)state;
	each_script(check_answers, NULL);
}

/* ---- tokens ---- */

/* Whatever comes for one, and with all that we said in it, is told safely. */
static void
judge_tokens(struct script *s, const struct delivery *d,
	const struct request *q, struct response r)
{
	for (r.status = 0; r.status < STATUS_END; r.status++) {
		struct token t = { 0 };
		struct err e = { 0 };
		struct verdict v;

		r.a = &(struct arena){ 0 };
		v = push_fetched(d, q, &r, &t, &e);
		if (v.kind == VERDICT_DONE && t.access.len == 0)
			BROKEN(s, "%d gives an empty token", r.status);
		if (v.kind != VERDICT_DONE)
			assert_reason(s, &e);
		arena_done(r.a);
	}
}

static void
check_fetch(struct script *s)
{
	static const struct slice bodies[] = {
		S_INIT(""), S_INIT("null"), S_INIT("{\"access_token\":"),
		S_INIT("{\"access_token\":\"\",\"expires_in\":7200}"),
		S_INIT("{\"access_token\":\"a\",\"expires_in\":-1}"),
		S_INIT("{\"access_token\":7,\"expires_in\":\"x\"}"),
		S_INIT("{\"access_token\":\"a\",\"expires_in\":1e300}"),
		S_INIT("{\"error\":\"invalid_grant\"}"),
		S_INIT("\xff\xfe\xc0\xaf"),
	};
	CLEANUP(request_done) struct request q = { 0 };
	struct delivery d = about(s, DELIVER_PING);
	struct err e = { 0 };

	request_init(&q, &s->arena);
	if (!push_keeps_token(&s->target))
		return;
	if (push_fetch(&d, NULL, &s->arena, &q, &e) < 0) {
		assert_reason(s, &e);
		return;
	}
	assert_no_secret(s, printed(&q, &s->arena));
	for (size_t i = 0; i < COUNT_OF(bodies); i++)
		judge_tokens(s, &d, &q, (struct response){ .body = bodies[i],
			.type = S("application/json") });
	judge_tokens(s, &d, &q, (struct response){
		.body = echo(&q, &s->arena) });
}

static void
any_answer_is_a_token_or_none(void **state)
{
	(void)state;
	each_script(check_fetch, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_whole),
		cmocka_unit_test(every_word_is_documented),
		cmocka_unit_test(the_same_delivery_is_the_same_request),
		cmocka_unit_test(strange_articles_are_said_or_refused),
		cmocka_unit_test(a_missing_credential_holds_the_target),
		cmocka_unit_test(any_answer_has_a_verdict),
		cmocka_unit_test(any_answer_is_a_token_or_none),
	};
	int ret;

	n_files = script_files(files);
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	for (size_t i = 0; i < n_files; i++)
		free(files[i]);
	return ret;
}
