/*
 * The text of a draft of WeChat.
 *
 * 1. The platform takes pictures of its own from the text, and drops others;
 *    so does this, with the figures around them, so that no caption is left
 *    without its picture.
 * 2. Links lead nowhere there, but to articles of accounts: to a related one
 *    that the account has itself.  Others keep their words; the original is one
 *    touch away ("content_source_url").
 * 3. A text that is too long ends behind a paragraph.
 */
#include "base/utf8.h"
#include "model/address.h"
#include "model/content.h"
#include "model/entry_share.h"
#include "push/wechat.h"

enum { TEXT_MAX = 8 * 1024 * 1024 };

/* ---- pictures ---- */

bool
wechat_body_takes(const struct delivery *d, const struct push_picture *p)
{
	const struct wechat_conf *conf = d->target->conf;

	if (conf->voice.picture == VOICE_PICTURE_NONE || p->url.len == 0 ||
		slice_find(d->entry->html, p->name, 0) < 0)
		return false;
	return p->size <= WECHAT_BODY_BYTES_MAX &&
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
		bool is_there = p && wechat_body_takes(d, p) &&
			picture_upload(p, WECHAT_BODY).ptr;

		m->syndication = is_there ? SYNDICATION_FULL :
			SYNDICATION_NONE;
	}
	entry_take_pictures(entry, false, a);
}

/* ---- the text ---- */

/* A related article that the account has itself. */
struct own {
	struct slice href;	/* as it stands in the text, */
	struct slice url;	/* and where it is there */
};

/* A text that is being written anew. */
struct draft {
	const struct delivery *d;
	struct arena *a;
	struct buf out;
	size_t count, max;	/* characters */
	size_t depth;		/* of elements that are open */
	size_t whole;		/* up to here it can stand for itself */
	size_t muted;		/* depth of a player, whose inside is none */
	struct own *own;
	size_t n_own;
	bool is_link;		/* the one that is open stays */
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

/* Where the account has the article at that address; ptr NULL: nowhere. */
static struct slice
own_address(const struct draft *w, struct slice href)
{
	for (size_t i = 0; i < w->n_own; i++)
		if (slice_eq(w->own[i].href, href))
			return w->own[i].url;
	return slice(NULL, 0);
}

/* A link stays if it leads to another article of the account. */
static void
put_link(struct draft *w, struct slice tag)
{
	static const struct slice before = S_INIT("<a href=\"");
	CLEANUP(buf_done) struct buf b = BUF_INIT(TEXT_MAX);
	struct slice href = slice_from(tag, before.len), url;

	if (slice_starts(tag, S("</"))) {
		if (w->is_link)
			put(w, tag);
		w->is_link = false;
		return;
	}
	href.len = (size_t)MAX(slice_find_byte(href, '"'), (ssize_t)0);
	url = own_address(w, href);
	w->is_link = url.ptr != NULL;
	if (!w->is_link)
		return;
	buf_put(&b, before);
	buf_put_xml(&b, url);
	buf_put_str(&b, "\">");
	put(w, buf_slice(&b));
}

static bool
is_player(struct slice name)
{
	return slice_eq(name, S("video")) || slice_eq(name, S("audio"));
}

/* It has no end tag, whether or not it is written with "/>". */
static bool
is_void(struct slice name)
{
	static const struct slice names[] = {
		S_INIT("img"), S_INIT("br"), S_INIT("hr"), S_INIT("wbr"),
		S_INIT("source"), S_INIT("track"), S_INIT("col"),
	};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (slice_eq(name, names[i]))
			return true;
	return false;
}

static void
put_either(struct draft *w, struct slice name, struct slice tag)
{
	if (slice_eq(name, S("a")))
		put_link(w, tag);
	else
		put(w, tag);
}

static void
put_tag(struct draft *w, struct slice tag)
{
	struct slice name = name_of(tag);

	if (is_void(name) || slice_ends(tag, S("/>"))) {
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
		put_either(w, name, tag);
		return;
	}
	put_either(w, name, tag);
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

static void
find_own(struct draft *w)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(TEXT_MAX);
	const struct entry *entry = w->d->entry;

	w->own = ARENA_ARRAY(w->a, struct own, entry->n_related);
	for (size_t i = 0; w->d->links && i < entry->n_related; i++) {
		struct slice url = wechat_known(w->d->links[i], S("url"));

		if (!url.ptr)
			continue;
		buf_reset(&b);
		buf_put_xml(&b, address_related(w->d->config,
			&entry->related[i], w->a));
		w->own[w->n_own++] = (struct own){ arena_copy(w->a,
			buf_slice(&b)), url };
	}
}

struct slice
wechat_content(const struct delivery *d, size_t max, struct arena *a)
{
	CLEANUP(buf_done) struct buf html = BUF_INIT(TEXT_MAX);
	struct entry entry = picture_entry(d, SYNDICATION_UNSAID, a);
	struct draft w = { .d = d, .a = a, .out = BUF_INIT(TEXT_MAX),
		.max = max - MIN(max, 20) };
	struct slice ret;

	find_own(&w);
	keep_uploaded(d, &entry, a);
	content_put(&html, d->config, &entry, a);
	put_html(&w, buf_slice(&html));
	ret = finish(&w, &entry);
	buf_done(&w.out);
	return ret;
}
