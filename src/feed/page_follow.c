/*
 * Where the newsroom can be followed.
 *
 * Where the operator wrote only a name, its address is made of it.  WeChat has
 * no addresses: an account is found by its name, or by its own code, which is
 * drawn from what it says, or shown as the picture that WeChat made of it.
 */
#include "base/uri.h"
#include "feed/page_kit.h"
#include "feed/qr.h"

enum { NAME_MAX_BYTES = 64 };

/* "@newsroom" or "newsroom": the name itself; ptr NULL: it is no name. */
static struct slice
account_name(struct slice where)
{
	if (slice_starts(where, S("@")))
		where = slice_from(where, 1);
	if (where.len == 0 || where.len > NAME_MAX_BYTES)
		return slice(NULL, 0);
	for (size_t i = 0; i < where.len; i++) {
		char c = where.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || strchr("._-", c)))
			return slice(NULL, 0);
	}
	return where;
}

/* A link, when an address is known; else the text. */
static void
put_place(struct page *p, const char *label, struct slice where,
	const char *site)
{
	struct slice name = site ? account_name(where) : slice(NULL, 0);

	if (where.len == 0)
		return;
	page_put(p, "<li>");
	if (name.ptr)
		where = arena_printf(p->a, "%s%.*s", site, ARG(name));
	if (uri_is_http(where)) {
		page_put_link(p, where, slice_str(label));
	} else {
		page_put(p, label);
		page_put_word(p, "", WORD_COLON, "");
		page_put_text(p, "", where, "");
	}
	page_put(p, "</li>\n");
}

/* The account's own picture. */
static void
put_picture(struct page *p, const struct picture *code)
{
	page_put_text(p, "<img class=\"code\" src=\"", site_address(
		&p->c->site, code->name, p->a), "\" alt=\"");
	page_put_word(p, "", WORD_WECHAT_CODE, "\"");
	buf_printf(p->b, " width=\"%d\" height=\"%d\">\n", code->width,
		code->height);
}

/* WeChat's code, if there is one. */
static void
put_code(struct page *p)
{
	const struct follow *f = &p->c->site.follow;

	if (f->wechat_code.name.len > 0)
		put_picture(p, &f->wechat_code);
	else if (!uri_is_http(f->wechat) || !qr_put(p->b, f->wechat,
		slice_str(p->words->text[WORD_WECHAT_CODE])))
		return;
	page_put_word(p, "<p class=\"meta\">", WORD_WECHAT_CODE, "</p>\n");
}

static bool
has_code(const struct follow *f)
{
	return f->wechat_code.name.len > 0 || uri_is_http(f->wechat);
}

static bool
is_anywhere(const struct follow *f)
{
	return f->wechat.len + f->facebook.len + f->twitter.len +
		f->instagram.len + f->youtube.len + f->app.len +
		f->mobile.len > 0;
}

void
page_put_follow(struct page *p)
{
	const struct follow *f = &p->c->site.follow;

	if (!is_anywhere(f))
		return;
	page_open_part(p, "section", "follow", WORD_FOLLOW);
	page_put(p, "<ul class=\"row\">\n");
	if (!has_code(f))
		put_place(p, p->words->text[WORD_WECHAT], f->wechat, NULL);
	put_place(p, "Facebook", f->facebook, NULL);
	put_place(p, "X", f->twitter, "https://x.com/");
	put_place(p, "Instagram", f->instagram, "https://www.instagram.com/");
	put_place(p, "YouTube", f->youtube, "https://www.youtube.com/@");
	put_place(p, p->words->text[WORD_APP], f->app, NULL);
	put_place(p, p->words->text[WORD_MOBILE], f->mobile, NULL);
	page_put(p, "</ul>\n");
	put_code(p);
	page_put(p, "</section>\n");
}
