/*
 * Digesting: comparing a listing with the tree, in slices, on the loop.
 *
 * Each entry that is known in the same state costs a look-up; anything else
 * becomes dirty.  Then what the directory had and the listing has not is
 * missing.  Both only make paths dirty: watch_reconcile() finds the truth, so
 * an event between the listing and its digest does no harm.
 */
#include "base/clock.h"
#include "watch/internal.h"

static void
digest_file(struct watch *w, struct scan *s, const struct scan_entry *e)
{
	struct file *f = tree_make(&w->tree, s->dir, e->name);

	f->seen = s->serial;
	if (f->known && f->rules == w->rules &&
		stamp_same(&f->stamp, &e->stamp)) {
		if (!companion_is_stale(w, f))
			return;
		f->doubted = true;
	}
	queue_found(&w->queue, f, &e->stamp, !f->known &&
		moves_is_known(w, &e->stamp), clock_mono_ms());
}

static void
tell_unfit(struct watch *w, struct dir *d, struct slice name,
	const char *reason)
{
	struct arena a = { 0 };
	struct err why = { 0 };

	err_set(&why, ERR_LIMIT, "the directory \"%.*s\" in it is not looked "
		"at: %s", ARG(slice_sub(name, 0, 200)), reason);
	err_hint(&why, "Move it elsewhere, or rename it.");
	w->ops->failed(w->ctx, watch_shown(w, d, &a), &why);
	arena_done(&a);
}

static size_t
depth_of(const struct dir *d)
{
	size_t n = 0;

	for (; d->parent; d = d->parent)
		n++;
	return n;
}

static void
digest_dir(struct watch *w, struct scan *s, const struct scan_entry *e)
{
	bool deepest = depth_of(s->dir) >= WATCH_DEPTH_MAX;
	struct dir *d = deepest ? NULL :
		tree_make_child(&w->tree, s->dir, e->name);
	bool news;

	if (!d || d->parent != s->dir) {
		tell_unfit(w, s->dir, e->name, deepest ? "too many "
			"directories in one another" :
			"another content directory has it as its prefix");
		return;
	}
	news = !d->present;
	d->present = true;
	d->seen = s->serial;
	if (news || s->deep)
		scan_request(w, d, true, s->urgent);
}

static void
begin(struct scan *s)
{
	s->begun = true;
	s->left = s->error == 0 ? s->dir->n_files : 0;
}

/* Go on with one listing; false when `budget` was used up before its end. */
static bool
digest(struct watch *w, struct scan *s, size_t *budget)
{
	struct dir *d = s->dir;

	for (; s->at < s->n && *budget > 0; s->at++, --*budget) {
		const struct scan_entry *e = &s->entries[s->at];

		if (e->is_dir)
			digest_dir(w, s, e);
		else
			digest_file(w, s, e);
	}
	if (s->at == s->n && !s->begun)
		begin(s);
	/* Downwards: one that is released is replaced by one seen before. */
	for (; s->begun && s->left > 0 && *budget > 0; --*budget) {
		struct file *f = --s->left < d->n_files ?
			d->files[s->left] : NULL;

		if (f && f->seen < s->serial)
			queue_missing(&w->queue, f, clock_mono_ms());
	}
	return s->begun && s->left == 0;
}

/* Directories that were not listed: their own scan finds out why. */
static void
digest_missing_dirs(struct watch *w, struct scan *s)
{
	if (s->error != 0)
		return;
	for (struct dir *c = s->dir->child; c; c = c->sibling)
		if (c->seen < s->serial)
			scan_request(w, c, false, s->urgent);
}

void
digest_some(struct watch *w)
{
	size_t budget = WATCH_SLICE;
	struct scan *s;

	while (budget > 0 && (s = TAILQ_FIRST(&w->digesting))) {
		if (!digest(w, s, &budget))
			return;
		digest_missing_dirs(w, s);
		scan_finish(w, s);
	}
}
