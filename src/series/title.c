/*
 * Titles: glyphs and separators, and the mark made of a marker.
 */
#include "base/fold.h"
#include "base/utf8.h"
#include "series/marker.h"
#include "series/numerals.h"
#include "series/series.h"
#include "series/title.h"

struct slice
title_slice(const struct title *t, size_t from, size_t to)
{
	size_t start = from < t->n ? t->glyphs[from].at : t->text.len;
	size_t end = to < t->n ? t->glyphs[to].at : t->text.len;

	return slice_sub(t->text, start, end);
}

size_t
title_skip_blank(const struct title *t, size_t i)
{
	/* The folding left one blank at most. */
	return title_glyph(t, i) == ' ' ? i + 1 : i;
}

int32_t
title_before(const struct title *t, size_t i)
{
	return title_glyph(t, title_glyph(t, i - 1) == ' ' ? i - 2 : i - 1);
}

bool
title_ends(const struct title *t, size_t i)
{
	return title_skip_blank(t, i) >= t->n;
}

bool
title_is_bar(int32_t c)
{
	return c == '|' || c == 0xff5c || c == 0x2223 || c == 0x2502 ||
		c == 0xffe8 || c == 0x4e28 || c == 0x2758;
}

bool
title_is_colon(int32_t c)
{
	return c == ':' || c == 0xff1a;
}

static bool
is_dash(int32_t c)
{
	return c == 0x2013 || c == 0x2014 || c == 0x2015;
}

static bool
is_dot(int32_t c)
{
	return c == 0xb7 || c == 0x2022 || c == 0x2027 || c == 0x30fb;
}

bool
title_is_open(int32_t c)
{
	return c == '(' || c == 0xff08 || c == '[' || c == 0x3010 ||
		c == 0x3014 || c == 0xff3b;
}

bool
title_is_close(int32_t c)
{
	return c == ')' || c == 0xff09 || c == ']' || c == 0x3011 ||
		c == 0x3015 || c == 0xff3d;
}

bool
title_is_digit(int32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 0xff10 && c <= 0xff19);
}

bool
title_is_han(int32_t c)
{
	return utf8_is_han(c) && !title_is_bar(c);
}

bool
title_is_word(int32_t c)
{
	if (c < 0x80)
		return title_is_digit(c) ||
			((c | 0x20) >= 'a' && (c | 0x20) <= 'z' && c > 0);
	return !utf8_is_han(c) && numeral_sign(c) < 0 && utf8_is_alnum(c);
}

bool
title_begins_word(const struct title *t, size_t i)
{
	return !title_is_word(title_glyph(t, i - 1));
}

size_t
title_word(const struct title *t, size_t i, struct slice word)
{
	for (size_t k = 0; k < word.len; k++)
		if ((title_glyph(t, i + k) | 0x20) != word.ptr[k])
			return 0;
	return (title_glyph(t, i + word.len) | 0x20) >= 'a' &&
		title_is_word(title_glyph(t, i + word.len)) ? 0 : word.len;
}

/*
 * Is the glyph at i a separator?  A hyphen only with blanks around it; a
 * colon or dash between two digits is a time or a span of years.
 */
static bool
is_separator(const struct title *t, size_t i)
{
	int32_t c = title_glyph(t, i);
	int32_t before = title_glyph(t, i - 1), after = title_glyph(t, i + 1);

	if (c == '-')
		return before == ' ' && after == ' ';
	if ((title_is_colon(c) || is_dash(c)) && title_is_digit(before) &&
		title_is_digit(after))
		return false;
	return title_is_bar(c) || title_is_colon(c) || is_dash(c) || is_dot(c);
}

size_t
title_separator(const struct title *t, size_t i)
{
	size_t at = title_skip_blank(t, i);

	if (!is_separator(t, at))
		return 0;
	while (is_separator(t, at) || title_glyph(t, at) == ' ')
		at++;
	return at;
}

