/*
 * gazettectl feeds, feed, rebuild and verify: what is published, who reads it,
 * and whether it is what it should be.
 */
#include <stdio.h>

#include "ctl/show.h"
#include "ctl/table.h"
#include "ctl/words.h"

#define INT "%" JSON_INTEGER_FORMAT

/* ---- feeds ---- */

int
show_feeds(const json_t *answer)
{
	static const struct column columns[] = {
		{ .title = "KIND" }, { .title = "TITLE", .shrinks = true },
		{ .title = "ENTRIES", .right = true },
		{ .title = "SIZE", .right = true },
		{ .title = "READERS", .right = true }, { .title = "CHANGED" },
		{ .title = "FORMATS" }, { .title = "PATH", .shrinks = true },
	};
	CLEANUP(sheet_done) struct sheet s = SHEET_INIT(columns);
	const json_t *feed;
	struct terminal t;
	size_t i;

	terminal_get(&t);
	json_array_foreach(json_object_get(answer, "feeds"), i, feed) {
		sheet_put(&s, "%s", word_text(feed, "kind"));
		sheet_put(&s, "%s", word_text(feed, "title"));
		sheet_put(&s, INT, word_number(feed, "entries"));
		sheet_put(&s, "%s", word_size(feed, "bytes", &s.arena));
		sheet_put(&s, INT, word_number(feed, "readers"));
		sheet_put(&s, "%s", word_time(feed, "mtime", &s.arena));
		sheet_put(&s, "%s", word_list(json_object_get(feed,
			"formats"), &s.arena));
		sheet_put(&s, "%s", word_text(feed, "path"));
	}
	sheet_print(&s, &t);
	return 0;
}

/* ---- feed ---- */

static const char *
state_of(const json_t *feed)
{
	if (!json_is_true(json_object_get(feed, "published")))
		return "it is being published";
	return json_is_true(json_object_get(feed, "archived")) ?
		"published, with an archive" : "published";
}

static void
print_facts(const struct terminal *t, const json_t *feed)
{
	static const struct column columns[] = { { 0 }, { 0 } };
	static const char *const texts[] = { "title", "kind", "access",
		"slug", "id", "page" };
	CLEANUP(sheet_done) struct sheet s = SHEET_INIT(columns);

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		sheet_fact(&s, texts[i], word_text(feed, texts[i]));
	sheet_put(&s, "entries");
	sheet_put(&s, INT, word_number(feed, "entries"));
	sheet_fact(&s, "changed", word_time(feed, "mtime", &s.arena));
	sheet_fact(&s, "state", state_of(feed));
	sheet_print(&s, t);
}

static void
print_documents(const struct terminal *t, const json_t *list)
{
	static const struct column columns[] = {
		{ .title = "FORMAT" }, { .title = "SIZE", .right = true },
		{ .title = "GZIP", .right = true },
		{ .title = "BROTLI", .right = true }, { .title = "CHANGED" },
		{ .title = "ETAG" }, { .title = "ADDRESS" },
	};
	CLEANUP(sheet_done) struct sheet s = SHEET_INIT(columns);
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one) {
		sheet_put(&s, "%s", word_text(one, "format"));
		sheet_put(&s, "%s", word_size(one, "bytes", &s.arena));
		sheet_put(&s, "%s", word_size(one, "gzip", &s.arena));
		sheet_put(&s, "%s", word_size(one, "brotli", &s.arena));
		sheet_put(&s, "%s", word_time(one, "mtime", &s.arena));
		sheet_put(&s, "%s", word_text(one, "etag"));
		sheet_put(&s, "%s", word_text(one, "url"));
	}
	putchar('\n');
	sheet_print(&s, t);
}

