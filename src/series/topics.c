/*
 * Topics: those whose tag an article carries, and those whose rule it meets.
 *
 * 1. Only topics that the operator wrote down are topics: a tag by itself
 *    makes no channel, or every slip of a keyboard would.
 * 2. They come in the order of the configuration.
 */
#include "base/fold.h"
#include "series/internal.h"
#include "series/rule.h"

/* The tags of the article as keys. */
static struct slice *
tag_keys(const struct fields *f, struct arena *a)
{
	struct slice *keys = ARENA_ARRAY(a, struct slice, f->n_tags + 1);

	for (size_t i = 0; i < f->n_tags; i++)
		keys[i] = fold_key(f->tags[i], a);
	return keys;
}

/* Does one of the tags name the topic?  Its number, or -1. */
static ssize_t
tag_of(const struct channel *ch, const struct subject *s)
{
	for (size_t i = 0; i < s->article->fields.n_tags; i++)
		if (s->tags[i].len > 0 && channel_is_called(ch, s->tags[i]))
			return (ssize_t)i;
	return -1;
}

static bool
is_on(const struct channel *ch, struct subject *s, struct evidence *e)
{
	ssize_t tag = tag_of(ch, s);

	if (tag >= 0) {
		evidence_add(e, "topic", "%.*s: tag \"%.*s\"", ARG(ch->key),
			ARG(s->article->fields.tags[tag]));
		return true;
	}
	if (!ch->match || !rule_match(ch->match, s))
		return false;
	if (e)
		evidence_add(e, "topic", "%.*s: %.*s:%u: %.*s", ARG(ch->key),
			ARG(ch->file), ch->line, ARG(rule_why(s)));
	return true;
}

void
topics_find(const struct config *c, struct slice path, struct article *art,
	struct arena *a, struct evidence *e)
{
	struct subject s = { .article = art, .path = path, .arena = a,
		.tags = tag_keys(&art->fields, a) };

	for (size_t i = 0; i < c->n_channels; i++) {
		const struct channel *ch = &c->channels[i];

		if (ch->kind != CHANNEL_TOPIC || !is_on(ch, &s, e))
			continue;
		art->topics = ARENA_GROW(a, art->topics, art->n_topics);
		art->topics[art->n_topics++] = ch->key;
		if (art->n_topics == ARTICLE_TOPICS_MAX)
			return;
	}
}
