/*
 * The configuration's life: reference counted, freed whole; and what the
 * articles depend on in it.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "model/config.h"

/* Raise it when the stages from read to series make other articles. */
enum { READER_VERSION = 3 };

/* Raise it when feed/ renders the same articles in another way. */
enum { LOOK_VERSION = 2 };

struct config *
config_ref(struct config *c)
{
	c->refs++;
	return c;
}

void
config_unref(struct config *c)
{
	if (!c || --c->refs > 0)
		return;
	arena_done(&c->arena);
	free(c);
}

static uint64_t
mix_number(uint64_t h, uint64_t n)
{
	return hash64_mix(h, slice((const char *)&n, sizeof(n)));
}

static uint64_t
mix_texts(uint64_t h, const struct slice *texts, size_t n)
{
	h = mix_number(h, n);
	for (size_t i = 0; i < n; i++)
		h = hash64_mix(mix_number(h, texts[i].len), texts[i]);
	return h;
}

static uint64_t
mix_patterns(uint64_t h, const struct patterns *p)
{
	h = mix_number(h, p->n);
	for (size_t i = 0; i < p->n; i++) {
		struct slice text = pattern_text(p->list[i]);

		h = hash64_mix(mix_number(h, text.len), text);
	}
	return h;
}

/* As deep as CONFIG_RULE_DEPTH_MAX, which the reader of the file sees to. */
static uint64_t
mix_rule(uint64_t h, const struct rule *r)
{
	h = mix_number(h, r->kind);
	h = mix_texts(h, r->texts, r->n_texts);
	h = mix_patterns(h, &r->patterns);
	h = mix_number(h, r->n_rules);
	for (size_t i = 0; i < r->n_rules; i++)
		h = mix_rule(h, &r->rules[i]);
	return h;
}

static uint64_t
mix_channel(uint64_t h, const struct channel *ch)
{
	h = mix_number(h, ch->kind);
	h = hash64_mix(h, ch->key);
	h = mix_texts(h, ch->aliases, ch->n_aliases);
	h = mix_number(h, (uint64_t)ch->total);
	h = mix_number(h, (uint64_t)ch->limit);
	h = mix_texts(h, ch->languages, ch->n_languages);
	/* Who says that partners may take nothing is in none of theirs. */
	h = mix_number(h, (uint64_t)ch->is_private << 9 |
		(uint64_t)ch->is_exclusive << 8 | (uint64_t)ch->syndication);
	h = mix_patterns(h, &ch->parts);
	h = mix_patterns(h, &ch->never);
	return ch->match ? mix_rule(h, ch->match) : h;
}

uint64_t
config_rules(const struct config *c)
{
	uint64_t h = mix_number(READER_VERSION,
		(uint64_t)c->site.zone_minutes);

	h = hash64_mix(h, c->site.language);
	h = hash64_mix(h, c->site.url);	/* pictures and links have it */
	for (size_t i = 0; i < c->n_roots; i++) {
		h = hash64_mix(h, c->roots[i].charset);
		/* Relative links start at the article's address. */
		h = hash64_mix(h, c->roots[i].permalink);
	}
	h = mix_patterns(h, &c->no_series);
	h = mix_number(h, c->n_channels);
	for (size_t i = 0; i < c->n_channels; i++)
		h = mix_channel(h, &c->channels[i]);
	return h;
}

bool
channel_is_called(const struct channel *ch, struct slice key)
{
	if (slice_eq(ch->key, key))
		return true;
	for (size_t i = 0; i < ch->n_aliases; i++)
		if (slice_eq(ch->aliases[i], key))
			return true;
	return false;
}

const struct channel *
config_channel(const struct config *c, enum channel_kind kind,
	struct slice key)
{
	for (size_t i = 0; i < c->n_channels; i++)
		if (c->channels[i].kind == kind && (kind == CHANNEL_ALL ||
			channel_is_called(&c->channels[i], key)))
			return &c->channels[i];
	return NULL;
}

uint64_t
config_look(const struct config *c)
{
	const struct site *s = &c->site;
	const struct slice texts[] = { s->name, s->url, s->language,
		s->licence };
	uint64_t h = mix_texts(LOOK_VERSION, texts, COUNT_OF(texts));

	h = mix_texts(h, s->hubs, s->n_hubs);
	for (size_t i = 0; i < c->n_roots; i++) {
		h = mix_texts(h, &c->roots[i].permalink, 1);
		h = mix_texts(h, &c->roots[i].prefix, 1);
	}
	for (size_t i = 0; i < c->n_channels; i++) {
		h = mix_texts(h, &c->channels[i].key, 1);
		h = mix_texts(h, &c->channels[i].title, 1);
		h = mix_number(h, c->channels[i].content);
		h = mix_number(h, (uint64_t)c->channels[i].limit);
		h = mix_number(h, (uint64_t)c->channels[i].is_private << 8 |
			(uint64_t)c->channels[i].syndication);
	}
	return h;
}

struct slice
site_address(const struct site *s, struct slice path, struct arena *a)
{
	if (slice_starts(path, S("/")))
		path = slice_from(path, 1);
	return arena_printf(a, "%.*s%.*s", ARG(s->url), ARG(path));
}

const struct channel *
feed_channel(const struct config *c, const struct feed *f)
{
	for (size_t i = 0; i < c->n_channels; i++) {
		const struct channel *ch = &c->channels[i];

		if (ch->kind == f->kind && (ch->kind == CHANNEL_ALL ||
			slice_eq(ch->slug.len ? ch->slug : ch->key, f->slug)))
			return ch;
	}
	return NULL;
}

struct slice
feed_title(const struct config *c, const struct feed *f)
{
	const struct channel *ch = feed_channel(c, f);

	if (ch && ch->title.len > 0)
		return ch->title;
	return f->kind == CHANNEL_ALL ? c->site.name : f->title;
}
