/*
 * An article: one file of the content directory, as a reader understood it.
 *
 * Filled in two steps, both pure and both on a pool thread: a reader (read/)
 * fills the first part from the bytes, series/ fills the second from the
 * titles.  All memory is the batch's arena.
 */
#ifndef MODEL_ARTICLE_H
#define MODEL_ARTICLE_H

#include "base/slice.h"

/* No article has more of these; what is beyond is dropped, and counted. */
enum {
	ARTICLE_PEOPLE_MAX = 64,
	ARTICLE_RELATED_MAX = 64,
	ARTICLE_TOPICS_MAX = 32,
	ARTICLE_TITLE_MAX = 1000,	/* bytes */
	ARTICLE_SUMMARY_MAX = 300,	/* code points */
	ARTICLE_FILE_MAX = 4 * 1024 * 1024,
};

/* The store keeps these numbers: append, never reorder. */
enum person_role {
	ROLE_AUTHOR,
	ROLE_EDITOR,
	ROLE_PHOTOGRAPHER,
};

struct person {
	struct slice name;
	enum person_role role;
};

/* How sure a title is of being part of a series (series.md, step 3). */
enum mark_strength {
	MARK_NONE,
	MARK_WEAK,	/* only with a second member or a related link */
	MARK_STRONG,	/* a series at once */
};

/* What a title says about its series. */
struct mark {
	enum mark_strength strength;
	struct slice name;	/* of the series, as printed */
	struct slice key;	/* fold_key(name) */
	struct slice label;	/* the part's sign as printed, as "②" */
	struct slice headline;	/* what follows; may be empty */
	int number;		/* of the part, from 1; 0: ⓪, or not said */
	int total;		/* 0: not said */
	bool last;		/* "下", "终": number is the least it can be */
};

/* A line of the "Related links" block. */
struct related {
	struct slice title;	/* as shown */
	struct slice fold;	/* fold_key(title) */
	struct mark mark;
	/* Resolved by the store; 0 and empty while its article is not here. */
	int64_t article_id;
	struct slice slug;
	struct slice path;
};

struct article {
	/* From the reader. */
	struct slice title;		/* fold_title() of what is printed */
	struct person *people;
	size_t n_people;
	struct slice summary;		/* plain text */
	struct slice html;		/* allow-listed markup, balanced */
	struct slice text;		/* plain text, for rules */
	struct slice lang;		/* BCP 47 */
	struct slice related_label;	/* "Related links:", as printed */
	struct related *related;
	size_t n_related;
	int64_t date;			/* seconds; -1: the file does not say */

	/* From series/: the mark, and the entry's title made of it. */
	struct mark mark;
	struct slice entry_title;	/* "<series> <sign> | <headline>" */
	struct slice *topics;		/* slugs of the configured topics */
	size_t n_topics;

	/*
	 * Hashes over normalised fields.  `digest`: title, text, people,
	 * media; when it changes, `updated` moves.  `form`: all that a
	 * renderer shows; when it changes, the entry is rendered again.
	 */
	uint64_t digest;
	uint64_t form;
};

#endif
