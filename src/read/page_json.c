/*
 * A page's metadata: schema.org as JSON-LD.
 *
 * Newsrooms wrap the article in arrays and in "@graph", and write a person as
 * a text, an object or a list of either.  What is not understood is passed
 * over: the page has more to say than this.
 */
#include <jansson.h>

#include "read/page.h"

enum { DEPTH_MAX = 6, LIST_MAX = 64 };

static struct slice
text_of(const json_t *value)
{
	if (!json_is_string(value))
		return slice(NULL, 0);
	return slice(json_string_value(value), json_string_length(value));
}

static bool
type_is(const json_t *object, bool (*fits)(struct slice type))
{
	const json_t *type = json_object_get(object, "@type");

	if (json_is_string(type))
		return fits(text_of(type));
	for (size_t i = 0; i < json_array_size(type) && i < LIST_MAX; i++)
		if (fits(text_of(json_array_get(type, i))))
			return true;
	return false;
}

static bool
is_article(struct slice type)
{
	return slice_eq(type, S("BlogPosting")) ||
		slice_ends(type, S("Article")) ||
		slice_ends(type, S("ReportageNewsArticle"));
}

static bool
is_series(struct slice type)
{
	return slice_ends(type, S("Series"));
}

/*
 * A text; of an object its `key`; of a list each of them.  Each goes into the
 * word.
 */
static void
say_each(struct page *p, const char *word, const json_t *value,
	const char *key, int depth)
{
	if (depth > DEPTH_MAX)
		return;
	if (json_is_string(value))
		page_say(p, PAGE_LINKED, word, text_of(value));
	else if (json_is_object(value))
		say_each(p, word, json_object_get(value, key), key,
			depth + 1);
	for (size_t i = 0; i < json_array_size(value) && i < LIST_MAX; i++)
		say_each(p, word, json_array_get(value, i), key, depth + 1);
}

static void
say_number(struct page *p, const char *word, const json_t *value)
{
	if (json_is_integer(value))
		page_say(p, PAGE_LINKED, word, arena_printf(p->arena, "%lld",
			(long long)json_integer_value(value)));
	else
		page_say(p, PAGE_LINKED, word, text_of(value));
}

/* What an article is part of: a site and its paywall are that too. */
static void
say_series(struct page *p, const json_t *article)
{
	const json_t *whole = json_object_get(article, "isPartOf");

	if (json_is_array(whole))
		whole = json_array_get(whole, 0);
	if (!json_is_object(whole) || !type_is(whole, is_series))
		return;
	page_say(p, PAGE_LINKED, "series",
		text_of(json_object_get(whole, "name")));
	say_number(p, "part", json_object_get(article, "position"));
}

static void
say_article(struct page *p, const json_t *o)
{
	static const struct { const char *key, *word, *inner; } keys[] = {
		{ "headline", "title", "@value" },
		{ "author", "authors", "name" },
		{ "editor", "editors", "name" },
		{ "datePublished", "date", "@value" },
		{ "dateModified", "updated", "@value" },
		{ "description", "summary", "@value" },
		{ "image", "cover", "url" },
		{ "keywords", "tags", "name" },
		{ "articleSection", "section", "name" },
		{ "inLanguage", "language", "name" },
		{ "license", "licence", "url" },
		{ "url", "url", "@id" },
	};

	for (size_t i = 0; i < COUNT_OF(keys); i++)
		say_each(p, keys[i].word, json_object_get(o, keys[i].key),
			keys[i].inner, 0);
	say_series(p, o);
}

/* Find the article in lists and graphs; true: it was there. */
static bool
walk(struct page *p, const json_t *value, int depth)
{
	if (depth > DEPTH_MAX)
		return false;
	if (json_is_object(value)) {
		if (type_is(value, is_article)) {
			say_article(p, value);
			return true;
		}
		return walk(p, json_object_get(value, "@graph"), depth + 1);
	}
	for (size_t i = 0; i < json_array_size(value) && i < LIST_MAX; i++)
		if (walk(p, json_array_get(value, i), depth + 1))
			return true;
	return false;
}

void
page_read_json(struct page *p, struct slice text)
{
	json_t *root;

	if (text.len > PAGE_JSON_MAX)
		return;
	root = json_loadb(text.ptr, text.len, 0, NULL);
	if (root)
		walk(p, root, 0);
	json_decref(root);
}
