/*
 * Fields: what metadata say of an article, by words.
 *
 * A word is a line in words[]: its kind says how a value is read and where in
 * struct article it goes.  Several words may mean one field ("tags",
 * "keywords"): in one text they add up, where the field is a list.
 */
#include <stdio.h>

#include "base/fold.h"
#include "base/language_tag.h"
#include "base/uri.h"
#include "base/utf8.h"
#include "read/field.h"
#include "read/line.h"

enum { WORD_MAX = 40, CHARSET_MAX = 40 };

#define AT(field) offsetof(struct article, field)

static const struct word words[] = {
	{ "title", KIND_TEXT, AT(title), ARTICLE_TITLE_MAX },
	{ "headline", KIND_TEXT, AT(fields.headline), ARTICLE_TITLE_MAX },
	{ "series", KIND_SERIES, AT(fields.series), ARTICLE_TITLE_MAX },
	{ "part", KIND_NUMBER, AT(fields.part), FIELD_PART_MAX },
	{ "total", KIND_NUMBER, AT(fields.total), FIELD_PART_MAX },
	{ "short-title", KIND_TEXT, AT(fields.short_title), 200 },
	{ "summary", KIND_TEXT, AT(summary), 0 },
	{ "description", KIND_TEXT, AT(summary), 0 },
	{ "language", KIND_LANGUAGE, AT(lang), 0 },
	{ "lang", KIND_LANGUAGE, AT(lang), 0 },
	{ "date", KIND_DATE, AT(date), 0 },
	{ "published", KIND_DATE, AT(date), 0 },
	{ "updated", KIND_DATE, AT(fields.updated), 0 },
	{ "modified", KIND_DATE, AT(fields.updated), 0 },
	{ "lastmod", KIND_DATE, AT(fields.updated), 0 },
	{ "embargo", KIND_DATE, AT(fields.embargo), 0 },
	{ "draft", KIND_SAID, AT(fields.draft), 0 },
	{ "withdrawn", KIND_SAID, AT(fields.withdrawn), 0 },
	{ "urgent", KIND_SAID, AT(fields.urgent), 0 },
	{ "minor", KIND_SAID, AT(fields.minor), 0 },
	{ "correction", KIND_TEXT, AT(fields.correction), 0 },
	{ "section", KIND_TEXT, AT(fields.section), 200 },
	{ "source", KIND_TEXT, AT(fields.source), 200 },
	{ "copyright", KIND_TEXT, AT(fields.copyright), 500 },
	{ "licence", KIND_URL, AT(fields.licence), 0 },
	{ "license", KIND_URL, AT(fields.licence), 0 },
	{ "syndication", KIND_SYNDICATION, AT(fields.syndication), 0 },
	{ "translation-of", KIND_TEXT, AT(fields.translation_of), 500 },
	{ "url", KIND_URL, AT(fields.url), 0 },
	{ "canonical", KIND_URL, AT(fields.url), 0 },
	{ "cover", KIND_TEXT, AT(fields.cover), 500 },
	{ "author", KIND_PEOPLE, 0, ROLE_AUTHOR },
	{ "authors", KIND_PEOPLE, 0, ROLE_AUTHOR },
	{ "editor", KIND_PEOPLE, 0, ROLE_EDITOR },
	{ "editors", KIND_PEOPLE, 0, ROLE_EDITOR },
	{ "photographer", KIND_PEOPLE, 0, ROLE_PHOTOGRAPHER },
	{ "photographers", KIND_PEOPLE, 0, ROLE_PHOTOGRAPHER },
	{ "translator", KIND_PEOPLE, 0, ROLE_TRANSLATOR },
	{ "translators", KIND_PEOPLE, 0, ROLE_TRANSLATOR },
	{ "contributor", KIND_PEOPLE, 0, ROLE_CONTRIBUTOR },
	{ "contributors", KIND_PEOPLE, 0, ROLE_CONTRIBUTOR },
	{ "tags", KIND_TAGS, 0, 0 },
	{ "topics", KIND_TAGS, 0, 0 },
	{ "keywords", KIND_TAGS, 0, 0 },
	{ "categories", KIND_TAGS, 0, 0 },
	{ "related", KIND_RELATED, 0, 0 },
	{ "pictures", KIND_MEDIA, 0, MEDIA_IMAGE },
	{ "media", KIND_MEDIA, 0, MEDIA_IMAGE },
	{ "video", KIND_MEDIA, 0, MEDIA_VIDEO },
	{ "videos", KIND_MEDIA, 0, MEDIA_VIDEO },
	{ "charset", KIND_PASSED, 0, 0 },
	{ "push", KIND_PUSH, 0, 0 },
};

