/*
 * Choosing pictures for a delivery, and reading them; on a pool thread.
 */
#ifndef PUSH_PICTURE_CHOOSE_H
#define PUSH_PICTURE_CHOOSE_H

#include "push/delivery.h"

/* Where uploads are looked up. */
struct picture_choose {
	struct store_reader *store;	/* courier.db */
	int64_t target_id;
};

/*
 * Fill d->pictures by the wish; d is an article's.  -1: a picture cannot be
 * read, or (ERR_STORE) courier.db cannot; later it may.
 */
int picture_choose(const struct picture_choose *c, struct delivery *d,
	const struct picture_wish *w, struct arena *a, struct err *e)
	MUST_USE;

#endif
