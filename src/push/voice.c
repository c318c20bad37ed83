/*
 * Voice: what is done, and what is said.
 */
#include "base/uri.h"
#include "base/utf8.h"
#include "model/address.h"
#include "model/entry_share.h"
#include "push/voice.h"
#include "push/voice_parts.h"

const char *const voice_correction_words[] = {
	[VOICE_CORRECTION_EDIT] = "edit",
	[VOICE_CORRECTION_IGNORE] = "ignore",
	[VOICE_CORRECTION_NEW] = "new",
	NULL,
};

const char *const voice_withdrawal_words[] = {
	[VOICE_WITHDRAWAL_DELETE] = "delete",
	[VOICE_WITHDRAWAL_IGNORE] = "ignore",
	NULL,
};

const char *const voice_picture_words[] = {
	[VOICE_PICTURE_COVER] = "cover",
	[VOICE_PICTURE_FIRST] = "first",
	[VOICE_PICTURE_ALL] = "all",
	[VOICE_PICTURE_NONE] = "none",
	NULL,
};

/* ---- what is done ---- */

/* As if the post were there. */
static enum voice_deed
deed_of(const struct voice_conf *v, enum delivery_action action)
{
	static const enum voice_deed corrected[] = {
		[VOICE_CORRECTION_EDIT] = VOICE_EDIT,
		[VOICE_CORRECTION_IGNORE] = VOICE_NOTHING,
		[VOICE_CORRECTION_NEW] = VOICE_POST,
	};

	switch (action) {
	case ACTION_PUBLISHED:
		return VOICE_POST;
	case ACTION_CORRECTED:
		return corrected[v->correction];
	case ACTION_WITHDRAWN:
		return v->withdrawal == VOICE_WITHDRAWAL_DELETE ?
			VOICE_DELETE : VOICE_NOTHING;
	case ACTION_UPDATED:
	case ACTION_MINOR:
	case ACTION_RESTORED:
	case ACTION_COUNT:
		break;
	}
	/* An edit of the article is no news. */
	return VOICE_NOTHING;
}

bool
voice_wants(const struct voice_conf *v, const struct delivery *d)
{
	/* Is the post of what is restored gone?  That is seen later. */
	return d->subject != DELIVER_ARTICLE ||
		d->action == ACTION_RESTORED ||
		deed_of(v, d->action) != VOICE_NOTHING;
}

enum voice_deed
voice_deed(const struct voice_conf *v, const struct delivery *d)
{
	enum voice_deed deed = deed_of(v, d->action);

	if (d->memo.len > 0)
		return deed;
	if (d->action == ACTION_RESTORED)
		return VOICE_POST;
	return deed == VOICE_POST ? deed : VOICE_NOTHING;
}

/* ---- addresses ---- */

