/*
 * Lines: a label, a separator and what follows, looked up in one table.
 *
 * 1. A line is classified in time linear to its length; labels are looked for
 *    in its first LABEL_MAX bytes only.
 * 2. A date is only what says so: an ISO date behind a label, or alone on its
 *    line.  Prose is never searched for one.
 */
#include <stdio.h>

#include "base/date.h"
#include "base/utf8.h"
#include "read/line.h"
#include "read/people.h"

enum {
	LABEL_MAX = 48,		/* bytes before the separator */
	SHORT_MAX = 48,		/* code points of a menu item */
	TITLE_MAX = 200,	/* code points of a title in a list */
	SENTENCE_MIN = 60,	/* a title of that length has no full stop */
	DATE_MAX = 40,		/* bytes of a date */
};

struct label {
	struct slice word;
	enum line_kind kind;
	enum person_role role;
};

static const struct label labels[] = {
	{ S_INIT("reporter"), LINE_CREDIT, ROLE_AUTHOR },
	{ S_INIT("reporters"), LINE_CREDIT, ROLE_AUTHOR },
	{ S_INIT("author"), LINE_CREDIT, ROLE_AUTHOR },
	{ S_INIT("authors"), LINE_CREDIT, ROLE_AUTHOR },
	{ S_INIT("writer"), LINE_CREDIT, ROLE_AUTHOR },
	{ S_INIT("writers"), LINE_CREDIT, ROLE_AUTHOR },
	{ S_INIT("correspondent"), LINE_CREDIT, ROLE_AUTHOR },
	{ S_INIT("记者"), LINE_CREDIT, ROLE_AUTHOR },
	{ S_INIT("本报记者"), LINE_CREDIT, ROLE_AUTHOR },
	{ S_INIT("通讯员"), LINE_CREDIT, ROLE_AUTHOR },
	{ S_INIT("作者"), LINE_CREDIT, ROLE_AUTHOR },
	{ S_INIT("by"), LINE_CREDIT, ROLE_AUTHOR },
	{ S_INIT("記者"), LINE_CREDIT, ROLE_AUTHOR },
	{ S_INIT("文"), LINE_CREDIT, ROLE_AUTHOR },
	{ S_INIT("撰文"), LINE_CREDIT, ROLE_AUTHOR },
	{ S_INIT("撰稿"), LINE_CREDIT, ROLE_AUTHOR },
	{ S_INIT("采写"), LINE_CREDIT, ROLE_AUTHOR },
	{ S_INIT("editor"), LINE_CREDIT, ROLE_EDITOR },
	{ S_INIT("editors"), LINE_CREDIT, ROLE_EDITOR },
	{ S_INIT("编辑"), LINE_CREDIT, ROLE_EDITOR },
	{ S_INIT("责编"), LINE_CREDIT, ROLE_EDITOR },
	{ S_INIT("责任编辑"), LINE_CREDIT, ROLE_EDITOR },
	{ S_INIT("编审"), LINE_CREDIT, ROLE_EDITOR },
	{ S_INIT("編輯"), LINE_CREDIT, ROLE_EDITOR },
	{ S_INIT("責編"), LINE_CREDIT, ROLE_EDITOR },
	{ S_INIT("責任編輯"), LINE_CREDIT, ROLE_EDITOR },
	{ S_INIT("translator"), LINE_CREDIT, ROLE_TRANSLATOR },
	{ S_INIT("translators"), LINE_CREDIT, ROLE_TRANSLATOR },
	{ S_INIT("translated by"), LINE_CREDIT, ROLE_TRANSLATOR },
	{ S_INIT("译"), LINE_CREDIT, ROLE_TRANSLATOR },
	{ S_INIT("译者"), LINE_CREDIT, ROLE_TRANSLATOR },
	{ S_INIT("翻译"), LINE_CREDIT, ROLE_TRANSLATOR },
	{ S_INIT("翻譯"), LINE_CREDIT, ROLE_TRANSLATOR },
	{ S_INIT("photo"), LINE_CREDIT, ROLE_PHOTOGRAPHER },
	{ S_INIT("photos"), LINE_CREDIT, ROLE_PHOTOGRAPHER },
	{ S_INIT("photo by"), LINE_CREDIT, ROLE_PHOTOGRAPHER },
	{ S_INIT("photos by"), LINE_CREDIT, ROLE_PHOTOGRAPHER },
	{ S_INIT("picture"), LINE_CREDIT, ROLE_PHOTOGRAPHER },
	{ S_INIT("photographer"), LINE_CREDIT, ROLE_PHOTOGRAPHER },
	{ S_INIT("photographers"), LINE_CREDIT, ROLE_PHOTOGRAPHER },
	{ S_INIT("图"), LINE_CREDIT, ROLE_PHOTOGRAPHER },
	{ S_INIT("图片"), LINE_CREDIT, ROLE_PHOTOGRAPHER },
	{ S_INIT("摄"), LINE_CREDIT, ROLE_PHOTOGRAPHER },
	{ S_INIT("摄影"), LINE_CREDIT, ROLE_PHOTOGRAPHER },
	{ S_INIT("攝影"), LINE_CREDIT, ROLE_PHOTOGRAPHER },
	{ S_INIT("圖"), LINE_CREDIT, ROLE_PHOTOGRAPHER },
	{ S_INIT("供图"), LINE_CREDIT, ROLE_PHOTOGRAPHER },
	{ S_INIT("date"), LINE_DATE, 0 },
	{ S_INIT("published"), LINE_DATE, 0 },
	{ S_INIT("日期"), LINE_DATE, 0 },
	{ S_INIT("发布时间"), LINE_DATE, 0 },
	{ S_INIT("发布日期"), LINE_DATE, 0 },
	{ S_INIT("source"), LINE_SOURCE, 0 },
	{ S_INIT("来源"), LINE_SOURCE, 0 },
	{ S_INIT("來源"), LINE_SOURCE, 0 },
	{ S_INIT("稿源"), LINE_SOURCE, 0 },
	{ S_INIT("correction"), LINE_CORRECTION, 0 },
	{ S_INIT("更正"), LINE_CORRECTION, 0 },
	{ S_INIT("related link"), LINE_RELATED, 0 },
	{ S_INIT("related links"), LINE_RELATED, 0 },
	{ S_INIT("related articles"), LINE_RELATED, 0 },
	{ S_INIT("read more"), LINE_RELATED, 0 },
	{ S_INIT("further reading"), LINE_RELATED, 0 },
	{ S_INIT("相关链接"), LINE_RELATED, 0 },
	{ S_INIT("相關鏈接"), LINE_RELATED, 0 },
	{ S_INIT("相關連結"), LINE_RELATED, 0 },
	{ S_INIT("延伸閱讀"), LINE_RELATED, 0 },
	{ S_INIT("相关阅读"), LINE_RELATED, 0 },
	{ S_INIT("延伸阅读"), LINE_RELATED, 0 },
	{ S_INIT("related news"), LINE_NEWS, 0 },
	{ S_INIT("相关新闻"), LINE_NEWS, 0 },
};

