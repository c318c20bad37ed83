/*
 * Pool jobs that make documents: load from the store, render, compress,
 * publish.
 */
#ifndef DAEMON_RENDER_H
#define DAEMON_RENDER_H

#include "daemon/press.h"

/*
 * Make a feed's document; then put it into the tree.  Feeds that nobody waits
 * for go several at a time, in a list: they share a reader, and with it the
 * pages of neighbouring articles, and go into the tree in the same job.
 */
struct render_job {
	struct job job;
	struct render_job *next;	/* in the list */
	struct press *press;
	struct config *config;	/* a reference */
	uint64_t epoch;
	int64_t feed_id;
	char old_etag[33];	/* of what is published; "" for nothing */
	int64_t old_mtime;
	bool force;		/* publish even if the bytes are the same */
	bool hot;		/* somebody waits for it */

	struct arena arena;
	struct feed feed;
	struct slice address;	/* "/feeds/....atom" */
	struct document *doc;	/* NULL when it failed */
	struct publication publication;
	struct err failed;
};

/*
 * For a pool thread: make doc and publication, or set failed; for each of the
 * list.  Unless it is hot, it is in the tree then.
 */
void render_run(struct job *j);

/* Has it to be put into the tree? */
bool render_is_news(const struct render_job *r);

/* For a pool thread, after that: put doc into the tree, or set failed. */
void publish_run(struct job *j);

/* Read a published document back from the tree, and check its hash. */
struct load_job {
	struct job job;
	struct press *press;
	struct config *config;	/* a reference */
	int64_t feed_id;
	struct feed feed;	/* which one it is */
	struct slice file;	/* in the tree */
	struct slice address;
	char etag[33];
	int64_t mtime;
	struct arena arena;
	struct document *doc;	/* NULL: not there, or not what it should be */
};

/* For a pool thread. */
void load_run(struct job *j);

/* A small document from bytes: with its etag, and gzip when that pays. */
struct document *render_document(const char *type, struct buf *body);

#endif
