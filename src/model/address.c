/*
 * Addresses of what is published, in one place.
 */
#include "base/uri.h"
#include "model/address.h"

static const struct slice stem = S_INIT("{stem}");

static const char *
folder(enum channel_kind kind)
{
	return kind == CHANNEL_SERIES ? "series/" :
		kind == CHANNEL_TOPIC ? "topics/" : "";
}

/* "feeds/all.atom", or of the archive "feeds/all/archive/3.atom". */
static struct slice
feed_name(const struct feed *f, const char *ending, struct slice slug,
	struct arena *a)
{
	if (f->page == 0)
		return arena_printf(a, "feeds/%s%.*s.%s", folder(f->kind),
			ARG(slug), ending);
	return arena_printf(a, "feeds/%s%.*s/archive/%d.%s",
		folder(f->kind), ARG(slug), f->page, ending);
}

struct slice
address_feed_file(const struct feed *f, const char *ending, struct arena *a)
{
	return feed_name(f, ending, f->slug, a);
}

struct slice
address_feed(const struct feed *f, const char *ending, struct arena *a)
{
	return arena_printf(a, "/%.*s", ARG(feed_name(f, ending,
		uri_segment(f->slug, false, a), a)));
}

struct slice
address_changes(const struct config *c, const struct feed *f, struct arena *a)
{
	struct slice feed = address_feed(f, "", a);

	/* "/feeds/all." without its dot. */
	return site_address(&c->site, arena_printf(a, "%.*s/changes.json",
		ARG(slice_sub(feed, 0, feed.len - 1))), a);
}

/* The length of a slug, which has neither a dot nor a slash. */
static size_t
slug_len(struct slice s)
{
	size_t n = 0;

	while (n < s.len && s.ptr[n] != '.' && s.ptr[n] != '/')
		n++;
	return n;
}

bool
address_parse_feed(struct slice path, struct arena *a, struct feed *ret,
	struct slice *ret_rest)
{
	static const enum channel_kind kinds[] = { CHANNEL_SERIES,
		CHANNEL_TOPIC };
	struct feed f = { .kind = CHANNEL_ALL };
	struct slice rest;

	if (!slice_starts(path, S("/feeds/")))
		return false;
	rest = slice_from(path, 7);
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		struct slice in = slice_str(folder(kinds[i]));

		if (!slice_starts(rest, in))
			continue;
		f.kind = kinds[i];
		rest = slice_from(rest, in.len);
		break;
	}
	f.slug = uri_decode(slice(rest.ptr, slug_len(rest)), a);
	if (f.slug.len == 0 || (f.kind == CHANNEL_ALL &&
		!slice_eq(f.slug, S("all"))))
		return false;
	*ret_rest = slice_from(rest, slug_len(rest));
	*ret = f;
	return true;
}

struct slice
address_page(enum channel_kind kind, struct slice slug, struct arena *a)
{
	if (kind == CHANNEL_ALL)
		return S("/");
	return arena_printf(a, "/%s%.*s/", folder(kind),
		ARG(uri_segment(slug, false, a)));
}

/* The root whose prefix the path carries; the first has none. */
static const struct content_root *
root_of(const struct config *c, struct slice path)
{
	for (size_t i = 0; i < c->n_roots; i++) {
		struct slice p = c->roots[i].prefix;

		if (p.len > 0 && slice_starts(path, p) && path.len > p.len &&
			path.ptr[p.len] == '/')
			return &c->roots[i];
	}
	return &c->roots[0];
}

struct slice
address_article(const struct config *c, struct slice path, struct slice slug,
	struct arena *a)
{
	struct slice t = root_of(c, path)->permalink;
	ssize_t at = slice_find(t, stem, 0);
	struct slice name = uri_segment(slug, false, a);
	struct slice full;

	if (at < 0)
		return site_address(&c->site, t, a);
	full = arena_printf(a, "%.*s%.*s%.*s", ARG(slice_sub(t, 0,
		(size_t)at)), ARG(name), ARG(slice_from(t, (size_t)at +
		stem.len)));
	return uri_is_http(full) ? full : site_address(&c->site, full, a);
}

struct slice
address_entry(const struct config *c, const struct entry *e, struct arena *a)
{
	return e->fields.url.len ? e->fields.url :
		address_article(c, e->path, e->slug, a);
}

struct slice
address_related(const struct config *c, const struct related *r,
	struct arena *a)
{
	return r->url.len ? r->url : address_article(c, r->path, r->slug, a);
}

struct slice
address_media(const struct config *c, const struct media *m, struct arena *a)
{
	return site_address(&c->site, arena_printf(a, "media/%.*s",
		ARG(m->name)), a);
}

struct slice
address_neighbour(const struct config *c, const struct neighbour *n,
	struct arena *a)
{
	return n->url.len ? n->url : address_article(c, n->path, n->slug, a);
}

/* What stands for {stem} in the path; ptr NULL when the rest differs. */
static struct slice
unfill(struct slice template, struct slice path)
{
	ssize_t at = slice_find(template, stem, 0);
	struct slice before, after;

	if (at < 0)
		return slice(NULL, 0);
	before = slice_sub(template, 0, (size_t)at);
	after = slice_from(template, (size_t)at + stem.len);
	if (!slice_starts(path, before) || !slice_ends(path, after) ||
		path.len <= before.len + after.len)
		return slice(NULL, 0);
	path = slice_sub(path, before.len, path.len - after.len);
	return slice_find_byte(path, '/') < 0 ? path : slice(NULL, 0);
}

struct slice
address_article_slug(const struct config *c, struct slice path,
	struct arena *a)
{
	for (size_t i = 0; i < c->n_roots; i++) {
		struct slice slug = unfill(c->roots[i].permalink, path);

		if (slug.ptr)
			return uri_decode(slug, a);
	}
	return slice(NULL, 0);
}
