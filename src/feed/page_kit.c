/*
 * The small pieces that pages are made of.
 */
#include "base/date.h"
#include "feed/page_assets.h"
#include "feed/page_kit.h"
#include "model/address.h"
#include "model/facts.h"

const char page_type[] = "text/html; charset=utf-8";

struct page
page_begin(struct buf *b, const struct config *c, struct slice lang,
	struct arena *a)
{
	const struct words *w;

	lang = lang.len ? lang : c->site.language;
	w = words_for(lang);
	/* "zh-CN" is what zh-Hans speaks; "fr" is not what English does. */
	if (!slice_starts_nocase(lang, slice(w->lang, 2)))
		lang = slice_str(w->lang);
	return (struct page){ b, c, a, lang, w };
}

void
page_put(struct page *p, const char *markup)
{
	buf_put_str(p->b, markup);
}

void
page_put_text(struct page *p, const char *open, struct slice text,
	const char *close)
{
	buf_put_str(p->b, open);
	buf_put_xml(p->b, text);
	buf_put_str(p->b, close);
}

void
page_put_word(struct page *p, const char *open, enum word w,
	const char *close)
{
	page_put_text(p, open, slice_str(p->words->text[w]), close);
}

struct slice
page_phrase(struct page *p, enum word w, struct slice name)
{
	struct slice text = slice_str(p->words->text[w]);
	size_t at = (size_t)slice_find(text, S("{}"), 0);

	return arena_printf(p->a, "%.*s%.*s%.*s", ARG(slice_sub(text, 0, at)),
		ARG(name), ARG(slice_from(text, at + 2)));
}

void
page_put_phrase(struct page *p, const char *open, enum word w,
	struct slice name, const char *close)
{
	page_put_text(p, open, page_phrase(p, w, name), close);
}

void
page_put_link(struct page *p, struct slice href, struct slice text)
{
	page_put_text(p, "<a href=\"", href, "\">");
	page_put_text(p, "", text, "</a>");
}

void
page_open_part(struct page *p, const char *element, const char *id,
	enum word heading)
{
	buf_printf(p->b, "<%s class=\"box\" aria-labelledby=\"page-%s\">\n"
		"<h2 id=\"page-%s\">", element, id, id);
	page_put_word(p, "", heading, "</h2>\n");
}

void
page_put_lang(struct page *p, struct slice lang)
{
	lang = lang.len ? lang : p->c->site.language;
	if (!slice_eq_nocase(lang, p->lang))
		page_put_text(p, " lang=\"", lang, "\"");
}

void
page_put_date(struct page *p, int64_t t)
{
	char moment[DATE_SIZE], local[DATE_SIZE];
	struct slice day = date_rfc3339(t + p->c->site.zone_minutes * 60,
		local);

	buf_printf(p->b, "<time datetime=\"%.*s\">%.*s</time>",
		ARG(date_rfc3339(t, moment)), ARG(slice_sub(day, 0, 10)));
}

void
page_put_entries(struct page *p, const struct entry *list, size_t n)
{
	page_put(p, "<ul class=\"entries\">\n");
	for (size_t i = 0; i < n; i++) {
		const struct entry *e = &list[i];

		page_put(p, "<li");
		page_put_lang(p, e->lang);
		page_put(p, ">");
		page_put_link(p, address_entry(p->c, e, p->a), e->title);
		page_put(p, " <span class=\"meta\">");
		page_put_date(p, e->published);
		page_put(p, "</span></li>\n");
	}
	page_put(p, "</ul>\n");
}

struct slice
page_of_feed(struct page *p, const struct feed *f)
{
	return site_address(&p->c->site, address_page(f->kind, f->slug, p->a),
		p->a);
}

/* One that we publish, else one that it shows from elsewhere. */
static const struct media *
picture_of(const struct entry *e)
{
	const struct media *own = e ? facts_picture(e) : NULL;

	for (size_t i = 0; e && !own && i < e->n_media; i++)
		if (e->media[i].kind == MEDIA_IMAGE && e->media[i].url.len > 0)
			return &e->media[i];
	return own;
}

struct page_image
page_image(struct page *p, const struct entry *e)
{
	const struct media *m = picture_of(e);
	const struct picture *own = &p->c->site.image;

	if (m)
		return (struct page_image){ m->name.len > 0 ?
			address_media(p->c, m, p->a) : m->url,
			m->alt.len ? m->alt : e->title, m->width, m->height };
	if (own->url.len > 0 || own->name.len > 0)
		return (struct page_image){ page_picture_address(p->c, p->a),
			p->c->site.name, own->width, own->height };
	return (struct page_image){ page_picture_address(p->c, p->a),
		p->c->site.name, PAGE_PICTURE_WIDTH, PAGE_PICTURE_HEIGHT };
}
