/*
 * What the forms of markers have in common, and the Chinese ones.
 */
#include "base/utf8.h"
#include "series/form.h"
#include "series/numerals.h"

bool
form_found(struct marker *m, size_t from, size_t to, int number)
{
	*m = (struct marker){
		.strength = MARK_STRONG,
		.from = from,
		.to = to,
		.label = from,
		.label_end = to,
		.number = number,
	};
	return true;
}

bool
form_widen(const struct title *t, struct marker *m)
{
	if (!title_is_open(title_glyph(t, m->from - 1)) ||
		!title_is_close(title_glyph(t, m->to)))
		return false;
	m->label = --m->from;
	m->label_end = ++m->to;
	return true;
}

bool
form_is_blank(const struct title *t, size_t i)
{
	return title_glyph(t, i) == ' ';
}

bool
form_in_tag(const struct title *t, size_t i)
{
	return title_is_open(title_glyph(t, 0)) &&
		title_is_close(title_glyph(t, i));
}

bool
form_is_over(const struct title *t, size_t i)
{
	return title_separator(t, i) > 0 || title_ends(t, i) ||
		form_in_tag(t, i);
}

bool
form_is_over_han(const struct title *t, size_t i)
{
	return form_is_blank(t, i) || form_is_over(t, i);
}

/* ---- Chinese ---- */

/* Is the text at i?  Its length in glyphs, or 0. */
static size_t
text_at(const struct title *t, size_t i, struct slice text)
{
	size_t n = 0;
	int32_t c;

	while ((c = utf8_next(&text)) >= 0)
		if (title_glyph(t, i + n++) != c)
			return 0;
	return n;
}

static size_t
any_text_at(const struct title *t, size_t i, const struct slice *texts,
	size_t n)
{
	size_t len = 0;

	for (size_t k = 0; k < n && len == 0; k++)
		len = text_at(t, i, texts[k]);
	return len;
}

/* What parts are counted in; those of the second list count more than parts. */
static const struct slice counters[] = {
	S_INIT("期"), S_INIT("集"), S_INIT("回"), S_INIT("篇"), S_INIT("章"),
	S_INIT("讲"), S_INIT("講"), S_INIT("话"), S_INIT("話"), S_INIT("辑"),
	S_INIT("輯"), S_INIT("节"), S_INIT("節"), S_INIT("课"), S_INIT("課"),
	S_INIT("弹"), S_INIT("彈"),
};
static const struct slice weak_counters[] = {
	S_INIT("部"), S_INIT("季"), S_INIT("站"), S_INIT("卷"),
};
static const struct slice figures_of_speech[] = {
	S_INIT("章"), S_INIT("篇"), S_INIT("课"), S_INIT("課"),
};

/* "第二" at *at; moves *at behind it.  -1: no ordinal. */
static int
ordinal_at(const struct title *t, size_t *at)
{
	size_t i = title_skip_blank(t, *at + 1);
	int number;

	if (title_glyph(t, *at) != 0x7b2c)
		return -1;
	number = numeral_plain(t, &i);
	if (number > 0)
		*at = title_skip_blank(t, i);
	return number;
}

/* "第二季第三集": the season; moves *at to the part.  0: none. */
static int
season_at(const struct title *t, size_t *at)
{
	size_t i = *at;
	int season = ordinal_at(t, &i);

	if (season < 0 || title_glyph(t, i) != 0x5b63)
		return 0;
	i = title_skip_blank(t, i + 1);
	if (title_glyph(t, i) != 0x7b2c)
		return 0;
	*at = i;
	return season;
}

/* "翻开新的第一章" is a figure of speech. */
static bool
is_figure(const struct title *t, size_t i, size_t counter)
{
	return title_ends(t, counter + 1) && title_is_han(title_glyph(t,
		i - 1)) && any_text_at(t, counter, figures_of_speech,
		COUNT_OF(figures_of_speech)) > 0;
}

bool
form_ordinal(const struct title *t, size_t i, struct marker *m)
{
	size_t at = i;
	int season = season_at(t, &at), number = ordinal_at(t, &at);
	bool weak = any_text_at(t, at, weak_counters,
		COUNT_OF(weak_counters)) > 0;

	if (number < 0 || (!weak && !any_text_at(t, at, counters,
		COUNT_OF(counters))))
		return false;
	form_found(m, i, at + 1, number);
	m->season = season;
	if (weak || is_figure(t, i, at))
		m->strength = MARK_WEAK;
	return form_widen(t, m) || form_is_over_han(t, at + 1) ||
		title_is_open(title_glyph(t, at + 1));
}

