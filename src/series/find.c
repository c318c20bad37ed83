/*
 * The mark of an article: who has a say, and in which order.
 *
 * 1. Metadata wins: who fills a field means it.
 * 2. Then the configuration: what is never in a series, what a rule matches.
 * 3. Then the title's own marker.
 * 4. A key that the operator called an alias is the series' own, wherever it
 *    came from.
 * 5. The entry's title is the printed one as long as it says what the mark
 *    says; else it is made: "<series> <sign> | <headline>".
 * 6. The configuration never changes an entry's title: a new rule would make
 *    news of old articles.
 */
#include "base/fold.h"
#include "base/utf8.h"
#include "model/series_name.h"
#include "series/internal.h"
#include "series/title.h"

/* One title on its way to a mark. */
struct marking {
	const struct config *config;
	struct arena *arena;
	struct evidence *evidence;
	struct slice title;
	struct mark *mark;
	struct slice shown;
	const char *why;	/* of the title's marker */
};

static void
clear(struct marking *m)
{
	*m->mark = (struct mark){ .headline = m->title };
}

/* The first of the patterns that the title has, or NULL. */
static const struct pattern *
find_pattern(const struct patterns *p, struct slice title,
	struct pattern_hit *ret)
{
	for (size_t i = 0; i < p->n; i++)
		if (pattern_search(p->list[i], title, ret) == PATTERN_HIT)
			return p->list[i];
	return NULL;
}

/* A rule of the configuration that is against it. */
static void
reject(struct marking *m, const char *word, const struct pattern *p)
{
	if (m->mark->strength != MARK_NONE)
		evidence_add(m->evidence, "rejected", "%s \"%.*s\"", word,
			ARG(pattern_text(p)));
	clear(m);
}

/* What comes behind the match; all of the title if nothing does. */
static struct slice
rest_of(struct marking *m, const struct pattern_hit *hit)
{
	struct slice rest = slice_from(m->title, (size_t)(hit->whole.ptr +
		hit->whole.len - m->title.ptr));

	if (hit->headline.ptr)
		return slice_trim(hit->headline);
	rest = title_trim(rest, m->arena);
	return rest.len > 0 ? rest : m->title;
}

/* A rule of the configuration; false: none is for this title. */
static bool
by_rule(struct marking *m)
{
	for (size_t i = 0; i < m->config->n_channels; i++) {
		const struct channel *ch = &m->config->channels[i];
		struct pattern_hit hit;
		const struct pattern *p;

		if (ch->kind != CHANNEL_SERIES ||
			!(p = find_pattern(&ch->parts, m->title, &hit)))
			continue;
		*m->mark = (struct mark){ .strength = MARK_STRONG,
			.name = ch->name, .key = ch->key,
			.label = slice_trim(hit.part),
			.headline = rest_of(m, &hit),
			.number = MAX(title_number(hit.part, m->arena), 0) };
		evidence_add(m->evidence, "rule", "%.*s:%u: match \"%.*s\"",
			ARG(ch->file), ch->line, ARG(pattern_text(p)));
		return true;
	}
	return false;
}

/* Another name of a series that the operator wrote down. */
static const struct channel *
resolve(struct marking *m, struct slice *key)
{
	const struct channel *ch = key->len == 0 ? NULL :
		config_channel(m->config, CHANNEL_SERIES, *key);

	if (!ch || slice_eq(ch->key, *key))
		return ch;
	evidence_add(m->evidence, "alias", "%.*s:%u: \"%.*s\" is \"%.*s\"",
		ARG(ch->file), ch->line, ARG(*key), ARG(ch->key));
	*key = ch->key;
	return ch;
}

/* How many parts there will be, unless the title knows better. */
static void
take_total(struct marking *m, const struct channel *ch)
{
	if (m->mark->total == 0 && m->mark->number <= ch->total)
		m->mark->total = ch->total;
}

static void
tell_marker(struct marking *m)
{
	if (m->mark->strength == MARK_NONE)
		evidence_add(m->evidence, "rejected", "%s", m->why);
	else
		evidence_add(m->evidence, "marker", "%s \"%.*s\"%s", m->why,
			ARG(m->mark->label), m->mark->strength == MARK_WEAK ?
			" (weak: not enough by itself)" : "");
}

/* What the title, and the rules about titles, say. */
static void
by_title(struct marking *m)
{
	const struct pattern *p;
	const struct channel *ch;

	if ((p = find_pattern(&m->config->no_series, m->title, NULL))) {
		reject(m, "no-series", p);
		return;
	}
	if (!by_rule(m))
		tell_marker(m);
	ch = resolve(m, &m->mark->key);
	if (!ch)
		return;
	if ((p = find_pattern(&ch->never, m->title, NULL))) {
		reject(m, "never", p);
		return;
	}
	if (m->mark->strength == MARK_WEAK && m->mark->number > 0)
		evidence_add(m->evidence, "rule", "%.*s:%u: the series is "
			"written down", ARG(ch->file), ch->line);
	take_total(m, ch);
}

