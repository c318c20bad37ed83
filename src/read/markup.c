/*
 * Markup: the blocks, and what each token does.
 *
 * A block is opened where it may stand: a list's item in a list, a cell in a
 * row.  What is in the way is closed, what is missing is put in, and a tag
 * that fits nowhere only ends the paragraph.
 */
#include "read/markup.h"
#include "read/prose.h"

void
markup_init(struct markup *m, const struct read_env *env, struct arena *a,
	struct article *article)
{
	*m = (struct markup){
		.env = env,
		.arena = a,
		.article = article,
		.html = BUF_INIT(PROSE_HTML_MAX),
		.text = BUF_INIT(PROSE_HTML_MAX),
	};
}

void
markup_done(struct markup *m)
{
	buf_done(&m->html);
	buf_done(&m->text);
}

enum tag_id
markup_top(const struct markup *m)
{
	return m->n_blocks ? m->blocks[m->n_blocks - 1].tag : TAG_NONE;
}

bool
markup_push(struct markup *m, enum tag_id id, struct slice head, size_t max)
{
	if (m->n_blocks >= max || !head.ptr)
		return false;
	m->blocks[m->n_blocks++] = (struct markup_block){ .tag = id,
		.head = head, .inlines = m->n_inlines };
	return true;
}

/* Does the block at this depth begin a line of its own? */
static bool
begins_line(const struct markup *m, size_t at)
{
	return at == 0 || tag_has_lines(m->blocks[at - 1].tag);
}

void
markup_write_blocks(struct markup *m)
{
	for (; m->written < m->n_blocks; m->written++) {
		size_t at = m->written;

		if (m->html.len > 0 && begins_line(m, at))
			buf_put_byte(&m->html, '\n');
		buf_put(&m->html, m->blocks[at].head);
		if (at > 0)
			m->blocks[at - 1].used = true;
	}
}

/* What was in force before a cell is so behind it. */
static void
restore_inlines(struct markup *m, const struct markup_block *b)
{
	if (b->tag == TAG_TD || b->tag == TAG_TH || b->tag == TAG_CAPTION)
		m->n_inlines = MIN(m->n_inlines, b->inlines);
}

void
markup_pop(struct markup *m)
{
	const struct markup_block *b = &m->blocks[--m->n_blocks];

	restore_inlines(m, b);
	if (b->tag == TAG_FIGURE)
		m->figured = 0;
	if (m->written <= m->n_blocks)
		return;
	m->written--;
	if (tag_has_lines(b->tag))
		buf_put_byte(&m->html, '\n');
	buf_printf(&m->html, "</%s>", b->tag == TAG_H1 ? "h2" :
		tag_of(b->tag)->name.ptr);
}

static void
pop_to(struct markup *m, size_t n)
{
	while (m->n_blocks > n)
		markup_pop(m);
}

void
markup_fill_frames(struct markup *m)
{
	enum tag_id id;

	while (tag_of(markup_top(m))->kind == KIND_FRAME) {
		id = tag_of(markup_top(m))->fill;
		if (!markup_push(m, id, markup_head(m, id, NULL),
			COUNT_OF(m->blocks)))
			return;
	}
}

/* How many blocks are open around, with the home of a block; 0: none is. */
static size_t
find_home(const struct markup *m, enum tag_id child)
{
	for (size_t n = m->n_blocks; n > 0; n--) {
		enum tag_id at = m->blocks[n - 1].tag;

		if (tag_is_home(child, at))
			return n;
		if (tag_is_wall(child, at))
			return 0;
	}
	return 0;
}

/* What a child without its home is put into; TAG_NONE: it has to be there. */
static enum tag_id
missing_home(enum tag_id child)
{
	switch (child) {
	case TAG_LI:
		return TAG_UL;
	case TAG_DT:
	case TAG_DD:
		return TAG_DL;
	case TAG_TD:
	case TAG_TH:
		return TAG_TR;
	default:
		return TAG_NONE;
	}
}

static bool
push_home(struct markup *m, enum tag_id id)
{
	size_t n;

	if (id == TAG_NONE)
		return false;
	if (tag_has_home(id)) {
		if ((n = find_home(m, id)) == 0)
			return false;
		pop_to(m, n);
	} else {
		markup_fill_frames(m);
	}
	return markup_push(m, id, markup_head(m, id, NULL),
		MARKUP_BLOCKS_MAX);
}

/* Make the place for a block; false: there is none. */
static bool
go_home(struct markup *m, enum tag_id id)
{
	size_t n;

	if (!tag_has_home(id)) {
		markup_fill_frames(m);
		return true;
	}
	n = find_home(m, id);
	if (n == 0)
		return push_home(m, missing_home(id));
	pop_to(m, n);
	return true;
}

static void
open_block(struct markup *m, enum tag_id id, const struct token *t)
{
	bool cell = id == TAG_TD || id == TAG_TH;

	markup_end_leaf(m);
	if (m->over > 0 || m->n_blocks >= MARKUP_BLOCKS_MAX) {
		m->over++;
		return;
	}
	if (!go_home(m, id))
		return;
	if (!markup_push(m, id, markup_head(m, id, t), MARKUP_BLOCKS_MAX)) {
		m->over++;
		return;
	}
	/* An empty cell keeps the others in their columns. */
	if (cell)
		markup_write_blocks(m);
}

