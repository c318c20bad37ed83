/*
 * gazettectl status: is it well, then what an editor asks: which parts are
 * missing, which files were set aside and why.
 */
#include <stdio.h>

#include "ctl/show.h"
#include "ctl/table.h"
#include "ctl/words.h"

/* A row of facts: its name and a printf'ed text. */
#define FACT(sheet, name, ...) \
	(sheet_put((sheet), "  %s", (name)), sheet_put((sheet), __VA_ARGS__))

#define INT "%" JSON_INTEGER_FORMAT

static void
print_verdict(const struct terminal *t, const json_t *answer, bool healthy)
{
	const char *version = word_text(answer, "version");

	printf("gazetted%s%s: ", version[0] ? " " : "", version);
	terminal_put(t, healthy ? STYLE_GOOD : STYLE_BAD,
		slice_str(word_text(answer, "summary")));
	printf("\n\n");
}

/* What is read but not shown, and what is deleted but still is. */
static void
put_waits(struct sheet *s, const json_t *answer)
{
	const json_t *held = json_object_get(answer, "held");
	json_int_t waiting = word_number(answer, "embargoed");
	json_int_t guard = word_number(held, "guard");
	json_int_t ask = word_number(held, "ask");

	if (word_number(answer, "drafts") > 0)
		FACT(s, "drafts", INT, word_number(answer, "drafts"));
	if (waiting > 0)
		FACT(s, "embargoed", INT "; the next is released %s", waiting,
			word_time(answer, "next_release", &s->arena));
	if (guard + ask > 0)
		FACT(s, "deletions held", INT " (" INT " as too many at "
			"once); \"gazettectl confirm\" carries them out",
			guard + ask, guard);
}

/* Who is told, and how much of it is still to do. */
static void
put_pushing(struct sheet *s, const json_t *list)
{
	json_int_t waits = 0, failed = 0;
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one) {
		waits += word_number(one, "waits");
		failed += word_number(one, "failed");
	}
	if (i > 0)
		FACT(s, "targets", "%zu; deliveries: " INT " waiting, " INT
			" failed or unclear", i, waits, failed);
}

static void
print_facts(const struct terminal *t, const json_t *answer)
{
	static const struct column columns[] = { { 0 }, { .shrinks = true } };
	CLEANUP(sheet_done) struct sheet s = SHEET_INIT(columns);
	const json_t *watch = json_object_get(answer, "watch");
	struct arena *a = &s.arena;

	FACT(&s, "address", "%s", word_list(json_object_get(answer,
		"address"), a));
	FACT(&s, "state", "%s for %s%s", word_text(answer, "state"),
		word_span(word_number(answer, "uptime_s"), a),
		json_is_true(json_object_get(answer, "reconciled")) ? "" :
		", not everything has been compared yet");
	FACT(&s, "articles", INT ", from " INT " files; " INT " withdrawn",
		word_number(answer, "articles"), word_number(answer, "files"),
		word_number(answer, "withdrawn"));
	put_waits(&s, answer);
	FACT(&s, "feeds", INT, word_number(answer, "feeds"));
	FACT(&s, "waiting", INT " files to read or feeds to publish",
		word_number(answer, "dirty"));
	put_pushing(&s, json_object_get(json_object_get(answer, "pushing"),
		"targets"));
	FACT(&s, "watching", INT " directories; " INT " overflows; " INT
		" files passed over", word_number(watch, "dirs"),
		word_number(watch, "overflows"),
		word_number(watch, "passed_over"));
	sheet_print(&s, t);
}

static void
print_series(const struct terminal *t, const json_t *list)
{
	static const struct column columns[] = {
		{ .title = "SERIES", .shrinks = true },
		{ .title = "PARTS" }, { .title = "MISSING" },
	};
	CLEANUP(sheet_done) struct sheet s = SHEET_INIT(columns);
	const json_t *one;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	json_array_foreach(list, i, one) {
		sheet_put(&s, "%s", word_text(one, "title"));
		sheet_put(&s, "%s", word_ranges(json_object_get(one, "parts"),
			&s.arena));
		sheet_put(&s, "%s", word_ranges(json_object_get(one,
			"missing"), &s.arena));
	}
	putchar('\n');
	sheet_print(&s, t);
}

/* Directories that the kernel tells nothing of, and why. */
static void
print_polled(const struct terminal *t, const json_t *list)
{
	static const struct column columns[] = {
		{ .title = "POLLED", .shrinks = true }, { .title = "WHY" },
	};
	CLEANUP(sheet_done) struct sheet s = SHEET_INIT(columns);
	const json_t *one;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	json_array_foreach(list, i, one) {
		sheet_put(&s, "%s", word_text(one, "dir"));
		sheet_put(&s, "%s", word_text(one, "why"));
	}
	putchar('\n');
	sheet_print(&s, t);
}

/* Not a table: reasons and hints are sentences, which are not to be cut. */
static void
print_aside(const struct terminal *t, const json_t *list)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	const json_t *one;
	size_t i;

	if (json_array_size(list) > 0)
		terminal_head(t, S("SET ASIDE"));
	json_array_foreach(list, i, one) {
		terminal_put(t, STYLE_BAD, slice_str(word_text(one, "path")));
		printf("  since %s\n", word_time(one, "since", &a));
		terminal_note(t, STYLE_PLAIN, word_text(one, "why"));
		terminal_note(t, STYLE_QUIET, word_text(one, "hint"));
	}
}

int
show_status(const json_t *answer)
{
	const json_t *watch = json_object_get(answer, "watch");
	bool healthy = json_is_true(json_object_get(answer, "healthy"));
	struct terminal t;

	terminal_get(&t);
	print_verdict(&t, answer, healthy);
	print_facts(&t, answer);
	print_series(&t, json_object_get(answer, "series"));
	show_near(&t, json_object_get(answer, "near"));
	print_polled(&t, json_object_get(watch, "polled"));
	print_aside(&t, json_object_get(answer, "aside"));
	return healthy ? 0 : 1;
}
