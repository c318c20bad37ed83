/*
 * Reading exchange files (push_script.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <fcntl.h>
#include <glob.h>

#include "base/file.h"
#include "base/quantity.h"
#include "base/secret.h"
#include "push/head.h"
#include "push/retry_after.h"
#include "push_script.h"

enum { FILE_MAX = 1024 * 1024 };

/* A part of the file: "== WORD ARG", and the lines below it. */
struct section {
	struct slice word, arg, text;
	unsigned line;		/* of the text */
};

#define WRONG(s, at, fmt, ...) \
	fail_msg("%s:%u: " fmt, (s)->path, (at)->line, __VA_ARGS__)

/* ---- values ---- */

struct article_form {
	struct entry entry;
	struct slice *authors;
	size_t n_authors;
	struct slice *topics;
	size_t n_topics;
	int64_t part;
	bool is_withdrawn;
};

#define ENTRY(field) SETTING_FIELD(struct article_form, entry.field)

static const struct setting article_words[] = {
	{ "number", SETTING_INT, ENTRY(article_id), .preset = "12" },
	{ "revision", SETTING_INT, ENTRY(revision), .preset = "3" },
	{ "id", SETTING_TEXT, ENTRY(uid),
		.preset = "tag:example.org,2024:bridge" },
	{ "slug", SETTING_TEXT, ENTRY(slug), .preset = "bridge" },
	{ "path", SETTING_TEXT, ENTRY(path), .preset = "bridge.txt" },
	{ "title", SETTING_TEXT, ENTRY(title), .preset = "A bridge opens" },
	{ "headline", SETTING_TEXT, ENTRY(headline) },
	{ "published", SETTING_INT, ENTRY(published),
		.preset = "1715760000" },
	{ "updated", SETTING_INT, ENTRY(updated), .preset = "1715760060" },
	{ "language", SETTING_TEXT, ENTRY(lang) },
	{ "summary", SETTING_TEXT, ENTRY(summary),
		.preset = "It is four miles long." },
	{ "html", SETTING_TEXT, ENTRY(html), .max = FILE_MAX,
		.preset = "<p>It is four miles long.</p>" },
	{ "section", SETTING_TEXT, ENTRY(fields.section) },
	{ "source", SETTING_TEXT, ENTRY(fields.source) },
	{ "copyright", SETTING_TEXT, ENTRY(fields.copyright) },
	{ "licence", SETTING_TEXT, ENTRY(fields.licence) },
	{ "url", SETTING_TEXT, ENTRY(fields.url) },
	{ "correction", SETTING_TEXT, ENTRY(fields.correction) },
	{ "tags", SETTING_TEXTS, SETTING_FIELDS(struct article_form,
		entry.fields.tags, entry.fields.n_tags) },
	{ "series", SETTING_TEXT, ENTRY(series_title) },
	{ "series-slug", SETTING_TEXT, ENTRY(series_slug) },
	{ "part", SETTING_INT, SETTING_FIELD(struct article_form, part),
		.max = 1000 },
	{ "part-label", SETTING_TEXT, ENTRY(part_label) },
	{ "authors", SETTING_TEXTS, SETTING_FIELDS(struct article_form,
		authors, n_authors) },
	{ "topics", SETTING_TEXTS, SETTING_FIELDS(struct article_form,
		topics, n_topics) },
	{ "withdrawn", SETTING_BOOL, SETTING_FIELD(struct article_form,
		is_withdrawn) },
	{ 0 },
};

struct delivery_form {
	enum delivery_subject subject;
	struct slice action, id, memo, topic, feed, feed_title;
	struct slice *channels;
	size_t n_channels;
	int64_t revision, seq, attempt, step, at, now_ms, chance;
};

#define DELIVERY(field) SETTING_FIELD(struct delivery_form, field)

static const char *const subjects[] = { "article", "feed", "topic", "ping",
	NULL };

