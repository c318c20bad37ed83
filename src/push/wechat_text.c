/*
 * What a draft of WeChat says: title, author, digest and text.
 *
 * 1. The platform takes pictures of its own from the text, and drops others;
 *    so does this, with the figures around them, so that no caption is left
 *    without its picture.
 * 2. Links lead nowhere there, but to articles of accounts: others keep their
 *    words, and the original is one touch away ("content_source_url").
 * 3. A text that is too long ends behind a paragraph.
 */
#include "base/utf8.h"
#include "model/content.h"
#include "model/entry_share.h"
#include "push/wechat.h"

enum { TEXT_MAX = 8 * 1024 * 1024, SOURCE_MAX = 1024 };

/* ---- pictures ---- */

bool
wechat_body_takes(const struct push_picture *p)
{
	return p->url.len > 0 && p->size <= WECHAT_BODY_BYTES_MAX &&
		(slice_eq(p->type, S("image/jpeg")) ||
		slice_eq(p->type, S("image/png")));
}

static const struct push_picture *
picture_of(const struct delivery *d, const struct media *m)
{
	for (size_t i = 0; i < d->n_pictures; i++) {
		const struct push_picture *p = &d->pictures[i];

		if (m->name.len ? slice_eq(p->name, m->name) :
			m->url.len && slice_eq(p->url, m->url))
			return p;
	}
	return NULL;
}

/* Those that are there have leave to stay, and no others. */
static void
keep_uploaded(const struct delivery *d, struct entry *entry, struct arena *a)
{
	for (size_t i = 0; i < entry->n_media; i++) {
		struct media *m = &entry->media[i];
		const struct push_picture *p = picture_of(d, m);
		bool is_there = p && picture_upload(p, WECHAT_BODY).ptr;

		m->syndication = is_there ? SYNDICATION_FULL :
			SYNDICATION_NONE;
	}
	entry_take_pictures(entry, false, a);
}

/* ---- the text ---- */

/* A text that is being written anew. */
struct draft {
	const struct delivery *d;
	struct arena *a;
	struct buf out;
	size_t count, max;	/* characters */
	size_t depth;		/* of elements that are open */
	size_t whole;		/* up to here it can stand for itself */
	size_t muted;		/* depth of a player, whose inside is none */
};

static void
put(struct draft *w, struct slice text)
{
	if (w->muted)
		return;
	w->count += utf8_count(text);
	buf_put(&w->out, text);
}

static struct slice
name_of(struct slice tag)
{
	size_t from = slice_starts(tag, S("</")) ? 2 : 1, to = from;

	while (to < tag.len && tag.ptr[to] != ' ' && tag.ptr[to] != '>' &&
		tag.ptr[to] != '/')
		to++;
	return slice_sub(tag, from, to);
}

/* The picture, by the address that it has there. */
static void
put_image(struct draft *w, struct slice tag)
{
	static const struct slice before = S_INIT("<img src=\"");
	struct slice src = slice_from(tag, before.len);
	CLEANUP(buf_done) struct buf b = BUF_INIT(TEXT_MAX);
	ssize_t end = slice_find_byte(src, '"');

	for (size_t i = 0; end >= 0 && i < w->d->n_pictures; i++) {
		const struct push_picture *p = &w->d->pictures[i];
		struct slice there = picture_upload(p, WECHAT_BODY);

		buf_reset(&b);
		buf_put_xml(&b, p->url);
		if (!there.ptr || !slice_eq(buf_slice(&b),
			slice_sub(src, 0, (size_t)end)))
			continue;
		buf_reset(&b);
		buf_put(&b, before);
		buf_put_xml(&b, there);
		buf_put(&b, slice_from(src, (size_t)end));
		put(w, buf_slice(&b));
		return;
	}
}

static bool
is_player(struct slice name)
{
	return slice_eq(name, S("video")) || slice_eq(name, S("audio"));
}

static void
put_tag(struct draft *w, struct slice tag)
{
	struct slice name = name_of(tag);

	if (slice_ends(tag, S("/>"))) {
		if (slice_eq(name, S("img")))
			put_image(w, tag);
		else
			put(w, tag);
		return;
	}
	if (!slice_starts(tag, S("</"))) {
		w->depth++;
		if (is_player(name) && !w->muted)
			w->muted = w->depth;
		if (!slice_eq(name, S("a")))
			put(w, tag);
		return;
	}
	if (!slice_eq(name, S("a")))
		put(w, tag);
	if (w->muted == w->depth)
		w->muted = 0;
	w->depth -= w->depth > 0;
	if (w->depth == 0 && w->count <= w->max)
		w->whole = w->out.len;
}