/* Behind a label, or at the start of a menu item. */
static const struct slice bars[] = { S_INIT("|"), S_INIT("｜") };
static const struct slice colons[] = { S_INIT(":"), S_INIT("："),
	S_INIT("/"), S_INIT("／") };
static const struct slice bullets[] = { S_INIT("•"), S_INIT("·"),
	S_INIT("●"), S_INIT("▪"), S_INIT("■"), S_INIT("‣"), S_INIT("◦"),
	S_INIT("○"), S_INIT("* "), S_INIT("- "), S_INIT("– ") };
static const struct { struct slice open, close; } brackets[] = {
	{ S_INIT("("), S_INIT(")") }, { S_INIT("（"), S_INIT("）") },
	{ S_INIT("["), S_INIT("]") }, { S_INIT("【"), S_INIT("】") },
};

/* Bytes of the blank at the end of s; 0: none. */
static size_t
blank_at_end(struct slice s)
{
	size_t at = s.len, n;

	while (at > 0 && ((unsigned char)s.ptr[at - 1] & 0xc0) == 0x80)
		at--;
	if (at == 0)
		return 0;
	return utf8_is_space(utf8_get(slice_from(s, at - 1), &n)) ? n : 0;
}

struct slice
line_trim(struct slice s)
{
	size_t n;

	while (s.len > 0 && utf8_is_space(utf8_get(s, &n)))
		s = slice_from(s, n);
	while ((n = blank_at_end(s)) > 0)
		s.len -= n;
	return s;
}