static const struct setting delivery_words[] = {
	{ "subject", SETTING_CHOICE, DELIVERY(subject), .preset = "article",
		.choices = subjects },
	{ "action", SETTING_TEXT, DELIVERY(action), .preset = "published" },
	{ "id", SETTING_TEXT, DELIVERY(id), .preset = "dlv_0123456789abcdef",
		.max = DELIVERY_ID_MAX },
	{ "revision", SETTING_INT, DELIVERY(revision), .preset = "3" },
	{ "seq", SETTING_INT, DELIVERY(seq), .preset = "118" },
	{ "attempt", SETTING_INT, DELIVERY(attempt), .preset = "1" },
	{ "step", SETTING_INT, DELIVERY(step), .preset = "0" },
	{ "memo", SETTING_TEXT, DELIVERY(memo) },
	{ "at", SETTING_INT, DELIVERY(at), .preset = "1715760061" },
	{ "now-ms", SETTING_INT, DELIVERY(now_ms),
		.preset = "1715760062500" },
	{ "chance", SETTING_INT, DELIVERY(chance), .preset = "42" },
	{ "topic", SETTING_TEXT, DELIVERY(topic) },
	{ "feed", SETTING_TEXT, DELIVERY(feed), .preset = "all" },
	{ "feed-title", SETTING_TEXT, DELIVERY(feed_title) },
	{ "channels", SETTING_TEXTS, SETTING_FIELDS(struct delivery_form,
		channels, n_channels) },
	{ 0 },
};

struct picture_form {
	struct push_picture picture;
	int64_t width, height;
	struct slice *uploads;	/* "PURPOSE REMOTE" */
	size_t n_uploads;
};

#define PICTURE(field) SETTING_FIELD(struct picture_form, field)

static const struct setting picture_words[] = {
	{ "url", SETTING_TEXT, PICTURE(picture.url) },
	{ "type", SETTING_TEXT, PICTURE(picture.type),
		.preset = "image/jpeg" },
	{ "alt", SETTING_TEXT, PICTURE(picture.alt) },
	{ "caption", SETTING_TEXT, PICTURE(picture.caption) },
	{ "credit", SETTING_TEXT, PICTURE(picture.credit) },
	{ "width", SETTING_INT, PICTURE(width), .preset = "640" },
	{ "height", SETTING_INT, PICTURE(height), .preset = "480" },
	{ "cover", SETTING_BOOL, PICTURE(picture.is_cover) },
	{ "bytes", SETTING_TEXT, PICTURE(picture.bytes),
		.preset = "a picture" },
	{ "uploads", SETTING_TEXTS,
		SETTING_FIELDS(struct picture_form, uploads, n_uploads) },
	{ 0 },
};

/* What the section says, by the table; none: the presets. */
static void
fill(struct script *s, const struct setting *words,
	const struct section *section, void *ret)
{
	CLEANUP(faults_done) struct faults faults = { 0 };
	CLEANUP(buf_done) struct buf told = BUF_INIT(FILE_MAX);
	struct setting_reader r = { &s->arena, &faults };
	struct source *source = ARENA_NEW(&s->arena, struct source);
	struct node *map = NULL;

	source->path = s->path;
	source->text = section ? section->text : S("");
	if (!section || node_read(source, &s->arena, &faults, &map) == 0)
		setting_read(&r, words, map, NULL, ret);
	faults_put(&faults, &told);
	if (faults.n > 0)
		fail_msg("behind line %u of\n%.*s", section ?
			section->line - 1 : 0, ARG(buf_slice(&told)));
}

/* "all", "series/SLUG", "topics/SLUG". */
static struct feed
feed_of(struct slice text, int64_t id)
{
	struct slice kind;
	struct feed f = { .id = id, .kind = CHANNEL_ALL, .slug = S("all"),
		.key = S("all"), .uid = S("tag:example.org,2024:feed"),
		.wanted = 7, .published = 7 };

	slice_next_field(&text, '/', &kind);
	if (slice_eq(kind, S("all")))
		return f;
	f.kind = slice_eq(kind, S("series")) ? CHANNEL_SERIES : CHANNEL_TOPIC;
	f.title = f.key = f.slug = text;
	return f;
}

/* ---- sections ---- */

static void
read_target(struct script *s, const struct section *section)
{
	const struct target_ops *ops = push_target_find(section->arg);
	void *conf;

	if (!ops)
		WRONG(s, section, "there is no target \"%.*s\"",
			ARG(section->arg));
	conf = arena_alloc(&s->arena, ops->conf_size + 1);
	fill(s, ops->settings, section, conf);
	s->target = (struct target){ .ops = ops, .name = S("test"),
		.type = section->arg, .conf = conf };
}

static void
read_article(struct script *s, const struct section *section)
{
	struct article_form f = { 0 };
	struct entry *e = &s->entry;

	fill(s, article_words, section, &f);
	*e = f.entry;
	e->state = f.is_withdrawn ? STATE_WITHDRAWN : STATE_LIVE;
	e->part = (int)f.part;
	e->series_id = e->series_title.len > 0 ? 5 : 0;
	if (e->headline.len == 0)
		e->headline = e->title;
	e->people = ARENA_ARRAY(&s->arena, struct person, f.n_authors);
	for (size_t i = 0; i < f.n_authors; i++)
		e->people[e->n_people++] = (struct person){ f.authors[i],
			ROLE_AUTHOR };
	e->topics = ARENA_ARRAY(&s->arena, struct topic, f.n_topics);
	for (size_t i = 0; i < f.n_topics; i++)
		e->topics[e->n_topics++] = (struct topic){ f.topics[i],
			f.topics[i] };
}

