/*
 * Naming: a new article gets the name that it once had (identity.log), or its
 * own, or one with a number; and every name is logged.
 */
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "store/tx.h"

static bool
is_still_there(void *ctx, struct slice path)
{
	const struct item *i = ctx;
	size_t prefix = i->path.len - strlen(i->rel);
	struct slice ours = slice_sub(i->path, 0, prefix);
	char rel[PATH_MAX];

	if (!slice_starts(path, ours) || path.len - prefix >= sizeof(rel))
		return false;
	memcpy(rel, path.ptr + prefix, path.len - prefix);
	rel[path.len - prefix] = '\0';
	return faccessat(i->root_fd, rel, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static void
log_name(struct writer *w, const struct item *i, const struct minted *m)
{
	identity_add(&w->tx->identity, &(struct identity_line){
		.kind = S("article"), .uid = m->uid, .path = i->path,
		.hash = i->hash, .published = i->plan.published,
		.slug = m->slug });
}

/* The name that it had in a database that was lost. */
static int
claim_name(struct writer *w, struct item *i, struct minted *ret,
	bool *ret_known, struct err *e)
{
	struct identity_line l = { .kind = S("article"), .path = i->path,
		.hash = i->hash };

	*ret_known = false;
	if (!w->tx->remembers)
		return 0;
	if (identity_claim(w->db, &l, is_still_there, i, &w->batch->arena,
		ret_known, e) < 0)
		return -1;
	if (!*ret_known)
		return 0;
	*ret = (struct minted){ l.uid, l.slug };
	i->plan.published = l.published;
	i->plan.updated = MAX(i->plan.updated, l.published);
	if (!slice_eq(l.path, i->path))
		log_name(w, i, ret);
	return 0;
}

/* Insert it under its own name if that is free, else under a free one. */
int
name_insert(struct writer *w, struct item *i, const struct link_keys *keys,
	struct err *e)
{
	struct minted m;
	bool known, taken;

	if (claim_name(w, i, &m, &known, e) < 0)
		return -1;
	if (!known && mint_is_doubtful(w, i->path)) {
		if (mint_free(w, i->path, &m, e) < 0)
			return -1;
	} else if (!known) {
		mint_plain(w, i->path, &m);
	}
	if (article_insert(w, i, keys, &m, &taken, e) < 0)
		return -1;
	if (taken) {
		known = false;
		if (mint_free(w, i->path, &m, e) < 0 || article_insert(w, i,
			keys, &m, &taken, e) < 0)
			return -1;
	}
	if (taken)
		return err_set(e, ERR_STORE, "cannot name it");
	if (!known)
		log_name(w, i, &m);
	return 0;
}

/* It lives elsewhere now: so it is found there if the database is lost. */
int
name_log_move(struct writer *w, const struct item *i, struct err *e)
{
	struct query q = query_start(w->db,
		"SELECT uid, slug FROM article WHERE id = ?");
	struct minted m = { 0 };

	query_put_int(&q, i->article_id);
	if (query_row(&q)) {
		m.uid = query_text(&q, 0, &w->batch->arena);
		m.slug = query_text(&q, 1, &w->batch->arena);
		log_name(w, i, &m);
	}
	return query_done(&q, e);
}
