/*
 * Prose: paragraphs built from lines.
 */
#include "base/utf8.h"
#include "model/article.h"
#include "read/clean.h"
#include "read/prose.h"

void
prose_init(struct prose *p)
{
	*p = (struct prose){
		.text = BUF_INIT(ARTICLE_FILE_MAX + 1),
		.html = BUF_INIT(PROSE_HTML_MAX),
	};
}

void
prose_done(struct prose *p)
{
	buf_done(&p->text);
	buf_done(&p->html);
}

/* Han, and the punctuation and wide forms that stand beside it. */
static bool
is_wide(int32_t c)
{
	return utf8_is_han(c) || (c >= 0x3000 && c <= 0x30ff) ||
		(c >= 0xff00 && c <= 0xffef);
}

static int32_t
last_glyph(struct slice s)
{
	size_t at = s.len;

	while (at > 0 && ((unsigned char)s.ptr[at - 1] & 0xc0) == 0x80)
		at--;
	return at > 0 ? utf8_next(&(struct slice){ s.ptr + at - 1,
		s.len - at + 1 }) : -1;
}

static void
put_joint(struct prose *p, struct slice line)
{
	struct slice so_far = slice_from(buf_slice(&p->text), p->from);

	if (so_far.len == 0 || slice_ends(so_far, S(" ")))
		return;
	if (!is_wide(last_glyph(so_far)) || !is_wide(utf8_next(&line)))
		buf_put_byte(&p->text, ' ');
}

/* Append one line, cleaned. */
static void
put_clean(struct buf *b, struct slice s)
{
	struct slice piece;
	enum clean_piece kind;

	while ((kind = clean_next(&s, &piece)) != CLEAN_END) {
		if (kind == CLEAN_TEXT)
			buf_put(b, piece);
		else if (!slice_ends(buf_slice(b), S(" ")))
			buf_put_byte(b, ' ');
	}
}

static void
open_paragraph(struct prose *p)
{
	p->open = true;
	p->from = p->text.len;
	if (p->text.len > 0)
		buf_put_byte(&p->text, '\n');
	p->from = p->text.len;
}

void
prose_put(struct prose *p, struct slice line)
{
	if (!p->open)
		open_paragraph(p);
	put_joint(p, line);
	put_clean(&p->text, line);
}

void
prose_close(struct prose *p)
{
	struct slice text;

	if (!p->open)
		return;
	p->open = false;
	text = slice_from(buf_slice(&p->text), p->from);
	if (slice_trim(text).len == 0) {
		/* Control characters only: no trace of it. */
		buf_cut(&p->text, p->from > 0 ? p->from - 1 : 0);
		return;
	}
	if (p->html.len > 0)
		buf_put_byte(&p->html, '\n');
	else
		p->first = text.len;
	buf_put_str(&p->html, "<p>");
	buf_put_html(&p->html, text);
	buf_put_str(&p->html, "</p>");
}

void
prose_put_link(struct prose *p, struct slice address)
{
	prose_close(p);
	open_paragraph(p);
	p->open = false;
	buf_put(&p->text, address);
	buf_put_str(&p->html, p->html.len > 0 ? "\n<p><a href=\"" :
		"<p><a href=\"");
	buf_put_xml(&p->html, address);
	buf_put_str(&p->html, "\">");
	buf_put_html(&p->html, address);
	buf_put_str(&p->html, "</a></p>");
}

struct slice
prose_first(const struct prose *p)
{
	return slice_sub(buf_slice(&p->text), 0, p->first);
}