static void
read_channels(struct script *s, const struct delivery_form *f)
{
	struct feed *list = ARENA_ARRAY(&s->arena, struct feed,
		f->n_channels + 1);

	list[0] = feed_of(S("all"), 1);
	for (size_t i = 0; i < f->n_channels; i++)
		list[i + 1] = feed_of(f->channels[i], (int64_t)i + 2);
	s->delivery.channels = list;
	s->delivery.n_channels = f->n_channels + 1;
	s->feed = feed_of(f->feed, 9);
	if (f->feed_title.len > 0)
		s->feed.title = f->feed_title;
	s->series = (struct series_info){ .id = 5, .title = s->feed.title,
		.slug = s->feed.slug, .key = s->feed.key };
}

static void
read_delivery(struct script *s, const struct section *section)
{
	struct delivery_form f = { 0 };
	struct delivery *d = &s->delivery;

	fill(s, delivery_words, section, &f);
	if (!delivery_action_parse(f.action, &d->action))
		WRONG(s, section, "no action \"%.*s\"", ARG(f.action));
	d->subject = f.subject;
	d->revision = f.revision;
	d->seq = f.seq;
	d->id = f.id;
	d->attempt = (unsigned)f.attempt;
	d->step = (unsigned)f.step;
	d->memo = f.memo;
	d->at = f.at;
	d->now_ms = f.now_ms;
	d->chance = (uint64_t)f.chance;
	d->topic = f.topic;
	read_channels(s, &f);
	if (d->subject == DELIVER_FEED || d->subject == DELIVER_TOPIC)
		d->feed = &s->feed;
	if (d->feed && s->feed.kind == CHANNEL_SERIES)
		d->series = &s->series;
	if (d->subject == DELIVER_ARTICLE)
		d->entry = &s->entry;
}

static const struct setting token_words[] = {
	{ "access", SETTING_TEXT, SETTING_FIELD(struct token, access) },
	{ "refresh", SETTING_TEXT, SETTING_FIELD(struct token, refresh) },
	{ "extra", SETTING_TEXT, SETTING_FIELD(struct token, extra) },
	{ "expires", SETTING_INT, SETTING_FIELD(struct token, expires) },
	{ "ends", SETTING_INT, SETTING_FIELD(struct token, ends) },
	{ "asked", SETTING_INT, SETTING_FIELD(struct token, asked) },
	{ "refused", SETTING_BOOL, SETTING_FIELD(struct token, is_refused) },
	{ 0 },
};

static void
read_token(struct script *s, const struct section *section)
{
	fill(s, token_words, section, &s->token);
	s->token.serial = 1;
	s->delivery.token = &s->token;
}

static void
put_upload(struct script *s, struct push_picture *p, const struct upload *u)
{
	struct upload *list = ARENA_ARRAY(&s->arena, struct upload,
		p->n_uploads + 1);
	size_t n = 0;

	for (size_t i = 0; i < p->n_uploads; i++)
		if (!slice_eq(p->uploads[i].purpose, u->purpose))
			list[n++] = p->uploads[i];
	if (u->remote.len > 0)
		list[n++] = *u;
	p->uploads = list;
	p->n_uploads = n;
}

static void
remember(struct script *s, const struct upload *u)
{
	for (size_t i = 0; i < s->delivery.n_pictures; i++)
		if (sha256_same(&s->pictures[i].hash, &u->hash))
			put_upload(s, &s->pictures[i], u);
}

/* What the engine would have chosen, as if the target had asked for it. */
static void
read_picture(struct script *s, const struct section *section)
{
	struct picture_form f = { 0 };
	struct push_picture *p = &s->pictures[s->delivery.n_pictures++];

	assert_in_range(s->delivery.n_pictures, 1, PICTURES_MAX);
	fill(s, picture_words, section, &f);
	*p = f.picture;
	p->name = section->arg;
	p->width = (int)f.width;
	p->height = (int)f.height;
	p->size = (int64_t)p->bytes.len;
	p->hash = sha256_of(p->bytes);
	if (p->url.len == 0)
		p->url = arena_printf(&s->arena,
			"https://www.example.org/media/%.*s", ARG(p->name));
	for (size_t i = 0; i < f.n_uploads; i++) {
		struct slice purpose, remote = f.uploads[i];
		struct upload u;

		slice_next_field(&remote, ' ', &purpose);
		u = picture_uploaded(p, purpose, remote, 0);
		put_upload(s, p, &u);
	}
	s->delivery.pictures = s->pictures;
}