/* The first byte of a separator?  Asked of every byte of a line's head. */
static bool
may_separate(char c)
{
	return c == ':' || c == '|' || c == '/' || c == '\xef';
}

/* Length of the item of a table that s begins with; 0: none. */
static size_t
starts_any(struct slice s, const struct slice *any, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (slice_starts(s, any[i]))
			return any[i].len;
	return 0;
}

static const struct label *
find_label(struct slice word)
{
	for (size_t i = 0; i < COUNT_OF(labels); i++)
		if (slice_eq_nocase(labels[i].word, word))
			return &labels[i];
	return NULL;
}

static const struct label *
use_label(const struct label *found, struct slice text, size_t to, bool bar,
	struct line *ret)
{
	ret->label = slice(text.ptr, to);
	ret->rest = line_trim(slice_from(text, to));
	ret->sure = bar;
	return found;
}

/* "Label: rest", "Label | rest" or "【Label】rest". */
static const struct label *
split_label(struct slice text, struct line *ret)
{
	struct slice head = slice_sub(text, 0, LABEL_MAX), rest;
	const struct label *found;
	size_t bar, colon;

	if (slice_starts(text, brackets[3].open)) {
		ssize_t end = slice_find(head, brackets[3].close, 0);

		found = end < 0 ? NULL : find_label(slice_sub(head, 3,
			(size_t)end));
		return found ? use_label(found, text, (size_t)end + 3, true,
			ret) : NULL;
	}
	for (size_t i = 0; i < head.len; i++) {
		if (!may_separate(head.ptr[i]))
			continue;
		rest = slice_from(text, i);
		bar = starts_any(rest, bars, COUNT_OF(bars));
		colon = starts_any(rest, colons, COUNT_OF(colons));
		if (bar + colon == 0)
			continue;
		found = find_label(line_trim(slice(text.ptr, i)));
		return found ? use_label(found, text, i + bar + colon,
			bar > 0, ret) : NULL;
	}
	return NULL;
}

/* "Related links" alone, and "Photo by X", which have no separator. */
static const struct label *
split_words(struct slice text, struct line *ret)
{
	static const struct slice by[] = { S_INIT("photo by "),
		S_INIT("photos by ") };
	const struct label *found = find_label(text);

	if (found && (found->kind == LINE_RELATED || found->kind == LINE_NEWS))
		return use_label(found, text, text.len, false, ret);
	for (size_t i = 0; i < COUNT_OF(by); i++)
		if (slice_starts_nocase(text, by[i]))
			return use_label(find_label(slice_sub(by[i], 0,
				by[i].len - 1)), text, by[i].len, false, ret);
	return NULL;
}

/* "(Photo: X)": what is in the brackets, if they hold the whole line. */
static bool
unwrap(struct slice text, struct slice *ret)
{
	for (size_t i = 0; i < COUNT_OF(brackets); i++) {
		struct slice open = brackets[i].open;
		struct slice close = brackets[i].close;

		if (!slice_starts(text, open) || !slice_ends(text, close) ||
			text.len < open.len + close.len)
			continue;
		*ret = line_trim(slice_sub(text, open.len,
			text.len - close.len));
		return true;
	}
	return false;
}

