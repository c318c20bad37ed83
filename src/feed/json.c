/*
 * JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).
 *
 * What it has no word for - series, contributors, credits, related articles,
 * withdrawals - stands in objects called "_gazetted", as it prescribes for
 * extensions; what is empty is left out.  An item has no line break in it, so
 * that a document can be looked at line by line.
 */
#include "base/date.h"
#include "base/json_out.h"
#include "feed/facts.h"
#include "model/address.h"
#include "model/content.h"

static void
put_date(struct json_out *j, const char *key, int64_t t)
{
	char text[DATE_SIZE];

	json_out_text(j, key, date_rfc3339(t, text));
}

/* ---- people ---- */

/* An object with a name; role empty: all of them have the same. */
static void
put_person(struct json_out *j, struct slice name, struct slice role)
{
	json_out_open(j, NULL, '{');
	json_out_text(j, "name", name);
	json_out_said(j, "role", role);
	json_out_close(j, '}');
}

static void
put_role(struct json_out *j, const struct entry *e, enum person_role role,
	struct slice word)
{
	for (size_t i = 0; i < e->n_people; i++)
		if (e->people[i].role == role)
			put_person(j, e->people[i].name, word);
}

/* Nobody: the feed's are meant. */
static void
put_authors(struct json_out *j, const struct entry *e)
{
	struct json_mark mark = json_out_begin(j, "authors", '[');

	put_role(j, e, ROLE_AUTHOR, S(""));
	json_out_end(j, mark, ']');
}

static void
put_contributors(struct json_out *j, const struct entry *e)
{
	struct json_mark mark = json_out_begin(j, "contributors", '[');

	for (size_t i = 0; i < FACTS_CONTRIBUTORS; i++)
		put_role(j, e, facts_contributors[i],
			role_word(facts_contributors[i]));
	json_out_end(j, mark, ']');
}

static void
put_credits(struct json_out *j, const struct entry *e)
{
	struct json_mark mark = json_out_begin(j, "credits", '[');

	put_role(j, e, ROLE_PHOTOGRAPHER, role_word(ROLE_PHOTOGRAPHER));
	json_out_end(j, mark, ']');
}

/* ---- what it is about ---- */

static void
put_tags(struct json_out *j, const struct config *c, const struct entry *e,
	struct arena *a)
{
	struct facts_category *list;
	size_t n = facts_categories(c, e, &list, a);
	struct json_mark mark = json_out_begin(j, "tags", '[');

	for (size_t i = 0; i < n; i++)
		json_out_text(j, NULL, list[i].label);
	json_out_end(j, mark, ']');
}

/* The same with what kind of name each is. */
static void
put_topics(struct json_out *j, const struct config *c, const struct entry *e,
	struct arena *a)
{
	struct json_mark mark = json_out_begin(j, "topics", '[');

	for (size_t i = 0; i < e->n_topics; i++) {
		json_out_open(j, NULL, '{');
		json_out_text(j, "slug", e->topics[i].slug);
		json_out_text(j, "url", site_address(&c->site, address_page(
			CHANNEL_TOPIC, e->topics[i].slug, a), a));
		json_out_close(j, '}');
	}
	json_out_end(j, mark, ']');
}

static void
put_series(struct json_out *j, const struct config *c, const struct entry *e,
	struct arena *a)
{
	if (!e->series_id)
		return;
	json_out_open(j, "series", '{');
	json_out_said(j, "id", e->series_uid);
	json_out_text(j, "title", e->series_title);
	json_out_text(j, "url", site_address(&c->site, address_page(
		CHANNEL_SERIES, e->series_slug, a), a));
	if (e->part > 0)
		json_out_number(j, "part", e->part);
	json_out_said(j, "label", e->part_label);
	if (facts_parts_known(e) > 0)
		json_out_number(j, "parts_known", facts_parts_known(e));
	json_out_close(j, '}');
}

static void
put_related(struct json_out *j, const struct config *c, const struct entry *e,
	struct arena *a)
{
	struct json_mark mark = json_out_begin(j, "related", '[');

	for (size_t i = 0; i < e->n_related; i++) {
		const struct related *r = &e->related[i];

		json_out_open(j, NULL, '{');
		json_out_text(j, "title", r->title);
		if (r->article_id)
			json_out_text(j, "url", address_related(c, r, a));
		if (r->mark.number > 0)
			json_out_number(j, "part", r->mark.number);
		json_out_close(j, '}');
	}
	json_out_end(j, mark, ']');
}

/* ---- media ---- */

static void
put_size(struct json_out *j, const struct media *m)
{
	if (m->size > 0)
		json_out_number(j, "size_in_bytes", m->size);
}

