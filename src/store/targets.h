/*
 * Targets: by what related links may name articles, in memory.
 *
 * During the first scan nothing that a link names is in an index yet.  This is
 * the index: an article is found here in a tenth of the time of a query.
 *
 * 1. It may be wrong: what was rolled back stays in it.  So what it says while
 *    the scan goes on is a guess, which saves work at the end
 *    (number_links.c); there it is made anew, from the rows, and is right.
 * 2. Of several articles with one name, the one that was added first has it.
 */
#ifndef STORE_TARGETS_H
#define STORE_TARGETS_H

#include "base/arena.h"
#include "base/table.h"
#include "model/article.h"

/* No article's id: more than one is meant. */
enum { TARGETS_SHARED = -1 };

struct targets {
	struct arena arena;
	struct table by_name;
};

/* By what links find an article. */
struct link_keys {
	uint64_t title;		/* hash of the folded title; 0: none */
	uint64_t headline;	/* when it is another */
	const struct mark *mark;	/* with key and number, or NULL */
};

/* The article may be named by these. */
void targets_add(struct targets *t, int64_t article_id,
	const struct link_keys *keys);

/*
 * The article that a link means, by its mark (or NULL) and the hash of its
 * folded title (0: none).  0: it is not here.  When it is the link's own, which
 * no link leads to, another may have the same name; and TARGETS_SHARED says
 * that several are the part that the mark names: only a query can tell.
 */
int64_t targets_find(const struct targets *t, const struct mark *mark,
	uint64_t fold);

/* Free it; it may be used again. */
void targets_done(struct targets *t);

#endif
