/*
 * Markdown: GitHub's dialect, with YAML front matter.
 *
 * md4c finds the blocks and spans, and calls back; what it finds is written as
 * the same markup as HTML's, and so is the HTML between.  An element opened
 * in one piece of HTML may end in another one.
 *
 * 1. The title is the front matter's, else the first "# Heading", which is
 *    not repeated in the text.
 * 2. md4c completes short rows of a table, so that a wide table with many
 *    rows costs the square of its bytes: calls are counted, and the article
 *    is set aside when there are too many.
 */
#include <md4c.h>

#include "read/entity.h"
#include "read/fields.h"
#include "read/reading.h"

enum {
	CALLS_PER_BYTE = 16,
	CALLS_MIN = 4096,
	HTML_PIECE_MAX = ARTICLE_FILE_MAX,
	ALT_MAX = 2000,
	PADDING = 64,
	FLAGS = MD_DIALECT_GITHUB,
};

struct markdown {
	struct markup markup;
	struct leaves leaves;
	struct arena *arena;
	size_t calls, calls_max;
	struct buf html;	/* a piece of HTML that is not whole yet */
	struct tokens source;	/* for what ends in a later piece */
	size_t pictures;	/* "![" that are open: what is in is alt */
	struct buf alt;
	struct token picture;
};

static void
markdown_done(struct markdown *m)
{
	markup_done(&m->markup);
	buf_done(&m->html);
	buf_done(&m->alt);
}

/* Write the HTML that was waiting to be whole. */
static void
flush_html(struct markdown *m)
{
	struct slice piece;

	if (m->html.len == 0)
		return;
	piece = arena_copy(m->arena, buf_slice(&m->html));
	buf_reset(&m->html);
	markup_html(&m->markup, piece, &m->source);
}

/* Each callback begins here; not 0 stops md4c. */
static int
count(struct markdown *m)
{
	return ++m->calls > m->calls_max;
}

/* An attribute's value, with its references replaced. */
static struct slice
value_of(const struct markdown *m, const MD_ATTRIBUTE *a)
{
	return entity_decode(arena_copy(m->arena, slice(a->text ? a->text :
		"", a->size)), m->arena);
}

static void
set_attribute(struct token *t, struct slice name, struct slice value)
{
	if (value.len > 0)
		t->attributes[t->n_attributes++] =
			(struct attribute){ name, value };
}

static void
open_list(struct markdown *m, const MD_BLOCK_OL_DETAIL *list)
{
	struct token t = { .kind = TOKEN_OPEN, .tag = TAG_OL };

	if (list->start != 1)
		set_attribute(&t, S("start"), arena_printf(m->arena, "%u",
			list->start));
	markup_open(&m->markup, TAG_OL, &t);
}

static void
open_item(struct markdown *m, const MD_BLOCK_LI_DETAIL *item)
{
	markup_open(&m->markup, TAG_LI, NULL);
	if (item->is_task)
		markup_text(&m->markup, item->task_mark == ' ' ? S("☐ ") :
			S("☑ "));
}

static enum tag_id
block_tag(MD_BLOCKTYPE type, const void *detail)
{
	switch (type) {
	case MD_BLOCK_QUOTE:
		return TAG_BLOCKQUOTE;
	case MD_BLOCK_UL:
		return TAG_UL;
	case MD_BLOCK_OL:
		return TAG_OL;
	case MD_BLOCK_LI:
		return TAG_LI;
	case MD_BLOCK_HR:
		return TAG_HR;
	case MD_BLOCK_H:
		return (enum tag_id)(TAG_H1 +
			((const MD_BLOCK_H_DETAIL *)detail)->level - 1);
	case MD_BLOCK_CODE:
		return TAG_PRE;
	case MD_BLOCK_P:
		return TAG_P;
	case MD_BLOCK_TABLE:
		return TAG_TABLE;
	case MD_BLOCK_THEAD:
		return TAG_THEAD;
	case MD_BLOCK_TBODY:
		return TAG_TBODY;
	case MD_BLOCK_TR:
		return TAG_TR;
	case MD_BLOCK_TH:
		return TAG_TH;
	case MD_BLOCK_TD:
		return TAG_TD;
	default:
		return TAG_NONE;
	}
}

