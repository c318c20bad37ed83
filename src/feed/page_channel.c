/*
 * The page of a series, or of a topic.
 *
 * A series is told in its own order, so that a reader begins at the
 * beginning; a topic has the newest first.
 */
#include "feed/page_kit.h"
#include "feed/render.h"

static struct slice
about(struct page *p, const struct feed *f)
{
	return page_phrase(p, f->kind == CHANNEL_SERIES ? WORD_ABOUT_SERIES :
		WORD_ABOUT_TOPIC, feed_title(p->c, f));
}

void
page_channel(struct buf *b, const struct config *c,
	const struct channel_view *v, struct arena *a)
{
	struct page p = page_begin(b, c, S(""), a);
	const struct feed *f = v->feed, *feeds[] = { f, v->all };
	struct page_head head = {
		.title = feed_title(c, f),
		.about = about(&p, f),
		.address = page_of_feed(&p, f),
		.feeds = feeds,
		.n_feeds = v->all ? 2 : 1,
	};

	page_put_top(&p, &head);
	page_put_channel_data(&p, v);
	page_put_word(&p, "<p class=\"kicker\">", f->kind == CHANNEL_SERIES ?
		WORD_SERIES : WORD_TOPICS, "</p>\n");
	page_put_text(&p, "<h1>", head.title, "</h1>\n");
	if (v->series.n_parts > 0)
		page_put_parts(&p, &v->series, 0);
	else
		page_put_entries(&p, f->list, f->n);
	page_put_subscribe(&p, f);
	page_put_share(&p, head.address, head.title);
	page_put_bottom(&p);
}
