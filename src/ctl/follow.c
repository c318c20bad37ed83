/*
 * Verbs whose work goes on after the first answer.
 *
 * How far it is stands on standard error, where that is a terminal: standard
 * output has the result alone.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ctl/follow.h"
#include "ctl/show.h"
#include "ctl/show_push.h"
#include "ctl/words.h"

enum { LOOK_MS = 100, TEST_LOOKS_MAX = 200 };

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

/* ---- status ---- */

/* The sentence is the press's, unless only the courier is not well. */
static void
join_health(json_t *answer, json_t *pushing)
{
	const json_t *one;
	char text[512];
	size_t i;

	if (!json_is_true(json_object_get(answer, "healthy")) ||
		json_is_true(json_object_get(pushing, "healthy")))
		return;
	snprintf(text, sizeof(text), "all targets are held: %s",
		word_text(pushing, "held"));
	json_array_foreach(json_object_get(pushing, "targets"), i, one)
		if (!word_text(pushing, "held")[0] && strcmp(word_text(one,
			"state"), "held") == 0)
			snprintf(text, sizeof(text), "the target \"%s\" is "
				"held: %s", word_text(one, "name"),
				word_text(one, "why"));
	json_object_set_new(answer, "healthy", json_false());
	json_object_set_new(answer, "summary", json_string(text));
}

int
follow_status(const struct options *o, const char *arg)
{
	json_t *answer, *pushing;
	int code = ask(o, ask_make("status", NULL), &answer);

	(void)arg;
	if (code != CONTROL_OK)
		return code;
	pushing = ask_quietly(o, ask_make("targets", NULL));
	if (pushing) {
		join_health(answer, pushing);
		json_object_del(pushing, "ok");
		json_object_set_new(answer, "pushing", pushing);
	}
	return ask_show(o, answer, show_status);
}

/* ---- reload ---- */

/* Both read the same files: what one refuses the other need not be asked. */
int
follow_reload(const struct options *o, const char *arg)
{
	json_t *answer, *couriers = NULL;
	int code = ask(o, ask_make("reload", NULL), &answer);

	(void)arg;
	if (code != CONTROL_OK)
		return code;
	code = ask_apart(o, ask_make("reload", NULL), &couriers);
	json_decref(couriers);
	if (code == CONTROL_OK)
		return ask_show(o, answer, show_reload);
	json_decref(answer);
	return code;
}

/* ---- target test ---- */

/* On its way, and not tried yet? */
static bool
is_open(const json_t *delivery)
{
	const char *state = word_text(delivery, "state");

	return strcmp(state, "sending") == 0 ||
		(strcmp(state, "ready") == 0 &&
		word_number(delivery, "tries") == 0);
}

static void
judge(json_t *answer, const json_t *first)
{
	const json_t *delivery = json_object_get(answer, "delivery");

	json_object_set_new(answer, "healthy", json_boolean(strcmp(
		word_text(delivery, "state"), "done") == 0));
	if (word_text(first, "note")[0])
		json_object_set_new(answer, "note", json_string(word_text(
			first, "note")));
}

int
follow_target_test(const struct options *o, const char *name)
{
	json_t *first, *answer;
	char id[32];
	int code = ask_courier(o, ask_make("target test", name), &first);

	if (code != CONTROL_OK)
		return code;
	snprintf(id, sizeof(id), INT, word_number(json_object_get(first,
		"delivery"), "id"));
	for (int look = 0;; look++) {
		code = ask_courier(o, ask_make("outbox show", id), &answer);
		if (code != CONTROL_OK)
			break;
		if (!is_open(json_object_get(answer, "delivery")) ||
			word_text(first, "note")[0] || look > TEST_LOOKS_MAX)
			break;
		json_decref(answer);
		pause_ms(LOOK_MS);
	}
	if (code == CONTROL_OK) {
		judge(answer, first);
		code = ask_show(o, answer, show_delivery);
	}
	json_decref(first);
	return code;
}
