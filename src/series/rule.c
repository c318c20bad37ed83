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

static unsigned
gram_of(uint32_t three)
{
	return three * 2654435761u >> (32 - GRAM_BITS);
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

	return gram_of(three);
}

static struct folded
folded(struct slice text, struct arena *a)
{
	struct folded f = { fold_words(text, a), NULL };
	uint32_t three = 0;

	f.grams = arena_alloc(a, (1 << GRAM_BITS) / 8);
	for (size_t i = 0; i < f.text.len; i++) {
		unsigned g;

		/* Each byte is read once: gram_at() of all places but two. */
		three = three >> 8 |
			(uint32_t)(unsigned char)f.text.ptr[i] << 16;
		g = gram_of(three);
		if (i >= 2)
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
	struct subject *s)
{
	if (!cache->grams)
		*cache = folded(text, s->arena);
	for (size_t i = 0; i < r->n_texts; i++)
		if (has_words(cache, r->texts[i])) {
			s->word = r->texts[i];
			return true;
		}
	return false;
}

/* A search that is given up finds nothing (base/pattern.h). */
static bool
any_pattern(const struct rule *r, struct slice text, struct subject *s)
{
	for (size_t i = 0; i < r->patterns.n; i++)
		if (pattern_search(r->patterns.list[i], text, NULL) ==
			PATTERN_HIT) {
			s->word = pattern_text(r->patterns.list[i]);
			return true;
		}
	return false;
}

static bool
any_author(struct slice key, const struct subject *s)
{
	const struct article *art = s->article;

	for (size_t i = 0; i < art->n_people; i++)
		if (art->people[i].role == ROLE_AUTHOR &&
			slice_eq(fold_key(art->people[i].name, s->arena), key))
			return true;
	return false;
}

static bool
any_tag(struct slice key, const struct subject *s)
{
	for (size_t i = 0; i < s->article->fields.n_tags; i++)
		if (slice_eq(s->tags[i], key))
			return true;
	return false;
}

/* "zh" is also "zh-Hant", but not "zhx". */
static bool
is_language(struct slice tag, struct slice lang)
{
	return slice_starts_nocase(lang, tag) && (lang.len == tag.len ||
		lang.ptr[tag.len] == '-');
}

/* Does one text of a test for a fact hold? */
static bool
has_fact(enum rule_kind kind, struct slice text, const struct subject *s)
{
	switch (kind) {
	case RULE_TAG:
		return any_tag(text, s);
	case RULE_AUTHOR:
		return any_author(text, s);
	case RULE_PATH:
		return slice_starts(s->path, text);
	default:
		return is_language(text, s->article->lang);
	}
}

static bool
any_fact(const struct rule *r, struct subject *s)
{
	for (size_t i = 0; i < r->n_texts; i++)
		if (has_fact(r->kind, r->texts[i], s)) {
			s->word = r->texts[i];
			return true;
		}
	return false;
}

static bool
leaf_holds(const struct rule *r, struct subject *s)
{
	const struct article *art = s->article;

	switch (r->kind) {
	case RULE_TITLE:
		return any_words(r, &s->title, art->title, s);
	case RULE_BODY:
		return any_words(r, &s->body, art->text, s);
	case RULE_TITLE_MATCHES:
		return any_pattern(r, art->title, s);
	case RULE_BODY_MATCHES:
		return any_pattern(r, art->text, s);
	default:
		return any_fact(r, s);
	}
}

static bool
leaf_match(const struct rule *r, struct subject *s)
{
	if (!leaf_holds(r, s))
		return false;
	s->held = r;
	return true;
}

bool
rule_match(const struct rule *r, struct subject *s)
{
	bool all = r->kind == RULE_ALL;

	if (r->kind != RULE_ANY && !all && r->kind != RULE_NOT)
		return leaf_match(r, s);
	s->held = NULL;
	/* The first that decides: one that fails for "all", else one that
	 * holds. */
	for (size_t i = 0; i < r->n_rules; i++)
		if (rule_match(&r->rules[i], s) != all)
			return r->kind == RULE_ANY;
	return r->kind != RULE_ANY;
}

struct slice
rule_why(const struct subject *s)
{
	static const char *const says[] = {
		[RULE_TITLE] = "title has", [RULE_BODY] = "body has",
		[RULE_TAG] = "tag is", [RULE_AUTHOR] = "author is",
		[RULE_PATH] = "path begins with",
		[RULE_LANGUAGE] = "language is",
		[RULE_TITLE_MATCHES] = "title matches",
		[RULE_BODY_MATCHES] = "body matches",
	};

	/* "not": nothing was there that should not be. */
	if (!s->held)
		return S("the rule holds");
	return arena_printf(s->arena, "%s \"%.*s\"", says[s->held->kind],
		ARG(s->word));
}
