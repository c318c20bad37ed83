/*
 * The second opinion on documents: each format whole, and damaged in every way
 * that a disk, a person or a bug could.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/compress.h"
#include "verify/bytes.h"
#include "verify/compare.h"

enum { MAY_14 = 1715644800, DAY = 86400 };

#define ATOM_HEAD "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" \
	"<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:fh=" \
	"\"http://purl.org/syndication/history/1.0\" xmlns:at=" \
	"\"http://purl.org/atompub/tombstones/1.0\">" \
	"<id>tag:feed</id><title>T</title><author><name>N</name></author>" \
	"<link rel=\"self\" href=\"https://e.f/a?b&amp;c\"/>"
#define ATOM_ENTRY(id, day) "<entry><id>" id "</id><title>x</title>" \
	"<published>2024-05-" day "T00:00:00Z</published>" \
	"<updated>2024-05-" day "T08:00:00+08:00</updated>" \
	"<link rel=\"self\" href=\"https://no\"/>" \
	"<content type=\"html\">&lt;p&gt;x</content></entry>"

static const char atom[] = ATOM_HEAD "<fh:complete/>"
	ATOM_ENTRY("tag:b", "15") ATOM_ENTRY("tag:a", "14") "</feed>";

static const char rss[] = "<rss version=\"2.0\" xmlns:atom="
	"\"http://www.w3.org/2005/Atom\" xmlns:fh="
	"\"http://purl.org/syndication/history/1.0\"><channel>"
	"<title>T</title><link>https://e.f/</link><atom:link rel=\"self\" "
	"href=\"https://e.f/a?b&amp;c\"/><fh:complete/>"
	"<item><guid isPermaLink=\"false\">tag:b</guid>"
	"<pubDate>Wed, 15 May 2024 00:00:00 GMT</pubDate></item>"
	"<item><guid isPermaLink=\"false\">tag:a</guid>"
	"<pubDate>Tue, 14 May 2024 00:00:00 GMT</pubDate></item>"
	"</channel></rss>";

static const char json[] = "{\"version\":\"https://jsonfeed.org/version/1.1\","
	"\"title\":\"T\",\"feed_url\":\"https://e.f/a?b&c\",\"items\":["
	"{\"id\":\"tag:b\",\"date_published\":\"2024-05-15T00:00:00Z\"},"
	"{\"id\":\"tag:a\",\"date_published\":\"2024-05-14T00:00:00Z\","
	"\"date_modified\":\"2024-05-14T00:00:00Z\"}]}";

static const struct {
	const char *ending, *text;
} documents[] = { { "atom", atom }, { "rss", rss }, { "json", json } };

static struct arena arena;
static struct outline outline;
static struct findings findings;
static struct err err;

static int
setup(void **state)
{
	(void)state;
	outline_start();
	return 0;
}

static int
reset(void **state)
{
	(void)state;
	arena_done(&arena);
	findings_done(&findings);
	return 0;
}

static int
read_as(const char *ending, struct slice text)
{
	err = (struct err){ 0 };
	return outline_read(slice_str(ending), text, &arena, &outline, &err);
}

static void
every_format_says_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(documents); i++) {
		assert_int_equal(read_as(documents[i].ending,
			slice_str(documents[i].text)), 0);
		assert_int_equal(outline.n, 2);
		assert_true(slice_eq(outline.list[0].id, S("tag:b")));
		assert_true(slice_eq(outline.list[1].id, S("tag:a")));
		assert_int_equal(outline.list[0].published, MAY_14 + DAY);
		assert_int_equal(outline.list[1].published, MAY_14);
		assert_true(slice_eq(outline.self, S("https://e.f/a?b&c")));
		assert_int_equal(outline.complete, outline.knows_history);
		assert_false(outline.archive);
	}
	assert_int_equal(outline.list[0].updated, OUTLINE_NOT_SAID);
	assert_int_equal(outline.list[1].updated, MAY_14);
}

static void
an_archive_page(void **state)
{
	(void)state;
	assert_int_equal(read_as("atom", S(ATOM_HEAD "<fh:archive/>"
		"<link rel=\"prev-archive\" href=\"https://e.f/1\"/>"
		"<link rel=\"current\" href=\"https://e.f/0\"/>"
		"<at:deleted-entry ref=\"tag:c\" when=\"2024-05-14\"/>"
		"</feed>")), 0);
	assert_true(outline.archive && !outline.complete);
	assert_true(slice_eq(outline.prev, S("https://e.f/1")));
	assert_true(slice_eq(outline.current, S("https://e.f/0")));
	assert_int_equal(outline.n_gone, 1);
	assert_true(slice_eq(outline.gone[0], S("tag:c")));
}

/* Cut at any byte, a document is none; nothing but blanks may follow it. */
static void
cut_documents(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(documents); i++) {
		struct slice whole = slice_str(documents[i].text);

		for (size_t len = 0; len < whole.len; len++) {
			if (read_as(documents[i].ending, slice_sub(whole, 0,
				len)) == 0)
				fail_msg("%s cut at %zu is read",
					documents[i].ending, len);
			assert_true(err.text[0]);
			arena_reset(&arena);
		}
	}
}

