/*
 * Every file of tests/push/: what is sent is what stands there, and what is
 * answered means what stands there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/secret.h"
#include "push_script.h"

enum { TEXT_MAX = 1024 * 1024 };

static void
assert_text(const struct script *s, const struct script_step *step,
	const char *what, struct slice got, struct slice wanted)
{
	if (!slice_eq(slice_trim(got), wanted))
		fail_msg("%s:%u: the %s is\n%.*s\nand should be\n%.*s",
			s->path, step->line, what, ARG(slice_trim(got)),
			ARG(wanted));
}

/* A preview is printed like this: no credential may be in it. */
static void
assert_masked(const struct delivery *d, struct slice text)
{
	for (size_t i = 0; i < d->n_credentials; i++) {
		const struct secret *secret = d->credentials[i].secret;

		for (size_t k = 0; k < secret_count(secret); k++)
			assert_int_equal(slice_find(text, secret_value(secret,
				k), 0), -1);
	}
	if (d->token && d->token->access.len > 0)
		assert_int_equal(slice_find(text, d->token->access, 0), -1);
	if (d->token && d->token->refresh.len > 0)
		assert_int_equal(slice_find(text, d->token->refresh, 0), -1);
}

/* What comes of a request for a token; the steps behind it have the token. */
static void
play_token(const struct script *s, const struct script_step *step,
	struct delivery *d, const struct request *q, struct arena *a)
{
	struct response r = script_answer(s, step, a);
	struct token *t = ARENA_NEW(a, struct token);
	struct err e = { 0 };
	struct verdict v = push_fetched(d, q, &r, t, &e);
	bool is_done = v.kind == VERDICT_DONE;

	assert_text(s, step, "verdict", is_done ? script_token(t, a) :
		script_verdict(&v, &e, a), step->verdict);
	t->serial = 2;
	if (is_done)
		d->token = t;
}

/* Lines of a form with files end as HTTP has it; those of a script do not. */
static struct slice
plain_lines(struct slice text, struct arena *a)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(TEXT_MAX);
	struct slice part;

	while (slice_next_field(&text, '\r', &part))
		buf_put(&b, part);
	return arena_copy(a, buf_slice(&b));
}

static struct verdict
play_answer(const struct script *s, const struct script_step *step,
	const struct delivery *d, const struct request *q, struct arena *a)
{
	struct response r = script_answer(s, step, a);
	struct err e = { 0 };
	struct verdict v = step->is_ask ? push_answer(d, q, &r, &e) :
		push_judge(d, q, &r, &e);

	assert_text(s, step, "verdict", script_verdict(&v, &e, a),
		step->verdict);
	return v;
}

/* *ret false: nothing comes after it. */
static bool
play_step(struct script *s, const struct script_step *step,
	struct delivery *d, struct arena *a)
{
	CLEANUP(request_done) struct request q;
	CLEANUP(buf_done) struct buf b = BUF_INIT(TEXT_MAX);
	struct verdict v;
	struct err e;

	if (script_build(step, d, a, &q, &e) < 0) {
		if (!step->is_refused)
			fail_msg("%s:%u: %s", s->path, step->line, e.text);
		assert_text(s, step, "reason", arena_printf(a, "%s\n%s",
			e.text, e.hint), step->request);
		return false;
	}
	request_print_masked(&q, &b);
	assert_masked(d, buf_slice(&b));
	assert_text(s, step, "request", plain_lines(buf_slice(&b), a),
		step->request);
	if (step->is_fetch) {
		play_token(s, step, d, &q, a);
		return true;
	}
	v = play_answer(s, step, d, &q, a);
	script_advance(s, d, &v);
	return v.kind != VERDICT_DONE && v.kind != VERDICT_REJECT;
}

static void
play(void **state)
{
	struct script *s = script_read(*state);
	struct delivery d = s->delivery;

	for (size_t i = 0; i < s->n_steps; i++)
		if (!play_step(s, &s->steps[i], &d, &s->arena) &&
			i + 1 < s->n_steps)
			fail_msg("%s:%u: nothing comes after this", s->path,
				s->steps[i].line);
	script_free(s);
}

int
main(void)
{
	char *files[SCRIPT_FILES_MAX];
	struct CMUnitTest tests[SCRIPT_FILES_MAX];
	size_t n = script_files(files);
	int ret;

	for (size_t i = 0; i < n; i++)
		tests[i] = (struct CMUnitTest){ strrchr(files[i], '/') + 1,
			play, NULL, NULL, files[i] };
	ret = _cmocka_run_group_tests("exchanges", tests, n, NULL, NULL);
	for (size_t i = 0; i < n; i++)
		free(files[i]);
	return ret;
}
