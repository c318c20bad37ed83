/*
 * Markers: one function for each form, in a table; the first form that a
 * title has is taken, and of one form the first.
 *
 * 1. A match looks at a few glyphs around its own, so a title is searched in
 *    linear time.
 * 2. A marker without a series name before it is none: "Part 1: How ..."
 *    says which part, but not of what.
 * 3. A weak marker never makes a series by itself.
 */
#include "base/utf8.h"
#include "model/series_name.h"
#include "series/form.h"
#include "series/marker.h"
#include "series/numerals.h"

static const struct slice keywords[] = {
	S_INIT("part"), S_INIT("pt"), S_INIT("episode"), S_INIT("ep"),
	S_INIT("chapter"), S_INIT("ch"), S_INIT("volume"), S_INIT("vol"),
	S_INIT("installment"), S_INIT("instalment"), S_INIT("lesson"),
	S_INIT("no"),
};

enum { AGE_MIN = 16 };

/* The last of them behind which the number may come first: "second part". */
enum { KEYWORDS_ORDINAL = 11 };

/* Names that are no series: with "#4" behind them, or as a whole. */
static const struct slice generic[] = {
	S_INIT("issue"), S_INIT("bug"), S_INIT("pr"), S_INIT("ticket"),
	S_INIT("pull request"), S_INIT("season"), S_INIT("series"),
	S_INIT("day"), S_INIT("week"), S_INIT("round"), S_INIT("stage"),
	S_INIT("question"), S_INIT("section"), S_INIT("article"),
	S_INIT("live"), S_INIT("breaking"), S_INIT("exclusive"),
	S_INIT("update"), S_INIT("video"), S_INIT("photos"),
	S_INIT("opinion"), S_INIT("analysis"), S_INIT("editorial"),
	S_INIT("review"), S_INIT("视频"), S_INIT("視頻"), S_INIT("组图"),
	S_INIT("圖集"), S_INIT("图集"), S_INIT("评论"), S_INIT("評論"),
	S_INIT("社论"), S_INIT("社論"), S_INIT("快讯"), S_INIT("快訊"),
	S_INIT("直播"), S_INIT("独家"), S_INIT("獨家"), S_INIT("本报讯"),
	S_INIT("figure"), S_INIT("fig"), S_INIT("photo"), S_INIT("picture"),
	S_INIT("image"), S_INIT("chart"), S_INIT("table"), S_INIT("step"),
	S_INIT("option"), S_INIT("note"), S_INIT("phase"), S_INIT("act"),
	S_INIT("scene"), S_INIT("level"), S_INIT("group"), S_INIT("opus"),
	S_INIT("如图"), S_INIT("如圖"), S_INIT("见图"), S_INIT("見圖"),
	S_INIT("图片"), S_INIT("圖片"), S_INIT("步骤"), S_INIT("步驟"),
	S_INIT("选项"), S_INIT("選項"), S_INIT("条款"), S_INIT("條款"),
	S_INIT("工程"), S_INIT("项目"),
};

/* Words that no name ends with: the marker is the sentence's own. */
static const struct slice open_ends[] = {
	S_INIT("and"), S_INIT("or"), S_INIT("of"), S_INIT("to"),
	S_INIT("in"), S_INIT("for"), S_INIT("from"), S_INIT("at"),
	S_INIT("by"), S_INIT("with"), S_INIT("on"), S_INIT("the"),
	S_INIT("a"), S_INIT("an"), S_INIT("vs"), S_INIT("is"),
	S_INIT("was"), S_INIT("as"), S_INIT("under"), S_INIT("after"),
	S_INIT("before"), S_INIT("into"), S_INIT("enters"),
	S_INIT("files"), S_INIT("&"),
};

