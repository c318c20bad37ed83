/*
 * What all renderers share: the table, and the words of a feed's head.
 */
#include "feed/render.h"

const struct renderer *const renderers[] = {
	&renderer_atom,
	&renderer_rss,
	&renderer_json,
	NULL,
};

struct slice
renderer_media_type(const struct renderer *r)
{
	struct slice rest = slice_str(r->type), type = rest;

	slice_next_field(&rest, ';', &type);
	return type;
}

enum content_mode
feed_content(const struct config *c, const struct feed *f)
{
	const struct channel *ch = feed_channel(c, f);

	return ch ? ch->content : CONTENT_FULL;
}

size_t
feed_limit(const struct config *c, const struct feed *f)
{
	const struct channel *ch = feed_channel(c, f);

	return ch && ch->limit > 0 ? (size_t)ch->limit : FEED_LIVE_MAX;
}

struct slice
feed_subtitle(const struct config *c, const struct feed *f, struct arena *a)
{
	struct slice title = feed_title(c, f);

	switch (f->kind) {
	case CHANNEL_SERIES:
		return arena_printf(a, "Articles in the series %.*s",
			ARG(title));
	case CHANNEL_TOPIC:
		return arena_printf(a, "Articles on %.*s", ARG(title));
	default:
		return arena_printf(a, "All articles of %.*s", ARG(title));
	}
}

bool
feed_is_complete(const struct feed *f)
{
	return f->kind == CHANNEL_SERIES && !f->archived && f->complete &&
		!f->delta;
}

bool
feed_is_listed(const struct feed *f)
{
	return f->entries > 0;
}

int64_t
feed_updated(const struct feed *f)
{
	int64_t updated = f->n ? f->list[0].updated : f->born;

	if (f->delta)
		return f->updated;
	for (size_t i = 1; i < f->n; i++)
		updated = MAX(updated, f->list[i].updated);
	return updated;
}
