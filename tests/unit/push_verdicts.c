/*
 * What answers mean, by the hundred: the rows of tests/push/verdicts-*.tsv.
 *
 *	WHERE <tab> STATUS <tab> HEADERS <tab> BODY <tab> VERDICT
 *
 * WHERE is a step of an exchange file: "x:1" is the first request of
 * x.exchange; "x:1#2" its second attempt.  What is answered there is the row's,
 * and not what stands in the file.  VERDICT is a verdict's first line as
 * exchange files have it: the word, how long, the memo.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <fcntl.h>
#include <glob.h>

#include "base/file.h"
#include "push_script.h"

enum { FILE_MAX = 1024 * 1024, FILES_MAX = 50, COLUMNS = 5, ATTEMPT_MAX = 99 };

static size_t n_rows;

struct row {
	const char *file;
	unsigned line;
	struct slice where, status, head, body, verdict;
	/* Of where: */
	struct slice exchange;
	size_t step;		/* from 1 */
	unsigned attempt;	/* 0: as it comes */
};

#define WRONG(row, fmt, ...) \
	fail_msg("%s:%u: " fmt, (row)->file, (row)->line, __VA_ARGS__)

static void
read_where(struct row *row)
{
	struct slice rest = row->where, number;
	int64_t n;

	slice_next_field(&rest, ':', &row->exchange);
	slice_next_field(&rest, '#', &number);
	n = slice_number(number, 1000);
	row->step = n > 0 ? (size_t)n : 0;
	row->attempt = rest.len > 0 ? (unsigned)slice_number(rest,
		ATTEMPT_MAX) : 0;
	if (row->step == 0)
		WRONG(row, "\"%.*s\" is no step", ARG(row->where));
}

static void
read_row(struct row *row, struct slice line)
{
	struct slice *columns[COLUMNS] = { &row->where, &row->status,
		&row->head, &row->body, &row->verdict };

	for (size_t i = 0; i < COLUMNS; i++)
		if (!slice_next_field(&line, '\t', columns[i]))
			WRONG(row, "%zu columns", i);
	if (line.ptr)
		WRONG(row, "%s", "too many columns");
	read_where(row);
}

/* "Name: value | Name: value" */
static struct slice
head_of(struct slice text, struct arena *a)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(FILE_MAX);
	struct slice line;

	while (slice_next_field(&text, '|', &line))
		buf_printf(&b, "%.*s\n", ARG(slice_trim(line)));
	return arena_copy(a, buf_slice(&b));
}

/* What an answer at that step means; a token that came is the delivery's. */
static struct verdict
answered(const struct script_step *step, struct delivery *d,
	const struct request *q, const struct response *r, struct err *e)
{
	struct token *t;
	struct verdict v;

	if (!step->is_fetch)
		return (step->is_ask ? push_answer : push_judge)(d, q, r, e);
	t = ARENA_NEW(r->a, struct token);
	v = push_fetched(d, q, r, t, e);
	if (v.kind == VERDICT_DONE)
		d->token = t;
	return v;
}

/* The steps before it go as their file has it. */
static void
walk(const struct row *row, struct script *s, struct delivery *d)
{
	for (size_t i = 0; i + 1 < row->step; i++) {
		CLEANUP(request_done) struct request q;
		const struct script_step *step = &s->steps[i];
		struct response r = script_answer(s, step, &s->arena);
		struct verdict v;
		struct err e;

		if (script_build(step, d, &s->arena, &q, &e) < 0)
			WRONG(row, "step %zu: %s", i + 1, e.text);
		v = answered(step, d, &q, &r, &e);
		if (!step->is_fetch)
			script_advance(s, d, &v);
	}
	if (row->attempt > 0)
		d->attempt = row->attempt;
}

static struct slice
first_line(struct slice text)
{
	struct slice line = S("");

	slice_next_line(&text, &line);
	return line;
}

static void
judge_row(const struct row *row, struct script *s)
{
	CLEANUP(request_done) struct request q;
	struct delivery d = s->delivery;
	struct script_step step;
	struct response r;
	struct verdict v;
	struct err e = { 0 };
	struct slice got;

	if (row->step > s->n_steps)
		WRONG(row, "%.*s has no such step", ARG(row->exchange));
	walk(row, s, &d);
	step = s->steps[row->step - 1];
	if (script_build(&step, &d, &s->arena, &q, &e) < 0)
		WRONG(row, "%s", e.text);
	step.status = (int)slice_number(row->status, 999);
	step.head = head_of(row->head, &s->arena);
	step.body = row->body;
	r = script_answer(s, &step, &s->arena);
	v = answered(&step, &d, &q, &r, &e);
	got = first_line(script_verdict(&v, &e, &s->arena));
	if (!slice_eq(got, row->verdict))
		WRONG(row, "\"%.*s\" and not \"%.*s\": %s", ARG(got),
			ARG(row->verdict), e.text);
	if (v.kind != VERDICT_DONE && v.kind != VERDICT_NEXT && !e.text[0])
		WRONG(row, "%s", "no reason");
}

static void
try_row(const struct row *row)
{
	char path[512];
	struct script *s;

	snprintf(path, sizeof(path), TESTS_DIR "/push/%.*s.exchange",
		ARG(row->exchange));
	s = script_read(path);
	judge_row(row, s);
	script_free(s);
	n_rows++;
}

static void
try_file(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct row row = { .file = strrchr(*state, '/') + 1 };
	struct slice text, line;
	struct err e;

	if (file_read(AT_FDCWD, *state, FILE_MAX, &a, &text, &e) < 0)
		fail_msg("%s", e.text);
	while (slice_next_line(&text, &line)) {
		row.line++;
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		read_row(&row, line);
		try_row(&row);
	}
}

int
main(void)
{
	struct CMUnitTest tests[FILES_MAX];
	glob_t found;
	size_t n;
	int ret;

	if (glob(TESTS_DIR "/push/verdicts-*.tsv", 0, NULL, &found) != 0)
		return 1;
	n = MIN(found.gl_pathc, (size_t)FILES_MAX);
	for (size_t i = 0; i < n; i++)
		tests[i] = (struct CMUnitTest){
			strrchr(found.gl_pathv[i], '/') + 1, try_file, NULL,
			NULL, found.gl_pathv[i] };
	ret = _cmocka_run_group_tests("verdicts", tests, n, NULL, NULL);
	printf("# %zu rows\n", n_rows);
	globfree(&found);
	return ret;
}