static int
enter_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
	struct markdown *m = ctx;

	flush_html(m);
	if (type == MD_BLOCK_HTML || type == MD_BLOCK_DOC)
		return count(m);
	markup_settle(&m->markup);
	if (type == MD_BLOCK_OL)
		open_list(m, detail);
	else if (type == MD_BLOCK_LI)
		open_item(m, detail);
	else
		markup_open(&m->markup, block_tag(type, detail), NULL);
	if (type == MD_BLOCK_CODE)
		markup_open(&m->markup, TAG_CODE, NULL);
	return count(m);
}

static int
leave_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
	struct markdown *m = ctx;

	flush_html(m);
	if (type == MD_BLOCK_HTML || type == MD_BLOCK_DOC ||
		type == MD_BLOCK_HR)
		return count(m);
	m->markup.drop = TAG_NONE;
	if (type == MD_BLOCK_CODE)
		markup_close(&m->markup, TAG_CODE);
	markup_close(&m->markup, block_tag(type, detail));
	return count(m);
}

static enum tag_id
span_tag(MD_SPANTYPE type)
{
	switch (type) {
	case MD_SPAN_EM:
		return TAG_EM;
	case MD_SPAN_STRONG:
		return TAG_STRONG;
	case MD_SPAN_A:
		return TAG_A;
	case MD_SPAN_CODE:
		return TAG_CODE;
	case MD_SPAN_DEL:
		return TAG_DEL;
	default:
		return TAG_NONE;
	}
}

static void
open_link(struct markdown *m, const MD_SPAN_A_DETAIL *link)
{
	struct token t = { .kind = TOKEN_OPEN, .tag = TAG_A };

	set_attribute(&t, S("href"), value_of(m, &link->href));
	set_attribute(&t, S("title"), value_of(m, &link->title));
	markup_open(&m->markup, TAG_A, &t);
}

static void
open_picture(struct markdown *m, const MD_SPAN_IMG_DETAIL *picture)
{
	m->picture = (struct token){ .kind = TOKEN_OPEN, .tag = TAG_IMG };
	set_attribute(&m->picture, S("src"), value_of(m, &picture->src));
	set_attribute(&m->picture, S("caption"), value_of(m,
		&picture->title));
	buf_reset(&m->alt);
}

static void
close_picture(struct markdown *m)
{
	set_attribute(&m->picture, S("alt"), arena_copy(m->arena,
		buf_slice(&m->alt)));
	markup_open(&m->markup, TAG_IMG, &m->picture);
}

static int
enter_span(MD_SPANTYPE type, void *detail, void *ctx)
{
	struct markdown *m = ctx;

	flush_html(m);
	if (type == MD_SPAN_IMG && m->pictures++ == 0)
		open_picture(m, detail);
	if (m->pictures > 0)
		return count(m);
	if (type == MD_SPAN_A)
		open_link(m, detail);
	else
		markup_open(&m->markup, span_tag(type), NULL);
	return count(m);
}

static int
leave_span(MD_SPANTYPE type, void *detail, void *ctx)
{
	struct markdown *m = ctx;

	(void)detail;
	flush_html(m);
	if (type == MD_SPAN_IMG && --m->pictures == 0)
		close_picture(m);
	else if (m->pictures == 0)
		markup_close(&m->markup, span_tag(type));
	return count(m);
}

static void
put_text(struct markdown *m, struct slice s)
{
	if (m->pictures > 0)
		buf_put(&m->alt, s);
	else
		markup_text(&m->markup, s);
}

/*
 * Where in the source a text begins; SIZE_MAX: it is none of it, as md4c's own
 * line ends and blanks.
 */
static size_t
place_of(const struct markdown *m, struct slice s)
{
	uintptr_t from = (uintptr_t)m->source.all.ptr;
	uintptr_t at = (uintptr_t)s.ptr;

	return at >= from && at < from + m->source.all.len ?
		(size_t)(at - from) : SIZE_MAX;
}

/* Where in the source a piece of HTML ends. */
static void
note_place(struct markdown *m, struct slice s)
{
	size_t at = place_of(m, s);

	if (at != SIZE_MAX)
		m->source.at = at + s.len;
}