struct broken {
	const char *ending, *text, *why;
};

static void
what_is_no_document(void **state)
{
	static const struct broken all[] = {
		{ "atom", "", "" },
		{ "atom", "<html/>", "its root is not <feed>" },
		{ "atom", "<feed/>", "its root is not <feed>" },
		{ "rss", "<feed/>", "its root is not <rss>" },
		{ "atom", "<!DOCTYPE feed [<!ENTITY a \"b\">]>"
			"<feed xmlns=\"http://www.w3.org/2005/Atom\">&a;"
			"</feed>", "it declares a DOCTYPE" },
		{ "atom", ATOM_HEAD "</feed><x/>", "line 2:" },
		{ "atom", ATOM_HEAD "\x01</feed>", "line 2:" },
		{ "atom", ATOM_HEAD "\xff</feed>", "line 2:" },
		{ "atom", ATOM_HEAD "&nbsp;</feed>", "line 2:" },
		{ "rss", "<rss><channel><item></channel></rss>", "line 1:" },
		{ "json", "[]", "it does not say that it is JSON Feed 1.1" },
		{ "json", "{\"version\":\"https://jsonfeed.org/version/1.1\"}",
			"it has no list of items" },
		{ "json", "{\"version\":1,\"version\":2}", "line 1:" },
		{ "json", "{} x", "line 1:" },
		{ "toml", "", "no second parser knows \"toml\"" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		assert_int_equal(read_as(all[i].ending,
			slice_str(all[i].text)), -1);
		if (!slice_starts(slice_str(err.text), slice_str(all[i].why)))
			fail_msg("%s: %s", all[i].text, err.text);
	}
	assert_int_equal(outline_check_xml(S("<a>&amp;</a>"), &err), 0);
	assert_int_equal(outline_check_xml(S("<a>&</a>"), &err), -1);
}

/* ---- against the store ---- */

static struct entry stored[] = {
	{ .uid = S_INIT("tag:b"), .path = S_INIT("b.txt"),
		.published = MAY_14 + DAY, .updated = MAY_14 + DAY },
	{ .uid = S_INIT("tag:a"), .path = S_INIT("a.txt"),
		.published = MAY_14, .updated = MAY_14 },
};

/* Compare an Atom document with the two entries; all findings, a line each. */
static const char *
compared(const char *text)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(1 << 20);
	const struct feed feed = { .list = stored, .n = COUNT_OF(stored) };
	const struct wanted w = { .place = S("feeds/all.atom"),
		.hint = S("Do it."), .feed = &feed, .complete = true,
		.self = S("https://e.f/a?b&c"), .current = S(""),
		.prev = S("") };

	findings_done(&findings);
	if (read_as("atom", slice_str(text)) < 0)
		fail_msg("%s", err.text);
	compare_outline(&outline, &w, &findings);
	for (size_t i = 0; i < findings.n; i++) {
		assert_true(slice_eq(findings.list[i].place, w.place));
		assert_true(slice_eq(findings.list[i].hint, w.hint));
		buf_printf(&b, "%.*s\n", ARG(findings.list[i].what));
	}
	return arena_copy(&arena, buf_slice(&b)).ptr;
}

static void
differences(void **state)
{
	(void)state;
	assert_string_equal(compared(atom), "");
	assert_string_equal(compared(ATOM_HEAD "<fh:complete/>"
		ATOM_ENTRY("tag:a", "14") "</feed>"),
		"it has 1 entries, and by the store 2\n"
		"the entry \"tag:b\" (b.txt) is not there\n");
	assert_string_equal(compared(ATOM_HEAD "<fh:complete/>"
		ATOM_ENTRY("tag:b", "15") ATOM_ENTRY("tag:x", "14") "</feed>"),
		"the entry \"tag:a\" (a.txt) is not there\n"
		"the entry \"tag:x\" does not belong there\n");
	assert_string_equal(compared(ATOM_HEAD "<fh:complete/>"
		ATOM_ENTRY("tag:a", "14") ATOM_ENTRY("tag:b", "15") "</feed>"),
		"the order differs: \"tag:a\" stands where \"tag:b\" belongs\n"
		"the entry \"tag:a\" stands before a newer one\n");
	assert_string_equal(compared(ATOM_HEAD "<fh:complete/>"
		ATOM_ENTRY("tag:b", "15") ATOM_ENTRY("tag:a", "14")
		ATOM_ENTRY("tag:a", "14") "</feed>"),
		"it has 3 entries, and by the store 2\n"
		"the entry \"tag:a\" is there twice\n");
	assert_string_equal(compared(ATOM_HEAD "<fh:complete/>"
		ATOM_ENTRY("tag:b", "16") ATOM_ENTRY("tag:a", "xx") "</feed>"),
		"the entry \"tag:b\" was published at 2024-05-16T00:00:00Z, "
		"and by the store at 2024-05-15T00:00:00Z\n"
		"the entry \"tag:a\" has no valid date published\n");
	assert_string_equal(compared(ATOM_HEAD "<fh:complete/>"
		"<entry/>" ATOM_ENTRY("tag:b", "15") "</feed>"),
		"entry 1 has no id\n"
		"the entry \"tag:a\" (a.txt) is not there\n"
		"the entry \"\" stands before a newer one\n");
}

