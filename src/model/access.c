/*
 * Access: which channels are private, who may read them, and what partners may
 * take along.
 */
#include "model/access.h"

static bool
is_named(const struct channel *ch, struct slice name)
{
	return ch->kind == CHANNEL_ALL || slice_eq(ch->key, name) ||
		(ch->slug.len > 0 && slice_eq(ch->slug, name));
}

static const struct channel *
find(const struct config *c, const struct feed *f,
	bool (*is)(const struct channel *, struct slice name))
{
	for (size_t i = 0; i < c->n_channels; i++)
		if (c->channels[i].kind == f->kind &&
			((f->key.len > 0 && is(&c->channels[i], f->key)) ||
			is(&c->channels[i], f->slug)))
			return &c->channels[i];
	return NULL;
}

/*
 * Its own name comes first: an alias of another topic may be the same.  But a
 * series that was merged has the key of the older one, which may be no more
 * than an alias here, and its slug may carry a number.
 */
const struct channel *
channel_of_feed(const struct config *c, const struct feed *f)
{
	const struct channel *ch = find(c, f, is_named);

	return ch ? ch : find(c, f, channel_is_called);
}

bool
channel_is_private(const struct config *c, const struct feed *f)
{
	const struct channel *ch = channel_of_feed(c, f);

	return ch && ch->is_private;
}

bool
config_has_private(const struct config *c)
{
	for (size_t i = 0; i < c->n_channels; i++)
		if (c->channels[i].is_private)
			return true;
	return false;
}

size_t
feeds_keep_public(const struct config *c, struct feed *list, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (!channel_is_private(c, &list[i]))
			list[kept++] = list[i];
	return kept;
}

bool
channel_is_syndicated(const struct channel *ch)
{
	return ch->is_private || ch->syndication != SYNDICATION_UNSAID;
}

bool
channel_takes(const struct channel *ch, enum syndication said)
{
	if (!channel_is_syndicated(ch))
		return true;
	return (said ? said : ch->syndication) != SYNDICATION_NONE;
}

static bool
is_valid(const struct partner *p, const struct partner_token *t, int64_t now)
{
	return !p->revoked && (t->until == 0 || now < t->until);
}

const struct partner *
partner_of_token(const struct config *c, struct slice token, int64_t now)
{
	const struct partner *found = NULL;
	struct sha256 hash;

	if (token.len == 0 || token.len > CONFIG_TOKEN_MAX)
		return NULL;
	hash = sha256_of(token);
	for (size_t i = 0; i < c->n_partners; i++) {
		const struct partner *p = &c->partners[i];

		for (size_t k = 0; k < p->n_tokens; k++)
			if (sha256_same(&p->tokens[k].hash, &hash) &&
				is_valid(p, &p->tokens[k], now))
				found = p;
	}
	return found;
}

bool
partner_may_read(const struct partner *p, const struct channel *ch)
{
	for (size_t i = 0; i < p->n_channels; i++)
		if (p->channels[i] == ch)
			return true;
	return false;
}