/* ---- where values go ---- */

static void *
place_of(struct filler *f, const struct word *w)
{
	return (char *)f->art + w->offset;
}

static size_t
count_people(const struct article *art, enum person_role role)
{
	size_t n = 0;

	for (size_t i = 0; i < art->n_people; i++)
		n += art->people[i].role == role;
	return n;
}

static size_t
count_media(const struct article *art, enum media_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < art->n_media; i++)
		n += art->media[i].kind == kind;
	return n;
}

/* Has something nearer said it? */
static bool
is_said(struct filler *f, const struct word *w)
{
	const void *at = place_of(f, w);

	switch (w->kind) {
	case KIND_TEXT:
	case KIND_URL:
	case KIND_LANGUAGE:
		return ((const struct slice *)at)->len > 0;
	case KIND_SERIES:
		return ((const struct slice *)at)->len > 0 ||
			f->art->fields.is_part != SAID_NOTHING;
	case KIND_NUMBER:
		return *(const int *)at > 0;
	case KIND_DATE:
		return *(const int64_t *)at > 0;
	case KIND_SAID:
		return *(const enum said *)at != SAID_NOTHING;
	case KIND_SYNDICATION:
		return f->art->fields.syndication != SYNDICATION_UNSAID;
	case KIND_PEOPLE:
		return count_people(f->art, (enum person_role)w->detail) > 0;
	case KIND_TAGS:
		return f->art->fields.n_tags > 0;
	case KIND_RELATED:
		return f->art->n_related > 0;
	case KIND_MEDIA:
		return count_media(f->art, (enum media_kind)w->detail) > 0;
	case KIND_PUSH:
		return f->art->fields.n_pushes > 0;
	case KIND_PASSED:
		break;
	}
	return false;
}

static void
clear_people(struct article *art, enum person_role role)
{
	size_t kept = 0;

	for (size_t i = 0; i < art->n_people; i++)
		if (art->people[i].role != role)
			art->people[kept++] = art->people[i];
	art->n_people = kept;
}

/* A list that is said anew replaces what the text had. */
static void
clear(struct filler *f, const struct word *w)
{
	if (w->kind == KIND_PEOPLE)
		clear_people(f->art, (enum person_role)w->detail);
	else if (w->kind == KIND_TAGS)
		f->art->fields.n_tags = 0;
	else if (w->kind == KIND_RELATED)
		f->art->n_related = 0;
	else if (w->kind == KIND_PUSH)
		f->art->fields.n_pushes = 0;
}

/* ---- values ---- */

/* Shown in messages. */
static struct slice
shown(const struct node *n)
{
	return utf8_first(n->text, 40);
}

void
field_wrong(struct filler *f, const struct node *n, const struct word *w,
	const char *wanted)
{
	if (n->kind == NODE_BROKEN)
		return;
	if (n->kind == NODE_TEXT)
		fault_add(f->faults, &n->at, "\"%s\" must be %s, not "
			"\"%.*s\"", w->name, wanted, ARG(shown(n)));
	else
		fault_add(f->faults, &n->at, "\"%s\" must be %s, not %s",
			w->name, wanted, node_kind_name(n));
}

bool
field_text(struct filler *f, const struct node *n, const struct word *w,
	size_t max, struct slice *ret)
{
	if (n->kind != NODE_TEXT) {
		field_wrong(f, n, w, "a text");
		return false;
	}
	*ret = fold_title(n->text, f->a);
	if (ret->len <= max)
		return true;
	fault_add(f->faults, &n->at, "\"%s\" is too long: %zu bytes, at most "
		"%zu", w->name, ret->len, max);
	fault_hint(f->faults, "Shorten it.");
	return false;
}

static void
set_text(struct filler *f, const struct node *n, const struct word *w)
{
	struct slice text;

	if (field_text(f, n, w, w->detail ? (size_t)w->detail : FIELD_TEXT_MAX,
		&text))
		*(struct slice *)place_of(f, w) = text;
}

static void
set_url(struct filler *f, const struct node *n, const struct word *w)
{
	struct slice text;

	if (!field_text(f, n, w, FIELD_TEXT_MAX, &text))
		return;
	if (!uri_is_http(text)) {
		field_wrong(f, n, w, "a web address");
		fault_hint(f->faults, "Write all of it, with https://.");
		return;
	}
	*(struct slice *)place_of(f, w) = text;
}

