/*
 * Sharing: which channels may have an article, by what it says of partners.
 *
 * An article of which partners may take nothing is in none of their channels;
 * one of an exclusive channel is in private ones only.  It is decided where
 * membership is, and not where feeds are rendered: so the article is in no
 * count, page or log either, and when it says so later, those who have it
 * learn that it left.
 */
#include "model/access.h"
#include "series/internal.h"

bool
share_takes(const struct config *c, enum channel_kind kind, struct slice key,
	const struct article *art)
{
	const struct channel *ch = config_channel(c, kind, key);

	if (art->exclusive && !(ch && ch->is_private))
		return false;
	return !ch || channel_takes(ch, art->fields.syndication);
}

static bool
is_exclusive(const struct config *c, enum channel_kind kind, struct slice key)
{
	const struct channel *ch = config_channel(c, kind, key);

	return ch && ch->is_exclusive;
}

void
share_apply(const struct config *c, struct article *art)
{
	bool series = mark_is_member(c, &art->mark);
	size_t n = 0;

	art->exclusive = is_exclusive(c, CHANNEL_ALL, S("all")) || (series &&
		is_exclusive(c, CHANNEL_SERIES, art->mark.key));
	for (size_t i = 0; i < art->n_topics; i++)
		art->exclusive |= is_exclusive(c, CHANNEL_TOPIC,
			art->topics[i]);
	for (size_t i = 0; i < art->n_topics; i++)
		if (share_takes(c, CHANNEL_TOPIC, art->topics[i], art))
			art->topics[n++] = art->topics[i];
	art->n_topics = n;
	/* Without a mark no series finds it, later either. */
	if (art->mark.key.len > 0 &&
		!share_takes(c, CHANNEL_SERIES, art->mark.key, art))
		art->mark = (struct mark){ 0 };
}
