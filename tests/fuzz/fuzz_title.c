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

/* Words of a series that are neither name nor part: see series_name.h. */
static const struct slice dropped[] = {
	S_INIT("系列报道"), S_INIT("系列報道"), S_INIT("系列"),
	S_INIT("连载"), S_INIT("連載"),
};

static bool
is_letter(int32_t c)
{
	return !title_is_bar(c) && (utf8_is_alnum(c) || utf8_is_han(c));
}

static size_t
count_letters(struct slice s)
{
	size_t n = 0;
	int32_t c;

	while ((c = utf8_next(&s)) >= 0)
		n += is_letter(c);
	return n;
}

/*
 * Name, label and headline follow one another, and what is between them has no
 * letter: no word of a title is lost.
 */
static void
check_nothing_lost(struct slice title, const struct mark *m)
{
	/* The parser's copy of the title ends where its headline does. */
	const char *end = m->headline.ptr + m->headline.len;
	const char *start = end - title.len;
	const char *name_end = m->name.ptr + m->name.len;
	struct slice between = slice(name_end,
		(size_t)(m->label.ptr - name_end));
	const char *label_end = m->label.ptr + m->label.len;

	CHECK(m->name.ptr >= start && name_end <= m->label.ptr);
	CHECK(label_end <= m->headline.ptr);
	CHECK(slice_eq(slice(start, title.len), title));
	CHECK(count_letters(slice(start,
		(size_t)(m->name.ptr - start))) == 0);
	CHECK(count_letters(slice(label_end,
		(size_t)(m->headline.ptr - label_end))) == 0);
	for (size_t i = 0; i < COUNT_OF(dropped); i++)
		if (slice_starts(slice_trim(between), dropped[i]))
			return;
	CHECK(count_letters(between) == 0);
}

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
	CHECK(m->season >= 0 && m->season <= 200);
	check_nothing_lost(title, m);
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
