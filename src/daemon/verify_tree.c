/*
 * The pool's part of a verification: no file of the trees is a stray.
 *
 * A stray is served by nginx as if it were ours: a feed under an old name, a
 * copy of something withdrawn, or what is private in the public tree.
 * Pictures are left to the shelf, whose sweeps know what is about to be named.
 */
#include "base/table.h"
#include "daemon/catalogue_build.h"
#include "daemon/verify_work.h"
#include "feed/render.h"
#include "model/address.h"
#include "verify/bytes.h"
#include "verify/outline.h"

enum { TREE_DEPTH_MAX = 8 };

struct tree_walk {
	struct work *work;
	bool is_private;	/* which of the trees */
	struct publisher *tree;
	struct arena arena;
	/* That belong into it, by name, "feeds/series/x": struct feed. */
	struct table feeds;
	struct table catalogue;	/* by name: struct catalogue_file */
};

/* A folder's names. */
struct listing {
	struct arena *arena;
	struct slice *list;
	size_t n;
};

/* Without the ending: ptr NULL when it has another. */
static struct slice
without(struct slice s, struct slice ending)
{
	return slice_ends(s, ending) ? slice_sub(s, 0, s.len - ending.len) :
		slice(NULL, 0);
}

/* The format that a file is in, by its name; -1: none of ours. */
static int
format_of(struct slice path, struct slice *ret_name)
{
	CLEANUP(arena_done) struct arena a = { 0 };

	for (int k = 0; renderers[k]; k++) {
		*ret_name = without(path, arena_printf(&a, ".%s",
			renderers[k]->ending));
		if (ret_name->ptr)
			return k;
	}
	return -1;
}

static struct slice
parent(struct slice path)
{
	ssize_t at = slice_rfind_byte(path, '/');

	return at < 0 ? S("") : slice_sub(path, 0, (size_t)at);
}

/* "feeds/series/x/archive/3": is there such a page? */
static bool
is_page(const struct tree_walk *t, struct slice name, struct slice path,
	int format, struct arena *a)
{
	const struct feed *head = table_get(&t->feeds, parent(parent(name)));
	struct feed page;

	if (!head || !head->archived)
		return false;
	page = *head;
	page.page = (int)slice_number(slice_from(name, parent(name).len + 1),
		head->pages);
	return page.page > 0 && slice_eq(path, address_feed_file(&page,
		renderers[format]->ending, a));
}

/* OPML and sitemaps: no feed's, and beside them. */
static bool
is_catalogue(const struct tree_walk *t, struct slice path)
{
	return t->work->n_catalogue == 0 ? catalogue_may_have(path) :
		table_get(&t->catalogue, path) != NULL;
}

/* Is it a copy of something that is published? */
static bool
is_ours(const struct tree_walk *t, struct slice path)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct slice name, plain;
	int format;

	for (int c = CODING_COUNT - 1; c > 0; c--) {
		plain = without(path, slice_str(coding_endings[c]));
		path = plain.ptr ? plain : path;
	}
	if (is_catalogue(t, path))
		return !t->is_private;
	format = format_of(path, &name);
	return format >= 0 && (table_get(&t->feeds, name) ||
		is_page(t, name, path, format, &a));
}

static bool
on_name(void *ctx, struct slice name)
{
	struct listing *l = ctx;

	l->list = ARENA_GROW(l->arena, l->list, l->n);
	l->list[l->n++] = arena_copy(l->arena, name);
	return true;
}

/* A folder is walked, anything else that is not ours is told. */
static void
walk(struct tree_walk *t, struct slice folder, int depth)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct press *p = t->work->press;
	struct listing names = { .arena = &a };
	struct err e;

	if (depth > TREE_DEPTH_MAX || p->publish->list(t->tree,
		folder.len ? folder : S("."), on_name, &names, &e) < 0) {
		findings_add(&t->work->findings, folder, S("Remove it, "
			"unless you know what put it there."), "nothing that "
			"is published has this name");
		return;
	}
	for (size_t i = 0; i < names.n; i++) {
		struct slice path = arena_printf(&a, "%.*s%s%.*s",
			ARG(folder), folder.len ? "/" : "",
			ARG(names.list[i]));

		t->work->files++;
		if (!is_ours(t, path) && (t->is_private ||
			!slice_eq(path, S("media"))))
			walk(t, path, depth + 1);
	}
}

/* ---- the catalogue ---- */

static void
check_file(struct tree_walk *t, const struct catalogue_file *f)
{
	const struct slice hint = S("\"gazettectl rebuild\" writes it "
		"again.");
	const struct press *p = t->work->press;
	struct findings *found = &t->work->findings;
	struct document *d = document_new();
	struct err e;

	if (p->publish->get(p->publisher, f->name, d, &e) < 0) {
		findings_add(found, f->name, hint, "%s", e.text);
		document_unref(d);
		return;
	}
	bytes_check(d, f->etag, f->name, hint, found);
	if (outline_check_xml(d->body[CODING_IDENTITY], &e) < 0)
		findings_add(found, f->name, hint, "it cannot be parsed: %s",
			e.text);
	document_unref(d);
}

static void
check_catalogue(struct tree_walk *t)
{
	struct work *w = t->work;

	for (size_t i = 0; i < w->n_catalogue; i++) {
		table_set(&t->catalogue, w->catalogue[i].name,
			&w->catalogue[i]);
		check_file(t, &w->catalogue[i]);
	}
}

/* By the names of their files, without the ending. */
static int
load_heads(struct tree_walk *t)
{
	struct work *w = t->work;
	const struct store_ops *ops = w->press->ops;
	struct store_reader *reader = ops->reader_take(w->press->store);
	struct feed *heads;
	struct slice name;
	size_t n;
	int rc = ops->feeds(reader, &t->arena, &heads, &n, &w->failed);

	ops->reader_give(w->press->store, reader);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		if (press_tree(w->press, w->config, &heads[i]) != t->tree)
			continue;
		heads[i].page = 0;
		format_of(address_feed_file(&heads[i], renderers[0]->ending,
			&t->arena), &name);
		table_set(&t->feeds, name, &heads[i]);
	}
	return rc;
}

static void
walk_tree(struct work *w, struct publisher *tree)
{
	struct tree_walk t = { .work = w, .tree = tree,
		.is_private = tree == w->press->private_tree };

	if (!t.is_private)
		check_catalogue(&t);
	if (load_heads(&t) == 0)
		walk(&t, S(""), 0);
	table_done(&t.catalogue);
	table_done(&t.feeds);
	arena_done(&t.arena);
}

void
work_tree_run(struct job *j)
{
	struct work *w = CONTAINER_OF(j, struct work, job);

	w->files = 0;
	walk_tree(w, w->press->publisher);
	walk_tree(w, w->press->private_tree);
}
