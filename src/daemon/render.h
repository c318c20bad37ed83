/*
 * Pool jobs that make documents: load from the store, render, compress,
 * publish.
 */
#ifndef DAEMON_RENDER_H
#define DAEMON_RENDER_H

#include "daemon/press.h"
#include "feed/render.h"

struct shown;

/*
 * Make a unit's documents, one in each format; then put them into the tree.
 * Units that nobody waits for go several at a time, in a list: they share a
 * reader, and with it the pages of neighbouring articles, and go into the tree
 * in the same job.
 */
struct render_job {
	struct job job;
	struct render_job *next;	/* in the list */
	struct press *press;
	struct config *config;	/* a reference */
	uint64_t epoch;
	int64_t feed_id;
	int page;		/* of its archive; 0: the feed itself */
	struct copy old[FEED_FORMATS_MAX];	/* what is published */
	bool force;		/* publish even if the bytes are the same */
	bool hot;		/* somebody waits for it */

	struct arena arena;
	struct feed feed;
	struct document *docs[FEED_FORMATS_MAX];
	struct publication publication;
	struct err failed;
};

/*
 * For a pool thread: make docs and publication, or set failed; for each of the
 * list.  Unless it is hot, it is in the tree then.
 */
void render_run(struct job *j);

/* Are all documents there? */
bool render_is_done(const struct render_job *r);

/* Has one of them to be put into the tree? */
bool render_is_news(const struct render_job *r);

/* For a pool thread, after that: put docs into the tree, or set failed. */
void publish_run(struct job *j);

/* Let go of it all. */
void render_free(struct render_job *r);

/* Read a published document back from the tree, and check its hash. */
struct load_job {
	struct job job;
	struct press *press;
	struct config *config;	/* a reference */
	struct shown *shown;	/* the loop's */
	int64_t feed_id;
	int page;
	const struct renderer *kind;
	struct feed feed;	/* which one, and which page of it */
	struct copy copy;
	struct arena arena;
	struct document *doc;	/* NULL: not there, or not what it should be */
};

/* For a pool thread. */
void load_run(struct job *j);

#endif
