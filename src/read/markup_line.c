/*
 * Markup: lines of text, and the inline elements in them.
 *
 * Inline elements are a list of what is in force, apart from the blocks: they
 * are written when a word comes, end with its block, and are written again in
 * the next one.  So "<b><p>x</p><p>y</b>" is two bold paragraphs, as in a
 * browser, and none is ever empty.  A tag with attributes is written again
 * MARKUP_REOPEN_MAX times at most, or a long one could be multiplied.
 */
#include "base/fold.h"
#include "read/clean.h"
#include "read/markup.h"

/* Give the raw text that comes a block that may hold it. */
static void
fill(struct markup *m)
{
	for (;;) {
		enum tag_id top = markup_top(m), id;
		const struct tag *tag = tag_of(top);
		bool used = m->n_blocks > 0 &&
			m->blocks[m->n_blocks - 1].used;

		id = tag->fill;
		if (top == TAG_NONE || (tag->kind == KIND_FLOW && used))
			id = TAG_P;
		if (id == TAG_NONE || tag->kind == KIND_LEAF ||
			!markup_push(m, id, markup_head(m, id, NULL),
				COUNT_OF(m->blocks)))
			return;
	}
}

static void
begin_text(struct markup *m)
{
	m->mark = (struct markup_mark){ m->html.len, m->text.len, 0,
		m->written };
	if (m->apart && m->text.len > 0)
		buf_put_byte(&m->text, '\n');
	m->apart = false;
	m->mark.line = m->text.len;
}

void
markup_begin_run(struct markup *m)
{
	bool had_picture = m->picture.ptr != NULL;

	if (m->run)
		return;
	fill(m);
	begin_text(m);
	markup_write_blocks(m);
	m->run = true;
	if (m->n_blocks > 0)
		m->blocks[m->n_blocks - 1].used = true;
	if (!had_picture)
		return;
	buf_put(&m->html, m->link);
	buf_put(&m->html, m->picture);
	if (m->link.len > 0)
		buf_put_str(&m->html, "</a>");
	m->picture = slice(NULL, 0);
	m->link = slice("", 0);
}

/* Write the line ends of a <pre>, or the <br/>, that waited. */
static void
put_breaks(struct markup *m)
{
	bool pre = markup_top(m) == TAG_PRE;

	if (m->breaks == 0)
		return;
	buf_put_byte(&m->text, '\n');
	for (; m->breaks > 0; m->breaks--)
		buf_put_str(&m->html, pre ? "\n" : "<br/>");
	m->blank = false;
}

/* A picture between two blanks leaves one of them in the text. */
static void
put_blank(struct markup *m)
{
	m->blank = false;
	buf_put_byte(&m->html, ' ');
	if (m->text.len > m->mark.line && !slice_ends(buf_slice(&m->text),
		S(" ")))
		buf_put_byte(&m->text, ' ');
}

static void
forget_inline(struct markup *m, size_t at)
{
	m->n_inlines--;
	for (size_t i = at; i < m->n_inlines; i++)
		m->inlines[i] = m->inlines[i + 1];
}

void
markup_write_inlines(struct markup *m)
{
	put_breaks(m);
	if (m->blank)
		put_blank(m);
	while (m->open < m->n_inlines) {
		struct markup_inline *one = &m->inlines[m->open];

		if (one->left == 0) {
			forget_inline(m, m->open);
			continue;
		}
		one->left--;
		buf_put(&m->html, one->head);
		m->open++;
	}
}

/* Write the ends of inline elements, until so many are open. */
static void
end_inlines(struct markup *m, size_t open)
{
	while (m->open > open) {
		enum tag_id id = m->inlines[--m->open].tag;

		buf_printf(&m->html, "</%s>", tag_of(id)->name.ptr);
	}
}

/* Of the words without attributes as many as one likes. */
static size_t
times(struct slice head, enum tag_id id)
{
	return head.len == tag_of(id)->name.len + 2 ? SIZE_MAX :
		MARKUP_REOPEN_MAX;
}

static struct markup_inline *
find_inline(struct markup *m, enum tag_id id)
{
	for (size_t i = m->n_inlines; i-- > 0;)
		if (m->inlines[i].tag == id)
			return &m->inlines[i];
	return NULL;
}

static void
drop_inline(struct markup *m, enum tag_id id)
{
	struct markup_inline *one = find_inline(m, id);
	size_t at;

	if (!one)
		return;
	at = (size_t)(one - m->inlines);
	if (at < m->open)
		end_inlines(m, at);
	forget_inline(m, at);
}

