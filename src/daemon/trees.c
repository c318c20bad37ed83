/*
 * The two trees.
 *
 * Files only ever leave the tree that is wrong by the configuration in force,
 * and jobs only put them into the one that was right when they began.  So
 * whoever ends such a job asks again (trees_part_feed), and no order of reloads
 * and jobs leaves a private file in the public tree.
 */
#include "base/event.h"
#include "daemon/feeds.h"
#include "daemon/trees.h"
#include "feed/render.h"
#include "model/access.h"
#include "model/address.h"

/* Of one feed, in one tree. */
struct removal {
	const struct publisher_ops *ops;
	struct publisher *tree;
	struct slice folder;	/* of its archive */
	struct arena arena;
	struct err failed;
};

static void
remove_one(struct removal *r, struct slice path)
{
	if (r->ops->remove(r->tree, path, &r->failed) < 0)
		r->failed.kind = MAX(r->failed.kind, ERR_IO);
}

static bool
on_page(void *ctx, struct slice name)
{
	struct removal *r = ctx;

	remove_one(r, arena_printf(&r->arena, "%.*s/%.*s", ARG(r->folder),
		ARG(name)));
	return true;
}

/* "feeds/all/archive", in the tree. */
static struct slice
archive_folder(const struct feed *f, struct arena *a)
{
	struct feed page = *f;
	struct slice file;

	page.page = 1;
	file = address_feed_file(&page, "", a);
	return slice_sub(file, 0, (size_t)slice_rfind_byte(file, '/'));
}

static void
remove_feed(struct press *p, struct publisher *tree, const struct feed *f)
{
	struct removal r = { .ops = p->publish, .tree = tree };

	for (size_t i = 0; renderers[i]; i++)
		remove_one(&r, address_feed_file(f, renderers[i]->ending,
			&r.arena));
	r.folder = archive_folder(f, &r.arena);
	if (p->publish->list(tree, r.folder, on_page, &r, &r.failed) < 0)
		r.failed.kind = MAX(r.failed.kind, ERR_IO);
	if (r.failed.kind != ERR_NONE)
		event_err(EV_PUBLISH_FAILED, "feed", f->slug, &r.failed);
	arena_done(&r.arena);
}

/* The tree in which it must not be. */
static struct publisher *
wrong_tree(const struct press *p, const struct feed *f)
{
	return channel_is_private(p->config, f) ? p->publisher :
		p->private_tree;
}

void
trees_part_feed(struct press *p, const struct feed *f)
{
	remove_feed(p, wrong_tree(p, f), f);
}

/* Of what is public, hardly anything is in the private tree. */
static bool
may_be_wrong(const struct press *p, const struct feed *f, struct arena *a)
{
	return channel_is_private(p->config, f) || p->publish->has(
		p->private_tree, address_feed_file(f, renderers[0]->ending,
		a));
}

static void
part(struct press *p, const struct config *old, const struct feed *list,
	size_t n, struct arena *a)
{
	for (size_t i = 0; i < n; i++) {
		const struct feed *f = &list[i];

		if (old ? channel_is_private(old, f) == channel_is_private(
			p->config, f) : !may_be_wrong(p, f, a))
			continue;
		trees_part_feed(p, f);
		if (old)
			feeds_move(p->feeds, f->id);
	}
}

void
trees_part(struct press *p, const struct config *old)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct store_reader *r;
	struct feed *list;
	struct err e;
	size_t n;
	int rc;

	/* The private tree is empty where there was never anything in it. */
	if (!config_has_private(p->config) && (old ? !config_has_private(old) :
		!p->publish->has(p->private_tree, S("feeds"))))
		return;
	r = p->ops->reader_take(p->store);
	rc = p->ops->feeds(r, &a, &list, &n, &e);
	p->ops->reader_give(p->store, r);
	if (rc == 0)
		part(p, old, list, n, &a);
	else
		event_err(EV_STORE_FAILED, "while", S("parting the trees"),
			&e);
}
