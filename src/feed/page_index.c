/*
 * The index: the newest articles, and every channel there is.
 *
 * An archive may have ten thousand series.  Of each kind those are shown that
 * changed last; all of them are in the OPML file.
 */
#include <stdlib.h>

#include "feed/page_kit.h"
#include "feed/render.h"
#include "model/address.h"

/* The last change first; then by id, which is by age. */
static int
compare(const void *left, const void *right)
{
	const struct feed *a = *(const struct feed *const *)left;
	const struct feed *b = *(const struct feed *const *)right;

	if (a->copies[0].mtime != b->copies[0].mtime)
		return a->copies[0].mtime < b->copies[0].mtime ? 1 : -1;
	return a->id < b->id ? -1 : a->id > b->id;
}

static void
put_channel(struct page *p, const struct feed *f)
{
	page_put(p, "<li>");
	page_put_link(p, page_of_feed(p, f), feed_title(p->c, f));
	page_put_phrase(p, " <span class=\"meta\">", WORD_COUNT_OF,
		arena_printf(p->a, "%zu", f->entries), " · ");
	page_put_link(p, site_address(&p->c->site, address_feed(f,
		renderers[0]->ending, p->a), p->a), S("Atom"));
	page_put(p, "</span></li>\n");
}

static void
put_channels(struct page *p, enum channel_kind kind, const char *id,
	enum word heading, const struct feed *feeds, size_t n)
{
	const struct feed **list = ARENA_ARRAY(p->a, const struct feed *, n);
	size_t found = 0, shown;

	for (size_t i = 0; i < n; i++)
		if (feeds[i].kind == kind && feed_is_listed(&feeds[i]))
			list[found++] = &feeds[i];
	if (found == 0)
		return;
	qsort(list, found, sizeof(list[0]), compare);
	shown = MIN(found, (size_t)PAGE_CHANNELS_MAX);
	page_open_part(p, "nav", id, heading);
	page_put(p, "<ul class=\"entries\">\n");
	for (size_t i = 0; i < shown; i++)
		put_channel(p, list[i]);
	if (found > shown)
		page_put_phrase(p, "<li class=\"meta\">", WORD_MORE,
			arena_printf(p->a, "%zu", found - shown), "</li>\n");
	page_put(p, "</ul>\n</nav>\n");
}

void
page_index(struct buf *b, const struct config *c, const struct feed *feeds,
	size_t n, const struct feed *all, struct arena *a)
{
	struct page p = page_begin(b, c, S(""), a);
	const struct channel_view view = { .feed = all };
	struct page_head head = {
		.title = c->site.name,
		.about = page_phrase(&p, WORD_ABOUT_ALL, c->site.name),
		.address = c->site.url,
		.feeds = &all,
		.n_feeds = all ? 1 : 0,
	};

	page_put_top(&p, &head);
	page_put_text(&p, "<h1>", c->site.name, "</h1>\n");
	if (!all) {
		page_put_word(&p, "<p>", WORD_NOTHING_YET, "</p>\n");
		page_put_bottom(&p);
		return;
	}
	page_put_channel_data(&p, &view);
	page_put_word(&p, "<h2>", WORD_NEWEST, "</h2>\n");
	page_put_entries(&p, all->list, all->n);
	put_channels(&p, CHANNEL_SERIES, "series", WORD_SERIES, feeds, n);
	put_channels(&p, CHANNEL_TOPIC, "topics", WORD_TOPICS, feeds, n);
	page_put_subscribe(&p, all);
	page_put_bottom(&p);
}
