/*
 * The tree: what is remembered of the content directories.
 *
 * A file is in the tree while it is known (the store has it) or dirty (it is
 * to be looked at).  A directory is in it while it is there, or has files or
 * directories in it.
 * 1. Loop thread only, and no system call.
 * 2. Pictures are found by the stem of their article, "a.jpg" and "a-2.jpg"
 *    by "a".  Known files are found by name, by inode and by content, so that
 *    a moved one is recognised without a walk.
 * 3. 100,000 files fit in 20 MB, and are remembered in 30 ms.
 */
#ifndef WATCH_TREE_H
#define WATCH_TREE_H

#include <sys/queue.h>

#include "base/table.h"
#include "watch/index.h"
#include "watch/stamp.h"

enum tree_index { BY_NAME, BY_INODE, BY_HASH, BY_STEM, TREE_INDEXES };

/*
 * Of one inode or content, no more files than this are found: a directory full
 * of copies must not make a chain that is walked for each of them.
 */
enum { TREE_SAME_MAX = 8, TREE_PICTURES_MAX = 2 * ARTICLE_MEDIA_MAX };

struct dirty;

struct file {
	struct dir *dir;
	struct dirty *dirty;	/* NULL: nothing to look at */
	struct file_stamp stamp;
	uint64_t hash;		/* 0: it was set aside unread */
	uint32_t id;		/* in tree->files */
	uint32_t slot;		/* in dir->files */
	uint32_t seen;		/* the last listing that it was in */
	unsigned rules;		/* by which it was read; old: it is stale */
	uint64_t with;		/* sum of what it was read with */
	uint8_t name_len;
	uint8_t kind;		/* enum file_kind */
	bool known;
	bool doubted;		/* what it was read with is not so any more */
	bool claimed;		/* an open batch may have found it moved */
	char name[];
};

/* Where the scan of a directory stands (scan.c draws the states). */
enum dir_scan { SCAN_NONE, SCAN_QUEUED, SCAN_LISTING, SCAN_DIGESTING };

/* Why a directory is polled. */
enum dir_poll { POLL_NOT, POLL_LIMIT, POLL_SYSTEM };

struct dir {
	struct slice path;	/* the store's; "" or the prefix for a top */
	size_t root;
	struct dir *parent, *child, *sibling;
	struct file **files;
	uint32_t n_files, room;
	uint32_t seen;		/* the last listing that it was in */
	uint32_t passed_over;	/* files with a foreign ending */
	uint32_t n_companions;	/* of the files: sidecars, pictures */
	struct file *defaults;	/* one of the files, or NULL */
	int wd;			/* the kernel's watch, or -1 */
	int failed;		/* errno of the last listing */
	enum dir_poll poll;
	enum dir_scan scan;
	bool present;		/* it is there, as far as is known */
	bool again;		/* scan once more after this scan */
	bool deep;		/* ... with the directories in it */
	bool urgent;		/* ... before others */
	TAILQ_ENTRY(dir) link;	/* in the queue of scans */
	char text[];
};

struct tree {
	struct file **files;	/* by id; 0 is nobody's */
	uint32_t n_ids, ids_room;
	uint32_t *free_ids;
	uint32_t n_free, free_room;
	struct index by[TREE_INDEXES];
	struct table dirs;	/* by path */
	uint64_t seed;
	size_t n_known;
};

/* An empty tree. */
void tree_init(struct tree *t);

/* Free all files and directories.  Dirty ones must have been freed before. */
void tree_done(struct tree *t);

/* The top directory of a root: lives as long as the tree. */
struct dir *tree_add_top(struct tree *t, size_t root, struct slice prefix);

/* A directory by its path, or NULL. */
struct dir *tree_find_dir(const struct tree *t, struct slice path);

/* The same, made if missing, with all above it up to the top. */
struct dir *tree_make_dir(struct tree *t, struct dir *top, struct slice path);

/* The directory `name` in d, made if missing. */
struct dir *tree_make_child(struct tree *t, struct dir *d, struct slice name);

/* A file by its name, or NULL. */
struct file *tree_find(const struct tree *t, const struct dir *d,
	struct slice name);

/* The same, made if missing: neither known nor dirty. */
struct file *tree_make(struct tree *t, struct dir *d, struct slice name);

/* A file by the store's path, or NULL. */
struct file *tree_find_path(const struct tree *t, struct slice path);

/* The file is known with this state from now on. */
void tree_remember(struct tree *t, struct file *f,
	const struct file_stamp *stamp, uint64_t hash);

/* It is not known any more. */
void tree_forget(struct tree *t, struct file *f);

/*
 * Free the file if it is neither known nor dirty, and then its directory, if
 * nothing needs that.
 */
void tree_release(struct tree *t, struct file *f);

/* Free the directory, and those above it, as far as nothing needs them. */
void tree_release_dir(struct tree *t, struct dir *d);

/*
 * Known files of the same inode, of the same content, one by one: start with
 * *at = 0; NULL at the end.
 */
struct file *tree_next_inode(const struct tree *t,
	const struct file_stamp *stamp, size_t *at);
struct file *tree_next_hash(const struct tree *t, uint64_t hash, size_t *at);

/*
 * Pictures in d that an article of this stem may have, in no order: start with
 * *at = 0; NULL at the end.
 */
struct file *tree_next_picture(const struct tree *t, const struct dir *d,
	struct slice stem, size_t *at);

/* The bytes that the file's store path has, and the path itself. */
size_t tree_path_len(const struct file *f);
void tree_put_path(const struct file *f, char *ret);

#endif
