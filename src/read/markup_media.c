/*
 * Markup: pictures, videos and sounds.
 *
 * A picture that stands alone in its block is a figure; in the middle of a
 * sentence it stays there.  Which of the two it is shows only when the block
 * goes on or ends, so a picture at its start waits.
 */
#include "base/fold.h"
#include "base/uri.h"
#include "read/markup.h"
#include "read/video.h"

enum { PIXELS_MAX = 99999, HEAD_MAX = 16 * 1024 };

void
markup_note_link(struct markup *m, const struct token *t)
{
	struct slice to = markup_address(m, token_get(t, "href"), true);

	to = video_page(to, m->arena);
	if (to.ptr)
		media_add_played(m->article, MEDIA_VIDEO, to, m->arena);
}

/* Look a relative address up among the files beside the article. */
static bool
find_beside(const struct markup *m, struct slice src, struct media *ret,
	struct slice *address)
{
	const struct read_env *env = m->env;
	ssize_t end;

	if (!env->picture || uri_scheme(src).ptr || slice_starts(src, S("/")))
		return false;
	if ((end = slice_find_byte(src, '?')) >= 0 ||
		(end = slice_find_byte(src, '#')) >= 0)
		src.len = (size_t)end;
	src = uri_decode(src, m->arena);
	return src.len > 0 && env->picture(env->ctx, src, m->arena, ret,
		address);
}

/* Where the picture is; lazy pages have that in another attribute. */
static bool
find_picture(const struct markup *m, const struct token *t,
	struct media *ret, struct slice *address)
{
	static const char *const words[] = { "src", "data-src",
		"data-original" };

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		struct slice src = token_get(t, words[i]);

		if (src.len == 0)
			continue;
		if (find_beside(m, src, ret, address))
			return true;
		ret->url = *address = markup_address(m, src, false);
		if (address->ptr)
			return true;
	}
	return false;
}

static int
pixels(const struct token *t, const char *name, int known)
{
	int64_t n = slice_number(token_get(t, name), PIXELS_MAX);

	return known > 0 ? known : (int)MAX(n, 0);
}

static struct slice
image_tag(const struct markup *m, const struct media *one,
	struct slice address)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(HEAD_MAX * 8);

	buf_put_str(&b, "<img src=\"");
	buf_put_xml(&b, address);
	buf_put_str(&b, "\" alt=\"");
	if (one->alt.len > 0)
		buf_put_xml(&b, one->alt);
	buf_put_byte(&b, '"');
	if (one->width > 0)
		buf_printf(&b, " width=\"%d\"", one->width);
	if (one->height > 0)
		buf_printf(&b, " height=\"%d\"", one->height);
	buf_put_str(&b, "/>");
	return arena_copy(m->arena, buf_slice(&b));
}

/* "What it shows (Photo: Whose)", as much of it as is known. */
static struct slice
caption_of(const struct markup *m, const struct media *one)
{
	if (one->credit.len == 0)
		return one->caption;
	return arena_printf(m->arena, "%.*s%s(%.*s)", ARG(one->caption),
		one->caption.len ? " " : "", ARG(one->credit));
}

/* The link that is open around the picture. */
static struct slice
open_link(const struct markup *m)
{
	for (size_t i = m->n_inlines; i-- > 0;)
		if (m->inlines[i].tag == TAG_A)
			return m->inlines[i].head;
	return slice("", 0);
}

/* Written as it stands, with the link around it. */
static void
put_picture(struct markup *m)
{
	buf_put(&m->html, m->link);
	buf_put(&m->html, m->picture);
	if (m->link.len > 0)
		buf_put_str(&m->html, "</a>");
	m->picture = slice(NULL, 0);
	m->link = slice("", 0);
}

/* In the open figure, outside of its paragraphs. */
static void
put_in_figure(struct markup *m)
{
	markup_write_blocks(m);
	m->blocks[m->n_blocks - 1].used = true;
	put_picture(m);
	m->figured = m->article->n_media;
}

static bool
is_in_figure(const struct markup *m)
{
	size_t n = m->n_blocks;

	return markup_top(m) == TAG_FIGURE || (n > 1 && !m->run &&
		markup_top(m) == TAG_P &&
		m->blocks[n - 2].tag == TAG_FIGURE);
}

/* May it become a figure, if nothing follows in its block? */
static bool
may_stand_alone(const struct markup *m)
{
	enum tag_id top = markup_top(m);

	return !m->run && top != TAG_TD && top != TAG_TH && top != TAG_TR &&
		(top == TAG_P || tag_of(top)->kind != KIND_LEAF);
}

