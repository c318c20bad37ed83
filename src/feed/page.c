/*
 * Pages: plain HTML for people, rendered on request.
 */
#include "base/date.h"
#include "feed/address.h"
#include "feed/content.h"
#include "feed/page.h"
#include "feed/render.h"

enum { MISSING_SHOWN_MAX = 30 };

const char page_type[] = "text/html; charset=utf-8";
const char page_csp[] = "default-src 'none'; style-src 'self'; "
	"img-src 'self'; base-uri 'none'; form-action 'none'; "
	"frame-ancestors 'none'";

static const char style[] =
	":root{color-scheme:light dark}\n"
	"body{font:1.06rem/1.6 Georgia,'Noto Serif CJK SC',serif;"
	"max-width:40rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}\n"
	"header,footer,.meta{font:.9rem/1.5 system-ui,'Noto Sans CJK SC',"
	"sans-serif}\n"
	"footer{margin-top:2rem;border-top:1px solid}\n"
	"h1{line-height:1.25;font-size:1.7rem}\n"
	"li{margin:.4rem 0}\n"
	"figure{margin:1rem 0}img{max-width:100%;height:auto}\n";

struct slice
page_style(void)
{
	return slice(style, sizeof(style) - 1);
}

/* An element with text, and perhaps a class. */
static void
put_text(struct buf *b, const char *open, struct slice text,
	const char *close)
{
	buf_put_str(b, open);
	buf_put_xml(b, text);
	buf_put_str(b, close);
}

static void
put_link(struct buf *b, struct slice href, struct slice text)
{
	put_text(b, "<a href=\"", href, "\">");
	put_text(b, "", text, "</a>");
}

/* One autodiscovery link for each format of a feed. */
static void
put_discovery(struct buf *b, const struct config *c, const struct feed *f,
	struct arena *a)
{
	for (size_t i = 0; renderers[i]; i++) {
		put_text(b, "<link rel=\"alternate\" type=\"",
			renderer_media_type(renderers[i]), "\"");
		put_text(b, " title=\"", feed_title(c, f), "\"");
		put_text(b, " href=\"", site_address(&c->site,
			address_feed(f, renderers[i]->ending, a), a),
			"\">\n");
	}
}

/* "<link rel=prev ...>", for the browser. */
static void
put_rel(struct buf *b, const struct config *c, const char *rel,
	const struct neighbour *n, struct arena *a)
{
	if (!n->article_id)
		return;
	buf_printf(b, "<link rel=\"%s\" href=\"", rel);
	put_text(b, "", address_neighbour(c, n, a), "\">\n");
}

/*
 * Everything up to the page's own part.  f is the feed to discover, e the
 * article whose page it is; each may be NULL.
 */
static void
put_top(struct buf *b, const struct config *c, struct slice lang,
	struct slice title, const struct feed *f, const struct entry *e,
	struct arena *a)
{
	put_text(b, "<!DOCTYPE html>\n<html lang=\"",
		lang.len ? lang : c->site.language, "\">\n");
	buf_put_str(b, "<head>\n<meta charset=\"utf-8\">\n<meta "
		"name=\"viewport\" content=\"width=device-width, "
		"initial-scale=1\">\n");
	put_text(b, "<title>", title, "</title>\n");
	if (f)
		put_discovery(b, c, f, a);
	if (e) {
		put_rel(b, c, "prev", &e->prev, a);
		put_rel(b, c, "next", &e->next, a);
	}
	put_text(b, "<link rel=\"stylesheet\" href=\"", site_address(&c->site,
		S("/style.css"), a), "\">\n</head>\n<body>\n<header>");
	put_link(b, c->site.url, c->site.name);
	buf_put_str(b, "</header>\n<main>\n");
}

