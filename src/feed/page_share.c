/*
 * Ways to hand a page on: plain links, which tell nobody anything before they
 * are followed; and a code, to go on reading on a telephone.
 */
#include "base/uri.h"
#include "feed/page_kit.h"
#include "feed/qr.h"

/* {url} and {title} become values of the query. */
static const struct way {
	const char *name;	/* NULL: WORD_EMAIL */
	const char *address;
} ways[] = {
	{ "Facebook", "https://www.facebook.com/sharer/sharer.php?u={url}" },
	{ "X", "https://x.com/intent/post?url={url}&text={title}" },
	{ "WhatsApp", "https://wa.me/?text={title}%20{url}" },
	{ "Telegram", "https://t.me/share/url?url={url}&text={title}" },
	{ "LinkedIn",
		"https://www.linkedin.com/sharing/share-offsite/?url={url}" },
	{ "LINE", "https://social-plugins.line.me/lineit/share?url={url}" },
	{ "微博", "https://service.weibo.com/share/share.php?url={url}"
		"&title={title}" },
	{ NULL, "mailto:?subject={title}&body={url}" },
};

/* The template with each {name} replaced. */
static struct slice
fill(struct slice template, struct slice url, struct slice title,
	struct arena *a)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(64 * 1024);
	struct slice literal, name;

	while (slice_next_field(&template, '{', &literal)) {
		buf_put(&b, literal);
		if (slice_next_field(&template, '}', &name))
			buf_put(&b, slice_eq(name, S("url")) ? url : title);
	}
	return arena_copy(a, buf_slice(&b));
}

void
page_put_share(struct page *p, struct slice address, struct slice title)
{
	struct slice url = uri_query_value(address, p->a);
	struct slice text = uri_query_value(title, p->a);

	page_open_part(p, "section", "share", WORD_SHARE);
	page_put(p, "<ul class=\"row\">\n");
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		const char *name = ways[i].name ? ways[i].name :
			p->words->text[WORD_EMAIL];

		page_put_text(p, "<li><a rel=\"nofollow noopener\" href=\"",
			fill(slice_str(ways[i].address), url, text, p->a),
			"\">");
		page_put_text(p, "", slice_str(name), "</a></li>\n");
	}
	page_put(p, "</ul>\n<div class=\"phone\">\n");
	if (qr_put(p->b, address, slice_str(p->words->text[WORD_PHONE])))
		page_put_word(p, "<p class=\"meta\">", WORD_PHONE, "</p>\n");
	page_put(p, "</div>\n</section>\n");
}