static void
differences_of_history(void **state)
{
	(void)state;
	assert_string_equal(compared(ATOM_HEAD "<fh:archive/>"
		"<link rel=\"self\" href=\"https://x\"/>"
		"<link rel=\"current\" href=\"https://y\"/>"
		"<at:deleted-entry ref=\"tag:a\"/>"
		ATOM_ENTRY("tag:b", "15") ATOM_ENTRY("tag:a", "14") "</feed>"),
		"its link \"self\" leads to \"https://x\", not to "
		"\"https://e.f/a?b&c\"\n"
		"it has a link \"current\" to \"https://y\", where nothing "
		"is\n"
		"it does not say that it is complete\n"
		"it says that it is an archive, and is not\n"
		"the entry \"tag:a\" is there, and called deleted\n");
}

/* A million wrong entries are a few lines, and no quadratic work. */
static void
many_differences(void **state)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(1 << 26);
	const char *said;

	(void)state;
	buf_put_str(&b, ATOM_HEAD "<fh:complete/>");
	for (int i = 0; i < 100000; i++)
		buf_printf(&b, "<entry><id>x%d</id></entry>", i);
	buf_put_str(&b, "</feed>");
	said = compared(b.ptr);
	assert_true(strlen(said) < 2000);
	assert_non_null(strstr(said, "and 99995 more entries do not belong "
		"there"));
	for (int i = 0; i < 2 * FINDINGS_MAX; i++)
		findings_add(&findings, S("p"), S("h"), "%d", i);
	assert_int_equal(findings.n, FINDINGS_MAX);
	assert_int_equal(findings.n + findings.dropped, 2 * FINDINGS_MAX +
		9);
}

/* ---- the bytes ---- */

static struct document *
document_of(struct slice plain, struct slice gzip, struct slice brotli)
{
	const struct slice bodies[] = { plain, gzip, brotli };
	struct document *d = document_new();

	for (int c = 0; c < CODING_COUNT; c++) {
		char *copy = x_malloc(bodies[c].len + 1);

		memcpy(copy, bodies[c].ptr, bodies[c].len);
		if (bodies[c].len > 0)
			document_set_body(d, (enum coding)c, copy,
				bodies[c].len);
		else
			free(copy);
	}
	return d;
}

/* The one finding, or "". */
static const char *
checked(struct slice plain, struct slice gzip, struct slice brotli,
	const char *etag)
{
	struct document *d = document_of(plain, gzip, brotli);

	findings_done(&findings);
	bytes_check(d, etag, S("p"), S("h"), &findings);
	document_unref(d);
	assert_in_range(findings.n, 0, 1);
	return findings.n ? findings.list[0].what.ptr : "";
}

static void
bytes(void **state)
{
	CLEANUP(buf_done) struct buf gzip = BUF_INIT(1 << 16);
	CLEANUP(buf_done) struct buf brotli = BUF_INIT(1 << 16);
	struct slice text = slice_str(atom), none = S("");
	struct slice z, br;
	char etag[HASH_HEX + 1];

	(void)state;
	hash128_hex(text, etag);
	gzip_put(&gzip, text);
	brotli_put(&brotli, text, BROTLI_QUICK);
	z = buf_slice(&gzip);
	br = buf_slice(&brotli);
	assert_string_equal(checked(text, z, br, etag), "");
	assert_string_equal(checked(text, z, none, etag), "");
	assert_string_equal(checked(text, none, br, etag),
		"its gzip copy is not there");
	assert_non_null(strstr(checked(text, slice_sub(z, 0, z.len - 1), br,
		etag), "its gzip copy unpacks"));
	assert_non_null(strstr(checked(text, z, z, etag),
		"its brotli copy unpacks"));
	assert_non_null(strstr(checked(text, z, br, "0123"),
		"what was published 0123"));
	/* So short that it was not compressed. */
	hash128_hex(S("<a/>"), etag);
	assert_string_equal(checked(S("<a/>"), none, none, etag), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(every_format_says_the_same, reset),
		cmocka_unit_test_teardown(an_archive_page, reset),
		cmocka_unit_test_teardown(cut_documents, reset),
		cmocka_unit_test_teardown(what_is_no_document, reset),
		cmocka_unit_test_teardown(differences, reset),
		cmocka_unit_test_teardown(differences_of_history, reset),
		cmocka_unit_test_teardown(many_differences, reset),
		cmocka_unit_test_teardown(bytes, reset),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