static void
put_picture(struct json_out *j, const struct config *c,
	const struct media *m, struct arena *a)
{
	struct json_mark mark;

	json_out_open(j, NULL, '{');
	json_out_text(j, "url", address_media(c, m, a));
	json_out_text(j, "mime_type", m->type);
	json_out_said(j, "title", m->caption);
	put_size(j, m);
	mark = json_out_begin(j, "_gazetted", '{');
	json_out_said(j, "credit", m->credit);
	json_out_said(j, "alt", m->alt);
	json_out_said(j, "licence", m->licence);
	if (m->width > 0 && m->height > 0) {
		json_out_number(j, "width", m->width);
		json_out_number(j, "height", m->height);
	}
	json_out_end(j, mark, '}');
	json_out_close(j, '}');
}

/* Where it is played, if it is no file: a page. */
static void
put_played(struct json_out *j, const struct media *m)
{
	struct slice type = facts_played_type(m);

	json_out_open(j, NULL, '{');
	json_out_text(j, "url", m->url);
	json_out_text(j, "mime_type", type.len ? type : S("text/html"));
	put_size(j, m);
	json_out_close(j, '}');
}

static void
put_attachments(struct json_out *j, const struct config *c,
	const struct entry *e, struct arena *a)
{
	struct json_mark mark = json_out_begin(j, "attachments", '[');

	for (size_t i = 0; i < e->n_media; i++)
		if (facts_is_picture(&e->media[i]))
			put_picture(j, c, &e->media[i], a);
		else if (facts_is_played(&e->media[i]))
			put_played(j, &e->media[i]);
	json_out_end(j, mark, ']');
}

/* ---- items ---- */

/* One of the two forms of content has to be there. */
static void
put_content(struct json_out *j, const struct config *c,
	const struct entry *e, enum content_mode how, struct arena *a)
{
	CLEANUP(buf_done) struct buf html = BUF_INIT(2 * ARTICLE_FILE_MAX);

	if (how != CONTENT_TITLE)
		json_out_said(j, "summary", e->summary);
	if (how == CONTENT_FULL) {
		content_put(&html, c, e, a);
		json_out_text(j, "content_html", buf_slice(&html));
		return;
	}
	json_out_text(j, "content_text", how == CONTENT_SUMMARY &&
		e->summary.len > 0 ? e->summary : e->title);
}

static void
put_extension(struct json_out *j, const struct config *c,
	const struct entry *e, struct arena *a)
{
	struct json_mark mark = json_out_begin(j, "_gazetted", '{');

	put_series(j, c, e, a);
	put_topics(j, c, e, a);
	put_contributors(j, e);
	put_credits(j, e);
	put_related(j, c, e, a);
	json_out_said(j, "licence", facts_licence(c, e));
	json_out_said(j, "copyright", e->fields.copyright);
	json_out_end(j, mark, '}');
}

static void
json_entry(struct buf *b, const struct config *c, const struct entry *e,
	enum content_mode how, struct arena *a)
{
	struct json_out j = JSON_OUT(b);
	const struct media *picture = facts_picture(e);

	json_out_open(&j, NULL, '{');
	json_out_text(&j, "id", e->uid);
	json_out_text(&j, "url", address_entry(c, e, a));
	json_out_text(&j, "title", e->title);
	put_content(&j, c, e, how, a);
	if (picture)
		json_out_text(&j, "image", address_media(c, picture, a));
	put_date(&j, "date_published", e->published);
	put_date(&j, "date_modified", e->updated);
	put_authors(&j, e);
	put_tags(&j, c, e, a);
	json_out_said(&j, "language", facts_language(c, e));
	put_attachments(&j, c, e, a);
	put_extension(&j, c, e, a);
	json_out_close(&j, '}');
}

/* ---- the feed ---- */

static void
put_hubs(struct json_out *j, const struct facts_link *links, size_t n)
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
		put_date(j, "when", f->gone[i].when);
		json_out_close(j, '}');
	}
	json_out_end(j, mark, ']');
}

/* What there is no word for; "current" is that of RFC 5005. */
static void
put_feed_extension(struct json_out *j, const struct feed *f,
	const struct facts_link *links, size_t n)
{
	struct json_mark mark = json_out_begin(j, "_gazetted", '{');

	json_out_said(j, "current", facts_link(links, n, "current"));
	json_out_said(j, "licence", facts_link(links, n, "license"));
	put_withdrawn(j, f);
	json_out_end(j, mark, '}');
}

static void
json_head(struct buf *b, const struct config *c, const struct feed *f,
	struct arena *a)
{
	struct facts_link links[FACTS_LINKS_MAX];
	size_t n = facts_links(c, f, &renderer_json, links, a);
	struct json_out j = JSON_OUT(b);

	json_out_open(&j, NULL, '{');
	json_out_text(&j, "version",
		S("https://jsonfeed.org/version/1.1"));
	json_out_text(&j, "title", feed_title(c, f));
	json_out_text(&j, "home_page_url", facts_link(links, n, "alternate"));
	json_out_text(&j, "feed_url", facts_link(links, n, "self"));
	json_out_text(&j, "description", feed_subtitle(c, f, a));
	json_out_said(&j, "next_url", facts_link(links, n, "prev-archive"));
	json_out_text(&j, "language", c->site.language);
	json_out_open(&j, "authors", '[');
	put_person(&j, c->site.name, S(""));
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