/* Words before "9/11" that make it a date. */
static const struct slice date_words[] = {
	S_INIT("after"), S_INIT("before"), S_INIT("since"), S_INIT("until"),
	S_INIT("till"), S_INIT("on"), S_INIT("by"), S_INIT("from"),
	S_INIT("to"), S_INIT("of"), S_INIT("remembering"), S_INIT("monday"),
	S_INIT("tuesday"), S_INIT("wednesday"), S_INIT("thursday"),
	S_INIT("friday"), S_INIT("saturday"), S_INIT("sunday"),
	S_INIT("january"), S_INIT("february"), S_INIT("march"),
	S_INIT("april"), S_INIT("may"), S_INIT("june"), S_INIT("july"),
	S_INIT("august"), S_INIT("september"), S_INIT("october"),
	S_INIT("november"), S_INIT("december"), S_INIT("when"),
};

static size_t
keyword_at(const struct title *t, size_t i)
{
	size_t len;

	for (size_t k = 0; k < COUNT_OF(keywords); k++) {
		len = title_word(t, i, keywords[k]);
		if (len > 0)
			return len;
	}
	return 0;
}

/* "of 5", "/5": a total at *at, at least n; moves *at.  0: not said. */
static int
total_at(const struct title *t, size_t *at, int n)
{
	size_t i = title_skip_blank(t, *at), of = title_word(t, i, S("of"));
	int total;

	if (of > 0)
		i += of;
	else if (title_glyph(t, i) == '/' || title_glyph(t, i) == 0xff0f)
		i++;
	else
		return 0;
	i = title_skip_blank(t, i);
	total = numeral_any(t, &i);
	if (total < n)
		return 0;
	*at = i;
	return total;
}

/* "②".  Two of them in one title are a list. */
static bool
match_sign(const struct title *t, size_t i, struct marker *m)
{
	int32_t c = title_glyph(t, i);
	int number = numeral_sign(c);
	size_t next = title_skip_blank(t, i + 1);

	if (number < 0 || t->signs > 1)
		return false;
	/* Behind a Latin name it is of the name, as it is with letters. */
	if (numeral_is_roman_sign(c) && !title_is_han(title_before(t, i)) &&
		!title_is_bar(title_glyph(t, next)))
		return false;
	form_found(m, i, i + 1, number);
	m->sign = !form_widen(t, m);
	return true;
}

/* "[Name #4] ...". */
static bool
match_tag(const struct title *t, size_t i, struct marker *m)
{
	int32_t open = title_glyph(t, i), c;
	size_t end, at;
	int number;

	if (i > 0 || (open != '[' && open != 0x3010))
		return false;
	for (at = 1; (c = title_glyph(t, at)) >= 0 && c != '#'; at++)
		if (title_is_close(c))
			return false;
	end = at + 1;
	number = numeral_digits(t, &end);
	if (number < 0 || !title_is_close(title_glyph(t, end)))
		return false;
	form_found(m, at, end + 1, number);
	m->name = 1;
	m->label_end = end;
	return true;
}

/* The words, or one letter where no blank follows: "S02", "Season 2". */
static size_t
season_word(const struct title *t, size_t i, struct slice word)
{
	size_t len = title_word(t, i, word);

	if (len > 0)
		return title_skip_blank(t, i + len);
	return (title_glyph(t, i) | 0x20) == word.ptr[0] &&
		title_is_digit(title_glyph(t, i + 1)) ? i + 1 : 0;
}

static size_t
episode_word(const struct title *t, size_t i)
{
	size_t at = season_word(t, i, S("episode"));

	if (at == 0 && title_word(t, i, S("ep")) > 0)
		at = title_skip_blank(t, i + 2 + (title_glyph(t, i + 2) ==
			'.'));
	return at;
}

