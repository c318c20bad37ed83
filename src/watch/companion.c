/*
 * Companions: the files that an article is read with.
 *
 *	2024/_defaults.meta.yaml	fields of all in 2024/ and below
 *	2024/bridge.txt
 *	2024/bridge.meta.yaml		fields of bridge.txt
 *	2024/bridge.jpg, bridge-2.png	its pictures
 *
 * An article remembers the sum of the stamps of what it was read with; so does
 * its row in the store.  Where the sum is not what the tree's known files give,
 * it is stale: the same comparison finds what changed under a running daemon,
 * what changed while it was down, and what a crash left half done.
 * 1. Where a directory has no companions, and none above it has defaults,
 *    nothing is looked up and no system call is made.
 * 2. A companion that is settled asks its articles; an article that is settled
 *    asks its companions to be looked at.  Each look costs at most one reading,
 *    and a reading at most one look, and both end when they agree.
 * 3. Pictures that an article names by a path are in no sum: the store knows
 *    who names them (batch.doubted).
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "watch/internal.h"
#include "watch/name.h"

enum {
	LOOK_AGAIN_MS = 250,
	HOT_MAX = 64,		/* articles hurried by a batch of pictures */
	FOUND_MAX = WATCH_DEPTH_MAX + 2 + ARTICLE_MEDIA_MAX,
};

struct found {
	struct file *list[FOUND_MAX];
	size_t n;
};

/* ---- looking up, on the loop ---- */

/* The file "STEM-NUMBER.ENDING"; number 0: without one. */
static struct file *
find(const struct watch *w, const struct dir *d, struct slice stem,
	int number, struct slice ending)
{
	char name[NAME_MAX + 16];
	int n = number ? snprintf(name, sizeof(name), "%.*s-%d%.*s",
		ARG(stem), number, ARG(ending)) :
		snprintf(name, sizeof(name), "%.*s%.*s", ARG(stem),
			ARG(ending));

	if (n < 0 || n > NAME_MAX)
		return NULL;
	return tree_find(&w->tree, d, slice(name, (size_t)n));
}

/* The same with the ending in small or in capital letters. */
static struct file *
find_either(const struct watch *w, const struct dir *d, struct slice stem,
	int number, struct slice ending)
{
	struct file *f = find(w, d, stem, number, ending);
	char capital[16];

	if (f || ending.len > sizeof(capital))
		return f;
	for (size_t i = 0; i < ending.len; i++)
		capital[i] = ending.ptr[i] >= 'a' && ending.ptr[i] <= 'z' ?
			(char)(ending.ptr[i] - 'a' + 'A') : ending.ptr[i];
	return find(w, d, stem, number, slice(capital, ending.len));
}

static bool
has_article(const struct watch *w, const struct dir *d, struct slice stem,
	int number)
{
	struct slice ending;

	for (size_t i = 0; (ending = name_article_ending(i)).len > 0; i++)
		if (find_either(w, d, stem, number, ending))
			return true;
	return false;
}

static void
add(struct found *all, struct file *f)
{
	if (f && all->n < FOUND_MAX)
		all->list[all->n++] = f;
}

/* The number of a picture of this stem: 0 for "STEM.jpg". */
static int
number_of(const struct file *f, struct slice stem)
{
	struct slice own = name_stem(slice(f->name, f->name_len));

	return own.len == stem.len ? 0 : (int)slice_number(slice_from(own,
		stem.len + 1), ARTICLE_MEDIA_MAX);
}

/* By their numbers, then by their names, so that the order is total. */
static bool
is_before(const struct file *a, const struct file *b, struct slice stem)
{
	int na = number_of(a, stem), nb = number_of(b, stem);

	return na != nb ? na < nb : slice_cmp(slice(a->name, a->name_len),
		slice(b->name, b->name_len)) < 0;
}

static void
add_pictures(const struct watch *w, const struct dir *d, struct slice stem,
	struct found *all)
{
	size_t first = all->n, at = 0;
	struct file *f;

	while (all->n < FOUND_MAX &&
		(f = tree_next_picture(&w->tree, d, stem, &at))) {
		int number = number_of(f, stem);
		size_t i = all->n;

		/* An article of that very name has it. */
		if (number > 0 && has_article(w, d, stem, number))
			continue;
		all->n++;
		for (; i > first && is_before(f, all->list[i - 1], stem); i--)
			all->list[i] = all->list[i - 1];
		all->list[i] = f;
	}
}

/* From the top down. */
static void
add_defaults(const struct dir *d, struct found *all)
{
	if (d->parent)
		add_defaults(d->parent, all);
	add(all, d->defaults);
}

static void
gather(const struct watch *w, const struct file *f, struct found *all)
{
	struct slice stem = name_stem(slice(f->name, f->name_len));

	all->n = 0;
	if (f->kind != FILE_ARTICLE)
		return;
	add_defaults(f->dir, all);
	if (f->dir->n_companions == 0)
		return;
	add(all, find(w, f->dir, stem, 0, name_sidecar));
	add_pictures(w, f->dir, stem, all);
}

void
companion_fill(struct watch *w, const struct file *f, struct item *i,
	struct arena *a)
{
	const struct root *r = &w->roots[f->dir->root];
	size_t skip = r->top->path.len + (r->top->path.len > 0);
	struct found all;

