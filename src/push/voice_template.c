/*
 * Templates: text with "{field}", and "[...]" that goes when a field in it is
 * empty.
 *
 * 1. Whatever is no field is text, and so is a bracket that has none inside:
 *    people's own words may hold any of them.
 * 2. Lines are apart: no bracket reaches over the end of one.
 */
#include "base/nearest.h"
#include "base/utf8.h"
#include "push/voice.h"
#include "push/voice_parts.h"

static const char *const names[VOICE_FIELDS] = {
	[VOICE_TITLE] = "title",
	[VOICE_HEADLINE] = "headline",
	[VOICE_SERIES] = "series",
	[VOICE_PART] = "part",
	[VOICE_SUMMARY] = "summary",
	[VOICE_URL] = "url",
	[VOICE_TAGS] = "tags",
	[VOICE_CREDITS] = "credits",
	[VOICE_SECTION] = "section",
	[VOICE_CORRECTION] = "correction",
	[VOICE_SITE] = "site",
};

/* ---- pieces ---- */

/* "{name}" or "{name...}". */
struct piece {
	size_t len;
	enum voice_field field;
	bool is_elastic;
};

static enum voice_field
field_named(struct slice name)
{
	size_t i = 0;

	while (i < VOICE_FIELDS && !slice_eq(name, slice_str(names[i])))
		i++;
	return (enum voice_field)i;
}

/* What stands in braces at the start of s, without dots; ptr NULL: nothing. */
static struct slice
braced(struct slice s, struct piece *ret)
{
	static const struct slice dots[] = { S_INIT("..."),
		S_INIT("\u2026") };
	ssize_t end = s.len > 0 && s.ptr[0] == '{' ?
		slice_find_byte(s, '}') : -1;
	struct slice name;

	if (end < 0)
		return slice(NULL, 0);
	name = slice_sub(s, 1, (size_t)end);
	*ret = (struct piece){ .len = (size_t)end + 1 };
	for (size_t i = 0; i < COUNT_OF(dots); i++)
		if (slice_ends(name, dots[i])) {
			ret->is_elastic = true;
			name.len -= dots[i].len;
			break;
		}
	return name;
}

/* Does s start with a field? */
static bool
next_field(struct slice s, struct piece *ret)
{
	struct slice name = braced(s, ret);

	if (!name.ptr)
		return false;
	ret->field = field_named(name);
	return ret->field != VOICE_FIELDS;
}

/* The next field in s; its offset, or -1. */
static ssize_t
find_field(struct slice s, struct piece *ret)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == '{' && next_field(slice_from(s, i), ret))
			return (ssize_t)i;
	return -1;
}

bool
voice_template_has(struct slice template, enum voice_field field)
{
	struct piece p;
	ssize_t at;

	while ((at = find_field(template, &p)) >= 0) {
		if (p.field == field)
			return true;
		template = slice_from(template, (size_t)at + p.len);
	}
	return false;
}

enum voice_field
voice_template_elastic(struct slice template)
{
	static const enum voice_field usual[] = { VOICE_SUMMARY,
		VOICE_HEADLINE, VOICE_TITLE };
	struct slice rest = template;
	struct piece p;
	ssize_t at;

	while ((at = find_field(rest, &p)) >= 0) {
		if (p.is_elastic)
			return p.field;
		rest = slice_from(rest, (size_t)at + p.len);
	}
	for (size_t i = 0; i < COUNT_OF(usual); i++)
		if (voice_template_has(template, usual[i]))
			return usual[i];
	return VOICE_FIELDS;
}

/* ---- filling in ---- */

/* How many fields s has, and how many of them are empty. */
static size_t
count_fields(const struct voice_filling *f, struct slice s, size_t *ret_empty)
{
	struct piece p;
	size_t n = 0;
	ssize_t at;

	*ret_empty = 0;
	while ((at = find_field(s, &p)) >= 0) {
		n++;
		*ret_empty += f->values[p.field].len == 0;
		s = slice_from(s, (size_t)at + p.len);
	}
	return n;
}

static void
put_field(struct voice_filling *f, enum voice_field field)
{
	if (field == f->elastic && f->elastic_at == SIZE_MAX)
		f->elastic_at = f->out->len;
	else
		buf_put(f->out, f->values[field]);
}

static void
put_plain(struct voice_filling *f, struct slice s)
{
	struct piece p;
	ssize_t at;

	while ((at = find_field(s, &p)) >= 0) {
		buf_put(f->out, slice_sub(s, 0, (size_t)at));
		put_field(f, p.field);
		s = slice_from(s, (size_t)at + p.len);
	}
	buf_put(f->out, s);
}

/* A line, bracket by bracket. */
static void
put_line(struct voice_filling *f, struct slice line)
{
	ssize_t open, close;

	while ((open = slice_find_byte(line, '[')) >= 0 &&
		(close = slice_find(line, S("]"), (size_t)open)) >= 0) {
		struct slice inside = slice_sub(line, (size_t)open + 1,
			(size_t)close);
		size_t empty, n = count_fields(f, inside, &empty);

		put_plain(f, slice_sub(line, 0, (size_t)open));
		if (n == 0)
			put_plain(f, slice_sub(line, (size_t)open,
				(size_t)close + 1));
		else if (empty == 0)
			put_plain(f, inside);
		line = slice_from(line, (size_t)close + 1);
	}
	put_plain(f, line);
}

void
voice_template_fill(struct voice_filling *f, struct slice template)
{
	struct slice line;
	bool is_blank = false;

	f->elastic_at = SIZE_MAX;
	while (slice_next_line(&template, &line)) {
		size_t empty, n = count_fields(f, line, &empty);

		if (n > 0 && empty == n)
			continue;
		if (slice_trim(line).len == 0) {
			is_blank = true;
			continue;
		}
		/* Whatever is left out, no gap grows, and none is first. */
		if (f->out->len > 0 || f->elastic_at != SIZE_MAX)
			buf_put_str(f->out, is_blank ? "\n\n" : "\n");
		is_blank = false;
		put_line(f, line);
	}
}

/* ---- the setting ---- */

static int
unknown_field(struct slice name, struct err *e)
{
	struct nearest near = { .word = name };

	for (size_t i = 0; i < VOICE_FIELDS; i++)
		nearest_try(&near, names[i]);
	err_set(e, ERR_CONFIG, "there is no field \"{%.*s}\"",
		ARG(utf8_first(name, 40)));
	if (near.best)
		return err_hint(e, "Did you mean \"{%s}\"?", near.best);
	return err_hint(e, "gazetted-targets(5) has all of them.");
}

int
voice_check_template(struct slice text, struct err *e)
{
	bool is_elastic = false;

	for (ssize_t at; (at = slice_find_byte(text, '{')) >= 0;) {
		struct piece p;
		struct slice name = braced(slice_from(text, (size_t)at), &p);

		if (!name.ptr) {
			err_set(e, ERR_CONFIG, "a \"{\" without its \"}\"");
			return err_hint(e, "Write fields as \"{headline}\".");
		}
		if (field_named(name) == VOICE_FIELDS)
			return unknown_field(name, e);
		if (p.is_elastic && is_elastic) {
			err_set(e, ERR_CONFIG, "a second field that gives "
				"way: \"{%.*s...}\"", ARG(name));
			return err_hint(e, "One of them can have dots.");
		}
		is_elastic |= p.is_elastic;
		text = slice_from(text, (size_t)at + p.len);
	}
	return 0;
}