/* The title is as readers leave it: fold_title() changes nothing. */
static struct marking
begin(const struct config *c, struct slice title, struct mark *ret,
	struct arena *a, struct evidence *e)
{
	struct marking m = { .config = c, .arena = a, .evidence = e,
		.title = title, .mark = ret };

	title_parse(title, a, ret, &m.shown, &m.why);
	return m;
}

/* ---- what an article says of itself ---- */

/* "②"; what has no sign of its own is spelled out. */
static struct slice
sign_of(int n, struct slice name, struct arena *a)
{
	char sign[4];
	int32_t c = n < 1 || n > 50 ? 0 : n <= 20 ? 0x2460 + n - 1 :
		n <= 35 ? 0x3251 + n - 21 : 0x32b1 + n - 36;
	struct slice first = name;

	if (c > 0)
		return arena_copy(a, slice(sign, utf8_encode(c, sign)));
	return arena_printf(a, utf8_is_han(utf8_next(&first)) ?
		"第%d期" : "Part %d", n);
}

static void
compose(struct marking *m)
{
	const struct mark *k = m->mark;
	bool label = k->label.len > 0, headline = k->headline.len > 0;

	m->shown = arena_printf(m->arena, "%.*s%s%.*s%s%.*s", ARG(k->name),
		label ? " " : "", ARG(k->label), headline ? " | " : "",
		ARG(k->headline));
}

/*
 * The metadata names the series and the title does not: it may still begin
 * with the part, as "Part 1 of 5: ..." does.
 */
static void
by_name(struct marking *m, struct slice name, struct slice key)
{
	struct slice ignored;
	struct mark k;

	title_parse(arena_printf(m->arena, "%.*s, %.*s", ARG(name),
		ARG(m->title)), m->arena, &k, &ignored, NULL);
	if (k.number == 0 || !slice_eq(series_key(k.name, m->arena),
		series_key(name, m->arena)))
		k = (struct mark){ .headline = slice_eq(fold_key(m->title,
			m->arena), fold_key(name, m->arena)) ? S("") :
			m->title };
	*m->mark = k;
	m->mark->name = name;
	m->mark->key = key;
	compose(m);
}

static void
by_series_field(struct marking *m, const struct fields *f)
{
	struct slice name = fold_title(f->series, m->arena);
	struct slice key = series_key(name, m->arena);
	const struct channel *ch;

	if (key.len == 0 || name.len > ARTICLE_TITLE_MAX) {
		by_title(m);
		return;
	}
	evidence_add(m->evidence, "metadata", "series: \"%.*s\"", ARG(name));
	ch = resolve(m, &key);
	resolve(m, &m->mark->key);
	if (m->mark->strength == MARK_NONE || !slice_eq(m->mark->key, key))
		by_name(m, name, key);
	else
		tell_marker(m);
	m->mark->strength = MARK_STRONG;
	if (ch)
		take_total(m, ch);
}

/* A part, a total and a headline that are given count more than printed. */
static void
by_other_fields(struct marking *m, const struct fields *f)
{
	struct mark *k = m->mark;
	bool part = f->part > 0 && f->part != k->number &&
		k->strength != MARK_NONE;

	if (f->headline.len > 0)
		k->headline = f->headline;
	if (k->strength == MARK_NONE)
		return;
	if (f->part > 0) {
		evidence_add(m->evidence, "metadata", "part: %d", f->part);
		k->strength = MARK_STRONG;
	}
	if (part) {
		k->season = 0;
		k->number = f->part;
		k->last = false;
		k->label = sign_of(f->part, k->name, m->arena);
		k->total = k->total < f->part ? 0 : k->total;
	}
	if (f->total > 0)
		k->total = f->total;
	if (part || (f->headline.len > 0 && k->strength == MARK_STRONG))
		compose(m);
}

static void
find_related(const struct config *c, struct related *r, struct arena *a)
{
	struct marking m = begin(c, r->title, &r->mark, a, NULL);

	by_title(&m);
	r->title = m.shown;
	r->fold = fold_key(r->title, a);
}

void
mark_find(const struct config *c, struct article *art, struct arena *a,
	struct evidence *e)
{
	const struct fields *f = &art->fields;
	struct marking m = begin(c, art->title, &art->mark, a, e);

	if (f->is_part == SAID_NO) {
		clear(&m);
		evidence_add(e, "metadata", "series: no");
	} else if (f->series.len > 0) {
		by_series_field(&m, f);
	} else {
		by_title(&m);
	}
	by_other_fields(&m, f);
	art->entry_title = m.shown;
	for (size_t i = 0; !e && i < art->n_related; i++)
		find_related(c, &art->related[i], a);
}

bool
mark_is_member(const struct config *c, const struct mark *m)
{
	if (m->key.len == 0)
		return false;
	return m->strength == MARK_STRONG || (m->strength == MARK_WEAK &&
		m->number > 0 && config_channel(c, CHANNEL_SERIES, m->key));
}
