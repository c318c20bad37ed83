/*
 * Rules: a tree of conditions.
 *
 * Bodies are long and rules are many, so a text is lowered once per article
 * and then searched with memchr(3) for the last byte of the words: of the
 * bytes of a Chinese character, the last is the least common.
 */
#include "base/fold.h"
#include "base/utf8.h"
#include "series/rule.h"

static bool
is_plain(char c)
{
	return c > ' ' && c < 0x7f;
}

static char
lower_plain(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Small letters, and one blank for any run of white space. */
static struct slice
lower(struct slice s, struct arena *a)
{
	/* No small letter is longer than twice its capital one. */
	char *out = arena_alloc(a, s.len * 2 + 4);
	size_t len = 0, i = 0, n;
	int32_t c;

	while (i < s.len) {
		if (is_plain(s.ptr[i])) {
			out[len++] = lower_plain(s.ptr[i++]);
			continue;
		}
		c = utf8_get(slice_from(s, i), &n);
		i += n;
		if (!utf8_is_space(c))
			len += utf8_encode(utf8_is_han(c) ? c : utf8_lower(c),
				out + len);
		else if (len == 0 || out[len - 1] != ' ')
			out[len++] = ' ';
	}
	return slice(out, len);
}

static bool
is_word(int32_t c)
{
	return c >= 0 && !utf8_is_han(c) && utf8_is_alnum(c);
}

static int32_t
last_glyph(struct slice s)
{
	size_t at = s.len, n;

	while (at > 0 && ((unsigned char)s.ptr[at - 1] & 0xc0) == 0x80)
		at--;
	return at > 0 ? utf8_get(slice_from(s, at - 1), &n) : -1;
}

static int32_t
first_glyph(struct slice s)
{
	size_t n;

	return utf8_get(s, &n);
}

/* Do the glyphs belong to one word? */
static bool
joined(int32_t left, int32_t right)
{
	return is_word(left) && is_word(right);
}

/* Are the words, which end before byte `end`, not parts of longer ones? */
static bool
stands_alone(struct slice text, struct slice words, size_t end)
{
	return !joined(last_glyph(slice(text.ptr, end - words.len)),
		first_glyph(words)) &&
		!joined(last_glyph(words), first_glyph(slice_from(text, end)));
}

/* Both in small letters. */
static bool
has_words(struct slice text, struct slice words)
{
	size_t end = words.len;
	const char *hit;

	if (words.len == 0)
		return false;
	for (; end <= text.len; end++) {
		hit = memchr(text.ptr + end - 1, words.ptr[words.len - 1],
			text.len - end + 1);
		if (!hit)
			return false;
		end = (size_t)(hit - text.ptr) + 1;
		if (slice_eq(slice_sub(text, end - words.len, end), words) &&
			stands_alone(text, words, end))
			return true;
	}
	return false;
}

static struct slice
lowered(struct slice *cache, struct slice text, struct arena *a)
{
	if (!cache->ptr)
		*cache = lower(text, a);
	return *cache;
}

static bool
any_words(const struct rule *r, struct slice text, struct arena *a)
{
	for (size_t i = 0; i < r->n_texts; i++)
		if (has_words(text, slice_trim(lower(r->texts[i], a))))
			return true;
	return false;
}

static bool
any_author(const struct rule *r, const struct subject *s)
{
	const struct article *art = s->article;

	for (size_t i = 0; i < r->n_texts; i++) {
		struct slice key = fold_key(r->texts[i], s->arena);

		for (size_t k = 0; k < art->n_people; k++)
			if (art->people[k].role == ROLE_AUTHOR &&
				slice_eq(fold_key(art->people[k].name,
				s->arena), key))
				return true;
	}
	return false;
}

static bool
any_path(const struct rule *r, struct slice path)
{
	for (size_t i = 0; i < r->n_texts; i++)
		if (slice_starts(path, r->texts[i]))
			return true;
	return false;
}

/* "zh" is also "zh-Hant", but not "zhx". */
static bool
any_language(const struct rule *r, struct slice lang)
{
	for (size_t i = 0; i < r->n_texts; i++) {
		struct slice tag = r->texts[i];

		if (slice_starts_nocase(lang, tag) && (lang.len == tag.len ||
			lang.ptr[tag.len] == '-'))
			return true;
	}
	return false;
}

static bool
leaf_match(const struct rule *r, struct subject *s)
{
	const struct article *art = s->article;

	switch (r->kind) {
	case RULE_TITLE:
		return any_words(r, lowered(&s->title, art->title, s->arena),
			s->arena);
	case RULE_BODY:
		return any_words(r, lowered(&s->body, art->text, s->arena),
			s->arena);
	case RULE_AUTHOR:
		return any_author(r, s);
	case RULE_PATH:
		return any_path(r, s->path);
	case RULE_LANGUAGE:
		return any_language(r, art->lang);
	default:
		/* RULE_TAG: plain text has no tags. */
		return false;
	}
}

bool
rule_match(const struct rule *r, struct subject *s)
{
	bool all = r->kind == RULE_ALL;

	if (r->kind != RULE_ANY && !all && r->kind != RULE_NOT)
		return leaf_match(r, s);
	/* The first that decides: one that fails for "all", else one that
	 * holds. */
	for (size_t i = 0; i < r->n_rules; i++)
		if (rule_match(&r->rules[i], s) != all)
			return r->kind == RULE_ANY;
	return r->kind != RULE_ANY;
}
