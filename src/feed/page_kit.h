/*
 * What the files of pages share: a page under way, and the small pieces that
 * all of them are made of.
 *
 * Every text goes through buf_put_xml(), whatever it is, so no page can be
 * broken by what it shows.
 */
#ifndef FEED_PAGE_KIT_H
#define FEED_PAGE_KIT_H

#include "base/buf.h"
#include "feed/page.h"
#include "feed/page_words.h"

struct page {
	struct buf *b;
	const struct config *c;
	struct arena *a;
	struct slice lang;		/* of what stands around its texts */
	const struct words *words;
};

/* What the head of a page tells machines. */
struct page_head {
	struct slice title;
	struct slice about;		/* one sentence */
	struct slice address;		/* absolute, its own; empty: none */
	const struct entry *entry;	/* whose page it is; NULL: none's */
	const struct feed *const *feeds;	/* the most specific first */
	size_t n_feeds;
};

/* ---- pieces (page_kit.c) ---- */

/* A page in the furniture of that language, or the site's. */
struct page page_begin(struct buf *b, const struct config *c,
	struct slice lang, struct arena *a);

/* Markup as it is; text between markup; a word; a word with a name in it. */
void page_put(struct page *p, const char *markup);
void page_put_text(struct page *p, const char *open, struct slice text,
	const char *close);
void page_put_word(struct page *p, const char *open, enum word w,
	const char *close);
void page_put_phrase(struct page *p, const char *open, enum word w,
	struct slice name, const char *close);

/* A word with a name in it, as plain text. */
struct slice page_phrase(struct page *p, enum word w, struct slice name);

/* A link with its text. */
void page_put_link(struct page *p, struct slice href, struct slice text);

/* A section or the like, with the heading that names it. */
void page_open_part(struct page *p, const char *element, const char *id,
	enum word heading);

/* " lang=..." where a text's language is not that of what is around it. */
void page_put_lang(struct page *p, struct slice lang);

/* The day as the newsroom's calendar has it. */
void page_put_date(struct page *p, int64_t t);

/* Titles with their dates, as a list. */
void page_put_entries(struct page *p, const struct entry *list, size_t n);

/* The address of a channel's page. */
struct slice page_of_feed(struct page *p, const struct feed *f);

/* The picture that stands for an entry, or for the newsroom (NULL). */
struct page_image {
	struct slice address;
	struct slice alt;
	int width, height;	/* 0: not known */
};
struct page_image page_image(struct page *p, const struct entry *e);

/* ---- head and foot ---- */

/* Everything up to the page's own part, and behind it (page_frame.c). */
void page_put_top(struct page *p, const struct page_head *h);
void page_put_bottom(struct page *p);

/* Open Graph and its kind (page_card.c). */
void page_put_card(struct page *p, const struct page_head *h);

/* schema.org, for the page of an article or a channel (page_data.c). */
void page_put_article_data(struct page *p, const struct article_view *v);
void page_put_channel_data(struct page *p, const struct channel_view *v);

/* ---- boxes ---- */

/* Where the newsroom can be followed (page_follow.c). */
void page_put_follow(struct page *p);

/* Where to subscribe to a channel (page_subscribe.c). */
void page_put_subscribe(struct page *p, const struct feed *f);

/* Ways to hand the page on, and to a telephone (page_share.c). */
void page_put_share(struct page *p, struct slice address,
	struct slice title);

/*
 * The parts of a series as a list, the missing ones in their places
 * (page_parts.c).  current: the article whose page it is, and only what is
 * around it is listed; 0: none's, all of them are.
 */
void page_put_parts(struct page *p, const struct parts_view *v,
	int64_t current);

#endif
