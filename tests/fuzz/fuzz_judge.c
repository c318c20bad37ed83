/*
 * Fuzz target: any bytes as what a platform answers, for every step of every
 * exchange file (tests/push/).
 *
 * The first two bytes choose the step, the next two are the status; then come
 * header lines, an empty line, and the body.  Whatever is answered has a
 * verdict within all limits and, unless all is well, a reason; and the same
 * answer means the same.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "push/retry_after.h"
#include "fuzz.h"
#include "push_script.h"

enum { TALKS_MAX = 1000, HEAD_BYTES = 4, STATUS_END = 1000 };

/* A step: what was sent, and the delivery as it was then. */
struct talk {
	struct script_step *step;
	struct delivery delivery;
	struct request request;
};

/* Also those that have no talk: nothing of them may look lost. */
static struct script *scripts[SCRIPT_FILES_MAX];
static struct talk talks[TALKS_MAX];
static size_t n_talks;

static struct verdict
judge(const struct talk *t, const struct response *r, struct err *e)
{
	struct token token = { 0 };

	if (t->step->is_fetch)
		return push_fetched(&t->delivery, &t->request, r, &token, e);
	return (t->step->is_ask ? push_answer : push_judge)(&t->delivery,
		&t->request, r, e);
}

/* Take the delivery on by what the file has as the answer. */
static void
go_on(struct script *s, const struct talk *t, struct delivery *d)
{
	struct response r = script_answer(s, t->step, &s->arena);
	struct err e = { 0 };
	struct token *token = ARENA_NEW(&s->arena, struct token);
	struct verdict v;

	if (!t->step->is_fetch) {
		v = judge(t, &r, &e);
		script_advance(s, d, &v);
		return;
	}
	v = push_fetched(d, &t->request, &r, token, &e);
	if (v.kind == VERDICT_DONE)
		d->token = token;
}

static void
add_script(struct script *s)
{
	struct delivery d = s->delivery;
	struct err e;

	for (size_t i = 0; i < s->n_steps && n_talks < TALKS_MAX; i++) {
		struct talk *t = &talks[n_talks];

		*t = (struct talk){ .step = &s->steps[i], .delivery = d };
		if (script_build(t->step, &t->delivery, &s->arena,
			&t->request, &e) < 0)
			return;
		n_talks++;
		go_on(s, t, &d);
	}
}

/* They live as long as the program: no input changes them. */
static void
read_scripts(void)
{
	char *files[SCRIPT_FILES_MAX];
	size_t n = script_files(files);

	for (size_t i = 0; i < n; i++) {
		scripts[i] = script_read(files[i]);
		add_script(scripts[i]);
		free(files[i]);
	}
	CHECK(n_talks > 0);
}

static void
check(const struct verdict *v, const struct err *e)
{
	CHECK((unsigned)v->kind < VERDICT_COUNT);
	CHECK(v->wait_ms >= 0 && v->wait_ms <= RETRY_AFTER_MAX_MS);
	CHECK(v->memo.len <= DELIVERY_MEMO_MAX);
	if (v->kind == VERDICT_DONE || v->kind == VERDICT_NEXT)
		return;
	CHECK(e->kind != ERR_NONE && e->text[0]);
	CHECK(utf8_valid(slice_str(e->text)));
	for (const char *c = e->text; *c; c++)
		CHECK((unsigned char)*c >= ' ');
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct slice text = slice((const char *)bytes, len);
	struct response r = { .a = &a };
	struct err e = { 0 }, f = { 0 };
	struct verdict v, w;
	const struct talk *t;
	ssize_t end;

	if (n_talks == 0)
		read_scripts();
	if (len < HEAD_BYTES)
		return 0;
	t = &talks[(bytes[0] << 8 | bytes[1]) % n_talks];
	r.status = (bytes[2] << 8 | bytes[3]) % STATUS_END;
	text = slice_from(text, HEAD_BYTES);
	end = slice_find(text, S("\n\n"), 0);
	r.head = slice_sub(text, 0, end < 0 ? 0 : (size_t)end + 1);
	r.body = end < 0 ? text : slice_from(text, (size_t)end + 2);
	r.type = response_header(&r, S("Content-Type"));
	r.retry_after_ms = MAX(retry_after_ms(response_header(&r,
		S("Retry-After")), t->delivery.now_ms), 0);
	v = judge(t, &r, &e);
	w = judge(t, &r, &f);
	check(&v, &e);
	CHECK(v.kind == w.kind && v.wait_ms == w.wait_ms &&
		slice_eq(v.memo, w.memo) && strcmp(e.text, f.text) == 0);
	return 0;
}
