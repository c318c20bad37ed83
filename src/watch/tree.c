/*
 * The tree: what is remembered of the content directories.
 */
#include <limits.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "watch/name.h"
#include "watch/tree.h"

enum { ROOM_FIRST = 8, HASHED_SIZE_MIN = 512 };

void
tree_init(struct tree *t)
{
	*t = (struct tree){ .seed = rand_u64(), .n_ids = 1, .ids_room = 1 };
	t->files = x_calloc(1, sizeof(struct file *));
}

static struct dir *
add_dir(struct tree *t, struct dir *parent, size_t root, struct slice path)
{
	struct dir *d = x_calloc(1, sizeof(*d) + path.len + 1);

	if (path.len > 0)
		memcpy(d->text, path.ptr, path.len);
	d->path = slice(d->text, path.len);
	d->root = root;
	d->wd = -1;
	d->parent = parent;
	if (parent) {
		d->sibling = parent->child;
		parent->child = d;
	}
	CHECK(!table_set(&t->dirs, d->path, d));
	return d;
}

struct dir *
tree_add_top(struct tree *t, size_t root, struct slice prefix)
{
	struct dir *d = add_dir(t, NULL, root, prefix);

	d->present = true;
	return d;
}

struct dir *
tree_find_dir(const struct tree *t, struct slice path)
{
	return table_get(&t->dirs, path);
}

/* "a/b" of "a/b/c"; "" when there is no slash. */
static struct slice
parent_of(struct slice path)
{
	ssize_t slash = slice_rfind_byte(path, '/');

	return slice_sub(path, 0, slash < 0 ? 0 : (size_t)slash);
}

struct dir *
tree_make_dir(struct tree *t, struct dir *top, struct slice path)
{
	struct dir *d = tree_find_dir(t, path);

	if (d)
		return d;
	if (path.len <= top->path.len)
		return top;
	return add_dir(t, tree_make_dir(t, top, parent_of(path)), top->root,
		path);
}

struct dir *
tree_make_child(struct tree *t, struct dir *d, struct slice name)
{
	char path[PATH_MAX];
	size_t at = d->path.len;
	struct dir *child;

	CHECK(at + name.len + 1 < sizeof(path));
	memcpy(path, d->path.ptr, at);
	if (at > 0)
		path[at++] = '/';
	memcpy(path + at, name.ptr, name.len);
	child = tree_find_dir(t, slice(path, at + name.len));
	return child ? child : add_dir(t, d, d->root,
		slice(path, at + name.len));
}

/* ---- keys of the indexes ---- */

static uint64_t
key_name(const struct tree *t, const struct dir *d, struct slice name)
{
	return hash64_mix(t->seed ^ (uintptr_t)d, name);
}

static uint64_t
key_inode(const struct tree *t, const struct file_stamp *s)
{
	uint64_t both[2] = { s->dev, s->ino };

	return hash64_mix(t->seed, slice((const char *)both, sizeof(both)));
}

static uint64_t
key_hash(const struct tree *t, uint64_t hash)
{
	return hash64_mix(t->seed, slice((const char *)&hash, sizeof(hash)));
}

/* ---- files ---- */

struct file *
tree_find(const struct tree *t, const struct dir *d, struct slice name)
{
	uint64_t key = key_name(t, d, name);
	size_t at = 0;
	uint32_t id;

	while ((id = index_next(&t->by[BY_NAME], key, &at))) {
		struct file *f = t->files[id];

		if (f->dir == d && slice_eq(slice(f->name, f->name_len), name))
			return f;
	}
	return NULL;
}

static void *
grow(void *items, uint32_t n, uint32_t *room, size_t size)
{
	if (n < *room)
		return items;
	*room = *room ? *room * 2 : ROOM_FIRST;
	return x_realloc(items, *room * size);
}

static void
take_id(struct tree *t, struct file *f)
{
	if (t->n_free > 0) {
		f->id = t->free_ids[--t->n_free];
	} else {
		t->files = grow(t->files, t->n_ids, &t->ids_room,
			sizeof(struct file *));
		f->id = t->n_ids++;
	}
	t->files[f->id] = f;
}

static void
give_id(struct tree *t, uint32_t id)
{
	t->free_ids = grow(t->free_ids, t->n_free, &t->free_room,
		sizeof(*t->free_ids));
	t->free_ids[t->n_free++] = id;
	t->files[id] = NULL;
}

static void
index_stem(struct tree *t, struct file *f, struct slice stem, bool here)
{
	uint64_t key = key_name(t, f->dir, stem);

	if (stem.len == 0)
		return;
	if (here)
		index_add(&t->by[BY_STEM], key, f->id, TREE_PICTURES_MAX);
	else
		index_remove(&t->by[BY_STEM], key, f->id);
}

/* Count it in its directory, or count it out. */
static void
count_companion(struct tree *t, struct file *f, bool here)
{
	struct slice stem = name_stem(slice(f->name, f->name_len));

	if (f->kind == FILE_PICTURE) {
		index_stem(t, f, stem, here);
		index_stem(t, f, name_base(stem), here);
	}
	if (f->kind == FILE_DEFAULTS)
		f->dir->defaults = here ? f : NULL;
	else if (f->kind != FILE_ARTICLE)
		f->dir->n_companions += here ? 1 : -1U;
}