static void
set_language(struct filler *f, const struct node *n, const struct word *w)
{
	char *tag;

	if (n->kind != NODE_TEXT) {
		field_wrong(f, n, w, "a language tag");
		return;
	}
	/* "zh_CN" is what POSIX and some editors call it. */
	tag = arena_alloc(f->a, n->text.len + 1);
	for (size_t i = 0; i < n->text.len; i++)
		tag[i] = n->text.ptr[i] == '_' ? '-' : n->text.ptr[i];
	if (n->text.len > 35 || !language_tag_is_good(slice_str(tag))) {
		field_wrong(f, n, w, "a language tag");
		fault_hint(f->faults, "Write it as \"en\" or \"zh-Hans\".");
		return;
	}
	f->art->lang = slice(tag, n->text.len);
}

enum said
field_said(struct slice s)
{
	static const struct slice list[] = { S_INIT("no"), S_INIT("yes"),
		S_INIT("false"), S_INIT("true"), S_INIT("off"), S_INIT("on"),
		S_INIT("0"), S_INIT("1"), S_INIT("否"), S_INIT("是") };

	for (size_t i = 0; i < COUNT_OF(list); i++)
		if (slice_eq_nocase(s, list[i]))
			return i % 2 ? SAID_YES : SAID_NO;
	return SAID_NOTHING;
}

static void
set_said(struct filler *f, const struct node *n, const struct word *w)
{
	enum said said = n->kind == NODE_TEXT ? field_said(n->text) :
		SAID_NOTHING;

	if (said == SAID_NOTHING)
		field_wrong(f, n, w, "\"yes\" or \"no\"");
	else
		*(enum said *)place_of(f, w) = said;
}

static void
set_series(struct filler *f, const struct node *n, const struct word *w)
{
	struct fields *said = &f->art->fields;
	bool no = n->kind == NODE_TEXT && n->plain &&
		(field_said(n->text) == SAID_NO ||
		slice_eq_nocase(n->text, S("none")));

	said->is_part = no ? SAID_NO : SAID_YES;
	said->series = slice(NULL, 0);
	if (!no)
		set_text(f, n, w);
}

static void
set_number(struct filler *f, const struct node *n, const struct word *w)
{
	int64_t number = n->kind == NODE_TEXT ?
		slice_number(n->text, w->detail) : -1;

	if (number < 1)
		field_wrong(f, n, w, "a number from 1 on");
	else
		*(int *)place_of(f, w) = (int)number;
}

static void
set_date(struct filler *f, const struct node *n, const struct word *w)
{
	int64_t date = n->kind == NODE_TEXT ?
		line_date(n->text, f->env->zone_minutes) : -1;

	if (date < 0) {
		field_wrong(f, n, w, "a date");
		fault_hint(f->faults, "Write it as 2024-05-14, or "
			"2024-05-14 08:00, or with a zone behind that.");
		return;
	}
	*(int64_t *)place_of(f, w) = date;
}

bool
field_syndication(struct filler *f, const struct node *n,
	const struct word *w, enum syndication *ret)
{
	static const struct slice list[] = {
		[SYNDICATION_FULL] = S_INIT("full"),
		[SYNDICATION_TEXT_ONLY] = S_INIT("text-only"),
		[SYNDICATION_NONE] = S_INIT("none"),
	};

	for (size_t i = SYNDICATION_FULL; i < COUNT_OF(list); i++)
		if (n->kind == NODE_TEXT &&
			slice_eq_nocase(n->text, list[i])) {
			*ret = (enum syndication)i;
			return true;
		}
	field_wrong(f, n, w, "\"full\", \"text-only\" or \"none\"");
	return false;
}

/* ---- words ---- */

static void
set_value(struct filler *f, const struct node *n, const struct word *w)
{
	switch (w->kind) {
	case KIND_TEXT:
		set_text(f, n, w);
		break;
	case KIND_URL:
		set_url(f, n, w);
		break;
	case KIND_LANGUAGE:
		set_language(f, n, w);
		break;
	case KIND_SERIES:
		set_series(f, n, w);
		break;
	case KIND_NUMBER:
		set_number(f, n, w);
		break;
	case KIND_DATE:
		set_date(f, n, w);
		break;
	case KIND_SAID:
		set_said(f, n, w);
		break;
	case KIND_SYNDICATION:
		field_syndication(f, n, w, &f->art->fields.syndication);
		break;
	case KIND_PEOPLE:
		field_people(f, n, w);
		break;
	case KIND_TAGS:
		field_tags(f, n, w);
		break;
	case KIND_RELATED:
		field_related(f, n, w);
		break;
	case KIND_MEDIA:
		field_media(f, n, w);
		break;
	case KIND_PUSH:
		field_push(f, n, w);
		break;
	case KIND_PASSED:
		break;
	}
}

