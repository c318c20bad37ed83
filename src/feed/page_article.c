/*
 * The page of an article, for newsrooms that have none of their own; it is
 * also their mobile version.
 *
 * First the article, then where it belongs (its series, its topics), then what
 * else there is to read, and last what a reader may do with it.
 */
#include <stdlib.h>

#include "feed/page_kit.h"
#include "feed/render.h"
#include "model/address.h"
#include "model/content.h"
#include "model/facts.h"

/* The more special a channel is, the smaller. */
static int
rank(const struct feed *f)
{
	return f->kind == CHANNEL_SERIES ? 0 : f->kind == CHANNEL_TOPIC ? 1 : 2;
}

static int
compare(const void *left, const void *right)
{
	const struct feed *a = *(const struct feed *const *)left;
	const struct feed *b = *(const struct feed *const *)right;

	if (rank(a) != rank(b))
		return rank(a) - rank(b);
	return a->id < b->id ? -1 : a->id > b->id;
}

static const struct feed **
sort_feeds(const struct article_view *v, struct arena *a)
{
	const struct feed **list = ARENA_ARRAY(a, const struct feed *,
		v->n_feeds);

	for (size_t i = 0; i < v->n_feeds; i++)
		list[i] = &v->feeds[i];
	if (v->n_feeds > 0)
		qsort(list, v->n_feeds, sizeof(list[0]), compare);
	return list;
}

/* ---- the article ---- */

/* "Editor: X, Y", behind what is on the line already. */
static void
put_credit(struct page *p, const struct entry *e, enum person_role role,
	enum word label)
{
	bool any = false;

	for (size_t i = 0; i < e->n_people; i++) {
		if (e->people[i].role != role)
			continue;
		if (any)
			page_put_word(p, "", WORD_COMMA, "");
		else
			page_put_word(p, " · ", label, "");
		if (!any)
			page_put_word(p, "", WORD_COLON, "");
		page_put_text(p, "", e->people[i].name, "");
		any = true;
	}
}

static void
put_byline(struct page *p, const struct entry *e)
{
	page_put(p, "<p class=\"meta\">");
	page_put_date(p, e->published);
	put_credit(p, e, ROLE_AUTHOR, WORD_AUTHOR);
	put_credit(p, e, ROLE_EDITOR, WORD_EDITOR);
	put_credit(p, e, ROLE_PHOTOGRAPHER, WORD_PHOTOGRAPHER);
	put_credit(p, e, ROLE_TRANSLATOR, WORD_TRANSLATOR);
	put_credit(p, e, ROLE_CONTRIBUTOR, WORD_CONTRIBUTOR);
	page_put(p, "</p>\n");
}

/* A line below the text. */
static void
put_fact(struct page *p, enum word label, struct slice text, bool is_address)
{
	if (text.len == 0)
		return;
	page_put_word(p, "<p class=\"meta\">", label, "");
	page_put_word(p, "", WORD_COLON, "");
	if (is_address)
		page_put_link(p, text, text);
	else
		page_put_text(p, "", text, "");
	page_put(p, "</p>\n");
}

static void
put_facts(struct page *p, const struct entry *e)
{
	if (e->updated > e->published) {
		page_put_word(p, "<p class=\"meta\">", WORD_UPDATED, "");
		page_put_word(p, "", WORD_COLON, "");
		page_put_date(p, e->updated);
		page_put(p, "</p>\n");
	}
	put_fact(p, WORD_SOURCE, e->fields.source, false);
	put_fact(p, WORD_LICENCE, facts_licence(p->c, e), true);
	if (e->fields.copyright.len > 0)
		page_put_text(p, "<p class=\"meta\">", e->fields.copyright,
			"</p>\n");
}

static void
put_text(struct page *p, const struct entry *e)
{
	page_put(p, "<article");
	page_put_lang(p, e->lang);
	page_put(p, ">\n");
	if (e->fields.section.len > 0)
		page_put_text(p, "<p class=\"kicker\">", e->fields.section,
			"</p>\n");
	page_put_text(p, "<h1>", e->title, "</h1>\n");
	put_byline(p, e);
	content_put(p->b, p->c, e, p->a);
	page_put(p, "\n");
	put_facts(p, e);
	page_put(p, "</article>\n");
}

/* ---- around it ---- */

static void
put_series(struct page *p, const struct article_view *v)
{
	struct feed f = { .kind = CHANNEL_SERIES,
		.slug = v->entry->series_slug,
		.title = v->entry->series_title };

	if (!v->entry->series_id)
		return;
	page_open_part(p, "nav", "series", WORD_SERIES);
	page_put(p, "<p>");
	page_put_link(p, page_of_feed(p, &f), feed_title(p->c, &f));
	page_put(p, "</p>\n");
	page_put_parts(p, &v->series, v->entry->article_id);
	page_put(p, "</nav>\n");
}

static void
put_topics(struct page *p, const struct feed *const *feeds, size_t n)
{
	size_t shown = 0;

	for (size_t i = 0; i < n; i++) {
		if (feeds[i]->kind != CHANNEL_TOPIC)
			continue;
		if (shown++ == 0) {
			page_open_part(p, "nav", "topics", WORD_TOPICS);
			page_put(p, "<ul class=\"row\">\n");
		}
		page_put(p, "<li>");
		page_put_link(p, page_of_feed(p, feeds[i]),
			feed_title(p->c, feeds[i]));
		page_put(p, "</li>\n");
	}
	if (shown > 0)
		page_put(p, "</ul>\n</nav>\n");
}

static void
put_news(struct page *p, const struct article_view *v)
{
	if (v->n_news == 0)
		return;
	page_open_part(p, "section", "news", WORD_NEWS);
	page_put_entries(p, v->news, v->n_news);
	page_put(p, "</section>\n");
}

void
page_article(struct buf *b, const struct config *c,
	const struct article_view *v, struct arena *a)
{
	const struct entry *e = v->entry;
	struct page p = page_begin(b, c, e->lang, a);
	const struct feed **feeds = sort_feeds(v, a);
	struct page_head head = {
		.title = e->title,
		.about = e->summary,
		.address = address_entry(c, e, a),
		.entry = e,
		.feeds = feeds,
		.n_feeds = v->n_feeds,
	};

	page_put_top(&p, &head);
	page_put_article_data(&p, v);
	put_text(&p, e);
	put_series(&p, v);
	put_topics(&p, feeds, v->n_feeds);
	put_news(&p, v);
	page_put_share(&p, head.address, e->title);
	if (v->n_feeds > 0)
		page_put_subscribe(&p, feeds[0]);
	page_put_bottom(&p);
}