/* A follow address, when it is one; a bare account name is text. */
static void
put_follow(struct buf *b, const char *name, struct slice where)
{
	if (where.len == 0)
		return;
	buf_put_str(b, "<li>");
	if (slice_starts(where, S("https://")) ||
		slice_starts(where, S("http://"))) {
		put_link(b, where, slice_str(name));
	} else {
		buf_printf(b, "%s: ", name);
		buf_put_xml(b, where);
	}
	buf_put_str(b, "</li>\n");
}

static void
put_bottom(struct buf *b, const struct config *c)
{
	const struct follow *f = &c->site.follow;

	buf_put_str(b, "</main>\n<footer>\n<ul>\n");
	put_text(b, "<li>", c->site.name, "</li>\n");
	put_follow(b, "WeChat", f->wechat);
	put_follow(b, "Facebook", f->facebook);
	put_follow(b, "X", f->twitter);
	put_follow(b, "Instagram", f->instagram);
	put_follow(b, "YouTube", f->youtube);
	put_follow(b, "App", f->app);
	put_follow(b, "Mobile version", f->mobile);
	buf_put_str(b, "</ul>\n</footer>\n</body>\n</html>\n");
}

/* The day as the newsroom's calendar has it. */
static void
put_date(struct buf *b, const struct config *c, int64_t t)
{
	char moment[DATE_SIZE], local[DATE_SIZE];
	struct slice day = date_rfc3339(t + c->site.zone_minutes * 60, local);

	buf_printf(b, "<time datetime=\"%.*s\">%.*s</time>",
		ARG(date_rfc3339(t, moment)), ARG(slice_sub(day, 0, 10)));
}

static void
put_entries(struct buf *b, const struct config *c, const struct feed *f,
	struct arena *a)
{
	buf_put_str(b, "<ul>\n");
	for (size_t i = 0; i < f->n; i++) {
		const struct entry *e = &f->list[i];

		buf_put_str(b, "<li>");
		put_link(b, address_entry(c, e, a),
			e->title);
		buf_put_str(b, " <span class=\"meta\">");
		put_date(b, c, e->published);
		buf_put_str(b, "</span></li>\n");
	}
	buf_put_str(b, "</ul>\n");
}

/* The addresses to give to a reader, one for each format. */
static void
put_subscribe(struct buf *b, const struct config *c, const struct feed *f,
	struct arena *a)
{
	buf_put_str(b, "<p class=\"meta\">Subscribe:");
	for (size_t i = 0; renderers[i]; i++) {
		struct slice href = site_address(&c->site, address_feed(f,
			renderers[i]->ending, a), a);

		buf_put_byte(b, ' ');
		put_link(b, href, href);
	}
	buf_put_str(b, "</p>\n");
}

static void
put_channels(struct buf *b, const struct config *c, const char *heading,
	enum channel_kind kind, const struct feed *feeds, size_t n,
	struct arena *a)
{
	size_t shown = 0;

	for (size_t i = 0; i < n; i++) {
		const struct feed *f = &feeds[i];

		if (f->kind != kind || f->entries == 0)
			continue;
		if (shown++ == 0)
			buf_printf(b, "<h2>%s</h2>\n<ul>\n", heading);
		buf_put_str(b, "<li>");
		put_link(b, site_address(&c->site, address_page(f->kind,
			f->slug, a), a), feed_title(c, f));
		buf_printf(b, " <span class=\"meta\">%zu ", f->entries);
		put_link(b, site_address(&c->site, address_feed(f, "atom", a),
			a), S("Atom"));
		buf_put_str(b, "</span></li>\n");
	}
	if (shown)
		buf_put_str(b, "</ul>\n");
}

void
page_index(struct buf *b, const struct config *c, const struct feed *feeds,
	size_t n, const struct feed *all, struct arena *a)
{
	put_top(b, c, c->site.language, c->site.name, all, NULL, a);
	put_text(b, "<h1>", c->site.name, "</h1>\n");
	if (!all) {
		buf_put_str(b, "<p>Nothing is published yet.</p>\n");
		put_bottom(b, c);
		return;
	}
	put_subscribe(b, c, all, a);
	put_channels(b, c, "Series", CHANNEL_SERIES, feeds, n, a);
	put_channels(b, c, "Topics", CHANNEL_TOPIC, feeds, n, a);
	buf_put_str(b, "<h2>Newest</h2>\n");
	put_entries(b, c, all, a);
	put_bottom(b, c);
}

