/*
 * What an article's titles and words say: its mark, its topics, and the two
 * hashes that tell a correction from a cosmetic change.
 */
#include "base/hash.h"
#include "series/internal.h"
#include "series/series.h"

static uint64_t
mix_number(uint64_t h, int64_t n)
{
	return hash64_mix(h, slice((const char *)&n, sizeof(n)));
}

/* The count comes first, so that lists cannot run into each other. */
static uint64_t
mix_people(uint64_t h, const struct article *art)
{
	h = mix_number(h, (int64_t)art->n_people);
	for (size_t i = 0; i < art->n_people; i++) {
		h = mix_number(h, art->people[i].role);
		h = hash64_mix(h, art->people[i].name);
	}
	return h;
}

/* Media count as what a reader sees of them: the picture, and its words. */
static uint64_t
mix_media(uint64_t h, const struct article *art)
{
	for (size_t i = 0; i < art->n_media; i++) {
		const struct media *m = &art->media[i];
		const struct slice said[] = { m->name, m->name.len > 0 ?
			S("") : m->url, m->alt, m->caption, m->credit };

		h = mix_number(h, m->kind);
		for (size_t k = 0; k < COUNT_OF(said); k++)
			h = hash64_mix(mix_number(h, (int64_t)said[k].len),
				said[k]);
	}
	return h;
}

/* What else a format may show of them. */
static uint64_t
mix_media_form(uint64_t h, const struct article *art)
{
	for (size_t i = 0; i < art->n_media; i++) {
		h = hash64_mix(h, art->media[i].licence);
		h = hash64_mix(h, art->media[i].path);
		h = mix_number(h, art->media[i].syndication);
	}
	return h;
}

/*
 * The markup without the site's own address: that a newsroom moves to another
 * one is not news.
 */
static uint64_t
mix_html(uint64_t h, const struct config *c, struct slice html)
{
	struct slice site = c->site.url;
	ssize_t at;

	while (site.len > 0 && (at = slice_find(html, site, 0)) >= 0) {
		h = hash64_mix(h, slice_sub(html, 0, (size_t)at));
		html = slice_from(html, (size_t)at + site.len);
	}
	return hash64_mix(h, html);
}

static uint64_t
digest_of(const struct config *c, const struct article *art)
{
	uint64_t h = hash64_mix(0, art->entry_title);

	h = mix_html(h, c, art->html);
	h = mix_media(mix_people(h, art), art);
	return hash64_mix(h, art->fields.correction);
}

/* What of the fields is shown, or decides what is. */
static uint64_t
mix_fields(uint64_t h, const struct fields *f)
{
	const struct slice texts[] = { f->short_title, f->section, f->source,
		f->copyright, f->licence, f->url, f->translation_of,
		f->cover };
	const int64_t numbers[] = { f->updated, f->embargo, f->draft,
		f->withdrawn, f->urgent, f->minor, f->syndication, f->lost };

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		h = hash64_mix(mix_number(h, (int64_t)texts[i].len), texts[i]);
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		h = mix_number(h, numbers[i]);
	h = mix_number(h, (int64_t)f->n_tags);
	for (size_t i = 0; i < f->n_tags; i++)
		h = hash64_mix(h, f->tags[i]);
	return h;
}

static uint64_t
mix_related(uint64_t h, const struct article *art)
{
	h = hash64_mix(h, art->related_label);
	h = mix_number(h, (int64_t)art->n_related);
	for (size_t i = 0; i < art->n_related; i++)
		h = hash64_mix(h, art->related[i].title);
	return h;
}

static uint64_t
mix_mark(uint64_t h, const struct mark *m)
{
	h = mix_number(h, m->strength);
	h = mix_number(h, mark_place(m));
	h = mix_number(h, m->total);
	h = mix_number(h, m->last);
	h = hash64_mix(h, m->key);
	return hash64_mix(h, m->label);
}

/*
 * Of the configuration only what makes a member of a weak mark: an article
 * whose own words are the same joins when its series is written down.
 */
static uint64_t
form_of(const struct config *c, const struct article *art)
{
	uint64_t h = mix_number(art->digest, art->date);

	h = hash64_mix(h, art->summary);
	h = hash64_mix(h, art->lang);
	h = mix_fields(h, &art->fields);
	h = mix_related(h, art);
	h = mix_mark(h, &art->mark);
	h = mix_number(h, mark_is_member(c, &art->mark));
	h = mix_number(h, (int64_t)art->n_topics);
	for (size_t i = 0; i < art->n_topics; i++)
		h = hash64_mix(h, art->topics[i]);
	if (!share_takes(c, CHANNEL_ALL, S("all"), art))
		h = mix_number(h, CHANNEL_ALL);
	return mix_media_form(h, art);
}

void
series_mark_article(const struct config *c, struct slice path,
	struct article *art, struct arena *a)
{
	mark_find(c, art, a, NULL);
	topics_find(c, path, art, a, NULL);
	share_apply(c, art);
	art->digest = digest_of(c, art);
	art->form = form_of(c, art);
}
