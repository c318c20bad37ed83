/*
 * Fuzz target: a title of any bytes through the series parser.
 *
 * What it finds is in the title, and parsing what an entry shows of it finds
 * the same: a title does not drift from one edit to the next.
 */
#include "base/fold.h"
#include "base/utf8.h"
#include "series/series.h"
#include "series/title.h"
#include "fuzz.h"

static void
check_mark(struct slice title, const struct mark *m)
{
	if (m->strength == MARK_NONE) {
		CHECK(slice_eq(m->headline, title));
		CHECK(m->name.len == 0 && m->key.len == 0);
		return;
	}
	CHECK(m->name.len > 0 && m->key.len > 0);
	CHECK(slice_find(title, m->name, 0) >= 0);
	CHECK(slice_find(title, m->label, 0) >= 0);
	CHECK(slice_ends(title, m->headline));
	CHECK(m->number >= 0 && m->number <= 200);
	CHECK(m->total == 0 || m->total >= m->number);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena a = { 0 };
	struct slice input = slice((const char *)bytes, len);
	struct slice title = fold_title(input, &a);
	struct slice shown, again;
	struct mark m, n;

	title_parse(title, &a, &m, &shown, NULL);
	/* Readers let only UTF-8 through; the rest must not crash. */
	if (!utf8_valid(input)) {
		arena_done(&a);
		return 0;
	}
	check_mark(title, &m);
	title_parse(shown, &a, &n, &again, NULL);
	if (shown.len <= ARTICLE_TITLE_MAX) {
		CHECK(slice_eq(shown, again));
		CHECK(m.number == n.number && slice_eq(m.key, n.key));
	}
	arena_done(&a);
	return 0;
}
