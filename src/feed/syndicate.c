/*
 * Syndication: how an entry is shown to those who take articles along.
 */
#include <stdlib.h>

#include "feed/syndicate.h"
#include "model/access.h"
#include "model/entry_share.h"

enum {
	VARIANT_FULL = 1,
	VARIANT_TEXT = 2,
	VARIANT_OWN = 4,	/* and its own series is not hidden */
};

unsigned
syndicate_variant(const struct config *c, const struct feed *f)
{
	const struct channel *ch = channel_of_feed(c, f);
	unsigned own;

	if (!ch || !channel_is_syndicated(ch))
		return 0;
	own = ch->is_private && ch->kind == CHANNEL_SERIES ? VARIANT_OWN : 0;
	return own | (ch->syndication == SYNDICATION_TEXT_ONLY ?
		VARIANT_TEXT : VARIANT_FULL);
}

void
syndicate_list(const struct config *c, struct feed *f)
{
	bool moved = false;

	if (syndicate_variant(c, f) & VARIANT_OWN)
		return;
	for (size_t i = 0; i < f->n; i++)
		moved |= entry_hide_private(c, &f->list[i]);
	if (moved)
		qsort(f->list, f->n, sizeof(*f->list), entry_order);
}

void
syndicate_entry(const struct config *c, const struct feed *f,
	struct entry *e, struct arena *a)
{
	unsigned variant = syndicate_variant(c, f);
	enum syndication said = e->fields.syndication;

	if (variant & VARIANT_OWN)
		entry_hide_topics(c, e);
	else
		entry_hide_private(c, e);
	if (variant != 0)
		entry_take_pictures(e, said ? said == SYNDICATION_FULL :
			!(variant & VARIANT_TEXT), a);
}

const struct config *
syndicate_config(const struct config *c, const struct feed *f,
	struct config *ret)
{
	if (!channel_is_private(c, f))
		return c;
	*ret = *c;
	ret->site.n_hubs = 0;
	return ret;
}