static void
read_credential(struct script *s, const struct section *section)
{
	size_t i = s->delivery.n_credentials++;

	assert_in_range(i, 0, SCRIPT_CREDENTIALS_MAX - 1);
	s->secrets[i] = secret_of(slice_trim(section->text));
	s->credentials[i] = (struct credential){ .name = section->arg,
		.secret = s->secrets[i] };
	s->delivery.credentials = s->credentials;
}

/*
 * A JSON body may be written over several lines, each but the first indented:
 * that is not sent.
 */
static struct slice
joined(struct slice text, struct arena *a)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(FILE_MAX);
	struct slice line;

	text = slice_trim(text);
	while (slice_next_line(&text, &line)) {
		size_t blanks = 0;

		while (blanks < line.len && line.ptr[blanks] == ' ')
			blanks++;
		if (b.len > 0 && blanks == 0)
			buf_put_byte(&b, '\n');
		buf_put(&b, slice_from(line, blanks));
	}
	return arena_copy(a, buf_slice(&b));
}

static void
read_request(struct script *s, const struct section *section)
{
	struct script_step *step;

	s->steps = ARENA_GROW(&s->arena, s->steps, s->n_steps);
	step = &s->steps[s->n_steps++];
	*step = (struct script_step){
		.line = section->line,
		.is_ask = slice_eq(section->word, S("ask")),
		.is_fetch = slice_eq(section->word, S("fetch")),
		.is_refused = slice_eq(section->word, S("refused")),
		.request = joined(section->text, &s->arena),
	};
}

static struct script_step *
last_step(struct script *s, const struct section *section)
{
	if (s->n_steps == 0)
		WRONG(s, section, "\"%.*s\" before a request",
			ARG(section->word));
	return &s->steps[s->n_steps - 1];
}

/* "== answer 503", header lines, an empty line, the body. */
static void
read_answer(struct script *s, const struct section *section)
{
	struct script_step *step = last_step(s, section);
	struct slice rest = section->text, line;

	step->status = (int)slice_number(section->arg, 599);
	while (slice_next_line(&rest, &line) && line.len > 0)
		;
	step->head = slice_sub(section->text, 0, section->text.len - rest.len);
	step->body = slice_trim(rest);
}

static void
read_verdict(struct script *s, const struct section *section)
{
	last_step(s, section)->verdict = joined(section->text, &s->arena);
}

static const struct {
	struct slice word;
	void (*read)(struct script *s, const struct section *section);
} readers[] = {
	{ S_INIT("target"), read_target },
	{ S_INIT("article"), read_article },
	{ S_INIT("delivery"), read_delivery },
	{ S_INIT("picture"), read_picture },
	{ S_INIT("credential"), read_credential },
	{ S_INIT("token"), read_token },
	{ S_INIT("request"), read_request },
	{ S_INIT("ask"), read_request },
	{ S_INIT("fetch"), read_request },
	{ S_INIT("refused"), read_request },
	{ S_INIT("answer"), read_answer },
	{ S_INIT("verdict"), read_verdict },
};

static void
take(struct script *s, const struct section *section)
{
	for (size_t i = 0; i < COUNT_OF(readers); i++)
		if (slice_eq(section->word, readers[i].word)) {
			readers[i].read(s, section);
			return;
		}
	WRONG(s, section, "there is no section \"%.*s\"", ARG(section->word));
}

/* ---- the whole ---- */

/* What stands before the first section is for people. */
static void
read_sections(struct script *s, struct slice text)
{
	struct section section = { 0 };
	struct slice line;
	unsigned number = 0;

	while (slice_next_line(&text, &line)) {
		number++;
		if (!slice_starts(line, S("== "))) {
			if (section.word.len > 0)
				section.text.len = (size_t)(line.ptr +
					line.len - section.text.ptr) + 1;
			continue;
		}
		if (section.word.len > 0)
			take(s, &section);
		line = slice_from(line, 3);
		section = (struct section){ .line = number + 1,
			.text = { text.ptr, 0 } };
		slice_next_field(&line, ' ', &section.word);
		section.arg = slice_trim(line);
	}
	if (section.word.len > 0)
		take(s, &section);
}