/* Parts of a series that somebody waits for. */
static void
put_missing(struct buf *b, const struct feed *f)
{
	size_t n = MIN(f->n_missing, (size_t)MISSING_SHOWN_MAX);

	if (n == 0)
		return;
	buf_put_str(b, "<p class=\"meta\">Not here yet: part");
	for (size_t i = 0; i < n; i++)
		buf_printf(b, "%s %d", i ? "," : "", f->missing[i]);
	buf_put_str(b, n < f->n_missing ? ", …</p>\n" : "</p>\n");
}

void
page_channel(struct buf *b, const struct config *c, const struct feed *f,
	struct arena *a)
{
	put_top(b, c, c->site.language, feed_title(c, f), f, NULL, a);
	put_text(b, "<h1>", feed_title(c, f), "</h1>\n");
	put_subscribe(b, c, f, a);
	put_missing(b, f);
	put_entries(b, c, f, a);
	put_bottom(b, c);
}

static void
put_credits(struct buf *b, const struct entry *e)
{
	static const char *const roles[] = {
		[ROLE_AUTHOR] = "Reporter",
		[ROLE_EDITOR] = "Editor",
		[ROLE_PHOTOGRAPHER] = "Photo",
	};

	for (size_t i = 0; i < e->n_people; i++) {
		buf_printf(b, " · %s: ", roles[e->people[i].role]);
		buf_put_xml(b, e->people[i].name);
	}
}

/* The parts before and after it, for the reader. */
static void
put_neighbours(struct buf *b, const struct config *c, const struct entry *e,
	struct arena *a)
{
	const struct neighbour *prev = &e->prev, *next = &e->next;

	if (!prev->article_id && !next->article_id)
		return;
	buf_put_str(b, "<nav class=\"meta\"><ul>\n");
	if (prev->article_id) {
		buf_put_str(b, "<li>← ");
		put_link(b, address_neighbour(c, prev, a), prev->title);
		buf_put_str(b, "</li>\n");
	}
	if (next->article_id) {
		buf_put_str(b, "<li>→ ");
		put_link(b, address_neighbour(c, next, a), next->title);
		buf_put_str(b, "</li>\n");
	}
	buf_put_str(b, "</ul></nav>\n");
}

void
page_article(struct buf *b, const struct config *c, const struct entry *e,
	struct arena *a)
{
	struct feed series = { .kind = CHANNEL_SERIES,
		.slug = e->series_slug, .title = e->series_title };

	put_top(b, c, e->lang, e->title, e->series_id ? &series : NULL, e, a);
	put_text(b, "<article>\n<h1>", e->title, "</h1>\n<p class=\"meta\">");
	put_date(b, c, e->published);
	put_credits(b, e);
	buf_put_str(b, "</p>\n");
	content_put(b, c, e, a);
	buf_put_str(b, "\n</article>\n");
	if (e->series_id) {
		buf_put_str(b, "<p class=\"meta\">Series: ");
		put_link(b, site_address(&c->site, address_page(
			CHANNEL_SERIES, e->series_slug, a), a),
			e->series_title);
		buf_put_str(b, "</p>\n");
		put_neighbours(b, c, e, a);
	}
	put_bottom(b, c);
}

void
page_message(struct buf *b, const struct config *c, struct slice text)
{
	struct arena a = { 0 };

	put_top(b, c, c->site.language, text, NULL, NULL, &a);
	put_text(b, "<h1>", text, "</h1>\n");
	put_bottom(b, c);
	arena_done(&a);
}