/* "Short Title" and "short_title" are "short-title". */
static const struct word *
find_word(struct slice name)
{
	char plain[WORD_MAX];

	if (name.len == 0 || name.len > sizeof(plain))
		return NULL;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		plain[i] = c == '_' || c == ' ' ? '-' : c;
	}
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (slice_eq_nocase(slice(plain, name.len),
			slice_str(words[i].name)))
			return &words[i];
	return NULL;
}

/* The first word that means the same field. */
static size_t
field_of(const struct word *w)
{
	size_t i = 0;

	while (words[i].kind != w->kind || words[i].offset != w->offset ||
		(w->offset == 0 && words[i].detail != w->detail))
		i++;
	return i;
}

static bool
is_nothing(const struct node *n)
{
	return node_is_nothing(n) || (n->kind == NODE_TEXT &&
		(n->text.len == 0 || (n->plain && slice_eq(n->text, S("~")))));
}

static void
set_word(struct filler *f, const struct word *w, const struct node *value)
{
	size_t field = field_of(w);

	_Static_assert(COUNT_OF(words) <= WORDS_MAX, "raise WORDS_MAX");
	if (is_nothing(value))
		return;
	if (!f->met[field]) {
		if (f->how == FIELDS_FILL && is_said(f, w))
			return;
		clear(f, w);
		f->met[field] = true;
	}
	set_value(f, value, w);
}

/* ---- texts ---- */

/* The first fault as an error. */
static int
tell(const struct faults *faults, const char *name, unsigned first_line,
	struct err *e)
{
	const struct fault *f = &faults->list[0];

	err_set(e, ERR_SYNTAX, "%s:%u:%u: %.*s", name,
		f->line ? f->line + first_line - 1 : first_line, f->column,
		ARG(f->text));
	if (f->hint.len > 0)
		return err_hint(e, "%.*s", ARG(f->hint));
	return err_hint(e, "Correct the line; gazetted-article(5) has all "
		"words.");
}

int
fields_read(const struct read_env *env, struct slice yaml, const char *name,
	unsigned first_line, enum fields_how how, struct arena *a,
	struct article *ret, struct err *e)
{
	CLEANUP(faults_done) struct faults faults = { 0 };
	struct source source = { .path = name, .dir = "/", .text = yaml };
	struct filler f = { env, how, a, ret, &faults, { false } };
	struct node *root = NULL;

	if (yaml.len > FIELDS_BYTES_MAX) {
		err_set(e, ERR_LIMIT, "%s: the metadata are larger than %d "
			"KiB", name, FIELDS_BYTES_MAX >> 10);
		return err_hint(e, "Metadata are a few lines: is it the right "
			"file?");
	}
	if (node_read(&source, a, &faults, &root) == 0 && root) {
		if (root->kind != NODE_MAP)
			fault_add(&faults, &root->at, "a list of words was "
				"expected, as \"title: ...\"");
		for (const struct node *key = root->first; key &&
			root->kind == NODE_MAP; key = key->next) {
			const struct word *w = key->kind == NODE_TEXT ?
				find_word(key->text) : NULL;

			if (w)
				set_word(&f, w, key->value);
		}
	}
	faults_sort(&faults);
	return faults.n == 0 ? 0 : tell(&faults, name, first_line, e);
}

bool
fields_set(const struct read_env *env, struct slice word, struct slice value,
	enum fields_how how, struct arena *a, struct article *ret)
{
	CLEANUP(faults_done) struct faults faults = { 0 };
	const struct source source = { .path = "", .dir = "/" };
	struct filler f = { env, how, a, ret, &faults, { false } };
	struct node n = { .kind = NODE_TEXT, .text = value,
		.at.source = &source };
	const struct word *w = find_word(word);

	if (!w || (how == FIELDS_FILL && is_said(&f, w)))
		return false;
	/* What is said one by one adds up: several authors, several tags. */
	f.met[field_of(w)] = true;
	set_word(&f, w, &n);
	return faults.n == 0;
}

struct slice
fields_charset(struct slice yaml, struct arena *a)
{
	CLEANUP(faults_done) struct faults faults = { 0 };
	struct source source = { .path = "", .dir = "/", .text = yaml };
	struct node *root = NULL, *key;

	if (yaml.len > FIELDS_BYTES_MAX || slice_find(yaml, S("charset"),
		0) < 0 || node_read(&source, a, &faults, &root) < 0 || !root ||
		root->kind != NODE_MAP)
		return slice(NULL, 0);
	key = node_key(root, S("charset"));
	return key && key->value->kind == NODE_TEXT &&
		key->value->text.len <= CHARSET_MAX ? key->value->text :
		slice(NULL, 0);
}
