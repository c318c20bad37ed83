/*
 * Fuzz target: a regular expression (the first line) over a text (the rest),
 * as a topic's rule, as a series' match, and as what is never in one.
 *
 * Whatever both are: it ends soon, what it finds is in the text, and the same
 * search finds the same again.
 */
#include "base/fold.h"
#include "base/utf8.h"
#include "series/rule.h"
#include "series/series.h"
#include "fuzz.h"

static void
check_inside(struct slice text, struct slice found)
{
	if (found.ptr)
		CHECK(found.ptr >= text.ptr &&
			found.ptr + found.len <= text.ptr + text.len);
}

static void
check_search(const struct pattern *p, struct slice text)
{
	struct pattern_hit hit, again;
	enum pattern_result r = pattern_search(p, text, &hit);

	CHECK(pattern_search(p, text, &again) == r);
	if (r != PATTERN_HIT || text.len == 0)
		return;
	CHECK(hit.whole.ptr == again.whole.ptr &&
		hit.whole.len == again.whole.len);
	check_inside(text, hit.whole);
	check_inside(text, hit.part);
	check_inside(text, hit.headline);
}

/* The whole way: a channel of each kind with the pattern, an article. */
static void
check_article(const struct pattern *p, struct slice text, struct arena *a)
{
	const struct pattern *list[] = { p };
	struct rule rule = { .kind = RULE_BODY_MATCHES,
		.patterns = { list, 1 } };
	struct channel channels[] = {
		{ .kind = CHANNEL_SERIES, .name = S("Name"), .key = S("name"),
			.parts = { list, 1 } },
		{ .kind = CHANNEL_SERIES, .name = S("No"), .key = S("no"),
			.never = { list, 1 } },
		{ .kind = CHANNEL_TOPIC, .key = S("t"), .match = &rule },
	};
	struct config c = { .channels = channels, .n_channels = 3 };
	struct article art = { .title = fold_title(text, a), .text = text };

	series_mark_article(&c, S("a.txt"), &art, a);
	CHECK(art.n_topics == (pattern_search(p, text, NULL) ==
		PATTERN_HIT));
	CHECK(art.mark.number >= 0);
	CHECK((art.mark.strength == MARK_NONE) == (art.mark.key.len == 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena a = { 0 };
	struct slice text = slice((const char *)bytes, len), line;
	const struct pattern *p;
	struct err e = { 0 };
	size_t at;

	if (slice_next_line(&text, &line) &&
		pattern_compile(line, &a, &p, &at, &e) == 0) {
		check_search(p, text);
		check_article(p, text, &a);
	} else {
		CHECK(len == 0 || at <= line.len);
	}
	arena_done(&a);
	return 0;
}