int
voice_check_utm(struct slice text, struct err *e)
{
	static const char fine[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~=&%+";

	for (size_t i = 0; i < text.len; i++)
		if (!memchr(fine, text.ptr[i], sizeof(fine) - 1)) {
			err_set(e, ERR_CONFIG, "\"%.*s\" cannot stand in an "
				"address", ARG(utf8_first(text, 60)));
			return err_hint(e, "Write it as "
				"\"utm_source=x&utm_medium=social\".");
		}
	return 0;
}

struct slice
voice_url(const struct voice_conf *v, const struct delivery *d,
	struct arena *a)
{
	struct slice url = address_entry(d->config, d->entry, a), rest;
	ssize_t hash = slice_find_byte(url, '#');

	if (v->utm.len == 0 || !slice_starts(url, d->config->site.url))
		return url;
	rest = hash < 0 ? S("") : slice_from(url, (size_t)hash);
	url.len -= rest.len;
	return arena_printf(a, "%.*s%c%.*s%.*s", ARG(url),
		slice_find_byte(url, '?') < 0 ? '?' : '&', ARG(v->utm),
		ARG(rest));
}

/* ---- what is said ---- */

static struct slice
join_tags(const struct voice_conf *v, const struct delivery *d,
	struct arena *a)
{
	struct slice *list, ret = S("");
	size_t n = voice_tags(v, d, a, &list);

	for (size_t i = 0; i < n; i++)
		ret = arena_printf(a, "%.*s%s#%.*s", ARG(ret), i ? " " : "",
			ARG(list[i]));
	return ret;
}

static bool
was_named(const struct entry *e, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (slice_eq(e->people[i].name, e->people[n].name))
			return true;
	return false;
}

/* Names, in the article's order; Chinese has a comma of its own for them. */
static struct slice
join_people(const struct entry *e, struct arena *a)
{
	const char *comma = slice_starts_nocase(e->lang, S("zh")) ?
		"\u3001" : ", ";
	struct slice ret = S("");

	for (size_t i = 0; i < e->n_people; i++)
		if (!was_named(e, i))
			ret = arena_printf(a, "%.*s%s%.*s", ARG(ret),
				ret.len ? comma : "",
				ARG(e->people[i].name));
	return ret;
}

static void
read_values(const struct voice_conf *v, const struct delivery *d,
	struct arena *a, struct slice values[static VOICE_FIELDS])
{
	struct entry e = entry_copy(d->entry, a);

	entry_hide_private(d->config, &e);
	values[VOICE_TITLE] = e.title;
	values[VOICE_HEADLINE] = e.headline.len ? e.headline : e.title;
	values[VOICE_SERIES] = e.series_title;
	values[VOICE_PART] = e.part_label;
	values[VOICE_SUMMARY] = e.summary;
	values[VOICE_URL] = voice_url(v, d, a);
	values[VOICE_TAGS] = join_tags(v, d, a);
	values[VOICE_CREDITS] = join_people(&e, a);
	values[VOICE_SECTION] = e.fields.section;
	values[VOICE_CORRECTION] = e.fields.correction;
	values[VOICE_SITE] = d->config->site.name;
}

/* The template, and the field of it that gives way. */
struct saying {
	struct slice template;
	enum voice_field elastic;
	bool is_own;		/* the article's words */
};

static struct saying
saying_of(const struct voice_conf *v, const struct delivery *d,
	struct arena *a)
{
	const struct push_word *own = fields_push(&d->entry->fields,
		d->target->name);
	struct saying s = { v->template, voice_template_elastic(v->template),
		false };

	if (!own || own->text.len == 0)
		return s;
	s = (struct saying){ own->text, VOICE_FIELDS, true };
	if (voice_template_has(v->template, VOICE_URL) &&
		!voice_template_has(own->text, VOICE_URL))
		s.template = arena_printf(a, "%.*s\n{url}", ARG(own->text));
	return s;
}

/* The text with the elastic field as it is in the values, or without it. */
static size_t
fill(const struct saying *s, const struct slice *values,
	enum voice_field elastic, struct buf *ret)
{
	struct voice_filling f = { .values = values, .elastic = elastic,
		.out = ret };

	buf_reset(ret);
	voice_template_fill(&f, s->template);
	return MIN(f.elastic_at, ret->len);
}

static int
too_long(const struct saying *s, const struct fit *fits, struct err *e)
{
	err_set(e, ERR_LIMIT, "what is to be said is longer than %zu",
		fits[0].max);
	return s->is_own ? err_hint(e, "Shorten the article's \"push\".") :
		err_hint(e, "Shorten the template; only one field of it gives "
		"way.");
}

int
voice_put(const struct voice_conf *v, const struct delivery *d,
	const struct fit *fits, size_t n_fits, struct arena *a,
	struct slice *ret, struct err *e)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(FIT_TEXT_MAX);
	struct saying s = saying_of(v, d, a);
	struct slice values[VOICE_FIELDS], text;
	size_t at;

	read_values(v, d, a, values);
	if (s.elastic != VOICE_FIELDS) {
		struct slice *value = &values[s.elastic];

		at = fill(&s, values, s.elastic, &b);
		text = buf_slice(&b);
		if (!buf_ok(&b) || !fit_between(fits, n_fits,
			slice_sub(text, 0, at), *value, slice_from(text, at),
			a, value))
			*value = S("");
	}
	/* What became empty takes its line along. */
	fill(&s, values, VOICE_FIELDS, &b);
	text = slice_trim(buf_slice(&b));
	if (!buf_ok(&b) || !fit_keeps(fits, n_fits, text))
		return too_long(&s, fits, e);
	if (text.len == 0)
		return err_set(e, ERR_REFUSED, "there is nothing to be said");
	*ret = arena_copy(a, text);
	return 0;
}
