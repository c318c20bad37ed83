/*
 * A page's metadata: <meta>, Open Graph and the like.
 */
#include "base/fold.h"
#include "base/uri.h"
#include "read/fields.h"
#include "read/page.h"

enum { VALUE_MAX = 8 * 1024 };

struct meaning {
	const char *name;	/* of <meta name> or <meta property> */
	enum page_rank rank;
	const char *word;
};

static const struct meaning meanings[] = {
	{ "author", PAGE_META, "authors" },
	{ "byl", PAGE_META, "authors" },
	{ "description", PAGE_META, "summary" },
	{ "keywords", PAGE_META, "tags" },
	{ "news_keywords", PAGE_META, "tags" },
	{ "date", PAGE_META, "date" },
	{ "pubdate", PAGE_META, "date" },
	{ "publishdate", PAGE_META, "date" },
	{ "publish-date", PAGE_META, "date" },
	{ "publish_date", PAGE_META, "date" },
	{ "dc.date", PAGE_META, "date" },
	{ "dc.creator", PAGE_META, "authors" },
	{ "dc.title", PAGE_META, "title" },
	{ "dc.language", PAGE_META, "language" },
	{ "last-modified", PAGE_META, "updated" },
	{ "copyright", PAGE_META, "copyright" },
	{ "source", PAGE_META, "source" },
	{ "og:title", PAGE_GRAPH, "title" },
	{ "og:description", PAGE_GRAPH, "summary" },
	{ "og:image", PAGE_GRAPH, "cover" },
	{ "og:url", PAGE_GRAPH, "url" },
	{ "article:published_time", PAGE_GRAPH, "date" },
	{ "article:modified_time", PAGE_GRAPH, "updated" },
	{ "article:section", PAGE_GRAPH, "section" },
	{ "article:tag", PAGE_GRAPH, "tags" },
	{ "article:author", PAGE_GRAPH, "authors" },
};

void
page_say(struct page *p, enum page_rank rank, const char *word,
	struct slice value)
{
	if (p->n_facts == PAGE_FACTS_MAX || value.len > VALUE_MAX)
		return;
	value = fold_title(value, p->arena);
	if (value.len > 0)
		p->facts[p->n_facts++] = (struct page_fact){ rank, word,
			value };
}

/* An author is a name; Open Graph's are often addresses of profiles. */
static bool
fits(const char *word, struct slice value)
{
	return strcmp(word, "authors") != 0 || !uri_scheme(value).ptr;
}

static void
read_meta(struct page *p, const struct token *t)
{
	struct slice name = token_get(t, "property");
	struct slice value = token_get(t, "content");

	if (name.len == 0)
		name = token_get(t, "name");
	if (name.len == 0)
		name = token_get(t, "itemprop");
	for (size_t i = 0; i < COUNT_OF(meanings); i++)
		if (slice_eq_nocase(name, slice_str(meanings[i].name)) &&
			fits(meanings[i].word, value))
			page_say(p, meanings[i].rank, meanings[i].word,
				value);
}

static bool
has_word(struct slice list, const char *word)
{
	struct slice one;

	while (slice_next_field(&list, ' ', &one))
		if (slice_eq_nocase(one, slice_str(word)))
			return true;
	return false;
}

void
page_read_tag(struct page *p, const struct token *t)
{
	if (t->tag == TAG_META)
		read_meta(p, t);
	else if (t->tag == TAG_HTML)
		page_say(p, PAGE_MARKUP, "language", token_get(t, "lang"));
	else if (t->tag == TAG_LINK && has_word(token_get(t, "rel"),
		"canonical"))
		page_say(p, PAGE_META, "url", token_get(t, "href"));
	else if (t->tag == TAG_LINK && has_word(token_get(t, "rel"),
		"license"))
		page_say(p, PAGE_META, "licence", token_get(t, "href"));
}

/* An address as the page means it. */
static struct slice
absolute(const struct page *p, const struct page_fact *f)
{
	struct slice to;

	if (strcmp(f->word, "url") != 0 && strcmp(f->word, "cover") != 0)
		return f->value;
	to = uri_resolve(p->env->base, f->value, p->arena);
	return uri_is_http(to) ? to : slice("", 0);
}

static bool
has_author(const struct article *art)
{
	for (size_t i = 0; i < art->n_people; i++)
		if (art->people[i].role == ROLE_AUTHOR)
			return true;
	return false;
}

static void
apply_rank(const struct page *p, enum page_rank rank, struct article *art)
{
	bool authors = has_author(art), tags = art->fields.n_tags > 0;

	for (size_t i = 0; i < p->n_facts; i++) {
		const struct page_fact *f = &p->facts[i];
		bool author = strcmp(f->word, "authors") == 0;
		bool tag = strcmp(f->word, "tags") == 0;
		bool adds = author || tag || strcmp(f->word, "editors") == 0;

		if (f->rank != rank || (author && authors) || (tag && tags))
			continue;
		/* What does not fit its field is as good as not said. */
		(void)fields_set(p->env, slice_str(f->word), absolute(p, f),
			adds ? FIELDS_SAY : FIELDS_FILL, p->arena, art);
	}
}

void
page_apply(const struct page *p, struct article *art)
{
	for (int rank = PAGE_RANKS; rank-- > 0;)
		apply_rank(p, (enum page_rank)rank, art);
}
