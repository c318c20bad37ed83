/*
 * gazettectl series and explain: what an editor wants to know of a series, and
 * why an article is in it.
 */
#include <stdio.h>

#include "ctl/show.h"
#include "ctl/table.h"
#include "ctl/words.h"

#define INT "%" JSON_INTEGER_FORMAT

static const char *
state_of(const json_t *s, struct arena *a)
{
	json_int_t total = word_number(s, "total");
	const char *state = json_is_true(json_object_get(s, "complete")) ?
		"complete" : "ongoing";

	return total == 0 ? state : arena_printf(a, "%s, " INT " parts",
		state, total).ptr;
}

static void
print_list(const struct terminal *t, const json_t *list)
{
	static const struct column columns[] = {
		{ .title = "SERIES", .shrinks = true },
		{ .title = "PARTS" }, { .title = "MISSING" },
		{ .title = "STATE" }, { .title = "SLUG", .shrinks = true },
	};
	CLEANUP(sheet_done) struct sheet s = SHEET_INIT(columns);
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one) {
		sheet_put(&s, "%s", word_text(one, "title"));
		sheet_put(&s, "%s", word_ranges(json_object_get(one, "parts"),
			&s.arena));
		sheet_put(&s, "%s", word_ranges(json_object_get(one,
			"missing"), &s.arena));
		sheet_put(&s, "%s", state_of(one, &s.arena));
		sheet_put(&s, "%s", word_text(one, "slug"));
	}
	sheet_print(&s, t);
}

/* The texts or the numbers of an array, unless it is empty. */
static void
put_list(struct sheet *s, const char *name, const json_t *list)
{
	if (json_array_size(list) == 0)
		return;
	sheet_fact(s, name, json_is_integer(json_array_get(list, 0)) ?
		word_ranges(list, &s->arena) : word_list(list, &s->arena));
}

static void
print_facts(const struct terminal *t, const json_t *one)
{
	static const struct column columns[] = { { 0 }, { 0 } };
	static const char *const lists[] = { "parts", "missing", "withdrawn",
		"twice", "aliases", "addresses" };
	CLEANUP(sheet_done) struct sheet s = SHEET_INIT(columns);

	sheet_fact(&s, "title", word_text(one, "title"));
	sheet_fact(&s, "slug", word_text(one, "slug"));
	sheet_fact(&s, "state", state_of(one, &s.arena));
	for (size_t i = 0; i < COUNT_OF(lists); i++)
		put_list(&s, lists[i], json_object_get(one, lists[i]));
	sheet_print(&s, t);
}

static void
print_articles(const struct terminal *t, const json_t *list)
{
	static const struct column columns[] = {
		{ .title = "PART", .right = true },
		{ .title = "TITLE", .shrinks = true },
		{ .title = "PUBLISHED" }, { .title = "PATH", .shrinks = true },
	};
	CLEANUP(sheet_done) struct sheet s = SHEET_INIT(columns);
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one) {
		sheet_put(&s, INT, word_number(one, "part"));
		sheet_put(&s, "%s%s", word_text(one, "title"),
			json_is_true(json_object_get(one, "withdrawn")) ?
			" (withdrawn)" : "");
		sheet_put(&s, "%s", word_time(one, "published", &s.arena));
		sheet_put(&s, "%s", word_text(one, "path"));
	}
	putchar('\n');
	sheet_print(&s, t);
}

/* Not a table: what to do is a sentence, which is not to be cut. */
void
show_near(const struct terminal *t, const json_t *list)
{
	const json_t *one;
	size_t i;

	if (json_array_size(list) > 0)
		terminal_head(t, S("NEARLY A PART"));
	json_array_foreach(list, i, one) {
		terminal_put(t, STYLE_BAD, slice_str(word_text(one, "path")));
		printf("  part " INT " of ", word_number(one, "part"));
		terminal_put(t, STYLE_PLAIN, slice_str(word_text(one,
			"series")));
		puts("?");
		terminal_note(t, STYLE_QUIET, word_text(one, "fix"));
	}
}

int
show_series(const json_t *answer)
{
	const json_t *series = json_object_get(answer, "series");
	struct terminal t, uncut;

	terminal_get(&t);
	uncut = t;
	uncut.width = 0;	/* an address that was cut is none */
	if (json_is_array(series)) {
		print_list(&t, series);
		show_near(&t, json_object_get(answer, "near"));
		return 0;
	}
	print_facts(&uncut, series);
	print_articles(&t, json_object_get(answer, "articles"));
	show_near(&t, json_object_get(answer, "near"));
	return 0;
}

/* ---- explain ---- */

static void
put_place(struct sheet *s, const json_t *series)
{
	struct arena *a = &s->arena;

	sheet_fact(s, "series", json_is_object(series) ?
		word_text(series, "title") : "none");
	if (!json_is_object(series))
		return;
	sheet_fact(s, "key", word_text(series, "key"));
	sheet_fact(s, "part", word_number(series, "total") == 0 ?
		arena_printf(a, INT, word_number(series, "part")).ptr :
		arena_printf(a, INT " of " INT, word_number(series, "part"),
		word_number(series, "total")).ptr);
}

int
show_explain(const json_t *answer)
{
	static const struct column columns[] = { { 0 }, { 0 } };
	CLEANUP(sheet_done) struct sheet s = SHEET_INIT(columns);
	const json_t *aside = json_object_get(answer, "aside"), *one;
	struct terminal t;
	size_t i;

	terminal_get(&t);
	t.width = 0;	/* reasons are sentences, which are not to be cut */
	sheet_fact(&s, "path", word_text(answer, "path"));
	sheet_fact(&s, "set aside", word_text(aside, "why"));
	sheet_fact(&s, "hint", word_text(aside, "hint"));
	sheet_fact(&s, "title", word_text(answer, "title"));
	sheet_fact(&s, "headline", word_text(answer, "headline"));
	if (!aside)
		put_place(&s, json_object_get(answer, "series"));
	put_list(&s, "topics", json_object_get(answer, "topics"));
	json_array_foreach(json_object_get(answer, "evidence"), i, one)
		sheet_fact(&s, word_text(one, "by"), word_text(one, "text"));
	sheet_print(&s, &t);
	return 0;
}
