/*
 * JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).
 *
 * What it has no word for - series, contributors, credits, related articles,
 * withdrawals - stands in objects called "_gazetted", as it prescribes for
 * extensions; what is empty is left out.  An item has no line break in it, so
 * that a document can be looked at line by line.
 */
#include "base/json_out.h"
#include "feed/links.h"
#include "model/address.h"
#include "model/entry_json.h"

static void
json_entry(struct buf *b, const struct config *c, const struct entry *e,
	enum content_mode how, struct arena *a)
{
	struct json_out j = JSON_OUT(b);

	json_out_open(&j, NULL, '{');
	entry_json_put(&(struct entry_json){ .out = &j, .config = c,
		.arena = a, .is_item = true }, e, how);
	json_out_close(&j, '}');
}

/* ---- the feed ---- */

static void
put_hubs(struct json_out *j, const struct feed_link *links, size_t n)
{
	struct json_mark mark = json_out_begin(j, "hubs", '[');

	for (size_t i = 0; i < n; i++) {
		if (strcmp(links[i].rel, "hub") != 0)
			continue;
		json_out_open(j, NULL, '{');
		json_out_text(j, "type", S("WebSub"));
		json_out_text(j, "url", links[i].href);
		json_out_close(j, '}');
	}
	json_out_end(j, mark, ']');
}

/* What RFC 6721 says in Atom. */
static void
put_withdrawn(struct json_out *j, const struct feed *f)
{
	struct json_mark mark = json_out_begin(j, "withdrawn", '[');

	for (size_t i = 0; i < f->n_gone && !feed_is_complete(f); i++) {
		json_out_open(j, NULL, '{');
		json_out_text(j, "id", f->gone[i].uid);
		json_out_date(j, "when", f->gone[i].when);
		json_out_close(j, '}');
	}
	json_out_end(j, mark, ']');
}

/* What there is no word for; "current" is that of RFC 5005. */
static void
put_feed_extension(struct json_out *j, const struct feed *f,
	const struct feed_link *links, size_t n)
{
	struct json_mark mark = json_out_begin(j, "_gazetted", '{');

	json_out_said(j, "current", feed_link(links, n, "current"));
	json_out_said(j, "licence", feed_link(links, n, "license"));
	put_withdrawn(j, f);
	json_out_end(j, mark, '}');
}

static void
json_head(struct buf *b, const struct config *c, const struct feed *f,
	struct arena *a)
{
	struct feed_link links[FEED_LINKS_MAX];
	size_t n = feed_links(c, f, &renderer_json, links, a);
	struct json_out j = JSON_OUT(b);

	json_out_open(&j, NULL, '{');
	json_out_text(&j, "version",
		S("https://jsonfeed.org/version/1.1"));
	json_out_text(&j, "title", feed_title(c, f));
	json_out_text(&j, "home_page_url", feed_link(links, n, "alternate"));
	json_out_text(&j, "feed_url", feed_link(links, n, "self"));
	json_out_text(&j, "description", feed_subtitle(c, f, a));
	json_out_said(&j, "next_url", feed_link(links, n, "prev-archive"));
	json_out_text(&j, "language", c->site.language);
	json_out_open(&j, "authors", '[');
	json_out_open(&j, NULL, '{');
	json_out_text(&j, "name", c->site.name);
	json_out_close(&j, '}');
	json_out_close(&j, ']');
	put_hubs(&j, links, n);
	put_feed_extension(&j, f, links, n);
	json_out_open(&j, "items", '[');
	buf_put_byte(b, '\n');
}

static void
json_tail(struct buf *b)
{
	buf_put_str(b, "\n]}\n");
}

const struct renderer renderer_json = {
	.ending = "json",
	.type = "application/feed+json",
	.between = ",\n",
	.entry = json_entry,
	.head = json_head,
	.tail = json_tail,
};
