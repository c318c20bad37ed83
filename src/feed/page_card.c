/*
 * Cards: what a page looks like when somebody hands its address on (Open
 * Graph, and what X reads besides).
 */
#include "base/date.h"
#include "base/uri.h"
#include "feed/page_kit.h"

enum { WIDE = 600 };	/* pixels: smaller pictures get the small card */

/* A property that is said. */
static void
put(struct page *p, const char *property, struct slice content)
{
	if (content.len == 0)
		return;
	buf_printf(p->b, "<meta property=\"%s\"", property);
	page_put_text(p, " content=\"", content, "\">\n");
}

/* The same for those that are read by another attribute. */
static void
put_name(struct page *p, const char *name, struct slice content)
{
	if (content.len == 0)
		return;
	buf_printf(p->b, "<meta name=\"%s\"", name);
	page_put_text(p, " content=\"", content, "\">\n");
}

static void
put_number(struct page *p, const char *property, int n)
{
	if (n > 0)
		put(p, property, arena_printf(p->a, "%d", n));
}

static void
put_time(struct page *p, const char *property, int64_t t)
{
	char text[DATE_SIZE];

	put(p, property, date_rfc3339(t, text));
}

static void
put_article(struct page *p, const struct entry *e)
{
	put_time(p, "article:published_time", e->published);
	put_time(p, "article:modified_time", e->updated);
	put(p, "article:section", e->fields.section);
	for (size_t i = 0; i < e->fields.n_tags; i++)
		put(p, "article:tag", e->fields.tags[i]);
}

static void
put_image(struct page *p, const struct page_image *i)
{
	put(p, "og:image", i->address);
	put(p, "og:image:alt", i->alt);
	put_number(p, "og:image:width", i->width);
	put_number(p, "og:image:height", i->height);
}

/* "@newsroom", of a name or of its address on X. */
static struct slice
account(struct page *p)
{
	struct slice where = p->c->site.follow.twitter;

	while (slice_ends(where, S("/")))
		where.len--;
	where = slice_from(where, (size_t)(slice_rfind_byte(where, '/') + 1));
	if (where.len == 0 || where.ptr[0] == '@')
		return where;
	return arena_printf(p->a, "@%.*s", ARG(where));
}

void
page_put_card(struct page *p, const struct page_head *h)
{
	struct page_image image = page_image(p, h->entry);
	bool wide = image.width == 0 || image.width >= WIDE;

	put_name(p, "description", h->about);
	if (h->address.len == 0)
		return;
	put(p, "og:type", h->entry ? S("article") : S("website"));
	put(p, "og:site_name", p->c->site.name);
	put(p, "og:locale", slice_str(p->words->locale));
	put(p, "og:title", h->title);
	put(p, "og:description", h->about);
	put(p, "og:url", h->address);
	put_image(p, &image);
	if (h->entry)
		put_article(p, h->entry);
	put_name(p, "twitter:card", wide ? S("summary_large_image") :
		S("summary"));
	put_name(p, "twitter:site", account(p));
}
