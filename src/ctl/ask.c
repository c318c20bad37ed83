/*
 * A question to the daemon.
 */
#include <stdio.h>

#include "base/path.h"
#include "ctl/ask.h"
#include "ctl/client.h"
#include "ctl/words.h"

void
ask_print(const json_t *o)
{
	json_dumpf(o, stdout, JSON_INDENT(2));
	putchar('\n');
}

/* ---- what failed ---- */

void
ask_complain(const char *text, const char *hint)
{
	fprintf(stderr, "gazettectl: %s\n", text);
	if (hint[0])
		fprintf(stderr, "  hint: %s\n", hint);
}

int
ask_fail(const struct options *o, enum control_code code, const struct err *e)
{
	json_t *answer;

	if (!o->json) {
		ask_complain(e->text, e->hint);
		return code;
	}
	answer = json_pack("{s:b, s:i, s:s, s:s}", "ok", 0, "code", (int)code,
		"error", e->text, "hint", e->hint);
	ask_print(answer);
	json_decref(answer);
	return code;
}

/* The daemon said no; a refused configuration comes with all its faults. */
static void
show_failure(const json_t *answer)
{
	const json_t *fault;
	size_t i;

	json_array_foreach(json_object_get(answer, "faults"), i, fault)
		fputs(json_string_value(fault) ? json_string_value(fault) :
			"", stderr);
	ask_complain(word_text(answer, "error")[0] ? word_text(answer,
		"error") : "it failed", word_text(answer, "hint"));
}

/* ---- asking ---- */

json_t *
ask_make(const char *verb, const char *arg)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	json_t *request = json_pack("{s:s}", "verb", verb);

	if (!arg)
		return request;
	json_object_set_new(request, "path", json_string(arg));
	json_object_set_new(request, "file", json_string(
		path_resolve(NULL, slice_str(arg), &a)));
	return request;
}

/* An answer came: as the caller's, if it is well; else it is told. */
static int
take_answer(const struct options *o, json_t *answer, json_t **ret)
{
	int code = (int)word_number(answer, "code");

	if (json_is_true(json_object_get(answer, "ok"))) {
		*ret = answer;
		return CONTROL_OK;
	}
	if (o->json)
		ask_print(answer);
	else
		show_failure(answer);
	json_decref(answer);
	return code ? code : CONTROL_FAILED;
}

static int
ask_at(const struct options *o, const struct client_paths *paths,
	json_t *request, json_t **ret)
{
	json_t *answer = NULL;
	struct err e;
	int code = client_ask(paths, request, &answer, &e);

	json_decref(request);
	return code < 0 ? ask_fail(o, CONTROL_UNREACHABLE, &e) :
		take_answer(o, answer, ret);
}

int
ask(const struct options *o, json_t *request, json_t **ret)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct client_paths paths;

	client_find(o->socket, o->config, &paths, &a);
	return ask_at(o, &paths, request, ret);
}

int
ask_courier(const struct options *o, json_t *request, json_t **ret)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct client_paths paths;

	client_find_courier(o->socket, o->config, &paths, &a);
	return ask_at(o, &paths, request, ret);
}

/* Ask for what is behind the answer's list, and put it there. */
static int
add_page(const struct options *o, json_t *request, const char *list,
	const char *cursor, json_t *answer)
{
	json_t *all = json_object_get(answer, list), *page;
	const json_t *last = json_array_get(all, json_array_size(all) - 1);
	int code;

	json_object_set_new(request, cursor, json_integer(word_number(last,
		"id")));
	code = ask_courier(o, json_incref(request), &page);
	if (code != CONTROL_OK)
		return code;
	json_array_extend(all, json_object_get(page, list));
	json_object_set(answer, "cut", json_object_get(page, "cut"));
	json_decref(page);
	return CONTROL_OK;
}

int
ask_pages(const struct options *o, json_t *request, const char *list,
	const char *cursor, json_t **ret)
{
	json_t *answer = NULL;
	int code = ask_courier(o, json_incref(request), &answer);

	while (code == CONTROL_OK &&
		json_is_true(json_object_get(answer, "cut")))
		code = add_page(o, request, list, cursor, answer);
	json_decref(request);
	if (code == CONTROL_OK)
		*ret = answer;
	else
		json_decref(answer);
	return code;
}

int
ask_apart(const struct options *o, json_t *request, json_t **ret)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct client_paths paths;
	json_t *answer = NULL;
	struct err e;
	bool answers = client_find_apart(o->socket, o->config, &paths, &a) &&
		client_ask(&paths, request, &answer, &e) == 0;

	json_decref(request);
	*ret = NULL;
	return answers ? take_answer(o, answer, ret) : CONTROL_OK;
}

json_t *
ask_quietly(const struct options *o, json_t *request)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct client_paths paths;
	json_t *answer = NULL;
	struct err e;
	int code;

	client_find_courier(o->socket, o->config, &paths, &a);
	code = client_ask(&paths, request, &answer, &e);
	json_decref(request);
	if (code == 0 && json_is_true(json_object_get(answer, "ok")))
		return answer;
	json_decref(answer);
	return NULL;
}

int
ask_show(const struct options *o, json_t *answer,
	int (*show)(const json_t *answer))
{
	int code = json_is_false(json_object_get(answer, "healthy")) ?
		CONTROL_FAILED : CONTROL_OK;

	if (o->json)
		ask_print(answer);
	else
		code = show(answer);
	json_decref(answer);
	return code;
}