/* "S02E05", "S2 Ep 5", "Season 2, Episode 5". */
static bool
match_season(const struct title *t, size_t i, struct marker *m)
{
	size_t at = season_word(t, i, S("season"));
	int season, number;

	if (at == 0 || !title_begins_word(t, i))
		return false;
	season = numeral_any(t, &at);
	if (title_glyph(t, at) == ',')
		at++;
	at = season < 0 ? 0 : episode_word(t, title_skip_blank(t, at));
	number = at == 0 ? -1 : numeral_any(t, &at);
	if (number < 0 || title_is_word(title_glyph(t, at)))
		return false;
	form_found(m, i, at, number);
	m->season = season;
	form_widen(t, m);
	return true;
}

/* "(2 of 5)", "(part 2 of 5)", "(2/5)". */
static bool
match_count(const struct title *t, size_t i, struct marker *m)
{
	size_t at = i + 1, keyword = keyword_at(t, at);
	int number, total;

	if (!title_is_open(title_glyph(t, i)))
		return false;
	at += keyword;
	if (keyword > 0 && title_glyph(t, at) == '.')
		at++;
	at = title_skip_blank(t, at);
	number = numeral_any(t, &at);
	if (number < 0 && keyword == 0)
		number = numeral_ordinal(t, &at);
	total = number < 0 ? 0 : total_at(t, &at, number);
	if (total == 0 || !title_is_close(title_glyph(t, at)) ||
		!form_is_over(t, at + 1))
		return false;
	form_found(m, i, at + 1, number);
	m->total = total;
	return true;
}

/* A house in Downing Street, or the best, before it is a part. */
static bool
is_rank(int number)
{
	return number == 10 || number == 1;
}

/* Bankrupts file for "Chapter 11". */
static bool
is_law(const struct title *t, size_t i, int number)
{
	return title_word(t, i, S("chapter")) > 0 && !title_separated(t, i) &&
		(number == 7 || number == 11 || number == 13);
}

/* "Part 2", "Pt. II", "Episode Seven"; behind it anything but words. */
static bool
match_keyword(const struct title *t, size_t i, struct marker *m)
{
	size_t at = i + keyword_at(t, i), number_at;
	bool no = title_word(t, i, S("no")) > 0;
	bool dot = title_glyph(t, at) == '.';
	int number, total;

	if (at == i || !title_begins_word(t, i) ||
		(no && (!dot || !title_separated(t, i))))
		return false;
	number_at = title_skip_blank(t, at + dot);
	at = number_at;
	number = no ? numeral_digits(t, &at) : numeral_any(t, &at);
	total = number < 0 ? 0 : total_at(t, &at, number);
	if (number < 0)
		return false;
	form_found(m, i, at, number);
	m->total = total;
	if (!form_widen(t, m) && !form_is_over(t, at) &&
		!title_is_open(title_glyph(t, title_skip_blank(t, at))))
		return false;
	if (no ? is_rank(number) : is_law(t, i, number))
		m->strength = MARK_WEAK;
	return true;
}

/* "Name, second part: ...", "Name (final part)". */
static bool
match_words(const struct title *t, size_t i, struct marker *m)
{
	size_t at = i, keyword = 0;
	bool last = title_word(t, i, S("final")) || title_word(t, i, S("last"));
	int number = last ? 2 : numeral_ordinal(t, &at);

	if (last)
		at += title_word(t, i, S("last")) ? 4 : 5;
	if (number < 0 || title_glyph(t, at) != ' ')
		return false;
	for (size_t k = 0; k < KEYWORDS_ORDINAL && keyword == 0; k++)
		keyword = title_word(t, at + 1, keywords[k]);
	if (keyword == 0)
		return false;
	at += 1 + keyword;
	form_found(m, i, at, number);
	m->last = last;
	return form_widen(t, m) || (title_separated(t, i) &&
		form_is_over(t, at));
}

/* Weak: "Name #4: ...", "Name #4". */
static bool
match_hash(const struct title *t, size_t i, struct marker *m)
{
	size_t at = i + 1;
	int number;

	if (title_glyph(t, i) != '#' || !form_is_blank(t, i - 1))
		return false;
	number = numeral_digits(t, &at);
	if (number < 0 || !form_is_over(t, at))
		return false;
	form_found(m, i, at, number);
	m->strength = MARK_WEAK;
	return true;
}

