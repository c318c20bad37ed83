/*
 * The files of a configuration, merged into one tree.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>

#include "base/file.h"
#include "base/path.h"
#include "base/setting.h"
#include "base/table.h"
#include "daemon/config_load.h"

/* A file that waits for being read. */
struct waiting {
	const char *path;
	struct place asked;	/* where; line 0: on the command line */
	unsigned depth;
	struct waiting *next;
};

struct loader {
	struct arena *a;
	struct faults *f;
	struct node *root;	/* everything so far */
	struct waiting *first, **end;
	struct table seen;	/* by path_resolve() */
	unsigned files;
};

static void
seen_done(struct loader *l)
{
	table_done(&l->seen);
}

/* Has the file been asked for before? */
static bool
seen_before(struct loader *l, const char *path)
{
	const char *whole = path_resolve(NULL, slice_str(path), l->a);

	return table_set(&l->seen, slice_str(whole), l) != NULL;
}

static void
enqueue(struct loader *l, const char *path, const struct place *asked,
	unsigned depth)
{
	struct waiting *w = ARENA_NEW(l->a, struct waiting);

	if (seen_before(l, path))
		return;
	w->path = arena_copy(l->a, slice_str(path)).ptr;
	w->asked = *asked;
	w->depth = depth;
	*l->end = w;
	l->end = &w->next;
}

static struct source *
new_source(struct loader *l, const char *path, struct slice text)
{
	struct source *s = ARENA_NEW(l->a, struct source);

	s->path = path;
	s->dir = path_resolve(NULL, path_parent(slice_str(path)), l->a);
	s->text = text;
	s->order = l->files++;
	return s;
}

/* ---- merging ---- */

/* Take a key out of the map; NULL: it is not there. */
static struct node *
detach(struct node *map, struct slice word)
{
	struct node **at = &map->first, *key;

	map->last = NULL;
	while (*at && !slice_eq((*at)->text, word)) {
		map->last = *at;
		at = &(*at)->next;
	}
	if (!(key = *at))
		return NULL;
	*at = key->next;
	while (*at) {
		map->last = *at;
		at = &(*at)->next;
	}
	key->next = NULL;
	return key;
}

/*
 * Join a file's list with what the root has.  False: they cannot be joined;
 * then the key goes to the root as well, and the schema's reader tells that it
 * stands there twice.
 */
static bool
join(const struct node *root, const struct node *key)
{
	struct node *there = node_key(root, key->text), *item, *next;

	if (!there || there->value->kind != NODE_LIST ||
		key->value->kind != NODE_LIST)
		return false;
	for (item = key->value->first; item; item = next) {
		next = item->next;
		node_append(there->value, item);
	}
	return true;
}

static void
merge(struct loader *l, struct node *map)
{
	CLEANUP(table_done) struct table words = { 0 };
	struct node *key, *next;

	if (!l->root) {
		l->root = map;
		return;
	}
	for (key = map->first; key; key = next) {
		bool again = table_set(&words, key->text, key) != NULL;

		next = key->next;
		if (again || !join(l->root, key))
			node_append(l->root, key);
	}
}

/* ---- including ---- */

/* The folder may have a name that glob(3) would take for a pattern. */
static void
put_literally(struct buf *b, struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (strchr("*?[\\", s.ptr[i]))
			buf_put_byte(b, '\\');
		buf_put_byte(b, s.ptr[i]);
	}
}

/* The pattern as seen from here, in the words that the main path began. */
static const char *
pattern_path(struct loader *l, const struct node *n)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(4 * PATH_MAX);
	struct slice from = slice_str(n->at.source->path);

	if (!slice_starts(n->text, S("/")) && slice_find_byte(from, '/') >= 0) {
		put_literally(&b, path_parent(from));
		buf_put_byte(&b, '/');
	}
	buf_put(&b, n->text);
	return arena_copy(l->a, buf_slice(&b)).ptr;
}

/* A folder that is not there is one where nothing matches. */
static int
cannot_look(const char *path, int code)
{
	(void)path;
	return code != ENOENT && code != ENOTDIR;
}

