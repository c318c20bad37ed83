/*
 * The partners of the configuration: whose tokens open which channels.
 *
 * 1. A name stands once, and so does a token: one request counts for one
 *    partner.
 * 2. A channel that a partner may read exists and is private: a slip in its
 *    name would shut the partner out, and nobody would know why.
 */
#include "base/date.h"
#include "base/table.h"
#include "base/utf8.h"
#include "daemon/config_partners.h"
#include "model/access.h"
#include "model/series_name.h"

struct form_token {
	struct slice sha256, until;
};

static const struct setting token_words[] = {
	{ "sha256", SETTING_TEXT, SETTING_FIELD(struct form_token, sha256),
		.required = true,
		.help = "Write the hash that \"gazettectl token\" gave." },
	{ "until", SETTING_TEXT, SETTING_FIELD(struct form_token, until),
		.max = 40, .help = "When the token ends." },
	{ 0 },
};

/* What names one partner may not name a second. */
struct known {
	struct table names, tokens;
};

static void
known_done(struct known *k)
{
	table_done(&k->names);
	table_done(&k->tokens);
}

/* ---- tokens ---- */

/* The moment at which a token ends; 0: it never does. */
static int64_t
read_until(struct setting_reader *r, const struct node *n,
	struct slice until, const struct config *c)
{
	int64_t t;

	if (until.len == 0)
		return 0;
	t = date_parse_iso(until, c->site.zone_minutes);
	if (t > 0)
		return t;
	fault_add(r->faults, node_place(n, S("until")), "\"%.*s\" is not a "
		"date", ARG(utf8_first(until, 40)));
	fault_hint(r->faults, "Write it as \"2024-05-15\" or \"2024-05-15 "
		"08:00\".");
	return 0;
}

static void
read_token(struct setting_reader *r, const struct node *n,
	const struct config *c, struct partner *ret)
{
	struct partner_token *t = &ret->tokens[ret->n_tokens];
	struct form_token form = { .sha256 = n->text };

	if (n->kind == NODE_MAP)
		setting_read(r, token_words, n, "tokens", &form);
	else if (n->kind != NODE_TEXT)
		setting_wrong_kind(r, n, "a hash or a map");
	if (form.sha256.len == 0)
		return;
	if (!sha256_parse(form.sha256, &t->hash)) {
		fault_add(r->faults, &n->at, "this is not a SHA-256: 64 "
			"digits from 0 to f");
		fault_hint(r->faults, "Write the hash, and never the token "
			"itself; \"gazettectl token\" makes both.");
		return;
	}
	t->until = read_until(r, n, form.until, c);
	ret->n_tokens++;
}

static void
read_tokens(struct setting_reader *r, const struct node *n,
	const struct config *c, struct partner *ret)
{
	const struct node *item = n ? n->first : NULL;

	ret->tokens = ARENA_ARRAY(r->a, struct partner_token,
		CONFIG_TOKENS_MAX);
	if (!n || node_is_nothing(n))
		return;
	if (n->kind != NODE_LIST) {
		read_token(r, n, c, ret);
		return;
	}
	for (size_t i = 0; item; i++, item = item->next) {
		if (i == CONFIG_TOKENS_MAX) {
			fault_add(r->faults, &item->at, "too many tokens: at "
				"most %d", CONFIG_TOKENS_MAX);
			return;
		}
		read_token(r, item, c, ret);
	}
}

static void
check_tokens(struct setting_reader *r, struct known *k,
	const struct form_partner *f, const struct partner *p)
{
	for (size_t i = 0; i < p->n_tokens; i++) {
		const struct sha256 *h = &p->tokens[i].hash;

		if (!table_set(&k->tokens, slice((const char *)h->bytes,
			SHA256_SIZE), (void *)(uintptr_t)p))
			continue;
		fault_add(r->faults, node_place(f->at, S("tokens")),
			"a token of \"%.*s\" stands here a second time",
			ARG(f->name));
		fault_hint(r->faults, "Give each partner tokens of its own.");
	}
}

/* ---- channels ---- */

/* "all", "series/NAME" or "topics/SLUG"; NULL: no such channel. */
static const struct channel *
find_channel(const struct config *c, struct slice name, struct arena *a)
{
	struct feed f = { .kind = CHANNEL_ALL, .slug = name };

	if (slice_starts(name, S("series/"))) {
		f.kind = CHANNEL_SERIES;
		f.slug = series_key(slice_from(name, 7), a);
	} else if (slice_starts(name, S("topics/"))) {
		f.kind = CHANNEL_TOPIC;
		f.slug = slice_from(name, 7);
	} else if (!slice_eq(name, S("all"))) {
		return NULL;
	}
	return channel_of_feed(c, &f);
}

/* Where the i-th text of the word stands. */
static const struct place *
text_place(const struct node *map, struct slice word, size_t i)
{
	const struct node *list = node_key(map, word)->value;
	const struct node *item = list->kind == NODE_LIST ? list->first :
		NULL;

	for (; item && i > 0; i--)
		item = item->next;
	return item ? &item->at : &list->at;
}

static void
read_channels(struct setting_reader *r, const struct form_partner *f,
	const struct config *c, struct partner *ret)
{
	ret->channels = ARENA_ARRAY(r->a, const struct channel *,
		f->n_channels);
	for (size_t i = 0; i < f->n_channels; i++) {
		struct slice name = f->channels[i];
		const struct channel *ch = find_channel(c, name, r->a);

		if (ch && ch->is_private) {
			ret->channels[ret->n_channels++] = ch;
			continue;
		}
		fault_add(r->faults, text_place(f->at, S("channels"), i),
			"\"%.*s\" is no private channel", ARG(utf8_first(name,
			60)));
		fault_hint(r->faults, ch ? "Everybody may read it; private "
			"are channels with access: partners." : "Write \"all\""
			", \"series/NAME\" or \"topics/SLUG\", of a channel "
			"with access: partners.");
	}
}

void
config_partners_read(struct setting_reader *r, const struct form *f,
	struct config *c)
{
	CLEANUP(known_done) struct known k = { 0 };

	c->partners = ARENA_ARRAY(r->a, struct partner, f->n_partners);
	for (size_t i = 0; i < f->n_partners; i++) {
		const struct form_partner *from = &f->partners[i];
		struct partner *p = &c->partners[c->n_partners++];

		*p = (struct partner){ .name = from->name,
			.revoked = from->revoked };
		read_tokens(r, from->tokens, c, p);
		read_channels(r, from, c, p);
		check_tokens(r, &k, from, p);
		if (p->name.len > 0 && table_set(&k.names, p->name, p))
			fault_add(r->faults, &from->at->at, "the partner "
				"\"%.*s\" a second time", ARG(p->name));
	}
}