/* "(3): ...", "（二）：...", and "（二）" at the end of a Chinese name. */
static bool
match_number(const struct title *t, size_t i, struct marker *m)
{
	size_t at = i + 1, headline;
	int number;

	if (!title_is_open(title_glyph(t, i)))
		return false;
	number = numeral_plain(t, &at);
	if (number < 0 || !title_is_close(title_glyph(t, at++)))
		return false;
	headline = title_separator(t, at);
	if ((headline == 0 || headline == t->n) &&
		!(title_is_han(title_before(t, i)) &&
		form_is_over_han(t, at)))
		return false;
	form_found(m, i, at, number);
	/* A person's age stands so, too. */
	if (number >= AGE_MIN && !title_is_han(title_before(t, i)))
		m->strength = MARK_WEAK;
	return true;
}

/* "Name | 3 | headline". */
static bool
match_between(const struct title *t, size_t i, struct marker *m)
{
	size_t at = i;
	int number;

	if (title_before(t, i) == ',' || !title_separated(t, i))
		return false;
	number = numeral_plain(t, &at);
	if (number < 0 || title_separator(t, at) == 0)
		return false;
	form_found(m, i, at, number);
	/* "Deaths: 3 | ..." counts something else. */
	if (title_is_colon(title_before(t, i)))
		m->strength = MARK_WEAK;
	return true;
}

/* Is the word before i one that dates follow? */
static bool
is_after_date_word(const struct title *t, size_t i)
{
	for (size_t k = 0; k < COUNT_OF(date_words); k++) {
		size_t len = date_words[k].len;

		if (i > len && title_begins_word(t, i - 1 - len) &&
			title_word(t, i - 1 - len, date_words[k]))
			return true;
	}
	return false;
}

/* "Name 3/4: headline". */
static bool
match_fraction(const struct title *t, size_t i, struct marker *m)
{
	size_t at = i;
	int number, total;

	if (!title_is_digit(title_glyph(t, i)) || !form_is_blank(t, i - 1) ||
		title_before(t, i) == ',' || is_after_date_word(t, i))
		return false;
	number = numeral_digits(t, &at);
	if (number < 0 || title_glyph(t, at++) != '/')
		return false;
	total = numeral_digits(t, &at);
	if (total < number || total > 9 || title_separator(t, at) == 0)
		return false;
	form_found(m, i, at, number);
	m->total = total;
	m->strength = number < total ? MARK_STRONG : MARK_WEAK;
	return true;
}

/* Weak: "Name 2 | headline" and "Name 2". */
static bool
match_bare(const struct title *t, size_t i, struct marker *m)
{
	size_t at = i;
	int number;

	if (!title_is_digit(title_glyph(t, i)) ||
		!(form_is_blank(t, i - 1) ||
		title_is_han(title_glyph(t, i - 1))))
		return false;
	number = numeral_digits(t, &at);
	if (number < 0 || !(title_ends(t, at) || title_is_bar(title_glyph(t,
		title_skip_blank(t, at)))))
		return false;
	form_found(m, i, at, number);
	m->strength = MARK_WEAK;
	return true;
}

/* Weak: "Name | headline". */
static bool
match_bar(const struct title *t, size_t i, struct marker *m)
{
	if (!title_is_bar(title_glyph(t, i)))
		return false;
	form_found(m, i, i, 0);
	m->strength = MARK_WEAK;
	return true;
}

