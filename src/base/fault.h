/*
 * Faults: everything that is wrong with files that people write.
 *
 * A struct err stops at the first failure; who edits a configuration wants all
 * of them at once, each with its place, as compilers give them:
 *
 *	gazetted.yaml:4:3: error: unknown word "lisen" in "serve"
 *	    lisen: [ "127.0.0.1:8080" ]
 *	    ^~~~~
 *	  hint: did you mean "listen"?
 *
 * 1. A fault copies what it shows: it outlives the files.
 * 2. They are given in the order of files, lines and columns.
 * 3. At most FAULTS_MAX are kept; the rest is counted.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum { FAULTS_MAX = 100 };

/* A text that came from a file. */
struct source {
	const char *path;	/* as shown to people */
	const char *dir;	/* absolute: where its relative paths begin */
	struct slice text;
	unsigned order;		/* of files, from 0 */
};

/* A place in a source, in code points from 1; line 0: the file as such. */
struct place {
	const struct source *source;
	unsigned line, column;
	unsigned width;		/* code points to underline; at least 1 */
};

struct fault {
	const char *path;
	unsigned order, line, column;
	struct slice excerpt;	/* the source line, fit for a terminal */
	struct slice caret;	/* what stands below it */
	struct slice text;
	struct slice hint;	/* empty: none */
};

struct faults {
	struct arena arena;
	struct fault *list;
	size_t n;		/* kept */
	size_t dropped;
};

/* Add one.  Wording as in struct err: lower case, no full stop. */
void fault_add(struct faults *f, const struct place *at, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* Say what to do about the one added last. */
void fault_hint(struct faults *f, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Add an error and its hint. */
void fault_add_err(struct faults *f, const struct place *at,
	const struct err *e);

/* The text from the place to the end of its line (line 0: empty). */
struct slice place_text(const struct place *at);

/* Put the faults in order; call it when all have been added. */
void faults_sort(struct faults *f);

/* Append one as shown above, each line ended by LF. */
void fault_put(const struct fault *fault, struct buf *b);

/* Append all, and how many were dropped. */
void faults_put(const struct faults *f, struct buf *b);

/* Free the inside. */
void faults_done(struct faults *f);

#endif
