/*
 * What every format, and every target, says of an entry.
 */
#include "base/fold.h"
#include "model/address.h"
#include "model/facts.h"

/* ---- what it is about ---- */

/* Does the tag mean one of the entry's topics, which is named already? */
static bool
is_topic(const struct config *c, const struct entry *e, struct slice tag,
	struct arena *a)
{
	struct slice key = fold_key(tag, a);

	for (size_t i = 0; i < e->n_topics; i++) {
		const struct channel *ch = config_channel(c, CHANNEL_TOPIC,
			e->topics[i].slug);

		if (slice_eq(key, e->topics[i].slug) ||
			(ch && channel_is_called(ch, key)))
			return true;
	}
	return false;
}

/* As its own feed calls it. */
static struct slice
topic_title(const struct config *c, const struct topic *t)
{
	return feed_title(c, &(struct feed){ .kind = CHANNEL_TOPIC,
		.slug = t->slug, .title = t->title });
}

size_t
facts_categories(const struct config *c, const struct entry *e,
	struct facts_category **ret, struct arena *a)
{
	struct facts_category *list = ARENA_ARRAY(a, struct facts_category,
		1 + e->n_topics + e->fields.n_tags);
	struct slice topics = site_address(&c->site, S("/topics/"), a);
	struct slice tags = site_address(&c->site, S("/tags/"), a);
	size_t n = 0;

	if (e->series_id)
		list[n++] = (struct facts_category){
			site_address(&c->site, S("/series/"), a),
			e->series_slug, e->series_title };
	for (size_t i = 0; i < e->n_topics; i++)
		list[n++] = (struct facts_category){ topics,
			e->topics[i].slug, topic_title(c, &e->topics[i]) };
	for (size_t i = 0; i < e->fields.n_tags; i++)
		if (!is_topic(c, e, e->fields.tags[i], a))
			list[n++] = (struct facts_category){ tags,
				e->fields.tags[i], e->fields.tags[i] };
	*ret = list;
	return n;
}

int
facts_parts_known(const struct entry *e)
{
	int most = MAX(e->part, e->fields.total);

	for (size_t i = 0; i < e->n_related; i++)
		most = MAX(most, e->related[i].mark.number);
	return most;
}

/* ---- people ---- */

const enum person_role facts_contributors[FACTS_CONTRIBUTORS] = {
	ROLE_EDITOR, ROLE_TRANSLATOR, ROLE_CONTRIBUTOR,
};

bool
facts_is_uncredited(const struct entry *e, const struct person *who)
{
	if (who->role != ROLE_PHOTOGRAPHER)
		return false;
	for (size_t i = 0; i < e->n_media; i++)
		if (facts_is_picture(&e->media[i]) &&
			slice_eq(e->media[i].credit, who->name))
			return false;
	return true;
}

/* ---- words ---- */

struct slice
facts_language(const struct config *c, const struct entry *e)
{
	return slice_eq(e->lang, c->site.language) ? S("") : e->lang;
}

struct slice
facts_licence(const struct config *c, const struct entry *e)
{
	return e->fields.licence.len > 0 ? e->fields.licence :
		c->site.licence;
}

/* ---- media ---- */

bool
facts_is_picture(const struct media *m)
{
	return m->kind == MEDIA_IMAGE && m->name.len > 0;
}

bool
facts_is_played(const struct media *m)
{
	return m->kind != MEDIA_IMAGE && m->url.len > 0;
}

const struct media *
facts_picture(const struct entry *e)
{
	for (size_t i = 0; i < e->n_media; i++)
		if (facts_is_picture(&e->media[i]))
			return &e->media[i];
	return NULL;
}

struct slice
facts_played_type(const struct media *m)
{
	static const struct { struct slice ending, type; } known[] = {
		{ S_INIT(".mp4"), S_INIT("video/mp4") },
		{ S_INIT(".m4v"), S_INIT("video/mp4") },
		{ S_INIT(".webm"), S_INIT("video/webm") },
		{ S_INIT(".ogv"), S_INIT("video/ogg") },
		{ S_INIT(".mov"), S_INIT("video/quicktime") },
		{ S_INIT(".mp3"), S_INIT("audio/mpeg") },
		{ S_INIT(".m4a"), S_INIT("audio/mp4") },
		{ S_INIT(".ogg"), S_INIT("audio/ogg") },
		{ S_INIT(".oga"), S_INIT("audio/ogg") },
		{ S_INIT(".opus"), S_INIT("audio/ogg") },
		{ S_INIT(".wav"), S_INIT("audio/wav") },
	};
	struct slice rest = m->url, path = rest;

	if (m->type.len > 0)
		return m->type;
	slice_next_field(&rest, '?', &path);
	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (path.len > known[i].ending.len && slice_eq_nocase(
			slice_from(path, path.len - known[i].ending.len),
			known[i].ending))
			return known[i].type;
	return S("");
}
