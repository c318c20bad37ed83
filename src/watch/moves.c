/*
 * Moves: telling a file that came from a new one.
 *
 * The article's id hangs on it, so there are three witnesses, the best first:
 * the kernel's paired events, the inode with its birth time, the bytes.  They
 * name candidates on the loop (watch_guess_moves); a pool thread then looks
 * whether those are really gone (watch_verify_moves).
 * 1. A path that still exists keeps its article: a copy is a new one.
 * 2. Only when exactly one candidate is gone has a file moved.
 * 3. A candidate is claimed until its batch is settled, so that no two files
 *    become the heirs of one.  Who comes for it meanwhile with a good reason
 *    waits: it may be the heir of that heir, renamed again.  So does who comes
 *    from a path that is in an open batch itself: as it was before, and maybe
 *    for the first time.  Batches are not stored in the order of their making.
 * 4. Only articles move.  A sidecar or picture under another name belongs to
 *    another article.
 * 5. A move from one content directory to another is not a move: prefix and
 *    permalink differ.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "watch/internal.h"

enum {
	MOVED_SIZE_MIN = 512,	/* bytes that tell a file by its content */
	TRIES_MAX = 6,		/* to wait for the heir of a candidate */
};

/* ---- pairs of events ---- */

static char *
path_of(const struct file *f)
{
	size_t len = tree_path_len(f);
	char *path = x_malloc(len + 1);

	tree_put_path(f, path);
	path[len] = '\0';
	return path;
}

/* Is it in an open batch, perhaps as it was before it was renamed? */
static bool
is_under_way(const struct file *f)
{
	return f->dirty && f->dirty->state == DIRTY_TAKEN;
}

void
moves_from(struct watch *w, uint32_t cookie, const struct file *f)
{
	struct rename *r = &w->renames[w->next_rename];
	/* An unknown file may itself have come from a known one. */
	const char *from = f->dirty ? f->dirty->from : NULL;

	if (!f->known && !from && !is_under_way(f))
		return;
	free(r->path);
	r->path = f->known || !from ? path_of(f) : x_strdup(from);
	r->cookie = cookie;
	r->at_ms = clock_mono_ms();
	w->next_rename = (w->next_rename + 1) % WATCH_RENAMES_MAX;
}

void
moves_to(struct watch *w, uint32_t cookie, struct file *f)
{
	int64_t now = clock_mono_ms();

	if (f->known || !f->dirty || cookie == 0)
		return;
	for (size_t i = 0; i < WATCH_RENAMES_MAX; i++) {
		struct rename *r = &w->renames[i];

		if (!r->path || r->cookie != cookie ||
			now - r->at_ms > WATCH_PAIR_MS)
			continue;
		free(f->dirty->from);
		f->dirty->from = TAKE(r->path);
		return;
	}
}

void
moves_stop(struct watch *w)
{
	for (size_t i = 0; i < WATCH_RENAMES_MAX; i++)
		free(w->renames[i].path);
}

bool
moves_is_known(const struct watch *w, const struct file_stamp *stamp)
{
	const struct file *f;
	size_t at = 0;

	while ((f = tree_next_inode(&w->tree, stamp, &at)))
		if (stamp_same_file(&f->stamp, stamp) &&
			f->stamp.size == stamp->size &&
			f->stamp.mtime_ns == stamp->mtime_ns)
			return true;
	return false;
}

/* ---- candidates, on the loop ---- */

/*
 * Somebody else's claim is not settled yet, or what it was is being stored.
 * Hard links have one inode too, so the wait has an end.
 */
static void
wait_for_claim(struct item *i, const struct file *f)
{
	if ((f->claimed || is_under_way(f)) && f->dir->root == i->root &&
		i->tries < TRIES_MAX)
		i->fate = ITEM_BUSY;
}

static void
claim(struct item *i, struct file *f, struct arena *a)
{
	char *path;
	size_t len;

	if (i->n_candidates == BATCH_CANDIDATES_MAX || !f->known ||
		f->kind != FILE_ARTICLE || f->claimed ||
		f->dir->root != i->root)
		return;
	len = tree_path_len(f);
	path = arena_alloc(a, len + 1);
	tree_put_path(f, path);
	i->candidates[i->n_candidates++] = slice(path, len);
	f->claimed = true;
}

static bool
is_new(const struct item *i)
{
	return i->kind == FILE_ARTICLE && !i->known &&
		i->fate == ITEM_READ && i->n_candidates == 0;
}

static void
guess_by_event(struct watch *w, struct item *i, struct arena *a)
{
	const struct file *to = tree_find_path(&w->tree, i->path);
	struct file *f = NULL;

	if (to && to->dirty && to->dirty->from)
		f = tree_find_path(&w->tree, slice_str(to->dirty->from));
	if (f)
		wait_for_claim(i, f);
	if (f && i->fate != ITEM_BUSY)
		claim(i, f, a);
}

static void
guess_by_inode(struct watch *w, struct item *i, struct arena *a)
{
	struct file *f;
	size_t at = 0;

	while ((f = tree_next_inode(&w->tree, &i->stamp, &at)))
		if (stamp_same_file(&f->stamp, &i->stamp))
			wait_for_claim(i, f);
	for (at = 0; i->fate != ITEM_BUSY &&
		(f = tree_next_inode(&w->tree, &i->stamp, &at));)
		if (stamp_same_file(&f->stamp, &i->stamp))
			claim(i, f, a);
}

static void
guess_by_hash(struct watch *w, struct item *i, struct arena *a)
{
	struct file *f;
	size_t at = 0;

	if (i->bytes.len < MOVED_SIZE_MIN)
		return;
	while ((f = tree_next_hash(&w->tree, i->hash, &at)))
		claim(i, f, a);
}

bool
watch_guess_moves(struct watch *w, struct batch *b)
{
	static void (*const guess[])(struct watch *, struct item *,
		struct arena *) = { guess_by_event, guess_by_inode,
		guess_by_hash };
	bool any = false;

	/* Over the whole batch, the better witness is heard first. */
	for (size_t g = 0; g < COUNT_OF(guess); g++)
		for (size_t i = 0; i < b->n; i++)
			if (is_new(&b->items[i])) {
				guess[g](w, &b->items[i], &b->arena);
				any |= b->items[i].n_candidates > 0;
			}
	return any;
}

void
moves_release(struct watch *w, const struct batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		for (size_t c = 0; c < b->items[i].n_candidates; c++) {
			struct file *f = tree_find_path(&w->tree,
				b->items[i].candidates[c]);

			if (f)
				f->claimed = false;
		}
}

/* ---- proof, on a pool thread ---- */

static bool
is_gone(const struct item *i, struct slice candidate)
{
	size_t prefix = i->path.len - strlen(i->rel);
	CLEANUP(fd_close) int fd = file_open_beneath(i->root_fd,
		candidate.ptr + prefix, O_PATH | O_NOFOLLOW);

	return fd < 0 && (errno == ENOENT || errno == ENOTDIR ||
		errno == ELOOP);
}

static void
verify(struct item *i)
{
	struct slice from = { 0 };
	size_t gone = 0;

	for (size_t c = 0; c < i->n_candidates; c++)
		if (is_gone(i, i->candidates[c])) {
			from = i->candidates[c];
			gone++;
		}
	if (gone == 1)
		i->moved_from = from;
}

void
watch_verify_moves(struct batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		verify(&b->items[i]);
}
