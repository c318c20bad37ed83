/*
 * Numbers as titles write them: signs, digits, Chinese, Roman, English.
 */
#include "base/utf8.h"
#include "series/numerals.h"

/* Runs of code points that count up. */
static const struct {
	int32_t first;
	int32_t last;
	int value;	/* of the first */
} signs[] = {
	{ 0x2460, 0x2473, 1 },	/* ① to ⑳ */
	{ 0x2474, 0x2487, 1 },	/* ⑴ */
	{ 0x2488, 0x249b, 1 },	/* ⒈ */
	{ 0x24ea, 0x24ea, 0 },	/* ⓪ */
	{ 0x24eb, 0x24f4, 11 },	/* ⓫ */
	{ 0x24f5, 0x24fe, 1 },	/* ⓵ */
	{ 0x24ff, 0x24ff, 0 },	/* ⓿ */
	{ 0x2776, 0x277f, 1 },	/* ❶ */
	{ 0x2780, 0x2789, 1 },	/* ➀ */
	{ 0x278a, 0x2793, 1 },	/* ➊ */
	{ 0x2160, 0x216b, 1 },	/* Ⅰ to Ⅻ */
	{ 0x2170, 0x217b, 1 },	/* ⅰ to ⅻ */
	{ 0x3220, 0x3229, 1 },	/* ㈠ to ㈩ */
	{ 0x3251, 0x325f, 21 },	/* ㉑ to ㉟ */
	{ 0x3280, 0x3289, 1 },	/* ㊀ to ㊉ */
	{ 0x32b1, 0x32bf, 36 },	/* ㊱ to ㊿ */
};

static const struct slice words[] = {
	S_INIT("one"), S_INIT("two"), S_INIT("three"), S_INIT("four"),
	S_INIT("five"), S_INIT("six"), S_INIT("seven"), S_INIT("eight"),
	S_INIT("nine"), S_INIT("ten"), S_INIT("eleven"), S_INIT("twelve"),
	S_INIT("thirteen"), S_INIT("fourteen"), S_INIT("fifteen"),
	S_INIT("sixteen"), S_INIT("seventeen"), S_INIT("eighteen"),
	S_INIT("nineteen"), S_INIT("twenty"),
};

static const struct slice ordinals[] = {
	S_INIT("first"), S_INIT("second"), S_INIT("third"), S_INIT("fourth"),
	S_INIT("fifth"), S_INIT("sixth"), S_INIT("seventh"), S_INIT("eighth"),
	S_INIT("ninth"), S_INIT("tenth"), S_INIT("eleventh"),
	S_INIT("twelfth"), S_INIT("thirteenth"), S_INIT("fourteenth"),
	S_INIT("fifteenth"), S_INIT("sixteenth"), S_INIT("seventeenth"),
	S_INIT("eighteenth"), S_INIT("nineteenth"), S_INIT("twentieth"),
};

static const struct slice ordinal_endings[] = {
	S_INIT("st"), S_INIT("nd"), S_INIT("rd"), S_INIT("th"),
};

/* Longest first where one begins another; 39 is the most they can say. */
static const struct {
	struct slice text;
	int value;
} roman_ones[] = {
	{ S_INIT("viii"), 8 }, { S_INIT("vii"), 7 }, { S_INIT("vi"), 6 },
	{ S_INIT("v"), 5 }, { S_INIT("ix"), 9 }, { S_INIT("iv"), 4 },
	{ S_INIT("iii"), 3 }, { S_INIT("ii"), 2 }, { S_INIT("i"), 1 },
};

int
numeral_sign(int32_t c)
{
	if (c < 0x2160)
		return -1;
	for (size_t i = 0; i < COUNT_OF(signs); i++)
		if (c >= signs[i].first && c <= signs[i].last)
			return signs[i].value + (c - signs[i].first);
	return -1;
}

bool
numeral_is_roman_sign(int32_t c)
{
	return c >= 0x2160 && c <= 0x217f;
}

static int
in_range(int n, size_t end, size_t *at)
{
	if (n < 1 || n > NUMERAL_MAX)
		return -1;
	*at = end;
	return n;
}

int
numeral_digits(const struct title *t, size_t *at)
{
	size_t i = *at;
	int n = 0;

	for (; title_is_digit(title_glyph(t, i)); i++)
		n = MIN(n * 10 + (title_glyph(t, i) & 0xf), 9999);
	return i - *at > 3 ? -1 : in_range(n, i, at);
}

/* 1 to 9; -1: no Chinese digit. */
static int
han_digit(int32_t c)
{
	static const int32_t digits[] = { 0x4e00, 0x4e8c, 0x4e09, 0x56db,
		0x4e94, 0x516d, 0x4e03, 0x516b, 0x4e5d };

	for (size_t i = 0; i < COUNT_OF(digits); i++)
		if (c == digits[i])
			return (int)i + 1;
	return -1;
}

int
numeral_han(const struct title *t, size_t *at)
{
	int total = 0, digit = 0, unit = 1000, value;
	size_t i = *at;
	int32_t c;

	for (; (c = title_glyph(t, i)) >= 0; i++) {
		value = c == 0x767e ? 100 : c == 0x5341 ? 10 : 0;
		if (value > 0 && value < unit) {
			total += MAX(digit, 1) * value;
			unit = value;
			digit = 0;
		} else if (han_digit(c) > 0 && digit == 0) {
			digit = han_digit(c);
		} else if ((c != 0x96f6 && c != 0x3007) || total == 0) {
			break;
		}
	}
	return in_range(total + digit, i, at);
}

int
numeral_plain(const struct title *t, size_t *at)
{
	int n = numeral_digits(t, at);

	return n > 0 ? n : numeral_han(t, at);
}

/* Do the letters stand at i, in either case? */
static bool
has_letters(const struct title *t, size_t i, struct slice letters)
{
	for (size_t k = 0; k < letters.len; k++)
		if ((title_glyph(t, i + k) | 0x20) != letters.ptr[k])
			return false;
	return true;
}

static int
roman(const struct title *t, size_t *at)
{
	size_t i = *at;
	int n = 0;

	while (n < 30 && has_letters(t, i, S("x"))) {
		n += 10;
		i++;
	}
	for (size_t k = 0; k < COUNT_OF(roman_ones); k++)
		if (has_letters(t, i, roman_ones[k].text)) {
			n += roman_ones[k].value;
			i += roman_ones[k].text.len;
			break;
		}
	return title_is_word(title_glyph(t, i)) ? -1 : in_range(n, i, at);
}

/* The place, from 1, of the word at *at in the list; -1: it is not there. */
static int
listed(const struct title *t, size_t *at, const struct slice *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (title_word(t, *at, list[i])) {
			*at += list[i].len;
			return (int)i + 1;
		}
	return -1;
}

int
numeral_any(const struct title *t, size_t *at)
{
	int n = numeral_plain(t, at);

	if (n > 0)
		return n;
	n = listed(t, at, words, COUNT_OF(words));
	return n > 0 ? n : roman(t, at);
}

int
numeral_ordinal(const struct title *t, size_t *at)
{
	size_t i = *at;
	int n = numeral_digits(t, &i);

	if (n < 0)
		return listed(t, at, ordinals, COUNT_OF(ordinals));
	if (listed(t, &i, ordinal_endings, COUNT_OF(ordinal_endings)) < 0)
		return -1;
	*at = i;
	return n;
}