static void
preset(struct script *s)
{
	struct config *c = &s->config;

	c->site.name = S("Example News");
	c->site.url = S("https://www.example.org/");
	c->site.language = S("en");
	c->n_roots = 1;
	c->roots[0].permalink = S("/articles/{stem}");
	s->delivery.config = c;
	s->delivery.target = &s->target;
	read_article(s, NULL);
	read_delivery(s, NULL);
}

struct script *
script_read(const char *path)
{
	struct script *s = x_calloc(1, sizeof(*s));
	struct slice text;
	struct err e;

	s->path = strrchr(path, '/') + 1;
	if (file_read(AT_FDCWD, path, FILE_MAX, &s->arena, &text, &e) < 0)
		fail_msg("%s", e.text);
	preset(s);
	read_sections(s, text);
	if (!s->target.ops || s->n_steps == 0)
		fail_msg("%s: no target, or no request", s->path);
	return s;
}

void
script_free(struct script *s)
{
	for (size_t i = 0; i < SCRIPT_CREDENTIALS_MAX; i++)
		secret_free(s->secrets[i]);
	arena_done(&s->arena);
	free(s);
}

size_t
script_files(char *ret[static SCRIPT_FILES_MAX])
{
	glob_t found;
	size_t n;

	assert_int_equal(glob(TESTS_DIR "/push/*.exchange", 0, NULL, &found),
		0);
	n = found.gl_pathc;
	assert_in_range(n, 1, SCRIPT_FILES_MAX);
	for (size_t i = 0; i < n; i++)
		ret[i] = x_strdup(found.gl_pathv[i]);
	globfree(&found);
	return n;
}

/* ---- answers and verdicts ---- */

int
script_build(const struct script_step *step, const struct delivery *d,
	struct arena *a, struct request *q, struct err *e)
{
	if (step->is_fetch)
		return push_fetch(d, NULL, a, q, e);
	return step->is_ask ? push_ask(d, a, q, e) : push_compose(d, a, q, e);
}

void
script_advance(struct script *s, struct delivery *d, const struct verdict *v)
{
	remember(s, &v->upload);
	d->attempt++;
	if (v->kind == VERDICT_NEXT) {
		d->step++;
		d->attempt = 1;
	}
	/* It is asked now, for the first time. */
	if (v->kind == VERDICT_UNKNOWN)
		d->attempt = 1;
	if (v->kind == VERDICT_NEXT || (v->kind == VERDICT_WAIT &&
		v->memo.len > 0))
		d->memo = v->memo;
}

struct response
script_answer(const struct script *s, const struct script_step *step,
	struct arena *a)
{
	struct response r = {
		.a = a,
		.status = step->status,
		.head = step->head,
		.type = head_find(step->head, S("Content-Type")),
		.body = step->body,
	};

	r.retry_after_ms = MAX(retry_after_ms(head_find(step->head,
		S("Retry-After")), s->delivery.now_ms), 0);
	return r;
}

struct slice
script_verdict(const struct verdict *v, const struct err *e, struct arena *a)
{
	bool is_good = v->kind == VERDICT_DONE || v->kind == VERDICT_NEXT;
	char wait[QUANTITY_SIZE];

	return arena_printf(a, "%.*s%s%s%s%.*s%s%s%s%s%s%.*s%s%.*s",
		ARG(verdict_name(v->kind)), v->wait_ms ? " " : "",
		v->wait_ms ? quantity_time_text(v->wait_ms, wait) : "",
		v->memo.len ? " " : "", ARG(v->memo),
		is_good ? "" : "\n", is_good ? "" : e->text,
		is_good || !e->hint[0] ? "" : "\n", is_good ? "" : e->hint,
		v->upload.purpose.len ? "\nuploaded " : "",
		ARG(v->upload.purpose), v->upload.purpose.len ? ": " : "",
		ARG(v->upload.remote));
}

struct slice
script_token(const struct token *t, struct arena *a)
{
	const struct {
		const char *name;
		struct slice text;
	} texts[] = { { "access", t->access }, { "refresh", t->refresh },
		{ "extra", t->extra } };
	CLEANUP(buf_done) struct buf b = BUF_INIT(FILE_MAX);

	buf_put(&b, S("done"));
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		if (texts[i].text.len > 0)
			buf_printf(&b, "\n%s %.*s", texts[i].name,
				ARG(texts[i].text));
	if (t->expires > 0)
		buf_printf(&b, "\nexpires %jd", (intmax_t)t->expires);
	if (t->ends > 0)
		buf_printf(&b, "\nends %jd", (intmax_t)t->ends);
	return arena_copy(a, buf_slice(&b));
}