static bool
is_comma(int32_t c)
{
	return c == ',' || c == 0xff0c;
}

bool
title_separated(const struct title *t, size_t i)
{
	size_t at = title_glyph(t, i - 1) == ' ' ? i - 2 : i - 1;

	return is_comma(title_glyph(t, at)) || is_separator(t, at);
}

/* What may stand around a name and is not of it. */
static bool
is_around(const struct title *t, size_t i)
{
	int32_t c = title_glyph(t, i);

	return c == ' ' || is_comma(c) || title_is_open(c) ||
		is_separator(t, i);
}

struct slice
title_name(const struct title *t, size_t from, size_t to)
{
	while (from < to && is_around(t, from))
		from++;
	while (to > from && is_around(t, to - 1))
		to--;
	return title_slice(t, from, to);
}

/* A title that no reader lets through has no glyphs, so no marker either. */
static struct title
title_read(struct slice text, struct arena *a)
{
	struct title t = { .text = fold_title(text, a) };
	struct slice rest = t.text;
	int32_t c;

	if (t.text.len > ARTICLE_TITLE_MAX)
		return t;
	t.glyphs = ARENA_ARRAY(a, struct glyph, t.text.len + 1);
	while (rest.len > 0) {
		uint32_t at = (uint32_t)(t.text.len - rest.len);

		c = utf8_next(&rest);
		t.glyphs[t.n++] = (struct glyph){ c, at };
		t.signs += numeral_sign(c) >= 0;
	}
	return t;
}

static struct slice
headline_of(const struct title *t, const struct marker *m)
{
	size_t at = title_separator(t, m->to);

	return title_slice(t, at > 0 ? at : title_skip_blank(t, m->to), t->n);
}

/* "Name ②|Headline" as "Name ② | Headline"; any other title as it is. */
static struct slice
shown_of(const struct title *t, const struct marker *m, struct arena *a)
{
	size_t bar = title_skip_blank(t, m->to);
	struct slice headline = slice_trim(title_slice(t, bar + 1, t->n));

	if (!m->sign || title_glyph(t, bar) != '|' || headline.len == 0)
		return t->text;
	return arena_printf(a, "%.*s %.*s | %.*s",
		ARG(slice_trim(title_slice(t, 0, m->from))),
		ARG(title_slice(t, m->label, m->label_end)), ARG(headline));
}

struct slice
title_trim(struct slice text, struct arena *a)
{
	struct title t = title_read(text, a);

	return title_name(&t, 0, t.n);
}

int
title_number(struct slice text, struct arena *a)
{
	struct title t = title_read(text, a);
	size_t at = 0;
	int sign = t.n == 1 ? numeral_sign(title_glyph(&t, 0)) : -1;
	int n = sign >= 0 ? sign : numeral_any(&t, &at);

	return sign >= 0 || at == t.n ? n : -1;
}

void
title_parse(struct slice title, struct arena *a, struct mark *ret,
	struct slice *ret_shown, const char **ret_why)
{
	struct title t = title_read(title, a);
	struct slice name, key;
	struct marker m = { 0 };
	bool found = marker_find(&t, &m);

	*ret = (struct mark){ .headline = t.text };
	*ret_shown = t.text;
	if (ret_why)
		*ret_why = m.why;
	if (!found)
		return;
	name = marker_name(&t, &m);
	key = fold_key(name, a);
	/* Apostrophes that count as letters, and nothing else. */
	if (key.len == 0)
		return;
	ret->strength = m.strength;
	ret->name = name;
	ret->key = key;
	ret->label = title_slice(&t, m.label, m.label_end);
	ret->headline = headline_of(&t, &m);
	ret->season = m.season;
	ret->number = m.number;
	ret->total = m.total;
	ret->last = m.last;
	*ret_shown = shown_of(&t, &m, a);
}

void
series_parse_title(struct slice title, struct arena *a, struct mark *ret)
{
	struct slice shown;

	title_parse(title, a, ret, &shown, NULL);
}
