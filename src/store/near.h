/*
 * Near titles: which article a listed title means when nothing is equal to it,
 * because somebody slipped.
 *
 * A title has a sketch: of all its pieces of GRAM_BYTES, the GRAMS_MAX with the
 * smallest hashes.  Titles with a slip between them share most of it.  The
 * sketches of all articles are kept (gram.c), and those of listed titles that
 * nothing is equal to.
 *
 * 1. Cautious: at least GRAMS_SHARED rare pieces are shared, at most 8 in 100
 *    characters differ and no digit, and the second best is clearly worse.
 * 2. Bounded: a piece that more than GRAM_RARE titles have finds nothing.
 * 3. A piece may outlive what it was stored for: whoever finds something by it
 *    looks at the title itself.
 */
#ifndef STORE_NEAR_H
#define STORE_NEAR_H

#include "store/tx.h"

enum {
	GRAM_BYTES = 6,		/* two Han characters, or six letters */
	GRAMS_MAX = 8,
	GRAMS_SHARED = 3,
	GRAM_RARE = 256,
	NEAR_MAX = 64,		/* titles that are compared */
};

enum gram_kind {
	GRAM_ARTICLE,	/* id: of the article */
	GRAM_LINK,	/* id: link.fold */
	GRAM_SERIES,	/* id: of the series (slip_find.c) */
};

/* ---- gram.c ---- */

/* That somebody has a piece: remember it, forget it (unless it is packed). */
int gram_put(struct writer *w, int64_t gram, enum gram_kind kind, int64_t id,
	struct err *e) MUST_USE;
int gram_drop(struct writer *w, int64_t gram, enum gram_kind kind, int64_t id,
	struct err *e) MUST_USE;

/* Who has this piece: at most max, into ret. */
int gram_holders(struct writer *w, int64_t gram, enum gram_kind kind,
	size_t max, int64_t *ret, size_t *ret_n, struct err *e) MUST_USE;

struct piece {
	int64_t gram, id;
};

/* Pieces of the first scan, in memory until they are packed. */
struct gram_run {
	enum gram_kind kind;
	struct piece *list;
	size_t n, room;
	int number;		/* how many runs were packed before it */
};

/* One more; the order is kept. */
void gram_add(struct gram_run *r, int64_t gram, int64_t id);

/* Pack them: the next that are added begin another run. */
int gram_flush(struct writer *w, struct gram_run *r, struct err *e) MUST_USE;

/* Free the memory. */
void gram_run_done(struct gram_run *r);

/* ---- near_find.c ---- */

struct sketch {
	int64_t grams[GRAMS_MAX];
	size_t n;
};

/* The sketch of a folded title. */
void sketch_make(struct slice folded, struct sketch *ret);

/* Store the sketch of a title. */
int sketch_put(struct writer *w, const struct sketch *s, enum gram_kind kind,
	int64_t id, struct err *e) MUST_USE;

/*
 * The ids, at most NEAR_MAX, that share enough of a sketch: not yet compared.
 */
int sketch_find(struct writer *w, const struct sketch *s, enum gram_kind kind,
	int64_t ret[NEAR_MAX], size_t *ret_n, struct err *e) MUST_USE;

/* ---- near.c ---- */

/*
 * The article that a listed title, folded, nearly has; 0: none, or more than
 * one may be meant.  code: mark_code() of the title, 0 without one.
 */
int near_article(struct writer *w, struct slice folded, int code,
	int64_t self, int64_t *ret, struct err *e) MUST_USE;

/* A title that a related link lists. */
struct listed {
	struct slice title;
	int64_t fold;		/* link.fold */
	int code;		/* mark_code(); 0: it has no mark */
};

/* Remember a listed title that nothing is equal to. */
int near_wait(struct writer *w, struct slice title, int64_t fold,
	struct err *e) MUST_USE;

/*
 * The folds of listed titles, remembered so, that an article's title is near
 * to: each has to be settled again.
 */
int near_listed(struct writer *w, struct slice title, uint64_t ret[NEAR_MAX],
	size_t *ret_n, struct err *e) MUST_USE;

/* The article has another title than before, or is new. */
int near_retitle(struct writer *w, const struct item *i, struct err *e)
	MUST_USE;

/* A link of the first scan that nothing is equal to. */
struct waiting {
	int64_t article_id, position;
	struct listed listed;
};

/*
 * The end of the first scan: the sketches of all, and where what waits nearly
 * leads.  Sorts the list.
 */
int near_all(struct writer *w, struct waiting *list, size_t n, struct err *e)
	MUST_USE;

/* ---- number_links.c ---- */

/*
 * Let every link lead to its article, and make what finds links and names.
 * *ret lists those that lead nowhere.
 */
int number_links(struct writer *w, struct waiting **ret, size_t *ret_n,
	struct err *e) MUST_USE;

/* ---- slip_find.c ---- */

/*
 * A series is born: which others have nearly its key?  Of those that the first
 * scan brings, slip_born_all() asks at its end.
 */
int slip_born(struct writer *w, int64_t series_id, struct slice key,
	struct err *e) MUST_USE;
int slip_born_all(struct writer *w, struct err *e) MUST_USE;

/* Series with nearly one name. */
enum { BESIDE_MAX = 8 };

struct beside {
	int64_t list[BESIDE_MAX];
	size_t n;
};

/* ---- slip.c ---- */

/*
 * Move what a related link confirms between the series of a key and those with
 * nearly its name.  self: the article that is new in it, and is told of if
 * only its name is wrong; 0: none.
 */
int slip_look(struct writer *w, struct slice key, int64_t self,
	struct err *e) MUST_USE;

/* An article that was moved stays: put the right series into its plan. */
int slip_stay(struct writer *w, struct item *i, struct err *e) MUST_USE;

/* The end of the first scan. */
int slip_look_all(struct writer *w, struct err *e) MUST_USE;

#endif