/* How far back a word is looked for. */
enum { NAME_NEAR = 24 };

/* "最……之一", "N大……之一": one of them, not the first. */
static bool
is_one_of(const struct title *t, size_t i)
{
	size_t end = i > NAME_NEAR ? i - NAME_NEAR : 0;

	while (i-- > end && title_separator(t, i) == 0)
		if (title_glyph(t, i) == 0x6700 ||
			title_glyph(t, i) == 0x5927)
			return true;
	return false;
}

/* "之三", "（其三）"; not "三分之二". */
bool
form_zhi(const struct title *t, size_t i, struct marker *m)
{
	size_t at = i + 1;
	int32_t c = title_glyph(t, i), before = title_before(t, i);
	bool which = c == 0x5176;
	int number;

	if ((c != 0x4e4b && !which) || before == 0x5206 || (!which &&
		!title_is_han(before) && !title_is_open(before)))
		return false;
	number = numeral_plain(t, &at);
	if (number < 0)
		return false;
	form_found(m, i, at, number);
	if (form_widen(t, m))
		return form_is_over_han(t, m->to);
	if (number == 1 && (title_ends(t, at) || is_one_of(t, i)))
		m->strength = MARK_WEAK;
	return form_is_over_han(t, at) && (!which ||
		form_is_blank(t, i - 1) || title_separated(t, i));
}

/* "连载12", "系列报道三". */
bool
form_serial(const struct title *t, size_t i, struct marker *m)
{
	static const struct slice words[] = { S_INIT("连载"),
		S_INIT("連載"), S_INIT("系列报道"), S_INIT("系列報道") };
	size_t at = i + any_text_at(t, i, words, COUNT_OF(words));
	size_t number_at;
	int number;

	if (at == i)
		return false;
	at = number_at = title_skip_blank(t, at);
	number = numeral_plain(t, &at);
	if (number < 0 || !form_is_over_han(t, at))
		return false;
	return form_found(m, number_at, at, number);
}

static const struct {
	struct slice text;
	int number;
	bool last;
	bool weak;	/* stands for itself as well, outside brackets */
} thirds[] = {
	{ S_INIT("上篇"), 1, false, false },
	{ S_INIT("上集"), 1, false, false },
	{ S_INIT("上"), 1, false, false },
	{ S_INIT("中篇"), 2, false, true },
	{ S_INIT("中集"), 2, false, false },
	{ S_INIT("中"), 2, false, false },
	{ S_INIT("下篇"), 2, true, false },
	{ S_INIT("下集"), 2, true, false },
	{ S_INIT("下"), 2, true, false },
	{ S_INIT("终章"), 2, true, true }, { S_INIT("終章"), 2, true, true },
	{ S_INIT("终篇"), 2, true, false },
	{ S_INIT("終篇"), 2, true, false },
	{ S_INIT("终"), 2, true, false }, { S_INIT("終"), 2, true, false },
	{ S_INIT("完结篇"), 2, true, false },
	{ S_INIT("完結篇"), 2, true, false },
	{ S_INIT("完"), 2, true, false },
	{ S_INIT("收官篇"), 2, true, false },
	{ S_INIT("大结局"), 2, true, true },
	{ S_INIT("大結局"), 2, true, true },
};

/*
 * In brackets as it is; outside them only what is longer than a word of
 * ordinary text, between a separator and another.
 */
bool
form_third(const struct title *t, size_t i, struct marker *m)
{
	size_t len = 0, k;

	for (k = 0; k < COUNT_OF(thirds); k++)
		if ((len = text_at(t, i, thirds[k].text)) > 0)
			break;
	if (len == 0)
		return false;
	form_found(m, i, i + len, thirds[k].number);
	m->last = thirds[k].last;
	if (form_widen(t, m))
		return form_is_over_han(t, m->to);
	if (thirds[k].weak)
		m->strength = MARK_WEAK;
	return len > 1 && title_separated(t, i) && form_is_over(t, i + len);
}
