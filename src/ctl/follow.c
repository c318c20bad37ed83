/*
 * Verbs whose work goes on after the first answer.
 *
 * How far it is stands on standard error, where that is a terminal: standard
 * output has the result alone.
 */
#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "ctl/follow.h"
#include "ctl/show.h"
#include "ctl/words.h"

enum { LOOK_MS = 100 };

#define INT "%" JSON_INTEGER_FORMAT

static void
pause_ms(long ms)
{
	struct timespec left = { .tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * 1000 * 1000 };

	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		;
}

/* Over the last such line; done: wipe it. */
static void
tell_progress(const char *what, json_int_t n, json_int_t of, bool done)
{
	if (!isatty(STDERR_FILENO))
		return;
	if (done)
		fputs("\r\033[K", stderr);
	else
		fprintf(stderr, "\r\033[K%s: " INT " of " INT, what, n, of);
	fflush(stderr);
}

/* ---- rebuild ---- */

/* Wait until it is published.  *ret: the last answer. */
static int
wait_published(const struct options *o, const char *name, json_int_t total,
	json_t **ret)
{
	json_int_t left;
	int code;

	for (;;) {
		code = ask(o, ask_make("pending", name), ret);
		if (code != CONTROL_OK)
			return code;
		left = word_number(*ret, "pending");
		if (left == 0 || json_is_false(json_object_get(*ret,
			"healthy")))
			return CONTROL_OK;
		/* What was waiting before is waited for too. */
		tell_progress("published", MAX(total - left, 0), total,
			false);
		json_decref(*ret);
		pause_ms(LOOK_MS);
	}
}

int
follow_rebuild(const struct options *o, const char *name)
{
	json_t *answer, *last;
	int code = ask(o, ask_make("rebuild", name), &answer);

	if (code != CONTROL_OK)
		return code;
	if (o->wait) {
		code = wait_published(o, name, word_number(answer,
			"documents"), &last);
		tell_progress("", 0, 0, true);
		if (code == CONTROL_OK) {
			json_object_update_missing(last, answer);
			code = ask_show(o, last, show_rebuild);
		}
		json_decref(answer);
		return code;
	}
	return ask_show(o, answer, show_rebuild);
}

/* ---- verify ---- */

int
follow_verify(const struct options *o, const char *arg)
{
	json_t *answer, *request;
	json_int_t run = 0;
	int code;

	(void)arg;
	for (;;) {
		request = ask_make("verify", NULL);
		if (run > 0)
			json_object_set_new(request, "run",
				json_integer(run));
		code = ask(o, request, &answer);
		if (code != CONTROL_OK)
			return code;
		if (json_is_true(json_object_get(answer, "done")))
			break;
		run = word_number(answer, "run");
		tell_progress("compared", word_number(answer, "compared"),
			word_number(answer, "feeds"), false);
		json_decref(answer);
		pause_ms(LOOK_MS);
	}
	tell_progress("", 0, 0, true);
	return ask_show(o, answer, show_verify);
}
