/*
 * A sitemap for Google News: what was published within two days, and what it
 * is called.  What is older than that is not in it, so it ends by the clock;
 * an empty one is as good as any.
 */
#include "feed/sitemap.h"
#include "feed/xml.h"

/*
 * ISO 639, as Google wants it: two or three letters, and of Chinese which
 * script it is in.
 */
static struct slice
language_of(const struct config *c, const struct entry *e)
{
	struct slice tag = e->lang.len ? e->lang : c->site.language;
	struct slice first = tag;

	slice_next_field(&tag, '-', &first);
	if (!slice_eq_nocase(first, S("zh")))
		return first;
	return slice_starts_nocase(tag, S("Hant")) ||
		slice_starts_nocase(tag, S("TW")) ||
		slice_starts_nocase(tag, S("HK")) ||
		slice_starts_nocase(tag, S("MO")) ? S("zh-tw") : S("zh-cn");
}

void
sitemap_put_news(struct buf *b, const struct config *c,
	const struct entry *e)
{
	buf_put_str(b, "    <news:news>\n      <news:publication>\n");
	xml_element(b, "        ", "news:name", c->site.name);
	xml_element(b, "        ", "news:language", language_of(c, e));
	buf_put_str(b, "      </news:publication>\n");
	xml_date(b, "      ", "news:publication_date", e->published);
	xml_element(b, "      ", "news:title", e->title);
	buf_put_str(b, "    </news:news>\n");
}
