/*
 * What machines are told of a page: schema.org, as JSON-LD.
 *
 * It is data, which no browser runs, so the Content-Security-Policy need not
 * allow scripts.  But its element ends at "</script", and "<!--" begins
 * something too: so no "<" is in it, whatever the titles say.
 */
#include "base/json_out.h"
#include "feed/page_kit.h"
#include "feed/render.h"
#include "model/address.h"
#include "model/facts.h"

enum { DATA_MAX = 1024 * 1024, PARTS_TOLD_MAX = 200 };

/* The JSON as an element: where "<" can only stand in strings. */
static void
put_script(struct page *p, const struct buf *json)
{
	struct slice rest = buf_slice(json), piece;
	bool first = true;

	if (!buf_ok(json))
		return;
	page_put(p, "<script type=\"application/ld+json\">");
	while (slice_next_field(&rest, '<', &piece)) {
		if (!first)
			page_put(p, "\\u003c");
		buf_put(p->b, piece);
		first = false;
	}
	page_put(p, "</script>\n");
}

static void
open_thing(struct json_out *j, const char *key, const char *type)
{
	json_out_open(j, key, '{');
	json_out_text(j, "@type", slice_str(type));
}

/* The outermost one. */
static void
open_whole(struct json_out *j, const char *type)
{
	json_out_open(j, NULL, '{');
	json_out_text(j, "@context", S("https://schema.org"));
	json_out_text(j, "@type", slice_str(type));
}

static void
put_person(struct json_out *j, struct slice name)
{
	open_thing(j, NULL, "Person");
	json_out_text(j, "name", name);
	json_out_close(j, '}');
}

static void
put_people(struct json_out *j, const struct entry *e, const char *key,
	enum person_role role)
{
	bool any = false;

	for (size_t i = 0; i < e->n_people; i++) {
		if (e->people[i].role != role)
			continue;
		if (!any)
			json_out_open(j, key, '[');
		any = true;
		put_person(j, e->people[i].name);
	}
	if (any)
		json_out_close(j, ']');
}

/* Whoever wrote it; else the newsroom did. */
static void
put_newsroom(struct page *p, struct json_out *j, const char *key)
{
	open_thing(j, key, "NewsMediaOrganization");
	json_out_text(j, "name", p->c->site.name);
	json_out_text(j, "url", p->c->site.url);
	json_out_close(j, '}');
}

static bool
has_author(const struct entry *e)
{
	for (size_t i = 0; i < e->n_people; i++)
		if (e->people[i].role == ROLE_AUTHOR)
			return true;
	return false;
}

static void
put_image(struct page *p, struct json_out *j, const struct media *m)
{
	open_thing(j, NULL, "ImageObject");
	json_out_text(j, "url", address_media(p->c, m, p->a));
	if (m->width > 0) {
		json_out_number(j, "width", m->width);
		json_out_number(j, "height", m->height);
	}
	json_out_said(j, "caption", m->caption);
	json_out_said(j, "creditText", m->credit);
	json_out_said(j, "license", m->licence);
	json_out_close(j, '}');
}

static void
put_images(struct page *p, struct json_out *j, const struct entry *e)
{
	if (!facts_picture(e))
		return;
	json_out_open(j, "image", '[');
	for (size_t i = 0; i < e->n_media; i++)
		if (facts_is_picture(&e->media[i]))
			put_image(p, j, &e->media[i]);
	json_out_close(j, ']');
}

static void
put_series(struct page *p, struct json_out *j, const struct entry *e)
{
	struct feed f = { .kind = CHANNEL_SERIES, .slug = e->series_slug,
		.title = e->series_title };

	if (!e->series_id)
		return;
	open_thing(j, "isPartOf", "CreativeWorkSeries");
	json_out_text(j, "name", feed_title(p->c, &f));
	json_out_text(j, "url", page_of_feed(p, &f));
	json_out_close(j, '}');
	if (e->part > 0)
		json_out_number(j, "position", e->part);
}

static void
put_keywords(struct json_out *j, const struct fields *f)
{
	if (f->n_tags == 0)
		return;
	json_out_open(j, "keywords", '[');
	for (size_t i = 0; i < f->n_tags; i++)
		json_out_text(j, NULL, f->tags[i]);
	json_out_close(j, ']');
}

/* Title, address and language, which every piece of writing has. */
static void
put_work(struct page *p, struct json_out *j, const struct entry *e)
{
	json_out_text(j, "headline", e->headline.len ? e->headline :
		e->title);
	json_out_text(j, "name", e->title);
	json_out_text(j, "url", address_entry(p->c, e, p->a));
	json_out_text(j, "inLanguage", e->lang.len ? e->lang :
		p->c->site.language);
	json_out_date(j, "datePublished", e->published);
	json_out_date(j, "dateModified", e->updated);
}

void
page_put_article_data(struct page *p, const struct article_view *v)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(DATA_MAX);
	struct json_out j = JSON_OUT(&b);
	const struct entry *e = v->entry;

	open_whole(&j, "NewsArticle");
	put_work(p, &j, e);
	json_out_said(&j, "description", e->summary);
	put_people(&j, e, "author", ROLE_AUTHOR);
	if (!has_author(e))
		put_newsroom(p, &j, "author");
	put_people(&j, e, "editor", ROLE_EDITOR);
	put_people(&j, e, "translator", ROLE_TRANSLATOR);
	put_people(&j, e, "contributor", ROLE_CONTRIBUTOR);
	put_newsroom(p, &j, "publisher");
	put_series(p, &j, e);
	put_images(p, &j, e);
	put_keywords(&j, &e->fields);
	json_out_said(&j, "articleSection", e->fields.section);
	json_out_said(&j, "license", facts_licence(p->c, e));
	json_out_said(&j, "correction", e->fields.correction);
	json_out_close(&j, '}');
	put_script(p, &b);
}

static void
put_parts(struct page *p, struct json_out *j, const struct parts_view *v)
{
	size_t n = MIN(v->n_parts, (size_t)PARTS_TOLD_MAX);

	json_out_open(j, "hasPart", '[');
	for (size_t i = 0; i < n; i++) {
		const struct entry *e = &v->parts[i];

		if (e->state == STATE_WITHDRAWN)
			continue;
		open_thing(j, NULL, "NewsArticle");
		put_work(p, j, e);
		if (e->part > 0)
			json_out_number(j, "position", e->part);
		json_out_close(j, '}');
	}
	json_out_close(j, ']');
}

void
page_put_channel_data(struct page *p, const struct channel_view *v)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(DATA_MAX);
	struct json_out j = JSON_OUT(&b);
	const struct feed *f = v->feed;

	open_whole(&j, f->kind == CHANNEL_SERIES ? "CreativeWorkSeries" :
		f->kind == CHANNEL_TOPIC ? "CollectionPage" : "WebSite");
	json_out_text(&j, "name", feed_title(p->c, f));
	json_out_text(&j, "url", page_of_feed(p, f));
	json_out_text(&j, "inLanguage", p->c->site.language);
	if (f->kind == CHANNEL_SERIES)
		put_parts(p, &j, &v->series);
	put_newsroom(p, &j, "publisher");
	json_out_close(&j, '}');
	put_script(p, &b);
}