	gather(w, f, &all);
	i->with = ARENA_ARRAY(a, struct companion, all.n);
	i->n_with = all.n;
	for (size_t k = 0; k < all.n; k++) {
		char *path = arena_alloc(a, tree_path_len(all.list[k]) + 1);

		tree_put_path(all.list[k], path);
		i->with[k] = (struct companion){ .rel = path + skip,
			.kind = (enum file_kind)all.list[k]->kind };
	}
}

bool
companion_is_stale(const struct watch *w, const struct file *f)
{
	uint64_t sum = 0;
	struct found all;

	if (f->kind != FILE_ARTICLE)
		return false;
	gather(w, f, &all);
	for (size_t i = 0; i < all.n; i++)
		if (all.list[i]->known)
			sum += stamp_sum(slice(all.list[i]->name,
				all.list[i]->name_len), &all.list[i]->stamp);
	return sum != f->with;
}

/* ---- what is settled, on the loop ---- */

/* What is dirty is looked at anyway, and settles this itself. */
static void
ask_article(struct watch *w, struct file *f, bool hot)
{
	int64_t now = clock_mono_ms();

	if (!f || !f->known || f->dirty || !companion_is_stale(w, f))
		return;
	f->doubted = true;
	queue_doubt(&w->queue, f, hot, now, now);
}

static void
ask_articles(struct watch *w, const struct dir *d, struct slice stem,
	bool hot)
{
	struct slice ending;

	for (size_t i = 0; stem.len > 0 &&
		(ending = name_article_ending(i)).len > 0; i++)
		ask_article(w, find_either(w, d, stem, 0, ending), hot);
}

/* Some companion is not as it was when the article was read, or as known. */
static void
look_again(struct watch *w, struct file *f)
{
	int64_t now = clock_mono_ms();

	if (f->known)
		queue_doubt(&w->queue, f, false, now + LOOK_AGAIN_MS, now);
}

static void
check_companions(struct watch *w, const struct file *f)
{
	struct found all;

	gather(w, f, &all);
	for (size_t i = 0; i < all.n; i++)
		if (all.list[i]->dirty)
			return;
	for (size_t i = 0; i < all.n; i++)
		look_again(w, all.list[i]);
}

/* A picture that changed between its reading and the article's. */
static void
check_sightings(struct watch *w, const struct item *i)
{
	for (size_t k = 0; k < i->n_sightings; k++) {
		const struct sighting *s = &i->sightings[k];
		struct file *f = tree_find_path(&w->tree, s->path);

		if (!f || !f->known || f->dirty || (s->there &&
			stamp_same(&s->stamp, &f->stamp)))
			continue;
		f->doubted = true;
		look_again(w, f);
	}
}

static void
settled_article(struct watch *w, const struct item *i, struct file *f)
{
	if (!f || !f->known || f->dirty)
		return;
	if (companion_is_stale(w, f))
		check_companions(w, f);
	check_sightings(w, i);
}

/*
 * The articles of a directory and of all below it are asked by a scan, which
 * has a slice for each turn of the loop.  In the first scan of all every
 * article was read with what the scan found, and it found defaults first.
 */
static void
settled_defaults(struct watch *w, const struct item *i, struct dir *d)
{
	if (d && (!w->fresh || i->hot))
		scan_request(w, d, true, false);
}

void
companion_settled(struct watch *w, const struct item *i)
{
	ssize_t slash = slice_rfind_byte(i->path, '/');
	struct slice name = slice_from(i->path, (size_t)(slash + 1));
	struct slice stem = name_stem(name);
	struct dir *d = tree_find_dir(&w->tree, slice_sub(i->path, 0,
		slash < 0 ? 0 : (size_t)slash));

	if (!d || i->fate == ITEM_BUSY || i->fate == ITEM_UNREAD)
		return;
	if (i->kind == FILE_DEFAULTS) {
		settled_defaults(w, i, d);
		return;
	}
	if (i->kind == FILE_ARTICLE)
		settled_article(w, i, tree_find(&w->tree, d, name));
	else
		ask_articles(w, d, stem, i->hot);
	/* "NAME-2.jpg" may be NAME's, as long as there is no NAME-2. */
	if (d->n_companions > 0 || i->kind == FILE_PICTURE)
		ask_articles(w, d, name_base(stem), i->hot);
}

void
companion_doubt_named(struct watch *w, const struct batch *b)
{
	int64_t now = clock_mono_ms();

	for (size_t i = 0; i < b->n_doubted; i++) {
		struct file *f = tree_find_path(&w->tree, b->doubted[i]);

		if (!f || !f->known || f->dirty)
			continue;
		f->doubted = true;
		queue_doubt(&w->queue, f, b->n_doubted <= HOT_MAX, now, now);
	}
}

/* ---- looking, on a pool thread ---- */

void
companion_look(struct item *i)
{
	i->with_sum = 0;
	for (size_t k = 0; k < i->n_with; k++) {
		struct companion *c = &i->with[k];
		const char *name = strrchr(c->rel, '/');
		CLEANUP(fd_close) int fd = file_open_beneath(i->root_fd,
			c->rel, O_PATH | O_NOFOLLOW);
		struct look look;

		c->there = fd >= 0 && look_at(fd, "", &look) == 0;
		if (c->there)
			i->with_sum += stamp_sum(slice_str(name ? name + 1 :
				c->rel), &look.stamp);
	}
}
