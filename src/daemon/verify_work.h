/*
 * The pool's part of a verification: read, and find what differs.
 *
 * 1. A piece takes about WORK_MS, holds a reader no longer, and goes on where
 *    the last one stopped.
 * 2. In memory is one unit at a time, in all its formats; and of the feed that
 *    it belongs to, 8 bytes an entry and 24 a document.
 * 3. Nothing is changed, in the store or in the tree.
 */
#ifndef DAEMON_VERIFY_WORK_H
#define DAEMON_VERIFY_WORK_H

#include "daemon/press.h"
#include "verify/finding.h"

enum { WORK_MS = 10 };

struct catalogue_file;
struct chain;

/* A feed to be compared, and which version of it was seen when it last was. */
struct todo {
	int64_t id;
	int64_t published;	/* -1: it was not */
};

/* Between its pieces the loop looks at it, and nobody else. */
struct work {
	struct job job;
	struct press *press;
	struct config *config;	/* a reference */
	bool last;		/* what differs now is told */

	/* Feeds, one after the other; those that differ are put aside. */
	struct todo *todo;
	size_t n_todo, at;
	struct todo *again;
	size_t n_again;

	/* The feed under way; page -1: it has not begun. */
	int page;
	struct arena arena;
	struct feed feed;
	struct chain *chain;	/* by page */
	uint64_t *ids;		/* hashes, of entries in any of its documents */
	size_t n_ids, ids_room;
	bool cut;		/* a document has not all of its entries */
	bool moving;		/* one was published meanwhile */
	struct findings of_feed;
	size_t documents_of_feed;

	/* OPML and sitemaps, as the loop knew them; none: not built yet. */
	struct arena listed;
	struct catalogue_file *catalogue;
	size_t n_catalogue;

	size_t documents, files;
	size_t busy;	/* feeds that moved whenever they were looked at */
	struct findings findings;
	struct err failed;	/* the store cannot be read */
};

/* Take the first job: the list of feeds.  To be done when run() was. */
void work_init(struct work *w, struct press *p);

/* For a pool thread: fill `todo`. */
void work_list_run(struct job *j);

/* For a pool thread: compare some of `todo`. */
void work_compare_run(struct job *j);

/*
 * For a pool thread: compare the catalogue, and look for files that nothing
 * published has the name of.
 */
void work_tree_run(struct job *j);

/* Free the inside. */
void work_done(struct work *w);

#endif
