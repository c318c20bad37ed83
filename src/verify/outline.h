/*
 * An outline: what stands in a feed's document, as a parser reads it that is
 * not ours.
 *
 * A second opinion is worth something only if it does not come from whoever
 * wrote the document: XML is read by libxml2, JSON by jansson, and nothing
 * here knows how feed/ renders.
 *
 * 1. The bytes may be anything: a disk may have damaged them, or somebody.
 * 2. Memory is the arena's, and a few times the document.
 */
#ifndef VERIFY_OUTLINE_H
#define VERIFY_OUTLINE_H

#include "base/arena.h"
#include "base/err.h"

enum { OUTLINE_NOT_SAID = -2, OUTLINE_NO_DATE = -1 };

struct outline_entry {
	struct slice id;	/* empty: it has none */
	int64_t published;	/* seconds, or one of the above */
	int64_t updated;
};

struct outline {
	struct outline_entry *list;
	size_t n;
	struct slice *gone;	/* ids of tombstones */
	size_t n_gone;
	/* Addresses, as they stand there; empty: not said. */
	struct slice self, current, prev;
	/* RFC 5005; JSON Feed has no word for either. */
	bool knows_history, complete, archive;
};

/* Once, before any thread calls outline_read(). */
void outline_start(void);

/*
 * Read a document: `ending` says which format it is ("atom", "rss", "json").
 * On success *ret borrows from a.
 */
int outline_read(struct slice ending, struct slice bytes, struct arena *a,
	struct outline *ret, struct err *e) MUST_USE;

/* What outline_read() calls; and all of it for bytes of one format. */
int outline_atom(struct slice bytes, struct arena *a, struct outline *ret,
	struct err *e) MUST_USE;
int outline_rss(struct slice bytes, struct arena *a, struct outline *ret,
	struct err *e) MUST_USE;
int outline_json(struct slice bytes, struct arena *a, struct outline *ret,
	struct err *e) MUST_USE;

/* Is it well-formed XML?  For documents that are no feeds. */
int outline_check_xml(struct slice bytes, struct err *e) MUST_USE;

/* A date of RFC 3339, which has a zone; -1: it is none. */
int64_t outline_date(struct slice s);

/* One more entry, of which nothing is known yet. */
struct outline_entry *outline_add(struct outline *o, struct arena *a);

#endif
