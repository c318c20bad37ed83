/*
 * Fitting: units, and where a text may be cut.
 */
#include "base/utf8.h"
#include "push/fit.h"
#include "push/weigh.h"

#define ELLIPSIS S("\u2026")

enum {
	WORD_BACK_MAX = 40,	/* graphemes that a whole word may cost */
	TRIES_MAX = 16,		/* ends that are tried below the best one */
};

/* ---- measuring ---- */

static size_t
count(enum fit_unit unit, struct slice s)
{
	size_t n = 0;
	int32_t c;

	switch (unit) {
	case FIT_WEIGHTED:
		return weigh(s);
	case FIT_GRAPHEME:
		for (; s.len > 0; n++)
			s = slice_from(s, utf8_grapheme(s));
		return n;
	case FIT_CODE_POINT:
		return utf8_count(s);
	case FIT_UTF16:
		while ((c = utf8_next(&s)) >= 0)
			n += c < 0x10000 ? 1 : 2;
		return n;
	case FIT_BYTES:
		break;
	}
	return s.len;
}

/* The next address at or behind `from`; ptr NULL: there is none. */
static struct slice
next_address(struct slice text, size_t from)
{
	static const char ends[] = ".,;:!?'\")]}";
	ssize_t at;

	while ((at = slice_find(text, S("http"), from)) >= 0) {
		struct slice s = slice_from(text, (size_t)at), rest = s;
		size_t len;

		from = (size_t)at + 4;
		if (!slice_starts(s, S("http://")) &&
			!slice_starts(s, S("https://")))
			continue;
		while (rest.len > 0 && !utf8_is_space(utf8_get(rest, &len)) &&
			!strchr("<>\"", rest.ptr[0]))
			rest = slice_from(rest, len);
		s = slice_sub(s, 0, s.len - rest.len);
		while (memchr(ends, s.ptr[s.len - 1], sizeof(ends) - 1))
			s.len--;
		return s;
	}
	return slice(NULL, 0);
}

size_t
fit_measure(const struct fit *f, struct slice text)
{
	size_t sum = 0, at = 0;
	struct slice found;

	if (text.len > FIT_TEXT_MAX)
		return SIZE_MAX;
	while (f->address > 0 && f->unit != FIT_WEIGHTED &&
		(found = next_address(text, at)).ptr) {
		size_t from = (size_t)(found.ptr - text.ptr);

		sum += count(f->unit, slice_sub(text, at, from)) + f->address;
		at = from + found.len;
	}
	return sum + count(f->unit, slice_from(text, at));
}

bool
fit_keeps(const struct fit *list, size_t n, struct slice text)
{
	for (size_t i = 0; i < n; i++)
		if (fit_measure(&list[i], text) > list[i].max)
			return false;
	return true;
}

/* ---- where a text may end ---- */

/* Scripts without blanks between their words. */
static bool
is_unspaced(int32_t c)
{
	return utf8_is_han(c) || (c >= 0x3000 && c <= 0x30ff) ||
		(c >= 0xff00 && c <= 0xffef) || (c >= 0x0e00 && c <= 0x0eff) ||
		(c >= 0x1000 && c <= 0x109f) || (c >= 0x1780 && c <= 0x17ff);
}

/* What should not be the last before an ellipsis. */
static bool
is_loose(int32_t c)
{
	static const int32_t loose[] = { ',', ';', ':', '-', '(', '[', '{',
		'"', '\'', '/', '|', 0x2013, 0x2014, 0x2018, 0x201c, 0x2026,
		0x3001, 0x3008, 0x300a, 0x300c, 0x300e, 0x3010, 0xff08,
		0xff0c, 0xff1a, 0xff1b };

	if (utf8_is_space(c))
		return true;
	for (size_t i = 0; i < COUNT_OF(loose); i++)
		if (loose[i] == c)
			return true;
	return false;
}

/* Text, and the offsets that its graphemes end at. */
struct marked {
	struct slice text;
	size_t *ends;
	size_t n;
};

static struct marked
mark(struct slice text, struct arena *a)
{
	struct marked m = { text, ARENA_ARRAY(a, size_t, text.len + 1), 0 };

	for (size_t at = 0; at < text.len;) {
		at += utf8_grapheme(slice_from(text, at));
		m.ends[m.n++] = at;
	}
	return m;
}

/* The first n graphemes. */
static struct slice
first_of(const struct marked *m, size_t n)
{
	return slice(m->text.ptr, n ? m->ends[n - 1] : 0);
}

/* The code point that the grapheme begins with. */
static int32_t
letter(const struct marked *m, size_t i)
{
	size_t len;

	return utf8_get(slice_from(m->text, i ? m->ends[i - 1] : 0), &len);
}

/* May the text end behind n graphemes, seen by the words? */
static bool
is_between_words(const struct marked *m, size_t n)
{
	int32_t last, next;

	if (n == 0 || n == m->n)
		return true;
	last = letter(m, n - 1);
	next = letter(m, n);
	return utf8_is_space(last) || utf8_is_space(next) ||
		is_unspaced(last) || is_unspaced(next) || last == '-' ||
		last == '/' || last == 0x2014;
}

/* The best end of at most n graphemes. */
static size_t
best_end(const struct marked *m, size_t n)
{
	size_t least = n > WORD_BACK_MAX ? n - WORD_BACK_MAX : 1, i = n;

	while (i > least && !is_between_words(m, i))
		i--;
	/* Rather a part of a word than none. */
	n = is_between_words(m, i) ? i : n;
	while (n > 0 && is_loose(letter(m, n - 1)))
		n--;
	return n;
}

/* ---- cutting ---- */

struct cut {
	const struct fit *list;
	size_t n;
	struct slice before, after;
	struct buf text;
};

static bool
keeps(struct cut *c, struct slice text, struct slice end)
{
	buf_reset(&c->text);
	buf_put(&c->text, c->before);
	buf_put(&c->text, text);
	buf_put(&c->text, end);
	buf_put(&c->text, c->after);
	return buf_ok(&c->text) && fit_keeps(c->list, c->n,
		buf_slice(&c->text));
}

/*
 * The most graphemes that may stand there with an ellipsis.  Lengths grow with
 * the text nearly always; where they do not, a few ends more are tried.
 */
static size_t
most(struct cut *c, const struct marked *m)
{
	size_t low = 0, high = m->n, n;

	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (keeps(c, first_of(m, mid), ELLIPSIS))
			low = mid;
		else
			high = mid;
	}
	n = best_end(m, low);
	for (size_t tries = 0; n > 0 && !keeps(c, first_of(m, n), ELLIPSIS);
		tries++)
		n = best_end(m, tries < TRIES_MAX ? n - 1 : n / 2);
	return n;
}

bool
fit_between(const struct fit *list, size_t n, struct slice before,
	struct slice text, struct slice after, struct arena *a,
	struct slice *ret)
{
	struct cut c = { list, n, before, after, BUF_INIT(FIT_TEXT_MAX) };
	struct marked m;
	size_t good;
	bool is_good = true;

	if (keeps(&c, text, S(""))) {
		*ret = text;
		buf_done(&c.text);
		return true;
	}
	/* What is longer was measured once, and is not looked at again. */
	m = mark(utf8_first(text, FIT_TEXT_MAX), a);
	good = most(&c, &m);
	if (good > 0)
		*ret = arena_printf(a, "%.*s%s", ARG(first_of(&m, good)),
			ELLIPSIS.ptr);
	else {
		is_good = keeps(&c, S(""), S(""));
		*ret = S("");
	}
	buf_done(&c.text);
	return is_good;
}
