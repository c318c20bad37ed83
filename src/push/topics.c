/*
 * Topics: which are still addresses of public feeds.
 */
#include <stdlib.h>

#include "model/access.h"
#include "model/address.h"
#include "push/topics.h"

static int
compare_ids(const void *left, const void *right)
{
	const struct feed *a = left, *b = right;

	return a->id < b->id ? -1 : a->id > b->id;
}

static bool
is_same(const struct feed *a, const struct feed *b)
{
	return a->kind == b->kind && slice_eq(a->slug, b->slug);
}

/* The feed that is called so now; NULL: none. */
static const struct feed *
find_feed(const struct topics_world *w, const struct feed *named, int64_t id)
{
	const struct feed key = { .id = id };
	const struct feed *f = w->n_feeds == 0 ? NULL : bsearch(&key,
		w->feeds, w->n_feeds, sizeof(*w->feeds), compare_ids);

	if (f && is_same(f, named))
		return f;
	for (size_t i = 0; i < w->n_feeds; i++)
		if (is_same(&w->feeds[i], named))
			return &w->feeds[i];
	return NULL;
}

static const struct moved_series *
find_moved(const struct topics_world *w, const struct feed *named)
{
	for (size_t i = 0; i < w->n_moved; i++)
		if (named->kind == CHANNEL_SERIES &&
			slice_eq(w->moved[i].slug, named->slug))
			return &w->moved[i];
	return NULL;
}

/* Where the feed is that it was merged into, in the same format. */
static struct slice
moved_reason(const struct site *site, const struct moved_series *m,
	struct slice ending, struct arena *a)
{
	struct feed to = { .kind = CHANNEL_SERIES, .slug = m->to_slug };
	struct slice url = site_address(site, address_feed(&to,
		arena_copy(a, slice_from(ending, 1)).ptr, a), a);

	return arena_printf(a, "this feed was merged into %.*s", ARG(url));
}

bool
topics_judge(const struct topics_world *w, const struct hub_topic *t,
	struct arena *a, struct topic_change *ret)
{
	const struct site *site = &w->config->site;
	const struct moved_series *moved;
	const struct feed *f;
	struct slice ending;
	struct feed named;

	*ret = (struct topic_change){ .topic_id = t->id };
	if (!slice_starts(t->url, site->url) ||
		!address_parse_feed(arena_printf(a, "/%.*s", ARG(slice_from(
			t->url, site->url.len))), a, &named, &ending))
		return false;
	f = find_feed(w, &named, t->feed_id);
	if (f && channel_is_private(w->config, f)) {
		ret->reason = S("this feed is not public any more");
		return true;
	}
	if (f) {
		ret->feed_id = f->id;
		return f->id != t->feed_id;
	}
	moved = find_moved(w, &named);
	if (moved)
		ret->reason = moved_reason(site, moved, ending, a);
	return moved != NULL;
}
