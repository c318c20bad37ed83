/*
 * A page of HTML: what the reader (html.c) finds out before it reads the
 * article's text - its metadata, and where in the page the text is.
 */
#ifndef READ_PAGE_H
#define READ_PAGE_H

#include "read/read.h"
#include "read/tag.h"
#include "read/token.h"

/* Who says it; the later counts more. */
enum page_rank {
	PAGE_MARKUP,	/* <title>, <h1>, lang */
	PAGE_META,	/* <meta name>, <link rel=canonical> */
	PAGE_GRAPH,	/* Open Graph, article: */
	PAGE_LINKED,	/* schema.org, JSON-LD */
	PAGE_RANKS,
};

enum {
	PAGE_FACTS_MAX = 512,
	PAGE_JSON_MAX = 256 * 1024,	/* bytes of one JSON-LD text */
	PAGE_DEPTH_MAX = 200,		/* of sections that are looked at */
	PAGE_HEADINGS_MAX = 8,
};

/* A field of the article, as somebody says it. */
struct page_fact {
	enum page_rank rank;
	const char *word;	/* of fields.h */
	struct slice value;
};

/* Bytes of the page, with how much text they have. */
struct page_part {
	size_t from, to;
	size_t weight;
	int rank;	/* of a part that may be the article */
};

struct page_heading {
	size_t at;
	struct slice text;
};

struct page {
	const struct read_env *env;
	struct arena *arena;
	struct page_fact facts[PAGE_FACTS_MAX];
	size_t n_facts;
	struct page_part body;		/* the article's text */
	struct page_part *furniture;	/* in the order of where they begin */
	size_t n_furniture;
	struct page_heading headings[PAGE_HEADINGS_MAX];
	size_t n_headings;
	struct slice title;		/* <title> */
};

/* Walk over the whole page, which stays as it is. */
void page_survey(struct page *p, struct slice html);

/* Note a fact; empty ones are passed over. */
void page_say(struct page *p, enum page_rank rank, const char *word,
	struct slice value);

/* Note what a <meta>, a <link> or <html> says. */
void page_read_tag(struct page *p, const struct token *t);

/* Note what a JSON-LD text says of an article. */
void page_read_json(struct page *p, struct slice text);

/* Give the article the fields, as the highest rank says them. */
void page_apply(const struct page *p, struct article *art);

/* Does a class, an id or a role say that an element is no text? */
bool page_is_furniture(const struct token *t);

#endif