/* No match is fine for a pattern: the folder may fill up later. */
static void
no_match(struct loader *l, const struct node *n, int code)
{
	if (code == GLOB_NOMATCH && strpbrk(n->text.ptr, "*?["))
		return;
	errno = code == GLOB_NOMATCH ? ENOENT : errno;
	fault_add(l->f, &n->at, "cannot include \"%.*s\": %m",
		ARG(n->text));
}

static void
include_pattern(struct loader *l, const struct node *n, unsigned depth)
{
	const char *path = pattern_path(l, n);
	glob_t found = { 0 };
	int code;

	if (depth >= CONFIG_INCLUDE_DEPTH_MAX) {
		fault_add(l->f, &n->at, "included too deep: at most %d files "
			"within each other", CONFIG_INCLUDE_DEPTH_MAX);
		return;
	}
	code = glob(path, 0, cannot_look, &found);
	if (code != 0)
		no_match(l, n, code);
	for (size_t i = 0; i < found.gl_pathc; i++)
		enqueue(l, found.gl_pathv[i], &n->at, depth + 1);
	globfree(&found);
}

/* Take "include" out of the file's map, and enqueue what it names. */
static void
include(struct loader *l, struct node *map, unsigned depth)
{
	struct patterns {
		struct slice *list;
		size_t n;
	} patterns;
	static const struct setting words[] = {
		{ "include", SETTING_TEXTS,
			SETTING_FIELDS(struct patterns, list, n),
			.max = CONFIG_FILES_MAX },
		{ 0 },
	};
	struct setting_reader r = { l->a, l->f };
	struct node *key = detach(map, S("include"));
	struct node only = { .kind = NODE_MAP, .first = key, .last = key };
	const struct node *n;

	if (!key)
		return;
	setting_read(&r, words, &only, NULL, &patterns);
	n = key->value->kind == NODE_LIST ? key->value->first : key->value;
	for (; n; n = n->next)
		if (n->kind == NODE_TEXT && n->text.len > 0)
			include_pattern(l, n, depth);
}

/* ---- reading ---- */

static struct node *
read_source(struct loader *l, const struct source *s)
{
	struct setting_reader r = { l->a, l->f };
	struct node *map;

	if (node_read(s, l->a, l->f, &map) < 0)
		return NULL;
	if (map->kind == NODE_MAP)
		return map;
	setting_wrong_kind(&r, map, "a map of words");
	return NULL;
}

static void
read_waiting(struct loader *l, const struct waiting *w)
{
	struct source *s = new_source(l, w->path, S(""));
	struct place file = { .source = s };
	struct node *map;
	struct err e;

	if (s->order >= CONFIG_FILES_MAX) {
		if (s->order == CONFIG_FILES_MAX)
			fault_add(l->f, &w->asked, "too many files: at most "
				"%d", CONFIG_FILES_MAX);
		return;
	}
	if (file_read(AT_FDCWD, w->path, NODE_BYTES_MAX, l->a, &s->text,
		&e) < 0) {
		fault_add_err(l->f, w->depth ? &w->asked : &file, &e);
		return;
	}
	if (!(map = read_source(l, s)))
		return;
	include(l, map, w->depth);
	if (l->root || w->depth == 0)
		merge(l, map);
}

struct node *
config_load(const char *path, struct arena *a, struct faults *f)
{
	CLEANUP(seen_done) struct loader l = { .a = a, .f = f };
	struct place nowhere = { 0 };

	l.end = &l.first;
	enqueue(&l, path, &nowhere, 0);
	for (; l.first; l.first = l.first->next)
		read_waiting(&l, l.first);
	return l.root;
}

struct node *
config_load_text(const char *name, struct slice text, struct arena *a,
	struct faults *f)
{
	CLEANUP(seen_done) struct loader l = { .a = a, .f = f };
	struct node *map = read_source(&l, new_source(&l, name, text));
	struct node *key = map ? detach(map, S("include")) : NULL;

	if (key)
		fault_add(f, &key->at, "nothing can be included here");
	return map;
}