/* Cut the number before a unit ("年") off *s; -1: it is not there. */
static int
take_unit(struct slice *s, struct slice unit, int max)
{
	ssize_t at = slice_find(*s, unit, 0);
	int64_t n = at < 0 ? -1 : slice_number(line_trim(slice(s->ptr,
		(size_t)at)), max);

	if (n >= 0)
		*s = line_trim(slice_from(*s, (size_t)at + unit.len));
	return (int)n;
}

/* "08:00:00.123+08:00" without the fraction, which nothing here can hold. */
static struct slice
drop_fraction(struct slice s, char room[static DATE_MAX])
{
	ssize_t dot = slice_find_byte(s, '.');
	size_t end = (size_t)dot + 1;

	if (dot < 0)
		return s;
	while (end < s.len && s.ptr[end] >= '0' && s.ptr[end] <= '9')
		end++;
	if (end == (size_t)dot + 1)
		return s;
	memcpy(room, s.ptr, (size_t)dot);
	memcpy(room + dot, s.ptr + end, s.len - end);
	return slice(room, s.len - (end - (size_t)dot));
}

int64_t
line_date(struct slice s, int zone_minutes)
{
	char iso[DATE_MAX + 16], room[DATE_MAX];
	int64_t t;
	int y, m, d, len;

	s = line_trim(s);
	if (s.len > DATE_MAX)
		return -1;
	s = drop_fraction(s, room);
	if ((t = date_parse_iso(s, zone_minutes)) >= 0)
		return t;
	if ((y = take_unit(&s, S("年"), 9999)) < 0 ||
		(m = take_unit(&s, S("月"), 12)) < 0 ||
		(d = take_unit(&s, S("日"), 31)) < 0)
		return -1;
	len = snprintf(iso, sizeof(iso), "%04d-%02d-%02d %.*s", y, m, d,
		ARG(s));
	return date_parse_iso(slice(iso, (size_t)len), zone_minutes);
}

/* Does what follows the label fit its kind?  If not, the line is prose. */
static bool
fits(struct line *l, int zone_minutes)
{
	switch (l->kind) {
	case LINE_CREDIT:
		return people_plausible(l->rest);
	case LINE_DATE:
		l->date = line_date(l->rest, zone_minutes);
		return l->date >= 0;
	case LINE_NEWS:
		return l->rest.len == 0;
	case LINE_CORRECTION:
		return l->rest.len > 0;
	default:
		return true;
	}
}

static bool
read_labelled(struct slice text, int zone_minutes, struct line *l)
{
	struct slice inner;
	bool wrapped = unwrap(text, &inner);
	const struct label *label;

	if (!wrapped)
		inner = text;
	label = split_label(inner, l);
	if (!label)
		label = split_words(inner, l);
	if (!label)
		return false;
	l->kind = label->kind;
	l->role = label->role;
	l->sure = l->sure || wrapped;
	return fits(l, zone_minutes);
}

struct line
line_read(struct slice text, int zone_minutes)
{
	struct line l = { .text = text, .rest = text };
	size_t bullet = starts_any(text, bullets, COUNT_OF(bullets));

	if (bullet > 0) {
		l.kind = LINE_BULLET;
		l.rest = line_trim(slice_from(text, bullet));
		return l;
	}
	if (read_labelled(text, zone_minutes, &l))
		return l;
	l = (struct line){ .text = text, .rest = text };
	l.date = line_date(text, zone_minutes);
	if (l.date >= 0)
		l.kind = LINE_DATE;
	return l;
}

bool
line_is_short(const struct line *l)
{
	return l->rest.len <= SHORT_MAX * 4 &&
		utf8_count(l->rest) <= SHORT_MAX;
}

bool
line_is_title(const struct line *l)
{
	size_t n;

	if (l->rest.len > TITLE_MAX * 4)
		return false;
	n = utf8_count(l->rest);
	return n <= TITLE_MAX && (n < SENTENCE_MIN ||
		!(slice_ends(l->rest, S(".")) || slice_ends(l->rest, S("。"))));
}
