/*
 * Batches: dirty paths into them, and what was settled out of them.
 */
#include "base/clock.h"
#include "watch/internal.h"

/* Where a file is, and what it is read with. */
static void
describe(struct watch *w, const struct file *f, struct item *i,
	struct arena *a)
{
	const struct root *r = &w->roots[f->dir->root];
	size_t skip = r->top->path.len + (r->top->path.len > 0);
	size_t len = tree_path_len(f);
	char *path = arena_alloc(a, len + 1);

	tree_put_path(f, path);
	*i = (struct item){ .path = slice(path, len), .rel = path + skip,
		.root_fd = r->fd, .root = r->index, .rules = w->rules,
		.kind = (enum file_kind)f->kind };
	companion_fill(w, f, i, a);
}

bool
watch_describe(struct watch *w, struct slice path, struct item *ret,
	struct arena *a)
{
	const struct file *f = tree_find_path(&w->tree, path);

	if (!f || w->roots[f->dir->root].gone)
		return false;
	describe(w, f, ret, a);
	ret->hot = true;
	return true;
}

static void
fill_item(struct watch *w, struct item *i, const struct dirty *d,
	struct arena *a)
{
	struct file *f = d->file;

	describe(w, f, i, a);
	i->hot = d->lane == LANE_HOT;
	i->made = d->made;
	i->held = d->lane == LANE_GONE;
	i->seen_ms = d->seen_ms;
	i->tries = d->tries;
	i->known = f->known;
	i->doubted = f->doubted;
	i->with_sum = f->with;
	f->doubted = false;
	/* Of a stale one nothing is said, so it differs and is read. */
	if (f->known && f->rules == w->rules && !i->doubted) {
		i->known_stamp = f->stamp;
		i->known_hash = f->hash;
	}
}

/* Nobody can say what became of a path in a root that is gone. */
static void
forget_dirty(struct watch *w, struct dirty *d)
{
	struct file *f = d->file;

	queue_cancel(&w->queue, d);
	tree_release(&w->tree, f);
}

/* The bytes that will be read. */
static uint64_t
weight(const struct dirty *d)
{
	uint64_t size = d->size ? d->size : d->file->stamp.size;

	return d->file->kind == FILE_PICTURE ?
		MIN(size, (uint64_t)PICTURE_HEAD_MAX) : size;
}

size_t
watch_take(struct watch *w, struct batch *b)
{
	bool scanning = watch_is_scanning(w);
	uint64_t bytes = 0;
	int64_t now = clock_mono_ms();
	struct dirty *d;

	w->told = false;
	b->n = 0;
	while (b->n < BATCH_PATHS_MAX && bytes < BATCH_BYTES_MAX &&
		(d = queue_peek(&w->queue, scanning, now))) {
		if (w->roots[d->file->dir->root].gone) {
			forget_dirty(w, d);
			continue;
		}
		b->items = ARENA_GROW(&b->arena, b->items, b->n);
		fill_item(w, &b->items[b->n++], d, &b->arena);
		queue_take(&w->queue, d);
		bytes += weight(d);
	}
	b->gone_waiting = w->queue.n_gone;
	watch_kick(w);
	return b->n;
}

/* The file was another one: what was known of that is known of this. */
static void
settle_move(struct watch *w, const struct item *i)
{
	struct file *old = i->moved_from.len > 0 ?
		tree_find_path(&w->tree, i->moved_from) : NULL;

	if (!old)
		return;
	tree_forget(&w->tree, old);
	if (old->dirty && old->dirty->state != DIRTY_TAKEN &&
		old->dirty->lane == LANE_GONE)
		queue_cancel(&w->queue, old->dirty);
	tree_release(&w->tree, old);
}

static void
remember(struct watch *w, struct file *f, const struct item *i)
{
	tree_remember(&w->tree, f, &i->stamp, i->hash);
	f->rules = i->rules;
	f->with = i->with_sum;
}

static void
settle_busy(struct watch *w, const struct item *i, struct dirty *d,
	int64_t now)
{
	if (i->missing)
		queue_retry_gone(&w->queue, d, now);
	else
		queue_retry_busy(&w->queue, d, now);
}

static void
settle(struct watch *w, const struct item *i, int64_t now)
{
	struct file *f = tree_find_path(&w->tree, i->path);

	CHECK(f && f->dirty && f->dirty->state == DIRTY_TAKEN);
	switch (i->fate) {
	case ITEM_UNREAD:
	case ITEM_BUSY:
		f->doubted |= i->doubted;
		settle_busy(w, i, f->dirty, now);
		return;
	case ITEM_READ:
		settle_move(w, i);
		remember(w, f, i);
		break;
	case ITEM_TOUCHED:
	case ITEM_ASIDE:
		remember(w, f, i);
		break;
	case ITEM_GONE:
		if (i->plan.change != CHANGE_HOLD)
			tree_forget(&w->tree, f);
		break;
	case ITEM_SAME:
		break;
	}
	queue_settle(&w->queue, f->dirty, now);
	tree_release(&w->tree, f);
}

static void
settle_failed(struct watch *w, const struct item *i, int64_t now)
{
	struct file *f = tree_find_path(&w->tree, i->path);

	CHECK(f && f->dirty && f->dirty->state == DIRTY_TAKEN);
	f->doubted |= i->doubted;
	queue_retry_failed(&w->queue, f->dirty, now);
}

void
watch_settle(struct watch *w, const struct batch *b)
{
	int64_t now = clock_mono_ms();

	moves_release(w, b);
	for (size_t i = 0; i < b->n; i++)
		if (b->failed.kind == ERR_NONE)
			settle(w, &b->items[i], now);
		else
			settle_failed(w, &b->items[i], now);
	/* Behind all of them, because they may belong together. */
	for (size_t i = 0; b->failed.kind == ERR_NONE && i < b->n; i++)
		companion_settled(w, &b->items[i]);
	if (b->failed.kind == ERR_NONE)
		companion_doubt_named(w, b);
	watch_kick(w);
}