static void
close_block(struct markup *m, enum tag_id id)
{
	markup_end_leaf(m);
	if (m->over > 0) {
		m->over--;
		return;
	}
	for (size_t n = m->n_blocks; n > 0; n--) {
		enum tag_id at = m->blocks[n - 1].tag;

		if (at == id) {
			pop_to(m, n - 1);
			return;
		}
		if (tag_is_wall(id, at))
			return;
	}
}

static void
put_rule(struct markup *m)
{
	markup_end_leaf(m);
	markup_fill_frames(m);
	markup_write_blocks(m);
	if (m->html.len > 0 && (m->n_blocks == 0 ||
		tag_has_lines(markup_top(m))))
		buf_put_byte(&m->html, '\n');
	buf_put_str(&m->html, "<hr/>");
	if (m->n_blocks > 0)
		m->blocks[m->n_blocks - 1].used = true;
}

static void
open_void(struct markup *m, enum tag_id id, const struct token *t)
{
	if (id == TAG_BR)
		markup_break(m);
	else if (id == TAG_HR)
		put_rule(m);
	else if (id == TAG_IMG && t)
		markup_picture(m, t);
}

static void
open_dropped(struct markup *m, enum tag_id id, const struct token *t)
{
	if (id == TAG_IFRAME && t)
		markup_frame(m, t);
	if (!t || !t->ends)
		return;
	m->drop = id;
	m->drops = 1;
}

/* A <div>: lines of a <pre> are sometimes made of them. */
static void
break_block(struct markup *m)
{
	if (markup_top(m) != TAG_PRE)
		markup_end_leaf(m);
	else if (m->run && m->breaks == 0)
		m->breaks = 1;
}

void
markup_open(struct markup *m, enum tag_id id, const struct token *t)
{
	if (m->drop != TAG_NONE) {
		m->drops += id == m->drop;
		return;
	}
	if (tag_of(markup_top(m))->kind == KIND_PLAYER) {
		if (id == TAG_SOURCE && t)
			markup_source(m, t);
		return;
	}
	switch (tag_of(id)->kind) {
	case KIND_NONE:
		break;
	case KIND_INLINE:
		markup_open_inline(m, id, t);
		break;
	case KIND_LEAF:
	case KIND_FLOW:
	case KIND_FRAME:
		open_block(m, id, t);
		break;
	case KIND_PLAYER:
		markup_player(m, id, t);
		break;
	case KIND_VOID:
		open_void(m, id, t);
		break;
	case KIND_BREAK:
		break_block(m);
		break;
	case KIND_DROPPED:
		open_dropped(m, id, t);
		break;
	}
}

void
markup_close(struct markup *m, enum tag_id id)
{
	enum tag_kind kind = tag_of(id)->kind;

	if (m->drop != TAG_NONE) {
		if (id == m->drop && --m->drops == 0)
			m->drop = TAG_NONE;
		return;
	}
	if (tag_of(markup_top(m))->kind == KIND_PLAYER &&
		id != markup_top(m))
		return;
	if (kind == KIND_INLINE)
		markup_close_inline(m, id);
	else if (kind == KIND_BREAK)
		break_block(m);
	else if (kind == KIND_LEAF || kind == KIND_FLOW ||
		kind == KIND_FRAME || kind == KIND_PLAYER)
		close_block(m, id);
	else if (id == TAG_BR)
		markup_break(m);
}

void
markup_token(struct markup *m, const struct token *t)
{
	switch (t->kind) {
	case TOKEN_TEXT:
		if (t->tag == TAG_NONE)
			markup_text(m, t->text);
		break;
	case TOKEN_OPEN:
		markup_open(m, t->tag, t);
		break;
	case TOKEN_CLOSE:
		markup_close(m, t->tag);
		break;
	}
}

void
markup_html(struct markup *m, struct slice html, struct tokens *document)
{
	struct tokens tokens = TOKENS_OF(html, m->arena);
	struct token t;

	tokens.document = document;
	while (token_next(&tokens, &t))
		markup_token(m, &t);
}

void
markup_settle(struct markup *m)
{
	m->drop = TAG_NONE;
	if (tag_of(markup_top(m))->kind == KIND_PLAYER)
		markup_pop(m);
	markup_end_leaf(m);
}

/* Of a text without a paragraph, as of nothing but a list. */
static struct slice
first_line(struct slice text)
{
	struct slice line = S("");

	slice_next_line(&text, &line);
	return line;
}

int
markup_finish(struct markup *m, struct err *e)
{
	markup_settle(m);
	pop_to(m, 0);
	m->first = m->first.len > 0 ? slice_sub(buf_slice(&m->text),
		m->first_from, m->first_from + m->first.len) :
		first_line(buf_slice(&m->text));
	if (buf_ok(&m->html) && buf_ok(&m->text))
		return 0;
	err_set(e, ERR_LIMIT, "the text is too long as HTML");
	return err_hint(e, "Split the article into parts.");
}
