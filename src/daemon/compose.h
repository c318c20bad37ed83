/*
 * Composing: from a feed's list of entries to documents.  For pool threads.
 */
#ifndef DAEMON_COMPOSE_H
#define DAEMON_COMPOSE_H

#include "base/buf.h"
#include "daemon/press.h"
#include "feed/render.h"

enum { ALL_FORMATS = -1 };

/* What entries are made with, wherever they go. */
struct maker {
	struct press *press;
	struct config *config;
	uint64_t epoch;
	struct store_reader *reader;
	struct arena *arena;
	struct err *failed;
	int format;		/* the one that is wanted; ALL_FORMATS */
};

/* Entries in the making, in every format. */
struct bodies {
	struct buf list[FEED_FORMATS_MAX];
};

/* Empty ones, with their limits; and the end of them. */
void bodies_init(struct bodies *b);
void bodies_done(struct bodies *b);

/*
 * Append the listed entries, with f->content of each; the list is cut to what
 * is in the document.
 */
int compose_entries(const struct maker *m, struct feed *f, struct bodies *b)
	MUST_USE;

/* Head, entries and tail in one format; NULL: it is too big. */
struct document *compose_document(const struct maker *m,
	const struct feed *f, const struct renderer *kind,
	struct slice entries);

/* What HTTP says of a feed's document beside its bytes. */
void compose_dress(struct document *d, const struct config *c,
	const struct feed *f, const struct renderer *kind, struct arena *a);

/* Whose changes, and when it changed last. */
struct changes_of {
	int64_t feed_id;
	int page;
	int64_t last;
};

/* How long readers may keep such a document, by its changes so far. */
int compose_max_age(const struct press *p, struct store_reader *reader,
	const struct changes_of *what, struct arena *a);

/* A small document from bytes: with its etag, and gzip when that pays. */
struct document *render_document(const char *type, struct buf *body);

#endif
