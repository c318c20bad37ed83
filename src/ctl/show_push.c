/*
 * gazettectl outbox, targets, preview, subscribers, hub: who is told what.
 */
#include <stdio.h>

#include "ctl/show_push.h"
#include "ctl/table.h"
#include "ctl/words.h"

#define INT "%" JSON_INTEGER_FORMAT

static void
print_cut(const json_t *answer)
{
	if (json_is_true(json_object_get(answer, "cut")))
		puts("There are more: --json lists all.");
}

/* ---- outbox ---- */

static void
print_counts(const struct terminal *t, const json_t *list)
{
	static const struct column columns[] = {
		{ .title = "TARGET" }, { .title = "PLANNED", .right = true },
		{ .title = "READY", .right = true },
		{ .title = "HELD", .right = true },
		{ .title = "UNKNOWN", .right = true },
		{ .title = "DONE", .right = true },
		{ .title = "REJECTED", .right = true },
		{ .title = "SKIPPED", .right = true },
	};
	static const char *const states[] = { "planned", "ready", "held",
		"unknown", "done", "rejected", "skipped" };
	CLEANUP(sheet_done) struct sheet s = SHEET_INIT(columns);
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one) {
		sheet_put(&s, "%s", word_text(one, "target"));
		for (size_t k = 0; k < COUNT_OF(states); k++)
			sheet_put(&s, INT, word_number(one, states[k]));
	}
	sheet_print(&s, t);
}

/* When: a time, "approval", or "-" for what is not tried again by itself. */
static const char *
next_try(const json_t *o, struct arena *a)
{
	return strcmp(word_text(o, "state"), "planned") == 0 &&
		word_number(o, "due") == 0 ? "approval" :
		word_time(o, "due", a);
}

int
show_outbox(const json_t *answer)
{
	static const struct column columns[] = {
		{ .title = "ID", .right = true }, { .title = "TARGET" },
		{ .title = "STATE" }, { .title = "ACTION" },
		{ .title = "WHAT", .shrinks = true },
		{ .title = "TRIES", .right = true }, { .title = "NEXT TRY" },
		{ .title = "WHY", .shrinks = true },
	};
	CLEANUP(sheet_done) struct sheet s = SHEET_INIT(columns);
	const json_t *list = json_object_get(answer, "deliveries"), *one;
	struct terminal t;
	size_t i;

	terminal_get(&t);
	if (json_array_size(json_object_get(answer, "counts")) == 0)
		puts("Nothing was ever owed to any target.");
	print_counts(&t, json_object_get(answer, "counts"));
	if (json_array_size(list) == 0)
		return 0;
	json_array_foreach(list, i, one) {
		sheet_put(&s, INT, word_number(one, "id"));
		sheet_put(&s, "%s", word_text(one, "target"));
		sheet_put(&s, "%s", word_text(one, "state"));
		sheet_put(&s, "%s", word_text(one, "action"));
		sheet_put(&s, "%s", word_text(one, "title")[0] ?
			word_text(one, "title") : word_text(one, "subject"));
		sheet_put(&s, INT, word_number(one, "tries"));
		sheet_put(&s, "%s", next_try(one, &s.arena));
		sheet_put(&s, "%s", word_text(one, "error"));
	}
	putchar('\n');
	sheet_print(&s, &t);
	print_cut(answer);
	return 0;
}

/* ---- one delivery ---- */

static void
print_request(const json_t *o)
{
	const char *request = word_text(o, "request");

	if (!request[0])
		return;
	printf("\n%s%s", request,
		request[strlen(request) - 1] == '\n' ? "" : "\n");
	if (word_text(o, "hash")[0])
		printf("\nhash %s\n", word_text(o, "hash"));
}

static void
put_number(struct sheet *s, const char *name, const json_t *o,
	const char *key)
{
	if (word_number(o, key) == 0)
		return;
	sheet_put(s, "%s", name);
	sheet_put(s, INT, word_number(o, key));
}

static void
put_when(struct sheet *s, const char *name, const json_t *o, const char *key)
{
	if (word_number(o, key) > 0)
		sheet_fact(s, name, word_time(o, key, &s->arena));
}

int
show_delivery(const json_t *answer)
{
	static const struct column columns[] = { { 0 }, { 0 } };
	static const struct {
		const char *key, *name;
	} texts[] = {
		{ "target", "target" }, { "action", "action" },
		{ "subject", "subject" }, { "title", "title" },
		{ "state", "state" }, { "error", "why" }, { "key", "key" },
		{ "there", "is there as" }, { "sent_hash", "hash sent" },
		{ "unseen", "not shown" },
	};
	const json_t *o = json_object_get(answer, "delivery");
	CLEANUP(sheet_done) struct sheet s = SHEET_INIT(columns);
	struct terminal t;

	terminal_get(&t);
	t.width = 0;
	put_number(&s, "id", o, "id");
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		sheet_fact(&s, texts[i].name, word_text(o, texts[i].key));
	put_number(&s, "tries", o, "tries");
	put_number(&s, "requests", o, "sent");
	put_number(&s, "last answer", o, "status");
	put_when(&s, "planned", o, "created");
	put_when(&s, "first sent", o, "started");
	put_when(&s, "next try", o, "due");
	put_when(&s, "settled", o, "settled");
	sheet_print(&s, &t);
	terminal_note(&t, STYLE_BAD, word_text(answer, "note"));
	print_request(o);
	return json_is_false(json_object_get(answer, "healthy")) ? 1 : 0;
}

/* ---- what was changed ---- */

