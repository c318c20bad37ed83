/*
 * The channels of the configuration: what the form says of each, and that no
 * two are the same.
 */
#include "base/fold.h"
#include "base/table.h"
#include "daemon/config_channels.h"
#include "daemon/config_pattern.h"
#include "daemon/config_picture.h"
#include "daemon/config_rule.h"
#include "model/series_name.h"

/* Tell a second channel of one name or slug. */
static void
check_unique(struct setting_reader *r, struct table *t,
	const struct form_channel *f, struct slice key, const char *what)
{
	const struct form_channel *before;

	if (key.len == 0)
		return;
	before = table_get(t, key);
	if (!before) {
		table_set(t, key, (void *)(uintptr_t)f);
		return;
	}
	fault_add(r->faults, &f->at->at, "%s \"%.*s\" a second time", what,
		ARG(key));
	fault_hint(r->faults, "The first is in %s, line %u.",
		before->at->at.source->path, before->at->at.line);
}

/* Does a word stand where it has no meaning? */
static void
refuse_word(struct setting_reader *r, const struct node *map,
	struct slice word, const char *only)
{
	const struct node *key = node_key(map, word);

	if (key)
		fault_add(r->faults, &key->at, "\"%.*s\" is only for %s",
			ARG(word), only);
}

static bool
has(const struct node *map, struct slice word)
{
	return node_key(map, word) != NULL;
}

/* Is it a "no", and not just something that is no truth either? */
static bool
says_no(const struct node *n)
{
	return slice_eq_nocase(n->text, S("no")) ||
		slice_eq_nocase(n->text, S("false")) ||
		slice_eq_nocase(n->text, S("off"));
}

/* Exactly one word says what a channel is of; -1: there is a fault. */
static int
channel_kind(struct setting_reader *r, const struct form_channel *f)
{
	bool all = has(f->at, S("all")), series = has(f->at, S("series")),
		topic = has(f->at, S("topic"));

	if (all + series + topic != 1) {
		fault_add(r->faults, &f->at->at, "a channel has exactly one "
			"of \"all\", \"series\", \"topic\"");
		return -1;
	}
	if (all && says_no(node_key(f->at, S("all"))->value)) {
		fault_add(r->faults, node_place(f->at, S("all")),
			"the channel of every article is always there");
		fault_hint(r->faults, "Write all: yes, or leave the item "
			"out.");
	}
	return all ? CHANNEL_ALL : series ? CHANNEL_SERIES : CHANNEL_TOPIC;
}

/* Other names as keys; a tag may give a topic's title, too. */
static void
read_aliases(struct setting_reader *r, const struct form_channel *f,
	struct channel *ret)
{
	bool topic = ret->kind == CHANNEL_TOPIC;

	ret->aliases = ARENA_ARRAY(r->a, struct slice, f->n_aliases + 1);
	for (size_t i = 0; i < f->n_aliases; i++)
		ret->aliases[ret->n_aliases++] = topic ?
			fold_key(f->aliases[i], r->a) :
			series_key(f->aliases[i], r->a);
	if (topic && f->title.len > 0)
		ret->aliases[ret->n_aliases++] = fold_key(f->title, r->a);
}

static void
read_series(struct setting_reader *r, const struct form_channel *f,
	struct channel *ret)
{
	ret->name = f->series;
	ret->key = series_key(f->series, r->a);
	ret->total = (int)f->total;
	config_picture_read(r, f->at, f->cover, &ret->cover);
	config_patterns_read(r, f->match, &ret->parts);
	config_patterns_read(r, f->never, &ret->never);
	read_aliases(r, f, ret);
}

static void
read_topic(struct setting_reader *r, const struct form_channel *f,
	struct channel *ret)
{
	ret->name = ret->key = f->topic;
	read_aliases(r, f, ret);
	if (!f->match)
		return;
	ret->match = ARENA_NEW(r->a, struct rule);
	config_rule_read(r, f->match, 0, ret->match);
}

static void
refuse_words(struct setting_reader *r, const struct node *map,
	enum channel_kind kind)
{
	static const struct slice of_series[] = { S_INIT("slug"),
		S_INIT("total"), S_INIT("cover"), S_INIT("never") };

	if (kind != CHANNEL_TOPIC)
		refuse_word(r, map, S("hashtags"), "topics");
	for (size_t i = 0; kind != CHANNEL_SERIES && i < COUNT_OF(of_series);
		i++)
		refuse_word(r, map, of_series[i], "series");
	if (kind != CHANNEL_ALL)
		return;
	refuse_word(r, map, S("match"), "series and topics");
	refuse_word(r, map, S("aliases"), "series and topics");
}

static void
check_exclusive(struct setting_reader *r, const struct form_channel *f)
{
	if (!f->exclusive || f->access == FORM_ACCESS_PARTNERS)
		return;
	fault_add(r->faults, node_place(f->at, S("exclusive")),
		"a public channel cannot have its articles to itself");
	fault_hint(r->faults, "Add access: partners.");
}

/* From the form of a channel to the channel; false: it has none. */
static bool
read_channel(struct setting_reader *r, const struct form_channel *f,
	struct channel *ret)
{
	int kind = channel_kind(r, f);

	if (kind < 0)
		return false;
	*ret = (struct channel){ .kind = (enum channel_kind)kind,
		.title = f->title, .slug = f->slug,
		.is_private = f->access == FORM_ACCESS_PARTNERS,
		.is_exclusive = f->exclusive,
		.syndication = f->syndication,
		.content = f->content, .limit = (int)f->limit,
		.languages = f->languages, .n_languages = f->n_languages,
		.hashtags = f->hashtags, .n_hashtags = f->n_hashtags,
		.file = arena_copy(r->a, slice_str(f->at->at.source->path)),
		.line = f->at->at.line };
	switch (ret->kind) {
	case CHANNEL_ALL:
		ret->name = ret->key = S("all");
		break;
	case CHANNEL_SERIES:
		read_series(r, f, ret);
		break;
	case CHANNEL_TOPIC:
		read_topic(r, f, ret);
		break;
	}
	refuse_words(r, f->at, ret->kind);
	check_exclusive(r, f);
	return true;
}

/* What names a channel may not name a second one. */
struct names {
	struct table keys[3];	/* by enum channel_kind */
	struct table slugs;	/* of series */
};

static void
names_done(struct names *n)
{
	for (size_t i = 0; i < COUNT_OF(n->keys); i++)
		table_done(&n->keys[i]);
	table_done(&n->slugs);
}

void
config_channels_read(struct setting_reader *r, const struct form *f,
	struct config *c)
{
	static const char *const what[] = { [CHANNEL_ALL] = "the channel",
		[CHANNEL_SERIES] = "the series",
		[CHANNEL_TOPIC] = "the topic" };
	CLEANUP(names_done) struct names names = { 0 };
	struct channel *ch;

	config_patterns_read(r, f->no_series, &c->no_series);
	c->channels = ARENA_ARRAY(r->a, struct channel, f->n_channels);
	for (size_t i = 0; i < f->n_channels; i++) {
		ch = &c->channels[c->n_channels];
		if (!read_channel(r, &f->channels[i], ch))
			continue;
		c->n_channels++;
		check_unique(r, &names.keys[ch->kind], &f->channels[i],
			ch->key, what[ch->kind]);
		if (ch->kind != CHANNEL_SERIES)
			continue;
		check_unique(r, &names.slugs, &f->channels[i], ch->slug,
			"the slug");
		for (size_t k = 0; k < ch->n_aliases; k++)
			check_unique(r, &names.keys[ch->kind],
				&f->channels[i], ch->aliases[k],
				"the name of a series");
	}
}