/* Never beyond the source, whatever md4c says. */
static struct slice
within(const struct markdown *m, struct slice s)
{
	size_t at = place_of(m, s);

	return at == SIZE_MAX ? s : slice_sub(m->source.all, at, at + s.len);
}

static int
text(MD_TEXTTYPE type, const MD_CHAR *ptr, MD_SIZE len, void *ctx)
{
	struct markdown *m = ctx;
	struct slice s = within(m, slice(ptr, len));

	if (type == MD_TEXT_HTML && m->pictures == 0) {
		note_place(m, s);
		buf_put(&m->html, s);
		return count(m);
	}
	flush_html(m);
	if (type == MD_TEXT_BR && m->pictures == 0)
		markup_open(&m->markup, TAG_BR, NULL);
	else if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR)
		put_text(m, S("\n"));
	else if (type == MD_TEXT_ENTITY)
		put_text(m, entity_decode(s, m->arena));
	else if (type != MD_TEXT_HTML)
		put_text(m, s);
	return count(m);
}

/* ---- front matter ---- */

static bool
is_fence(struct slice line, bool first)
{
	while (line.len > 0 && (slice_ends(line, S(" ")) ||
		slice_ends(line, S("\t"))))
		line.len--;
	return slice_eq(line, S("---")) ||
		(!first && slice_eq(line, S("...")));
}

/* Cut the front matter off *rest; false: there is none. */
static bool
cut_front_matter(struct slice *rest, struct slice *ret)
{
	struct slice s = *rest, line, from;

	if (!slice_next_line(&s, &line) || !is_fence(line, true))
		return false;
	from = s;
	while (slice_next_line(&s, &line))
		if (is_fence(line, false)) {
			*ret = slice(from.ptr, (size_t)(line.ptr - from.ptr));
			*rest = s;
			return true;
		}
	return false;
}

static bool
sniff(const struct read_env *env, struct slice bytes)
{
	(void)bytes;
	return reading_ends(env->path, S(".md")) ||
		reading_ends(env->path, S(".markdown"));
}

/*
 * md4c 0.4.8 reads behind its text where that ends in the middle of a link,
 * and can count what it finds there as text: give it a line end, and zeros.
 */
static struct slice
padded(struct slice s, struct arena *a)
{
	char *copy = arena_alloc(a, s.len + 1 + PADDING);

	memcpy(copy, s.ptr, s.len);
	copy[s.len] = '\n';
	return slice(copy, s.len + 1);
}

static int
parse(struct markdown *m, struct slice bytes, struct err *e)
{
	const MD_PARSER parser = {
		.flags = FLAGS,
		.enter_block = enter_block,
		.leave_block = leave_block,
		.enter_span = enter_span,
		.leave_span = leave_span,
		.text = text,
	};

	bytes = padded(bytes, m->arena);
	m->source = TOKENS_OF(bytes, m->arena);
	m->calls_max = CALLS_MIN + CALLS_PER_BYTE * bytes.len;
	if (md_parse(bytes.ptr, (MD_SIZE)bytes.len, &parser, m) == 0)
		return 0;
	err_set(e, ERR_LIMIT, "a table has far more columns than its rows");
	return err_hint(e, "Give each row of the table all its cells.");
}

static int
read_markdown(const struct read_env *env, struct slice bytes,
	struct arena *a, struct article *ret, struct err *e)
{
	CLEANUP(markdown_done) struct markdown m = {
		.arena = a,
		.html = BUF_INIT(HTML_PIECE_MAX),
		.alt = BUF_INIT(ALT_MAX),
	};
	struct slice yaml;

	markup_init(&m.markup, env, a, ret);
	m.leaves = (struct leaves){ .byline.markup = &m.markup,
		.gives_title = true };
	m.markup.leaf = leaves_take;
	m.markup.ctx = &m.leaves;
	if (cut_front_matter(&bytes, &yaml) && fields_read(env, yaml,
		"front matter", 2, FIELDS_SAY, a, ret, e) < 0)
		return -1;
	if (parse(&m, bytes, e) < 0)
		return -1;
	byline_finish(&m.leaves.byline);
	return reading_finish(&m.markup, "Begin with \"# \" and the title, or "
		"write \"title:\" in the front matter.", e);
}

const struct reader reader_markdown = {
	.name = "markdown",
	.sniff = sniff,
	.read = read_markdown,
};