static void
put_html(struct draft *w, struct slice rest)
{
	ssize_t at, end;

	while ((at = slice_find_byte(rest, '<')) >= 0) {
		put(w, slice_sub(rest, 0, (size_t)at));
		rest = slice_from(rest, (size_t)at);
		end = slice_find_byte(rest, '>');
		if (end < 0)
			break;
		put_tag(w, slice_sub(rest, 0, (size_t)end + 1));
		rest = slice_from(rest, (size_t)end + 1);
	}
	put(w, rest);
}

/* Where the whole is too long, what is whole. */
static struct slice
finish(struct draft *w, const struct entry *entry)
{
	static const struct slice more = S_INIT("<p>\u2026\u2026</p>");

	if (w->count > w->max)
		buf_cut(&w->out, w->whole);
	if (w->out.len == 0) {
		buf_put_str(&w->out, "<p>");
		buf_put_html(&w->out, entry->summary.len ? entry->summary :
			entry->title);
		buf_put_str(&w->out, "</p>");
	}
	if (w->count > w->max)
		buf_put(&w->out, more);
	return arena_copy(w->a, slice_trim(buf_slice(&w->out)));
}

static struct slice
content_of(const struct delivery *d, size_t max, struct arena *a)
{
	CLEANUP(buf_done) struct buf html = BUF_INIT(TEXT_MAX);
	struct entry entry = picture_entry(d, SYNDICATION_UNSAID, a);
	struct draft w = { .d = d, .a = a, .out = BUF_INIT(TEXT_MAX),
		.max = max - MIN(max, 20) };
	struct slice ret;

	keep_uploaded(d, &entry, a);
	content_put(&html, d->config, &entry, a);
	put_html(&w, buf_slice(&html));
	ret = finish(&w, &entry);
	buf_done(&w.out);
	return ret;
}

/* ---- the other words ---- */

static struct slice
cut(struct slice text, int64_t max, bool is_smaller, struct arena *a)
{
	const struct fit fit = { .unit = FIT_CODE_POINT,
		.max = (size_t)(is_smaller ? max * 4 / 5 : max) };

	return fit_cut(&fit, 1, text, a);
}

/* The article's own words for it, else its short title, else the template. */
static int
title_of(const struct delivery *d, bool is_smaller, struct arena *a,
	struct slice *ret, struct err *e)
{
	const struct wechat_conf *conf = d->target->conf;
	const int64_t max = conf->title_max;
	const struct fit fit = { .unit = FIT_CODE_POINT,
		.max = (size_t)(is_smaller ? max * 4 / 5 : max) };
	const struct push_word *own = fields_push(&d->entry->fields,
		d->target->name);
	struct slice said = d->entry->fields.short_title;

	if (said.len > 0 && !(own && own->text.len > 0)) {
		*ret = cut(said, max, is_smaller, a);
		return 0;
	}
	return voice_put(&conf->voice, d, &fit, 1, a, ret, e);
}

/* As many authors as there is room for, and the first in any case. */
static struct slice
author_of(const struct delivery *d, bool is_smaller, struct arena *a)
{
	const struct wechat_conf *conf = d->target->conf;
	int64_t max = is_smaller ? conf->author_max * 4 / 5 : conf->author_max;
	struct slice said = conf->author;

	for (size_t i = 0; i < d->entry->n_people && !conf->author.len; i++) {
		const struct person *p = &d->entry->people[i];
		struct slice longer = said.len == 0 ? p->name :
			arena_printf(a, "%.*s, %.*s", ARG(said),
				ARG(p->name));

		if (p->role != ROLE_AUTHOR)
			continue;
		if (said.len > 0 && (int64_t)utf8_count(longer) > max)
			break;
		said = longer;
	}
	return cut(said, conf->author_max, is_smaller, a);
}

static void
put_said(struct request *q, const char *key, struct slice text)
{
	if (text.len > 0)
		request_json(q, key, text);
}

int
wechat_put_article(const struct delivery *d, struct request *q,
	bool is_smaller, struct err *e)
{
	const struct wechat_conf *conf = d->target->conf;
	struct slice url = voice_url(&conf->voice, d, q->a);
	size_t max = (size_t)conf->content_max;
	struct slice title;

	if (title_of(d, is_smaller, q->a, &title, e) < 0)
		return err_in(e, "the title");
	request_json(q, "article_type", S("news"));
	request_json(q, "title", title);
	put_said(q, "author", author_of(d, is_smaller, q->a));
	put_said(q, "digest", cut(d->entry->summary, conf->digest_max,
		is_smaller, q->a));
	request_json(q, "content", content_of(d, is_smaller ? max * 4 / 5 :
		max, q->a));
	if (url.len <= SOURCE_MAX)
		request_json(q, "content_source_url", url);
	request_json(q, "thumb_media_id", picture_upload(&d->pictures[0],
		WECHAT_COVER));
	request_json_number(q, "need_open_comment",
		conf->comments != WECHAT_COMMENTS_NO);
	request_json_number(q, "only_fans_can_comment",
		conf->comments == WECHAT_COMMENTS_FANS);
	return 0;
}
