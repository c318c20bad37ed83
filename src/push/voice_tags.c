/*
 * Hashtags: the words that an article is found by.
 *
 * Letters and digits only, since that is where platforms end one; what had
 * blanks in it is written in capitals instead: "GreaterBayArea".
 */
#include "base/fold.h"
#include "base/language_tag.h"
#include "base/utf8.h"
#include "model/entry_share.h"
#include "push/voice.h"

enum { TAG_MAX = 100 };		/* bytes */

struct tags {
	struct slice *list;
	size_t n, max;
	struct slice *keys;	/* what they are the same by */
	struct arena *a;
};

/* The text as one word; empty: it has no letter. */
static struct slice
word_of(struct slice text, struct arena *a)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(TAG_MAX);
	bool is_new = false, has_letter = false;
	int32_t c;

	while ((c = utf8_next(&text)) >= 0) {
		if (!utf8_is_alnum(c) && c != '_') {
			/* "Guangdong's" stays one word. */
			is_new |= c != '\'' && c != 0x2019;
			continue;
		}
		utf8_put(&b, is_new && b.len > 0 ? utf8_upper(c) : c);
		has_letter |= c > '9';
		is_new = false;
	}
	return has_letter && buf_ok(&b) ? arena_copy(a, buf_slice(&b)) : S("");
}

static void
add(struct tags *t, struct slice text)
{
	struct slice word = word_of(text, t->a), key = fold_key(word, t->a);

	if (word.len == 0 || t->n == t->max)
		return;
	for (size_t i = 0; i < t->n; i++)
		if (slice_eq(t->keys[i], key))
			return;
	t->keys[t->n] = key;
	t->list[t->n++] = word;
}

/* "zh 大湾区" is for Chinese, "GBA" for whatever has no other. */
static bool
split_language(struct slice text, struct slice *ret_language,
	struct slice *ret_word)
{
	ssize_t blank = slice_find_byte(text, ' ');

	*ret_language = slice_sub(text, 0, blank < 0 ? 0 : (size_t)blank);
	*ret_word = slice_trim(blank < 0 ? text :
		slice_from(text, (size_t)blank));
	return blank >= 0;
}

/* Those of the topic in the language; false: it has none. */
static bool
add_configured(struct tags *t, const struct channel *ch, struct slice lang)
{
	bool is_any = false;

	for (int with_language = 1; with_language >= 0 && !is_any;
		with_language--)
		for (size_t i = 0; i < ch->n_hashtags; i++) {
			struct slice language, word;
			bool is_named = split_language(ch->hashtags[i],
				&language, &word);

			if (is_named != (bool)with_language ||
				(is_named && !language_tag_is_of(lang,
				language)))
				continue;
			add(t, word);
			is_any = true;
		}
	return is_any;
}

static void
add_topic(struct tags *t, const struct config *c, const struct topic *topic,
	struct slice lang)
{
	const struct channel *ch = config_channel(c, CHANNEL_TOPIC,
		topic->slug);
	const struct feed f = { .kind = CHANNEL_TOPIC, .slug = topic->slug,
		.title = topic->title };

	if (!ch || !add_configured(t, ch, lang))
		add(t, feed_title(c, &f));
}

size_t
voice_tags(const struct voice_conf *v, const struct delivery *d,
	struct arena *a, struct slice **ret)
{
	struct entry e = entry_copy(d->entry, a);
	struct slice lang = e.lang.len ? e.lang : d->config->site.language;
	struct tags t = { .max = (size_t)v->hashtags, .a = a };

	t.list = ARENA_ARRAY(a, struct slice, t.max + 1);
	t.keys = ARENA_ARRAY(a, struct slice, t.max + 1);
	entry_hide_topics(d->config, &e);
	for (size_t i = 0; i < e.n_topics; i++)
		add_topic(&t, d->config, &e.topics[i], lang);
	for (size_t i = 0; i < e.fields.n_tags; i++)
		add(&t, e.fields.tags[i]);
	*ret = t.list;
	return t.n;
}
