/*
 * An entry's content as HTML, the same in every format and on its page.
 */
#include "feed/address.h"
#include "feed/content.h"

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

void
content_put(struct buf *b, const struct config *c, const struct entry *e,
	struct arena *a)
{
	buf_put(b, e->html);
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
