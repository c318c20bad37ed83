/*
 * Markup: start tags, with the attributes that are kept.
 *
 * Each value is checked by what it is: an address, a number, a text.  What
 * does not fit is left out, as is every attribute that tags.def does not list.
 */
#include "base/uri.h"
#include "read/clean.h"
#include "read/markup.h"

enum {
	NUMBER_MAX = 99999,
	SPAN_MAX = 1000,	/* rows and columns, as in HTML */
	LANG_MAX = 35,
	VALUE_MAX = 1000,
	HEAD_MAX = 64 * 1024,
};

/* Bytes that no address has: they are percent-encoded. */
static bool
is_odd(char c)
{
	return strchr(" \"<>\\^`{|}", c) != NULL;
}

/*
 * As a browser takes it: without line ends, blanks encoded.  One with a
 * character that could not be read leads nowhere, least of all with the "?"
 * that stands for it in the text (reader.c).
 */
static struct slice
clean_address(struct slice s, struct arena *a)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(URI_MAX);
	struct slice rest = slice_trim(s), piece;

	while (clean_next(&rest, &piece) != CLEAN_END)
		for (size_t i = 0; i < piece.len; i++) {
			char c = piece.ptr[i];

			if ((unsigned char)c < ' ')
				continue;
			if (is_odd(c))
				buf_printf(&b, "%%%02X", (unsigned char)c);
			else
				buf_put_byte(&b, c);
		}
	return buf_ok(&b) ? arena_copy(a, buf_slice(&b)) : slice(NULL, 0);
}

static bool
is_for_links(struct slice scheme)
{
	return slice_eq_nocase(scheme, S("mailto")) ||
		slice_eq_nocase(scheme, S("tel"));
}

struct slice
markup_address(const struct markup *m, struct slice s, bool link)
{
	struct slice scheme, base = m->env->base;

	s = clean_address(s, m->arena);
	if (s.len == 0 || slice_find(s, S("\xef\xbf\xbd"), 0) >= 0)
		return slice(NULL, 0);
	if (s.ptr[0] == '#')
		return link && s.len > 1 ? s : slice(NULL, 0);
	scheme = uri_scheme(s);
	if (link && is_for_links(scheme) && s.len > scheme.len + 1)
		return s;
	s = uri_resolve(base.len ? base : S("https:"), s, m->arena);
	return uri_is_http(s) ? s : slice(NULL, 0);
}

static void
put_attribute(struct buf *b, const char *name, struct slice value)
{
	CLEANUP(buf_done) struct buf clean = BUF_INIT(HEAD_MAX);
	struct slice piece;
	enum clean_piece kind;

	while ((kind = clean_next(&value, &piece)) != CLEAN_END)
		buf_put(&clean, kind == CLEAN_TEXT ? piece : S(" "));
	buf_printf(b, " %s=\"", name);
	buf_put_xml(b, slice_trim(buf_slice(&clean)));
	buf_put_byte(b, '"');
}

static bool
is_one_of(const char *name, const char *a, const char *b)
{
	return strcmp(name, a) == 0 || strcmp(name, b) == 0;
}

static bool
is_address(const char *name)
{
	return is_one_of(name, "href", "src") ||
		is_one_of(name, "cite", "poster");
}

static bool
is_number(const char *name)
{
	return is_one_of(name, "width", "height") ||
		is_one_of(name, "start", "value") ||
		is_one_of(name, "colspan", "rowspan");
}

static void
put_number(struct buf *b, const char *name, struct slice value)
{
	int64_t n = slice_number(slice_trim(value), NUMBER_MAX);

	if (n < 0)
		return;
	if (is_one_of(name, "colspan", "rowspan"))
		n = MAX(MIN(n, SPAN_MAX), 1);
	buf_printf(b, " %s=\"%d\"", name, (int)n);
}

static void
put_checked(const struct markup *m, struct buf *b, const char *name,
	struct slice value)
{
	struct slice to;

	if (is_address(name)) {
		to = markup_address(m, value, strcmp(name, "href") == 0);
		if (to.ptr)
			put_attribute(b, name, to);
	} else if (is_number(name)) {
		put_number(b, name, value);
	} else if (value.len > 0 && value.len <= VALUE_MAX) {
		put_attribute(b, name, value);
	}
}

/* A language tag, as far as its letters go. */
static bool
is_lang(struct slice s)
{
	if (s.len == 0 || s.len > LANG_MAX || s.ptr[0] == '-')
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i] | 0x20;

		if (!(c >= 'a' && c <= 'z') && s.ptr[i] != '-' &&
			!(s.ptr[i] >= '0' && s.ptr[i] <= '9'))
			return false;
	}
	return true;
}

static void
put_global(struct buf *b, const struct token *t)
{
	struct slice lang = token_get(t, "lang"), dir = token_get(t, "dir");

	if (is_lang(lang))
		put_attribute(b, "lang", lang);
	if (slice_eq_nocase(dir, S("rtl")) || slice_eq_nocase(dir, S("ltr")))
		put_attribute(b, "dir", dir);
}

static void
put_listed(const struct markup *m, struct buf *b, enum tag_id id,
	const struct token *t)
{
	struct slice words = slice_str(tag_of(id)->attributes), word;
	char name[16];

	while (slice_next_field(&words, ' ', &word)) {
		if (word.len == 0 || word.len >= sizeof(name))
			continue;
		memcpy(name, word.ptr, word.len);
		name[word.len] = '\0';
		put_checked(m, b, name, token_get(t, name));
	}
	put_global(b, t);
}

struct slice
markup_head(const struct markup *m, enum tag_id id, const struct token *t)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(HEAD_MAX);

	buf_printf(&b, "<%s", id == TAG_H1 ? "h2" : tag_of(id)->name.ptr);
	if (t)
		put_listed(m, &b, id, t);
	if (id == TAG_A && slice_find(buf_slice(&b), S(" href="), 0) != 2)
		return slice(NULL, 0);
	if (tag_of(id)->kind == KIND_PLAYER)
		buf_put_str(&b, " controls=\"controls\"");
	buf_put_byte(&b, '>');
	return buf_ok(&b) ? arena_copy(m->arena, buf_slice(&b)) :
		slice(NULL, 0);
}
