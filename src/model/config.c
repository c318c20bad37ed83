/*
 * The configuration's life: reference counted, freed whole; and what the
 * articles depend on in it.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "model/config.h"

/* Raise it when the stages from read to series make other articles. */
enum { READER_VERSION = 2 };

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

/* As deep as CONFIG_RULE_DEPTH_MAX, which the reader of the file sees to. */
static uint64_t
mix_rule(uint64_t h, const struct rule *r)
{
	h = mix_number(h, r->kind);
	h = mix_number(h, r->n_texts);
	for (size_t i = 0; i < r->n_texts; i++)
		h = hash64_mix(mix_number(h, r->texts[i].len), r->texts[i]);
	h = mix_number(h, r->n_rules);
	for (size_t i = 0; i < r->n_rules; i++)
		h = mix_rule(h, &r->rules[i]);
	return h;
}

uint64_t
config_rules(const struct config *c)
{
	uint64_t h = mix_number(READER_VERSION,
		(uint64_t)c->site.zone_minutes);

	h = hash64_mix(h, c->site.language);
	h = hash64_mix(h, c->site.url);	/* pictures and links have it */
	for (size_t i = 0; i < c->n_roots; i++)
		h = hash64_mix(h, c->roots[i].charset);
	for (size_t i = 0; i < c->n_channels; i++) {
		h = mix_number(h, c->channels[i].kind);
		h = hash64_mix(h, c->channels[i].key);
		if (c->channels[i].match)
			h = mix_rule(h, c->channels[i].match);
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