void
markup_picture(struct markup *m, const struct token *t)
{
	struct media one = { .kind = MEDIA_IMAGE, .shown = true }, *kept;
	struct slice address, caption = token_get(t, "caption");
	bool inside;

	if (!find_picture(m, t, &one, &address))
		return;
	if (token_get(t, "alt").len > 0)
		one.alt = fold_title(token_get(t, "alt"), m->arena);
	one.width = pixels(t, "width", one.width);
	one.height = pixels(t, "height", one.height);
	if (caption.len > 0)
		one.caption = fold_title(caption, m->arena);
	one.shown = true;
	if (m->picture.ptr)
		markup_flush_figure(m);
	kept = media_add(m->article, MEDIA_IMAGE, m->arena);
	if (kept)
		*kept = one;
	inside = is_in_figure(m);
	if (inside)
		markup_end_leaf(m);
	m->picture = image_tag(m, &one, address);
	m->link = open_link(m);
	m->caption = caption_of(m, &one);
	if (inside) {
		put_in_figure(m);
	} else if (!may_stand_alone(m)) {
		m->link = slice("", 0);
		markup_begin_run(m);
		markup_write_inlines(m);
		put_picture(m);
	}
}

static void
put_caption(struct markup *m, struct slice caption)
{
	if (caption.len == 0)
		return;
	if (!markup_push(m, TAG_FIGCAPTION, S("<figcaption>"),
		COUNT_OF(m->blocks)))
		return;
	markup_text(m, caption);
	markup_end_leaf(m);
}

void
markup_flush_figure(struct markup *m)
{
	struct slice caption = m->caption;

	if (!m->picture.ptr || m->run)
		return;
	if (markup_top(m) == TAG_P)
		markup_pop(m);
	markup_fill_frames(m);
	if (!markup_push(m, TAG_FIGURE, S("<figure>"),
		COUNT_OF(m->blocks) - 1)) {
		m->picture = slice(NULL, 0);
		return;
	}
	markup_write_blocks(m);
	put_picture(m);
	put_caption(m, caption);
	markup_pop(m);
}

static enum media_kind
played_kind(enum tag_id id)
{
	return id == TAG_VIDEO ? MEDIA_VIDEO : MEDIA_AUDIO;
}

void
markup_player(struct markup *m, enum tag_id id, const struct token *t)
{
	struct slice src = t ? markup_address(m, token_get(t, "src"), false) :
		slice(NULL, 0);

	markup_end_leaf(m);
	markup_fill_frames(m);
	if (!markup_push(m, id, markup_head(m, id, t), MARKUP_BLOCKS_MAX)) {
		m->over++;
		return;
	}
	if (src.ptr) {
		markup_write_blocks(m);
		media_add_played(m->article, played_kind(id), src, m->arena);
	}
	if (!t || !t->ends)
		markup_pop(m);
}

void
markup_source(struct markup *m, const struct token *t)
{
	enum tag_id top = markup_top(m);
	struct slice src = markup_address(m, token_get(t, "src"), false);
	struct slice head = markup_head(m, TAG_SOURCE, t);
	struct markup_block *player;

	if (tag_of(top)->kind != KIND_PLAYER || !src.ptr || !head.ptr)
		return;
	player = &m->blocks[m->n_blocks - 1];
	if (m->written < m->n_blocks)
		media_add_played(m->article, played_kind(top), src,
			m->arena);
	markup_write_blocks(m);
	player->used = true;
	buf_put(&m->html, slice(head.ptr, head.len - 1));
	buf_put_str(&m->html, "/>");
}

void
markup_video(struct markup *m, struct slice page, struct slice label)
{
	struct token link = { .kind = TOKEN_OPEN, .tag = TAG_A,
		.n_attributes = 1 };

	link.attributes[0] = (struct attribute){ S("href"), page };
	markup_end_leaf(m);
	markup_open(m, TAG_A, &link);
	markup_text(m, label.len > 0 ? label : page);
	markup_close(m, TAG_A);
	markup_end_leaf(m);
}

void
markup_frame(struct markup *m, const struct token *t)
{
	struct slice page = markup_address(m, token_get(t, "src"), false);

	page = video_page(page, m->arena);
	if (page.ptr)
		markup_video(m, page, token_get(t, "title"));
}
