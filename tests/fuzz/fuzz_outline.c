/*
 * Fuzz target: any bytes as a published document, as "gazettectl verify" reads
 * them: the parsers are of others, and what is made of their answers is ours.
 *
 * Either an error with a text, or an outline that can be compared, with
 * findings that can be told in JSON.
 */
#include "base/utf8.h"
#include "verify/compare.h"
#include "fuzz.h"

static struct entry stored[] = {
	{ .uid = S_INIT("tag:b"), .path = S_INIT("b.txt"),
		.published = 1715731200, .updated = 1715731200 },
	{ .uid = S_INIT("tag:a"), .path = S_INIT("a.txt"),
		.published = 1715644800, .updated = 1715644800 },
};

static void
check_findings(const struct findings *f)
{
	for (size_t i = 0; i < f->n; i++) {
		CHECK(f->list[i].what.len > 0);
		CHECK(utf8_valid(f->list[i].what));
	}
}

static void
compare(const struct outline *o)
{
	const struct feed feed = { .list = stored, .n = COUNT_OF(stored) };
	const struct wanted w = { .place = S("feeds/all.atom"),
		.hint = S("Do it."), .feed = &feed, .complete = true,
		.self = S("https://e.f/a"), .current = S(""), .prev = S("") };
	struct findings found = { 0 };

	for (size_t i = 0; i < o->n; i++)
		CHECK(utf8_valid(o->list[i].id));
	compare_outline(o, &w, &found);
	check_findings(&found);
	findings_done(&found);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const char *const endings[] = { "atom", "rss", "json" };
	struct slice input = len ? slice((const char *)bytes, len) : S("");
	struct outline outline;
	struct arena a = { 0 };
	struct err e;

	outline_start();
	for (size_t i = 0; i < COUNT_OF(endings); i++) {
		e = (struct err){ 0 };
		if (outline_read(slice_str(endings[i]), input, &a, &outline,
			&e) < 0)
			CHECK(e.text[0]);
		else
			compare(&outline);
		arena_reset(&a);
	}
	arena_done(&a);
	return 0;
}