static const struct {
	bool (*match)(const struct title *, size_t, struct marker *);
	const char *name;
} forms[] = {
	{ match_sign, "enclosed number" },
	{ match_tag, "tag with a number" },
	{ match_season, "season and episode" },
	{ match_count, "part of a count" },
	{ match_keyword, "word for a part" },
	{ match_words, "word for a part" },
	{ match_number, "number in brackets" },
	{ form_ordinal, "ordinal" },
	{ form_zhi, "number behind 之" },
	{ form_serial, "number behind 连载" },
	{ form_third, "first, middle or last" },
	{ match_between, "number between separators" },
	{ match_fraction, "part of a count" },
	{ match_hash, "number behind #" },
	{ match_bare, "bare number" },
	{ match_bar, "bar without a number" },
};

struct slice
marker_name(const struct title *t, const struct marker *m)
{
	return series_bare_name(title_name(t, m->name, m->from));
}

static bool
is_listed(struct slice word, const struct slice *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (slice_eq_nocase(word, list[i]))
			return true;
	return false;
}

/* A keyword or a generic word, or one with a number ("Part 2"). */
static bool
is_generic(struct slice name)
{
	ssize_t blank = slice_rfind_byte(name, ' ');
	struct slice last = slice_from(name, (size_t)(blank + 1));

	if (blank > 0 && slice_number(last, 9999) >= 0)
		name.len = (size_t)blank;
	if (slice_ends(name, S(".")))
		name.len--;
	return is_listed(name, keywords, COUNT_OF(keywords)) ||
		is_listed(name, generic, COUNT_OF(generic));
}

/* "... Part 1 and Part 2: ...": no name ends so. */
static bool
is_open_ended(struct slice name)
{
	struct slice last = slice_from(name,
		(size_t)(slice_rfind_byte(name, ' ') + 1));

	return last.len < name.len && is_listed(last, open_ends,
		COUNT_OF(open_ends));
}

/* Two letters at least, and not just any word. */
static bool
is_named(const struct title *t, const struct marker *m)
{
	struct slice name = marker_name(t, m), rest = name;
	size_t letters = 0;
	int32_t c;

	while (letters < 2 && (c = utf8_next(&rest)) >= 0)
		letters += (title_is_word(c) && !title_is_digit(c)) ||
			title_is_han(c);
	return letters == 2 && !is_generic(name) &&
		(title_separated(t, m->from) || !is_open_ended(name));
}

/* "[Name, Part 2] ...": the tag's end is no part of the headline. */
static void
close_tag(const struct title *t, struct marker *m)
{
	if (form_in_tag(t, m->to) && m->name == 0) {
		m->name = 1;
		m->to++;
	}
}

/* No form begins inside a Latin word or number. */
static bool
may_begin(const struct title *t, size_t i)
{
	int32_t c = title_glyph(t, i);

	return c != ' ' && (!title_is_word(c) || title_begins_word(t, i));
}

/* Four digits in the title, which somebody may have taken for a part. */
static bool
has_year(const struct title *t)
{
	size_t digits = 0;

	for (size_t i = 0; i < t->n && digits < 4; i++)
		digits = title_is_digit(title_glyph(t, i)) ? digits + 1 : 0;
	return digits == 4;
}

static const char *
why_none(const struct title *t, bool unnamed)
{
	if (t->n == 0)
		return "no title, or one that is too long";
	if (t->signs > 1)
		return "two or more enclosed numbers are a list";
	if (unnamed)
		return "a part without the name of a series before it";
	return has_year(t) ? "a year is not a part" : "no part in the title";
}

bool
marker_find(const struct title *t, struct marker *ret)
{
	size_t best = COUNT_OF(forms);
	bool unnamed = false;
	struct marker m;

	for (size_t i = 0; i < t->n; i++) {
		if (!may_begin(t, i))
			continue;
		for (size_t k = 0; k < best; k++) {
			if (!forms[k].match(t, i, &m))
				continue;
			if (!is_named(t, &m)) {
				unnamed = true;
				continue;
			}
			best = k;
			*ret = m;
			close_tag(t, ret);
			ret->why = forms[k].name;
		}
	}
	if (best == COUNT_OF(forms))
		ret->why = why_none(t, unnamed);
	return best < COUNT_OF(forms);
}