int
show_changed(const json_t *answer)
{
	json_int_t n = word_number(answer, "changed");
	struct terminal t;

	terminal_get(&t);
	printf("%s: " INT ".\n", word_text(answer, "what"), n);
	terminal_note(&t, STYLE_QUIET, word_text(answer, "note"));
	return 0;
}

int
show_login(const json_t *answer)
{
	struct terminal t;

	terminal_get(&t);
	puts("Done: the target has its token.");
	terminal_note(&t, STYLE_QUIET, word_text(answer, "note"));
	return 0;
}

/* ---- targets ---- */

/* What is wrong now, then what will be, then what was. */
static const char *
why_of(const json_t *target)
{
	static const char *const keys[] = { "why", "todo", "error" };

	for (size_t i = 0; i < COUNT_OF(keys); i++)
		if (word_text(target, keys[i])[0])
			return word_text(target, keys[i]);
	return "";
}

int
show_targets(const json_t *answer)
{
	static const struct column columns[] = {
		{ .title = "NAME" }, { .title = "TYPE" }, { .title = "STATE" },
		{ .title = "WAITS", .right = true },
		{ .title = "DONE", .right = true },
		{ .title = "FAILED", .right = true },
		{ .title = "LAST DONE" }, { .title = "WHY", .shrinks = true },
	};
	CLEANUP(sheet_done) struct sheet s = SHEET_INIT(columns);
	const char *held = word_text(answer, "held");
	const json_t *one;
	struct terminal t;
	size_t i;

	terminal_get(&t);
	if (held[0]) {
		terminal_put(&t, STYLE_BAD, slice_str(held));
		putchar('\n');
		terminal_note(&t, STYLE_QUIET, word_text(answer, "hint"));
		putchar('\n');
	}
	json_array_foreach(json_object_get(answer, "targets"), i, one) {
		sheet_put(&s, "%s", word_text(one, "name"));
		sheet_put(&s, "%s", word_text(one, "type"));
		sheet_put(&s, "%s", word_text(one, "state"));
		sheet_put(&s, INT, word_number(one, "waits"));
		sheet_put(&s, INT, word_number(one, "done"));
		sheet_put(&s, INT, word_number(one, "failed"));
		sheet_put(&s, "%s", word_time(one, "last", &s.arena));
		sheet_put(&s, "%s", why_of(one));
	}
	sheet_print(&s, &t);
	return json_is_false(json_object_get(answer, "healthy")) ? 1 : 0;
}

/* ---- preview ---- */

int
show_preview(const json_t *answer)
{
	const json_t *one;
	struct terminal t;
	size_t i;

	terminal_get(&t);
	json_array_foreach(json_object_get(answer, "previews"), i, one) {
		if (i > 0)
			putchar('\n');
		terminal_put(&t, STYLE_HEAD, slice_str(word_text(one,
			"target")));
		printf(": %s, %s", word_text(one, "action"),
			word_text(one, "state"));
		if (word_number(one, "id") > 0)
			printf(" (delivery " INT ")", word_number(one, "id"));
		putchar('\n');
		terminal_note(&t, STYLE_QUIET, word_text(one, "why"));
		if (!word_text(one, "why")[0] && !word_text(one, "request")[0])
			terminal_note(&t, STYLE_QUIET,
				"This target takes it and sends nothing.");
		print_request(one);
	}
	if (i == 0)
		puts("No target would be sent anything.");
	return 0;
}

/* ---- the hub ---- */

int
show_subscribers(const json_t *answer)
{
	static const struct column columns[] = {
		{ .title = "TOPIC", .shrinks = true },
		{ .title = "CALLBACK", .shrinks = true },
		{ .title = "UNTIL" }, { .title = "SIGNED" },
		{ .title = "FAILING", .right = true },
		{ .title = "WHY", .shrinks = true },
	};
	CLEANUP(sheet_done) struct sheet s = SHEET_INIT(columns);
	const json_t *list = json_object_get(answer, "subscribers"), *one;
	struct terminal t;
	size_t i;

	terminal_get(&t);
	if (json_array_size(list) == 0) {
		puts("Nobody has subscribed.");
		return 0;
	}
	json_array_foreach(list, i, one) {
		sheet_put(&s, "%s", word_text(one, "topic"));
		sheet_put(&s, "%s", word_text(one, "callback"));
		sheet_put(&s, "%s", word_time(one, "expires", &s.arena));
		sheet_put(&s, "%s", json_is_true(json_object_get(one,
			"signed")) ? "yes" : "no");
		sheet_put(&s, INT, word_number(one, "tries"));
		sheet_put(&s, "%s", word_text(one, "error"));
	}
	sheet_print(&s, &t);
	print_cut(answer);
	return 0;
}

int
show_hub(const json_t *answer)
{
	static const struct column columns[] = { { 0 }, { 0 } };
	static const struct {
		const char *key, *name;
	} numbers[] = {
		{ "topics", "topics with subscribers" },
		{ "subscriptions", "subscriptions" },
		{ "max", "at most" },
		{ "pending", "waiting to be verified" },
		{ "running", "updates on their way" },
		{ "failing", "subscribers tried again" },
	};
	CLEANUP(sheet_done) struct sheet s = SHEET_INIT(columns);
	const json_t *o = json_object_get(answer, "hub");
	struct terminal t;

	terminal_get(&t);
	sheet_fact(&s, "address", word_text(o, "url")[0] ?
		word_text(o, "url") : "none: hub.serve is no");
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		sheet_put(&s, "%s", numbers[i].name);
		sheet_put(&s, INT, word_number(o, numbers[i].key));
	}
	sheet_fact(&s, "hubs elsewhere", word_list(json_object_get(o,
		"elsewhere"), &s.arena));
	sheet_print(&s, &t);
	return 0;
}