static void
print_archive(const struct terminal *t, const json_t *list)
{
	static const struct column columns[] = {
		{ .title = "ARCHIVE PAGE", .right = true },
		{ .title = "SIZE", .right = true }, { .title = "CHANGED" },
		{ .title = "ADDRESS" },
	};
	CLEANUP(sheet_done) struct sheet s = SHEET_INIT(columns);
	const json_t *one;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	json_array_foreach(list, i, one) {
		sheet_put(&s, INT, word_number(one, "page"));
		sheet_put(&s, "%s", word_size(one, "bytes", &s.arena));
		sheet_put(&s, "%s", word_time(one, "mtime", &s.arena));
		sheet_put(&s, "%s", word_text(one, "url"));
	}
	putchar('\n');
	sheet_print(&s, t);
}

static void
print_readers(const struct terminal *t, const json_t *list)
{
	static const struct column columns[] = {
		{ .title = "READER" }, { .title = "FORMAT" },
		{ .title = "SUBSCRIBERS", .right = true },
		{ .title = "REQUESTS", .right = true }, { .title = "LAST" },
	};
	CLEANUP(sheet_done) struct sheet s = SHEET_INIT(columns);
	const json_t *one, *said;
	size_t i;

	if (json_array_size(list) == 0) {
		puts("\nNobody asked for it in the last day.");
		return;
	}
	json_array_foreach(list, i, one) {
		said = json_object_get(one, "subscribers");
		sheet_put(&s, "%s", word_text(one, "agent"));
		sheet_put(&s, "%s", word_text(one, "format"));
		if (json_is_integer(said))
			sheet_put(&s, INT, json_integer_value(said));
		else
			sheet_put(&s, "-");
		sheet_put(&s, INT, word_number(one, "requests"));
		sheet_put(&s, "%s", word_time(one, "last", &s.arena));
	}
	putchar('\n');
	sheet_print(&s, t);
}

int
show_feed(const json_t *answer)
{
	const json_t *feed = json_object_get(answer, "feed");
	struct terminal t;

	terminal_get(&t);
	t.width = 0;	/* an address that was cut is none */
	print_facts(&t, feed);
	print_documents(&t, json_object_get(feed, "documents"));
	print_archive(&t, json_object_get(feed, "archive"));
	print_readers(&t, json_object_get(feed, "readers"));
	return 0;
}

/* ---- rebuild ---- */

int
show_rebuild(const json_t *answer)
{
	json_int_t n = word_number(answer, "documents");

	if (json_is_false(json_object_get(answer, "healthy"))) {
		fprintf(stderr, "gazettectl: " INT " documents cannot be "
			"published: %s\n", word_number(answer, "pending"),
			word_text(answer, "why"));
		return 1;
	}
	/* Only who waited knows what is still to come. */
	if (json_object_get(answer, "pending"))
		printf("Documents that were rendered and published again: "
			INT ".\n", n);
	else
		printf("Documents that are rendered again: " INT "; "
			"\"gazettectl status\" tells when it is done.\n", n);
	return 0;
}

/* ---- verify ---- */

static void
print_findings(const struct terminal *t, const json_t *answer)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(answer, "findings"), i, one) {
		terminal_put(t, STYLE_BAD, slice_str(word_text(one,
			"place")));
		putchar('\n');
		terminal_note(t, STYLE_PLAIN, word_text(one, "what"));
		terminal_note(t, STYLE_QUIET, word_text(one, "hint"));
	}
	if (word_number(answer, "dropped") > 0)
		printf("and " INT " more.\n", word_number(answer, "dropped"));
	if (i > 0)
		putchar('\n');
}

int
show_verify(const json_t *answer)
{
	bool healthy = json_is_true(json_object_get(answer, "healthy"));
	struct terminal t;

	terminal_get(&t);
	print_findings(&t, answer);
	printf("Compared: " INT " documents of " INT " feeds, " INT
		" files.  ", word_number(answer, "documents"),
		word_number(answer, "feeds"), word_number(answer, "files"));
	if (word_number(answer, "busy") > 0)
		printf("Feeds that changed too often to be compared: " INT
			".  ", word_number(answer, "busy"));
	terminal_put(&t, healthy ? STYLE_GOOD : STYLE_BAD, healthy ?
		S("All is as the store says.") : S("There are differences."));
	putchar('\n');
	return healthy ? 0 : 1;
}
