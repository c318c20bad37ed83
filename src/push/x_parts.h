/*
 * What the files that judge answers of X share.
 */
#ifndef PUSH_X_PARTS_H
#define PUSH_X_PARTS_H

#include "push/reply.h"
#include "push/x.h"

/* What went wrong, as far as it matters. */
enum x_fault {
	X_FAULT_OTHER,
	X_FAULT_LOGIN,	/* who we are is not believed */
	X_FAULT_ACCOUNT,	/* somebody has to act there */
	X_FAULT_LATER,
	X_FAULT_TWICE,	/* the text is there already */
	X_FAULT_TEXT,	/* no text will ever be taken */
	X_FAULT_MEDIA,	/* a picture is not known (any more) */
	X_FAULT_GONE,	/* what it replies to, or deletes, is not there */
};

/* What the answer, which is no success, says went wrong. */
enum x_fault x_fault_of(const struct x_work *w, const struct response *r,
	const json_t *said);

/* "X answered 403: ...", with the most exact of what it says. */
void x_tell(const struct response *r, const json_t *said, struct err *e);

/*
 * How long to wait, in ms: all windows that are used up have to be over; where
 * none says that it is, it is the first.
 */
int64_t x_wait(const struct delivery *d, const struct response *r);

/* The post of this step is there, and called so. */
struct verdict x_made(const struct delivery *d, const struct x_work *w,
	struct slice id, struct arena *a);

/* It is not, and *e says why. */
struct verdict x_failed(const struct delivery *d, const struct x_work *w,
	const struct response *r, enum x_fault fault, struct err *e);

#endif
