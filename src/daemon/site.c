/*
 * The site: which address serves what.
 *
 * Feeds are ready documents (feeds.c), pictures lie in the tree (media.c),
 * pages are rendered on request (pages.c).
 */
#include <stdlib.h>

#include "base/event.h"
#include "base/uri.h"
#include "daemon/answer.h"
#include "daemon/assets.h"
#include "daemon/catalogue.h"
#include "daemon/changes.h"
#include "daemon/compose.h"
#include "daemon/feeds.h"
#include "daemon/hub_desk.h"
#include "daemon/media.h"
#include "daemon/moved.h"
#include "daemon/pages.h"
#include "daemon/partners.h"
#include "daemon/site.h"
#include "model/address.h"

enum { STATUS_MAX = 1024 * 1024 };

void
site_answer_nothing(struct press *p, struct serve_request *r)
{
	if (!partners_conceal(p, r))
		serve_answer(r, assets_nothing(p->assets));
}

/*
 * "/series/<slug>/" or the like: the slug, decoded.  Without the last slash it
 * redirects, and *ret_done is set.  ptr NULL: not such an address.
 */
static struct slice
page_slug(struct slice path, struct slice folder, struct serve_request *r,
	bool *ret_done, struct arena *a)
{
	struct slice rest;

	if (!slice_starts(path, folder))
		return slice(NULL, 0);
	rest = slice_from(path, folder.len);
	if (rest.len == 0)
		return slice(NULL, 0);
	if (slice_find_byte(rest, '/') < 0) {
		*ret_done = true;
		serve_redirect(r, arena_printf(a, "%.*s/", ARG(path)));
		return slice(NULL, 0);
	}
	if (slice_find_byte(rest, '/') != (ssize_t)rest.len - 1)
		return slice(NULL, 0);
	return uri_decode(slice(rest.ptr, rest.len - 1), a);
}

/* A page: true when the request is taken care of. */
static bool
find_page(struct press *p, struct slice path, struct serve_request *r,
	struct arena *a)
{
	bool done = false;
	struct slice slug;

	if (slice_eq(path, S("/"))) {
		pages_serve(p->pages, PAGE_INDEX, S(""), r);
		return true;
	}
	slug = page_slug(path, S("/series/"), r, &done, a);
	if (slug.ptr)
		pages_serve(p->pages, PAGE_SERIES, slug, r);
	if (slug.ptr || done)
		return true;
	slug = page_slug(path, S("/topics/"), r, &done, a);
	if (slug.ptr)
		pages_serve(p->pages, PAGE_TOPIC, slug, r);
	if (slug.ptr || done)
		return true;
	slug = address_article_slug(p->config, path, a);
	if (slug.ptr)
		pages_serve(p->pages, PAGE_ARTICLE, slug, r);
	return slug.ptr != NULL;
}

/* Decoded, and encoded again. */
struct slice
site_path(struct slice path, struct arena *a)
{
	struct slice plain;

	if (uri_is_segment(path, true))
		return path;
	plain = uri_decode(path, a);
	return plain.ptr ? uri_segment(plain, true, a) : path;
}

/* Something below "/feeds/". */
static void
serve_feed(struct press *p, struct slice path, struct serve_request *r)
{
	if (!partners_admit(p, path, r) || moved_serve(p, path, r) ||
		changes_serve(p, path, r) || feeds_serve(p->feeds, path, r))
		return;
	site_answer_nothing(p, r);
}

static void
site_find(void *ctx, struct slice path, struct serve_request *r)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct press *p = ctx;

	if (catalogue_serve(p->catalogue, path, r) ||
		assets_serve(p->assets, path, r) ||
		hub_desk_show(p->hub, path, r))
		return;
	if (slice_starts(path, S("/feeds/")))
		serve_feed(p, site_path(path, &a), r);
	else if (slice_starts(path, S("/media/")) &&
		media_desk_serve(p->media, slice_from(path, 7), r))
		return;
	else if (!moved_serve(p, path, r) && !find_page(p, path, r, &a))
		serve_answer(r, assets_nothing(p->assets));
}

/* What operators ask by a listener of their own. */
static void
site_find_inside(void *ctx, struct slice path, struct serve_request *r)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(STATUS_MAX);
	struct document *d;
	json_t *health;
	char *text;

	if (!slice_eq(path, S("/status"))) {
		serve_answer(r, NULL);
		return;
	}
	health = answer_health(ctx);
	text = json_dumps(health, JSON_INDENT(2));
	CHECK(text);
	buf_printf(&b, "%s\n", text);
	free(text);
	json_decref(health);
	d = render_document("application/json", &b);
	CHECK(d);
	d->is_private = true;
	serve_admit(r);
	serve_answer(r, d);
}

static void
site_trouble(void *ctx, const char *what, bool is_limit)
{
	(void)ctx;
	if (is_limit)
		event(EV_SERVE_LIMIT, F_TEXT("limit", slice_str(what)));
	else
		event(EV_SERVE_ERROR, F_TEXT("why", slice_str(what)));
}

static void
site_post(void *ctx, struct slice form, struct serve_request *r)
{
	hub_desk_post(((struct press *)ctx)->hub, form, r);
}

const struct serve_ops site_ops = {
	.find = site_find,
	.find_inside = site_find_inside,
	.post = site_post,
	.trouble = site_trouble,
};
