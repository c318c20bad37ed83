/*
 * What JSON says of an entry.
 */
#include "model/address.h"
#include "model/content.h"
#include "model/entry_json.h"
#include "model/facts.h"

/* ---- our own words ---- */

static struct json_mark
begin_own(const struct entry_json *w)
{
	if (!w->is_item)
		return (struct json_mark){ 0 };
	return json_out_begin(w->out, "_gazetted", '{');
}

static void
end_own(const struct entry_json *w, struct json_mark mark)
{
	if (w->is_item)
		json_out_end(w->out, mark, '}');
}

/* ---- people ---- */

/* Those of a role; word empty: all of the list have the same. */
static void
put_role(struct json_out *j, const struct entry *e, enum person_role role,
	struct slice word)
{
	for (size_t i = 0; i < e->n_people; i++) {
		if (e->people[i].role != role)
			continue;
		json_out_open(j, NULL, '{');
		json_out_text(j, "name", e->people[i].name);
		json_out_said(j, "role", word);
		json_out_close(j, '}');
	}
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
put_tags(const struct entry_json *w, const struct entry *e)
{
	struct facts_category *list;
	size_t n = facts_categories(w->config, e, &list, w->arena);
	struct json_mark mark = json_out_begin(w->out, "tags", '[');

	for (size_t i = 0; i < n; i++)
		json_out_text(w->out, NULL, list[i].label);
	json_out_end(w->out, mark, ']');
}

static void
put_page(const struct entry_json *w, enum channel_kind kind,
	struct slice slug)
{
	json_out_text(w->out, "url", site_address(&w->config->site,
		address_page(kind, slug, w->arena), w->arena));
}

/* The same with what kind of name each is. */
static void
put_topics(const struct entry_json *w, const struct entry *e)
{
	struct json_mark mark = json_out_begin(w->out, "topics", '[');

	for (size_t i = 0; i < e->n_topics; i++) {
		json_out_open(w->out, NULL, '{');
		json_out_text(w->out, "slug", e->topics[i].slug);
		put_page(w, CHANNEL_TOPIC, e->topics[i].slug);
		json_out_close(w->out, '}');
	}
	json_out_end(w->out, mark, ']');
}

static void
put_series(const struct entry_json *w, const struct entry *e)
{
	struct json_out *j = w->out;

	if (!e->series_id)
		return;
	json_out_open(j, "series", '{');
	json_out_said(j, "id", e->series_uid);
	json_out_text(j, w->is_item ? "title" : "name", e->series_title);
	put_page(w, CHANNEL_SERIES, e->series_slug);
	if (e->part > 0)
		json_out_number(j, "part", e->part);
	json_out_said(j, "label", e->part_label);
	if (facts_parts_known(e) > 0)
		json_out_number(j, "parts_known", facts_parts_known(e));
	json_out_close(j, '}');
}

static void
put_related(const struct entry_json *w, const struct entry *e)
{
	struct json_mark mark = json_out_begin(w->out, "related", '[');

	for (size_t i = 0; i < e->n_related; i++) {
		const struct related *r = &e->related[i];

		json_out_open(w->out, NULL, '{');
		json_out_text(w->out, "title", r->title);
		if (r->article_id)
			json_out_text(w->out, "url",
				address_related(w->config, r, w->arena));
		if (r->mark.number > 0)
			json_out_number(w->out, "part", r->mark.number);
		json_out_close(w->out, '}');
	}
	json_out_end(w->out, mark, ']');
}

/* ---- media ---- */

static void
put_size(struct json_out *j, const struct media *m)
{
	if (m->size > 0)
		json_out_number(j, "size_in_bytes", m->size);
}

static void
put_picture(const struct entry_json *w, const struct media *m)
{
	struct json_out *j = w->out;
	struct json_mark mark;

	json_out_open(j, NULL, '{');
	json_out_text(j, "url", address_media(w->config, m, w->arena));
	json_out_text(j, "mime_type", m->type);
	json_out_said(j, "title", m->caption);
	put_size(j, m);
	mark = begin_own(w);
	json_out_said(j, "credit", m->credit);
	json_out_said(j, "alt", m->alt);
	json_out_said(j, "licence", m->licence);
	if (m->width > 0 && m->height > 0) {
		json_out_number(j, "width", m->width);
		json_out_number(j, "height", m->height);
	}
	end_own(w, mark);
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
put_attachments(const struct entry_json *w, const struct entry *e)
{
	struct json_mark mark = json_out_begin(w->out, "attachments", '[');

	for (size_t i = 0; i < e->n_media; i++)
		if (facts_is_picture(&e->media[i]))
			put_picture(w, &e->media[i]);
		else if (facts_is_played(&e->media[i]))
			put_played(w->out, &e->media[i]);
	json_out_end(w->out, mark, ']');
}

/* ---- the entry ---- */

/* Of an item, one of the two forms of content has to be there. */
static void
put_content(const struct entry_json *w, const struct entry *e,
	enum content_mode how)
{
	CLEANUP(buf_done) struct buf html = BUF_INIT(2 * ARTICLE_FILE_MAX);

	if (how != CONTENT_TITLE)
		json_out_said(w->out, "summary", e->summary);
	if (how == CONTENT_FULL) {
		content_put(&html, w->config, e, w->arena);
		json_out_text(w->out, "content_html", buf_slice(&html));
	} else if (w->is_item) {
		json_out_text(w->out, "content_text",
			how == CONTENT_SUMMARY && e->summary.len > 0 ?
			e->summary : e->title);
	}
}

static void
put_language(const struct entry_json *w, const struct entry *e)
{
	struct slice other = facts_language(w->config, e);

	json_out_said(w->out, "language", other.len > 0 || w->is_item ? other :
		w->config->site.language);
}

static void
put_own(const struct entry_json *w, const struct entry *e)
{
	struct json_mark mark = begin_own(w);

	put_series(w, e);
	put_topics(w, e);
	put_contributors(w->out, e);
	put_credits(w->out, e);
	put_related(w, e);
	json_out_said(w->out, "licence", facts_licence(w->config, e));
	json_out_said(w->out, "copyright", e->fields.copyright);
	end_own(w, mark);
}

void
entry_json_put(const struct entry_json *w, const struct entry *e,
	enum content_mode how)
{
	const struct media *picture = facts_picture(e);
	struct json_out *j = w->out;

	json_out_text(j, "id", e->uid);
	json_out_text(j, "url", address_entry(w->config, e, w->arena));
	json_out_text(j, "title", e->title);
	put_content(w, e, how);
	if (picture)
		json_out_text(j, "image", address_media(w->config, picture,
			w->arena));
	json_out_date(j, "date_published", e->published);
	json_out_date(j, "date_modified", e->updated);
	put_authors(j, e);
	put_tags(w, e);
	put_language(w, e);
	put_attachments(w, e);
	put_own(w, e);
}
