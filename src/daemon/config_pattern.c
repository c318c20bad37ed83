/*
 * Regular expressions of the configuration, compiled once.
 */
#include "base/utf8.h"
#include "daemon/config_pattern.h"

/* What follows a backslash or a doubled quote: how many characters. */
static unsigned
skip_escape(struct slice *source)
{
	int32_t c = utf8_next(source);
	unsigned hex = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;

	*source = slice_from(*source, hex);
	return 1 + hex;
}

/*
 * How many characters of the file it took to write the first `at` bytes of a
 * text: quotes, and what is escaped in them, take more.
 */
static unsigned
written_width(struct slice source, const struct node *n, size_t at)
{
	struct slice left = slice(n->text.ptr, at);
	int32_t quote = n->plain ? 0 : utf8_next(&source);
	unsigned width = quote ? 1 : 0;

	while (utf8_next(&left) >= 0) {
		int32_t c = utf8_next(&source);

		if (quote == c || (quote == '"' && c == '\\'))
			width += skip_escape(&source);
		width++;
	}
	return width;
}

/* The place of the byte; a text over several lines keeps its first. */
static struct place
place_of(const struct node *n, size_t at)
{
	struct place place = n->at;
	struct slice source = place_text(&n->at);
	size_t width = written_width(source, n, MIN(at, n->text.len));

	if (width < utf8_count(source)) {
		place.column += (unsigned)width;
		place.width = 1;
	}
	return place;
}

static void
read_one(struct setting_reader *r, const struct node *n, struct patterns *ret)
{
	struct err e = { 0 };
	struct place place;
	size_t at;

	if (n->kind != NODE_TEXT) {
		setting_wrong_kind(r, n, "a regular expression");
		return;
	}
	if (n->text.len == 0) {
		fault_add(r->faults, &n->at, "the regular expression is "
			"empty");
		return;
	}
	ret->list = ARENA_GROW(r->a, ret->list, ret->n);
	if (pattern_compile(n->text, r->a, &ret->list[ret->n], &at, &e) == 0) {
		ret->n++;
		return;
	}
	place = place_of(n, at);
	fault_add_err(r->faults, &place, &e);
}

void
config_patterns_read(struct setting_reader *r, const struct node *n,
	struct patterns *ret)
{
	size_t count = 0;

	if (!n)
		return;
	if (n->kind != NODE_LIST) {
		read_one(r, n, ret);
		return;
	}
	if (!n->first)
		fault_add(r->faults, &n->at, "the list is empty");
	for (n = n->first; n; n = n->next) {
		if (count++ == CONFIG_PATTERNS_MAX) {
			fault_add(r->faults, &n->at, "too many regular "
				"expressions: at most %d",
				CONFIG_PATTERNS_MAX);
			return;
		}
		read_one(r, n, ret);
	}
}
