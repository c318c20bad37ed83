/*
 * Sharing: an article of which partners may take nothing is in none of their
 * channels.
 *
 * It is decided where membership is, and not where feeds are rendered: so it
 * is in no count, no page and no log, and when an article says "none" later,
 * those who have it learn that it left.
 */
#include "model/access.h"
#include "series/internal.h"

bool
share_takes(const struct config *c, enum channel_kind kind, struct slice key,
	const struct article *art)
{
	const struct channel *ch = config_channel(c, kind, key);

	return !ch || channel_takes(ch, art->fields.syndication);
}

void
share_apply(const struct config *c, struct article *art)
{
	size_t n = 0;

	for (size_t i = 0; i < art->n_topics; i++)
		if (share_takes(c, CHANNEL_TOPIC, art->topics[i], art))
			art->topics[n++] = art->topics[i];
	art->n_topics = n;
	if (art->mark.key.len > 0 &&
		!share_takes(c, CHANNEL_SERIES, art->mark.key, art))
		art->mark = (struct mark){ 0 };
}
