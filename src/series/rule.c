/*
 * Rules: a tree of conditions.
 *
 * Bodies are long and rules are many, so a text is folded once per article,
 * and a set of the threes of bytes in it tells at once which words cannot be
 * there (gram_at).
 */
#include "base/fold.h"
#include "base/utf8.h"
#include "series/rule.h"

enum { GRAM_BITS = 14 };

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

/*
 * Three bytes of a text, as a number of a bit.  A text has the words only if
 * it has all of their threes, and hardly a text has all threes of words that
 * are not in it: so of a thousand rules nearly all cost a look at one bit.
 */
static unsigned
gram_at(struct slice s, size_t i)
{
	const unsigned char *p = (const unsigned char *)s.ptr + i;
	uint32_t three = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16;

	return three * 2654435761u >> (32 - GRAM_BITS);
}

static struct folded
folded(struct slice text, struct arena *a)
{
	struct folded f = { fold_words(text, a), NULL };

	f.grams = arena_alloc(a, (1 << GRAM_BITS) / 8);
	for (size_t i = 0; i + 3 <= f.text.len; i++) {
		unsigned g = gram_at(f.text, i);

		f.grams[g / 8] |= (unsigned char)(1u << g % 8);
	}
	return f;
}

static bool
may_have(const struct folded *f, struct slice words)
{
	for (size_t i = 0; i + 3 <= words.len; i++) {
		unsigned g = gram_at(words, i);

		if (!(f->grams[g / 8] >> g % 8 & 1))
			return false;
	}
	return words.len > 0;
}

/* Both are folded. */
static bool
has_words(const struct folded *f, struct slice words)
{
	ssize_t at = may_have(f, words) ? slice_find(f->text, words, 0) : -1;

	while (at >= 0 && !stands_alone(f->text, words, (size_t)at +
		words.len))
		at = slice_find(f->text, words, (size_t)at + 1);
	return at >= 0;
}

static bool
any_words(const struct rule *r, struct folded *cache, struct slice text,
	struct arena *a)
{
	if (!cache->grams)
		*cache = folded(text, a);
	for (size_t i = 0; i < r->n_texts; i++)
		if (has_words(cache, r->texts[i]))
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
		return any_words(r, &s->title, art->title, s->arena);
	case RULE_BODY:
		return any_words(r, &s->body, art->text, s->arena);
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