/* What stands beside each other, never in each other. */
static void
drop_like(struct markup *m, enum tag_id id)
{
	if (id == TAG_A)
		drop_inline(m, TAG_A);
	if (id == TAG_RT || id == TAG_RP) {
		drop_inline(m, TAG_RT);
		drop_inline(m, TAG_RP);
	}
}

void
markup_open_inline(struct markup *m, enum tag_id id, const struct token *t)
{
	struct markup_inline *same;
	struct slice head;

	drop_like(m, id);
	same = find_inline(m, id);
	if (same) {
		same->nested++;
		return;
	}
	head = markup_head(m, id, t);
	if (id == TAG_A && head.ptr)
		markup_note_link(m, t);
	if (!head.ptr || m->n_inlines == MARKUP_INLINES_MAX)
		return;
	m->inlines[m->n_inlines++] = (struct markup_inline){ .tag = id,
		.head = head, .left = times(head, id) };
}

void
markup_close_inline(struct markup *m, enum tag_id id)
{
	struct markup_inline *one = find_inline(m, id);

	if (one && one->nested > 0) {
		one->nested--;
		return;
	}
	if (id == TAG_RUBY)
		drop_like(m, TAG_RT);
	drop_inline(m, id);
}

void
markup_break(struct markup *m)
{
	if (m->run || m->picture.ptr)
		m->breaks++;
}

static void
put_piece(struct markup *m, struct slice piece)
{
	markup_begin_run(m);
	markup_write_inlines(m);
	buf_put_html(&m->html, piece);
	buf_put(&m->text, piece);
}

/* White space of a <pre> counts. */
static void
put_pre_blank(struct markup *m, struct slice blank)
{
	for (size_t i = 0; i < blank.len; i++) {
		char c = blank.ptr[i];

		if (c == '\n')
			m->breaks += m->run;
		else if (c != '\r')
			put_piece(m, slice(c == '\t' ? "\t" : " ", 1));
	}
}

void
markup_text(struct markup *m, struct slice s)
{
	bool pre = markup_top(m) == TAG_PRE;
	struct slice piece;
	enum clean_piece kind;

	if (m->drop != TAG_NONE ||
		tag_of(markup_top(m))->kind == KIND_PLAYER)
		return;
	if (pre && !m->run && slice_trim(s).len == 0)
		return;
	while ((kind = clean_next(&s, &piece)) != CLEAN_END) {
		if (kind == CLEAN_TEXT)
			put_piece(m, piece);
		else if (pre)
			put_pre_blank(m, piece);
		else if (m->run || m->picture.ptr)
			m->blank = true;
	}
}

void
markup_take_back(struct markup *m, size_t html, size_t text)
{
	buf_cut(&m->html, html);
	buf_cut(&m->text, text);
	if (m->first_from + m->first.len > text)
		m->first.len = 0;
}

/* Was all of the line for somebody else than readers? */
static void
ask(struct markup *m, enum tag_id leaf, struct slice text)
{
	bool inside = m->n_blocks > 0 && markup_top(m) != TAG_LI &&
		tag_of(markup_top(m))->kind != KIND_FRAME &&
		leaf != TAG_FIGCAPTION;
	struct markup_block *top = m->n_blocks ?
		&m->blocks[m->n_blocks - 1] : NULL;

	if (!m->leaf || inside || leaf == TAG_PRE ||
		!m->leaf(m->ctx, leaf, text))
		return;
	markup_take_back(m, m->mark.html, m->mark.text);
	m->written = MIN(m->mark.written, m->n_blocks);
	if (top && m->written < m->n_blocks)
		top->used = false;
}

static void
end_run(struct markup *m, enum tag_id leaf)
{
	struct slice text;
	size_t before;

	m->run = false;
	/* A picture at the end leaves the blank before it. */
	if (leaf != TAG_PRE && m->text.len > m->mark.line &&
		slice_ends(buf_slice(&m->text), S(" ")))
		buf_cut(&m->text, m->text.len - 1);
	before = m->text.len;
	text = slice_from(buf_slice(&m->text), m->mark.line);
	if (leaf == TAG_FIGCAPTION && m->figured > 0)
		m->article->media[m->figured - 1].caption =
			fold_title(text, m->arena);
	ask(m, leaf, text);
	if (m->text.len == before && leaf == TAG_P && m->first.len == 0) {
		m->first_from = m->mark.line;
		m->first.len = before - m->mark.line;
	}
}

void
markup_end_leaf(struct markup *m)
{
	enum tag_id leaf = markup_top(m);
	bool run = m->run;

	markup_flush_figure(m);
	end_inlines(m, 0);
	m->blank = false;
	m->breaks = 0;
	if (tag_of(leaf)->kind == KIND_LEAF && markup_top(m) == leaf)
		markup_pop(m);
	if (run)
		end_run(m, leaf);
	m->apart = true;
}