struct file *
tree_make(struct tree *t, struct dir *d, struct slice name)
{
	struct file *f = tree_find(t, d, name);

	if (f)
		return f;
	CHECK(name.len <= NAME_MAX);
	f = x_calloc(1, offsetof(struct file, name) + name.len + 1);
	memcpy(f->name, name.ptr, name.len);
	f->name_len = (uint8_t)name.len;
	f->dir = d;
	f->kind = (uint8_t)name_kind(name);
	d->files = grow(d->files, d->n_files, &d->room,
		sizeof(struct file *));
	f->slot = d->n_files;
	d->files[d->n_files++] = f;
	take_id(t, f);
	count_companion(t, f, true);
	index_add(&t->by[BY_NAME], key_name(t, d, name), f->id, SIZE_MAX);
	return f;
}

struct file *
tree_find_path(const struct tree *t, struct slice path)
{
	struct slice parent = parent_of(path);
	struct dir *d = tree_find_dir(t, parent);

	return d ? tree_find(t, d, slice_from(path, parent.len +
		(slice_find_byte(path, '/') >= 0))) : NULL;
}

void
tree_forget(struct tree *t, struct file *f)
{
	if (!f->known)
		return;
	index_remove(&t->by[BY_INODE], key_inode(t, &f->stamp), f->id);
	index_remove(&t->by[BY_HASH], key_hash(t, f->hash), f->id);
	f->known = false;
	f->claimed = false;
	t->n_known--;
}

void
tree_remember(struct tree *t, struct file *f, const struct file_stamp *stamp,
	uint64_t hash)
{
	tree_forget(t, f);
	f->stamp = *stamp;
	f->hash = hash;
	f->known = true;
	t->n_known++;
	index_add(&t->by[BY_INODE], key_inode(t, stamp), f->id, TREE_SAME_MAX);
	if (hash != 0 && stamp->size >= HASHED_SIZE_MIN)
		index_add(&t->by[BY_HASH], key_hash(t, hash), f->id,
			TREE_SAME_MAX);
}

static void
free_dir(struct tree *t, struct dir *d)
{
	struct dir **at = &d->parent->child;

	while (*at != d)
		at = &(*at)->sibling;
	*at = d->sibling;
	CHECK(table_remove(&t->dirs, d->path) == d);
	free(d->files);
	free(d);
}

void
tree_release_dir(struct tree *t, struct dir *d)
{
	struct dir *parent;

	for (; d->parent && !d->present && d->n_files == 0 && !d->child &&
		d->scan == SCAN_NONE; d = parent) {
		parent = d->parent;
		free_dir(t, d);
	}
}

void
tree_release(struct tree *t, struct file *f)
{
	struct dir *d = f->dir;

	if (f->known || f->dirty)
		return;
	index_remove(&t->by[BY_NAME], key_name(t, d, slice(f->name,
		f->name_len)), f->id);
	count_companion(t, f, false);
	give_id(t, f->id);
	d->files[f->slot] = d->files[--d->n_files];
	d->files[f->slot]->slot = f->slot;
	free(f);
	tree_release_dir(t, d);
}

struct file *
tree_next_inode(const struct tree *t, const struct file_stamp *stamp,
	size_t *at)
{
	uint64_t key = key_inode(t, stamp);
	uint32_t id;

	while ((id = index_next(&t->by[BY_INODE], key, at))) {
		const struct file_stamp *s = &t->files[id]->stamp;

		if (s->ino == stamp->ino && s->dev == stamp->dev)
			return t->files[id];
	}
	return NULL;
}

struct file *
tree_next_hash(const struct tree *t, uint64_t hash, size_t *at)
{
	uint64_t key = key_hash(t, hash);
	uint32_t id;

	while ((id = index_next(&t->by[BY_HASH], key, at)))
		if (t->files[id]->hash == hash)
			return t->files[id];
	return NULL;
}

struct file *
tree_next_picture(const struct tree *t, const struct dir *d,
	struct slice stem, size_t *at)
{
	uint64_t key = key_name(t, d, stem);
	uint32_t id;

	while ((id = index_next(&t->by[BY_STEM], key, at))) {
		struct file *f = t->files[id];
		struct slice own = name_stem(slice(f->name, f->name_len));

		if (f->dir == d && (slice_eq(own, stem) ||
			slice_eq(name_base(own), stem)))
			return f;
	}
	return NULL;
}

size_t
tree_path_len(const struct file *f)
{
	return f->dir->path.len + (f->dir->path.len > 0) + f->name_len;
}

void
tree_put_path(const struct file *f, char *ret)
{
	size_t at = f->dir->path.len;

	memcpy(ret, f->dir->path.ptr, at);
	if (at > 0)
		ret[at++] = '/';
	memcpy(ret + at, f->name, f->name_len);
}

void
tree_done(struct tree *t)
{
	size_t at = 0;
	void *p;

	for (uint32_t i = 1; i < t->n_ids; i++)
		free(t->files[i]);
	free(t->files);
	free(t->free_ids);
	while (table_next(&t->dirs, &at, &p)) {
		free(((struct dir *)p)->files);
		free(p);
	}
	for (int k = 0; k < TREE_INDEXES; k++)
		index_done(&t->by[k]);
	table_done(&t->dirs);
}
