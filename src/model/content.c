/*
 * An entry's content as HTML, the same in every format and on its page.
 */
#include "model/address.h"
#include "model/content.h"

static void
put_related(struct buf *b, const struct config *c, const struct related *r,
	struct arena *a)
{
	buf_put_str(b, "\n<li>");
	if (r->article_id) {
		buf_put_str(b, "<a href=\"");
		buf_put_xml(b, address_related(c, r, a));
		buf_put_str(b, "\">");
	}
	buf_put_html(b, r->title);
	buf_put_str(b, r->article_id ? "</a></li>" : "</li>");
}

/*
 * A link to a place in the article itself: feeds' readers show it elsewhere,
 * so it gets the article's address.  Such a tag is in no text, where "<" is
 * escaped.
 */
static void
put_html(struct buf *b, const struct config *c, const struct entry *e,
	struct arena *a)
{
	static const struct slice local = S_INIT("<a href=\"#");
	struct slice rest = e->html;
	ssize_t at;

	while ((at = slice_find(rest, local, 0)) >= 0) {
		size_t here = (size_t)at + local.len - 1;

		buf_put(b, slice_sub(rest, 0, here));
		buf_put_xml(b, address_entry(c, e, a));
		rest = slice_from(rest, here);
	}
	buf_put(b, rest);
}

/* What was wrong comes first, unless the text says so itself. */
static void
put_correction(struct buf *b, const struct entry *e)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(64 * 1024);

	if (e->fields.correction.len == 0)
		return;
	buf_put_html(&text, e->fields.correction);
	if (slice_find(e->html, buf_slice(&text), 0) >= 0)
		return;
	buf_put_str(b, slice_starts(e->lang, S("zh")) ?
		"<p><strong>更正：</strong>" :
		"<p><strong>Correction:</strong> ");
	buf_put(b, buf_slice(&text));
	buf_put_str(b, e->html.len ? "</p>\n" : "</p>");
}

void
content_put(struct buf *b, const struct config *c, const struct entry *e,
	struct arena *a)
{
	put_correction(b, e);
	put_html(b, c, e, a);
	if (e->n_related == 0)
		return;
	if (e->related_label.len > 0) {
		buf_put_str(b, e->html.len ? "\n<p>" : "<p>");
		buf_put_html(b, e->related_label);
		buf_put_str(b, "</p>");
	}
	buf_put_str(b, "\n<ul>");
	for (size_t i = 0; i < e->n_related; i++)
		put_related(b, c, &e->related[i], a);
	buf_put_str(b, "\n</ul>");
}
